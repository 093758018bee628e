"""Reader of the files that vectors are judged by: word pairs with human scores, and analogies.

Plain UTF-8 text; blank lines and lines that start with `#` are skipped. Imports `errors` only.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fastw2v.errors import DataError, UsageError

Question = tuple[str, str, str, str]

_LONGEST_LINE = 65_536
_PAIR_FORM = "two words and a number, separated by tabs, commas or spaces, such as 'tiger cat 7.35'"
_ANALOGY_FORM = "four words, such as 'Athens Greece Oslo Norway', or a section, such as ': capitals'"


class WordPair(NamedTuple):
    """Two words and how similar people find them."""

    first: str
    second: str
    score: float


def read_evaluation(path: str | os.PathLike[str]) -> list[WordPair] | dict[str, list[Question]]:
    """Read a file of word pairs or of analogies, whichever it is: its first line of content tells.

    A line ": section" or one of four words means analogies; anything else must be word pairs.

    Raises:
        DataError: a malformed line, with file and line number, or nothing to read.
    """
    first = next(_lines(Path(path)), None)
    if first is None:
        raise DataError(f"{path}: no word pairs or analogies in it; a line must hold {_PAIR_FORM}.")
    is_analogy = first[1].startswith(":") or len(_fields(first[1])) == 4
    return read_analogies(path) if is_analogy else read_word_pairs(path)


def read_word_pairs(path: str | os.PathLike[str]) -> list[WordPair]:
    """Read lines "word word score". A line with a tab is split at tabs, else at commas, else at white space.

    Raises:
        DataError: a malformed line, with file and line number.
    """
    pairs = []
    for number, line in _lines(Path(path)):
        fields = _fields(line)
        score = _finite(fields[2]) if len(fields) == 3 and all(fields) else None
        if score is None:
            raise DataError(f"{path}, line {number}: expected {_PAIR_FORM}. Got {_shown(line)}.")
        pairs.append(WordPair(fields[0], fields[1], score))
    return pairs


def read_analogies(path: str | os.PathLike[str]) -> dict[str, list[Question]]:
    """Read questions "a b c d" (a is to b as c is to d) by ": section" header; before any it is "".

    Raises:
        DataError: a malformed line, with file and line number.
    """
    sections: dict[str, list[Question]] = {}
    section = ""
    for number, line in _lines(Path(path)):
        words = line.split()
        if line.startswith(":"):
            section = line[1:].strip()
            sections.setdefault(section, [])
        elif len(words) == 4:
            sections.setdefault(section, []).append((words[0], words[1], words[2], words[3]))
        else:
            raise DataError(f"{path}, line {number}: expected {_ANALOGY_FORM}. Got {_shown(line)}.")
    return sections


def _fields(line: str) -> list[str]:
    separator = "\t" if "\t" in line else "," if "," in line else None
    return [field.strip() for field in line.split(separator)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and stripped lines, without blank ones and comments."""
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(_LONGEST_LINE):
                number += 1
                if len(raw) == _LONGEST_LINE:
                    raise DataError(f"{path}, line {number}: longer than {_LONGEST_LINE:,} bytes.")
                line = _decoded(raw, path, number).strip()
                if line and not line.startswith("#"):
                    yield number, line
    except OSError as error:
        kind = UsageError if isinstance(error, FileNotFoundError) else DataError
        raise kind(f"Cannot read {path}: {error.strerror or error}.") from error


def _decoded(raw: bytes, path: Path, number: int) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}, line {number}: not UTF-8 at byte {error.start + 1} of the line "
            f"(0x{raw[error.start]:02x}); convert the file to UTF-8."
        ) from None


def _finite(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _shown(line: str) -> str:
    return repr(line) if len(line) <= 60 else repr(line[:57] + "...")
