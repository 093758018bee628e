"""Reader of the files that vectors are judged by: word pairs with human scores, analogies, word classes.

Plain UTF-8 text, with or without a byte order mark, lines ended by LF or CRLF; blank lines and lines that start with
`#` are skipped. Three forms, told apart by the first two lines of content:

    pairs      "tiger cat 7.35": two words and a score, separated by tabs, else commas, else white space. The first
               line may be a header: three or more fields, and no number from the third on. Between tabs or commas there
               may be more columns; the score is the one that holds a number in the first line of data, the first
               such (SimLex-999, SimVerb, RareWords and WordSim-353 are read as they are published).
    analogies  "Athens Greece Oslo Norway" under ": section" lines.
    classes    one word a line under ": class" lines.

Imports `errors` only.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fastw2v.errors import DataError, UsageError

Question = tuple[str, str, str, str]

_LONGEST_LINE = 65_536
_PAIR_FORM = "two words and a number, separated by tabs, commas or spaces, such as 'tiger cat 7.35'"
_ANALOGY_FORM = "four words, such as 'Athens Greece Oslo Norway', or a section, such as ': capitals'"
_CLASS_FORM = "one word, such as 'cat', or a class, such as ': animals'"


class WordPair(NamedTuple):
    """Two words and how similar people find them."""

    first: str
    second: str
    score: float


@dataclass(frozen=True)
class WordClasses:
    """Words by the name of their class."""

    classes: dict[str, list[str]]


def read_evaluation(path: str | os.PathLike[str]) -> list[WordPair] | dict[str, list[Question]] | WordClasses:
    """Read a file of word pairs, of analogies or of word classes, whichever it is: its first two lines tell.

    A line ": name", or four words without a score in the line or the next, mean analogies, or classes where the first
    line below the name is one word; anything else must be word pairs.

    Raises:
        UsageError: no such file.
        DataError: a malformed line, with file and line number, or nothing to read.
    """
    lines = (line for _, line in _lines(Path(path)))
    first = next(lines, None)
    if first is None:
        raise DataError(
            f"{path}: no word pairs, analogies or word classes in it; a line of pairs must hold {_PAIR_FORM}."
        )
    if first.startswith(":"):
        content = next((line for line in lines if not line.startswith(":")), "")
        return read_classes(path) if len(content.split()) == 1 else read_analogies(path)
    scored = any(_score_column(line) is not None for line in (first, next(lines, first)))
    return read_analogies(path) if len(_fields(first)) == 4 and not scored else read_word_pairs(path)


def read_word_pairs(path: str | os.PathLike[str]) -> list[WordPair]:
    """Read lines "word word score".

    Raises:
        UsageError: no such file.
        DataError: a malformed line, with file and line number, or no pair.
    """
    pairs = []
    column: int | None = None
    for place, (number, line) in enumerate(_lines(Path(path))):
        fields = _fields(line)
        if place == 0 and _is_header(fields):
            continue
        if column is None:
            column = _score_column(line)
        scores = _scores(line)
        score = scores[column - 2] if column is not None and column - 2 < len(scores) else None
        if score is None or not (fields[0] and fields[1]):
            raise DataError(f"{path}, line {number}: expected {_PAIR_FORM}. Got {_shown(line)}.")
        pairs.append(WordPair(fields[0], fields[1], score))
    if not pairs:
        raise DataError(f"{path}: no word pairs in it; a line must hold {_PAIR_FORM}.")
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


def read_classes(path: str | os.PathLike[str]) -> WordClasses:
    """Read words by ": class" header, one a line; a class that comes again goes on.

    Raises:
        UsageError: no such file.
        DataError: a malformed line, or a word before any class, with file and line number.
    """
    classes: dict[str, list[str]] = {}
    words: list[str] | None = None
    for number, line in _lines(Path(path)):
        if line.startswith(":"):
            words = classes.setdefault(line[1:].strip(), [])
        elif words is not None and len(line.split()) == 1:
            words.append(line)
        else:
            raise DataError(f"{path}, line {number}: expected {_CLASS_FORM}. Got {_shown(line)}.")
    return WordClasses(classes)


def _fields(line: str) -> list[str]:
    return [field.strip() for field in line.split(_separator(line))]


def _separator(line: str) -> str | None:
    return "\t" if "\t" in line else "," if "," in line else None


def _is_header(fields: list[str]) -> bool:
    return len(fields) >= 3 and not any(_is_number(field) for field in fields[2:])


def _score_column(line: str) -> int | None:
    """Return the first column after the two words that holds a number; None without one."""
    scores = enumerate(_scores(line), start=2)
    return next((column for column, score in scores if score is not None), None)


def _scores(line: str) -> list[float | None]:
    """Return the numbers from the third column on. Between spaces there are three columns, no more."""
    fields = _fields(line)
    return [] if _separator(line) is None and len(fields) != 3 else [_finite(field) for field in fields[2:]]


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


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _finite(text: str) -> float | None:
    return float(text) if _is_number(text) and math.isfinite(float(text)) else None


def _shown(line: str) -> str:
    return repr(line) if len(line) <= 60 else repr(line[:57] + "...")
