"""What encoding one piece of text returns."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
# The id of a word that was forgotten.
NO_WORD = -1


class Numbered(NamedTuple):
    """A piece in numbers. ids: (tokens,) int32; ends: (documents,) int64, tokens before the end of each document."""

    ids: Ids
    ends: npt.NDArray[np.int64]


class Scanner(Protocol):
    """Looks at one piece by itself: in any thread, one scanner for each."""

    def scan(self, piece: bytes) -> Any:
        """Return what a lexicon of the same kind numbers. The piece is UTF-8; NUL ends a document."""


class Lexicon(Protocol):
    """All words so far with their ids, in order of first appearance."""

    def __len__(self) -> int: ...

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """How often each word occurred, by id."""

    def number(self, scanned: Any) -> Numbered:
        """Return the ids of a piece; words that are new get the next ids."""

    def words(self) -> list[str]:
        """Return all words, by id."""

    def keep(self, kept: npt.NDArray[np.bool_]) -> Ids:
        """Forget all words but these, which move up; return the new id of each old one, NO_WORD for those forgotten."""
