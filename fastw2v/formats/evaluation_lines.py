"""Lines of evaluation files: UTF-8, numbered, without blank ones and comments. Imports `errors` only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fastw2v.errors import DataError, UsageError

# Numbers from 1, and lines.
Lines = Sequence[tuple[int, str]]

_LONGEST_LINE = 65_536
# A thousand times the published sets.
_MOST_BYTES = 2**26


def content_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give line numbers from 1, and lines without white space around them, but with tabs at the beginning.

    Blank lines and those that begin with `#` are left out.

    Raises:
        UsageError: no such file.
        DataError: it cannot be read, is not UTF-8, has a line of more than 65,535 bytes, or more than 64 MiB.
    """
    try:
        with path.open("rb") as file:
            number = read = 0
            while raw := file.readline(_LONGEST_LINE):
                number += 1
                if len(raw) == _LONGEST_LINE:
                    raise DataError(f"{path}, line {number}: longer than {_LONGEST_LINE:,} bytes.")
                read += len(raw)
                if read > _MOST_BYTES:
                    raise DataError(f"{path}: more than {_MOST_BYTES:,} bytes, which no set to evaluate on has.")
                line = _decoded(raw, path, number).lstrip(" ").rstrip()
                if line and not line.lstrip().startswith("#"):
                    yield number, line
    except OSError as error:
        kind = UsageError if isinstance(error, FileNotFoundError) else DataError
        raise kind(f"Cannot read {path}: {error.strerror or error}.") from error


def shown_line(line: str) -> str:
    """Return a line as a message shows it: quoted, cut after 60 letters."""
    return repr(line) if len(line) <= 60 else repr(line[:57] + "...")


def _decoded(raw: bytes, path: Path, number: int) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}, line {number}: not UTF-8 at byte {error.start + 1} of the line "
            f"(0x{raw[error.start]:02x}); convert the file to UTF-8."
        ) from None
