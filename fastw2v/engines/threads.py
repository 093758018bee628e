"""Threads that run compiled code side by side: how many, and how they are begun and waited for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from fastw2v.signals import deferred


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Threads:
    """The threads of `workers` workers: a logical number, of which no more run at a time than there are processors.

    Thread i is always the same one while they are kept, 0 the caller's: what it works on is then in the caches of its
    processor.
    """

    def __init__(self, workers: int) -> None:
        self.count = min(workers, processors())
        self._others: list[ThreadPoolExecutor] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Have the calls within use the same threads, which are gone at the end: to begin them takes 0.3 ms.

        Not kept for longer: freed at a moment that nobody chooses, they run code in which Python drops an interrupt.
        """
        if self._others:
            yield
            return
        self._others = [ThreadPoolExecutor(1) for _ in range(self.count - 1)]
        try:
            yield
        finally:
            _finish(self._end)

    @contextmanager
    def begun(
        self, work: Callable[[int], None], count: int, abandon: Callable[[], None] = lambda: None
    ) -> Iterator[Callable[[], None]]:
        """Begin work(i) on the threads 1..count-1; yield what does work(0) here and waits for all.

        However the block ends, none of them works any more. abandon: has them end early; called on an exception.
        """
        running: list[Future[None]] = []

        def finish() -> None:
            work(0)
            for done in running:
                done.result()

        with self.kept():
            try:
                with deferred():  # interrupted meanwhile, a thread could begin of which nobody knows
                    for i in range(1, count):
                        running.append(self._others[i - 1].submit(work, i))  # noqa: PERF401 (one may fail after others)
                yield finish
            except BaseException:
                abandon()
                raise
            finally:
                _finish(lambda: wait(running))

    def run(self, work: Callable[[int], None], count: int, abandon: Callable[[], None] = lambda: None) -> None:
        """Do work(i) on the threads 0..count-1; abandon: as in `begun`."""
        with self.begun(work, count, abandon) as finish:
            finish()

    def _end(self) -> None:
        """End the threads, which have no work, and free them where an interrupt only waits."""
        with deferred():
            while self._others:
                self._others.pop().shutdown()


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
