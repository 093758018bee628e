"""Read evaluation files: word pairs with human scores, analogies, word classes.

Plain UTF-8 text, with or without a byte order mark, lines ended by LF, CRLF or CR; blank lines and lines that start
with `#` are skipped. Four forms, told apart by the first two lines of content:

    pairs      "tiger cat 7.35": two words and a score; see `pair_files`.
    analogies  "Athens Greece Oslo Norway" under ": section" lines.
    BATS       "cat animal/feline": a word and its answers, a file a section, also in folders; see `bats`.
    classes    one word a line under ": class" lines.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastw2v.errors import DataError
from fastw2v.evaluation.bats import BatsQuestion, is_pair, read_bats
from fastw2v.evaluation.lines import Lines, content_lines, shown_line
from fastw2v.evaluation.pair_files import PAIR_FORM, WordPair, holds_score, is_header, parse_word_pairs, read_word_pairs

__all__ = [
    "Question",
    "WordClasses",
    "WordPair",
    "read_analogies",
    "read_classes",
    "read_evaluation",
    "read_word_pairs",
]

Question = tuple[str, str, str, str]
Analogies = Mapping[str, Sequence[Question | BatsQuestion]]

_ANALOGY_FORM = "four words, such as 'Athens Greece Oslo Norway', or a section, such as ': capitals'"
_CLASS_FORM = "one word, such as 'cat', or a class, such as ': animals'"


@dataclass(frozen=True)
class WordClasses:
    """Words by the name of their class."""

    classes: dict[str, list[str]]


def read_evaluation(path: str | os.PathLike[str]) -> list[WordPair] | Analogies | WordClasses:
    """Read a file of word pairs, of analogies or of word classes, whichever it is: its first two lines tell.

    A line ": name", or four words without a score in the line or the next, mean analogies, or classes where the first
    line below the name is one word; two lines of two words mean BATS, and so does a folder; anything else must be word
    pairs.

    Raises:
        MissingFileError: no such file.
        DataError: a malformed line, with file and line number, or nothing to read.
    """
    if Path(path).is_dir():
        return read_bats(Path(path))
    # Read once: a pipe can be read no second time.
    lines = list(content_lines(Path(path)))
    if not lines:
        raise DataError(
            f"{path}: no word pairs, analogies or word classes in it; a line of pairs must hold {PAIR_FORM}."
        )
    return _of_form(Path(path), lines)


def _of_form(path: Path, lines: Lines) -> list[WordPair] | Analogies | WordClasses:
    first, second = lines[0][1].strip(), lines[min(1, len(lines) - 1)][1].strip()
    if first.startswith(":"):
        content = next((line for _, line in lines if not line.strip().startswith(":")), "")
        return _classes(path, lines) if len(content.split()) == 1 else _analogies(path, lines)
    if is_pair(first) and is_pair(second):
        return read_bats(path, lines)
    pairs = is_header(first) or holds_score(first) or holds_score(second)
    return parse_word_pairs(path, lines) if pairs or len(first.split()) != 4 else _analogies(path, lines)


def read_analogies(path: str | os.PathLike[str]) -> dict[str, list[Question]]:
    """Read questions "a b c d" (a is to b as c is to d) by ": section" header; before any it is "".

    Raises:
        DataError: a malformed line, with file and line number.
    """
    return _analogies(Path(path), list(content_lines(Path(path))))


def _analogies(path: Path, lines: Lines) -> dict[str, list[Question]]:
    sections: dict[str, list[Question]] = {}
    section = ""
    for number, line in lines:
        words = line.split()
        if words[0].startswith(":"):
            section = line.strip()[1:].strip()
            sections.setdefault(section, [])
        elif len(words) == 4:
            sections.setdefault(section, []).append((words[0], words[1], words[2], words[3]))
        else:
            raise DataError(f"{path}, line {number}: expected {_ANALOGY_FORM}. Got {shown_line(line)}.")
    return sections


def read_classes(path: str | os.PathLike[str]) -> WordClasses:
    """Read words by ": class" header, one a line; a class that comes again goes on.

    Raises:
        MissingFileError: no such file.
        DataError: a malformed line, or a word before any class, with file and line number.
    """
    return _classes(Path(path), list(content_lines(Path(path))))


def _classes(path: Path, lines: Lines) -> WordClasses:
    classes: dict[str, list[str]] = {}
    words: list[str] | None = None
    for number, line in lines:
        if line.strip().startswith(":"):
            words = classes.setdefault(line.strip()[1:].strip(), [])
        elif words is not None and len(line.split()) == 1:
            words.append(line.strip())
        else:
            raise DataError(f"{path}, line {number}: expected {_CLASS_FORM}. Got {shown_line(line)}.")
    return WordClasses(classes)
