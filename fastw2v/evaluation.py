"""How good vectors are: agreement with human scores, analogies, and how well known classes keep together.

All three judge by the cosine of unit vectors. A word is looked up as written, then in lower case. Where a
figure is undefined (no pair in the vocabulary, all scores equal) it is None, never NaN.
Imports `vectors` and the reader of evaluation files; the built-in stories' truth only in `evaluate_stories`.
"""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.formats.evaluation_files import Question, read_evaluation
from fastw2v.vectors import Floats, KeyedVectors, top_rows, unit_rows

# Scores computed at once when the vocabulary is searched: 64 MB of float32 (16 MB took 1.4 times as long).
_BLOCK_SCORES = 2**24


class _Result:
    """Base of the results: each is a frozen dataclass that turns into plain JSON values."""

    def as_dict(self) -> dict[str, Any]:
        """The fields as nested dicts, lists, numbers, strings and None."""
        # Every subclass is a dataclass, which the type checker cannot see from here.
        return dataclasses.asdict(self)  # type: ignore[call-overload,no-any-return]


@dataclasses.dataclass(frozen=True)
class PairsResult(_Result):
    """Agreement with human scores over the `used` pairs, those with both words in the vocabulary."""

    spearman: float | None
    pearson: float | None
    pairs: int
    used: int
    out_of_vocabulary: int


@dataclasses.dataclass(frozen=True)
class SectionResult(_Result):
    """Analogies of one section, or of all: `asked` are those with four words in the vocabulary."""

    section: str
    accuracy: float | None
    correct: int
    asked: int
    out_of_vocabulary: int


@dataclasses.dataclass(frozen=True)
class AnalogiesResult(_Result):
    """Analogies by section, and their total."""

    total: SectionResult
    sections: tuple[SectionResult, ...]


@dataclasses.dataclass(frozen=True)
class ClassResult(_Result):
    """Mean share of same-class words among the nearest neighbours of a class's words; `chance` is luck's."""

    name: str
    share: float | None
    chance: float | None
    words: int
    out_of_vocabulary: int


@dataclasses.dataclass(frozen=True)
class ClassesResult(_Result):
    """Class shares; `overall` is the mean over all class words, so that a large class weighs more."""

    topn: int
    overall: ClassResult
    classes: tuple[ClassResult, ...]


@dataclasses.dataclass(frozen=True)
class StoriesResult(_Result):
    """What the built-in stories are known to hold, found again in the vectors."""

    classes: ClassesResult
    analogies: AnalogiesResult


def evaluate_file(vectors: KeyedVectors, path: str | os.PathLike[str]) -> PairsResult | AnalogiesResult:
    """Judge by a file of word pairs or of analogies. Raises DataError as `read_evaluation` does."""
    content = read_evaluation(path)
    if isinstance(content, dict):
        return evaluate_analogies(vectors, content)
    return evaluate_word_pairs(vectors, content)


def evaluate_word_pairs(vectors: KeyedVectors, pairs: Sequence[tuple[str, str, float]]) -> PairsResult:
    """Correlate cosines with human scores. Pairs with an unknown word are left out, and counted."""
    rows, scores = [], []
    for a_word, b_word, score in pairs:
        a, b = _find(vectors, a_word), _find(vectors, b_word)
        if a is not None and b is not None:
            rows.append((a, b))
            scores.append(score)
    index = np.array(rows, dtype=np.intp).reshape(-1, 2)
    first, second = (unit_rows(vectors.vectors[side].astype(np.float64)) for side in index.T)
    # Rounded in the thirteenth place: cosines that are equal (a word with itself is 1) must tie in rank.
    cosines = np.einsum("ij,ij->i", first, second).round(12)
    human = np.array(scores, dtype=np.float64)
    return PairsResult(
        spearman=spearman(cosines, human),
        pearson=pearson(cosines, human),
        pairs=len(pairs),
        used=len(rows),
        out_of_vocabulary=len(pairs) - len(rows),
    )


def evaluate_analogies(vectors: KeyedVectors, sections: Mapping[str, Sequence[Question]]) -> AnalogiesResult:
    """Answer each question by 3CosAdd over the whole vocabulary, the three question words excluded.

    Questions with a word outside the vocabulary are left out and counted. Source: Mikolov et al. 2013,
    "Efficient Estimation of Word Representations in Vector Space", section 4.1.
    """
    results = []
    for section, questions in sections.items():
        rows = [[_find(vectors, word) for word in question] for question in questions]
        known = np.array([row for row in rows if None not in row], dtype=np.intp).reshape(-1, 4)
        right = int((_three_cos_add(vectors.unit_vectors, known[:, :3]) == known[:, 3]).sum())
        results.append(_section(section, right, len(known), len(rows) - len(known)))
    total = _section(
        "total",
        sum(result.correct for result in results),
        sum(result.asked for result in results),
        sum(result.out_of_vocabulary for result in results),
    )
    return AnalogiesResult(total=total, sections=tuple(results))


