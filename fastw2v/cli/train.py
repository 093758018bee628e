"""`fastw2v train`: read, train, show, save."""

from __future__ import annotations

import contextlib
import logging
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastw2v.cli.options import was_given, with_settings
from fastw2v.errors import DataError, Fastw2vError, UsageError
from fastw2v.messages.printable import plural, shown
from fastw2v.settings import Settings
from fastw2v.system.cores import usable

if TYPE_CHECKING:
    from rich.console import Console

    from fastw2v.model import Word2Vec
    from fastw2v.training.preparation import Prepared

logger = logging.getLogger(__name__)

CORPUS_HELP = (
    "Text, compressed or not, .jsonl, Parquet, datasets, folders; - is stdin. Without any: the built-in stories."
)
TRAINED_ON = f"An encoded corpus; or {CORPUS_HELP[0].lower()}{CORPUS_HELP[1:]}"
# Groups of the options on the help page; those of the settings follow.
_OUTPUT, _START = "Output", "Begin with"
# Shown after training where the vocabulary has them; else frequent words of its own.
_SHOWN = ("happy", "dog", "run", "big")


@with_settings()
def train(
    corpus: Annotated[list[Path] | None, typer.Argument(help=TRAINED_ON, show_default=False)] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Directory of the model; else a numbered one.",
            show_default=False,
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a model that lies in --output.", rich_help_panel=_OUTPUT)
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with a run cut off, bit for bit.", rich_help_panel=_OUTPUT),
    ] = False,
    checkpoint_every: Annotated[
        str,
        typer.Option(help="Save every 30s, 500000words or epoch.", rich_help_panel=_OUTPUT),
    ] = "5min",
    continue_from: Annotated[
        Path | None,
        typer.Option(
            help="A model to train on, with its settings.",
            show_default=False,
            rich_help_panel=_START,
        ),
    ] = None,
    init_from: Annotated[
        Path | None,
        typer.Option(
            help="A model or file of vectors to begin with.",
            show_default=False,
            rich_help_panel=_START,
        ),
    ] = None,
    evaluate: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file of word pairs, analogies or word classes to judge each epoch by.",
            show_default=False,
        ),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Read the text into memory; cache nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and warnings only.")] = False,
    settings: Settings,
    auto_epochs: bool,
    context: typer.Context,
) -> None:
    """Train vectors on text, and save them as a model directory."""
    from fastw2v.cli import resume as resume_with
    from fastw2v.cli import show
    from fastw2v.cli.output import run_in
    from fastw2v.cli.watching import Watching
    from fastw2v.corpus.cache import usual_cache
    from fastw2v.model import Word2Vec
    from fastw2v.training.checkpoints import Checkpoints
    from fastw2v.training.earlier_model import drawn_anew
    from fastw2v.training.starting import read_given

    console = show.console(json, quiet)
    begin = resume_with.as_given(
        settings, corpus, continue_from, init_from, evaluate, checkpoint_every=checkpoint_every, no_cache=no_cache
    )
    if resume and output is not None and not overwrite:
        settings, begin = resume_with.completed(context, output, settings, begin)
        auto_epochs = auto_epochs and not resume_with.knows_epochs(context, output)
    continue_from = None if begin.continue_from is None else Path(begin.continue_from)
    init_from = None if begin.init_from is None else Path(begin.init_from)
    _check_start(output, continue_from, init_from)
    earlier = None if continue_from is None else Word2Vec.load(continue_from)
    if earlier is not None and not begin.corpus:
        begin = replace(begin, corpus=tuple(earlier.recorded_corpus() or ()))
    if earlier is not None and settings.seed == earlier.settings.seed:
        settings = drawn_anew(settings)  # as `fit` would, but known when a finished run is met again
    model = Word2Vec(**settings.as_dict())
    with run_in(output, overwrite, resume) as directory:
        begin = replace(begin, settings=settings.as_dict())
        how = resume_with.how_to_resume(directory, begin)
        checkpoints = Checkpoints(directory, begin.checkpoint_every, how, begin.as_text())
        finished = resume_with.finished_model(directory, checkpoints, settings, auto_epochs) if resume else None
        if resume and finished is None:
            console.print(resume_with.where_it_begins(directory, checkpoints, begin, was_given(context, "corpus")))
        if continue_from is not None:
            console.print(
                f"Goes on from {continue_from}, with a {settings.schedule} learning rate that begins anew at "
                f"{settings.alpha:g} and does not go below {settings.min_alpha:g}."
            )
            if not corpus and not resume:
                found = ", ".join(begin.corpus) or "the built-in stories"
                console.print(f"The corpus is the one that it was trained on: {found}.")
        given = None if init_from is None else read_given(init_from)
        notes: list[str] = []

        with Watching(console) as watching, contextlib.suppress(_FinishedError):

            def on_prepared(prepared: Prepared) -> None:
                if finished is not None:
                    resume_with.check_corpus(finished, prepared, directory)
                    raise _FinishedError
                hints = [] if json else [*_hints(prepared, settings, auto_epochs)]
                watching.prepared(prepared, notes, given, hints)

            if finished is not None and not was_given(context, "corpus"):
                raise _FinishedError
            model.fit(
                [Path(path) for path in begin.corpus] or None,
                callbacks=[watching],
                watch=watching.reading,
                on_prepared=on_prepared,
                cache=None if begin.no_cache or not begin.corpus else usual_cache(notes.append),
                checkpoints=checkpoints,
                resume=resume,
                continue_from=earlier,
                init_from=given,
                evaluate=begin.evaluate,
                auto_epochs=auto_epochs,
            )
        if finished is not None:
            checkpoints.remove()  # an empty folder is left where the run was killed by its very last calls
            console.print(f"{directory} holds a finished model: nothing to do.")
            if json:
                show.print_json({"output": str(directory), "finished": True})
            return
        _save(model, directory, overwrite or resume)
        checkpoints.remove()
    _show_neighbours(model, console)
    _draw(model, directory, console)
    console.print(f"Model saved in {directory}")
    console.print("Try: " + shown(shlex.join(["fastw2v", "similar", str(directory), str(_words_to_show(model)[0])])))
    if json:
        show.print_json(_figures(model, directory))


