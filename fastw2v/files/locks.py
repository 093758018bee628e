"""File locks: one process at a time, released when a process is killed."""

from __future__ import annotations

import contextlib
import importlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fastw2v.errors import DataError

# Other systems have no such locks: two processes at once are not noticed there.
_fcntl: Any = importlib.import_module("fcntl") if os.name == "posix" else None


@contextlib.contextmanager
def locked(path: Path, what: str, wait: bool = False) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made and removed again.

    The system releases the lock when the process ends, however it ends; a file that is left does not count.

    Raises:
        DataError: another process holds it, and `wait` is off. `what` is what it does, for the message.
    """
    while True:
        _remove_unlike(path)
        with path.open("ab") as file:
            _lock(file, path, what, wait)
            if _is_the_one(file, path):
                try:
                    yield
                finally:
                    with contextlib.suppress(OSError):  # a file that is left does not count
                        path.unlink()
                return
        # The process before removed the file between our opening and our locking it.


def _remove_unlike(path: Path) -> None:
    """Remove what is no file itself: a link could lead anywhere, and opening a pipe could take forever."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            path.unlink()


def _lock(file: BinaryIO, path: Path, what: str, wait: bool) -> None:
    if _fcntl is None:
        return
    try:
        _fcntl.flock(file, _fcntl.LOCK_EX | (0 if wait else _fcntl.LOCK_NB))
    except BlockingIOError:
        raise DataError(f"Another process {what} (it holds {path}); wait for it, or give another name.") from None


def _is_the_one(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
