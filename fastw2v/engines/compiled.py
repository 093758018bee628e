"""The numba engine: arranges arrays for the compiled kernels and runs them on threads.

One worker does whole blocks in one call. Several workers share a block's batches without locks (racy: the same pairs
and noise, in another order), or, with `deterministic`, share each phase of every batch, which changes no bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.engines import kernels
from fastw2v.engines.base import Engine, Gradients, RowGradients
from fastw2v.engines.tiles import CHUNK_BYTES
from fastw2v.randomness import KEEP, NOISE, RADIUS
from fastw2v.sampling import keep_thresholds, noise_thresholds
from fastw2v.settings import Settings
from fastw2v.weights import Weights, aligned_zeros
from fastw2v.windows import Windows


# Two contexts x 8 terms: 16 sums and their operands still fit into 32 registers.
LARGEST_GROUP = 8


class NumbaEngine(Engine):
    """Compiled kernels, threaded."""

    name = "numba"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        number = np.dtype(settings.dtype).type
        self._limits = kernels.Limits(number(settings.sigmoid_clip), float(settings.gradient_clip))
        # Workers are a logical number: more threads than processors would only wait for each other.
        self._threads = min(settings.workers, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads)
        self._scratches: dict[int, tuple[_Need, kernels.Scratch]] = {}

    def gradients(self, weights: Weights, batch: Windows) -> Gradients:
        """See `Engine.gradients`."""
        task = _task(batch)
        scratch = self._scratch(0, weights, batch, len(batch))
        loss = kernels.sum_batch(task, weights.w_in, weights.w_out, self._limits, scratch)
        kernels.forget_rows(scratch)
        used_in, used_out = scratch.used
        return Gradients(
            loss,
            _rows(scratch.rows_in[:used_in], scratch.sums_in, scratch.terms_in, weights.size),
            _rows(scratch.rows_out[:used_out], scratch.sums_out, scratch.terms_out, weights.size),
        )

    def step(self, weights: Weights, batch: Windows, rate: float) -> float:
        """See `Engine.step`."""
        return float(self._run(weights, batch, np.array([rate]), len(batch))[0])

    def train(self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """See `Engine.train`."""
        return self._run(weights, block, rates, self.settings.batch_size)

    def _run(
        self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64], batch_size: int
    ) -> npt.NDArray[np.float64]:
        batches = len(rates)
        losses = np.empty(batches)
        if self.settings.deterministic and self._threads > 1:
            for batch in range(batches):
                part = block[batch * batch_size : (batch + 1) * batch_size]
                losses[batch] = self._shared_step(weights, part, float(rates[batch]))
            return losses
        task = _task(block)
        reach = int(max(block.left.max(initial=0), block.right.max(initial=0)))
        # Made here, not by the threads, which would race for places in the list.
        scratches = [self._scratch(i, weights, block, batch_size) for i in range(self._threads)]

        def run(thread: int, start: int, stop: int) -> None:
            kernels.train(
                task, weights.w_in, weights.w_out, self._limits, scratches[thread], batch_size, reach, rates, losses,
                start, stop,
            )  # fmt: skip

        self._split(batches, run)
        return losses

    def _shared_step(self, weights: Weights, batch: Windows, rate: float) -> float:
        """Do one batch with its phases split among the threads."""
        task = _task(batch)
        scratch = self._scratch(0, weights, batch, len(batch))
        kernels.prepare(task, weights.w_in, weights.w_out, scratch)
        def score(thread: int, start: int, stop: int) -> None:
            kernels.score(task, scratch, start, stop)

        def derive(thread: int, start: int, stop: int) -> None:
            kernels.derive(task, self._limits, scratch, start, stop)

        def accumulate(thread: int, start: int, stop: int) -> None:
            kernels.accumulate(task, scratch, start, stop)

        self._split(len(batch), score)
        self._split(len(scratch.losses), derive)
        self._split(weights.w_in.strides[0] // CHUNK_BYTES, accumulate)
        kernels.descend_both(weights.w_in, weights.w_out, rate, self._limits, scratch)
        return float(kernels.batch_loss(scratch))

    def _split(self, total: int, work: Callable[[int, int, int], None]) -> None:
        """Run work(thread, start, stop) over 0..total-1, an equal share for each thread."""
        threads = min(self._threads, total)
        if threads <= 1:
            work(0, 0, total)
            return
        bounds = [total * i // threads for i in range(threads + 1)]
        for done in [self._pool.submit(work, i, bounds[i], bounds[i + 1]) for i in range(threads)]:
            done.result()

    def _scratch(self, thread: int, weights: Weights, block: Windows, batch_size: int) -> kernels.Scratch:
        """Return the thread's scratch, made anew where a batch of the block would not fit."""
        need = _Need.of(weights, block, batch_size)
        have = self._scratches.get(thread)
        if have is None or not have[0].holds(need):
            have = self._scratches[thread] = (need, need.allocate())
        return have[1]


