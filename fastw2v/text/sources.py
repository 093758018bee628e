"""Where text comes from: files, .gz files, directories, standard input; each as blocks of decompressed bytes.

Whether a file is compressed is told by its name (.gz) alone. Knows only the errors.
"""

from __future__ import annotations

import difflib
import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from fastw2v.errors import DataError, UsageError

STANDARD_INPUT = "-"
SUFFIXES = (".txt", ".text", ".gz")
# Large enough that work per block is nothing beside work per word, small enough to show progress.
BLOCK_BYTES = 2**20


@dataclass(frozen=True)
class Source:
    """One stream of bytes.

    Attributes:
        name: what to call it in messages.
        path: the file, or None for standard input.
        size: bytes it will give, or None where that is not known before (compressed, a pipe).
        once: it can be read only once (standard input, a pipe).
    """

    name: str
    path: Path | None
    size: int | None
    once: bool = False

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the decompressed stream."""
        if self.path is None:
            return nullcontext(sys.stdin.buffer)
        if _is_gzip(self.path):
            return cast("BinaryIO", gzip.open(self.path, "rb"))
        return self.path.open("rb")

    def blocks(self) -> Iterator[bytes]:
        """Read blocks of `BLOCK_BYTES` bytes, the last one shorter.

        Raises:
            DataError: the file cannot be read, or its compressed data is damaged or cut off.
        """
        try:
            with self.open() as stream:
                while block := stream.read(BLOCK_BYTES):
                    yield block
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{self.name}: damaged or incomplete gzip data ({error}).") from error
        except OSError as error:
            raise DataError(f"{self.name}: cannot be read ({error.strerror or error}).") from error


def find_sources(paths: Sequence[str | os.PathLike[str]]) -> list[Source]:
    """List the streams that `paths` stand for, in their order.

    A path is a file, a `.gz` file, `-` for standard input, or a directory: all files below it whose names end
    in .txt, .text or .gz (in any case), sorted by path; names that begin with a dot are left out.

    Raises:
        UsageError: a path is not there, or standard input is given twice.
        DataError: a directory has no such file or cannot be read.
    """
    names = [os.fspath(path) for path in paths]
    if names.count(STANDARD_INPUT) > 1:
        raise UsageError("Standard input (-) can be read only once. Got it twice; give - one time.")
    return [source for name in names for source in _sources_of(name)]


def _sources_of(name: str) -> list[Source]:
    if name == STANDARD_INPUT:
        return [Source("standard input", None, None, once=True)]
    path = Path(name)
    try:
        is_directory = stat.S_ISDIR(path.stat().st_mode)
    except PermissionError as error:
        raise DataError(f"{name}: cannot be read ({error.strerror}).") from error
    except (OSError, ValueError):  # ValueError: a NUL character in the name
        _raise_missing(name)
    return [_file_source(file) for file in (_files_below(path) if is_directory else [path])]


def _file_source(path: Path) -> Source:
    try:
        status = path.stat()
    except OSError as error:  # a dangling link inside a directory
        raise DataError(f"{path}: cannot be read ({error.strerror}).") from error
    regular = stat.S_ISREG(status.st_mode)
    size = status.st_size if regular and not _is_gzip(path) else None
    return Source(str(path), path, size, once=not regular)


def _is_gzip(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _files_below(directory: Path) -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(directory, onerror=_raise_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in files if not name.startswith(".") and name.lower().endswith(SUFFIXES)]
    if not found:
        raise DataError(f"{directory}: no text in this directory; looked for files named *{', *'.join(SUFFIXES)}.")
    return sorted(found)


def _raise_unreadable(error: OSError) -> NoReturn:
    raise DataError(f"{error.filename}: cannot be read ({error.strerror}).") from error


def _raise_missing(name: str) -> NoReturn:
    shown = name if len(name) <= 100 else name[:100] + "..."
    message = f"There is no file or directory {shown!r}"
    try:
        neighbours = os.listdir(Path(name).parent)  # noqa: PTH208 (names are wanted, not paths)
    except (OSError, ValueError):
        neighbours = []
    close = difflib.get_close_matches(Path(name).name, neighbours, n=1)
    raise UsageError(f"{message}; did you mean {str(Path(name).with_name(close[0]))!r}?" if close else f"{message}.")
