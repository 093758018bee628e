"""Time candidates in alternating rounds: ratios within rounds, medians and spread.

A slow minute of the machine meets every candidate of its round, so ratios are steadier than speeds.
"""

from __future__ import annotations

import logging
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

WARM_UP = 0

C = TypeVar("C")


@dataclass(frozen=True)
class Spread:
    """The median of some figures, with the smallest and the largest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of at least one value."""
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int) -> str:
        """Return "median [low - high]"."""
        return f"{self.median:.{digits}f} [{self.low:.{digits}f} - {self.high:.{digits}f}]"


@dataclass(frozen=True)
class Ratio:
    """How many times as fast one is as another, round by round, and what is promised."""

    faster: str
    slower: str
    by_round: list[float]
    promised: float

    @property
    def spread(self) -> Spread:
        """Median and spread of the rounds."""
        return Spread.of(self.by_round)

    @property
    def kept(self) -> bool:
        """Whether the median is what was promised."""
        return self.spread.median >= self.promised

    @property
    def verdict(self) -> str:
        """The promise, and whether it is kept."""
        return f"promised >= {self.promised:g}: {'kept' if self.kept else 'NOT KEPT'}"

    @property
    def measured(self) -> str:
        """Median and spread, small ones with one more digit."""
        return self.spread.text(1 if self.promised >= 10 else 2)

    @property
    def text(self) -> str:
        """One line: median, spread, promise."""
        return f"{self.faster} / {self.slower}: {self.measured}; {self.verdict}"


def _never(candidate: object, number: int) -> bool:
    return False


def alternate(
    candidates: Sequence[C], rounds: int, done: Callable[[C, int], bool] = _never
) -> Iterator[tuple[int, list[C]]]:
    """Yield each round's number and the candidates to time in it, one after the other; 1 is the first round.

    What is `done` is left out. Before them comes round WARM_UP, for caches and clocks, with all that have something
    left to do; its times are not to be kept.
    """
    due = [(number, [one for one in candidates if not done(one, number)]) for number in range(1, rounds + 1)]
    warm_up = [one for one in candidates if any(one in left for _, left in due)]
    for number, left in [(WARM_UP, warm_up), *due]:
        if left:
            yield number, left


def label(number: int, rounds: int) -> str:
    """Return what to call a round while it runs."""
    return "warming up" if number == WARM_UP else f"round {number} of {rounds}"


@contextmanager
def without_warnings() -> Iterator[None]:
    """Keep the package's warnings back: that racy workers are racy stands in the table."""
    package = logging.getLogger("fastw2v")
    before = package.level
    package.setLevel(logging.ERROR)
    try:
        yield
    finally:
        package.setLevel(before)
