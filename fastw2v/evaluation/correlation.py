"""Pearson's and Spearman's correlation of two series of numbers."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


def spearman(x: Doubles, y: Doubles) -> float | None:
    """Spearman's rank correlation, equal values sharing their average rank; None where undefined."""
    return pearson(average_ranks(x), average_ranks(y))


def pearson(x: Doubles, y: Doubles) -> float | None:
    """Pearson's correlation; None for fewer than two values or where all of one side are equal."""
    if len(x) < 2 or np.all(x == x[0]) or np.all(y == y[0]):
        return None
    a, b = x - x.mean(), y - y.mean()
    length = math.sqrt(float(a @ a)) * math.sqrt(float(b @ b))
    return min(1.0, max(-1.0, float(a @ b) / length)) if length > 0 else None


def average_ranks(values: Doubles) -> Doubles:
    """Ranks from 1; the values of a tie all get the mean of the ranks they span."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    return ((last - sizes + 1 + last) / 2.0)[group]
