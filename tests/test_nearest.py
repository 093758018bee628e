"""Exact search beside its slow twin: every cosine in float64, a full sort; for one question and for many."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.vectors import nearest
from fastw2v.vectors.nearest import ExactSearch, first_non_finite_row, top_rows, unit_rows

Doubles = npt.NDArray[np.float64]


def slow_cosines(vectors: npt.NDArray[Any], target: Doubles) -> list[float]:
    """Every cosine by exactly rounded sums; nothing of the package."""
    found = []
    for vector in vectors.astype(np.float64).tolist():
        largest = max(map(abs, vector)) or 1.0
        scaled = [value / largest for value in vector]
        length = math.sqrt(math.fsum(value * value for value in scaled)) or 1.0
        found.append(math.fsum(value / length * other for value, other in zip(scaled, target.tolist(), strict=True)))
    return found


def slow_nearest(vectors: npt.NDArray[Any], target: Doubles, count: int) -> tuple[list[int], list[float]]:
    cosines = [round(value, 12) for value in slow_cosines(vectors, target)]
    rows = sorted(range(len(cosines)), key=lambda row: (-cosines[row], row))[:count]
    return rows, [cosines[row] for row in rows]


def units(vectors: npt.NDArray[Any]) -> Doubles:
    return unit_rows(vectors.astype(np.float64)).astype(np.float64)


def drawn(words: int, size: int, dtype: str = "float32", seed: int = 0) -> npt.NDArray[Any]:
    return np.random.default_rng(seed).normal(size=(words, size)).astype(dtype)


def check(vectors: npt.NDArray[Any], targets: Doubles, count: int) -> None:
    """Hold the answers of one question at a time, and of all at once, against the slow twin's."""
    search = ExactSearch(vectors)
    many = search.nearest(targets, count)
    assert len(many) == len(targets)
    for target, (rows, cosines) in zip(targets, many, strict=True):
        expected = slow_nearest(vectors, target, count)
        assert rows.tolist() == expected[0]
        np.testing.assert_allclose(cosines, expected[1], rtol=0, atol=2e-12)
        (own_rows, own_cosines) = search.nearest(target[np.newaxis], count)[0]
        assert own_rows.tolist() == rows.tolist()
        assert own_cosines.tolist() == cosines.tolist()  # bit for bit


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "_BLOCK_ROWS", 16)
    monkeypatch.setattr(nearest, "_BLOCK_QUESTIONS", 3)
    monkeypatch.setattr(nearest, "_STRIP", 4)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("count", [1, 7, 60, 400, 1000])
def test_answers_are_those_of_a_full_sort_in_float64(dtype: str, count: int) -> None:
    vectors = drawn(400, 20, dtype)
    check(vectors, units(drawn(5, 20, "float64", seed=1)), count)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("words", [1, 2, 15, 16, 17, 333])
@pytest.mark.parametrize("count", [1, 5, 40])
def test_answers_do_not_depend_on_how_the_work_is_cut_into_blocks(words: int, count: int) -> None:
    check(drawn(words, 6), units(drawn(10, 6, seed=2)), count)


@pytest.mark.usefixtures("small_blocks")
def test_the_best_are_found_where_they_come_last() -> None:
    angles = np.linspace(math.pi, 0, 500)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    check(vectors, np.array([[1.0, 0.0], [-1.0, 0.0]]), 12)


def near_equal() -> tuple[npt.NDArray[Any], Doubles]:
    """Rows whose cosines to the target lie within some 1e-6: float32 tells a few values apart, and those wrongly."""
    rng = np.random.default_rng(3)
    centre = rng.normal(size=12)
    return (centre + 7e-4 * rng.normal(size=(300, 12))).astype(np.float32), units(centre[np.newaxis])


