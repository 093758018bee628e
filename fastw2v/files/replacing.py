"""Replace several files of a directory at once: readers see all the old ones or all the new ones.

    DIRECTORY/.fastw2v-draft/     files being written
    DIRECTORY/.fastw2v-model/     all of them, on disk: the rename to this name is the moment at which they count
    DIRECTORY/.fastw2v-saving     a lock: one process at a time

From there they move up one by one, over the old ones. A reader asks `place` for each file, which looks there first, so
a crash on the way changes nothing; the next to write ends the move. Links are removed or replaced, never followed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from fastw2v.files.atomic import sync_folder
from fastw2v.files.locks import locked

_DRAFT, _WHOLE, _LOCK = ".fastw2v-draft", ".fastw2v-model", ".fastw2v-saving"


@contextlib.contextmanager
def only_writer(directory: Path) -> Iterator[None]:
    """Hold the right to replace files; another process that does so is waited for.

    Raises:
        OSError: the lock cannot be made.
    """
    with locked(directory / _LOCK, f"saves to {directory}", wait=True):
        yield


@contextlib.contextmanager
def replaced(directory: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield an empty sub-directory to write all of `names` to, synced; when the block ends, they replace the old ones.

    Where the block raises, nothing has changed. For who is the only writer.

    Raises:
        OSError: the system could not write. The old files count, or, if they were to move up already, the new ones.
        DataError: a directory could not be synced.
    """
    _move_up(directory, names)
    draft = directory / _DRAFT
    _remove(draft)
    draft.mkdir()
    try:
        yield draft
        draft.rename(directory / _WHOLE)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_folder(directory)
    _move_up(directory, names)


def place(directory: Path, name: str) -> Path:
    """Return where a file is: moved up, or not yet."""
    waiting = directory / _WHOLE / name
    return waiting if _is_folder(directory / _WHOLE) and os.path.lexists(waiting) else directory / name


def _move_up(directory: Path, names: Sequence[str]) -> None:
    whole = directory / _WHOLE
    if not _is_folder(whole):
        _remove(whole)
        return
    for name in names:
        if os.path.lexists(whole / name):
            (whole / name).replace(directory / name)
    # First the names in the directory, then the end of what stands in for them.
    sync_folder(directory)
    shutil.rmtree(whole)


def _is_folder(path: Path) -> bool:
    """Whether it is a directory itself; a link may lead anywhere."""
    return path.is_dir() and not path.is_symlink()


def _remove(path: Path) -> None:
    if _is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
