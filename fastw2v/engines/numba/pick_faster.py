"""Pick the faster of two ways by timing both while training: it varies with machine and load."""

from __future__ import annotations

from collections import deque

# Judged by the shortest of so many times either way: other programs hold up, and never speed up.
LATEST = 3
# Once in so many times the slower way is tried again: threads are moved, and other programs come and go. Where it takes
# twice the time, that is 1.6 % of all, and 3 blocks at the beginning. A prime, so that it falls to all blocks of an
# epoch.
AGAIN = 61


class Faster:
    """Chooses between way 0 and way 1."""

    def __init__(self) -> None:
        self._paces: tuple[deque[float], deque[float]] = (deque(maxlen=LATEST), deque(maxlen=LATEST))
        self._done = 0

    def choose(self) -> int:
        """Return the way to go next: both by turns at first, then the faster one; now and then the other again."""
        if self._done < 2 * LATEST:
            return (self._done + 1) // 2 % 2  # 0, 1, 1, 0, 0, 1: the first and the last of two blocks fall to both
        zero, one = self._paces
        faster = int(min(one) < min(zero))
        return 1 - faster if self._done % AGAIN == 0 else faster

    def took(self, way: int, pace: float) -> None:
        """Note the time of what was done one way, in seconds for one of whatever is done."""
        self._paces[way].append(pace)
        self._done += 1
