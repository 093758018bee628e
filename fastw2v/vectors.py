"""Trained vectors and the questions one asks them: nearest words, similarities, analogies, the odd one out.

Every answer rests on the cosine of unit vectors. Names follow gensim's `KeyedVectors`, with one difference: a
key is always a word, never a row number, so that integer items are looked up like any other.
Knows the errors, and the files of other programs once one is read or written.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UnknownWordError, UsageError

Floats = npt.NDArray[np.floating[Any]]

# Rows checked or normalised at a time, so that temporary arrays stay small beside the vectors.
_BLOCK_ROWS = 4096
# Unit vectors kept for the next query; beyond it each query makes them anew, block by block.
_MOST_UNIT_BYTES = 1 << 26
# Close words: at most this many candidates are compared letter by letter, the most frequent first.
_MOST_CANDIDATES = 20_000
_LONGEST_HINTED_WORD = 40


class KeyedVectors:
    """Words and their vectors.

    Args:
        words: V distinct hashable words; by custom the most frequent first.
        vectors: (V, d) float32 or float64, all finite. Kept as a read-only view, not copied: the unit vectors
            are computed once, so whoever holds the original array must not change it while this object is in
            use.
        counts: (V,) int64, how often each word occurred in the training stream; or None.

    Attributes:
        index_to_key: list of the words by row.
        key_to_index: dict from word to row.
        vectors: the (V, d) array, read-only.
        counts: the (V,) counts, or None.

    Raises:
        DataError: a repeated word, a vector that is not finite, or sizes that do not agree.
    """

    def __init__(
        self,
        words: Sequence[Hashable],
        vectors: Floats,
        counts: npt.NDArray[np.int64] | None = None,
    ) -> None:
        self.index_to_key: list[Hashable] = list(words)
        self.vectors: Floats = _checked_vectors(vectors, self.index_to_key)
        self.counts = counts
        if counts is not None and counts.shape != (len(self.index_to_key),):
            raise DataError(f"{len(self):,} words need {len(self):,} counts. Got shape {counts.shape}.")
        self.key_to_index = {word: row for row, word in enumerate(self.index_to_key)}
        if len(self.key_to_index) < len(self.index_to_key):
            raise DataError(f"The word {_first_repeated(self.index_to_key)!r} occurs twice; words must differ.")
        self._units: Floats | None = None

    @classmethod
    def load_word2vec_format(
        cls,
        path: str | os.PathLike[str],
        *,
        binary: bool = False,
        no_header: bool = False,
        unicode_errors: str = "strict",
    ) -> KeyedVectors:
        """Read a word2vec file, text or binary, or (without a header) GloVe's text: float32 vectors, words as str.

        Names are gensim's, but a repeated word is refused, where gensim keeps the first.

        Raises:
            UsageError: binary without a header, or unknown `unicode_errors`.
            DataError: the file is damaged; see `formats.word2vec_text` and `formats.word2vec_binary`.
        """
        from fastw2v.formats.word2vec_binary import read_word2vec_binary
        from fastw2v.formats.word2vec_text import read_word2vec_text

        _check_header_of(binary, not no_header)
        if binary:
            return read_word2vec_binary(path, unicode_errors=unicode_errors)
        return read_word2vec_text(path, header=not no_header, unicode_errors=unicode_errors)

    def save_word2vec_format(
        self, path: str | os.PathLike[str], *, binary: bool = False, write_header: bool = True
    ) -> None:
        """Write a word2vec file, text or binary, or (without a header) GloVe's text, in the order of the rows.

        Raises:
            UsageError: binary without a header, or a path that is no place for a file.
            DataError: a word or a value that the format cannot hold, or the system could not write.
        """
        from fastw2v.formats.word2vec_binary import write_word2vec_binary
        from fastw2v.formats.word2vec_text import write_word2vec_text

        _check_header_of(binary, write_header)
        if binary:
            write_word2vec_binary(path, self)
        else:
            write_word2vec_text(path, self, header=write_header)

    @property
    def vector_size(self) -> int:
        """Length d of a vector."""
        return int(self.vectors.shape[1])

    @property
    def unit_vectors(self) -> Floats:
        """(V, d) read-only: each vector scaled to length 1, zero ones left zero. Computed at first use."""
        if self._units is None:
            self._units = unit_rows(self.vectors)
            self._units.flags.writeable = False
        return self._units

    def __len__(self) -> int:
        return len(self.index_to_key)

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self.index_to_key)

    def __contains__(self, word: Hashable) -> bool:
        return word in self.key_to_index

    def __getitem__(self, word: Hashable) -> Floats:
        """(d,) read-only vector of `word`. Raises UnknownWordError."""
        vector: Floats = self.vectors[self.row(word)]
        return vector

    def row(self, word: Hashable) -> int:
        """Row of `word` in `vectors`. Raises UnknownWordError, which names close words."""
        try:
            return self.key_to_index[word]
        except KeyError:
            raise UnknownWordError(self._unknown(word)) from None
        except TypeError:
            raise UsageError(f"A word must be hashable, such as 'happy' or 17. Got {word!r:.60}.") from None

    def similarity(self, a: Hashable, b: Hashable) -> float:
        """Cosine of two words' vectors, in -1 to 1; 0 where one of them is zero. Raises UnknownWordError."""
        units = self.unit_vectors[[self.row(a), self.row(b)]].astype(np.float64)
        return _cosine(units[0] @ units[1])

    def most_similar(
        self,
        positive: Hashable | Sequence[Hashable] = (),
        negative: Hashable | Sequence[Hashable] = (),
        topn: int = 10,
    ) -> list[tuple[Hashable, float]]:
        """The `topn` words nearest to the mean of unit vectors, negative ones with their sign turned.

        Args:
            positive: a word or several.
            negative: a word or several, counted with weight -1.
            topn: how many answers; fewer come back where the vocabulary has fewer.

        Returns:
            (word, cosine) pairs, the nearest first, at equal cosine the lower row first. The words asked
            about are left out.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            UsageError: no word at all, or `topn` is not an integer >= 1.
        """
        _check_topn(topn)
        plus = [self.row(word) for word in self._as_words(positive)]
        minus = [self.row(word) for word in self._as_words(negative)]
        if not plus and not minus:
            raise UsageError("most_similar needs at least one word, such as most_similar('happy'). Got none.")
        target = unit_rows((self._units_of(plus).sum(axis=0) - self._units_of(minus).sum(axis=0))[np.newaxis])[0]
        similarities = self._cosines(target)
        asked = sorted({*plus, *minus})
        similarities[asked] = -np.inf
        rows = top_rows(similarities, min(topn, len(self) - len(asked)))
        return [(self.index_to_key[row], _cosine(similarities[row])) for row in rows.tolist()]

    def _units_of(self, rows: list[int]) -> Floats:
        """Return the unit vectors of some rows."""
        return self.unit_vectors[rows] if self._keeps_units() else unit_rows(self.vectors[rows])

    def _cosines(self, target: Floats) -> Floats:
        """Return each word's cosine to a unit vector, (V,)."""
        if self._keeps_units():
            similarities: Floats = self.unit_vectors @ target
            return similarities
        starts = range(0, len(self), _BLOCK_ROWS)
        return np.concatenate([unit_rows(self.vectors[start : start + _BLOCK_ROWS]) @ target for start in starts])

    def _keeps_units(self) -> bool:
        """Whether unit vectors are there, or small enough to be kept: a third matrix of a million words is not."""
        return self._units is not None or self.vectors.nbytes <= _MOST_UNIT_BYTES

    def analogy(self, a: Hashable, b: Hashable, c: Hashable, topn: int = 1) -> list[tuple[Hashable, float]]:
        """`a` is to `b` as `c` is to which words? Answers like `most_similar`.

        3CosAdd: the cosine to b - a + c, question words excluded (Mikolov, Yih and Zweig 2013, "Linguistic
        Regularities in Continuous Space Word Representations", section 5, with vectors of unit length).
        """
        return self.most_similar(positive=[b, c], negative=[a], topn=topn)

    def doesnt_match(self, words: Sequence[Hashable]) -> Hashable:
        """The word farthest from the mean of all the words' unit vectors; at equal distance the first.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            UsageError: fewer than two words, or one string in place of a list.
        """
        if isinstance(words, str) or len(words) < 2:
            raise UsageError(f"doesnt_match needs a list of two or more words. Got {words!r:.60}.")
        units = self.unit_vectors[[self.row(word) for word in words]].astype(np.float64)
        return words[int(np.argmin(units @ units.mean(axis=0)))]

    def _as_words(self, words: Hashable | Sequence[Hashable]) -> list[Hashable]:
        """One word or several, as a list. A tuple may itself be a word: then it is taken as one."""
        if isinstance(words, Hashable) and words in self.key_to_index:
            return [words]
        if isinstance(words, (str, bytes)) or not isinstance(words, Iterable):
            return [words]
        return list(words)

    def _unknown(self, word: Hashable) -> str:
        close = ", ".join(map(str, close_words(word, self.index_to_key)))
        hint = f" Close words: {close}" if close else ""
        shown = repr(word) if len(repr(word)) <= 60 else f"{word!r:.57}..."
        return f"{shown} is not in the vocabulary of {len(self):,} words.{hint}"