@pytest.mark.usefixtures("small_blocks")
def test_near_equal_cosines_that_float32_confuses_come_in_the_order_of_float64() -> None:
    vectors, target = near_equal()
    exact = slow_cosines(vectors, target[0])
    single = np.argsort(-ExactSearch(vectors).cosines(target[0]), kind="stable")[:20]
    assert single.tolist() != slow_nearest(vectors, target[0], 20)[0]
    assert 0 < np.ptp(exact) < 2e-5
    check(vectors, np.repeat(target, 4, axis=0), 20)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(*[st.sampled_from([-2.0, -1.0, 0.0, 1.0])] * 3), min_size=1, max_size=70),
    st.integers(1, 12),
    st.lists(st.tuples(*[st.sampled_from([-1.0, 0.0, 1.0])] * 3), min_size=1, max_size=5),
)
def test_equal_cosines_come_by_row_and_zero_vectors_count_as_zero(
    rows: list[tuple[float, ...]], count: int, questions: list[tuple[float, ...]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "_BLOCK_ROWS", 16)
        patch.setattr(nearest, "_STRIP", 2)
        check(np.array(rows, dtype=np.float32), units(np.array(questions)), count)


@pytest.mark.parametrize(
    ("dtype", "scales"),
    [("float32", [1e-44, 1e-38, 1e-20, 1e20, 1e38]), ("float64", [5e-324, 1e-300, 1e-160, 1e160, 1e307])],
)
@pytest.mark.usefixtures("small_blocks")
def test_very_long_and_very_short_vectors_are_found_as_others_are(dtype: str, scales: list[float]) -> None:
    vectors = drawn(200, 5, "float64").clip(-3, 3)
    with np.errstate(under="ignore"):
        vectors[::3] *= np.resize(scales, len(vectors[::3]))[:, np.newaxis]
        check(vectors.astype(dtype), units(drawn(4, 5, seed=4)), 30)


def test_a_strided_read_only_array_is_searched_in_place() -> None:
    wide = drawn(300, 16)
    vectors = wide[:, :10]
    vectors.flags.writeable = False
    search = ExactSearch(vectors)
    assert search.vectors is vectors
    check(vectors, units(drawn(3, 10, seed=5)), 5)


def test_a_part_is_a_search_over_these_rows_alone() -> None:
    vectors, targets = drawn(90, 4), units(drawn(3, 4, seed=6))
    rows = np.array([3, 5, 30, 31, 88])
    whole = ExactSearch(vectors)
    for part, own in ((whole.part(slice(40)), vectors[:40]), (whole.part(rows), vectors[rows])):
        for target, (found, _) in zip(targets, part.nearest(targets, 4), strict=True):
            assert found.tolist() == slow_nearest(own, target, 4)[0]


def test_of_no_rows_or_no_questions_there_are_no_answers() -> None:
    search = ExactSearch(drawn(9, 4))
    assert search.nearest(np.empty((0, 4)), 3) == []
    (rows, cosines) = search.part(np.empty(0, np.intp)).nearest(units(drawn(1, 4)), 3)[0]
    assert (rows.tolist(), cosines.tolist()) == ([], [])


def test_to_a_zero_target_all_rows_are_equally_near() -> None:
    targets = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    search = ExactSearch(drawn(50, 2))
    answers = search.nearest(targets, 3)
    assert [rows.tolist() for rows, _ in answers] == [slow_nearest(search.vectors, one, 3)[0] for one in targets]
    assert answers[2][1].tolist() == [0, 0, 0]


def test_all_cosines_are_right_within_float32s_rounding() -> None:
    vectors, target = drawn(200, 50), units(drawn(1, 50, seed=7))[0]
    found = ExactSearch(vectors).cosines(target)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, slow_cosines(vectors, target), atol=1e-6)


def test_closer_rows_are_those_with_a_larger_cosine() -> None:
    vectors = np.concatenate([drawn(120, 3), drawn(120, 3)])  # each row twice: equals are not closer
    target = units(drawn(1, 3, seed=8))[0]
    cosines = slow_cosines(vectors, target)
    for row in (0, 17, 150):
        expected = [other for other, value in enumerate(cosines) if value > cosines[row] and other % 120 != row % 120]
        assert ExactSearch(vectors).closer(target, row).tolist() == expected


