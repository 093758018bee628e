"""Sinks of token ids: arrays in memory, or files on disk."""

from __future__ import annotations

import contextlib
import os
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.interfaces import NO_WORD, Ids, Numbered

# Ids converted at a time.
_AT_ONCE = 1 << 22


def smallest_dtype(words: int) -> np.dtype[Any]:
    """Return the smallest unsigned integer type for ids of so many words and the one for those forgotten."""
    return np.min_scalar_type(words)


class _Documents:
    """Ends of documents, counted over all pieces; documents without tokens are left out."""

    def __init__(self) -> None:
        self.last = 0

    def ends(self, numbered: Numbered, before: int) -> npt.NDArray[np.int64]:
        """Return where the documents end that have tokens; before: tokens of earlier pieces."""
        ends = np.concatenate((np.array([self.last]), before + numbered.ends))
        self.last = int(ends[-1])
        return ends[1:][np.diff(ends) > 0]


def renumbered(ids: Ids, renumbering: Ids) -> Ids:
    """Return what ids have become."""
    return np.where(ids == NO_WORD, np.int32(NO_WORD), renumbering[ids])


class MemorySink:
    """Ids and offsets of documents as arrays.

    Renumberings wait until about as many ids have come since as one is for. So each id is renumbered a few times, and
    few renumberings wait, however many there are.
    """

    def __init__(self) -> None:
        self._ids, self._offsets = array("i"), array("q", [0])
        self._documents = _Documents()
        # The tokens there were before each renumbering that waits, and that renumbering.
        self._waiting: list[tuple[int, Ids]] = []

    @property
    def tokens(self) -> int:
        """Tokens so far."""
        return len(self._ids)

    def add(self, numbered: Numbered) -> None:
        """See `Sink.add`."""
        self._offsets.frombytes(self._documents.ends(numbered, self.tokens).tobytes())
        self._ids.frombytes(numbered.ids.tobytes())

    def renumber(self, ids: Ids) -> None:
        """See `Sink.renumber`."""
        self._waiting.append((self.tokens, ids))
        while len(self._waiting) > 1:
            low, middle, high = (0, *(end for end, _ in self._waiting))[-3:]
            if 2 * (high - middle) < middle - low:
                break
            self._join()

    def _join(self) -> None:
        """Apply the last renumbering but one: to the ids that wait for it first of all, and to the one before it."""
        low, (high, renumbering) = 0, self._waiting.pop(-2)
        if len(self._waiting) > 1:
            low, before = self._waiting[-2]
            self._waiting[-2] = low, renumbered(before, renumbering)
        self._apply(low, high, renumbering)

    def _apply(self, low: int, high: int, renumbering: Ids) -> None:
        mine = np.frombuffer(self._ids, dtype=np.int32)
        for start in range(low, high, _AT_ONCE):
            part = mine[start : min(start + _AT_ONCE, high)]
            part[:] = renumbered(part, renumbering)

    def arrays(self, words: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
        """Return ids, (tokens,) int32, those of forgotten words being `words`, and offsets, (documents + 1,) int64."""
        while len(self._waiting) > 1:
            self._join()
        for end, renumbering in self._waiting:
            self._apply(0, end, renumbering)
        self._waiting.clear()
        ids = np.frombuffer(self._ids, dtype=np.int32)
        ids[ids == NO_WORD] = words
        return ids, np.frombuffer(self._offsets, dtype=np.int64)


class FileSink:
    """Ids and offsets in two files; memory does not grow with them.

    Ids are written as int32 while the number of words is not known, and converted at the end. Renumberings wait in a
    file too: text of unbounded variety has one every few megabytes, each as long as `max_vocab_size`.
    """

    def __init__(self, ids: Path, offsets: Path) -> None:
        self._ids = ids
        self._drafts = [ids.with_name(ids.name + suffix) for suffix in (".draft", ".renumbered")]
        self._documents = _Documents()
        # The tokens there were before each renumbering, and how long it is.
        self._renumberings: list[tuple[int, int]] = []
        self.tokens, self.documents = 0, 0
        self._files: list[BinaryIO] = []
        try:
            for path in (self._drafts[0], offsets, self._drafts[1]):
                self._files.append(path.open("xb"))
            self._files[1].write(np.zeros(1, dtype="<i8").tobytes())
        except OSError:
            self.close()
            raise

    def add(self, numbered: Numbered) -> None:
        """See `Sink.add`."""
        ends = self._documents.ends(numbered, self.tokens)
        self._files[0].write(numbered.ids.data)
        self._files[1].write(ends.astype("<i8", copy=False).data)
        self.tokens += len(numbered.ids)
        self.documents += len(ends)

    def renumber(self, ids: Ids) -> None:
        """See `Sink.renumber`."""
        self._files[2].write(ids.data)
        self._renumberings.append((self.tokens, len(ids)))

    def finish(self, words: int) -> np.dtype[Any]:
        """Write the ids with the smallest type that fits, those of forgotten words being `words`; return that type."""
        self.close()
        dtype = smallest_dtype(words)
        if dtype == np.uint32 and not self._renumberings and sys.byteorder == "little":
            # As drafted: no id is negative. Copying took a tenth of the whole time.
            self._drafts[0].rename(self._ids)
            self._drafts[1].unlink()
            return dtype
        with self._drafts[0].open("rb") as draft, self._ids.open("xb") as out:
            out.truncate(self.tokens * dtype.itemsize)
            # From the end on: there is only one renumbering at a time then, of all those that come after.
            for low, high, renumbering in self._parts():
                draft.seek(low * np.dtype(np.int32).itemsize)
                out.seek(low * dtype.itemsize)
                _convert(draft, out, high - low, renumbering, words, dtype)
        for path in self._drafts:
            path.unlink()
        return dtype

    def _parts(self) -> Iterator[tuple[int, int, Ids | None]]:
        """Yield parts of the ids, the last one first: from where to where, and what its ids have become since."""
        high, after = self.tokens, None
        with self._drafts[1].open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            for low, length in reversed(self._renumberings):
                yield low, high, after
                size -= length * np.dtype(np.int32).itemsize
                file.seek(size)
                ids: Ids = np.fromfile(file, dtype=np.int32, count=length)
                after = ids if after is None else renumbered(ids, after)
                high = low
        yield 0, high, after

    def close(self) -> None:
        """Close the files, all of them, also where the disk is full."""
        with contextlib.ExitStack() as stack:
            for file in self._files:
                stack.callback(file.close)


def _convert(
    draft: BinaryIO, out: BinaryIO, tokens: int, renumbering: Ids | None, words: int, dtype: np.dtype[Any]
) -> None:
    """Copy so many ids to the other type."""
    while tokens:
        size = min(tokens, _AT_ONCE)
        ids = np.fromfile(draft, dtype=np.int32, count=size)
        if renumbering is not None:
            ids = renumbered(ids, renumbering)
            ids[ids == NO_WORD] = words
        out.write(ids.astype(dtype.newbyteorder("<")).data)
        tokens -= size
