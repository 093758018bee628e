"""Add words and vectors to a table or replace them, under gensim's names.

A model's own vectors take no new words: its output vectors have no rows for them.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Self, cast

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.vectors.nearest import Floats, unit_rows
from fastw2v.vectors.word_table import WordTable, check_words, is_integer

COUNT = "count"

logger = logging.getLogger(__name__)


class EditableTable(WordTable):
    """A table of words that takes new ones, and new vectors for those that it has."""

    # Whether words can be added; `of_model` says no.
    _grows = True

    def add_vectors(
        self,
        keys: Hashable | Sequence[Hashable],
        weights: Any,
        extras: Mapping[str, Any] | None = None,
        replace: bool = False,
    ) -> None:
        """Add words with their vectors, in the rows after the last.

        Args:
            keys: a word, or a list of different ones.
            weights: its vector (d,), or one for each, (n, d); finite numbers.
            extras: counts of the words, as {"count": [...]}; without them, and in a table that has counts, new words
                get 0.
            replace: give words that are there already the new vectors; otherwise they keep theirs, and a warning says
                so.

        Raises:
            UsageError: a repeated or missing word, a row number, vectors of another number or length, a value not
                finite, other extras; or a new word for the vectors of a model. Nothing is changed then.
        """
        words = list(keys) if isinstance(keys, list | np.ndarray) else [keys]
        check_words(words)
        rows = self._checked_rows(words, weights)
        counts = self._checked_counts(words, extras)
        # By word alone: the number of a row stands for a word in questions, and here would replace it in silence.
        places = [self.key_to_index.get(word) for word in words]
        there = [number for number, place in enumerate(places) if place is not None]
        new = [number for number, place in enumerate(places) if place is None]
        self._check_new([words[number] for number in new])
        if there and replace:
            self._matrix.replace(np.array([places[number] for number in there], dtype=np.intp), rows[there])
        elif there:
            names = ", ".join(repr(words[number]) for number in there[:3])
            logger.warning(
                "already there, with vectors that stay: %.200s%s; replace=True would replace them",
                names,
                f" and {len(there) - 3:,} more" if len(there) > 3 else "",
            )
        if new:
            self._append([words[number] for number in new], rows[new], None if counts is None else counts[new])
        self._changed()

    def add_vector(self, key: Hashable, vector: Any) -> int:
        """Add a word, or give it another vector, and return its row. Raises as `add_vectors`."""
        self.add_vectors([key], [vector], replace=True)
        return self.key_to_index[key]

    def __setitem__(self, keys: Any, weights: Any) -> None:
        """`kv[word] = vector` or `kv[[word, ...]] = vectors`: words that are there get these, others are added."""
        keys = keys if isinstance(keys, list) else [keys]
        weights = weights if len(keys) != 1 or np.ndim(weights) != 1 else [weights]
        self.add_vectors(keys, weights, replace=True)

    def set_vecattr(self, key: Hashable, attr: str, val: int) -> None:
        """Set how often a word occurred: the one attribute, "count", that words have here.

        Raises:
            UnknownWordError: the word is not in the vocabulary.
            UsageError: another attribute, or no integer from 0 on.
        """
        if attr != COUNT:
            raise UsageError(f"The one attribute of a word is its count. Got {attr!r:.40}.")
        row, count = self.row(key), _counts([val])
        counts = np.zeros(len(self), dtype=np.int64) if self.counts is None else self.counts.copy()
        counts[row] = count[0]
        self.counts = counts

    def unit_normalize_all(self) -> None:
        """Scale every vector to length 1; zero vectors stay zero."""
        self.vectors = unit_rows(self.vectors)

    def of_model(self) -> Self:
        """Return this table, as one to which no word can be added."""
        self._grows = False
        return self

    def _check_new(self, words: list[Hashable]) -> None:
        """Raise UsageError for words that cannot be added."""
        if len(self) and not self._has_integers and (numbers := [word for word in words if is_integer(word)]):
            row = cast("int", numbers[0])
            works = f"{self.index_to_key[row]!r:.40} is the word of that row, and " if row in self else ""
            raise UsageError(
                f"Words here are no integers, and those are rows, 0 to {len(self) - 1:,}. Got {row}; "
                f"{works}{str(row)!r:.40} would be a word."
            )
        if words and not self._grows:
            raise UsageError(
                f"The vectors of a model take no new words, for which it has no output vectors. Got {words[0]!r:.60}; "
                "vectors = model.wv[:] can take them, and build_vocab(..., update=True) adds to the model."
            )

    def _append(self, words: list[Hashable], rows: Floats, counts: Any) -> None:
        if self.counts is not None or counts is not None:
            before = np.zeros(len(self), dtype=np.int64) if self.counts is None else self.counts
            self.counts = np.append(before, np.zeros(len(words), dtype=np.int64) if counts is None else counts)
        self._matrix.append(rows)
        for word in words:
            self.key_to_index[word] = len(self.index_to_key)
            self.index_to_key.append(word)

    def _checked_rows(self, words: list[Hashable], weights: Any) -> Floats:
        if len(set(words)) < len(words):
            raise UsageError("Words to add must differ. Got one of them twice.")
        try:
            with np.errstate(over="ignore"):  # refused below as infinite
                rows = np.asarray(weights, dtype=self._matrix.own_view.dtype)
        except (TypeError, ValueError):
            raise UsageError(f"A vector must be {self.vector_size} finite numbers. Got {weights!r:.60}.") from None
        rows = rows[np.newaxis] if rows.ndim == 1 and len(words) == 1 else rows
        if rows.shape != (len(words), self.vector_size):
            raise UsageError(
                f"The vectors to add must be an array of ({len(words)}, {self.vector_size}). Got {rows.shape}."
            )
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            raise UsageError(f"The vector of {words[int(np.argmin(finite))]!r:.60} holds a value that is not finite.")
        return rows

    def _checked_counts(self, words: list[Hashable], extras: Mapping[str, Any] | None) -> Any:
        if not extras:
            return None
        if set(extras) != {COUNT}:
            raise UsageError(f"The one attribute of a word is its count. Got extras {sorted(map(str, extras))!r:.60}.")
        counts = _counts(extras[COUNT])
        if len(counts) != len(words):
            raise UsageError(f"Each word to add needs a count, {len(words):,} in all. Got {len(counts):,}.")
        return counts


def _counts(values: Iterable[Any]) -> Any:
    array = np.asarray(values)
    if array.dtype.kind not in "iu" or array.ndim != 1 or (array < 0).any():
        raise UsageError(f"A count must be an integer >= 0. Got {values!r:.60}.")
    return array.astype(np.int64)
