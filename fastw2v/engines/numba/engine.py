"""The numba engine: arranges arrays for the compiled kernels and runs them on threads.

One worker trains a whole block in one call. Several workers take a block's batches without locks (racy: the same pairs
and noise, in another order). With `deterministic`, all workers number the batches; then two threads split each batch by
columns, which changes no bit.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.batches.windows import Windows
from fastw2v.draws.numpy_draws import noise_thresholds
from fastw2v.draws.randomness import SCALE
from fastw2v.engines.base import Engine, Gradients, RowGradients
from fastw2v.engines.numba import kernels
from fastw2v.engines.numba.layout import Block, Numbers, Stamps
from fastw2v.engines.numba.pick_faster import Faster
from fastw2v.engines.numba.scratch import Addresses, ColumnSplit, Limits, Scratch, ScratchSize
from fastw2v.engines.numba.split_rows import join, middle_line, separate
from fastw2v.engines.numba.work_queue import number_shared, train_shared
from fastw2v.engines.weights import Weights, aligned_zeros
from fastw2v.jit.simd_width import LINE_BYTES
from fastw2v.jit.versions import versions
from fastw2v.objectives.inputs import SkipGram
from fastw2v.objectives.interfaces import Objective
from fastw2v.objectives.logistic import racing_noise
from fastw2v.objectives.negative_sampling import NegativeSampling, mean_pairs
from fastw2v.settings import Settings
from fastw2v.system.row_blocks import row_blocks
from fastw2v.system.threads import Threads


class NumbaEngine(Engine):
    """Compiled kernels, threaded."""

    name = "numba"
    parallel = True

    @classmethod
    def refusal(cls, objective: Objective) -> str:
        """See `Engine.refusal`."""
        trained = type(objective.inputs) is SkipGram and type(objective.outputs) is NegativeSampling
        return "" if trained else f"it has no kernels for {objective.name}"

    @classmethod
    def versions(cls) -> dict[str, str]:
        """See `Engine.versions`."""
        return versions()

    def __init__(self, settings: Settings, counts: npt.NDArray[np.int64] | None = None) -> None:
        super().__init__(settings, counts)
        number = np.dtype(settings.dtype).type
        self._threads = Threads(settings.workers)
        self.racy = self._threads.count > 1 and not settings.deterministic
        step_in, step_out = self.objective.outputs.step_limits()
        self._racing, self._others_noise = (self._threads.count if self.racy else 1), np.empty(0, dtype=np.int32)
        if self.racy:
            step_in /= self._racing  # all terms of W_in are of pairs, counted `racing` times: see `racing_noise`
            if counts is None or settings.noise == "per-pair":  # here terms are counted within the batch only
                step_out /= self._racing
            else:
                self._others_noise = _others_noise(settings, counts, self._racing)
        # Clipping needs the whole sum of a row's gradient.
        clip = float(settings.gradient_clip)
        self._limits = Limits(number(settings.sigmoid_clip), clip, step_in, step_out, sum_first=clip > 0)
        # Racy threads that update rows in place invalidate each other's cache lines in every window. Compared with
        # adding a batch's sums at its end, that halved the speed between distant cores and took a fifth longer on one
        # core, but was 3 to 9 % faster between near cores. Where threads run changed within seconds, so time both.
        self._adding = Faster() if self.racy and not clip else None
        self._scratches: dict[int, tuple[ScratchSize, Scratch]] = {}
        self._stamps: dict[int, Stamps] = {}
        # Barrier counters of the two threads, on separate 4 KiB pages to avoid false sharing.
        self._counters = aligned_zeros(2, 512, np.int64)
        self._halves = np.empty((2, 2, 0), dtype=settings.dtype)
        self._separated: Weights | None = None  # the weights that `separate` has split by columns now

    def gradients(self, weights: Weights, windows: Windows) -> Gradients:
        """See `Engine.gradients`."""
        if not len(windows):
            return Gradients(0.0, _no_rows(weights), _no_rows(weights))
        job = self._job(weights, windows, np.empty(1), len(windows), threads=1)
        self._number(job, 0)
        block, numbers = job.block, job.numbers
        scratch = self._scratch(0, job)
        at = Addresses.of(weights, numbers, scratch, _lines(weights), separated=False)
        limits = self._limits._replace(sum_first=True)
        loss = kernels.sum_gradients(block, numbers, scratch, at, limits, ColumnSplit.none(scratch))
        used_in, used_out, _ = numbers.used[0]
        return Gradients(
            loss,
            _rows(numbers.rows_in[0, :used_in], scratch.sums_in, numbers.terms_in[0], weights.size),
            _rows(numbers.rows_out[0, :used_out], scratch.sums_out, numbers.terms_out[0], weights.size),
        )

    def step(self, weights: Weights, windows: Windows, rate: float) -> float:
        """See `Engine.step`."""
        if not len(windows):
            return 0.0
        with self.start_block(
            self._job(weights, windows, np.array([rate]), len(windows), self._threads.count)
        ) as finish:
            return float(finish()[0])

    def prepare(self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]) -> Any:
        """See `Engine.prepare`. With one thread, nothing is prepared ahead: no gain, and more memory for two blocks."""
        given = weights, block, rates, self.settings.batch_size, self._threads.count
        return given if self._threads.count == 1 else self._job(*given)

    @contextmanager
    def start_block(self, prepared: Any) -> Iterator[Callable[[], npt.NDArray[np.float64]]]:
        """See `Engine.start_block`."""
        job = prepared if isinstance(prepared, _BlockJob) else self._job(*prepared)
        if not len(job.losses):
            yield lambda: job.losses
            return
        self._counters[:] = 0
        work = self._race if self.racy else self._train
        with (
            self._halves_apart(job.weights),
            self._limits_for(job) as limits,
            self._threads.started(functools.partial(work, job, limits), self._release_waiters) as finish,
        ):

            def rest() -> npt.NDArray[np.float64]:
                finish()
                return job.losses

            yield rest

    @contextmanager
    def _limits_for(self, job: _BlockJob) -> Iterator[Limits]:
        """Yield the limits for a block. Racy threads use the faster way of adding; each block is timed to choose it."""
        if self._adding is None:
            yield self._limits
            return
        way, begun = self._adding.choose(), time.perf_counter()
        yield self._limits._replace(sum_first=way == 1)
        self._adding.took(way, (time.perf_counter() - begun) / max(1, int(job.block.pair_start[-1])))

    @contextmanager
    def epoch(self, weights: Weights) -> Iterator[None]:
        """See `Engine.epoch`: keep one thread pool; while two threads share batches, keep rows split by columns."""
        with self._threads.alive(), self._halves_apart(weights):
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
            for block in row_blocks(matrix):
                part = block.copy()
                join(part)
                yield part[:, : weights.size]

    def _job(
        self, weights: Weights, windows: Windows, rates: npt.NDArray[np.float64], batch_size: int, threads: int
    ) -> _BlockJob:
        """Return a block to train, with the arrays that `threads` threads need to number it."""
        block = Block.of(windows)
        if threads > 1 and len(self._others_noise):
            if len(self._others_noise) != len(weights.w_in):
                raise ValueError(f"an engine for {len(self._others_noise)} words got {len(weights.w_in)} vectors")
            block = block._replace(racing=self._racing, others_noise=self._others_noise)
        if len(rates) != -(-len(windows) // batch_size):
            raise ValueError(f"a rate is needed for each of {-(-len(windows) // batch_size)} batches, got {len(rates)}")
        numbers = Numbers.empty(block, batch_size, len(weights.w_in))
        for thread in range(threads):
            stamps = self._stamps.get(thread)
            if stamps is None or len(stamps.words_in) != len(weights.w_in):
                stamps = Stamps.fresh(len(weights.w_in))
            self._stamps[thread] = stamps.with_places(numbers, block, batch_size)
        need = ScratchSize.of(weights, numbers, block, batch_size)
        mine, halves = tuple(self._stamps[i] for i in range(threads)), self._halves_for(weights, need)
        losses, progress = np.zeros(len(rates)), np.zeros(2, dtype=np.int64)
        return _BlockJob(weights, block, numbers, mine, need, halves, batch_size, rates, losses, progress)

    def _halves_for(self, weights: Weights, need: ScratchSize) -> npt.NDArray[Any]:
        """Return the buffer for a batch's partial scores, see `ColumnSplit`; it is reused by all blocks."""
        size = need.pairs * need.terms if self._shares(weights) else 0
        if self._halves.shape[2] < size:
            self._halves = np.empty((2, 2, size), dtype=self._halves.dtype)
        return self._halves

    def _number(self, job: _BlockJob, thread: int) -> None:
        """Number batches as one of several threads; return when all batches are numbered."""
        number_shared(job.block, job.numbers, job.stamps[thread], job.batch_size, job.progress.ctypes.data)

    def _race(self, job: _BlockJob, limits: Limits, thread: int) -> None:
        """Number batches and train on them, as one of several racy threads."""
        scratch = self._scratch(thread, job)
        at = Addresses.of(job.weights, job.numbers, scratch, _lines(job.weights), separated=False)
        train_shared(
            job.block, job.numbers, job.stamps[thread], scratch, at, limits, ColumnSplit.none(scratch),
            job.batch_size, job.rates, job.losses, job.progress.ctypes.data,
        )  # fmt: skip

    def _train(self, job: _BlockJob, limits: Limits, thread: int) -> None:
        """Number batches as one of several threads; then train on them in order, with one thread or two.

        Both steps are one task: submitting a second task to a thread took 0.15 ms.
        """
        shared = self._shares(job.weights)
        try:
            self._number(job, thread)
            if thread > int(shared):  # further threads number only
                return
            low, middle, high = _lines(job.weights)
            scratch, losses = self._scratch(thread, job), job.losses
            share, lines = ColumnSplit.none(scratch), (low, middle, high)
            if shared:
                share, lines = self._share(job, thread), ((low, middle, middle), (middle, middle, high))[thread]
                losses = losses if thread == 0 else np.empty_like(losses)  # both compute the same
            at = Addresses.of(job.weights, job.numbers, scratch, lines, separated=shared)
            kernels.train(job.block, job.numbers, scratch, at, limits, share, job.batch_size, job.rates, losses)
        except BaseException:
            self._release_waiters()
            raise

    def _share(self, job: _BlockJob, thread: int) -> ColumnSplit:
        """Return the shared buffers and barrier counters of two threads that split each batch by columns."""
        counters = [counter.ctypes.data for counter in self._counters]
        return ColumnSplit(2, thread, job.halves, counters[thread], counters[1 - thread], np.zeros(1, dtype=np.int64))

    def _release_waiters(self) -> None:
        """Release threads that wait at the barrier: after an error or interrupt one of the two will not reach it."""
        self._counters[:, 0] = np.iinfo(np.int64).max

    def _shares(self, weights: Weights) -> bool:
        """Whether two threads share every batch. Clipping needs the length of whole rows."""
        _, middle, high = _lines(weights)
        several = self.settings.deterministic and self._threads.count > 1
        return several and middle < high and not self.settings.gradient_clip

    def _scratch(self, thread: int, job: _BlockJob) -> Scratch:
        """Return the thread's scratch arrays, reallocated if a batch of the block would not fit."""
        have = self._scratches.get(thread)
        if have is None or not have[0].holds(job.need):
            have = self._scratches[thread] = (job.need, job.need.allocate())
        return have[1]


def _others_noise(settings: Settings, counts: npt.NDArray[np.int64], racing: int) -> npt.NDArray[np.int32]:
    """Return (V,) the noise terms of each word in the batches of the other threads, see `racing_noise`."""
    shares = np.diff(noise_thresholds(counts, settings.ns_exponent), prepend=np.uint64(0)) / SCALE
    terms = settings.batch_size * mean_pairs(settings) * settings.negative
    others: npt.NDArray[np.int32] = np.rint(racing_noise(terms * shares, racing)).astype(np.int32)
    return others


class _BlockJob(NamedTuple):
    """A block's batches to train, with what each thread needs to number them and a scratch that they fit.

    losses: to be filled in. progress: (2,) how many batches are taken, see `work_queue`, and how many are numbered.
    """

    weights: Weights
    block: Block
    numbers: Numbers
    stamps: tuple[Stamps, ...]
    need: ScratchSize
    halves: npt.NDArray[Any]
    batch_size: int
    rates: npt.NDArray[np.float64]
    losses: npt.NDArray[np.float64]
    progress: npt.NDArray[np.int64]


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
