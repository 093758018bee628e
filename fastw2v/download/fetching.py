"""Download a file: verified, resumable, with a record of its source.

A file gets its name only after its size and SHA-256 are those wanted. `hub` and `published_sets` say which file, and
bring the bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from fastw2v.errors import DataError, UsageError
from fastw2v.files.atomic import write_atomically
from fastw2v.files.digest import file_sha256
from fastw2v.messages.callers import another_output
from fastw2v.messages.printable import plural

KEPT = "What arrived is kept: the same command goes on from there."

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Record:
    """Where a file came from; kept beside it, as FILE.source.json. `commit` may be a tag."""

    repository: str
    commit: str
    file: str
    size: int
    sha256: str
    licence: str
    licence_url: str


@dataclass(frozen=True)
class Fetched:
    """A verified file on this machine; `already_there` when nothing had to be fetched."""

    path: Path
    record: Record
    already_there: bool


def one_of(values: Mapping[str, _Value], name: str, what: str) -> _Value:
    """Return the value of that name. Raises UsageError, which lists the names."""
    if name not in values:
        raise UsageError(f"{what} must be one of {', '.join(values)}. Got {name!r}.")
    return values[name]


def place(directory: str | Path, file: str) -> Path:
    """Return where a file goes. Raises UsageError where the directory is something else."""
    path = Path(directory) / file
    if path.parent.exists() and not path.parent.is_dir():
        raise UsageError(f"{directory} is not a directory; {another_output()}.")
    return path


def known(path: Path, commit: str) -> Record | None:
    """Return the record of a file that is there, if it is of the commit wanted."""
    if not path.exists():
        return None
    try:
        record = Record(**json.loads(_record_path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    wanted = (record.commit, record.file) == (commit, path.name) and isinstance(record.size, int)
    return record if wanted else None


def write_record(path: Path, record: Record) -> None:
    """Keep the record beside the file."""
    text = json.dumps(asdict(record), indent=2) + "\n"
    write_atomically(_record_path(path), lambda out: out.write(text.encode()))


def verify(path: Path, record: Record) -> None:
    """Raise DataError unless the file, which this call did not fetch, has the size and the SHA-256 wanted."""
    size = path.stat().st_size
    if size != record.size or file_sha256(path) != record.sha256:
        raise DataError(
            f"{path} is not {record.file} of {record.repository} as published ({plural(size, 'byte')} here, "
            f"{record.size:,} there, or another SHA-256): move it away, or {another_output()}."
        )


def download(path: Path, record: Record, fill: Callable[[BinaryIO], None]) -> None:
    """Fetch the file under another name, verify it, and give it its name.

    Args:
        path: where it goes.
        record: what it must be.
        fill: adds what is missing to a part of the file, open at its end.

    Raises:
        DataError: it cannot be written, or what arrived is not what it must be.
    """
    # With the SHA-256 in its name, a part of other bytes is never gone on with.
    part = path.with_name(f"{path.name}.{record.sha256[:12]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as out:
            _lock(out, part)
            _check_space(path.parent, record.size - out.tell())
            try:
                fill(out)
            except DataError:
                if out.tell() == 0:  # nothing arrived
                    with contextlib.suppress(OSError):  # Windows removes no open file
                        part.unlink()
                raise
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise DataError(f"Cannot write {part}: {error.strerror or error}. {KEPT}") from error
    arrived, sha256 = part.stat().st_size, file_sha256(part)
    if (arrived, sha256) != (record.size, record.sha256):
        part.unlink()
        raise DataError(
            f"{record.file} arrived damaged and was removed: {arrived:,} bytes with SHA-256 {sha256[:12]}..., where "
            f"{record.size:,} with {record.sha256[:12]}... are published. Try again."
        )
    part.replace(path)


def _record_path(path: Path) -> Path:
    return path.with_name(path.name + ".source.json")


def _lock(out: BinaryIO, part: Path) -> None:
    """Keep a second process from adding to the same part. The system drops the lock when the process ends."""
    try:
        import fcntl
    except ImportError:
        return  # Windows; there two processes at once are found by the SHA-256
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DataError(f"Another process is fetching {part}: wait for it, or {another_output()}.") from error
    except OSError:
        return  # a file system without locks; the same


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(f"{folder.resolve()} has {free:,} bytes free, {needed:,} are needed; {another_output()}.")
