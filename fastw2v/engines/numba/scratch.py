"""Scratch arrays of a thread: task bounds, intermediate results, addresses."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fastw2v.engines.numba.layout import Block, Numbers, max_pairs
from fastw2v.engines.numba.split_rows import GROUP
from fastw2v.engines.weights import Weights, aligned_zeros
from fastw2v.jit.simd_width import LINE_BYTES


class Limits(NamedTuple):
    """Settings of the arithmetic: sigmoid_clip in the weights' dtype; gradient_clip and the step limits in float64.

    sum_first: sum every row in a separate buffer first, not only those whose step is capped.
    """

    sigmoid_clip: Any
    gradient_clip: float
    step_in: float
    step_out: float
    sum_first: bool


class Task(NamedTuple):
    """The bounds of a batch in its block; coming: the index of the next batch; terms: pairs x (1 + K)."""

    batch: Any
    coming: Any
    first_window: Any
    last_window: Any
    first_pair: Any
    terms: Any


class Scratch(NamedTuple):
    """Intermediate results of training on a batch.

    vectors_*, sums_*: (rows, columns): copies of rows as they were before the batch; sums of rows that are updated at
    the end. from_*, into_*: (rows,) int64, the addresses that a row is read from and added to. summed_*: numbers of the
    rows with sums; summed: (2,) how many. factors: (P x (1 + K),) scores, then rate x derivatives; labels: 1 for
    outputs, 0 for noise. ordinals: (1 + K,) int32: 0, 1, ...
    """

    vectors_in: Any
    vectors_out: Any
    sums_in: Any
    sums_out: Any
    from_in: Any
    from_out: Any
    into_in: Any
    into_out: Any
    summed_in: Any
    summed_out: Any
    summed: Any
    factors: Any
    labels: Any
    ordinals: Any


class ScratchSize(NamedTuple):
    """The sizes of a scratch."""

    rows_in: int
    rows_out: int
    columns: int
    dtype: np.dtype[Any]
    pairs: int
    terms: int

    @classmethod
    def of(cls, weights: Weights, numbers: Numbers, block: Block, batch_size: int) -> ScratchSize:
        """Return the sizes that a block's largest batch needs, with spare room so that later blocks mostly fit too."""
        pairs = min(max_pairs(block, batch_size) * 5 // 4, 2 * block.reach * min(batch_size, len(block.left)))
        rows = numbers.rows_in.shape[1], numbers.rows_out.shape[1]
        return cls(*rows, weights.w_in.shape[1], weights.w_in.dtype, pairs, numbers.terms.shape[1])

    def holds(self, other: ScratchSize) -> bool:
        """Whether a scratch of this size serves the other need."""
        mine, theirs = (self.columns, self.dtype, self.terms), (other.columns, other.dtype, other.terms)
        return mine == theirs and all(getattr(self, n) >= getattr(other, n) for n in ("rows_in", "rows_out", "pairs"))

    def allocate(self) -> Scratch:
        """Return empty scratch arrays."""
        labels = np.zeros((self.pairs, self.terms), dtype=self.dtype)
        labels[:, 0] = 1
        rows_in, rows_out = self.rows_in, self.rows_out
        return Scratch(
            vectors_in=aligned_zeros(rows_in, self.columns, self.dtype),
            vectors_out=aligned_zeros(rows_out, self.columns, self.dtype),
            sums_in=aligned_zeros(rows_in, self.columns, self.dtype),
            sums_out=aligned_zeros(rows_out, self.columns, self.dtype),
            from_in=np.empty(rows_in, dtype=np.int64),
            from_out=np.empty(rows_out, dtype=np.int64),
            into_in=np.empty(rows_in, dtype=np.int64),
            into_out=np.empty(rows_out, dtype=np.int64),
            summed_in=np.empty(rows_in, dtype=np.int64),
            summed_out=np.empty(rows_out, dtype=np.int64),
            summed=np.zeros(2, dtype=np.int64),
            factors=np.empty(self.pairs * self.terms, dtype=self.dtype),
            labels=labels.ravel(),
            ordinals=np.arange(self.terms, dtype=np.int32),
        )


class Addresses(NamedTuple):
    """Raw addresses, strides and sizes for the tiles.

    unit: a 1 of the dtype. terms_each: 1 + K. low, middle, high: the cache lines of a row that a thread works on, from
    low to high - 1; a score is the sum over the lines before middle plus the sum over those from middle on. half: 1
    where the second half of line high - 1 is padding. Rows of the matrices are stored in groups (`split_rows`):
    before_bytes, part_bytes: how many bytes of a row precede this thread's lines, and how many its lines take;
    last_group, last_rows: the index of the last group and the number of its rows.

    Plain integers, not arrays: numba would count references to arrays in the inner loops, which took as long as the
    arithmetic.
    """

    unit: Any
    w_in: int
    w_out: int
    last_group: int
    last_rows: int
    before_bytes: int
    part_bytes: int
    vectors_in: int
    vectors_out: int
    sums_in: int
    sums_out: int
    from_in: int
    from_out: int
    into_in: int
    into_out: int
    contexts: int
    terms: int
    sorted_contexts: int
    sorted_terms: int
    factors: int
    ordinals: int
    row_bytes: int
    item_bytes: int
    terms_each: int
    low: int
    middle: int
    high: int
    half: int

    @classmethod
    def of(
        cls, weights: Weights, numbers: Numbers, scratch: Scratch, lines: tuple[int, int, int], separated: bool
    ) -> Addresses:
        """Return the addresses of these arrays; separated: whether `split_rows.separate` has split the weights."""
        low, _, high = lines
        item, row_bytes, rows = weights.w_in.itemsize, weights.w_in.strides[0], len(weights.w_in)
        written = (
            "vectors_in", "vectors_out", "sums_in", "sums_out", "from_in", "from_out", "into_in", "into_out",
            "factors", "ordinals",
        )  # fmt: skip
        numbered = ("contexts", "terms", "sorted_contexts", "sorted_terms")
        return cls(
            unit=weights.w_in.dtype.type(1),
            w_in=weights.w_in.ctypes.data - low * LINE_BYTES,
            w_out=weights.w_out.ctypes.data - low * LINE_BYTES,
            last_group=(rows - 1) // GROUP,
            last_rows=(rows - 1) % GROUP + 1,
            before_bytes=low * LINE_BYTES,
            part_bytes=(high - low) * LINE_BYTES if separated else row_bytes,
            **{name: getattr(scratch, name).ctypes.data for name in written},
            **{name: getattr(numbers, name).ctypes.data for name in numbered},
            row_bytes=row_bytes,
            item_bytes=item,
            terms_each=numbers.terms.shape[1],
            low=low,
            middle=lines[1],
            high=high,
            half=int(high * LINE_BYTES == row_bytes and 0 < weights.size * item % LINE_BYTES <= LINE_BYTES // 2),
        )


class ColumnSplit(NamedTuple):
    """How a thread shares batches with another: each scores its own half of the columns.

    halves: (2 buffers, 2 threads, P x (1 + K)) partial scores; mine: this thread's index, 0 or 1; my_counter,
    other_counter: addresses of the barrier counters; meetings: (1,) int64, the number of barriers passed.
    """

    threads: int
    mine: int
    halves: Any
    my_counter: int
    other_counter: int
    meetings: Any

    @classmethod
    def none(cls, scratch: Scratch) -> ColumnSplit:
        """Return the `ColumnSplit` of a thread that works on whole batches."""
        nothing = np.empty((0, 2, 0), dtype=scratch.factors.dtype)
        return cls(1, 0, nothing, 0, 0, np.zeros(1, dtype=np.int64))
