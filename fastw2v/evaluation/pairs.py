"""Word pairs with human scores: Spearman and Pearson correlation with cosines.

The same figures as gensim's `evaluate_word_pairs` by the rules `GENSIM`. By default words are found otherwise, see
`word_lookup`; and cosines are taken in float64 and rounded, so that a word with itself is exactly 1, where gensim ranks
the rounding of float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fastw2v.evaluation.confidence import correlation_interval
from fastw2v.evaluation.correlation import pearson, spearman
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.results import Interval, SetResult
from fastw2v.evaluation.word_lookup import OURS, WordRows, WordRules
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import unit_rows

Pair = tuple[str, str, float]

# Cosines that agree so far are equal: they must tie in rank.
_DIGITS = 12


@dataclass(frozen=True)
class PairsResult(SetResult):
    """Agreement with human scores over the `used` pairs, those with both words in the vocabulary.

    Intervals are bootstrapped over pairs, 95 %, and there only if asked for.
    """

    spearman: float | None
    pearson: float | None
    pairs: int
    used: int
    out_of_vocabulary: int
    spearman_interval: Interval | None = None
    pearson_interval: Interval | None = None

    @property
    def covered(self) -> int:
        """`used`."""
        return self.used


def evaluate_word_pairs(
    vectors: WordVectors, pairs: Sequence[Pair], rules: WordRules = OURS, intervals: bool = False
) -> PairsResult:
    """Correlate cosines with human scores. Pairs with an unknown word are left out, and counted."""
    items = pair_items(vectors, pairs, rules)
    assert items.human is not None
    used = items.covered | rules.dummy4unknown
    cosines, human = np.nan_to_num(items.values[used]), items.human[used]
    return PairsResult(
        spearman=spearman(human, cosines),
        pearson=pearson(human, cosines),
        pairs=len(pairs),
        used=len(cosines),
        out_of_vocabulary=int((~items.covered).sum()),
        spearman_interval=correlation_interval(human, cosines, ranked=True) if intervals else None,
        pearson_interval=correlation_interval(human, cosines, ranked=False) if intervals else None,
    )


def pair_items(vectors: WordVectors, pairs: Sequence[Pair], rules: WordRules = OURS) -> Items:
    """Return the pairs' cosines, NaN for one with an unknown word, and their human scores."""
    known = WordRows(vectors, rules)
    rows = [(known.find(first), known.find(second)) for first, second, _ in pairs]
    found = np.array([a is not None and b is not None for a, b in rows], dtype=bool)
    index = np.array([pair for pair in rows if None not in pair], dtype=np.intp).reshape(-1, 2)
    first, second = (unit_rows(vectors.vectors[side].astype(np.float64)) for side in index.T)
    cosines = np.full(len(pairs), np.nan)
    if rules.float32:
        cosines[found] = [a @ b for a, b in zip(first.astype(np.float32), second.astype(np.float32), strict=True)]
    else:
        cosines[found] = np.einsum("ij,ij->i", first, second).round(_DIGITS)
    return Items("Spearman", cosines, np.array([score for _, _, score in pairs], dtype=np.float64))