class _Need(NamedTuple):
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
    def of(cls, weights: Weights, block: Windows, batch_size: int) -> _Need:
        """Return what the largest batch of a block needs; rounded up, so that the next block's fits too."""
        centres = min(batch_size, len(block))
        reach = int(max(block.left.max(initial=0), block.right.max(initial=0)))
        sizes = np.add.reduceat(block.left + block.right, np.arange(0, len(block), batch_size)) if centres else [0]
        pairs = min(-(-int(max(sizes)) * 5 // 4), 2 * reach * centres)
        negative = block.noise.shape[1]
        noise = (pairs if block.per_pair else centres) * negative
        words, columns = weights.w_in.shape
        return cls(words, columns, weights.w_in.dtype, centres + 2 * reach, centres, noise, pairs, 1 + negative)

    def holds(self, other: _Need) -> bool:
        """Whether a scratch of this size serves the other need."""
        return (self[:3], self.terms) == (other[:3], other.terms) and all(
            mine >= theirs for mine, theirs in zip(self[3:7], other[3:7], strict=True)
        )

    def allocate(self) -> kernels.Scratch:
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
        places = kernels.Places(
            unit=self.dtype.type(1),
            **{name: block.ctypes.data for name, block in blocks.items()},
            row_bytes=self.columns * self.dtype.itemsize,
            item_bytes=self.dtype.itemsize,
        )
        return kernels.Scratch(
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


def _task(block: Windows) -> kernels.Task:
    sizes = (block.left + block.right).astype(np.int64)
    pair_start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
    group = (0,) * _group_size(1 + block.noise.shape[1])
    return kernels.Task(
        block.tokens, block.first, block.left, block.right, pair_start, block.noise, block.per_pair, group
    )


def _group_size(terms: int) -> int:
    """Return how many terms a tile takes: of the sizes that waste least of the last tile, the largest."""
    return min(range(1, LARGEST_GROUP + 1), key=lambda size: (-terms % size, -size))


def _rows(rows: npt.NDArray[Any], sums: npt.NDArray[Any], terms: npt.NDArray[Any], size: int) -> RowGradients:
    """Return the rows with at least one term, ascending, without padding."""
    order = np.argsort(rows)
    order = order[terms[order] > 0]
    return RowGradients(rows[order].astype(np.int64), sums[order, :size], terms[order])


class NumbaDraws:
    """`fastw2v.sampling.Draws`, compiled."""

    # The guide table has a few entries a word, so that nearly every noise draw takes one step.
    _GUIDE_BITS = (16, 24)

    def __init__(self, counts: npt.NDArray[np.int64], settings: Settings) -> None:
        self.settings = settings
        self._key = np.uint64(settings.seed & 0xFFFFFFFF), np.uint64(settings.seed >> 32)
        self._keep = keep_thresholds(counts, settings.sample)
        self._noise = noise_thresholds(counts, settings.ns_exponent)
        bits = min(max(len(counts).bit_length() + 2, self._GUIDE_BITS[0]), self._GUIDE_BITS[1])
        self._shift = np.uint32(32 - bits)
        starts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(self._shift)
        self._guide = np.searchsorted(self._noise, starts, side="right").astype(np.int32)

    def keep(self, ids: npt.NDArray[np.int32], epoch: int, start: int) -> npt.NDArray[np.int64]:
        """See `Draws.keep`."""
        first = start // 4 * 4
        drawn = np.empty((start + len(ids) - first + 3) // 4 * 4, dtype=np.uint32)
        kernels.draw_range(*self._key, np.uint64(epoch), np.uint64(KEEP), first, drawn)
        kept = np.empty(len(ids) + 1, dtype=np.int64)
        return kept[: kernels.select_kept(drawn[start - first :], self._keep, ids, start, kept)]

    def radius(self, positions: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.radius`."""
        if not self.settings.shrink_windows:
            return np.full(len(positions), self.settings.window, dtype=np.int32)
        radii = np.empty(len(positions), dtype=np.int32)
        kernels.to_radius(self._draw(epoch, RADIUS, positions, 1), positions, self.settings.window, radii)
        return radii

    def noise(self, counters: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.noise`."""
        negative = self.settings.negative
        found = np.empty((len(counters), negative), dtype=np.int32)
        drawn = self._draw(epoch, NOISE, counters, negative)
        kernels.to_noise(drawn, counters, self._noise, self._guide, self._shift, found)
        return found

    def _draw(
        self, epoch: int, stream: int, counters: npt.NDArray[np.int64], repeat: int
    ) -> npt.NDArray[np.uint32]:
        """Return the blocks with the draws counters * repeat + 0 ... repeat - 1, (blocks, 4, n)."""
        # The first draw may be the last word of its block.
        words = np.empty(((repeat + 6) // 4, 4, len(counters)), dtype=np.uint32)
        kernels.draw_blocks(*self._key, np.uint64(epoch), np.uint64(stream), counters, repeat, words)
        return words
