"""What `Word2Vec` answers to under gensim's names: build_vocab and train, the attributes, the words that fit a context.

Thin: reading, preprocessing and the run itself are those of `fit`. In gensim's way the vocabulary comes first and then
stays: `train` leaves out words that it has not, and counts, which noise and subsampling follow, are those of
`build_vocab`.
"""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import gensim_names, memory, reading
from fastw2v.continuing import Earlier, drawn_anew, epochs_trained
from fastw2v.encoded import EncodedCorpus
from fastw2v.errors import DataError, UnknownWordError, UsageError
from fastw2v.questions import counted
from fastw2v.runs import Run
from fastw2v.settings import Settings
from fastw2v.text import load_stop_words
from fastw2v.trainer import Callback
from fastw2v.vectors import KeyedVectors, top_rows
from fastw2v.vocabulary import Preprocessed, Stream, Vocabulary, preprocess
from fastw2v.weights import initial_weights

Path = str | os.PathLike[str]
Lists = Iterable[Iterable[Hashable]]

logger = logging.getLogger(__name__)


class _FromSettings:
    """A setting, read as an attribute of the model. gensim's can be set too, which had an effect for some alone."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, model: Any, owner: type | None = None) -> Any:
        return self if model is None else getattr(model.settings, self._name)

    def __set__(self, model: Any, value: Any) -> None:
        raise UsageError(
            f"{self._name} is not to be set on a model. Got {value!r:.60}; Word2Vec({self._name}=...) would work, and "
            "train(..., epochs=..., start_alpha=..., end_alpha=...) for one more run."
        )


class GensimMethods:
    """gensim's names for `Word2Vec`.

    Attributes:
        vector_size, window, ..., epochs: the settings under their names; to be read only.
        corpus_count, corpus_total_words: documents with words, and words, of the corpus that the vocabulary was last
            built or trained from; 0 where this process has read none.
        syn1neg: (V, d) the output vectors, read-only.
    """

    settings: Settings
    history: list[dict[str, Any]]
    _wv: KeyedVectors | None
    _output_vectors: npt.NDArray[Any]
    _provenance: dict[str, Any]
    _as_earlier: Callable[[], Earlier]
    _keep: Callable[..., None]
    _run: Callable[..., None]

    vector_size = _FromSettings()
    window = _FromSettings()
    shrink_windows = _FromSettings()
    negative = _FromSettings()
    ns_exponent = _FromSettings()
    min_count = _FromSettings()
    max_vocab_size = _FromSettings()
    max_final_vocab = _FromSettings()
    sample = _FromSettings()
    alpha = _FromSettings()
    min_alpha = _FromSettings()
    epochs = _FromSettings()
    seed = _FromSettings()
    workers = _FromSettings()
    corpus_count = 0
    corpus_total_words = 0

    def build_vocab(
        self,
        corpus_iterable: Lists | None = None,
        corpus_file: Path | None = None,
        update: bool = False,
        progress_per: int = 10_000,
        keep_raw_vocab: bool = False,
        trim_rule: None = None,
    ) -> None:
        """Count words and draw the vectors that training begins with.

        Args:
            corpus_iterable: a re-iterable of token lists.
            corpus_file: in its place, a file: a line is a document, cut into words at white space.
            update: keep the words that are there, with their vectors, and add new ones that reach min_count; counts
                are then those of both, and rows are numbered anew by them.
            progress_per: no effect.
            keep_raw_vocab: no effect.
            trim_rule: None; a rule is refused.

        Raises:
            UsageError: there is no corpus, or the model is trained already and `update` is False.
            DataError: fewer than two words are left.
        """
        gensim_names.check_call(progress_per=progress_per, keep_raw_vocab=keep_raw_vocab, trim_rule=trim_rule)
        # Only training leaves a provenance.
        if update:
            self._check_vocabulary("build_vocab(update=True) adds to it")
        elif self._provenance:
            raise UsageError(
                "The model is trained, and a new vocabulary would drop its vectors. build_vocab(..., update=True) adds "
                "words; Word2Vec(...) begins anew."
            )
        settings, encoded, _ = self._read(corpus_iterable, corpus_file)
        earlier = self._as_earlier() if update else None
        stop_words = load_stop_words(settings.stop_words, settings.tokenizer)
        known = {} if earlier is None else earlier.known()
        vocabulary = preprocess(encoded, settings, stop_words, known).vocabulary
        memory.check(vocabulary.counts, settings)
        if earlier is None:
            self._keep(vocabulary, initial_weights(len(vocabulary), settings))
        else:
            self._keep(vocabulary, earlier.weights(vocabulary, settings))
        self._note(settings, encoded)

    def train(
        self,
        corpus_iterable: Lists | None = None,
        corpus_file: Path | None = None,
        total_examples: int | None = None,
        total_words: int | None = None,
        epochs: int | None = None,
        start_alpha: float | None = None,
        end_alpha: float | None = None,
        word_count: int = 0,
        queue_factor: int = 2,
        report_delay: float = 1.0,
        compute_loss: bool = True,
        callbacks: Sequence[Callback] = (),
    ) -> tuple[int, int]:
        """Train the words of the vocabulary, from where their vectors stand; other words are left out.

        Each call is a run of its own: its learning rate goes from alpha to min_alpha, never below, and it adds 1 to the
        seed of a model that was trained before, so that it draws anew.

        Args:
            corpus_iterable: see `build_vocab`; other sentences than there will do.
            corpus_file: see `build_vocab`.
            total_examples: not needed, since what is read is counted.
            total_words: not needed either.
            epochs: replaces the setting, from now on.
            start_alpha: replaces the setting alpha, from now on.
            end_alpha: replaces the setting min_alpha, from now on.
            word_count: 0; another start is refused.
            queue_factor: no effect.
            report_delay: no effect.
            compute_loss: no effect, the loss is always measured.
            callbacks: see `trainer.Callback`.

        Returns:
            Words trained on, before subsampling, and words read, each over all epochs. gensim's first one is after
            subsampling.

        Raises:
            UsageError: there is no vocabulary or corpus yet, or a value is out of range.
            DataError: no word of the corpus is in the vocabulary.
        """
        gensim_names.check_call(word_count=word_count, queue_factor=queue_factor, report_delay=report_delay)
        gensim_names.check_callbacks(callbacks)
        self._check_vocabulary("train goes on with it")
        given = {"epochs": epochs, "alpha": start_alpha, "min_alpha": end_alpha}
        replaced = {name: value for name, value in given.items() if value is not None}
        if self._provenance:
            replaced["seed"] = drawn_anew(self.settings).seed
        settings, encoded, description = self._read(corpus_iterable, corpus_file, **replaced)
        earlier = self._as_earlier()
        data = known_words_only(encoded, earlier, settings)
        self._note(settings, encoded)
        del encoded
        # Of the run before this one alone: there may be thousands of calls, and JSON of that depth cannot be read.
        before = {name: value for name, value in self._provenance.items() if name != "continues"}
        self._run(data, description, earlier, before, epochs_trained(self._provenance, self.history), Run(callbacks))
        if not any(record["pairs"] for record in self.history):
            logger.warning("no two words of the vocabulary were neighbours: nothing was learned; sample=0 drops none")
        return len(data.stream) * len(self.history), data.corpus_tokens * len(self.history)

    def get_latest_training_loss(self) -> float:
        """Return the loss summed over the pairs of the latest run, as gensim does; in float64, and always there.

        `history` has the mean of a pair for each epoch.
        """
        return float(sum(record["loss"] * record["pairs"] for record in self.history if record["pairs"]))

    @property
    def syn1neg(self) -> npt.NDArray[Any]:
        """The output vectors, (V, d), read-only."""
        view = self._output_vectors.view()
        view.flags.writeable = False
        return view

    def predict_output_word(
        self, context_words_list: Sequence[Hashable], topn: int = 10
    ) -> list[tuple[Hashable, float]]:
        """Return the `topn` words that fit best between context words, with a probability for each.

        The softmax, over the vocabulary, of each output vector times the mean of the context's input vectors; words
        that are not in the vocabulary are left out, and a warning names them. Training never looks at a context as a
        whole, so this is a rough guess, as in gensim.

        Raises:
            UnknownWordError: none of the words is in the vocabulary.
            UsageError: topn is no integer, or below 1.
        """
        self._check_vocabulary("predict_output_word needs one")
        assert self._wv is not None
        topn = counted("topn", topn)
        found = [(word, self._wv.get_index(word, -1)) for word in context_words_list]
        rows = [row for _, row in found if row >= 0]
        if not rows:
            raise UnknownWordError(f"None of the words {context_words_list!r:.60} is in the vocabulary.")
        if len(rows) < len(found):
            unknown = [word for word, row in found if row < 0]
            logger.warning("left out of the context, not in the vocabulary: %.200s", ", ".join(map(repr, unknown)))
        scores = self._output_vectors @ self._wv.vectors[rows].mean(axis=0)
        shares = np.exp(scores.astype(np.float64) - scores.max())
        shares /= shares.sum()
        best = top_rows(shares, min(topn, len(shares)))
        return [(self._wv.index_to_key[row], float(shares[row])) for row in best.tolist()]

    def _check_vocabulary(self, why: str) -> None:
        if self._wv is None:
            raise UsageError(f"There is no vocabulary yet, and {why}. Call build_vocab(corpus) or fit(corpus) first.")

    def _read(
        self, sentences: Lists | None, corpus_file: Path | None, **replaced: Any
    ) -> tuple[Settings, EncodedCorpus, dict[str, Any]]:
        """Return the model's settings with those replaced and those of reading, the corpus, and its description."""
        corpus, read_as = gensim_names.corpus_of(sentences, corpus_file)
        settings = dataclasses.replace(self.settings, **read_as, **replaced)
        return settings, *reading.read(corpus, settings)

    def _note(self, settings: Settings, corpus: EncodedCorpus) -> None:
        """Keep the settings, which a model is saved with, and the size of the corpus."""
        self.settings, self.corpus_count, self.corpus_total_words = settings, corpus.documents, corpus.tokens


def known_words_only(corpus: EncodedCorpus, model: Earlier, settings: Settings) -> Preprocessed:
    """Prepare a corpus for a model whose vocabulary stays: ids, order and counts are the model's.

    Raises:
        DataError: no word of the corpus is in the model's vocabulary.
    """
    words = len(model.words)
    row = {word: number for number, word in enumerate(model.words)}
    # The number after the last one is that of words to leave out.
    rows = np.array([*(row.get(item, words) for item in corpus.items), words], dtype=np.int32)
    if rows.min() == words:
        raise DataError(
            f"None of the {len(corpus.items):,} words of the corpus is in the model's vocabulary. "
            "build_vocab(..., update=True) would add them."
        )
    known = EncodedCorpus(rows[corpus.ids], corpus.offsets, model.words)
    data = preprocess(known, settings, known=model.known())
    # Counts there are those of both, and with them may change the order.
    rows = np.array([row[word] for word in data.vocabulary.words], dtype=np.int32)
    return dataclasses.replace(
        data,
        vocabulary=Vocabulary(model.words, model.counts),
        stream=Stream(rows[data.stream.ids], data.stream.offsets),
        held_out=Stream(rows[data.held_out.ids], data.held_out.offsets),
    )
