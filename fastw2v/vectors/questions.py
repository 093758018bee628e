"""Parse the arguments of queries: words, vectors, weights, counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.system.scalars import plain
from fastw2v.vectors.word_table import WordTable


def items(table: WordTable, given: Any) -> list[Any]:
    """Return one word or vector, or several, as a list. An array of floats is a vector, or a row for each."""
    if given is None:
        return []
    if isinstance(given, np.ndarray) and given.dtype.kind == "f":
        return [given] if given.ndim == 1 else list(given)
    if _is_word(table, given) or isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def weighted(table: WordTable, given: Any, weight: float) -> list[tuple[Any, float]]:
    """Return words and vectors with their weights, `weight` where none is given.

    Raises:
        UnknownWordError: a word is not in the table.
        UsageError: a weight that is no finite number.
    """
    return [_term(table, item, weight) for item in items(table, given)]


def counted(name: str, value: Any, least: int = 1) -> int:
    """Return a number of words, such as `topn`, as a Python integer: NumPy's small ones overflow when added to.

    Raises:
        UsageError: it is no integer, or below `least`.
    """
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        default = "10 is the default" if name == "topn" else "10000 would work"
        raise UsageError(f"{name} must be an integer >= {least}. Got {value!r}; {default}.")
    return number


def _term(table: WordTable, item: Any, weight: float) -> tuple[Any, float]:
    if isinstance(item, tuple) and len(item) == 2 and not _is_word(table, item):
        item, weight = item
        if isinstance(weight, bool) or not isinstance(weight, (int, float, np.number)) or not np.isfinite(weight):
            raise UsageError(f"A weight must be a finite number, as in ('happy', 0.5). Got {weight!r:.40}.")
    if not isinstance(item, np.ndarray):
        item = table.index_to_key[table.row(item)]
    return item, float(weight)


def _is_word(table: WordTable, item: Any) -> bool:
    try:
        return item in table
    except TypeError:  # not hashable
        return False
