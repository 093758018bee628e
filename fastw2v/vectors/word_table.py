"""Words and their vectors as a collection: lookup, slices, subsets, means.

Names follow gensim's `KeyedVectors`. A key is a word; an integer that is no word is the number of a row, unless words
are integers themselves: an unknown item is then unknown, and not some row.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Self, cast, overload

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UnknownWordError, UsageError
from fastw2v.messages.close_words import unknown_word
from fastw2v.messages.printable import plural
from fastw2v.text.refusals import is_missing
from fastw2v.vectors.growing import GrowingMatrix
from fastw2v.vectors.nearest import Doubles, Floats, first_non_finite_row, row_lengths, unit_rows
from fastw2v.vectors.spelling import find


class WordTable:
    """Words and their vectors.

    Args:
        words: V distinct hashable words; by custom the most frequent first.
        vectors: (V, d) float32 or float64, all finite; lists become float32. An array is kept as a read-only view, not
            copied: lengths are computed once, so whoever holds the original must not change it while this object is in
            use.
        counts: (V,) int64, how often each word occurred in the training stream; or None.
        vector_size: in place of all these, d of a table without words, to which some are added later; in gensim's way
            it may be the one argument, `KeyedVectors(100)`.
        dtype: of the vectors of a table without words.

    Attributes:
        index_to_key: list of the words by row.
        key_to_index: dict from word to row.
        counts: the (V,) counts, or None.
        tokenizer: the name of the tokeniser that the words come from, for `known_as`; None: not known.

    Raises:
        UsageError: words without vectors, vectors with a `vector_size`, or a word that is bytes, a missing value
            or not hashable.
        DataError: a repeated word, a vector that is not finite, or sizes that do not agree.
    """

    def __init__(
        self,
        words: Sequence[Hashable] | int = (),
        vectors: Floats | Sequence[Sequence[float]] | None = None,
        counts: npt.NDArray[np.int64] | Sequence[int] | None = None,
        *,
        vector_size: int | None = None,
        dtype: npt.DTypeLike | None = None,
    ) -> None:
        if is_integer(words):
            words, vector_size = (), cast("int", words) if vector_size is None else vector_size
        self.index_to_key: list[Hashable] = list(cast("Sequence[Hashable]", words))
        check_words(self.index_to_key)
        if vectors is None or vector_size is not None or dtype is not None:
            self._matrix = GrowingMatrix(_no_vectors(vector_size, dtype, len(self.index_to_key), vectors))
        else:
            array = vectors if isinstance(vectors, np.ndarray) else np.array(vectors, dtype=np.float32)
            self._matrix = GrowingMatrix(_checked_vectors(array, self.index_to_key))
        self.counts = counts = None if counts is None else np.asarray(counts, dtype=np.int64)
        if counts is not None and counts.shape != (len(self.index_to_key),):
            raise DataError(f"{plural(len(self), 'word')} must have as many counts. Got shape {counts.shape}.")
        self.key_to_index = {word: row for row, word in enumerate(self.index_to_key)}
        if len(self.key_to_index) < len(self.index_to_key):
            raise DataError(f"The word {_first_repeated(self.index_to_key)!r} occurs twice; words must differ.")
        self.tokenizer: str | None = None

    @classmethod
    def of(cls, table: WordTable) -> Self:
        """Return an object of this class with the words, vectors and counts of another, which it shares."""
        made = cls.__new__(cls)
        made.__dict__.update(table.__dict__)
        return made

    @property
    def vectors(self) -> Floats:
        """The (V, d) vectors, read-only. Set, they are replaced by others of that shape, float32 or float64."""
        return self._matrix.view

    @vectors.setter
    def vectors(self, vectors: Floats) -> None:
        array = _checked_vectors(np.asarray(vectors), self.index_to_key)
        if array.shape[1] != self.vector_size:
            raise DataError(f"The vectors have {plural(self.vector_size, 'number')}. Got {array.shape[1]}.")
        self._matrix = GrowingMatrix(array)
        self._changed()

    def _changed(self) -> None:
        """Forget what was computed from words and vectors before they changed."""
        for name in ("unit_vectors", "norms", "_has_integers", "_kinds"):
            self.__dict__.pop(name, None)

    @property
    def vector_size(self) -> int:
        """Length d of a vector."""
        return int(self._matrix.own_view.shape[1])

    @cached_property
    def unit_vectors(self) -> Floats:
        """(V, d) read-only: each vector scaled to length 1, zero ones left zero. Computed at first use, and kept."""
        units = unit_rows(self._matrix.own_view)
        units.flags.writeable = False
        return units

    @cached_property
    def norms(self) -> Floats:
        """(V,) read-only: the length of each vector, in the dtype of `vectors`. Computed at first use, and kept."""
        norms = row_lengths(self._matrix.own_view)
        norms.flags.writeable = False
        return norms

    def get_normed_vectors(self) -> Floats:
        """Return `unit_vectors`, by gensim's name."""
        return self.unit_vectors

    def __repr__(self) -> str:
        return f"{type(self).__name__}({plural(len(self), 'word')} x {self.vector_size}, {self.vectors.dtype})"

    def __len__(self) -> int:
        return len(self.index_to_key)

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self.index_to_key)

    def __contains__(self, word: Hashable) -> bool:
        return word in self.key_to_index or self._is_row(word)

    # A slice is hashable from Python 3.12 on, but no word.
    @overload
    def __getitem__(self, wanted: slice) -> Self: ...  # type: ignore[overload-overlap, unused-ignore]
    @overload
    def __getitem__(self, wanted: Hashable | Iterable[Any]) -> Floats: ...

    def __getitem__(self, wanted: Any) -> Floats | Self:
        """Look up a word, several, or rows.

        `[word]` is its (d,) read-only vector, `[[word, ...]]` an (n, d) array, of any iterable: an array, a tuple
        that is no word, a dict's keys. `[:1000]` is these words with their vectors and counts, as an object of this
        class. Raises UnknownWordError. What is set shows in vectors that were looked up before, and in no other array
        and no part.
        """
        if isinstance(wanted, slice):
            return self._of_rows(self.index_to_key[wanted], wanted)
        rows = np.array(self.rows(wanted), dtype=np.intp) if self._are_several(wanted) else self.row(wanted)
        found: Floats = self._matrix.own_view[rows]
        return found

    def _are_several(self, wanted: Any) -> bool:
        """Whether an item is words in place of one: where words are tuples, a tuple is a word, if an unknown one."""
        if isinstance(wanted, str | bytes) or not isinstance(wanted, Iterable):
            return False
        return wanted.ndim > 0 if isinstance(wanted, np.ndarray) else type(wanted) not in self._kinds

    @cached_property
    def _kinds(self) -> set[type]:
        return set(map(type, self.index_to_key))

    def _of_rows(self, words: Sequence[Hashable], rows: slice | list[int]) -> Self:
        """Return an object of these words and of the vectors and counts in these rows; there may be none."""
        counts = None if self.counts is None else self.counts[rows]
        if words:
            return self._with_words_of(type(self)(words, self.vectors[rows], counts))
        return self._with_words_of(type(self)((), None, counts, vector_size=self.vector_size, dtype=self.vectors.dtype))

    def subset(self, words: Iterable[Hashable]) -> Self:
        """Return these words, in this order, with copies of their vectors and counts.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            DataError: a word comes twice.
        """
        rows = self.rows(words)
        return self._of_rows([self.index_to_key[row] for row in rows], rows)

    def _with_words_of(self, part: Self) -> Self:
        part.tokenizer = self.tokenizer
        return part

    def known_as(self, word: Hashable) -> Hashable | None:
        """Return the word of the vocabulary that `word` means: itself, else as its corpus would have it; None for none.

        Other methods look words up exactly as they are given. The corpus's form is composed (NFC), with straight
        apostrophes and in lower case; see `spelling`.
        """
        return find(self.key_to_index, word, self.tokenizer)

    def row(self, word: Hashable) -> int:
        """Row of `word` in `vectors`. Raises UnknownWordError, which names close words."""
        try:
            return self.key_to_index[word]
        except KeyError:
            if self._is_row(word):
                return int(word)  # type: ignore[call-overload, no-any-return]
            raise UnknownWordError(unknown_word(word, self.index_to_key, self.known_as(word))) from None
        except TypeError:
            raise UsageError(f"A word must be hashable, such as 'happy' or 17. Got {word!r:.60}.") from None

    def _is_row(self, key: Any) -> bool:
        """Whether a key that is no word is the number of a row: it never is where words are integers."""
        return is_integer(key) and 0 <= key < len(self) and not self._has_integers

    @cached_property
    def _has_integers(self) -> bool:
        return any(map(is_integer, self.index_to_key))

    def rows(self, words: Iterable[Hashable]) -> list[int]:
        """Rows of some words. Raises UnknownWordError; UsageError for one string in place of a list."""
        return [self.row(word) for word in listed(words)]

    def get_index(self, key: Hashable, default: int | None = None) -> int:
        """Row of a word; of an unknown one the default, where there is one, or UnknownWordError."""
        return default if default is not None and key not in self else self.row(key)

    def has_index_for(self, key: Hashable) -> bool:
        """Return `key in self`, by gensim's name."""
        return key in self

    def get_vector(self, key: Hashable, norm: bool = False) -> Floats:
        """(d,) vector of a word, with `norm` scaled to length 1. Raises UnknownWordError."""
        row, vectors = self.row(key), self._matrix.own_view
        vector: Floats = unit_rows(vectors[[row]])[0] if norm else vectors[row]
        return vector

    def get_mean_vector(
        self,
        keys: Sequence[Any] | Floats,
        weights: Sequence[float] | Floats | None = None,
        pre_normalize: bool = True,
        post_normalize: bool = False,
        ignore_missing: bool = True,
    ) -> Floats:
        """Weighted mean of vectors, (d,), in the dtype of `vectors`; as gensim's.

        Args:
            keys: words, or (d,) vectors, which are taken as they are.
            weights: a number for each key, 1 by default; the sum is divided by the sum of their magnitudes.
            pre_normalize: scale the words' vectors to length 1 first.
            post_normalize: scale the mean to length 1.
            ignore_missing: leave unknown words out; the mean of none is zero.

        Raises:
            UnknownWordError: an unknown word that is not ignored.
            UsageError: no key, or weights that are not as many finite numbers.
        """
        listed(keys)
        factors = np.ones(len(keys)) if weights is None else np.asarray(weights, dtype=np.float64)
        if len(keys) == 0 or factors.shape != (len(keys),) or not np.isfinite(factors).all():
            raise UsageError(f"A mean needs keys, and a finite weight for each. Got {len(keys)} and {weights!r:.60}.")
        terms = [
            (key, factor)
            for key, factor in zip(keys, factors.tolist(), strict=True)
            if isinstance(key, np.ndarray) or key in self or not ignore_missing
        ]
        mean = self._mean(terms, pre_normalize)
        return (unit_rows(mean[np.newaxis])[0] if post_normalize else mean).astype(self.vectors.dtype)

    def _mean(self, terms: Sequence[tuple[Any, float]], normalize: bool) -> Doubles:
        """Return the mean of weighted words and vectors in float64; `normalize` scales the words' to length 1."""
        mean = np.zeros(self.vector_size)
        total = sum(abs(weight) for _, weight in terms) or 1.0
        for key, weight in terms:
            if isinstance(key, np.ndarray):
                term = self._checked_vector(key)
            else:
                term = self._matrix.own_view[self.row(key)].astype(np.float64)
                term = unit_rows(term[np.newaxis])[0] if normalize else term
            mean += weight / total * term  # divided first: the sum of large ones could overflow
        return mean

    def _checked_vector(self, vector: Floats) -> Doubles:
        if vector.shape != (self.vector_size,) or vector.dtype.kind not in "fiu":
            wrong = f"shape {vector.shape}, {vector.dtype}"
        elif not np.isfinite(vector).all():
            wrong = "a value that is not finite"
        else:
            return vector.astype(np.float64)
        raise UsageError(f"A vector must be {self.vector_size} finite numbers, like those of the words. Got {wrong}.")


