"""`fastw2v evaluate`: score a model, or compare several."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastw2v.cli.models import Json, open_model

if TYPE_CHECKING:
    from fastw2v.evaluation import EvaluationSet
    from fastw2v.evaluation.results import SetResult
    from fastw2v.keyed_vectors import KeyedVectors

logger = logging.getLogger(__name__)


def evaluate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="MODEL|FILE",
            help="Directories of models, and files to judge them by: word pairs with scores, analogies with "
            "': section' lines or as in BATS, or word classes, one word a line under ': class' lines. Without files, a "
            "model of the built-in stories is judged by what they are known to hold. Several models are held against "
            "the first.",
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
    from fastw2v.evaluation import read_set, respelling

    directories = [path for path in paths or [] if _is_model(path)]
    files = [path for path in paths or [] if path not in directories]
    if not directories and not vectors:
        raise UsageError(
            "evaluate needs a model's directory or a file of vectors: fastw2v-models/1 or vectors.txt would work. "
            f"Got {_no_models(files)}."
        )
    sets = [read_set(path) for path in files]
    models = _models(directories, vectors or [], by_stories=not sets)
    for name, known in models.items():
        for one in sets:
            if said := respelling(f"{name}, {one.name}", known, one.words):
                logger.warning("%s", said)
    if len(models) > 1:
        _compare(models, sets, json)
    else:
        _judge(next(iter(models.values())), sets, json)


def _no_models(files: Sequence[Path]) -> str:
    """Return what was given where a model should be. Raises DataError for what has a name, such as a pickle."""
    from fastw2v.formats.recognising import refuse_named

    if not files:
        return "neither"
    for path in filter(Path.is_file, files):
        refuse_named(path)
    given = ", ".join(map(str, files))
    missing = ", ".join(str(path) for path in files if not path.exists())
    what = "which is neither" if len(files) == 1 else "none of which is either"
    return f"{given}, {what}" + (f" (not found: {missing})" if missing else "")


def _is_model(path: Path) -> bool:
    """Tell whether this is to be judged: vectors, or a directory but for one of analogies as BATS has them."""
    from fastw2v.evaluation.bats import holds_bats
    from fastw2v.formats.vector_files import is_vector_file
    from fastw2v.saved_model.storage import holds_model

    return is_vector_file(path) or (path.is_dir() and (holds_model(path) or not holds_bats(path)))


def _check_folders(directories: Sequence[Path]) -> None:
    """Raise UsageError for a folder that is neither to be judged nor to judge by."""
    from fastw2v.cli.no_model import described
    from fastw2v.errors import UsageError
    from fastw2v.formats.projector import is_projector
    from fastw2v.saved_model.storage import holds_model

    for path in directories:
        if path.is_dir() and not holds_model(path) and not is_projector(path):
            raise UsageError(f"{described(path)} To judge by, a folder must hold analogies as BATS has them.")


def _models(directories: Sequence[Path], files: Sequence[Path], by_stories: bool) -> dict[str, KeyedVectors]:
    """Return all vectors, by the last part of their paths where that tells them apart.

    Raises:
        UsageError: two of one name, or one is to be judged by the stories and was not trained on them.
    """
    from fastw2v.errors import UsageError
    from fastw2v.evaluation import learned_the_stories
    from fastw2v.keyed_vectors import KeyedVectors

    _check_folders(directories)
    paths = [*directories, *files]
    names = [path.resolve().name for path in paths]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    if len(set(names)) < len(names):
        raise UsageError(f"Each model can be given once. Got {', '.join(names)}.")
    loaded: dict[str, KeyedVectors] = {}
    for name, path in zip(names, paths, strict=True):
        opened = open_model(path)
        vectors = opened if isinstance(opened, KeyedVectors) else opened.wv
        provenance = {} if isinstance(opened, KeyedVectors) else opened.provenance
        if by_stories and not learned_the_stories(provenance):
            raise UsageError(
                f"evaluate needs a file to judge {path} by: only models of the built-in stories can do without. "
                f"`fastw2v download simlex999` fetches one; `fastw2v evaluate {path} simlex999.txt` would work."
            )
        loaded[name] = vectors
    return loaded


def _judge(vectors: KeyedVectors, sets: Sequence[EvaluationSet], json: bool) -> None:
    from fastw2v.cli import evaluation_tables, show
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
        evaluation_tables.show_result(name, result)


def _compare(models: Mapping[str, KeyedVectors], sets: Sequence[EvaluationSet], json: bool) -> None:
    from fastw2v.cli import evaluation_tables, show
    from fastw2v.evaluation import compare, stories_sets

    with show.console(json).status("evaluating"):
        comparison = compare(models, sets or stories_sets())
    if json:
        show.print_json(comparison.as_dict())
    else:
        evaluation_tables.show_comparison(comparison)
