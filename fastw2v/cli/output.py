"""Choose, check and lock the output directory before a run begins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fastw2v.errors import DataError, UsageError
from fastw2v.files.atomic import remove_abandoned
from fastw2v.files.locks import locked
from fastw2v.saved_model import storage
from fastw2v.system.signals import unwound
from fastw2v.training.checkpoints import FOLDER

_LOCK = ".lock"


@contextlib.contextmanager
def run_in(output: Path | None, overwrite: bool, resume: bool) -> Iterator[Path]:
    """Yield the directory, or a fresh numbered one, that no other run writes to meanwhile.

    A directory that is empty in the end, for a run that failed early, goes.

    Raises:
        UsageError: it may not be written, or holds a model or a run, and neither `overwrite` nor `resume` is on.
        DataError: another process trains there.
        InterruptedRunError: a signal ended it before there was anything to keep.
    """
    if overwrite and resume:
        raise UsageError("--resume goes on with the run in --output, --overwrite begins anew. Give one of them.")
    if output is None and resume:
        raise UsageError("--resume goes on with the run in --output. Got no --output; fastw2v-models/1 might be it.")
    if output is not None:
        storage.check_output(output, overwrite=True)  # whether one can write there at all
    directory = output or storage.next_numbered_directory()
    with contextlib.ExitStack() as held:
        held.enter_context(unwound())
        held.callback(_remove_empty, directory, numbered=output is None)
        try:
            directory.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(directory / _LOCK, f"trains to {directory}"))
        except OSError as error:
            raise DataError(f"Cannot write {directory}: {error.strerror or error}.") from error
        # Once no other run is there that might have begun or ended meanwhile.
        if any((directory / FOLDER).glob("*.safetensors")) and not (overwrite or resume):
            raise UsageError(f"{directory} has a run that was cut off; --resume goes on, --overwrite begins anew.")
        storage.check_output(directory, overwrite or resume)
        remove_abandoned(directory)
        yield directory


def _remove_empty(directory: Path, numbered: bool) -> None:
    with contextlib.suppress(OSError):
        directory.rmdir()
        hidden = directory.parent / ".gitignore"
        # The first run of all: what was made around its directory goes, too.
        if numbered and list(directory.parent.iterdir()) == [hidden]:
            hidden.unlink()
            directory.parent.rmdir()
