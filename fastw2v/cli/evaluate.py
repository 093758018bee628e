"""The command `evaluate`: how good a model is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastw2v.cli.models import Json, Model, load_model

if TYPE_CHECKING:
    from fastw2v.evaluation import AnalogiesResult, ClassesResult, PairsResult


def evaluate(
    model: Model,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Word pairs with scores, or analogies with ': section' lines. Without any: the built-in stories' "
            "word classes and analogies.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Judge a model: word similarity, analogies, or the built-in stories' ground truth."""
    from fastw2v import evaluation
    from fastw2v.cli import show

    vectors = load_model(model).wv
    if files:
        with show.console(json).status("evaluating"):
            results = {str(path): evaluation.evaluate_file(vectors, path) for path in files}
        if json:
            show.print_json({name: result.as_dict() for name, result in results.items()})
            return
        for name, result in results.items():
            _show_file(name, result)
        return
    stories = evaluation.evaluate_stories(vectors)
    if json:
        show.print_json(stories.as_dict())
        return
    _show_classes(stories.classes)
    _show_analogies("Analogies planted in the stories", stories.analogies)


def _show_file(name: str, result: PairsResult | AnalogiesResult) -> None:
    from fastw2v.cli import show
    from fastw2v.evaluation import PairsResult

    if not isinstance(result, PairsResult):
        _show_analogies(name, result)
        return
    rows = [
        [
            f"{result.used} of {result.pairs}",
            str(result.out_of_vocabulary),
            show.figure(result.spearman, 3),
            show.figure(result.pearson, 3),
        ]
    ]
    columns = ["pairs used", "out of vocabulary", "Spearman", "Pearson"]
    show.console().print(show.table(name, columns, rows))


def _show_analogies(title: str, result: AnalogiesResult) -> None:
    from fastw2v.cli import show

    rows = [
        [part.section, f"{part.correct}", f"{part.asked}", str(part.out_of_vocabulary), show.percent(part.accuracy)]
        for part in (*result.sections, result.total)
    ]
    show.console().print(show.table(title, ["section", "right", "asked", "out of vocabulary", "share"], rows))


def _show_classes(result: ClassesResult) -> None:
    from fastw2v.cli import show

    rows = [
        [part.name, str(part.words), show.percent(part.share), show.percent(part.chance)]
        for part in (*result.classes, result.overall)
    ]
    title = f"Share of a word's {result.topn} nearest neighbours that are of its class"
    show.console().print(show.table(title, ["class", "words", "share", "by chance"], rows))
