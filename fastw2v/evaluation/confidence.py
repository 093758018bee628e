"""Confidence intervals of scores: bootstrap and Wilson.

Bootstrap: as many items as there are, drawn with replacement, `RESAMPLES` times; the interval lies between two
percentiles of the figure (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3), linear between
neighbours. Draws are those of `numpy.random.default_rng(SEED)` (PCG64): the same items have the same interval.
Resamples in which a correlation is undefined are left out. Items count as independent; analogies that share words are
not quite, so their true intervals are somewhat wider.

A resample is held as counts, how often each item was drawn, so that no resample is ever sorted: ranks are running sums
of counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist

import numpy as np

from fastw2v.evaluation.correlation import Doubles
from fastw2v.evaluation.results import Interval

LEVEL = 0.95
RESAMPLES = 10_000
SEED = 1

# Counts held at a time: blocks of 2 MB stay in the cache.
_BLOCK_COUNTS = 2**18
# What rounding leaves of a variance that is zero, beside the largest that there could be.
_NO_VARIANCE = 1e-14


def percentile_interval(samples: Doubles, level: float = LEVEL) -> Interval | None:
    """Interval that holds the middle `level` of the samples, NaN left out; None where no sample is left."""
    defined = samples[np.isfinite(samples)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mean_interval(values: Doubles, level: float = LEVEL) -> Interval | None:
    """Bootstrap interval of the mean of (n,) values; None for fewer than two."""
    return percentile_interval(resampled_means(values), level) if len(values) > 1 else None


def correlation_interval(x: Doubles, y: Doubles, ranked: bool, level: float = LEVEL) -> Interval | None:
    """Bootstrap interval of a correlation, Spearman's if `ranked`, else Pearson's; None for fewer than four items.

    Of two items each resample's correlation is 1 or -1, and three that agree would have an interval from 1 to 1.
    """
    return percentile_interval(resampled_correlations(x, [y], ranked)[0], level) if len(x) > 3 else None


def wilson_interval(right: int, asked: int, level: float = LEVEL) -> Interval | None:
    """Interval of a share of independent trials; None without trials.

    Unlike the bootstrap's it does not shrink to a point where all or none are right. Source: Wilson 1927, "Probable
    Inference, the Law of Succession, and Statistical Inference".
    """
    if not asked:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (right + z * z / 2) / (asked + z * z)
    half = z / (asked + z * z) * math.sqrt(right * (asked - right) / asked + z * z / 4)
    return max(0.0, centre - half), min(1.0, centre + half)


def resampled_means(values: Doubles) -> Doubles:
    """(n,) values -> (RESAMPLES,) means of resamples.

    Only how often each distinct value comes matters, and that is multinomial: 20,000 analogies take no longer than two.
    """
    distinct, counts = np.unique(values, return_counts=True)
    drawn = np.random.default_rng(SEED).multinomial(len(values), counts / len(values), size=RESAMPLES)
    means: Doubles = drawn @ distinct / len(values)
    return means


def resampled_correlations(x: Doubles, columns: Sequence[Doubles], ranked: bool) -> Doubles:
    """Correlation of x, (n,), with each of k columns in each resample: (k, RESAMPLES), NaN where undefined.

    All columns see the same resamples, so that their differences are paired.
    """
    found = np.empty((len(columns), RESAMPLES))
    start = 0
    for counts in _resamples(len(x)):
        part = slice(start, start + counts.shape[1])
        centred = _centred(x, counts, ranked)
        for row, column in enumerate(columns):
            found[row, part] = _correlations(centred, _centred(column, counts, ranked), counts)
        start += counts.shape[1]
    return found


def _resamples(items: int) -> Iterator[Doubles]:
    """Yield blocks (items, b): how often each item is in each of b resamples.

    Resamples stand in columns: what follows copies and adds whole rows, in an eighth of the time that it took the
    other way round.
    """
    generator = np.random.default_rng(SEED)
    size = max(1, _BLOCK_COUNTS // items)
    for start in range(0, RESAMPLES, size):
        block = min(size, RESAMPLES - start)
        drawn = generator.integers(items, size=(items, block))
        drawn *= block
        drawn += np.arange(block)
        yield np.bincount(drawn.ravel(), minlength=items * block).reshape(items, block).astype(np.float64)


def _centred(values: Doubles, counts: Doubles, ranked: bool) -> Doubles:
    """Each item's value, or its average rank in the resample, minus the resample's mean: (n, b), 0 without variance."""
    items = len(values)
    if ranked:
        _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
        tied = counts[np.argsort(group, kind="stable")]
        if len(sizes) < items:
            tied = np.add.reduceat(tied, np.cumsum(sizes) - sizes, axis=0)
        ranks = np.cumsum(tied, axis=0)
        tied *= 0.5
        ranks -= tied
        ranks -= items / 2  # the mean rank, (n + 1) / 2, less the half that half a group's size has too much
        centred: Doubles = ranks[group]
        return centred
    values = values - values[0]  # equal ones become exact zeros
    centred = values[:, np.newaxis] - values @ counts / items
    spread = float(np.ptp(values))
    centred[:, _products(centred, centred, counts) <= _NO_VARIANCE * items * spread**2] = 0
    return centred


def _correlations(a: Doubles, b: Doubles, counts: Doubles) -> Doubles:
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: undefined
        lengths = np.sqrt(_products(a, a, counts) * _products(b, b, counts))
        found: Doubles = _products(a, b, counts) / lengths
    return found.clip(-1, 1)


def _products(a: Doubles, b: Doubles, counts: Doubles) -> Doubles:
    """Sum over the items drawn, (n, b) -> (b,)."""
    products = a * b
    products *= counts
    total: Doubles = products.sum(axis=0)
    return total
