"""Compare models: which differences exceed the noise of the test items.

Each model is held against the first, the baseline, on the items that all models cover, by a paired bootstrap: both
figures are taken on the same resamples, and the interval is that of their difference (Efron and Tibshirani 1993; for
NLP, Berg-Kirkpatrick, Burkett and Klein 2012, "An Empirical Investigation of Statistical Significance in NLP"). Of m
comparisons in all, each has an interval of 1 - 0.05 / m (Bonferroni), so that the chance that any one of them misses
its true difference is at most 5 %. A difference exceeds noise where zero lies outside its interval.

The noise is that of the choice of items only. Another seed of training moves the figures, too. A model answers
analogies out of its whole vocabulary: a larger one makes the same question harder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UsageError
from fastw2v.evaluation.confidence import (
    LEVEL,
    RESAMPLES,
    SEED,
    correlation_interval,
    mean_interval,
    percentile_interval,
    resampled_correlations,
    resampled_means,
)
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.results import Interval, Result
from fastw2v.evaluation.test_sets import EvaluationSet
from fastw2v.vectors.keyed import WordVectors


@dataclass(frozen=True)
class ModelFigure(Result):
    """One model's figure over the items that it covers, with its 95 % bootstrap interval."""

    model: str
    value: float | None
    used: int
    interval: Interval | None


@dataclass(frozen=True)
class Difference(Result):
    """A model's figure less the baseline's, over the items that all models cover."""

    model: str
    value: float | None
    baseline_value: float | None
    difference: float | None
    interval: Interval | None
    exceeds_noise: bool


@dataclass(frozen=True)
class FigureComparison(Result):
    """All models by one figure of one set of `items` items, of which all models cover `common`."""

    set: str
    figure: str
    items: int
    common: int
    models: tuple[ModelFigure, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison(Result):
    """All figures. `comparisons` is m; `level` that of each difference's interval, 1 - 0.05 / m."""

    baseline: str
    comparisons: int
    level: float
    resamples: int
    seed: int
    figures: tuple[FigureComparison, ...]


def compare(models: Mapping[str, WordVectors], sets: Sequence[EvaluationSet]) -> Comparison:
    """Hold models against the first of them by each main figure of each set.

    Raises:
        UsageError: fewer than two models.
        DataError: no set has two items that all models cover.
    """
    if len(models) < 2:
        raise UsageError(f"A comparison needs two or more models. Got {len(models)}.")
    found = [(one.name, items) for one in sets for items in zip(*map(one.items, models.values()), strict=True)]
    comparable = sum(int(_common(items).sum()) > 1 for _, items in found)
    if not comparable:
        names = ", ".join(one.name for one in sets)
        raise DataError(f"The models have no two items of {names} in common; a set of words that all have would work.")
    comparisons = comparable * (len(models) - 1)
    level = 1 - (1 - LEVEL) / comparisons
    figures = tuple(_compared(name, list(models), items, level) for name, items in found)
    return Comparison(next(iter(models)), comparisons, level, RESAMPLES, SEED, figures)


def _compared(name: str, models: Sequence[str], items: Sequence[Items], level: float) -> FigureComparison:
    common = _common(items)
    values = [one.value(common) for one in items]
    differences = []
    if common.sum() > 1:
        intervals = _paired_intervals(items, common, level)
        for model, value, interval in zip(models[1:], values[1:], intervals, strict=True):
            differences.append(_difference(model, value, values[0], interval))
    return FigureComparison(
        set=name,
        figure=items[0].figure,
        items=len(common),
        common=int(common.sum()),
        models=tuple(_model_figure(model, one) for model, one in zip(models, items, strict=True)),
        differences=tuple(differences),
    )


def _common(items: Sequence[Items]) -> npt.NDArray[np.bool_]:
    """(n,) which items all cover."""
    every: npt.NDArray[np.bool_] = np.all([one.covered for one in items], axis=0)
    return every


def _model_figure(model: str, items: Items) -> ModelFigure:
    used = items.covered
    values = items.values[used]
    if items.human is not None:
        interval = correlation_interval(items.human[used], values, ranked=True)
    else:
        interval = mean_interval(values)
    return ModelFigure(model, items.value(used), int(used.sum()), interval)


def _paired_intervals(items: Sequence[Items], common: npt.NDArray[np.bool_], level: float) -> list[Interval | None]:
    """Return the interval of each other model's figure less the first's."""
    first, *others = (one.values[common] for one in items)
    human = items[0].human
    if human is None:
        samples = [resampled_means(other - first) for other in others]
    else:
        baseline, *rest = resampled_correlations(human[common], [first, *others], ranked=True)
        samples = [other - baseline for other in rest]
    return [percentile_interval(sample, level) for sample in samples]


def _difference(model: str, value: float | None, baseline: float | None, interval: Interval | None) -> Difference:
    if value is None or baseline is None or interval is None:
        return Difference(model, value, baseline, None, None, exceeds_noise=False)
    low, high = interval
    return Difference(model, value, baseline, value - baseline, interval, exceeds_noise=low > 0 or high < 0)