def unit_rows(vectors: Floats) -> Floats:
    """Each row divided by its Euclidean length, in the same dtype; zero rows stay zero.

    A row is first divided by its largest magnitude, so that squaring neither overflows nor vanishes.
    """
    units = np.empty(vectors.shape, dtype=vectors.dtype)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS]
        largest = np.abs(block).max(axis=1, keepdims=True)
        scaled = block / np.where(largest > 0, largest, 1)
        lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
        units[start : start + _BLOCK_ROWS] = scaled / np.where(lengths > 0, lengths, 1)
    return units


def top_rows(similarities: Floats, count: int) -> npt.NDArray[np.intp]:
    """Indices of the `count` largest values, the largest first, at equal value the lower index first."""
    if count < 1:
        return np.empty(0, dtype=np.intp)
    threshold = np.partition(similarities, -count)[-count]
    above = np.flatnonzero(similarities > threshold)
    # Many may share the last place: the lowest indices get it, whatever order `partition` left them in.
    level = np.flatnonzero(similarities == threshold)[: count - len(above)]
    best = np.concatenate([above, level])
    return best[np.lexsort((best, -similarities[best]))]


def first_non_finite_row(vectors: Floats) -> int | None:
    """Index of the first row that holds a NaN or an infinity; None where there is none."""
    for start in range(0, len(vectors), _BLOCK_ROWS):
        finite = np.isfinite(vectors[start : start + _BLOCK_ROWS]).all(axis=1)
        if not finite.all():
            return start + int(np.argmin(finite))
    return None


