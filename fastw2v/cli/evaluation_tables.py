"""Tables of `evaluate`: one model's scores, or several models side by side."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from fastw2v.cli import show
from fastw2v.evaluation import (
    AnalogiesResult,
    ClassesResult,
    ClassFileResult,
    Comparison,
    OutliersResult,
    PairsResult,
    StoriesResult,
)
from fastw2v.evaluation.comparison import FigureComparison
from fastw2v.evaluation.outliers import outlier_groups
from fastw2v.evaluation.results import Interval, SetResult


def show_result(name: str, result: SetResult) -> None:
    """Print the tables of one set's figures."""
    if isinstance(result, PairsResult):
        _show_pairs(name, result)
    elif isinstance(result, AnalogiesResult):
        _show_analogies(name, result)
    elif isinstance(result, (ClassFileResult, StoriesResult)):
        _show_classes(name, result.classes, result.outliers)
    if isinstance(result, StoriesResult):
        _show_analogies("Analogies planted in the stories", result.analogies)


def _show_pairs(name: str, result: PairsResult) -> None:
    row = [
        f"{result.used} of {result.pairs}",
        str(result.out_of_vocabulary),
        show.figure(result.spearman, 3),
        _span(result.spearman_interval),
        show.figure(result.pearson, 3),
        _span(result.pearson_interval),
    ]
    columns = ["pairs used", "out of vocabulary", "Spearman", "95 % interval", "Pearson", "95 % interval"]
    show.console().print(show.table(name, columns, [row]))


def _show_analogies(title: str, result: AnalogiesResult) -> None:
    rows = [
        [
            part.section,
            str(part.correct),
            str(part.asked),
            str(part.out_of_vocabulary),
            show.percent(part.accuracy),
            _span_of_shares(part.interval),
        ]
        for part in (*result.sections, result.total)
    ]
    columns = ["section", "right", "asked", "out of vocabulary", "share", "95 % interval"]
    show.console().print(show.table(title, columns, rows))


def _show_classes(name: str, classes: ClassesResult, outliers: OutliersResult) -> None:
    rows = [
        [
            part.name,
            str(part.words),
            show.percent(part.share),
            _span_of_shares(part.interval),
            show.percent(part.chance),
        ]
        for part in (*classes.classes, classes.overall)
    ]
    title = f"{name}: share of a word's {classes.topn} nearest neighbours that are of its class"
    show.console().print(show.table(title, ["class", "words", "share", "95 % interval", "by chance"], rows))
    total = outliers.total
    row = [
        str(total.asked),
        str(total.out_of_vocabulary),
        show.percent(total.accuracy),
        _span_of_shares(total.accuracy_interval),
        show.percent(total.opp),
        _span_of_shares(total.opp_interval),
    ]
    columns = ["outliers asked", "out of vocabulary", "detected", "95 % interval", "OPP", "95 % interval"]
    show.console().print(show.table(f"{name}: {_outliers_title(classes)}", columns, [row], texts=0))


def _outliers_title(classes: ClassesResult) -> str:
    """Return what was asked, with the sizes of the groups that classes as large as these are cut into."""
    as_large = {part.name: list(map(str, range(part.words + part.out_of_vocabulary))) for part in classes.classes}
    sizes = sorted({len(group.words) for group in outlier_groups(as_large)})
    if not sizes:
        return "no class has 3 words, from which others could be told"
    of = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    return f"words of other classes, each to be told from the known words of a group of {of} of one class"


def show_comparison(comparison: Comparison) -> None:
    """Print the models' figures, and their differences from the first model's."""
    console = show.console()
    console.print(_table_of_models(comparison))
    console.print(_table_of_differences(comparison))
    console.print(
        f"Differences compared: {comparison.comparisons}, each with an interval of {comparison.level:.2%}, so that all "
        "of them together are right with 95 % (Bonferroni). "
        f"Paired bootstrap over items, {comparison.resamples:,} resamples.\n"
        "A difference exceeds noise where its interval leaves zero out. The noise is that of the choice of items; "
        "training with another seed adds its own. Analogies are answered out of each model's whole vocabulary."
    )


def _table_of_models(comparison: Comparison) -> Table:
    """Return models by sets: the figure, its interval, and how many items it rests on."""
    names = [part.model for part in comparison.figures[0].models]
    rows = [[name, *(_cell(figure, place) for figure in comparison.figures)] for place, name in enumerate(names)]
    columns = ["model", *(f"{name}\n{figure.figure}" for name, figure in _named(comparison))]
    return show.table("Each model on the items that it covers: figure, 95 % interval, items", columns, rows)


def _cell(figure: FigureComparison, place: int) -> str:
    part = figure.models[place]
    return f"{show.figure(part.value, 3)}  {_span(part.interval)}\n{part.used:,} of {figure.items:,}"


def _table_of_differences(comparison: Comparison) -> Table:
    rows = [
        [
            f"{name}, {figure.figure}",
            part.model,
            f"{figure.common:,}",
            show.figure(part.baseline_value, 3),
            show.figure(part.value, 3),
            "-" if part.difference is None else f"{part.difference:+.3f}",
            _span(part.interval),
            "yes" if part.exceeds_noise else "no",
        ]
        for name, figure in _named(comparison)
        for part in figure.differences
    ]
    columns = ["set", "model", "items", comparison.baseline, "model", "difference", "interval", "exceeds noise"]
    return show.table(f"Differences from {comparison.baseline} on the items that all cover", columns, rows, texts=2)


def _named(comparison: Comparison) -> list[tuple[str, FigureComparison]]:
    """Return the comparison's figures by the last part of their sets' paths where that tells these apart."""
    paths = {figure.set for figure in comparison.figures}
    short = len({Path(path).name for path in paths}) == len(paths)
    return [(Path(figure.set).name if short else figure.set, figure) for figure in comparison.figures]


def _span(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"


def _span_of_shares(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval[0]:.1%} to {interval[1]:.1%}"