def _hints(prepared: Prepared, settings: Settings, auto_epochs: bool) -> Iterator[str]:
    """Yield what to know before training begins."""
    if auto_epochs:
        words = len(prepared.preprocessed.vocabulary)
        found = plural(round(prepared.pairs / words), "training pair")
        yield f"Epochs: {prepared.epochs} (auto, for {found} a word in each)."
    cores = usable()
    if settings.workers == 1 < cores:
        yield f"One of {cores} cores trains; --workers auto uses all."


def _check_start(output: Path | None, continue_from: Path | None, init_from: Path | None) -> None:
    """Raise UsageError for two things to begin with, an output that is one of them, and a directory that is neither."""
    from fastw2v.cli.no_model import refuse_other
    from fastw2v.formats.projector import is_projector

    if continue_from is not None and init_from is not None:
        raise UsageError("A run begins with --continue-from or with --init-from, not with both. Give one of them.")
    for start, what in ((continue_from, "the model that goes on"), (init_from, "the vectors to begin with")):
        if start is not None and output is not None and start.resolve() == output.resolve():
            raise UsageError(f"--output must not be {what}. Got {output} for both.")
    if init_from is not None and not is_projector(init_from):
        refuse_other(init_from)


class _FinishedError(Exception):
    """The run that is to go on has ended, with the model that is there."""


def _save(model: Word2Vec, directory: Path, overwrite: bool) -> None:
    """Save the model; where that fails, keep it elsewhere, say where, and fail all the same."""
    try:
        model.save(directory, overwrite=overwrite)
    except (Fastw2vError, OSError) as error:
        said = f"Cannot write {directory}: {error.strerror or error}." if isinstance(error, OSError) else str(error)
        kind = type(error) if isinstance(error, Fastw2vError) else DataError
        raise kind(f"{said} {_kept_elsewhere(model)}") from error


def _draw(model: Word2Vec, directory: Path, console: Console) -> None:
    """Draw the loss curve; where that fails, for example since the disk is full, the model is there all the same."""
    from fastw2v.cli import show

    try:
        show.loss_curve(console, model.history, directory)
    except (DataError, OSError) as error:
        logger.warning("The model is saved, without its loss curve: %s", error)


def _kept_elsewhere(model: Word2Vec) -> str:
    from fastw2v.saved_model import storage

    try:
        rescue = storage.next_numbered_directory()
    except Fastw2vError:
        return "It cannot be kept elsewhere either; a checkpoint stays, if there was one: see --resume."
    try:
        model.save(rescue)
    except (Fastw2vError, OSError):
        with contextlib.suppress(OSError):
            rescue.rmdir()
        return "It cannot be kept elsewhere either; a checkpoint stays, if there was one: see --resume."
    return f"The trained model is kept in {rescue}."


def _show_neighbours(model: Word2Vec, console: Console) -> None:
    from fastw2v.cli import show

    console.print("Nearest neighbours (cosine):")
    for word in _words_to_show(model):
        console.print("  " + show.neighbours(word, model.wv.most_similar(word, topn=6)))


def _words_to_show(model: Word2Vec) -> list[Any]:
    known = [word for word in _SHOWN if word in model.wv]
    words = model.wv.index_to_key
    # Beyond the most frequent words, which are function words in any language.
    return known if len(known) >= 3 else words[len(words) // 20 :][:4]


def _figures(model: Word2Vec, directory: Path) -> dict[str, Any]:
    """Return what `--json` prints."""
    from fastw2v.system import memory

    assert model.trained is not None
    assert model.prepared is not None
    data, trained = model.prepared.preprocessed, model.trained
    words = data.corpus_tokens * len(trained.history)
    judged = [epoch["evaluation"] for epoch in model.history if "evaluation" in epoch]
    return {
        "words_per_second": words / trained.train_seconds if trained.train_seconds else None,
        "train_seconds": trained.train_seconds,
        "compile_seconds": trained.compile_seconds,
        "engine": trained.engine,
        "corpus_tokens": data.corpus_tokens,
        "kept_tokens": model.prepared.kept_tokens,
        "pairs": sum(record.pairs for record in trained.history),
        "vocabulary_size": len(data.vocabulary),
        "epochs": len(trained.history),
        "loss": [epoch["loss"] for epoch in model.history],
        "validation_loss": [epoch["validation_loss"] for epoch in model.history],
        **({"evaluation": judged} if judged else {}),
        "peak_rss_bytes": memory.peak(),
        "output": str(directory),
    }
