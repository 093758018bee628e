"""Vectors and models that pass between gensim and this package in memory, with their counts.

Needs gensim for what becomes gensim's; knows nothing of files or training. Arrays are shared where the layout allows
it. Counts go as gensim's attribute "count" of a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import UsageError
from fastw2v.gensim_compat.arguments import SAME
from fastw2v.settings import Settings
from fastw2v.system import optional
from fastw2v.vectors.keyed import WordVectors

COUNT = "count"
Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class GensimModel:
    """A gensim `Word2Vec` as it comes over: vectors with counts, output vectors (V, d), settings, and its version."""

    wv: WordVectors
    output_vectors: Floats
    settings: dict[str, Any]
    version: str


def to_gensim(vectors: WordVectors) -> Any:
    """Return gensim's `KeyedVectors` with these words, vectors and counts.

    The (V, d) vectors are shared, and then read-only, where rows follow each other in memory. A model that was just
    trained has rows padded to 64 bytes: unless d fills them, it is copied, since gensim's compiled code takes rows to
    be dense.

    Raises:
        MissingExtraError: gensim is not installed.
    """
    models = optional.load("gensim.models", "to_gensim", "gensim")
    keyed = models.KeyedVectors(vectors.vector_size, dtype=vectors.vectors.dtype)
    # Lists and dicts of its own: gensim's object may get more words.
    keyed.index_to_key = list(vectors.index_to_key)
    keyed.key_to_index = dict(vectors.key_to_index)
    keyed.next_index = len(keyed.index_to_key)
    keyed.vectors = np.ascontiguousarray(vectors.vectors)
    if vectors.counts is not None:
        # set_vecattr for each word took 1.7 s for a million.
        keyed.allocate_vecattrs([COUNT], [np.int64])
        keyed.expandos[COUNT][:] = vectors.counts
    return keyed


def from_gensim(keyed: Any) -> WordVectors:
    """Return gensim's `KeyedVectors` as ours: the same vectors (shared, so leave them as they are), words and counts.

    Where gensim read the vectors from a word2vec file, it made the counts up: V for the first word, down to 1. Of
    FastText's vectors the words' own come over, those of their parts do not.

    Raises:
        UsageError: it is no gensim `KeyedVectors`.
        DataError: a vector is not finite, or of another type than float32 or float64.
    """
    if not hasattr(keyed, "index_to_key") or not hasattr(keyed, "expandos"):
        raise UsageError(f"from_gensim takes gensim's KeyedVectors. Got {type(keyed).__name__}; model.wv would work.")
    counts = keyed.expandos.get(COUNT)
    if counts is not None:
        counts = np.array(counts, dtype=np.int64)  # a copy: gensim changes them in place
    return WordVectors(keyed.index_to_key, keyed.vectors, counts)


def model_to_gensim(vectors: WordVectors, output_vectors: Floats, settings: Settings) -> Any:
    """Return a gensim `Word2Vec` (skip-gram, negative sampling) with copies of both matrices, which can train on.

    It is untrained as far as gensim knows, and so begins its learning rate at alpha.

    Raises:
        UsageError: the vectors are not float32.
        MissingExtraError: gensim is not installed.
    """
    if vectors.vectors.dtype != np.float32:
        raise UsageError(f"gensim trains float32 vectors. Got {vectors.vectors.dtype}; to_gensim() takes them as such.")
    assert vectors.counts is not None  # a model's vectors have them
    models = optional.load("gensim.models", "to_gensim_model", "gensim")
    known = {name: value for name, value in settings.as_dict().items() if name in SAME}
    # These words, in this order: gensim would order words of the same count the other way round.
    model = models.Word2Vec(**{**known, "min_count": 1, "max_final_vocab": None}, sg=1, sorted_vocab=0)
    model.build_vocab_from_freq(dict(zip(vectors.index_to_key, vectors.counts.tolist(), strict=True)))
    model.wv.vectors[:] = vectors.vectors
    model.syn1neg[:] = output_vectors
    model.min_count, model.max_final_vocab = settings.min_count, settings.max_final_vocab
    return model


def model_from_gensim(model: Any) -> GensimModel:
    """Return what a gensim `Word2Vec`, trained by skip-gram with negative sampling, comes to here.

    Its settings come over, but for `workers`, which is of the machine and not of the model.

    Raises:
        UsageError: it is something else, such as CBOW, or was not trained; the message says what would work.
        MissingExtraError: gensim is not installed.
    """
    models = optional.load("gensim.models", "from_gensim", "gensim")
    kind = type(model).__name__
    if not isinstance(model, models.Word2Vec) or isinstance(model, models.FastText | models.Doc2Vec):
        raise UsageError(
            f"Word2Vec.from_gensim takes gensim's Word2Vec. Got {kind}; KeyedVectors.from_gensim takes words' vectors."
        )
    if not model.sg or model.hs or not model.negative:
        what = "CBOW" if not model.sg else "hierarchical softmax"
        raise UsageError(
            f"The gensim model was trained by {what}, and skip-gram with negative sampling cannot go on from it; "
            "KeyedVectors.from_gensim(model.wv) takes its vectors."
        )
    if not len(model.wv.vectors):
        raise UsageError("The gensim model has no vocabulary yet; build_vocab and train it first.")
    settings = {name: getattr(model, name) for name in sorted(SAME - {"workers"})}
    settings["min_count"] = max(1, settings["min_count"])  # gensim's 0 is 1: a word that is there occurs
    wv = from_gensim(model.wv)
    return GensimModel(wv, model.syn1neg, settings, optional.load("gensim", "from_gensim", "gensim").__version__)