def close_words(word: Hashable, vocabulary: Iterable[Hashable], most: int = 3) -> list[str]:
    """Up to `most` words of the vocabulary spelt much like `word`; none for words that are not strings.

    Only words of about its length with the same first letter or the same last two are compared, and only the
    first 20,000 of those: a million words take a fraction of a second.
    """
    if not isinstance(word, str) or not 1 <= len(word) <= _LONGEST_HINTED_WORD:
        return []
    shortest, longest = len(word) - 3, len(word) + 3
    first, last = word[0].lower(), word[-2:].lower()
    candidates: list[str] = []
    for other in vocabulary:
        if isinstance(other, str) and shortest <= len(other) <= longest:
            lower = other.lower()
            if lower[:1] == first or lower[-2:] == last:
                candidates.append(other)
                if len(candidates) == _MOST_CANDIDATES:
                    break
    by_lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    return [by_lower[match] for match in difflib.get_close_matches(word.lower(), by_lower, n=most, cutoff=0.7)]


def _checked_vectors(vectors: Floats, words: list[Hashable]) -> Floats:
    if vectors.ndim != 2 or vectors.dtype not in (np.float32, np.float64) or 0 in vectors.shape:
        raise DataError(
            "Vectors must be a (V, d) array of float32 or float64, V and d at least 1. "
            f"Got shape {vectors.shape}, {vectors.dtype}."
        )
    if len(vectors) != len(words):
        raise DataError(f"{len(words):,} words need {len(words):,} vectors. Got {len(vectors):,}.")
    bad = first_non_finite_row(vectors)
    if bad is not None:
        raise DataError(f"The vector of {words[bad]!r} (row {bad}) holds a value that is not finite.")
    view = vectors.view()
    view.flags.writeable = False
    return view


def _first_repeated(words: Iterable[Hashable]) -> Hashable:
    seen: set[Hashable] = set()
    for word in words:
        if word in seen:
            break
        seen.add(word)
    return word


def _check_header_of(binary: bool, header: bool) -> None:
    if binary and not header:
        raise UsageError("A binary file always has a header. Got binary without one; leave one of the two out.")


def _check_topn(topn: int) -> None:
    if isinstance(topn, bool) or not isinstance(topn, (int, np.integer)) or topn < 1:
        raise UsageError(f"topn must be an integer >= 1. Got {topn!r}; 10 is the default.")


def _cosine(value: Any) -> float:
    # Rounding can carry the cosine of a vector with itself a little past 1.
    return float(min(1.0, max(-1.0, float(value))))
