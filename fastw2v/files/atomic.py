"""Atomic file writes: a temporary file beside the target, fsync, then rename.

A reader, or a crash at any instant, meets the old file or the new one, never half of either. Several files that belong
together are all staged first and renamed in one go, in the order given.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from fastw2v.errors import DataError, UsageError
from fastw2v.messages.addresses import refuse_address

Writer = Callable[[BinaryIO], object]


def write_atomically(path: str | os.PathLike[str], writer: Writer, *, follow: bool = True) -> None:
    """Give `writer` a binary file to fill; put it at `path` only when it is complete and on disk.

    A link at `path` is followed, as is right for a name that a person gave; or replaced, with `follow` off: a name of
    ours in a directory that may come from a stranger.

    Raises:
        UsageError: the folder does not exist, or `path` is a folder.
        DataError: the system could not write (disk full, no permission). Whatever is raised, by `writer` too,
            the file that was at `path` is untouched and no temporary file is left.
    """
    with Staging() as staging:
        staging.stage(path, writer, follow)
        staging.commit()


class Staging:
    """Files staged beside their final names; `commit` renames them in the order in which they were staged.

    Leaving the `with` block without `commit` removes every staged file.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Path, Path]] = []

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for temporary, _ in self._waiting:
            # A file system that is read-only refuses this too, even of a file that is not there.
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        self._waiting.clear()

    def stage(self, path: str | os.PathLike[str], writer: Writer, follow: bool = True) -> Path:
        """Write the file under a temporary name in the folder of `path`, sync it, and return that name."""
        # Followed, so that the file it points to is replaced and the link stays.
        final = Path(os.path.realpath(path)) if follow else Path(path)
        if final.is_dir() and not (final.is_symlink() and not follow):
            raise UsageError(f"Cannot write {path}: it is a folder. Give the name of a file.")
        if not final.parent.is_dir():
            refuse_address(path, writing=True)
            raise UsageError(f"Cannot write {path}: the folder {final.parent} does not exist.")
        temporary = final.with_name(f".fastw2v-{os.getpid()}-{secrets.token_hex(6)}.tmp")
        self._waiting.append((temporary, final))
        try:
            # Mode "x" obeys the umask, which tempfile's private 0600 would not.
            with temporary.open("xb") as file:
                writer(file)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _cannot_write(path, error) from error
        return temporary

    def commit(self) -> None:
        """Rename every staged file to its final name, in order, and sync the folders."""
        folders = dict.fromkeys(final.parent for _, final in self._waiting)
        while self._waiting:
            temporary, final = self._waiting[0]
            try:
                temporary.replace(final)
            except OSError as error:
                raise _cannot_write(final, error) from error
            self._waiting.pop(0)
        for folder in folders:
            sync_folder(folder)


def _cannot_write(path: str | os.PathLike[str], error: OSError) -> DataError:
    return DataError(f"Cannot write {path}: {error.strerror or error}.")


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    # A rename is durable once its folder is synced. Windows cannot open folders, and some network file
    # systems cannot sync them: the rename itself has still happened, whole. A disk that fails is another matter.
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno in (errno.EIO, errno.ENOSPC):
            raise _cannot_write(folder, error) from error


def remove_abandoned(folder: Path) -> None:
    """Remove temporary files that a killed process left in a folder: those of processes that are no more."""
    if os.name != "posix":
        return  # elsewhere one cannot ask whether a process is there
    for path in folder.glob(".fastw2v-*-*.tmp"):
        number = path.name.split("-")[1]
        if number.isdecimal() and not _is_alive(int(number)):
            with contextlib.suppress(OSError):
                path.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # someone else's; a number that no process has
        return True
    return True
