"""The command `evaluate`: how good a model is, or which of several is better."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastw2v.cli.models import Json, open_vectors

if TYPE_CHECKING:
    from rich.table import Table

    from fastw2v.evaluation import (
        AnalogiesResult,
        ClassesResult,
        Comparison,
        EvaluationSet,
        OutliersResult,
        PairsResult,
    )
    from fastw2v.evaluation.comparison import FigureComparison
    from fastw2v.evaluation.results import Interval, SetResult
    from fastw2v.vectors import KeyedVectors

logger = logging.getLogger(__name__)


def evaluate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="MODEL|FILE",
            help="Directories of models, and files to judge them by: word pairs with scores, analogies with "
            "': section' lines, or word classes, one word a line under ': class' lines. Without files: what the "
            "built-in stories are known to hold. Several models are held against the first.",
            show_default=False,
        ),
    ] = None,
    vectors: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file of vectors, such as vectors.txt, .bin or .glove, to judge like a model. May be repeated.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Judge models: word similarity, analogies, word classes. Several are compared."""
    from fastw2v.errors import UsageError
    from fastw2v.evaluation import read_set
    from fastw2v.formats.vector_files import is_vector_file

    directories = [path for path in paths or [] if path.is_dir()]
    files = [path for path in paths or [] if not path.is_dir()]
    for path in filter(is_vector_file, files):
        raise UsageError(f"{path} is called as files of vectors are; --vectors {path} would judge it.")
    if not directories and not vectors:
        raise UsageError(
            "evaluate needs a model's directory, or --vectors with a file of vectors: fastw2v-models/1 or "
            f"--vectors vectors.txt would work. Got {_no_models(files)}."
        )
    sets = [read_set(path) for path in files]
    models = _models(directories, vectors or [])
    for name, known in models.items():
        _say_respelt(name, known, sets)
    if len(models) > 1:
        _compare(models, sets, json)
    else:
        _judge(next(iter(models.values())), sets, json)


def _no_models(files: Sequence[Path]) -> str:
    """Return what was given where a model should be."""
    if not files:
        return "neither"
    given = ", ".join(map(str, files))
    missing = ", ".join(str(path) for path in files if not path.exists())
    what = "which is no directory" if len(files) == 1 else "none of which is a directory"
    return f"{given}, {what}" + (f" (not found: {missing})" if missing else "")


def _models(directories: Sequence[Path], files: Sequence[Path]) -> dict[str, KeyedVectors]:
    """Return all vectors, by the last part of their paths where that tells them apart."""
    from fastw2v.errors import UsageError

    paths = [*directories, *files]
    names = [path.resolve().name for path in paths]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    if len(set(names)) < len(names):
        raise UsageError(f"Each model can be given once. Got {', '.join(names)}.")
    loaded = [open_vectors(path) for path in paths]
    return dict(zip(names, loaded, strict=True))


def _say_respelt(name: str, vectors: KeyedVectors, sets: Sequence[EvaluationSet]) -> None:
    """Say how many words were found in lower case where nothing records that the corpus was in lower case."""
    from fastw2v.evaluation import respelt

    if vectors.tokenizer == "words":
        return
    for one in sets:
        if found := respelt(vectors, one.words):
            logger.warning(
                "%s, %s: %s not in the vocabulary as written and found in lower case or composed, such as %r.",
                name,
                one.name,
                f"{len(found):,} words are" if len(found) > 1 else "1 word is",
                found[0],
            )


def _judge(vectors: KeyedVectors, sets: Sequence[EvaluationSet], json: bool) -> None:
    from fastw2v.cli import show
    from fastw2v.evaluation import check_covered, evaluate_stories

    results: dict[str, SetResult]
    with show.console(json).status("evaluating"):
        stories = None if sets else evaluate_stories(vectors)
        results = {"the stories": stories} if stories else {one.name: one.result(vectors, True) for one in sets}
    check_covered(results)
    if json:
        show.print_json(stories.as_dict() if stories else {name: result.as_dict() for name, result in results.items()})
        return
    for name, result in results.items():
        _show_result(name, result)


def _show_result(name: str, result: SetResult) -> None:
    from fastw2v.evaluation import AnalogiesResult, ClassFileResult, PairsResult, StoriesResult

    if isinstance(result, PairsResult):
        _show_pairs(name, result)
    elif isinstance(result, AnalogiesResult):
        _show_analogies(name, result)
    elif isinstance(result, (ClassFileResult, StoriesResult)):
        _show_classes(name, result.classes, result.outliers)
    if isinstance(result, StoriesResult):
        _show_analogies("Analogies planted in the stories", result.analogies)


def _show_pairs(name: str, result: PairsResult) -> None:
    from fastw2v.cli import show

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
    from fastw2v.cli import show

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
    from fastw2v.cli import show

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
    from fastw2v.evaluation.outliers import outlier_groups

    as_large = {part.name: list(map(str, range(part.words + part.out_of_vocabulary))) for part in classes.classes}
    sizes = sorted({len(group.words) for group in outlier_groups(as_large)})
    if not sizes:
        return "no class has 3 words, from which others could be told"
    of = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    return f"words of other classes, each to be told from the known words of a group of {of} of one class"


def _compare(models: Mapping[str, KeyedVectors], sets: Sequence[EvaluationSet], json: bool) -> None:
    from fastw2v.cli import show
    from fastw2v.evaluation import compare, stories_sets

    with show.console(json).status("evaluating"):
        comparison = compare(models, sets or stories_sets())
    if json:
        show.print_json(comparison.as_dict())
        return
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
    from fastw2v.cli import show

    names = [part.model for part in comparison.figures[0].models]
    rows = [[name, *(_cell(figure, place) for figure in comparison.figures)] for place, name in enumerate(names)]
    columns = ["model", *(f"{name}\n{figure.figure}" for name, figure in _named(comparison))]
    return show.table("Each model on the items that it covers: figure, 95 % interval, items", columns, rows)


def _cell(figure: FigureComparison, place: int) -> str:
    from fastw2v.cli import show

    part = figure.models[place]
    return f"{show.figure(part.value, 3)}  {_span(part.interval)}\n{part.used:,} of {figure.items:,}"


def _table_of_differences(comparison: Comparison) -> Table:
    from fastw2v.cli import show

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
