"""Trained vectors and the questions one asks them: nearest words, similarities, analogies, the odd one out.

Every answer rests on cosines, 0 to a zero vector. Names and results follow gensim's `KeyedVectors`; where they differ,
the method says so. `lookup` holds the words and vectors, `nearest` does the searching, `gensim_keyed` has more names.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.gensim_keyed import GensimKeyed
from fastw2v.nearest import Doubles, ExactSearch, Floats, Rows, first_non_finite_row, top_rows, unit_rows
from fastw2v.questions import counted, weighted

__all__ = ["Answer", "Floats", "KeyedVectors", "first_non_finite_row", "paired_vectors", "top_rows", "unit_rows"]

# Words with their cosines (or 3CosMul's scores), the best first.
Answer = list[tuple[Hashable, float]]

_METHODS = ("3cosadd", "3cosmul")


class KeyedVectors(GensimKeyed):
    """Words and their vectors, to be asked.

    A question is made of words, of (d,) float vectors, or of (word or vector, weight) pairs: one of them, or a list.
    A tuple that is itself a word is taken as that word. Answers leave out the words asked about, and are exact: the
    order is that of cosines in float64, at equal ones (to 12 digits) the lower row first.

    Takes and holds what `lookup.WordTable` does.
    """

    @cached_property
    def exact_search(self) -> ExactSearch:
        """The search over all vectors. Made at the first question: one pass over the vectors, (V,) lengths kept."""
        return ExactSearch(self.vectors)

    def similarity(self, a: Hashable, b: Hashable) -> float:
        """Cosine of two words' vectors, in -1 to 1; 0 where one of them is zero. Raises UnknownWordError."""
        return self.n_similarity([a], [b])

    def n_similarity(self, a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
        """Cosine of the means of two lists of words, their vectors as long as they are.

        Raises:
            UnknownWordError: a word is not in the vocabulary; gensim leaves it out.
            UsageError: a list is empty, or no list.
        """
        if len(a) == 0 or len(b) == 0:
            raise UsageError("n_similarity needs two lists of words, such as ['sun'], ['moon']. Got an empty one.")
        means = [self._mean([(self.index_to_key[row], 1.0) for row in self.rows(words)], False) for words in (a, b)]
        first, second = unit_rows(np.array(means))
        return float(np.clip(first @ second, -1, 1))  # rounding can carry it a little past 1

    def distance(self, a: Hashable, b: Hashable) -> float:
        """Return 1 - `similarity`."""
        return 1 - self.similarity(a, b)

    def distances(self, word_or_vector: Any, others: Iterable[Hashable] | None = None) -> Floats:
        """Return 1 - cosine to each of the other words, float64, or without any to all V, in the dtype of `vectors`."""
        target, _ = self.direction([word_or_vector])
        if others is None or not (rows := self.rows(others)):
            return 1 - self.exact_search.cosines(target)
        return 1 - self.exact_search.exact_cosines(np.array(rows), target)

    def most_similar(
        self,
        positive: Any = (),
        negative: Any = (),
        topn: int = 10,
        *,
        restrict_vocab: int | None = None,
        among: Iterable[Hashable] | None = None,
    ) -> Answer:
        """The `topn` words nearest to the mean of unit vectors, negative ones with their sign turned.

        Args:
            positive: words, vectors (as long as they are) or pairs of one with its weight; one or several.
            negative: the same with weight -1; a weight given counts as it stands, so its sign is not turned.
            topn: how many answers; fewer come back where there are fewer words.
            restrict_vocab: answer only with words of the first so many rows, by custom the most frequent.
            among: answer only with these words.

        Returns:
            (word, cosine) pairs, the nearest first, at equal cosine the lower row first. The words asked
            about are left out.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            UsageError: no word at all, a vector of another length, or a number that cannot be.
        """
        topn = counted("topn", topn)
        target, asked = self.direction(positive, negative)
        search, rows = self._part(restrict_vocab, among)
        found = search.nearest(target[np.newaxis], topn + len(asked))[0]
        return self._answer(found, rows, asked, topn)

    def most_similar_many(
        self,
        questions: Iterable[Any],
        topn: int = 10,
        *,
        restrict_vocab: int | None = None,
        among: Iterable[Hashable] | None = None,
    ) -> list[Answer]:
        """Return what `most_similar` answers to each question, a word or a vector, all searched for at once.

        The same words with the same cosines, many times as fast: matrix products in place of matrix-vector products.
        """
        topn = counted("topn", topn)
        if isinstance(questions, (str, bytes)):
            raise UsageError(
                f"most_similar_many needs a list of questions, such as ['sun', 'moon']. Got {questions!r:.60}."
            )
        asked = [self.direction([question]) for question in questions]
        if not asked:
            return []
        search, rows = self._part(restrict_vocab, among)
        most = max(len(own) for _, own in asked)
        found = search.nearest(np.array([target for target, _ in asked]), topn + most)
        return [self._answer(one, rows, own, topn) for one, (_, own) in zip(found, asked, strict=True)]

    def similar_by_word(self, word: Hashable, topn: int = 10, restrict_vocab: int | None = None) -> Answer:
        """`most_similar` of one word."""
        return self.most_similar([word], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_vector(self, vector: Floats, topn: int = 10, restrict_vocab: int | None = None) -> Answer:
        """`most_similar` of one (d,) vector; no word is left out."""
        return self.most_similar([np.asarray(vector)], topn=topn, restrict_vocab=restrict_vocab)

    def most_similar_cosmul(
        self, positive: Any = (), negative: Any = (), topn: int = 10, restrict_vocab: int | None = None
    ) -> Answer:
        """The `topn` words best by 3CosMul: cosines multiplied and divided where `most_similar` adds and subtracts.

        See `nearest.ExactSearch.nearest_by_product`. Raises as `most_similar`, and UsageError without a positive word
        or with a weight.
        """
        topn = counted("topn", topn)
        plus, minus = weighted(self, positive, 1.0), weighted(self, negative, 1.0)
        if not plus or any(weight != 1 for _, weight in plus + minus):
            raise UsageError("most_similar_cosmul needs a positive word, and no weights; ('king', 'man') would work.")
        terms = [self.direction([key]) for key, _ in plus + minus]
        targets = np.array([target for target, _ in terms])
        asked = sorted({row for _, own in terms for row in own})
        search, rows = self._part(restrict_vocab, None)
        found = search.nearest_by_product(targets[: len(plus)], targets[len(plus) :], topn + len(asked))
        return self._answer(found, rows, asked, topn)

    def analogy(self, a: Hashable, b: Hashable, c: Hashable, topn: int = 1, method: str = "3cosadd") -> Answer:
        """`a` is to `b` as `c` is to which words? Question words are left out.

        By 3CosAdd, the cosine to b - a + c (Mikolov, Yih and Zweig 2013, "Linguistic Regularities in Continuous
        Space Word Representations", section 5, with vectors of unit length): `most_similar`. Or by 3CosMul (Levy
        and Goldberg 2014): `most_similar_cosmul`. Raises as they do, and UsageError for another method.
        """
        check_method(method)
        ask = self.most_similar if method == "3cosadd" else self.most_similar_cosmul
        return ask(positive=[b, c], negative=[a], topn=topn)

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

    def closer_than(self, a: Hashable, b: Hashable) -> list[Hashable]:
        """Return the words that are closer to `a` than `b` is, by row; without `a`. Raises UnknownWordError."""
        target, (own,) = self.direction([a])
        closer = self.exact_search.closer(target, self.row(b))
        return [self.index_to_key[row] for row in closer.tolist() if row != own]

    def rank(self, a: Hashable, b: Hashable) -> int:
        """Place of `b` among the neighbours of `a`: 1 is the nearest. Raises UnknownWordError."""
        return len(self.closer_than(a, b)) + 1

    def direction(self, positive: Any = (), negative: Any = ()) -> tuple[Doubles, list[int]]:
        """Return where `most_similar` looks, a (d,) float64 vector of length 1 or zero, and the rows asked about."""
        terms = weighted(self, positive, 1.0) + weighted(self, negative, -1.0)
        if not terms:
            raise UsageError("most_similar needs at least one word, such as most_similar('happy'). Got none.")
        target = unit_rows(self._mean(terms, normalize=True)[np.newaxis]).astype(np.float64)[0]
        return target, sorted({self.row(key) for key, _ in terms if not isinstance(key, np.ndarray)})

    def _part(self, restrict_vocab: int | None, among: Iterable[Hashable] | None) -> tuple[ExactSearch, Rows | None]:
        """Return the search over the rows that may answer, and these rows; None for rows that are its own."""
        if restrict_vocab is not None and among is not None:
            raise UsageError("Give restrict_vocab or among, not both.")
        if among is not None:
            rows = np.unique(np.array(self.rows(among), dtype=np.intp))
            return self.exact_search.part(rows), rows
        if restrict_vocab is not None:
            return self.exact_search.part(slice(counted("restrict_vocab", restrict_vocab))), None
        return self.exact_search, None

    def _answer(self, found: tuple[Rows, Doubles], rows: Rows | None, asked: list[int], topn: int) -> Answer:
        """Return words for the rows found, without those asked about."""
        own = found[0] if rows is None else rows[found[0]]
        pairs = zip(own.tolist(), found[1].tolist(), strict=True)
        return [(self.index_to_key[row], value) for row, value in pairs if row not in asked][:topn]

    @classmethod
    def from_gensim(cls, keyed: Any) -> KeyedVectors:
        """Return gensim's `KeyedVectors` as ours; see `gensim_vectors`."""
        from fastw2v.gensim_vectors import from_gensim

        return from_gensim(keyed)

    def to_gensim(self) -> Any:
        """Return gensim's `KeyedVectors` with these words and vectors; see `gensim_vectors`."""
        from fastw2v.gensim_vectors import to_gensim

        return to_gensim(self)

    def to_arrow(self) -> Any:
        """Return an Arrow table; see `formats.tables`."""
        from fastw2v.formats.tables import to_arrow

        return to_arrow(self)

    def to_pandas(self) -> Any:
        """Return a pandas table; see `formats.tables`."""
        from fastw2v.formats.tables import to_pandas

        return to_pandas(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows; see `notebook`."""
        from fastw2v.notebook import vectors_html

        shown: str = vectors_html(self)
        return shown


def check_method(method: str) -> None:
    """Raise UsageError for a way to solve analogies that is not known."""
    if method not in _METHODS:
        raise UsageError(f"method must be one of {', '.join(_METHODS)}. Got {method!r:.40}.")


def paired_vectors(wv: KeyedVectors, output: Floats, which: str) -> KeyedVectors:
    """Return the words of `wv` with their "output" vectors, or the "mean" of input and output vectors."""
    if which not in ("output", "mean"):
        raise UsageError(f"The vectors of a model are input, output or mean. Got {which!r:.40}.")
    # Halved first: the sum of very large ones could overflow.
    vectors = output if which == "output" else wv.vectors / 2 + output / 2
    return wv._with_words_of(KeyedVectors(wv.index_to_key, vectors, wv.counts))
