"""A corpus as numbers: token ids, document offsets and the items the ids stand for.

Reads any iterable of token lists once. Knows nothing of stop words, counts or training: those are applied to the
numbers afterwards (`vocabulary`), so that changing them needs no new reading.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError


@dataclass(frozen=True)
class EncodedCorpus:
    """Documents of ids, an id being the number of a distinct item in order of first appearance.

    Attributes:
        ids: (tokens,) int32, all documents one after another.
        offsets: (documents + 1,) int64; document i is ids[offsets[i]:offsets[i + 1]].
        items: the distinct items, by id.
    """

    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    items: Sequence[Hashable]

    @property
    def documents(self) -> int:
        """Number of documents."""
        return len(self.offsets) - 1

    @property
    def tokens(self) -> int:
        """Number of tokens."""
        return len(self.ids)


def encode(documents: Iterable[Iterable[Hashable]]) -> EncodedCorpus:
    """Number the items of `documents`. Documents without items are dropped.

    Raises:
        DataError: there is no token at all.
    """
    ids_of: defaultdict[Hashable, int] = defaultdict()
    ids_of.default_factory = ids_of.__len__
    ids, offsets = array("i"), array("q", [0])
    for document in documents:
        ids.extend(map(ids_of.__getitem__, document))
        if len(ids) > offsets[-1]:
            offsets.append(len(ids))
    if not ids:
        raise DataError("The corpus holds no token. Expected at least one document with words.")
    return EncodedCorpus(np.frombuffer(ids, dtype=np.int32), np.frombuffer(offsets, dtype=np.int64), list(ids_of))