def test_closer_rows_are_right_where_float32_confuses_them() -> None:
    vectors, target = near_equal()
    cosines = [round(value, 12) for value in slow_cosines(vectors, target[0])]
    for row in range(0, 300, 30):
        expected = [other for other, value in enumerate(cosines) if value > cosines[row]]
        assert ExactSearch(vectors).closer(target[0], row).tolist() == expected


def slow_products(vectors: npt.NDArray[Any], plus: Doubles, minus: Doubles) -> list[float]:
    above, below = (
        np.prod([[(1 + value) / 2 for value in slow_cosines(vectors, target)] for target in targets], axis=0)
        for targets in (plus, minus)
    )
    return (np.asarray(above) / (np.asarray(below) + 1e-6)).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(("plus", "minus"), [(1, 0), (2, 1), (3, 2)])
def test_the_product_of_shifted_cosines_is_that_of_a_full_sort(plus: int, minus: int) -> None:
    vectors = drawn(300, 8)
    targets = units(drawn(plus + minus, 8, seed=9))
    rows, scores = ExactSearch(vectors).nearest_by_product(targets[:plus], targets[plus:], 15)
    expected = slow_products(vectors, targets[:plus], targets[plus:])
    assert rows.tolist() == sorted(range(300), key=lambda row: (-expected[row], row))[:15]
    np.testing.assert_allclose(scores, [expected[row] for row in rows], rtol=1e-9)


def test_a_product_worked_by_hand() -> None:
    # Shifted cosines to plus (1, 0): 1, 1/2, 0, 1/2; to minus (0, 1): 1/2, 1, 1/2, 0.
    vectors = np.array([[2, 0], [0, 3], [-1, 0], [0, -1]], dtype=np.float32)
    rows, scores = ExactSearch(vectors).nearest_by_product(np.array([[1.0, 0]]), np.array([[0, 1.0]]), 4)
    assert rows.tolist() == [3, 0, 1, 2]
    assert scores.tolist() == pytest.approx([0.5 / 1e-6, 1 / 0.500001, 0.5 / 1.000001, 0])


def test_a_bad_row_is_found_beyond_the_first_block() -> None:
    vectors = np.zeros((70_000, 1), np.float32)
    vectors[66_000] = np.nan
    assert first_non_finite_row(vectors) == 66_000
    vectors[66_000] = 1
    assert first_non_finite_row(vectors) is None
    assert unit_rows(vectors)[66_000] == 1


@pytest.mark.parametrize("scale", [1e-44, 1e-30, 1.0, 1e30, 3e38])
def test_unit_vectors_survive_very_small_and_very_large_values(scale: float) -> None:
    found = unit_rows(np.array([[scale, -scale]], dtype=np.float32))
    assert np.allclose(found, [[math.sqrt(0.5), -math.sqrt(0.5)]], atol=1e-6)


@settings(deadline=None)
@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=30), st.integers(0, 30))
def test_top_rows_equals_a_stable_sort(values: list[float], count: int) -> None:
    count = min(count, len(values))
    expected = sorted(range(len(values)), key=lambda index: (-values[index], index))[:count]
    assert top_rows(np.array(values), count).tolist() == expected


@pytest.mark.parametrize("order", ["drawn", "ascending", "descending", "equal"])
def test_top_rows_of_many_values_equals_a_stable_sort(order: str) -> None:
    values = np.random.default_rng(10).normal(size=20_011).round(3)
    values = {"ascending": np.sort(values), "descending": np.sort(values)[::-1], "equal": values * 0}.get(order, values)
    assert top_rows(values, 40).tolist() == np.argsort(-values, kind="stable")[:40].tolist()
