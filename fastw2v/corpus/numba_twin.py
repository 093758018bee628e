"""Encode pieces of text with the compiled kernels of `scan_kernels`: the fast twin of `python_twin`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.corpus import scan_kernels
from fastw2v.corpus.char_classes import Characters
from fastw2v.corpus.interfaces import NO_WORD, Ids, Numbered
from fastw2v.text.tokenise import Tokeniser

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

# Runs that only the tokeniser can cut are remembered with their tokens, up to so many.
_REMEMBERED = 1 << 17
# What is loaded beyond the end of a piece.
_PADDING = 64 + 8
_SMALLEST_LEXICON = 1 << 14


class Scanned(NamedTuple):
    """A piece's items, and its tokens as numbers of items; see `scan_kernels.scan`."""

    words: Words
    starts: Numbers
    counts: Numbers
    hard: npt.NDArray[np.bool_]
    tokens: Ids
    ends: Numbers


class CompiledScanner:
    """Scans with the tables of a tokeniser. Its arrays serve piece after piece."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters
        self._size = 0

    def scan(self, piece: bytes) -> Scanned:
        """See `Scanner.scan`."""
        text = np.frombuffer(piece + bytes(_PADDING), dtype=np.uint8)
        if len(text) > self._size:
            self._allocate(len(text) * 5 // 4)
        items, tokens, documents = scan_kernels.scan(
            text, len(text) - _PADDING, self._characters, self._words, self._words.view(np.uint8), self._starts,
            self._hashes, self._counts, self._hard, self._table, self._tokens, self._ends,
        )  # fmt: skip
        starts = self._starts[: items + 1].copy()
        return Scanned(
            self._words[: starts[-1]].copy(),
            starts,
            self._counts[:items].copy(),
            self._hard[:items].copy(),
            self._tokens[:tokens].copy(),
            self._ends[:documents].copy(),
        )

    def _allocate(self, size: int) -> None:
        """Make room for any piece of `size` bytes: half as many tokens, all different, each filled up to 8 bytes.

        What no piece uses is never touched, and takes no memory.
        """
        self._size = size
        most = size // 2 + 2
        # A letter's lower case takes at most half as many bytes again.
        self._words = np.empty(most + size // 4 + 16, dtype=np.uint64)
        self._starts = np.empty(most + 1, dtype=np.int64)
        self._hashes = np.empty(most, dtype=np.uint64)
        self._counts = np.empty(most, dtype=np.int64)
        self._hard = np.empty(most, dtype=np.bool_)
        self._table = np.empty(
            max(scan_kernels.SMALLEST_TABLE, 1 << (2 * scan_kernels.ROOM * most).bit_length()), dtype=np.int32
        )
        self._tokens = np.empty(most, dtype=np.int32)
        self._ends = np.empty(size, dtype=np.int64)


class CompiledLexicon:
    """Words as bytes in one array, found through a hash table."""

    def __init__(self, tokenise: Tokeniser) -> None:
        self._tokenise = tokenise
        self._remembered: dict[bytes, list[bytes]] = {}
        self._known = 0
        self._words = np.empty(4 * _SMALLEST_LEXICON, dtype=np.uint64)
        self._starts = np.zeros(_SMALLEST_LEXICON + 1, dtype=np.int64)
        self._hashes = np.empty(_SMALLEST_LEXICON, dtype=np.uint64)
        self._counts = np.empty(_SMALLEST_LEXICON, dtype=np.int64)
        self._table = np.full(scan_kernels.ROOM * _SMALLEST_LEXICON, -1, dtype=np.int32)

    def __len__(self) -> int:
        return self._known

    @property
    def counts(self) -> Numbers:
        """See `Lexicon.counts`."""
        return self._counts[: self._known]

    def number(self, scanned: Scanned) -> Numbered:
        """See `Lexicon.number`."""
        words, starts, counts, first = *scanned[:3], np.arange(len(scanned.starts))
        if scanned.hard.any():
            words, starts, counts, first = self._cut(scanned)
        self._make_room(len(counts), int(starts[-1]))
        ids = np.empty(len(counts), dtype=np.int32)
        self._known = scan_kernels.insert(
            self._words, self._starts, self._hashes, self._counts, self._table, len(self._table) - 1, self._known,
            words, starts, counts, ids,
        )  # fmt: skip
        out = np.empty(int(scanned.counts @ np.diff(first)), dtype=np.int32)
        ends = np.empty(len(scanned.ends), dtype=np.int64)
        scan_kernels.expand(scanned.tokens, scanned.ends, first, ids, out, ends)
        return Numbered(out, ends)

    def words(self) -> list[str]:
        """See `Lexicon.words`."""
        # No word holds a line end: it separates words.
        lines = np.empty(8 * self._starts[self._known] + self._known, dtype=np.uint8)
        size = scan_kernels.write_lines(self._words.view(np.uint8), self._starts[: self._known + 1], lines)
        return lines[:size].tobytes().decode().split("\n")[:-1]

    def keep(self, kept: npt.NDArray[np.bool_]) -> Ids:
        """See `Lexicon.keep`."""
        count, known = int(kept.sum()), self._known
        renumbered = np.full(known, NO_WORD, dtype=np.int32)
        renumbered[kept] = np.arange(count, dtype=np.int32)
        sizes = np.diff(self._starts[: known + 1])
        words = self._words[: self._starts[known]][np.repeat(kept, sizes)]
        self._words[: len(words)] = words
        self._starts[1 : count + 1] = np.cumsum(sizes[kept])
        for array in (self._hashes, self._counts):
            array[:count] = array[:known][kept]
        self._known = count
        scan_kernels.rehash(self._table, len(self._table) - 1, self._hashes, count)
        return renumbered

    def _cut(self, scanned: Scanned) -> tuple[Words, Numbers, Numbers, Numbers]:
        """Have the tokeniser cut the hard items; return words, their starts and counts, and each item's first word."""
        words, sizes, low = [], [], 0
        number = np.ones(len(scanned.hard), dtype=np.int64)
        for item in np.flatnonzero(scanned.hard).tolist():
            start, stop = scanned.starts[item : item + 2].tolist()
            found = self._tokens_of(scanned.words[start:stop].tobytes().rstrip(b"\0"))
            words += [scanned.words[scanned.starts[low] : start], np.frombuffer(b"".join(found), dtype=np.uint64)]
            sizes += [np.diff(scanned.starts[low : item + 1]), np.array([len(token) // 8 for token in found])]
            number[item] = len(found)
            low = item + 1
        words.append(scanned.words[scanned.starts[low] :])
        sizes.append(np.diff(scanned.starts[low:]))
        return np.concatenate(words), _ends(np.concatenate(sizes)), np.repeat(scanned.counts, number), _ends(number)

    def _tokens_of(self, run: bytes) -> list[bytes]:
        if run not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            tokens = [token.encode() for token in self._tokenise(run.decode())]
            self._remembered[run] = [token + bytes(-len(token) % 8) for token in tokens]
        return self._remembered[run]

    def _make_room(self, items: int, words: int) -> None:
        """Make room for so many more items, of so many 64-bit words together, and for one more that is looked up."""
        self._words = _longer(self._words, int(self._starts[self._known]) + 2 * words)
        most = self._known + items + 1
        self._starts = _longer(self._starts, most + 1)
        self._hashes = _longer(self._hashes, most)
        self._counts = _longer(self._counts, most)
        if scan_kernels.ROOM * most > len(self._table):
            self._table = np.empty(1 << (2 * scan_kernels.ROOM * most - 1).bit_length(), dtype=np.int32)
            scan_kernels.rehash(self._table, len(self._table) - 1, self._hashes, self._known)


def _ends(sizes: npt.NDArray[Any]) -> Numbers:
    """Return where parts of these sizes begin, and where the last one ends."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)))


def _longer(array: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """Return the array, or one of at least that size that begins with it."""
    if len(array) >= size:
        return array
    longer = np.empty(size * 3 // 2, dtype=array.dtype)
    longer[: len(array)] = array
    return longer
