"""The figures of files of word pairs or analogies at each epoch's end, for the history.

Files are read once, before training. Knows evaluation and weights; nothing of training.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Hashable, Sequence
from pathlib import Path

from fastw2v import evaluation
from fastw2v.errors import UsageError
from fastw2v.formats.evaluation_files import read_evaluation
from fastw2v.vectors import KeyedVectors
from fastw2v.weights import Weights

Figures = dict[str, dict[str, float | None]]


class EpochScores:
    """Judges weights by files; the same weights, words and files have the same figures.

    Args:
        paths: files of word pairs or analogies, as `evaluation.evaluate_file` takes them, of different names.

    Attributes:
        digests: the SHA-256 of each file, by its name without folders.

    Raises:
        UsageError: two files of one name, or one is not there.
        DataError: a file is malformed.
    """

    def __init__(self, paths: Sequence[str | os.PathLike[str]]) -> None:
        self._contents = {}
        self.digests: dict[str, str] = {}
        for path in map(Path, paths):
            if path.name in self.digests:
                raise UsageError(
                    f"The history tells files by their names. Got two named {path.name}; a copy of another name "
                    "would work."
                )
            self._contents[path.name] = read_evaluation(path)
            self.digests[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()

    def figures(self, words: Sequence[Hashable], weights: Weights) -> Figures:
        """Return the figures of the input vectors by the names of files."""
        # Made anew each time: it keeps lengths of vectors, which change.
        vectors = KeyedVectors(words, weights.input_vectors)
        return {name: _figures(vectors, content) for name, content in self._contents.items()}


def _figures(vectors: KeyedVectors, content: object) -> dict[str, float | None]:
    if isinstance(content, dict):
        total = evaluation.evaluate_analogies(vectors, content).total.as_dict()
        return {name: value for name, value in total.items() if name != "section"}
    return evaluation.evaluate_word_pairs(vectors, content).as_dict()  # type: ignore[arg-type]
