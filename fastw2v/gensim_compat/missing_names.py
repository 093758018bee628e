"""Names of gensim that are missing here: the error names the replacement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from fastw2v.errors import GoneError

_ROWS = "key_to_index (words with their rows), index_to_key and get_vecattr(word, 'count')"
_NORMED = "get_normed_vectors()"
_AT_NEED = "nothing: what it computes is computed when it is needed"
VECTORS = {
    "vocab": _ROWS,
    "index2word": "index_to_key",
    "index2entity": "index_to_key",
    "syn0": "vectors",
    "syn0norm": _NORMED,
    "vectors_norm": _NORMED,
    "accuracy": "evaluate_word_analogies(file)",
    "init_sims": f"{_AT_NEED}; init_sims(replace=True) was unit_normalize_all()",
    "intersect_word2vec_format": "Word2Vec(...).fit(corpus, init_from=file)",
}
_OF_WV = (
    *("most_similar", "most_similar_cosmul", "most_similar_to_given", "similar_by_word", "similar_by_vector"),
    *("similarity", "n_similarity", "distance", "distances", "doesnt_match", "wmdistance", "closer_than", "rank"),
    *("get_vector", "word_vec", "index_to_key", "key_to_index", "vectors", "get_vecattr"),
    *("evaluate_word_pairs", "evaluate_word_analogies", "save_word2vec_format"),
)
MODEL = {
    **{name: f"wv.{name}" for name in _OF_WV},
    "vocab": "wv.key_to_index, wv.index_to_key and wv.get_vecattr(word, 'count')",
    "index2word": "wv.index_to_key",
    "syn0": "wv.vectors",
    "syn0norm": f"wv.{_NORMED}",
    "accuracy": "wv.evaluate_word_analogies(file)",
    "load_word2vec_format": "KeyedVectors.load_word2vec_format(file)",
    "intersect_word2vec_format": "fit(corpus, init_from=file)",
    "init_sims": _AT_NEED,
    "estimate_memory": "fit(corpus), which says what it needs where that is more than there is",
    "update_weights": "build_vocab(sentences, update=True), which does it",
    "size": "vector_size",
    "layer1_size": "vector_size",
    "iter": "epochs",
    "running_training_loss": "get_latest_training_loss()",
}


def name_successors(owner: type, successors: Mapping[str, str]) -> None:
    """Let the names that are gone raise GoneError, which is an AttributeError, on a class and its instances."""
    for name, successor in successors.items():
        setattr(owner, name, _Gone(name, successor))


class _Gone:
    def __init__(self, name: str, successor: str) -> None:
        self._name, self._successor = name, successor

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise GoneError(f"{owner.__name__} has no {self._name}. In its place: {self._successor}.")
