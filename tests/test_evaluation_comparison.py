"""Comparison of models: paired, on common items, corrected for how many there are."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.evaluation import EvaluationSet, compare
from fastw2v.evaluation.confidence import RESAMPLES, mean_interval, percentile_interval, resampled_correlations
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.results import SetResult
from fastw2v.evaluation.test_sets import Figures
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.vectors.keyed import WordVectors

NAMES = ("first", "second", "third")
MODELS = {name: KeyedVectors(["w"], np.ones((1, 1))) for name in NAMES}
NAN = float("nan")


class Given(EvaluationSet):
    """A set of which the values of each item are given, model by model, in the order of `MODELS`."""

    def __init__(self, name: str, *values: Any, human: Any = None) -> None:
        self.name = name
        self._given = dict(zip(map(id, MODELS.values()), values, strict=False))
        self._human = human

    @property
    def words(self) -> set[str]:
        raise NotImplementedError

    def items(self, vectors: WordVectors) -> list[Items]:
        return [Items("figure", np.asarray(self._given[id(vectors)], dtype=np.float64), self._human)]

    def result(self, vectors: WordVectors, intervals: bool = False) -> SetResult:
        raise NotImplementedError

    def score(self, vectors: WordVectors) -> Figures:
        raise NotImplementedError


def models(count: int) -> dict[str, KeyedVectors]:
    return {name: MODELS[name] for name in NAMES[:count]}


def test_a_difference_is_taken_over_the_items_that_all_cover() -> None:
    # Both cover items 1, 2 and 4: means 1 and 1/3. On its own items the first has 3/5.
    comparison = compare(models(2), [Given("s", [1, 1, 0, 0, 1], [1, 0, NAN, NAN, 0]), Given("t", [1, 1], [1, 0])])
    figure = comparison.figures[0]
    assert (figure.set, figure.items, figure.common) == ("s", 5, 3)
    assert [(part.value, part.used) for part in figure.models] == [(3 / 5, 5), (1 / 3, 3)]
    (difference,) = figure.differences
    assert difference.baseline_value == 1
    assert difference.value == pytest.approx(1 / 3)
    assert difference.difference == pytest.approx(-2 / 3)
    assert comparison.comparisons == 2
    assert comparison.level == 0.975


def test_pairing_sees_what_separate_intervals_do_not() -> None:
    # Right on every item that the first is right on, and on some 3 % more, as much as the noise of each alone.
    rng = np.random.default_rng(2)
    first = (rng.random(1000) < 0.4).astype(float)
    second = np.maximum(first, rng.random(1000) < 0.05)
    figure = compare(models(2), [Given("s", first, second)]).figures[0]
    (low, high), (other_low, other_high) = (part.interval for part in figure.models if part.interval)
    assert low < other_low < high < other_high
    assert figure.differences[0].exceeds_noise
    assert figure.differences[0].interval == mean_interval(second - first)
    (worse,) = compare(models(2), [Given("s", second, first)]).figures[0].differences
    assert worse.exceeds_noise
    assert worse.interval == mean_interval(first - second)


def test_the_difference_of_correlations_is_that_of_the_same_resamples() -> None:
    rng = np.random.default_rng(3)
    human = rng.normal(size=80)
    first, second = human + rng.normal(size=(2, 80))
    comparison = compare(models(2), [Given("s", first, second, human=human)])
    a, b = resampled_correlations(human, [first, second], ranked=True)
    (difference,) = comparison.figures[0].differences
    assert difference.interval == percentile_interval(b - a)
    assert difference.interval != percentile_interval(a - b)
    assert comparison.level == 0.95


def test_equal_models_never_differ() -> None:
    for human in (None, np.arange(9.0)):
        same = [5, 1, 3, 4, 4, 9, 0, 2, 2]
        (difference,) = compare(models(2), [Given("s", same, same, human=human)]).figures[0].differences
        assert (difference.difference, difference.interval, difference.exceeds_noise) == (0, (0, 0), False)


def test_more_comparisons_need_larger_differences() -> None:
    # 20 of 100 items right in place of 12, 8 of them the same: between the limits of one comparison and of 40.
    first, second = np.zeros((2, 100))
    first[:12], second[4:24] = 1, 1
    alone = compare(models(2), [Given("s", first, second)])
    many = compare(models(3), [Given(f"s{n}", first, second, first) for n in range(20)])
    assert (many.comparisons, many.level) == (40, 1 - 0.05 / 40)
    narrow, wide = (one.figures[0].differences[0].interval for one in (alone, many))
    assert narrow is not None
    assert wide is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_models_that_differ_by_chance_only_are_rarely_told_apart() -> None:
    rng = np.random.default_rng(4)
    sets = [Given(str(n), *(rng.random((2, 300)) < 0.3)) for n in range(100)]
    marked = sum(compare(models(2), [one]).figures[0].differences[0].exceeds_noise for one in sets)
    assert 1 <= marked <= 14  # 5 % of 100, give or take four standard deviations
    together = compare(models(2), sets)
    assert sum(figure.differences[0].exceeds_noise for figure in together.figures) <= 2


def test_sets_without_common_items_are_shown_and_not_compared() -> None:
    sets = [Given("apart", [1, NAN], [NAN, 1]), Given("together", [1, 0], [1, 1])]
    comparison = compare(models(2), sets)
    assert comparison.comparisons == 1
    assert [figure.differences == () for figure in comparison.figures] == [True, False]
    with pytest.raises(DataError, match="no two items of apart in common"):
        compare(models(2), sets[:1])


def test_one_model_is_no_comparison() -> None:
    with pytest.raises(UsageError, match=r"two or more models\. Got 1"):
        compare(models(1), [Given("s", [1, 0])])


def test_a_comparison_becomes_json() -> None:
    comparison = compare(models(2), [Given("s", [1, 0, 1], [1, 1, NAN])])
    answer = json.loads(json.dumps(comparison.as_dict(), allow_nan=False))
    assert (answer["baseline"], answer["resamples"], answer["seed"]) == ("first", RESAMPLES, 1)
    assert answer["figures"][0]["models"][1] == {"model": "second", "value": 1.0, "used": 2, "interval": [1.0, 1.0]}
    assert answer["figures"][0]["differences"][0]["interval"] == [0.0, 1.0]
