"""An encoded corpus: token ids, document offsets, and the items that the ids stand for.

Reads any iterable of token lists once.
"""

from __future__ import annotations

import mmap
from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import NothingToTrainError
from fastw2v.system.scalars import plain


@dataclass(frozen=True)
class EncodedCorpus:
    """Documents of ids, an id being the number of a distinct item in order of first appearance.

    Attributes:
        ids: (tokens,) integers, all documents one after another; len(items) stands for words that were forgotten while
            reading (`max_vocab_size`).
        offsets: (documents + 1,) int64; document i is ids[offsets[i]:offsets[i + 1]].
        items: the distinct items, by id.
        mapped_from: the folder in which ids and offsets lie, if they are mapped from disk.
    """

    ids: npt.NDArray[Any]
    offsets: npt.NDArray[np.int64]
    items: Sequence[Hashable]
    mapped_from: Path | None = None

    @property
    def documents(self) -> int:
        """Number of documents."""
        return len(self.offsets) - 1

    @property
    def tokens(self) -> int:
        """Number of tokens."""
        return len(self.ids)

    def release(self, start: int, stop: int) -> None:
        """Give memory back that holds ids[start:stop], if they are mapped from disk, where they can be read again.

        Whatever was read of a mapped file counts as the process's memory otherwise, until it ends.
        """
        file: Any = self.ids
        while isinstance(file, np.ndarray):
            file = file.base
        if stop > start and isinstance(file, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            begin = start * self.ids.itemsize // mmap.PAGESIZE * mmap.PAGESIZE
            file.madvise(mmap.MADV_DONTNEED, begin, stop * self.ids.itemsize - begin)


def encode(documents: Iterable[Iterable[Hashable]]) -> EncodedCorpus:
    """Number the items of `documents`. Documents without items are dropped, and NumPy's scalars become Python's.

    Raises:
        NothingToTrainError: there is no token at all.
    """
    ids_of: defaultdict[Hashable, int] = defaultdict()
    ids_of.default_factory = ids_of.__len__
    ids, offsets = array("i"), array("q", [0])
    for document in documents:
        ids.extend(map(ids_of.__getitem__, document))
        if len(ids) > offsets[-1]:
            offsets.append(len(ids))
    if not ids:
        raise NothingToTrainError("The corpus holds no token. Expected at least one document with words.")
    return EncodedCorpus(
        np.frombuffer(ids, dtype=np.int32), np.frombuffer(offsets, dtype=np.int64), list(map(plain, ids_of))
    )
