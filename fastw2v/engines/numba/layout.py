"""The arrays that a block of batches reads, and the row numbers of each batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fastw2v.batches.windows import Windows

# Terms of a tile. Where two contexts are scored, each takes two registers for its sums, the contexts and a term three:
# 15 of the 16 that most processors have. Updates may cut them further (`window_tile`).
LARGEST_GROUP = 6


class Block(NamedTuple):
    """What a block of batches reads.

    A *window* here is pairs with the same terms: all pairs of a centre, or with per-pair noise a single pair.

    tokens, first, left, right, noise: as in `Windows`; noise_of too, empty where each window has a row of its own.
    reach: the longest of left and right. pair_start: (B + 1,) int64, pairs before each centre. outputs: (windows,)
    int32, output words; window_start: (windows + 1,) int64, pairs before each window. groups: how terms are cut into
    tiles: a tuple as long as the larger groups have terms, one as long as the smaller ones have, how many are large.
    racing, others_noise: threads that train on batches at once without locks, and (V,) int32, the noise terms of each
    word in the others' batches, see `logistic.racing_noise`; 1 and empty without a race.
    """

    tokens: Any
    first: int
    left: Any
    right: Any
    noise: Any
    noise_of: Any
    per_pair: bool
    reach: int
    pair_start: Any
    outputs: Any
    window_start: Any
    groups: Any
    racing: int
    others_noise: Any

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
        noise_of = np.empty(0, dtype=np.int64) if windows.noise_of is None else windows.noise_of
        return cls(
            windows.tokens, windows.first, windows.left, windows.right, windows.noise, noise_of, windows.per_pair,
            reach, pair_start, outputs, window_start, groups(1 + windows.noise.shape[1]), 1, np.empty(0, np.int32),
        )  # fmt: skip


def groups(terms: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Cut terms into as few groups as possible, as equal as possible."""
    count = -(-terms // LARGEST_GROUP)
    size, large = divmod(terms, count)
    return ((0,) * (size + 1), (0,) * size, large) if large else ((0,) * size, (0,) * size, count)


class Numbers(NamedTuple):
    """The numbering of a block's batches: within a batch, every row that it touches has a number, from 0.

    contexts: (P,) int32, the row number of each pair's context. terms: (windows, 1 + K) int32, those of the output and
    the noise words; repeats: (windows x K, 3) int32, terms that a window has already: window, which term it was first,
    which it is again; a batch's begin at its first noise word. window_of: (noise rows,) int64, a window that has these
    noise words, where several may. By batch: used: (batches, 3), how many rows of W_in and W_out have a number and how
    many terms are repeated; rows_*: (batches, places) int32, their row in the matrix; terms_*: int64, how many terms
    pull on them, for racing threads in all batches at once. With per-pair noise also the terms of every batch sorted by
    row of W_out, but those that do not count: sorted_contexts, sorted_terms: (terms,) int32, the row number of each
    term's context and which of the batch's terms it is.
    """

    contexts: Any
    terms: Any
    repeats: Any
    window_of: Any
    used: Any
    rows_in: Any
    rows_out: Any
    terms_in: Any
    terms_out: Any
    sorted_contexts: Any
    sorted_terms: Any

    @classmethod
    def empty(cls, block: Block, batch_size: int, words: int) -> Numbers:
        """Return arrays for a block's numbering."""
        centres = len(block.left)
        batches = -(-centres // batch_size)
        size = min(batch_size, centres)
        windows, terms = len(block.outputs), 1 + block.noise.shape[1]
        places_in = min(words, size + 2 * block.reach) + 1
        places_out = (
            min(words, _most_outputs(block, batch_size) + _most_noise_rows(block, batch_size) * (terms - 1)) + 1
        )
        return cls(
            contexts=np.empty(block.pair_start[-1], dtype=np.int32),
            terms=np.empty((windows, terms), dtype=np.int32),
            repeats=np.empty((windows * (terms - 1), 3), dtype=np.int32),
            window_of=np.full(len(block.noise) if len(block.noise_of) else 0, -1, dtype=np.int64),
            used=np.empty((batches, 3), dtype=np.int64),
            rows_in=np.empty((batches, places_in), dtype=np.int32),
            rows_out=np.empty((batches, places_out), dtype=np.int32),
            terms_in=np.empty((batches, places_in), dtype=np.int64),
            terms_out=np.empty((batches, places_out), dtype=np.int64),
            sorted_contexts=np.empty(windows * terms if block.per_pair else 0, dtype=np.int32),
            sorted_terms=np.empty(windows * terms if block.per_pair else 0, dtype=np.int32),
        )


def _most_outputs(block: Block, batch_size: int) -> int:
    """Return the most output words that a batch can have: with per-pair noise these are its centres, too."""
    return min(batch_size, len(block.left))


def _most_noise_rows(block: Block, batch_size: int) -> int:
    """Return the most rows of noise words that a batch has."""
    if block.per_pair:
        return max_pairs(block, batch_size)
    if not len(block.noise_of):
        return min(batch_size, len(block.left))
    starts = np.arange(0, len(block.noise_of), batch_size)
    most = np.maximum.reduceat(block.noise_of, starts) - np.minimum.reduceat(block.noise_of, starts) + 1
    return int(most.max())


def max_pairs(block: Block, batch_size: int) -> int:
    """Return the pairs of the batch that has most of them."""
    edges = np.append(block.pair_start[:-1:batch_size], block.pair_start[-1])
    return int(np.diff(edges).max(initial=0))


class Stamps(NamedTuple):
    """What a thread needs for numbering.

    words_*: (V,) int64, see `numbering.number_row`; base: (1,) int64, added to the numbers of the batch. in_slots:
    (places,) int32, the row number of each token that the batch can reach; changes: (places + 1,) int64, by how much
    more windows hold it than the one before. seen: (places,) int64, the window in which
    each row of W_out was last met.
    """

    words_in: Any
    words_out: Any
    base: Any
    in_slots: Any
    changes: Any
    seen: Any

    @classmethod
    def fresh(cls, words: int) -> Stamps:
        """Return stamps by which no word has a number yet."""
        none, nothing = np.full(words, -1, dtype=np.int64), np.empty(0, dtype=np.int64)
        return cls(none, none.copy(), np.zeros(1, dtype=np.int64), np.empty(0, np.int32), nothing, nothing)

    def with_places(self, numbers: Numbers, block: Block, batch_size: int) -> Stamps:
        """Return the same stamps with places enough for the batches of a block."""
        # Two more windows' reach: what is copied and then overwritten may be read from behind the last token.
        tokens = min(batch_size, len(block.left)) + 4 * block.reach
        rows = numbers.rows_out.shape[1]
        if len(self.in_slots) >= tokens and len(self.seen) >= rows:
            return self
        return self._replace(
            in_slots=np.zeros(max(tokens, len(self.in_slots)), dtype=np.int32),
            changes=np.empty(max(tokens, len(self.in_slots)) + 1, dtype=np.int64),
            seen=np.empty(max(rows, len(self.seen)), dtype=np.int64),
        )