def listed(words: Iterable[Any]) -> Iterable[Any]:
    """Return words as they are; raise UsageError for one string in their place, whose letters are no words."""
    if isinstance(words, (str, bytes)) or not isinstance(words, Iterable):
        raise UsageError(f"A list of words is needed, such as ['happy', 'sad']. Got {words!r:.60}.")
    return words


def check_words(words: Sequence[Any]) -> None:
    """Raise UsageError where a word is not hashable, is bytes, or is None, NaN or another missing value."""
    if set(map(type, words)) <= {str, int}:
        return
    for place, word in enumerate(words):
        try:
            hash(word)
        except TypeError:
            raise UsageError(f"Word {place} is {word!r:.60}; a word must be hashable, such as 'happy' or 17.") from None
        if is_missing(word):
            raise UsageError(f"Word {place} is {word!s:.20}, a missing value; leave it out (pandas: dropna()).")
        if isinstance(word, bytes):
            raise UsageError(f"Word {place} is bytes, {word!r:.40}; pass text: word.decode().")


def is_integer(key: Any) -> bool:
    """Whether a key is an integer, of Python or of NumPy; True and False are none."""
    return isinstance(key, int | np.integer) and not isinstance(key, bool)


def _no_vectors(vector_size: int | None, dtype: npt.DTypeLike | None, words: int, vectors: Any) -> Floats:
    """Return the (0, d) vectors of a table without words."""
    if words or vectors is not None or vector_size is None:
        raise UsageError(
            "KeyedVectors takes words and vectors, or vector_size alone, such as KeyedVectors(vector_size=100). Got "
            f"{plural(words, 'word')}, {'no' if vectors is None else 'some'} vectors, vector_size {vector_size}."
        )
    if isinstance(vector_size, bool) or not isinstance(vector_size, int | np.integer) or vector_size < 1:
        raise UsageError(f"vector_size must be an integer >= 1. Got {vector_size!r:.40}; 100 would work.")
    kind = np.dtype(np.float32 if dtype is None else dtype)
    if kind not in (np.float32, np.float64):
        raise UsageError(f"dtype must be float32 or float64. Got {kind}.")
    return np.empty((0, int(vector_size)), kind)


def _checked_vectors(vectors: Floats, words: list[Hashable]) -> Floats:
    if vectors.ndim != 2 or vectors.dtype not in (np.float32, np.float64) or 0 in vectors.shape:
        raise DataError(
            "Vectors must be a (V, d) array of float32 or float64, V and d at least 1. "
            f"Got shape {vectors.shape}, {vectors.dtype}."
        )
    if len(vectors) != len(words):
        raise DataError(f"{plural(len(words), 'word')} must have as many vectors. Got {len(vectors):,}.")
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
