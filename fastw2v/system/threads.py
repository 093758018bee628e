"""A thread pool for compiled code: its size, start and shutdown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from fastw2v.system.signals import deferred


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _nothing() -> None:
    """Do nothing: the default `abandon` callback."""


class Threads:
    """The threads of `workers` workers, at most one thread per processor.

    Thread 0 is the caller's. While the pool is alive, thread i is always the same OS thread, so its data stays in its
    core's caches.
    """

    def __init__(self, workers: int) -> None:
        self.count = min(workers, processors())
        self._others: list[ThreadPoolExecutor] = []
        self._abandon = _nothing

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Reuse one thread pool inside the block, and shut it down on exit: starting threads takes 0.3 ms.

        Threads do not outlive the block: see `_end`. A thread whose work failed is kept alive by its traceback.
        """
        if self._others:
            yield
            return
        with _pools([1] * (self.count - 1)) as self._others:
            try:
                yield
            finally:
                # An interrupt between two statements can skip the end of `started`, so call its callback here. Clear
                # it: a callback kept for longer would keep its owner and all its arrays alive.
                abandon, self._abandon = self._abandon, _nothing
                abandon()

    @contextmanager
    def started(
        self, work: Callable[[int], None], abandon: Callable[[], None] = _nothing
    ) -> Iterator[Callable[[], None]]:
        """Start work(i) on all threads but 0; yield a function that runs work(0) here and waits for all threads.

        When the block ends, also by an exception, no thread is running any more. abandon: called at the end; it must
        make threads that are still running return early.
        """
        running: list[Future[None]] = []

        def finish() -> None:
            work(0)
            for done in running:
                done.result()

        with self.alive():
            self._abandon = abandon
            try:
                self._begin(work, running)
                yield finish
            finally:
                abandon()
                _finish(lambda: wait(running))

    def _begin(self, work: Callable[[int], None], running: list[Future[None]]) -> None:
        """Start work(i) on all threads but 0. Append each future at once: a later submit may fail."""
        with deferred():  # an interrupt between submit and append would leave a thread that nobody waits for
            for i, other in enumerate(self._others, start=1):
                running.append(other.submit(work, i))


@contextmanager
def submitting(count: int) -> Iterator[Callable[..., Future[Any]]]:
    """Yield a function that submits work(*given) to a pool of `count` threads and returns its future.

    The pool is shut down at the end of the block, and its references to arguments are dropped.
    """
    with _pools([count]) as pools:
        yield lambda work, *given: pools[0].submit(work, *given)


@contextmanager
def _pools(sizes: list[int]) -> Iterator[list[ThreadPoolExecutor]]:
    """Yield pools with these numbers of threads; at the end shut them down and empty the list, their only owner."""
    pools = [ThreadPoolExecutor(size) for size in sizes]
    try:
        yield pools
    finally:
        _finish(lambda: _end(pools))


def _end(pools: list[ThreadPoolExecutor]) -> None:
    """Shut the pools down and free them while interrupts are deferred.

    A pool that is freed later, with its owner, runs code in which Python drops an interrupt.
    """
    with deferred():
        while pools:
            pools[-1].shutdown()
            pools.pop()


def _finish(ending: Callable[[], object]) -> None:
    """Call `ending` until it completes, also if interrupted: the arrays that threads write may be used or freed next.

    Raises:
        KeyboardInterrupt: an interrupt came while waiting; it is raised after the wait, which is short.
    """
    interrupted = None
    while True:
        try:
            ending()
            break
        except KeyboardInterrupt as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted
