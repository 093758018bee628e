"""Encode pieces of text in plain Python, with any tokeniser: the slow twin of `numba_twin`."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.interfaces import NO_WORD, Ids, Numbered
from fastw2v.text.tokenise import Tokeniser


class Tokens(NamedTuple):
    """A piece's tokens; ends: tokens before the end of each document."""

    tokens: list[Any]
    ends: list[int]


class PlainScanner:
    """Cuts pieces with a tokeniser."""

    def __init__(self, tokenise: Tokeniser) -> None:
        self._tokenise = tokenise

    def scan(self, piece: bytes) -> Tokens:
        """See `Scanner.scan`."""
        tokens: list[str] = []
        ends = []
        for document in piece.decode().split("\0"):
            tokens += self._tokenise(document)
            ends.append(len(tokens))
        # What follows the last NUL has not ended.
        return Tokens(tokens, ends[:-1])


class PlainLexicon:
    """Words in a dictionary."""

    def __init__(self) -> None:
        self._ids: defaultdict[str, int] = self._numbering()
        self._counts = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """See `Lexicon.counts`."""
        return self._counts

    def number(self, scanned: Tokens) -> Numbered:
        """See `Lexicon.number`."""
        ids = np.fromiter(map(self._ids.__getitem__, scanned.tokens), dtype=np.int32, count=len(scanned.tokens))
        counts = np.bincount(ids, minlength=len(self._ids))
        counts[: len(self._counts)] += self._counts
        self._counts = counts
        return Numbered(ids, np.array(scanned.ends, dtype=np.int64))

    def words(self) -> list[str]:
        """See `Lexicon.words`."""
        return list(self._ids)

    def keep(self, kept: npt.NDArray[np.bool_]) -> Ids:
        """See `Lexicon.keep`."""
        renumbered = np.full(len(self._ids), NO_WORD, dtype=np.int32)
        renumbered[kept] = np.arange(kept.sum(), dtype=np.int32)
        words = [word for word, stays in zip(self._ids, kept.tolist(), strict=True) if stays]
        self._ids = self._numbering()
        self._ids.update((word, number) for number, word in enumerate(words))
        self._counts = self._counts[kept]
        return renumbered

    @staticmethod
    def _numbering() -> defaultdict[str, int]:
        ids: defaultdict[str, int] = defaultdict()
        ids.default_factory = ids.__len__
        return ids
