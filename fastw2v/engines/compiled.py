"""The numba engine: arranges arrays for the compiled kernels and runs them on threads.

One worker does whole blocks in one call. Several workers share a block's batches without locks (racy: the same pairs
and noise, in another order), or, with `deterministic`, share each phase of every large batch, which changes no bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.engines import kernels
from fastw2v.engines.base import Engine, Gradients, RowGradients
from fastw2v.engines.layout import Limits, Need, Scratch, task_of
from fastw2v.engines.tiles import CHUNK_BYTES
from fastw2v.objective import STEP_LIMIT, input_limit
from fastw2v.settings import Settings
from fastw2v.weights import Weights
from fastw2v.windows import Windows

# Centres a thread must have of a batch for sharing the batch to pay; smaller ones are done by one thread, with the same
# bits. Two threads, meeting five times a batch, took 3 times as long as one at 256 centres a batch, 1.13 times at
# 4,096, 0.91 times at 16,384.
SHARED_FROM = 8192


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class NumbaEngine(Engine):
    """Compiled kernels, threaded."""

    name = "numba"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        number = np.dtype(settings.dtype).type
        steps = input_limit(settings.negative), STEP_LIMIT
        self._limits = Limits(number(settings.sigmoid_clip), float(settings.gradient_clip), *steps)
        # Workers are a logical number: more threads than processors would only wait for each other.
        self._threads = min(settings.workers, processors())
        self._pool = ThreadPoolExecutor(self._threads)
        self._scratches: dict[int, tuple[Need, Scratch]] = {}

    def gradients(self, weights: Weights, batch: Windows) -> Gradients:
        """See `Engine.gradients`."""
        task = task_of(batch)
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
        return float(self._run(weights, batch, np.array([rate]), max(1, len(batch)))[0])

    def train(self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """See `Engine.train`."""
        return self._run(weights, block, rates, self.settings.batch_size)

    def _run(
        self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64], batch_size: int
    ) -> npt.NDArray[np.float64]:
        batches = len(rates)
        losses = np.empty(batches)
        if self.settings.deterministic and min(self._threads, batch_size // SHARED_FROM) > 1:
            for batch in range(batches):
                part = block[batch * batch_size : (batch + 1) * batch_size]
                losses[batch] = self._shared_step(weights, part, float(rates[batch]))
            return losses
        task = task_of(block)
        reach = int(max(block.left.max(initial=0), block.right.max(initial=0)))
        threads = 1 if self.settings.deterministic else self._threads
        # Made here, not by the threads, which would race for places in the list.
        scratches = [self._scratch(i, weights, block, batch_size) for i in range(threads)]

        def run(thread: int, start: int, stop: int) -> None:
            kernels.train(
                task, weights.w_in, weights.w_out, self._limits, scratches[thread], batch_size, reach, rates, losses,
                start, stop,
            )  # fmt: skip

        self._split(batches, run, threads)
        return losses

    def _shared_step(self, weights: Weights, batch: Windows, rate: float) -> float:
        """Do one batch with its phases split among the threads."""
        task = task_of(batch)
        scratch = self._scratch(0, weights, batch, len(batch))
        kernels.number(task, scratch)
        w_in, w_out, rows = weights.w_in, weights.w_out, int(scratch.used.sum())

        def copy(thread: int, start: int, stop: int) -> None:
            kernels.copy(w_in, w_out, scratch, start, stop)

        def score(thread: int, start: int, stop: int) -> None:
            kernels.score(task, scratch, start, stop)

        def derive(thread: int, start: int, stop: int) -> None:
            kernels.derive(task, self._limits, scratch, start, stop)

        def accumulate(thread: int, start: int, stop: int) -> None:
            kernels.accumulate(task, scratch, start, stop)

        def descend(thread: int, start: int, stop: int) -> None:
            kernels.descend(w_in, w_out, rate, self._limits, scratch, start, stop)

        self._split(rows, copy, self._threads)
        self._split(len(batch), score, self._threads)
        self._split(len(scratch.losses), derive, self._threads)
        self._split(w_in.strides[0] // CHUNK_BYTES, accumulate, self._threads)
        self._split(rows, descend, self._threads)
        kernels.forget_rows(scratch)
        return float(kernels.batch_loss(scratch))

    def _split(self, total: int, work: Callable[[int, int, int], None], threads: int) -> None:
        """Run work(thread, start, stop) over 0..total-1, an equal share for each of at most `threads`."""
        threads = min(threads, total)
        if threads <= 1:
            work(0, 0, total)
            return
        bounds = [total * i // threads for i in range(threads + 1)]
        for done in [self._pool.submit(work, i, bounds[i], bounds[i + 1]) for i in range(threads)]:
            done.result()

    def _scratch(self, thread: int, weights: Weights, block: Windows, batch_size: int) -> Scratch:
        """Return the thread's scratch, made anew where a batch of the block would not fit."""
        need = Need.of(weights, block, batch_size)
        have = self._scratches.get(thread)
        if have is None or not have[0].holds(need):
            have = self._scratches[thread] = (need, need.allocate())
        return have[1]


def _rows(rows: npt.NDArray[Any], sums: npt.NDArray[Any], terms: npt.NDArray[Any], size: int) -> RowGradients:
    """Return the rows with at least one term, ascending, without padding."""
    order = np.argsort(rows)
    order = order[terms[order] > 0]
    return RowGradients(rows[order].astype(np.int64), sums[order, :size], terms[order])
