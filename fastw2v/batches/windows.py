"""`Windows`, the block or batch that all engines take: kept tokens, each centre's window, and the noise words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Windows:
    """Consecutive centres with their windows.

    Centre i is tokens[first + i]; its contexts are the left[i] tokens before it and the right[i] after it. A pair
    is (input: a context, output: the centre); pairs are numbered by centre, then by place in the text.

    Attributes:
        tokens: (T,) int32, kept words: the centres, and what their windows reach before and after them.
        first: index in `tokens` of the first centre.
        left, right: (B,) int32.
        noise: (rows, K) int32; a row's words are used by all pairs of a window, or, if per_pair, by one pair.
        positions: (B,) int64, the centres' positions in the stream.
        noise_of: (B,) int64, the row of `noise` of each centre; None where row i is that of centre (or pair) i.
    """

    tokens: npt.NDArray[np.int32]
    first: int
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    noise: npt.NDArray[np.int32]
    positions: npt.NDArray[np.int64]
    per_pair: bool
    noise_of: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.left)

    @property
    def pairs(self) -> int:
        """Number of pairs P."""
        return int(self.left.sum() + self.right.sum())

    def __getitem__(self, part: slice) -> Windows:
        """Return the windows of consecutive centres."""
        start, stop, _ = part.indices(len(self))
        noise, noise_of = self.noise[start:stop], self.noise_of
        if self.per_pair:
            before = self.left[:start].sum() + self.right[:start].sum()
            noise = self.noise[before : before + self.left[part].sum() + self.right[part].sum()]
        elif noise_of is not None:
            rows = noise_of[part]
            first_row = int(rows.min(initial=len(self.noise)))
            noise, noise_of = self.noise[first_row : rows.max(initial=-1) + 1], rows - first_row
        low = max(0, self.first + start - int(self.left[part].max(initial=0)))
        high = min(len(self.tokens), self.first + stop + int(self.right[part].max(initial=0)))
        return Windows(
            self.tokens[low:high],
            self.first + start - low,
            self.left[part],
            self.right[part],
            noise,
            self.positions[part],
            self.per_pair,
            noise_of,
        )

    def batches(self, size: int) -> Iterator[Windows]:
        """Cut into batches of `size` centres, the last one shorter."""
        for start in range(0, len(self), size):
            yield self[start : start + size]

    def noise_row(self, centre: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the row of `noise` of centres, given by their index; not for per-pair noise."""
        return centre if self.noise_of is None else self.noise_of[centre]


def pair_offsets(
    left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each pair's centre (its index) and offset (-left..-1, 1..right): two (P,) int64 arrays."""
    sizes = (left + right).astype(np.int64)
    centre = np.repeat(np.arange(len(left)), sizes)
    place = np.arange(len(centre)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    offset = place - left[centre]
    return centre, offset + (offset >= 0)
