"""The numba engine: arranges arrays for the compiled kernels and runs them on threads.

One worker does whole blocks in one call. Several workers share a block's batches without locks (racy: the same pairs
and noise, in another order), or, with `deterministic`, two of them share every batch by columns, which changes no bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.engines import kernels
from fastw2v.engines.base import ROWS_AT_ONCE, Engine, Gradients, RowGradients
from fastw2v.engines.halves import join, middle_line, separate
from fastw2v.engines.layout import Block, Numbers, Stamps
from fastw2v.engines.numbering import number_batches
from fastw2v.engines.threads import Threads
from fastw2v.engines.width import LINE_BYTES
from fastw2v.engines.workspace import Limits, Need, Places, Scratch, Share
from fastw2v.objective import STEP_LIMIT, input_limit
from fastw2v.settings import Settings
from fastw2v.weights import Weights, aligned_zeros
from fastw2v.windows import Windows


class NumbaEngine(Engine):
    """Compiled kernels, threaded."""

    name = "numba"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        number = np.dtype(settings.dtype).type
        steps = input_limit(settings.negative), STEP_LIMIT
        self._threads = Threads(settings.workers)
        # Clipping needs whole sums. Racy threads that added to rows where they stand would take each other's lines
        # away, window by window: between distant cores that halved their speed, between near ones it gained 9 %.
        racy = self._threads.count > 1 and not settings.deterministic
        sum_first = settings.gradient_clip > 0 or racy
        self._limits = Limits(number(settings.sigmoid_clip), float(settings.gradient_clip), *steps, sum_first)
        self._scratches: dict[int, tuple[Need, Scratch]] = {}
        self._stamps: dict[int, Stamps] = {}
        # One page for each of two threads: the counters that they wait for.
        self._counters = aligned_zeros(2, 512, np.int64)
        self._separated: Weights | None = None  # whose rows' halves lie apart

    def gradients(self, weights: Weights, batch: Windows) -> Gradients:
        """See `Engine.gradients`."""
        if not len(batch):
            return Gradients(0.0, _no_rows(weights), _no_rows(weights))
        block = Block.of(batch)
        numbers = self._number(block, len(batch), len(weights.w_in), 1)
        scratch = self._scratch(0, weights, numbers, block, len(batch))
        at = Places.of(weights, numbers, scratch, _lines(weights), separated=False)
        task, limits = kernels.task_of(block, len(batch), 0), self._limits._replace(sum_first=True)
        loss = kernels.sum_batch(block, task, numbers, scratch, at, -1.0, limits, Share.none(scratch))
        used_in, used_out, _ = numbers.used[0]
        return Gradients(
            loss,
            _rows(numbers.rows_in[0, :used_in], scratch.sums_in, numbers.terms_in[0], weights.size),
            _rows(numbers.rows_out[0, :used_out], scratch.sums_out, numbers.terms_out[0], weights.size),
        )

    def step(self, weights: Weights, batch: Windows, rate: float) -> float:
        """See `Engine.step`."""
        return float(self._run(weights, batch, np.array([rate]), max(1, len(batch)))[0])

    def train(self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """See `Engine.train`."""
        return self._run(weights, block, rates, self.settings.batch_size)

    @contextmanager
    def epoch(self, weights: Weights) -> Iterator[None]:
        """See `Engine.epoch`: while two threads share batches, the halves of rows lie apart."""
        if not self._shares(weights) or self._separated is weights:
            yield
            return
        for matrix in (weights.w_in, weights.w_out):
            separate(matrix)
        self._separated = weights
        try:
            yield
        finally:
            self._separated = None
            for matrix in (weights.w_in, weights.w_out):
                join(matrix)

    def rows(self, weights: Weights) -> Iterator[npt.NDArray[Any]]:
        """See `Engine.rows`."""
        if self._separated is not weights:
            yield from super().rows(weights)
            return
        for matrix in (weights.w_in, weights.w_out):
            for low in range(0, len(matrix), ROWS_AT_ONCE):
                part = matrix[low : low + ROWS_AT_ONCE].copy()
                join(part)
                yield part[:, : weights.size]

    def _run(
        self, weights: Weights, windows: Windows, rates: npt.NDArray[np.float64], batch_size: int
    ) -> npt.NDArray[np.float64]:
        losses = np.zeros(len(rates))
        if not len(windows):
            return losses
        block = Block.of(windows)
        numbers = self._number(block, batch_size, len(weights.w_in), self._threads.count)
        job = _Job(weights, block, numbers, batch_size, rates, losses)
        if self._shares(weights):
            with self.epoch(weights):
                self._run_shared(job)
        else:
            self._run_whole(job)
        return losses

    def _shares(self, weights: Weights) -> bool:
        """Whether two threads share every batch. Clipping needs the length of whole rows."""
        _, middle, high = _lines(weights)
        several = self.settings.deterministic and self._threads.count > 1
        return several and middle < high and not self.settings.gradient_clip

    def _run_whole(self, job: _Job) -> None:
        """Do a block's batches, each on one thread."""
        threads = 1 if self.settings.deterministic else self._threads.count
        # Made here, not by the threads, which would race for places in the list.
        scratches = [self._scratch(i, job.weights, job.numbers, job.block, job.batch_size) for i in range(threads)]

        def run(thread: int, first: int, last: int) -> None:
            scratch = scratches[thread]
            at = Places.of(job.weights, job.numbers, scratch, _lines(job.weights), separated=False)
            kernels.train(
                job.block, job.numbers, scratch, at, self._limits, Share.none(scratch), job.batch_size, job.rates,
                job.losses, first, last,
            )  # fmt: skip

        self._threads.split(len(job.rates), run, threads)

    def _run_shared(self, job: _Job) -> None:
        """Do a block's batches on two threads, each with half of the columns."""
        low, middle, high = _lines(job.weights)
        lines = ((low, middle, middle), (middle, middle, high))
        scratches = [self._scratch(i, job.weights, job.numbers, job.block, job.batch_size) for i in range(2)]
        halves = np.empty((2, 2, len(scratches[0].factors)), dtype=scratches[0].factors.dtype)
        self._counters[:] = 0
        counters = [counter.ctypes.data for counter in self._counters]
        losses = job.losses, np.empty_like(job.losses)  # both threads compute the same

        def run(thread: int, _first: int, _last: int) -> None:  # each does all batches
            scratch = scratches[thread]
            try:
                at = Places.of(job.weights, job.numbers, scratch, lines[thread], separated=True)
                share = Share(2, thread, halves, counters[thread], counters[1 - thread], np.zeros(1, dtype=np.int64))
                kernels.train(
                    job.block, job.numbers, scratch, at, self._limits, share, job.batch_size, job.rates,
                    losses[thread], 0, len(job.rates),
                )  # fmt: skip
            except BaseException:
                # It will come to no meeting any more: the other thread must not wait for it.
                self._counters[thread, 0] = np.iinfo(np.int64).max
                raise

        self._threads.split(2, run, 2)

    def _number(self, block: Block, batch_size: int, words: int, threads: int) -> Numbers:
        """Return the numbering of a block's batches."""
        numbers = Numbers.empty(block, batch_size, words)
        for thread in range(threads):
            stamps = self._stamps.get(thread)
            if stamps is None or len(stamps.words_in) != words:
                stamps = Stamps.fresh(words)
            self._stamps[thread] = stamps.with_places(numbers, block, batch_size)

        def run(thread: int, first: int, last: int) -> None:
            number_batches(block, numbers, self._stamps[thread], batch_size, first, last)

        self._threads.split(len(numbers.used), run, threads)
        return numbers

    def _scratch(self, thread: int, weights: Weights, numbers: Numbers, block: Block, batch_size: int) -> Scratch:
        """Return the thread's scratch, made anew where a batch of the block would not fit."""
        need = Need.of(weights, numbers, block, batch_size)
        have = self._scratches.get(thread)
        if have is None or not have[0].holds(need):
            have = self._scratches[thread] = (need, need.allocate())
        return have[1]


class _Job(NamedTuple):
    """A block's batches to train: their losses are to be filled in."""

    weights: Weights
    block: Block
    numbers: Numbers
    batch_size: int
    rates: npt.NDArray[np.float64]
    losses: npt.NDArray[np.float64]


def _lines(weights: Weights) -> tuple[int, int, int]:
    """Return the lines of a row: where the first half begins, where the second does, where it ends."""
    return 0, middle_line(weights.w_in), weights.w_in.strides[0] // LINE_BYTES


def _no_rows(weights: Weights) -> RowGradients:
    none = np.empty(0, dtype=np.int64)
    return RowGradients(none, np.empty((0, weights.size), dtype=weights.w_in.dtype), none)


def _rows(rows: npt.NDArray[Any], sums: npt.NDArray[Any], terms: npt.NDArray[Any], size: int) -> RowGradients:
    """Return the rows with at least one term, ascending, without padding."""
    order = np.argsort(rows)
    order = order[terms[order] > 0]
    return RowGradients(rows[order].astype(np.int64), sums[order, :size], terms[order])
