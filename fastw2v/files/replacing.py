"""Replace several files of a directory at once: readers see all the old ones or all the new ones.

    DIRECTORY/.fastw2v-draft/     files being written
    DIRECTORY/.fastw2v-model/     the complete, synced files: the rename to this name is the atomic commit
    DIRECTORY/.fastw2v-saving     a lock file: one writer at a time

After the commit, the files are moved up to DIRECTORY one by one, over the old ones. Readers call `place` for each
file, which looks in .fastw2v-model first. So after a crash during the move readers still see the new files, and the
next writer finishes the move. Symbolic links are removed or replaced, never followed.
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
    """Hold the writer lock of a directory; wait for another process that holds it.

    Raises:
        OSError: the lock file cannot be created.
    """
    with locked(directory / _LOCK, f"saves to {directory}", wait=True):
        yield


@contextlib.contextmanager
def replaced(directory: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield an empty sub-directory to write all of `names` to, synced; when the block ends, they replace the old ones.

    If the block raises, the old files are unchanged. Call it inside `only_writer`.

    Raises:
        OSError: writing failed. Readers see the old files or, if the commit had happened already, the new ones.
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
    """Return the current path of a file: in .fastw2v-model if it has not been moved up yet, else in the directory."""
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
    # Sync the moved names before removing the staging directory, so that a crash cannot lose both.
    sync_folder(directory)
    shutil.rmtree(whole)


def _is_folder(path: Path) -> bool:
    """Whether the path is a real directory, not a symbolic link."""
    return path.is_dir() and not path.is_symlink()


def _remove(path: Path) -> None:
    if _is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
