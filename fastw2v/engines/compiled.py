"""The numba engine: arranges arrays for the compiled kernels and runs them on threads.

One worker does whole blocks in one call. Several workers share a block's batches without locks (racy: the same pairs
and noise, in another order), or, with `deterministic`, number them together, and then two share every batch by columns,
which changes no bit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.engines import kernels
from fastw2v.engines.base import ROWS_AT_ONCE, Engine, Gradients, RowGradients
from fastw2v.engines.halves import join, middle_line, separate
from fastw2v.engines.layout import Block, Numbers, Stamps
from fastw2v.engines.sharing import number_shared, train_shared
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
        # away, window by window: between distant cores that halved their speed, between near ones it gained 9 %. With
        # the rows of the 256 to 4,096 most frequent words alone, the gain was lost in the spread.
        self.racy = self._threads.count > 1 and not settings.deterministic
        sum_first = settings.gradient_clip > 0 or self.racy
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
        job = self._job(weights, batch, np.empty(1), len(batch), threads=1)
        self._number(job, 0)
        block, numbers = job.block, job.numbers
        scratch = self._scratch(0, job)
        at = Places.of(weights, numbers, scratch, _lines(weights), separated=False)
        limits = self._limits._replace(sum_first=True)
        loss = kernels.sum_gradients(block, numbers, scratch, at, limits, Share.none(scratch))
        used_in, used_out, _ = numbers.used[0]
        return Gradients(
            loss,
            _rows(numbers.rows_in[0, :used_in], scratch.sums_in, numbers.terms_in[0], weights.size),
            _rows(numbers.rows_out[0, :used_out], scratch.sums_out, numbers.terms_out[0], weights.size),
        )

    def step(self, weights: Weights, batch: Windows, rate: float) -> float:
        """See `Engine.step`."""
        with self._begun(weights, batch, np.array([rate]), max(1, len(batch))) as finish:
            return float(finish()[0])

    @contextmanager
    def begun(
        self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]
    ) -> Iterator[Callable[[], npt.NDArray[np.float64]]]:
        """See `Engine.begun`."""
        with self._begun(weights, block, rates, self.settings.batch_size) as finish:
            yield finish

    @contextmanager
    def epoch(self, weights: Weights) -> Iterator[None]:
        """See `Engine.epoch`: its threads are kept; while two share batches, the halves of rows lie apart."""
        with self._threads.kept(), self._halves_apart(weights):
            yield

    @contextmanager
    def _halves_apart(self, weights: Weights) -> Iterator[None]:
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

    @contextmanager
    def _begun(
        self, weights: Weights, windows: Windows, rates: npt.NDArray[np.float64], batch_size: int
    ) -> Iterator[Callable[[], npt.NDArray[np.float64]]]:
        if not len(windows):
            yield lambda: np.zeros(len(rates))
            return
        job = self._job(weights, windows, rates, batch_size, self._threads.count)
        work = self._race if self.racy else self._number
        with self._threads.begun(functools.partial(work, job), self._threads.count) as finish:

            def rest() -> npt.NDArray[np.float64]:
                finish()
                if not self.racy:
                    self._train(job)
                return job.losses

            yield rest

    def _job(
        self, weights: Weights, windows: Windows, rates: npt.NDArray[np.float64], batch_size: int, threads: int
    ) -> _Job:
        """Return a block to train, with what so many threads need to number it."""
        block, words = Block.of(windows), len(weights.w_in)
        if len(rates) != -(-len(windows) // batch_size):
            raise ValueError(f"a rate is needed for each of {-(-len(windows) // batch_size)} batches, got {len(rates)}")
        numbers = Numbers.empty(block, batch_size, words)
        for thread in range(threads):
            stamps = self._stamps.get(thread)
            if stamps is None or len(stamps.words_in) != words:
                stamps = Stamps.fresh(words)
            self._stamps[thread] = stamps.with_places(numbers, block, batch_size)
        taken = np.zeros(1, dtype=np.int64)
        return _Job(weights, block, numbers, batch_size, rates, np.zeros(len(rates)), taken)

    def _number(self, job: _Job, thread: int) -> None:
        """Number batches, as one of the threads that do."""
        number_shared(job.block, job.numbers, self._stamps[thread], job.batch_size, job.taken.ctypes.data)

    def _race(self, job: _Job, thread: int) -> None:
        """Number batches and train on them, as one of the threads that do."""
        scratch = self._scratch(thread, job)
        at = Places.of(job.weights, job.numbers, scratch, _lines(job.weights), separated=False)
        train_shared(
            job.block, job.numbers, self._stamps[thread], scratch, at, self._limits, Share.none(scratch),
            job.batch_size, job.rates, job.losses, job.taken.ctypes.data,
        )  # fmt: skip

    def _train(self, job: _Job) -> None:
        """Train on a block that is numbered, in order: alone, or two threads."""
        if self._shares(job.weights):
            with self._halves_apart(job.weights):
                self._train_by_columns(job)
            return
        scratch = self._scratch(0, job)
        at = Places.of(job.weights, job.numbers, scratch, _lines(job.weights), separated=False)
        kernels.train(
            job.block, job.numbers, scratch, at, self._limits, Share.none(scratch), job.batch_size, job.rates,
            job.losses,
        )  # fmt: skip

    def _shares(self, weights: Weights) -> bool:
        """Whether two threads share every batch. Clipping needs the length of whole rows."""
        _, middle, high = _lines(weights)
        several = self.settings.deterministic and self._threads.count > 1
        return several and middle < high and not self.settings.gradient_clip

    def _train_by_columns(self, job: _Job) -> None:
        """Do a block's batches on two threads, each with half of the columns."""
        low, middle, high = _lines(job.weights)
        lines = ((low, middle, middle), (middle, middle, high))
        scratches = [self._scratch(i, job) for i in range(2)]
        halves = np.empty((2, 2, len(scratches[0].factors)), dtype=scratches[0].factors.dtype)
        self._counters[:] = 0
        counters = [counter.ctypes.data for counter in self._counters]
        losses = job.losses, np.empty_like(job.losses)  # both threads compute the same

        def run(thread: int) -> None:
            scratch = scratches[thread]
            try:
                at = Places.of(job.weights, job.numbers, scratch, lines[thread], separated=True)
                share = Share(2, thread, halves, counters[thread], counters[1 - thread], np.zeros(1, dtype=np.int64))
                kernels.train(
                    job.block, job.numbers, scratch, at, self._limits, share, job.batch_size, job.rates,
                    losses[thread],
                )  # fmt: skip
            except BaseException:
                part_company()
                raise

        def part_company() -> None:
            """Have neither thread wait for the other: one comes to no meeting any more."""
            self._counters[:, 0] = np.iinfo(np.int64).max

        self._threads.run(run, 2, part_company)

    def _scratch(self, thread: int, job: _Job) -> Scratch:
        """Return the thread's scratch, made anew where a batch of the block would not fit."""
        need = Need.of(job.weights, job.numbers, job.block, job.batch_size)
        have = self._scratches.get(thread)
        if have is None or not have[0].holds(need):
            have = self._scratches[thread] = (need, need.allocate())
        return have[1]


class _Job(NamedTuple):
    """A block's batches to train: losses to be filled in; taken: (1,) how many batches threads have taken."""

    weights: Weights
    block: Block
    numbers: Numbers
    batch_size: int
    rates: npt.NDArray[np.float64]
    losses: npt.NDArray[np.float64]
    taken: npt.NDArray[np.int64]


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
