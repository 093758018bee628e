"""Compare words: similarities, distances, ranks, the odd one out, the direction of a question.

Every answer rests on cosines, 0 to a zero vector.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from fastw2v.errors import NoWordsError, UsageError
from fastw2v.vectors.editing import EditableTable
from fastw2v.vectors.nearest import Doubles, ExactSearch, Floats, unit_rows
from fastw2v.vectors.questions import weighted

# A sum of vectors so small beside the largest of them is what rounding left of zero.
_ROUNDING = 1e-12

logger = logging.getLogger(__name__)


class ComparedWords(EditableTable):
    """Words that can be compared."""

    @cached_property
    def exact_search(self) -> ExactSearch:
        """The search over all vectors. Made at the first question: one pass over the vectors, (V,) lengths kept."""
        return ExactSearch(self.vectors)

    def _changed(self) -> None:
        super()._changed()
        self.__dict__.pop("exact_search", None)

    def similarity(self, w1: Hashable, w2: Hashable) -> float:
        """Cosine of two words' vectors, in -1 to 1; 0 where one of them is zero. Raises UnknownWordError."""
        return self.n_similarity([w1], [w2])

    def n_similarity(self, ws1: Sequence[Hashable], ws2: Sequence[Hashable]) -> float:
        """Cosine of the means of two lists of words, their vectors as long as they are.

        Raises:
            UnknownWordError: a word is not in the vocabulary; gensim leaves it out.
            NoWordsError: a list is empty.
        UsageError: it is no list.
        """
        if len(ws1) == 0 or len(ws2) == 0:
            raise NoWordsError("n_similarity needs two lists of words, such as ['sun'], ['moon']. Got an empty one.")
        means = [self._mean([(self.index_to_key[row], 1.0) for row in self.rows(words)], False) for words in (ws1, ws2)]
        first, second = unit_rows(np.array(means))
        return float(np.clip(first @ second, -1, 1))  # rounding can carry it a little past 1

    def distance(self, w1: Hashable, w2: Hashable) -> float:
        """Return 1 - `similarity`."""
        return 1 - self.similarity(w1, w2)

    def distances(self, word_or_vector: Any, other_words: Iterable[Hashable] = ()) -> Floats:
        """Return 1 - cosine to each of the other words, float64, or without any to all V, in the dtype of `vectors`."""
        target, _ = self.direction([word_or_vector])
        if not (rows := self.rows(other_words)):
            return 1 - self.exact_search.cosines(target)
        return 1 - self.exact_search.exact_cosines(np.array(rows), target)

    def doesnt_match(self, words: Iterable[Hashable]) -> Hashable:
        """The word farthest from the mean of all the words' unit vectors; at equal distance the first.

        Raises:
            UnknownWordError: a word is not in the vocabulary; gensim leaves it out.
            UsageError: fewer than two words, or one string in place of a list.
        """
        some = [] if isinstance(words, str) else list(words)
        if len(some) < 2:
            raise UsageError(f"doesnt_match needs a list of two or more words. Got {words!r:.60}.")
        units = unit_rows(self.vectors[self.rows(some)].astype(np.float64))
        return some[int(np.argmin(units @ units.mean(axis=0)))]

    def closer_than(self, key1: Hashable, key2: Hashable) -> list[Hashable]:
        """Return the words that are closer to `key1` than `key2` is, by row; without it. Raises UnknownWordError."""
        target, (own,) = self.direction([key1])
        closer = self.exact_search.closer(target, self.row(key2))
        return [self.index_to_key[row] for row in closer.tolist() if row != own]

    def rank(self, key1: Hashable, key2: Hashable) -> int:
        """Place of `key2` among the neighbours of `key1`: 1 is the nearest. Raises UnknownWordError."""
        return len(self.closer_than(key1, key2)) + 1

    def direction(self, positive: Any = (), negative: Any = ()) -> tuple[Doubles, list[int]]:
        """Return where `most_similar` looks, a (d,) float64 vector of length 1 or zero, and the rows asked about."""
        return self._direction(self._terms(positive, negative))

    def nonzero_direction(self, positive: Any = (), negative: Any = ()) -> tuple[Doubles, list[int]]:
        """Return the `direction` of a question that has an answer; to a zero vector every cosine is 0.

        Warns where one word is asked about and its own vector is zero, which some files have for padding.

        Raises:
            UsageError: the words and vectors cancel out, or are all zero.
        """
        terms = self._terms(positive, negative)
        means = [self._mean(some, normalize=True) for some in (terms, *([term] for term in terms))]
        length, *lengths = (float(np.abs(mean).max()) for mean in means)
        target, asked = self._direction(terms)
        if length > _ROUNDING * max(lengths):
            return target, asked
        if len(terms) > 1 or not asked or terms[0][1] == 0:
            raise UsageError(
                "The vectors of the question add up to zero: no word is nearer than another. Got "
                f"{_sum_of(terms)}; another word, or another sum, would work."
            )
        logger.warning("The vector of %.40r is zero: every cosine is 0, and the order says nothing.", terms[0][0])
        return target, asked

    def answerable(self, question: Any) -> tuple[Doubles, list[int]]:
        """Return `nonzero_direction` of one word or vector; in a third of the time, as few vectors are zero."""
        found = self.direction([question])
        return found if found[0].any() else self.nonzero_direction([question])

    def _terms(self, positive: Any, negative: Any) -> list[tuple[Any, float]]:
        terms = weighted(self, positive, 1.0) + weighted(self, negative, -1.0)
        if not terms:
            raise UsageError("most_similar needs at least one word, such as most_similar('happy'). Got none.")
        return terms

    def _direction(self, terms: list[tuple[Any, float]]) -> tuple[Doubles, list[int]]:
        target = unit_rows(self._mean(terms, normalize=True)[np.newaxis]).astype(np.float64)[0]
        return target, sorted({self.row(key) for key, _ in terms if not isinstance(key, np.ndarray)})


def _sum_of(terms: list[tuple[Any, float]]) -> str:
    """Return a question as one writes it: 'king' - 'man' + 2 'woman'."""
    parts = []
    for key, weight in terms:
        name = f"{key!r:.40}" if not isinstance(key, np.ndarray) else "a vector" if key.any() else "a zero vector"
        parts.append(f"{'-' if weight < 0 else '+'} {'' if abs(weight) == 1 else f'{abs(weight):g} '}{name}")
    return " ".join(parts).removeprefix("+ ")