def class_share(vectors: KeyedVectors, classes: Mapping[str, Sequence[str]], topn: int = 5) -> ClassesResult:
    """Mean share of a class word's `topn` nearest neighbours, in the whole vocabulary, that are of its class.

    For a class with n of its words among the V of the vocabulary, a blind choice of neighbours would score
    (n - 1) / (V - 1); `chance` is its mean over words. A class of fewer than `topn` + 1 words cannot reach 1.
    """
    results = []
    neighbours = min(topn, len(vectors) - 1)
    for name, words in classes.items():
        found = [_find(vectors, word) for word in dict.fromkeys(words)]
        rows = np.array(sorted({row for row in found if row is not None}), dtype=np.intp)
        hits = np.isin(_nearest(vectors.unit_vectors, rows, neighbours), rows)
        defined = len(rows) > 0 and neighbours > 0
        results.append(
            ClassResult(
                name=name,
                share=float(hits.mean()) if defined else None,
                chance=(len(rows) - 1) / (len(vectors) - 1) if defined else None,
                words=len(rows),
                out_of_vocabulary=found.count(None),
            )
        )
    return ClassesResult(topn=topn, overall=_overall(results), classes=tuple(results))


def evaluate_stories(vectors: KeyedVectors, topn: int = 5) -> StoriesResult:
    """Judge vectors trained on the built-in stories by what those stories are known to hold."""
    from fastw2v.stories import truth

    return StoriesResult(
        classes=class_share(vectors, truth.word_classes(), topn),
        analogies=evaluate_analogies(vectors, truth.analogies()),
    )


def spearman(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float | None:
    """Spearman's rank correlation, equal values sharing their average rank; None where undefined."""
    return pearson(_average_ranks(x), _average_ranks(y))


def pearson(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float | None:
    """Pearson's correlation; None for fewer than two values or where all of one side are equal."""
    if len(x) < 2 or np.all(x == x[0]) or np.all(y == y[0]):
        return None
    a, b = x - x.mean(), y - y.mean()
    length = math.sqrt(float(a @ a)) * math.sqrt(float(b @ b))
    return min(1.0, max(-1.0, float(a @ b) / length)) if length > 0 else None


def _average_ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks from 1; the values of a tie all get the mean of the ranks they span."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    return ((last - sizes + 1 + last) / 2.0)[group]


def _find(vectors: KeyedVectors, word: str) -> int | None:
    row = vectors.key_to_index.get(word)
    return vectors.key_to_index.get(word.lower()) if row is None else row


def _three_cos_add(units: Floats, questions: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """(Q, 3) rows a, b, c -> (Q,) row nearest to b - a + c, the lowest of equals, none of the three."""
    answers = np.empty(len(questions), dtype=np.intp)
    block = max(1, _BLOCK_SCORES // len(units))
    for start in range(0, len(questions), block):
        a, b, c = questions[start : start + block].T
        scores = (units[b] - units[a] + units[c]) @ units.T
        each = np.arange(len(a))
        for asked in (a, b, c):
            scores[each, asked] = -np.inf
        answers[start : start + block] = scores.argmax(axis=1)
    return answers


def _nearest(units: Floats, rows: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """(R,) rows -> (R, count) rows of their nearest neighbours, themselves left out."""
    nearest = np.empty((len(rows), count), dtype=np.intp)
    block = max(1, _BLOCK_SCORES // len(units))
    for start in range(0, len(rows), block):
        own = rows[start : start + block]
        scores = units[own] @ units.T
        scores[np.arange(len(own)), own] = -np.inf
        for offset, line in enumerate(scores):
            nearest[start + offset] = top_rows(line, count)
    return nearest


def _section(section: str, correct: int, asked: int, out_of_vocabulary: int) -> SectionResult:
    return SectionResult(section, correct / asked if asked else None, correct, asked, out_of_vocabulary)


def _overall(results: Sequence[ClassResult]) -> ClassResult:
    """The mean over words: each class weighs as much as it has words."""
    shares = [(result.share, result.words) for result in results if result.share is not None]
    chances = [(result.chance, result.words) for result in results if result.chance is not None]
    words = sum(result.words for result in results)
    return ClassResult(
        name="overall",
        share=sum(share * weight for share, weight in shares) / words if shares else None,
        chance=sum(chance * weight for chance, weight in chances) / words if chances else None,
        words=words,
        out_of_vocabulary=sum(result.out_of_vocabulary for result in results),
    )
