"""Intervals: resamples of tiny data against all that there can be, Wilson's by hand, the fast twin against the slow."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest

from fastw2v.evaluation import confidence, pearson, spearman
from fastw2v.evaluation.confidence import (
    RESAMPLES,
    correlation_interval,
    mean_interval,
    percentile_interval,
    resampled_correlations,
    resampled_means,
    wilson_interval,
)


def floats(*values: float) -> Any:
    return np.array(values, dtype=np.float64)


def assert_as_often(got: Counter[Any], expected: Counter[Any]) -> None:
    """Each value comes as often as among all resamples, within five standard deviations."""
    total = sum(expected.values())
    assert set(got) == set(expected)
    for value, count in expected.items():
        share = count / total
        assert abs(got[value] - RESAMPLES * share) < 5 * np.sqrt(RESAMPLES * share * (1 - share)), value


def test_means_of_two_values_come_as_often_as_they_must() -> None:
    # 0 and 1: of the four resamples one has mean 0, two 1/2, one 1.
    assert_as_often(Counter(resampled_means(floats(0, 1)).tolist()), Counter({0.0: 1, 0.5: 2, 1.0: 1}))
    # So tails of 30 % end at 1/2, tails of 20 % at 0 and 1.
    assert mean_interval(floats(0, 1), level=0.4) == (0.5, 0.5)
    assert mean_interval(floats(0, 1), level=0.6) == (0, 1)


@pytest.mark.parametrize(("ranked", "correlation"), [(True, spearman), (False, pearson)])
@pytest.mark.parametrize("y", [(2.0, 7.0, 4.0, 4.0), (1.0, 1.0, 2.0, 1.5)])
def test_correlations_of_resamples_come_as_often_as_among_all_256(ranked: bool, correlation: Any, y: Any) -> None:
    x = floats(1, 2, 4, 8)
    expected: Counter[Any] = Counter()
    for chosen in itertools.product(range(4), repeat=4):
        value = correlation(x[list(chosen)], floats(*y)[list(chosen)])
        expected[None if value is None else round(value, 9) + 0.0] += 1
    found = resampled_correlations(x, [floats(*y)], ranked)[0]
    got = Counter(None if np.isnan(value) else round(float(value), 9) + 0.0 for value in found)
    assert None in expected
    assert_as_often(got, expected)


@pytest.mark.parametrize(("ranked", "correlation"), [(True, spearman), (False, pearson)])
@pytest.mark.parametrize("digits", [1, 9])
def test_a_resample_held_as_counts_equals_one_written_out(ranked: bool, correlation: Any, digits: int) -> None:
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 60)).round(digits)  # one digit makes ties
    counts = next(confidence._resamples(60))
    assert (counts.sum(axis=0) == 60).all()
    found = resampled_correlations(x, [y], ranked)[0]
    for own, value in zip(counts.T.astype(int)[:200], found, strict=False):
        assert value == pytest.approx(correlation(np.repeat(x, own), np.repeat(y, own)), abs=1e-12)


def test_columns_are_resampled_alike_whatever_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(2, 30))
    first, second, turned = resampled_correlations(x, [y, y, -y], ranked=True)
    assert np.array_equal(first, second)
    assert np.array_equal(first, -turned)
    monkeypatch.setattr(confidence, "_BLOCK_COUNTS", 7)  # one resample at a time, and still all of them
    assert np.isfinite(resampled_correlations(x, [y], ranked=True)).all()


def test_the_same_items_have_the_same_interval() -> None:
    x, y = np.random.default_rng(7).normal(size=(2, 50))
    assert correlation_interval(x, y, ranked=True) == correlation_interval(x, y, ranked=True)
    assert mean_interval(x) == mean_interval(x[::-1])


def test_the_interval_of_pearson_is_near_the_one_that_fisher_s_formula_gives() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=800)
    y = 0.6 * x + 0.8 * rng.normal(size=800)
    value = pearson(x, y)
    assert value is not None
    expected = np.tanh(np.arctanh(value) + np.array([-1.96, 1.96]) / np.sqrt(797))
    assert correlation_interval(x, y, ranked=False) == pytest.approx(tuple(expected), abs=0.015)


def test_wilson_by_hand() -> None:
    # z^2 = 3.8415. None of 10: 0 to z^2 / (10 + z^2). 5 of 10: 1/2 -+ z / (10 + z^2) * sqrt(2.5 + z^2 / 4).
    assert wilson_interval(0, 10) == pytest.approx((0, 0.27753), abs=1e-5)
    assert wilson_interval(10, 10) == pytest.approx((0.72247, 1), abs=1e-5)
    assert wilson_interval(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    assert wilson_interval(0, 0) is None


def test_percentiles_lie_between_neighbours_and_leave_undefined_samples_out() -> None:
    # Of 0..100 the middle 90 % lie between 5 and 95.
    samples = np.append(np.arange(101.0), np.nan)
    assert percentile_interval(samples, 0.9) == pytest.approx((5, 95))
    assert percentile_interval(floats(np.nan)) is None


def test_what_has_no_interval_has_none() -> None:
    assert mean_interval(floats(1)) is None
    assert correlation_interval(floats(1), floats(2), ranked=True) is None
    assert correlation_interval(floats(1, 2, 3), floats(1, 2, 3), ranked=True) is None
    assert correlation_interval(floats(1, 2, 3, 4), floats(1, 2, 4, 3), ranked=True) is not None
    assert correlation_interval(floats(1, 2), floats(3, 3), ranked=True) is None
    assert correlation_interval(floats(0.1, 0.1, 0.1), floats(1, 2, 3), ranked=False) is None
