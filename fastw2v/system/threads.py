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
    """Abandon nothing."""


class Threads:
    """The threads of `workers` workers: a logical number, of which no more run at a time than there are processors.

    Thread i is always the same one while they are kept, 0 the caller's: what it works on is then in the caches of its
    processor.
    """

    def __init__(self, workers: int) -> None:
        self.count = min(workers, processors())
        self._others: list[ThreadPoolExecutor] = []
        self._abandon = _nothing

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Reuse one thread pool inside the block, and shut it down on exit: starting threads takes 0.3 ms.

        Not kept for longer: see `_end`. A thread whose work failed lives on in the traceback.
        """
        if self._others:
            yield
            return
        with _pools([1] * (self.count - 1)) as self._others:
            try:
                yield
            finally:
                # Interrupted between two statements, `started` may not have ended. Kept for longer, what was begun last
                # would hold its owner, which would then be freed late, with all its arrays.
                abandon, self._abandon = self._abandon, _nothing
                abandon()

    @contextmanager
    def started(
        self, work: Callable[[int], None], abandon: Callable[[], None] = _nothing
    ) -> Iterator[Callable[[], None]]:
        """Begin work(i) on all threads but 0; yield what does work(0) here and waits for all.

        However the block ends, none of them works any more. abandon: called at the end, has those still at work end
        early.
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
        """Begin work(i) on all threads but 0, each noted as soon as it runs: one may fail to after others."""
        with deferred():  # interrupted meanwhile, a thread could begin of which nobody knows
            for i, other in enumerate(self._others, start=1):
                running.append(other.submit(work, i))


@contextmanager
def submitting(count: int) -> Iterator[Callable[..., Future[Any]]]:
    """Yield what has work(*given) done by one of `count` threads, which are gone at the end, with all they were given.

    It returns the work's future, see `ThreadPoolExecutor.submit`.
    """
    with _pools([count]) as pools:
        yield lambda work, *given: pools[0].submit(work, *given)


@contextmanager
def _pools(sizes: list[int]) -> Iterator[list[ThreadPoolExecutor]]:
    """Yield pools of so many threads each; at the end they are gone, and the list, which alone may hold them, empty."""
    pools = [ThreadPoolExecutor(size) for size in sizes]
    try:
        yield pools
    finally:
        _finish(lambda: _end(pools))


def _end(pools: list[ThreadPoolExecutor]) -> None:
    """Let threads end, and free them where an interrupt only waits.

    Freed with their owner, at a moment that nobody chooses, they run code in which Python drops an interrupt.
    """
    with deferred():
        while pools:
            pools[-1].shutdown()
            pools.pop()


def _finish(ending: Callable[[], object]) -> None:
    """Wait for threads, again whenever interrupted: what they write to may be used or freed next.

    Raises:
        KeyboardInterrupt: one came meanwhile; calls are short.
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
