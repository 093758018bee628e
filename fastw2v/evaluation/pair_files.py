"""Read word pairs with human scores: "tiger cat 7.35", and published layouts.

Fields are separated by tabs, else semicolons, else commas, else white space, as the first line has it. Columns are
those that the header names; without a header, those of a layout that every line fits (`pair_columns`). What else is in
a file is refused by its line, as it was understood. Words with their parts of speech, as in MEN's (`sun-n`), lose them
where all have one.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fastw2v.errors import DataError
from fastw2v.evaluation.lines import Lines, content_lines, shown_line
from fastw2v.evaluation.pair_columns import (
    LAYOUTS,
    PLAIN,
    Columns,
    Layout,
    counts_lines,
    fields_of,
    named_columns,
    number_of,
    separator_of,
)

logger = logging.getLogger(__name__)

PAIR_FORM = "two words and a number, separated by tabs, commas, semicolons or spaces, such as 'tiger cat 7.35'"
_HEADER = "a header may name columns word1, word2, score"
_TAGGED = re.compile(r"(.+)[-_](?:[nvjar]|NN|VB|JJ|RB)")
# A line of a table: its number in the file, itself, its fields.
_Row = tuple[int, str, list[str]]


class WordPair(NamedTuple):
    """Two words and how similar people find them."""

    first: str
    second: str
    score: float


def read_word_pairs(path: str | os.PathLike[str]) -> list[WordPair]:
    """Read word pairs with scores. Says, as a warning, which columns it took where no header names them.

    Raises:
        MissingFileError: no such file.
        DataError: a malformed line, with file, line number and how it was understood; several layouts fit; or no pair.
    """
    return parse_word_pairs(Path(path), list(content_lines(Path(path))))


def parse_word_pairs(path: Path, lines: Lines) -> list[WordPair]:
    """Return the pairs in a file's lines. Says and raises what `read_word_pairs` does."""
    separator = separator_of(lines[0][1]) if lines else None
    rows = [(number, line, fields_of(line, separator)) for number, line in lines]
    named = named_columns(rows[0][2]) if rows else None
    if isinstance(named, str):
        raise DataError(f"{path}, line {rows[0][0]}: {named}. Got {shown_line(rows[0][1])}.")
    names = 0 if named is None else len(rows[0][2])
    rows = rows if named is None else rows[1:]
    if not rows:
        raise DataError(f"{path}: no word pairs in it; a line must hold {PAIR_FORM}.")
    columns = _found_columns(path, rows) if named is None else named
    if names:
        _check_fields(path, rows, columns, names)
    return _untagged(path, [_pair(path, row, columns) for row in rows])


def is_header(line: str) -> bool:
    """Tell whether a file's first line names columns of word pairs."""
    return named_columns(fields_of(line, separator_of(line))) is not None


def holds_score(line: str) -> bool:
    """Tell whether a line holds a number after two words."""
    return any(number_of(field) is not None for field in fields_of(line, separator_of(line))[2:])


def _found_columns(path: Path, rows: Sequence[_Row]) -> Columns:
    """Return the columns of the one layout that fits every row."""
    left: Sequence[Layout] = LAYOUTS
    for number, line, fields in rows:
        still = [layout for layout in left if layout.fits(fields)]
        if not still:
            known = left[0] if len(left) < len(LAYOUTS) else PLAIN
            why = f"{len(fields)} fields of no known layout" if known is PLAIN and len(fields) > 3 else known.name
            raise DataError(_refusal(path, (number, line, fields), known.columns, why))
        left = still
    numbered = counts_lines([fields[0] for _, _, fields in rows])
    left = [layout for layout in left if numbered or not layout.numbered]
    if left and left[0] is PLAIN:
        # A line number, a word and a score have the same form.
        if numbered and len(rows) > 1 and all(number_of(fields[1]) is None for _, _, fields in rows):
            raise DataError(_refusal(path, rows[0], PLAIN.columns, "the first column counts the lines"))
        return PLAIN.columns
    if len(left) != 1:
        fit = " or ".join(layout.name for layout in left) or "none that is known"
        raise DataError(f"{path}: its columns may be {fit}; {_HEADER}. Got {shown_line(rows[0][1])}.")
    first, second, score = (place + 1 for place in left[0].columns)
    logger.warning(
        "%s has no header: words are taken from columns %d and %d, scores from column %d (%s).",
        path, first, second, score, left[0].name,
    )  # fmt: skip
    return left[0].columns


def _check_fields(path: Path, rows: Sequence[_Row], columns: Columns, names: int) -> None:
    """Refuse a line with more fields than the header, as of a score of 7,35 between commas."""
    for row in rows:
        if any(row[2][names:]):
            raise DataError(_refusal(path, row, columns, f"{len(row[2])} fields, where the header has {names}"))


def _pair(path: Path, row: _Row, columns: Columns) -> WordPair:
    fields = row[2]
    score = number_of(fields[columns.score]) if max(columns) < len(fields) else None
    if score is None or not (fields[columns.first] and fields[columns.second]):
        raise DataError(_refusal(path, row, columns, ""))
    return WordPair(fields[columns.first], fields[columns.second], score)


def _refusal(path: Path, row: _Row, columns: Columns, why: str) -> str:
    """Return the message that shows a line and how it was understood."""
    number, line, fields = row
    first, second, score = (shown_line(fields[place]) if place < len(fields) else "missing" for place in columns)
    of = f" ({why})" if why and why != PLAIN.name else ""
    return (
        f"{path}, line {number}: expected {PAIR_FORM}; {_HEADER}. Got {shown_line(line)}, understood{of} as word "
        f"{first}, word {second}, score {score}."
    )


def _untagged(path: Path, pairs: list[WordPair]) -> list[WordPair]:
    """Return the pairs without parts of speech where every word has one, and say so."""
    tagged = [(_TAGGED.fullmatch(first), _TAGGED.fullmatch(second), score) for first, second, score in pairs]
    cut = [WordPair(first[1], second[1], score) for first, second, score in tagged if first and second]
    if len(cut) < len(pairs):
        return pairs
    logger.warning("%s: every word has a part of speech, which is left off: %r is %r.", path, pairs[0][0], cut[0][0])
    return cut
