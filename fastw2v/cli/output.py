"""The directory that a training run writes to: chosen, checked and locked before the run begins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fastw2v import storage
from fastw2v.checkpoints import FOLDER
from fastw2v.errors import DataError, UsageError
from fastw2v.locks import locked

_LOCK = ".lock"


@contextlib.contextmanager
def run_in(output: Path | None, overwrite: bool, resume: bool) -> Iterator[Path]:
    """Yield the directory, or a fresh numbered one, that no other run writes to meanwhile.

    A directory that is empty in the end, for a run that failed early, goes.

    Raises:
        UsageError: it may not be written, or holds a model or a run, and neither `overwrite` nor `resume` is on.
        DataError: another process trains there.
    """
    if output is None and resume:
        raise UsageError("--resume goes on with the run in --output. Got no --output; fastw2v-models/1 might be it.")
    if output is not None:
        storage.check_output(output, overwrite or resume)
        if (output / FOLDER).is_dir() and not (overwrite or resume):
            raise UsageError(f"{output} has a run that was cut off; --resume goes on, --overwrite begins anew.")
    directory = output or storage.next_numbered_directory()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with locked(directory / _LOCK, f"trains to {directory}"):
            yield directory
    except OSError as error:
        raise DataError(f"Cannot write {directory}: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            directory.rmdir()
