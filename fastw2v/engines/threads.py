"""Threads that run compiled code side by side: how many, and how work is split among them."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Threads:
    """The threads of `workers` workers: a logical number, of which no more run at a time than there are processors.

    Share i of any work is always done by the same thread, the first by the caller's: what it works on is then in the
    caches of its processor.
    """

    def __init__(self, workers: int) -> None:
        self.count = min(workers, processors())
        self._others = [ThreadPoolExecutor(1) for _ in range(self.count - 1)]

    def split(self, total: int, work: Callable[[int, int, int], None], most: int | None = None) -> None:
        """Run work(thread, start, stop) over 0..total-1, an equal share for each thread, for `most` at most."""
        count = max(1, min(self.count if most is None else most, total))
        bounds = [total * i // count for i in range(count + 1)]
        running: list[Future[None]] = []
        try:
            for i in range(1, count):
                running.append(self._others[i - 1].submit(work, i, bounds[i], bounds[i + 1]))  # noqa: PERF401 (an interrupt may come between any two)
            work(0, bounds[0], bounds[1])
        finally:
            _finish(running)
        for done in running:
            done.result()


def _finish(running: list[Future[None]]) -> None:
    """Wait until no thread works any more, whatever happens: what they write to may be used or freed next.

    Raises:
        KeyboardInterrupt: one came meanwhile; calls are short.
    """
    interrupted = None
    while True:
        try:
            wait(running)
            break
        except KeyboardInterrupt as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted
