"""Lines of evaluation files: UTF-8 or what a byte order mark says, numbered, without blank ones and comments."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from fastw2v.errors import DataError, cannot_read
from fastw2v.files.content import START_BYTES, recognise
from fastw2v.files.encodings import LONGEST_MARK, UTF8, marked
from fastw2v.messages.addresses import refuse_address

# Numbers from 1, and lines.
Lines = Sequence[tuple[int, str]]

_LONGEST_LINE = 65_536
# A hundred times the published sets.
_LONGEST_FILE = 2**26
# What bytes that are not UTF-8 become while they are read.
_ESCAPED = re.compile("[\udc80-\udcff]")


def content_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give line numbers from 1, and lines without white space around them, but with tabs at the beginning.

    Lines end with LF, CRLF or CR. Blank ones and those that begin with `#` are left out.

    Raises:
        MissingFileError: no such file.
        DataError: it cannot be read, is of another kind or not UTF-8, or has a line of more than 65,535 characters or
            more than 2^26 in all.
    """
    try:
        with path.open("rb") as file:
            other = recognise(file.peek(START_BYTES)[:START_BYTES])
            if other is not None:
                raise DataError(other.refusal(str(path), "a set to evaluate on"))
            mark = marked(file.peek(LONGEST_MARK)[:LONGEST_MARK]) or UTF8
            with io.TextIOWrapper(file, "utf-8-sig" if mark == UTF8 else mark, "surrogateescape") as text:
                yield from _numbered(text, path)
    except UnicodeError as error:
        raise DataError(f"{path}: not {mark.upper()}, which its byte order mark names ({error!s:.100}).") from error
    except OSError as error:
        refuse_address(path)
        raise cannot_read(path, error) from error


def shown_line(line: str) -> str:
    """Return a line as a message shows it: quoted, cut after 60 letters."""
    return repr(line) if len(line) <= 60 else repr(line[:57] + "...")


def _looks_like(path: Path) -> str:
    """Return words in brackets that name the encoding which a file is likely in, if one is."""
    from fastw2v.files.likely_encoding import likely_encoding  # its tables are for errors alone

    if not path.is_file():  # a pipe was read off
        return ""
    with path.open("rb") as file:
        likely = likely_encoding(file.read(_LONGEST_LINE))
    return f" (it looks like {likely})" if likely else ""


def _numbered(file: io.TextIOWrapper, path: Path) -> Iterator[tuple[int, str]]:
    number = read = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        read += len(line)
        if len(line) == _LONGEST_LINE:
            raise DataError(f"{path}, line {number}: longer than {_LONGEST_LINE:,} characters.")
        if read > _LONGEST_FILE:
            raise DataError(f"{path}: more than {_LONGEST_FILE:,} characters, which no set to evaluate on has.")
        if bad := _ESCAPED.search(line):
            at, byte = len(line[: bad.start()].encode()) + 1, ord(bad[0]) - 0xDC00
            raise DataError(
                f"{path}, line {number}: not UTF-8 at byte {at} of the line (0x{byte:02x}); convert the file to UTF-8"
                f"{_looks_like(path)}."
            )
        line = line.lstrip(" ").rstrip()
        if line and not line.lstrip().startswith("#"):
            yield number, line
