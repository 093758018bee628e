"""`train --resume`: read the arguments of the interrupted run from its checkpoints."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from fastw2v.cli.config_files import read_config
from fastw2v.cli.options import was_given
from fastw2v.errors import DataError, Fastw2vError, UsageError
from fastw2v.messages.printable import plural
from fastw2v.saved_model import storage
from fastw2v.settings import Settings
from fastw2v.training.checkpoints import Checkpoints, check_same, identity
from fastw2v.training.preparation import Prepared
from fastw2v.training.resuming import STANDARD_INPUT, Beginning, recall

# What the command line may say of a run beside its settings.
_GIVEN = ("corpus", "continue_from", "init_from", "evaluate", "checkpoint_every", "no_cache")


def as_given(
    settings: Settings,
    corpus: Sequence[Path] | None,
    continue_from: Path | None,
    init_from: Path | None,
    evaluate: Sequence[Path] | None,
    *,
    checkpoint_every: str,
    no_cache: bool,
) -> Beginning:
    """Return what the command line gives."""
    return Beginning(
        settings.as_dict(),
        str(Path.cwd()),
        tuple(map(str, corpus or ())),
        None if continue_from is None else str(continue_from),
        None if init_from is None else str(init_from),
        tuple(map(str, evaluate or ())),
        checkpoint_every,
        no_cache,
    )


def completed(context: typer.Context, output: Path, settings: Settings, asked: Beginning) -> tuple[Settings, Beginning]:
    """Return the settings and all else that the command line gives, and what the run was begun with where it does not.

    Raises:
        UsageError: nothing tells what the run was begun with, or a file of it is gone; the message says what to type.
        DataError: what was recorded is malformed.
    """
    checkpoints = Checkpoints(output)
    begun = recall(checkpoints)
    before = _settings_of_model(output, checkpoints) if begun is None else begun.settings
    # A file of settings, or a model that goes on, gives all of them.
    if not was_given(context, "config") and not was_given(context, "continue_from"):
        given = {name: value for name, value in settings.as_dict().items() if was_given(context, name)}
        settings = Settings.from_mapping({**before, **given}, str(output)) if before else settings
    if begun is None:
        if checkpoints.found() and not was_given(context, "corpus"):
            raise _unknown(output, "does not say what it was begun with", "Give its corpus and settings")
        return settings, replace(asked, settings=settings.as_dict())
    typed = {name: getattr(asked, name) for name in _GIVEN if was_given(context, name)}
    found = replace(begun.here(), settings=settings.as_dict(), **typed)
    gone = found.missing()
    if gone is not None:
        raise _unknown(output, f"was begun with {gone}, which is not there any more", "Give it")
    if STANDARD_INPUT in found.corpus and "corpus" not in typed:
        raise _unknown(output, "read standard input", "Give it the same text again", STANDARD_INPUT)
    return settings, found


def knows_epochs(context: typer.Context, output: Path) -> bool:
    """Return whether the number of epochs is that of a run begun before, and not to be chosen."""
    typed = any(was_given(context, name) for name in ("epochs", "config", "continue_from"))
    return not typed and (Checkpoints(output).found() or storage.holds_model(output))


def how_to_resume(output: Path, begin: Beginning) -> str:
    """Return what goes on with the run, as a sentence."""
    words = ["fastw2v", "train", "--resume", "--output", str(output)]
    if STANDARD_INPUT not in begin.corpus:
        return f"Go on with: {shlex.join(words)}"
    return f"Go on with, and the same text on standard input: {shlex.join([*words[:2], STANDARD_INPUT, *words[2:]])}"


def where_it_begins(directory: Path, checkpoints: Checkpoints, begin: Beginning, corpus_given: bool) -> str:
    """Return where a run that is resumed goes on, as a sentence.

    Raises:
        UsageError: there is nothing to go on with, and no corpus is given to begin with: the stories are not meant.
    """
    if checkpoints.found():
        corpus = ", ".join(begin.corpus) or "the built-in stories"
        return f"Goes on from the last checkpoint in {checkpoints.folder}. The corpus is {corpus}."
    if not corpus_given:
        goes_on = [] if begin.continue_from is None else ["--continue-from", str(begin.continue_from)]
        line = shlex.join(["fastw2v", "train", "CORPUS", *goes_on, "--resume", "--output", str(directory)])
        raise UsageError(f"There is no checkpoint in {directory}, and so nothing to go on with. Begin with: {line}")
    return f"There is no checkpoint in {directory}: training begins at the start."


def finished_model(
    directory: Path, checkpoints: Checkpoints, settings: Settings, auto_epochs: bool
) -> dict[str, Any] | None:
    """Return the provenance of the model that the run has ended with, None where it has not.

    One that is damaged was being replaced by this very run. With `auto_epochs`, any number of epochs was chosen.

    Raises:
        UsageError: it is of other settings.
    """
    if checkpoints.found() or not storage.holds_model(directory):
        return None
    try:
        saved = storage.load_model(directory)
    except DataError:
        return None
    chosen = {"epochs": saved.settings.get("epochs")} if auto_epochs else {}
    check_same(saved.settings, {**settings.as_dict(), **chosen}, f"The finished model in {directory}")
    return saved.provenance


def check_corpus(provenance: dict[str, Any], prepared: Prepared, directory: Path) -> None:
    """Raise UsageError where a finished model is of another corpus than the one prepared."""
    now, corpus = identity(prepared.preprocessed), provenance.get("corpus")
    then = corpus.get("sha256") if isinstance(corpus, dict) else None
    if then not in (None, now["sha256"]):
        raise UsageError(
            f"The finished model in {directory} is of another corpus than these {plural(now['tokens'], 'token')} of "
            f"{plural(now['words'], 'word')}. Give the corpus as it was, or begin anew with --overwrite."
        )


def _settings_of_model(output: Path, checkpoints: Checkpoints) -> dict[str, Any]:
    """Return the settings of the model that the run has ended with; none where there is no such model."""
    if checkpoints.found() or not storage.holds_model(output):
        return {}
    try:
        return read_config(output)
    except Fastw2vError:  # a damaged one was being replaced
        return {}


def _unknown(output: Path, why: str, remedy: str, corpus: str = "CORPUS") -> UsageError:
    line = shlex.join(["fastw2v", "train", corpus, "--resume", "--output", str(output)])
    return UsageError(f"The run in {output} {why}. {remedy}: {line}")
