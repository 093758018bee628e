"""Rows of a comparison, written to disk as they are timed; an interruption loses at most one run.

The file is JSON lines: a header that says what was compared, on what and where, then a row for each candidate and
round. A later comparison with the same header goes on with the rounds that are missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastw2v.errors import DataError, UsageError

# The rest of a header says what rows are rows of; these two may differ between rows of one file.
_FREE = ("command", "date")


@dataclass(frozen=True)
class Timing:
    """One run: seconds of what is timed, and of compiling or loading kernels; useful operations, 0 if not counted."""

    seconds: float
    compile_seconds: float = 0.0
    flops: float = 0.0


@dataclass(frozen=True)
class Row(Timing):
    """A run with the name of its candidate and its round, from 1."""

    candidate: str = ""
    round: int = 0


class Results:
    """A comparison's header and rows, in memory and, where there is a path, in its file.

    Raises:
        DataError: the file at `path` holds something else, or rows of another comparison; the message names the
            first part of the header that differs.
        UsageError: the folder of `path` does not exist.
    """

    def __init__(self, header: dict[str, Any], path: Path | None = None) -> None:
        self.header, self.rows, self._path = header, list[Row](), path
        if path is not None and not path.parent.is_dir():
            raise UsageError(f"Cannot write {path}: the folder {path.parent} does not exist.")
        if path is not None and path.exists() and path.stat().st_size:
            self._read(path)

    def append(self, row: Row) -> None:
        """Add a row, on disk when this returns."""
        if self._path is not None:
            if not (self._path.exists() and self._path.stat().st_size):
                self._write(self.header)
            self._write(asdict(row))
        self.rows.append(row)

    def has(self, candidate: str, number: int) -> bool:
        """Whether this candidate is timed in this round."""
        return any(row.candidate == candidate and row.round == number for row in self.rows)

    def of(self, candidate: str) -> dict[int, Row]:
        """Return a candidate's rows by round."""
        return {row.round: row for row in self.rows if row.candidate == candidate}

    def _write(self, document: dict[str, Any]) -> None:
        assert self._path is not None
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _read(self, path: Path) -> None:
        whole, newline, torn = path.read_bytes().rpartition(b"\n")
        try:
            header, *rows = map(json.loads, whole.splitlines())
            self.rows = [Row(**row) for row in rows]
        except (ValueError, TypeError) as error:
            raise DataError(f"{path}: not the results of a comparison ({error}). Give another file.") from None
        for name, before, now in _differences(header, self.header):
            raise DataError(
                f"{path} is of another comparison: {name} was {before}, here it is {now}. "
                "Give another file, or delete this one."
            )
        if torn:  # a line that was being written when the machine stopped
            with path.open("r+b") as file:
                file.truncate(len(whole + newline))


def _differences(before: Any, now: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (name, value before, value now) of what differs between two headers."""
    if not (isinstance(before, dict) and isinstance(now, dict)):
        if before != now:
            yield name or "the header", before, now
        return
    for key in {**now, **before}:
        if name or key not in _FREE:
            yield from _differences(before.get(key), now.get(key), f"{name} {key}".lstrip())
