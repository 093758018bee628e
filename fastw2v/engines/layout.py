"""The arrays that kernels work on: what a batch reads, what it writes on its way, and how large that must be."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fastw2v.weights import Weights, aligned_zeros
from fastw2v.windows import Windows

# Two contexts x 8 terms: 16 sums and their operands still fit into 32 registers.
LARGEST_GROUP = 8


class Task(NamedTuple):
    """What a batch reads: the arrays of `Windows`, with pair_start[i] the number of pairs before centre i.

    group: a tuple as long as the groups that the 1 + K terms are worked in; the length is known when compiling.
    """

    tokens: Any
    first: int
    left: Any
    right: Any
    pair_start: Any
    noise: Any
    per_pair: bool
    group: Any


class Places(NamedTuple):
    """Addresses of the blocks that the tiles work on, and their measures; unit: a 1 of the dtype.

    Plain integers: arrays would have their references counted in the inner loops, which took as long as the arithmetic.
    """

    unit: Any
    vectors_in: Any
    vectors_out: Any
    sums_in: Any
    sums_out: Any
    scores: Any
    term_slots: Any
    row_bytes: Any
    item_bytes: Any


class Scratch(NamedTuple):
    """What a batch writes on its way; one for each thread that runs whole batches.

    stamp_in, stamp_out: (V,) int32, a row's number in the batch, -1 outside. rows_*: row numbers by that number;
    vectors_*, sums_*: (rows, columns), the rows before the batch and their gradients; the out blocks end with a blank
    row. terms_*: (rows,) int64. in_slot: row numbers by token; term_slots: (noise rows, 1 + K up to whole groups)
    int32. scores: (1 + K up to whole groups, P), later derivatives. losses: (1 + K,) float64. used: (2,) rows
    numbered in W_in and W_out.
    """

    stamp_in: Any
    stamp_out: Any
    rows_in: Any
    rows_out: Any
    vectors_in: Any
    vectors_out: Any
    sums_in: Any
    sums_out: Any
    terms_in: Any
    terms_out: Any
    in_slot: Any
    term_slots: Any
    scores: Any
    losses: Any
    used: Any
    places: Any


class Limits(NamedTuple):
    """Settings of the arithmetic: sigmoid_clip in the weights' dtype; gradient_clip and the step limits in float64."""

    sigmoid_clip: Any
    gradient_clip: float
    step_in: float
    step_out: float


def task_of(block: Windows) -> Task:
    """Return the arrays of a batch or a block of batches."""
    # Without tokens that no window reaches: the scratch has no places for them.
    block = block[:]
    sizes = (block.left + block.right).astype(np.int64)
    pair_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    group = (0,) * _group_size(1 + block.noise.shape[1])
    return Task(block.tokens, block.first, block.left, block.right, pair_start, block.noise, block.per_pair, group)


def _group_size(terms: int) -> int:
    """Return how many terms a tile takes: of the sizes that waste least of the last tile, the largest."""
    return min(range(1, LARGEST_GROUP + 1), key=lambda size: (-terms % size, -size))


class Need(NamedTuple):
    """The sizes of a scratch."""

    words: int
    columns: int
    dtype: np.dtype[Any]
    tokens: int
    centres: int
    noise: int
    pairs: int
    terms: int

    @classmethod
    def of(cls, weights: Weights, block: Windows, batch_size: int) -> Need:
        """Return what the largest batch of a block needs; rounded up, so that the next block's fits too."""
        centres = min(batch_size, len(block))
        reach = int(max(block.left.max(initial=0), block.right.max(initial=0)))
        sizes = np.add.reduceat(block.left + block.right, np.arange(0, len(block), batch_size)) if centres else [0]
        pairs = min(-(-int(max(sizes)) * 5 // 4), 2 * reach * centres)
        negative = block.noise.shape[1]
        noise = (pairs if block.per_pair else centres) * negative
        words, columns = weights.w_in.shape
        return cls(words, columns, weights.w_in.dtype, centres + 2 * reach, centres, noise, pairs, 1 + negative)

    def holds(self, other: Need) -> bool:
        """Whether a scratch of this size serves the other need."""
        return (self[:3], self.terms) == (other[:3], other.terms) and all(
            mine >= theirs for mine, theirs in zip(self[3:7], other[3:7], strict=True)
        )

    def allocate(self) -> Scratch:
        """Return empty scratch arrays."""
        width = -(-self.terms // _group_size(self.terms)) * _group_size(self.terms)
        rows_in, rows_out = min(self.words, self.tokens), min(self.words, self.centres + self.noise)
        blocks = {
            "vectors_in": aligned_zeros(rows_in, self.columns, self.dtype),
            "vectors_out": aligned_zeros(rows_out + 1, self.columns, self.dtype),
            "sums_in": aligned_zeros(rows_in, self.columns, self.dtype),
            "sums_out": aligned_zeros(rows_out + 1, self.columns, self.dtype),
            "scores": np.zeros((width, self.pairs), dtype=self.dtype),
            "term_slots": np.empty((max(self.centres, self.noise // (self.terms - 1)), width), dtype=np.int32),
        }
        places = Places(
            unit=self.dtype.type(1),
            **{name: block.ctypes.data for name, block in blocks.items()},
            row_bytes=self.columns * self.dtype.itemsize,
            item_bytes=self.dtype.itemsize,
        )
        return Scratch(
            stamp_in=np.full(self.words, -1, dtype=np.int32),
            stamp_out=np.full(self.words, -1, dtype=np.int32),
            rows_in=np.empty(rows_in + 1, dtype=np.int32),
            rows_out=np.empty(rows_out + 1, dtype=np.int32),
            terms_in=np.empty(rows_in, dtype=np.int64),
            terms_out=np.empty(rows_out, dtype=np.int64),
            in_slot=np.empty(self.tokens, dtype=np.int32),
            losses=np.empty(self.terms),
            used=np.zeros(2, dtype=np.int64),
            places=places,
            **blocks,
        )
