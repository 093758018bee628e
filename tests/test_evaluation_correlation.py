"""Correlations worked by hand, with ties, and equal to SciPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.evaluation import pearson, spearman


def floats(*values: float) -> Any:
    return np.array(values, dtype=np.float64)


def test_spearman_by_hand() -> None:
    # Rank differences 0, 1, 1, 1, 1: 1 - 6 * 4 / (5 * 24).
    assert spearman(floats(1, 2, 3, 4, 5), floats(10, 30, 20, 60, 40)) == pytest.approx(0.8)
    assert spearman(floats(1, 2, 3), floats(9, 5, 1)) == pytest.approx(-1)


def test_spearman_with_ties_by_hand() -> None:
    # Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: deviations (-1.5, 0, 0, 1.5) and (-1.5, .5, -.5, 1.5), so
    # 4.5 / sqrt(4.5 * 5) = sqrt(0.9).
    assert spearman(floats(1, 2, 2, 3), floats(10, 30, 20, 40)) == pytest.approx(np.sqrt(0.9), abs=1e-15)


def test_spearman_with_ties_on_both_sides_by_hand() -> None:
    # Ranks 1.5, 1.5, 3 and 1, 2.5, 2.5: deviations (-.5, -.5, 1) and (-1, .5, .5): 0.75 / 1.5.
    assert spearman(floats(7, 7, 8), floats(0, 2, 2)) == pytest.approx(0.5)


def test_pearson_by_hand() -> None:
    # Deviations (-1, 0, 1) and (-1, -1, 2): 3 / sqrt(2 * 6).
    assert pearson(floats(1, 2, 3), floats(4, 4, 7)) == pytest.approx(3 / np.sqrt(12))


@pytest.mark.parametrize(("x", "y"), [((), ()), ((1,), (2,)), ((1, 1), (1, 2)), ((1, 2), (3, 3))])
def test_an_undefined_correlation_is_none(x: tuple[float, ...], y: tuple[float, ...]) -> None:
    assert spearman(floats(*x), floats(*y)) is None
    assert pearson(floats(*x), floats(*y)) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40))
def test_spearman_equals_ranks_counted_one_by_one(pairs: list[tuple[int, int]]) -> None:
    def ranks(values: list[int]) -> list[float]:
        return [sum(b < a for b in values) + (1 + sum(b == a for b in values)) / 2 for a in values]

    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    got = spearman(floats(*x), floats(*y))
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert got is None
    else:
        assert got == pytest.approx(np.corrcoef(ranks(x), ranks(y))[0, 1], abs=1e-12)


def test_correlations_equal_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=300).round(1), rng.normal(size=300).round(1)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y)[0], abs=1e-12)
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y)[0], abs=1e-12)
