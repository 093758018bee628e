"""The arrays that kernels work on: what a block reads, its numbering, and what a thread writes on its way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fastw2v.engines.halves import GROUP
from fastw2v.engines.width import LINE_BYTES
from fastw2v.weights import Weights, aligned_zeros
from fastw2v.windows import Windows

# Terms whose sums a tile keeps in registers. Each takes two of them, the contexts and a factor three: 15 of the 16
# that most processors have.
LARGEST_GROUP = 6


class Block(NamedTuple):
    """What a block of batches reads.

    A *window* here is pairs with the same terms: all pairs of a centre, or with per-pair noise a single pair.

    tokens, first, left, right, noise: as in `Windows`. reach: the longest of left and right. pair_start: (B + 1,)
    int64, pairs before each centre. outputs: (windows,) int32, output words; window_start: (windows + 1,) int64,
    pairs before each window. groups: how terms are cut into tiles: a tuple as long as the larger groups have terms,
    one as long as the smaller ones have, and how many are large.
    """

    tokens: Any
    first: int
    left: Any
    right: Any
    noise: Any
    per_pair: bool
    reach: int
    pair_start: Any
    outputs: Any
    window_start: Any
    groups: Any

    @classmethod
    def of(cls, windows: Windows) -> Block:
        """Return the block of these windows."""
        # Without tokens that no window reaches: the numbering has no places for them.
        windows = windows[:]
        sizes = (windows.left + windows.right).astype(np.int64)
        pair_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
        outputs = windows.tokens[windows.first : windows.first + len(windows)]
        window_start = pair_start
        if windows.per_pair:
            outputs, window_start = np.repeat(outputs, sizes), np.arange(pair_start[-1] + 1)
        reach = int(max(windows.left.max(initial=0), windows.right.max(initial=0)))
        return cls(
            windows.tokens, windows.first, windows.left, windows.right, windows.noise, windows.per_pair, reach,
            pair_start, outputs, window_start, groups(1 + windows.noise.shape[1]),
        )  # fmt: skip


def groups(terms: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Cut terms into as few groups as possible, as equal as possible."""
    count = -(-terms // LARGEST_GROUP)
    size, large = divmod(terms, count)
    return ((0,) * (size + 1), (0,) * size, large) if large else ((0,) * size, (0,) * size, count)


class Numbers(NamedTuple):
    """The numbering of a block's batches: within a batch, every row that it touches has a number, from 0.

    contexts: (P,) int32, the row number of each pair's context. terms: (windows, 1 + K) int32, those of the output
    and the noise words; irregular: (windows,) bool. By batch: used: (batches, 2), how many rows of W_in and W_out
    have a number; rows_*: (batches, places) int32, their row in the matrix; terms_*: int64, how many terms pull on
    them; shared_out: bool.
    """

    contexts: Any
    terms: Any
    irregular: Any
    used: Any
    rows_in: Any
    rows_out: Any
    terms_in: Any
    terms_out: Any
    shared_out: Any

    @classmethod
    def empty(cls, block: Block, batch_size: int, words: int) -> Numbers:
        """Return arrays for a block's numbering."""
        centres = len(block.left)
        batches = -(-centres // batch_size)
        size = min(batch_size, centres)
        windows, terms = len(block.outputs), 1 + block.noise.shape[1]
        most = _most_windows(block, batch_size)
        places_in = min(words, size + 2 * block.reach) + 1
        places_out = min(words, most * terms) + 1
        return cls(
            contexts=np.empty(block.pair_start[-1], dtype=np.int32),
            terms=np.empty((windows, terms), dtype=np.int32),
            irregular=np.empty(windows, dtype=np.bool_),
            used=np.empty((batches, 2), dtype=np.int64),
            rows_in=np.empty((batches, places_in), dtype=np.int32),
            rows_out=np.empty((batches, places_out), dtype=np.int32),
            terms_in=np.empty((batches, places_in), dtype=np.int64),
            terms_out=np.empty((batches, places_out), dtype=np.int64),
            shared_out=np.empty((batches, places_out), dtype=np.bool_),
        )


def _most_windows(block: Block, batch_size: int) -> int:
    """Return the windows of the batch that has most of them."""
    if not block.per_pair:
        return min(batch_size, len(block.left))
    return max_pairs(block, batch_size)


def max_pairs(block: Block, batch_size: int) -> int:
    """Return the pairs of the batch that has most of them."""
    edges = np.append(block.pair_start[:-1:batch_size], block.pair_start[-1])
    return int(np.diff(edges).max(initial=0))


class Stamps(NamedTuple):
    """What a thread needs for numbering.

    words_*: (V,) int64, see `numbering.number_row`; base: (1,) int64, added to the numbers of the batch. in_slots:
    (places,) int32, the row number of each token that the batch can reach. seen: (places,) int64, the window in which
    each row of W_out was last met.
    """

    words_in: Any
    words_out: Any
    base: Any
    in_slots: Any
    seen: Any

    @classmethod
    def fresh(cls, words: int) -> Stamps:
        """Return stamps by which no word has a number yet."""
        none = np.full(words, -1, dtype=np.int64)
        return cls(none, none.copy(), np.zeros(1, dtype=np.int64), np.empty(0, np.int32), np.empty(0, np.int64))

    def with_places(self, numbers: Numbers, block: Block, batch_size: int) -> Stamps:
        """Return the same stamps with places enough for the batches of a block."""
        tokens = min(batch_size, len(block.left)) + 2 * block.reach
        rows = numbers.rows_out.shape[1]
        if len(self.in_slots) >= tokens and len(self.seen) >= rows:
            return self
        return self._replace(
            in_slots=np.empty(max(tokens, len(self.in_slots)), dtype=np.int32),
            seen=np.empty(max(rows, len(self.seen)), dtype=np.int64),
        )


class Limits(NamedTuple):
    """Settings of the arithmetic: sigmoid_clip in the weights' dtype; gradient_clip and the step limits in float64.

    sum_first: every row is summed beside first, not only those whose cap binds.
    """

    sigmoid_clip: Any
    gradient_clip: float
    step_in: float
    step_out: float
    sum_first: bool


class Task(NamedTuple):
    """The bounds of a batch in its block; terms: pairs x (1 + K)."""

    batch: Any
    first_window: Any
    last_window: Any
    first_pair: Any
    terms: Any


class Scratch(NamedTuple):
    """What training on a batch writes on its way.

    vectors_*, sums_*: (rows, columns): copies of rows as they were before the batch; sums of rows that move at the
    end. from_*, into_*: (rows,) int64, the addresses that a row is read from and added to. summed_*: numbers of the
    rows with sums; summed: (2,) how many. factors: (P x (1 + K),) scores, then rate x derivatives; labels: 1 for
    outputs, 0 for noise. always: (rows,) True.
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
    always: Any


class Places(NamedTuple):
    """Addresses that the tiles work on, and measures.

    unit: a 1 of the dtype. terms_each: 1 + K. low, middle, high: the lines of a row that a thread works on; scores are
    sums of those before and after the middle. Rows of the matrices lie in groups (`halves`): before_bytes, part_bytes:
    a row's bytes before this thread's lines, and of these; last_group, last_rows: the number of the last group and of
    its rows.

    Plain integers: arrays would have their references counted in the inner loops, which took as long as the arithmetic.
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
    factors: int
    row_bytes: int
    item_bytes: int
    terms_each: int
    low: int
    middle: int
    high: int

    @classmethod
    def of(
        cls, weights: Weights, numbers: Numbers, scratch: Scratch, lines: tuple[int, int, int], separated: bool
    ) -> Places:
        """Return the places of these arrays; separated: whether the weights' halves are apart."""
        low, _, high = lines
        item, row_bytes, rows = weights.w_in.itemsize, weights.w_in.strides[0], len(weights.w_in)
        names = ("vectors_in", "vectors_out", "sums_in", "sums_out", "from_in", "from_out", "into_in", "into_out")
        return cls(
            unit=weights.w_in.dtype.type(1),
            w_in=weights.w_in.ctypes.data - low * LINE_BYTES,
            w_out=weights.w_out.ctypes.data - low * LINE_BYTES,
            last_group=(rows - 1) // GROUP,
            last_rows=(rows - 1) % GROUP + 1,
            before_bytes=low * LINE_BYTES,
            part_bytes=(high - low) * LINE_BYTES if separated else row_bytes,
            **{name: getattr(scratch, name).ctypes.data for name in names},
            contexts=numbers.contexts.ctypes.data,
            terms=numbers.terms.ctypes.data,
            factors=scratch.factors.ctypes.data,
            row_bytes=row_bytes,
            item_bytes=item,
            terms_each=numbers.terms.shape[1],
            low=low,
            middle=lines[1],
            high=high,
        )


class Share(NamedTuple):
    """How a thread shares batches with another: each scores its own half of the columns.

    halves: (2 buffers, 2 halves, P x (1 + K)); mine: 0 or 1; counters: addresses; meetings: (1,) int64.
    """

    threads: int
    mine: int
    halves: Any
    my_counter: int
    other_counter: int
    meetings: Any

    @classmethod
    def none(cls, scratch: Scratch) -> Share:
        """Return the share of a thread that does whole batches."""
        nothing = np.empty((0, 2, 0), dtype=scratch.factors.dtype)
        return cls(1, 0, nothing, 0, 0, np.zeros(1, dtype=np.int64))


class Need(NamedTuple):
    """The sizes of a scratch."""

    rows_in: int
    rows_out: int
    columns: int
    dtype: np.dtype[Any]
    pairs: int
    terms: int

    @classmethod
    def of(cls, weights: Weights, numbers: Numbers, block: Block, batch_size: int) -> Need:
        """Return what the largest batch of a block needs; rounded up, so that the next block's fits too."""
        pairs = min(max_pairs(block, batch_size) * 5 // 4, 2 * block.reach * min(batch_size, len(block.left)))
        rows = numbers.rows_in.shape[1], numbers.rows_out.shape[1]
        return cls(*rows, weights.w_in.shape[1], weights.w_in.dtype, pairs, numbers.terms.shape[1])

    def holds(self, other: Need) -> bool:
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
            always=np.ones(rows_in, dtype=np.bool_),
        )
