"""Find the columns of words and score in a file of word pairs: by header or published layout.

Nothing is guessed: without a header that names the columns, every line must fit one layout, and one only.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# Headers in the letters and digits of their names: "Word 1" is word1, "Human (mean)" humanmean.
_WORDS = (
    ("word1", "word2"),
    ("w1", "w2"),
    ("worda", "wordb"),
    ("word", "word2"),
    ("firstword", "secondword"),
    ("first", "second"),
    ("term1", "term2"),
    ("token1", "token2"),
    ("noun1", "noun2"),
    ("verb1", "verb2"),
)
_SCORE_NAMES = (
    "score scores meanscore averagescore humanscore goldscore similarityscore relatednessscore similarity sim "
    "relatedness human humanmean humanrating mean meanrating average avg averagerating avgrating rating ratings gold "
    "goldstandard avgscore judgement judgment simlex999 simlex wordsim wordsim353 ws353 men simverb simverb3500 rw"
)
_SCORES = frozenset(_SCORE_NAMES.split())
_TAGS = "noun verb adj adv adjective adverb nn nns nnp vb vbd vbg vbn vbp vbz jj rb"
_PARTS_OF_SPEECH = frozenset(_TAGS.split())
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


class Columns(NamedTuple):
    """Where the two words and the score are, counted from 0."""

    first: int
    second: int
    score: int


def separator_of(line: str) -> str | None:
    """Return what separates the fields of a file, by a line of it: that which makes three; None for white space."""
    for separator in ("\t", ";", ","):
        if len(fields_of(line, separator)) >= 3:
            return separator
    return None


def fields_of(line: str, separator: str | None) -> list[str]:
    """Cut a line. Between commas and semicolons a field may stand in double quotes, in which they do not separate."""
    if separator in (",", ";") and '"' in line:
        try:
            return [field.strip() for field in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
        except (csv.Error, StopIteration):
            return [line]
    return [field.strip() for field in line.split(separator)]


def number_of(field: str) -> float | None:
    """Return a finite number, 7.35 or 7,35; else None."""
    if "_" in field:  # Python's own way to group digits
        return None
    try:
        value = float(field.replace(",", ".") if _DECIMAL_COMMA.fullmatch(field) else field)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def named_columns(header: Sequence[str]) -> Columns | str | None:
    """Return the columns that a header names, what is wrong with it, or None for what is no header."""
    names = ["".join(filter(str.isalnum, name.casefold())) for name in header]
    words = next((pair for pair in _WORDS if all(names.count(name) == 1 for name in pair)), None)
    if words is None:
        return None
    first, second = map(names.index, words)
    scores = [place for place, name in enumerate(names) if name in _SCORES]
    if not scores and len(names) == 3:
        scores = [3 - first - second]
        if number_of(header[scores[0]]) is not None:
            return None
    if len(scores) == 1:
        return Columns(first, second, scores[0])
    if not scores:
        return "the header names no score; 'score' would work"
    return f"the header names {len(scores)} scores, {' and '.join(repr(header[place]) for place in scores)}; leave one"


# Layouts without a header


def _any(field: str) -> bool:
    return True


def _text(field: str) -> bool:
    return field != ""


def _word(field: str) -> bool:
    return field != "" and number_of(field) is None


def _number(field: str) -> bool:
    return number_of(field) is not None


def _code(field: str) -> bool:
    """Tell whether this is a letter that stands for a relation or a part of speech, or the name of the latter."""
    return (len(field) == 1 and field.isalpha()) or field.casefold() in _PARTS_OF_SPEECH


def _index(field: str) -> bool:
    return len(field) <= 18 and field.isascii() and field.isdecimal()


@dataclass(frozen=True)
class Layout:
    """Columns of a file without a header.

    Attributes:
        name: whose layout it is.
        kinds: what each of the first columns holds; others may follow, if `more`.
        columns: where the words and the score are.
        more: whether other columns may follow.
        numbered: whether the first column counts the lines.
    """

    name: str
    kinds: tuple[Callable[[str], bool], ...]
    columns: Columns
    more: bool = True
    numbered: bool = False

    def fits(self, fields: Sequence[str]) -> bool:
        """Tell whether a line may be of this layout."""
        enough = len(fields) >= len(self.kinds) if self.more else len(fields) == len(self.kinds)
        return enough and all(kind(field) for kind, field in zip(self.kinds, fields, strict=False))


# Two words and two numbers may be a score of 7,35 between commas: no layout. Words are numbers ("1984", items) only
# where there are three columns and nothing else that they could be.
LAYOUTS = (
    Layout("two words and a score", (_text, _text, _number), Columns(0, 1, 2), more=False),
    Layout("two words and scores, as RareWords", (_word, _word, _number, _number, _any), Columns(0, 1, 2)),
    Layout("two words, a code and a score, as SimVerb-3500", (_word, _word, _code, _number), Columns(0, 1, 3)),
    Layout("a code, two words and a score, as WordSim-353 annotated", (_code, _word, _word, _number), Columns(1, 2, 3)),
    Layout("a line number, two words and a score", (_index, _word, _word, _number), Columns(1, 2, 3), numbered=True),
    Layout(
        "a line number, two words with codes, two contexts and scores, as SCWS",
        (_index, _word, _code, _word, _code, _word, _word, _number),
        Columns(1, 3, 7),
        numbered=True,
    ),
)
PLAIN = LAYOUTS[0]


def counts_lines(fields: Sequence[str]) -> bool:
    """Tell whether the fields of a column are numbers that go up by one."""
    if not fields or not all(map(_index, fields)):
        return False
    start = int(fields[0])
    return all(int(field) == start + place for place, field in enumerate(fields))
