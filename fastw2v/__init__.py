"""fastw2v: skip-gram word2vec with negative sampling, proved equal to its reference, fast and reproducible.

    from fastw2v import Word2Vec

    model = Word2Vec(vector_size=100).fit("corpus.txt")
    model.wv.most_similar("happy")

Names are imported when they are first used, so that the command line answers quickly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from fastw2v.version import __version__

if TYPE_CHECKING:
    from fastw2v.corpus.reading import encode_text
    from fastw2v.errors import DataError, Fastw2vError, TrainingError, UnknownWordError, UsageError
    from fastw2v.gensim_compat.sentences import LineSentence, PathLineSentences, Text8Corpus
    from fastw2v.index import ApproximateIndex
    from fastw2v.keyed_vectors import KeyedVectors
    from fastw2v.model import Word2Vec
    from fastw2v.settings import Settings
    from fastw2v.text import TextCorpus
    from fastw2v.training.callbacks import Callback
    from fastw2v.training.history import read_history

_HOMES = {
    "ApproximateIndex": "index",
    "Callback": "training.callbacks",
    "DataError": "errors",
    "Fastw2vError": "errors",
    "KeyedVectors": "keyed_vectors",
    "LineSentence": "gensim_compat.sentences",
    "PathLineSentences": "gensim_compat.sentences",
    "Settings": "settings",
    "Text8Corpus": "gensim_compat.sentences",
    "TextCorpus": "text",
    "TrainingError": "errors",
    "UnknownWordError": "errors",
    "UsageError": "errors",
    "Word2Vec": "model",
    "encode_text": "corpus.reading",
    "read_history": "training.history",
}

__all__ = [
    "ApproximateIndex",
    "Callback",
    "DataError",
    "Fastw2vError",
    "KeyedVectors",
    "LineSentence",
    "PathLineSentences",
    "Settings",
    "Text8Corpus",
    "TextCorpus",
    "TrainingError",
    "UnknownWordError",
    "UsageError",
    "Word2Vec",
    "__version__",
    "encode_text",
    "read_history",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"fastw2v.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'fastw2v' has no attribute {name!r}")
