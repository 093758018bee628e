"""Nearest-neighbour and analogy queries on words and their vectors.

Every answer rests on cosines, 0 to a zero vector. Names and results follow gensim's `KeyedVectors`; where they differ,
the method says so. `word_table` holds the words and vectors, `editing` changes them, `comparing` compares words, and
`nearest` searches.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, TypeVar, overload

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.vectors.comparing import ComparedWords
from fastw2v.vectors.nearest import Doubles, ExactSearch, Floats, Rows
from fastw2v.vectors.questions import counted, weighted

# Words with their cosines (or 3CosMul's scores), the best first.
Answer = list[tuple[Hashable, float]]

_METHODS = ("3cosadd", "3cosmul")


class WordVectors(ComparedWords):
    """Words and their vectors, to be asked; `fastw2v.KeyedVectors` without files and gensim's other names.

    A question is made of words, of (d,) float vectors, or of (word or vector, weight) pairs: one of them, or a list.
    A tuple that is itself a word is taken as that word. Answers leave out the words asked about, and are exact: the
    order is that of cosines in float64, at equal ones (to 12 digits) the lower row first.

    Takes and holds what `word_table.WordTable` does.
    """

    @overload
    def most_similar(
        self,
        positive: Any = ...,
        negative: Any = ...,
        topn: int = ...,
        clip_start: int = ...,
        clip_end: int | None = ...,
        restrict_vocab: int | None = ...,
        indexer: None = ...,
        *,
        among: Iterable[Hashable] | None = ...,
    ) -> Answer: ...
    @overload
    def most_similar(
        self,
        positive: Any = ...,
        negative: Any = ...,
        *,
        topn: None,
        clip_start: int = ...,
        clip_end: int | None = ...,
        restrict_vocab: int | None = ...,
    ) -> Floats: ...

    def most_similar(
        self,
        positive: Any = (),
        negative: Any = (),
        topn: int | None = 10,
        clip_start: int = 0,
        clip_end: int | None = None,
        restrict_vocab: int | None = None,
        indexer: None = None,
        *,
        among: Iterable[Hashable] | None = None,
    ) -> Answer | Floats:
        """The `topn` words nearest to the mean of unit vectors, negative ones with their sign turned.

        Args:
            positive: words, vectors (as long as they are) or pairs of one with its weight; one or several.
            negative: the same with weight -1; a weight given counts as it stands, so its sign is not turned.
            topn: how many answers; fewer come back where there are fewer words. None: the cosine of every word.
            clip_start: answer only with words from this row on,
            clip_end: and before this one.
            restrict_vocab: answer only with words of the first so many rows, by custom the most frequent.
            indexer: None; an approximate index is asked itself, see `ApproximateIndex`.
            among: answer only with these words.

        Returns:
            (word, cosine) pairs, the nearest first, at equal cosine the lower row first. The words asked
            about are left out. With `topn=None` an array of the cosines by row, in the dtype of `vectors`, which leaves
            out no word.

        Raises:
            UnknownWordError: a word is not in the vocabulary.
            UsageError: no word at all, a vector of another length, a question whose sum is zero, a number that cannot
                be, or several limits.
        """
        if indexer is not None:
            raise UsageError(
                f"An index is asked itself: index.most_similar(...). Got indexer {type(indexer).__name__}."
            )
        topn = _counted_topn(topn)
        target, asked = self.nonzero_direction(positive, negative)
        search, rows = self._part(restrict_vocab, among, clip_start, clip_end)
        if topn is None:
            if among is not None:
                raise UsageError("topn=None gives the cosines of rows. Got among; clip_start and clip_end would work.")
            return search.cosines(target)
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
        Raises as it does.
        """
        topn = counted("topn", topn)
        if isinstance(questions, (str, bytes)):
            raise UsageError(
                f"most_similar_many needs a list of questions, such as ['sun', 'moon']. Got {questions!r:.60}."
            )
        asked = [self.answerable(question) for question in questions]
        if not asked:
            return []
        search, rows = self._part(restrict_vocab, among)
        most = max(len(own) for _, own in asked)
        found = search.nearest(np.array([target for target, _ in asked]), topn + most)
        return [self._answer(one, rows, own, topn) for one, (_, own) in zip(found, asked, strict=True)]

    def similar_by_word(self, word: Hashable, topn: int = 10, restrict_vocab: int | None = None) -> Answer:
        """`most_similar` of one word."""
        return self.most_similar([word], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_key(self, key: Hashable, topn: int = 10, restrict_vocab: int | None = None) -> Answer:
        """`most_similar` of one word, by gensim's other name."""
        return self.most_similar([key], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_vector(self, vector: Any, topn: int = 10, restrict_vocab: int | None = None) -> Answer:
        """`most_similar` of one (d,) vector; no word is left out."""
        return self.most_similar([np.asarray(vector)], topn=topn, restrict_vocab=restrict_vocab)

    @overload
    def most_similar_cosmul(
        self, positive: Any = ..., negative: Any = ..., topn: int = ..., restrict_vocab: int | None = ...
    ) -> Answer: ...
    @overload
    def most_similar_cosmul(
        self, positive: Any = ..., negative: Any = ..., *, topn: None, restrict_vocab: int | None = ...
    ) -> Floats: ...

    def most_similar_cosmul(
        self, positive: Any = (), negative: Any = (), topn: int | None = 10, restrict_vocab: int | None = None
    ) -> Answer | Floats:
        """The `topn` words best by 3CosMul: cosines multiplied and divided where `most_similar` adds and subtracts.

        See `nearest.ExactSearch.nearest_by_product`. With `topn=None` an array of the scores by row, float64, which
        leaves out no word. Raises as `most_similar`, and UsageError without a positive word, with a weight, or where
        the negative words are the positive ones.
        """
        topn = _counted_topn(topn)
        plus, minus = weighted(self, positive, 1.0), weighted(self, negative, 1.0)
        if not plus or any(weight != 1 for _, weight in plus + minus):
            raise UsageError("most_similar_cosmul needs a positive word, and no weights; ('king', 'man') would work.")
        terms = [self.nonzero_direction([key]) for key, _ in plus + minus]
        targets = np.array([target for target, _ in terms])
        if sorted(map(bytes, targets[: len(plus)])) == sorted(map(bytes, targets[len(plus) :])):
            raise UsageError("most_similar_cosmul needs other negative words than positive ones. Got the same.")
        asked = sorted({row for _, own in terms for row in own})
        search, rows = self._part(restrict_vocab, None)
        count = len(search) if topn is None else topn + len(asked)
        found = search.nearest_by_product(targets[: len(plus)], targets[len(plus) :], count)
        if topn is None:
            return found[1][np.argsort(found[0])]
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

    def _part(
        self,
        restrict_vocab: int | None,
        among: Iterable[Hashable] | None,
        clip_start: int = 0,
        clip_end: int | None = None,
    ) -> tuple[ExactSearch, Rows | None]:
        """Return the search over the rows that may answer, and these rows; None for rows that are its own."""
        clipped = clip_start != 0 or clip_end is not None
        if (restrict_vocab is not None) + (among is not None) + clipped > 1:
            raise UsageError("Give restrict_vocab, or among, or clip_start and clip_end. Got more than one of these.")
        if among is not None:
            rows = np.unique(np.array(self.rows(among), dtype=np.intp))
            return self.exact_search.part(rows), rows
        if clipped:
            return self._clipped(clip_start, len(self) if clip_end is None else clip_end)
        if restrict_vocab is not None:
            return self.exact_search.part(slice(counted("restrict_vocab", restrict_vocab))), None
        return self.exact_search, None

    def _clipped(self, start: int, end: int) -> tuple[ExactSearch, Rows]:
        start, end = counted("clip_start", start, 0), counted("clip_end", end, 0)
        rows = np.arange(start, min(end, len(self)), dtype=np.intp)
        return self.exact_search.part(slice(start, end)), rows

    def _answer(self, found: tuple[Rows, Doubles], rows: Rows | None, asked: list[int], topn: int) -> Answer:
        """Return words for the rows found, without those asked about."""
        own = found[0] if rows is None else rows[found[0]]
        pairs = zip(own.tolist(), found[1].tolist(), strict=True)
        return [(self.index_to_key[row], value) for row, value in pairs if row not in asked][:topn]


def _counted_topn(topn: int | None) -> int | None:
    return None if topn is None else counted("topn", topn, 0)


def check_method(method: str) -> None:
    """Raise UsageError for a way to solve analogies that is not known."""
    if method not in _METHODS:
        raise UsageError(f"method must be one of {', '.join(_METHODS)}. Got {method!r:.40}.")


Vectors = TypeVar("Vectors", bound=WordVectors)


def paired_vectors(wv: Vectors, output: Floats, which: str) -> Vectors:
    """Return the words of `wv` with their "output" vectors, or the "mean" of input and output vectors.

    output: (V, d), row i that of word i.
    """
    if which not in ("output", "mean"):
        raise UsageError(f"The vectors of a model are input, output or mean. Got {which!r:.40}.")
    # Halved first: the sum of very large ones could overflow.
    vectors = output if which == "output" else wv.vectors / 2 + output / 2
    return wv._with_words_of(type(wv)(wv.index_to_key, vectors, wv.counts))
