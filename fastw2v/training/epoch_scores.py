"""Score the vectors on test sets after each epoch.

Files are read once, before training.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Hashable, Sequence
from pathlib import Path

from fastw2v.download.published_sets import located
from fastw2v.engines.weights import Weights
from fastw2v.errors import UsageError
from fastw2v.evaluation import read_set
from fastw2v.evaluation.bats import bats_files
from fastw2v.evaluation.test_sets import Figures
from fastw2v.vectors.keyed import WordVectors


class EpochScores:
    """Judges weights by files; the same weights, words and files have the same figures.

    Args:
        paths: files that `evaluation.read_set` takes, of different names.

    Attributes:
        digests: the SHA-256 of each file, by its name without folders.
        tokenizer: the name of the tokeniser that cut the corpus, by which words are found; None: not known.

    Raises:
        UsageError: two files of one name; or as `read_set`.
        DataError: as `read_set`.
    """

    def __init__(self, paths: Sequence[str | os.PathLike[str]]) -> None:
        self._sets = {}
        self.digests: dict[str, str] = {}
        self.tokenizer: str | None = None
        for path in map(located, map(Path, paths)):
            if path.name in self.digests:
                raise UsageError(
                    f"The history tells files to evaluate on by their names. Got two named {path.name}; a copy of "
                    "another name would work."
                )
            self._sets[path.name] = read_set(path)
            self.digests[path.name] = _digest(path)

    def figures(self, words: Sequence[Hashable], weights: Weights) -> dict[str, Figures]:
        """Return the figures of the input vectors, by the names of files: of each the one that tells most first."""
        # Made anew each time: it keeps the lengths of vectors, which training changes.
        vectors = WordVectors(words, weights.input_vectors[: len(words)])
        vectors.tokenizer = self.tokenizer
        return {name: known.score(vectors) for name, known in self._sets.items()}


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and bytes of a folder's files."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in bats_files(path):
        whole.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\0".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()
