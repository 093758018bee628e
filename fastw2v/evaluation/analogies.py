"""Analogies "a is to b as c is to d": how many are answered with d.

The same answers as gensim's `evaluate_word_analogies` where words are found by the rules `GENSIM`; by default they are
found otherwise, see `words`. gensim looks at the best five answers only, for one that is no other spelling of a
question word; here all are looked at. Sources: Mikolov et al. 2013, "Efficient Estimation of Word Representations in
Vector Space", section 4.1 (the task, 3CosAdd); Levy and Goldberg 2014, "Linguistic Regularities in Sparse and Explicit
Word Representations", equation 4 (3CosMul). Knows vectors and intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.errors import UsageError
from fastw2v.evaluation.correlation import Doubles
from fastw2v.evaluation.intervals import wilson_interval
from fastw2v.evaluation.items import Items
from fastw2v.evaluation.results import Interval, Result, SetResult
from fastw2v.evaluation.words import OURS, WordRows, WordRules
from fastw2v.vectors import Floats, KeyedVectors

Question = tuple[str, str, str, str]
Sections = Mapping[str, Sequence[Question]]

METHODS = ("3cosadd", "3cosmul")
# Scores computed at once: 64 MB of float32 (16 MB took 1.4 times as long).
_BLOCK_SCORES = 2**24
# Added to what 3CosMul divides by, as gensim does; Levy and Goldberg write 0.001.
_EPSILON = 1e-6


@dataclass(frozen=True)
class SectionResult(Result):
    """Analogies of one section, or of all: `asked` are those with four words in the vocabulary.

    The interval of the accuracy is Wilson's, 95 %, and there only if asked for.
    """

    section: str
    accuracy: float | None
    correct: int
    asked: int
    out_of_vocabulary: int
    interval: Interval | None = None


@dataclass(frozen=True)
class AnalogiesResult(SetResult):
    """Analogies by section, and their total."""

    total: SectionResult
    sections: tuple[SectionResult, ...]

    @property
    def covered(self) -> int:
        """Questions asked."""
        return self.total.asked


def evaluate_analogies(
    vectors: KeyedVectors,
    sections: Sections,
    rules: WordRules = OURS,
    intervals: bool = False,
    method: str = "3cosadd",
) -> AnalogiesResult:
    """Answer each question over the whole vocabulary, the three question words excluded, and count the right ones.

    Questions with a word outside the vocabulary are left out and counted.

    Raises:
        UsageError: `method` is neither "3cosadd", the cosine to b - a + c, nor "3cosmul".
    """
    right = analogy_items(vectors, sections, rules, method).values
    ends = np.cumsum([len(questions) for questions in sections.values()], dtype=np.intp)
    parts = [
        _section(name, part, rules, intervals) for name, part in zip(sections, np.split(right, ends[:-1]), strict=False)
    ]
    return AnalogiesResult(total=_section("total", right, rules, intervals), sections=tuple(parts))


def analogy_items(vectors: KeyedVectors, sections: Sections, rules: WordRules = OURS, method: str = "3cosadd") -> Items:
    """Return 1 for each question answered with its fourth word, 0 for others, NaN for those with an unknown word."""
    if method not in METHODS:
        raise UsageError(f"method must be one of {', '.join(METHODS)}. Got {method!r:.40}.")
    known = WordRows(vectors, rules)
    rows = {word: known.find(word) for questions in sections.values() for question in questions for word in question}
    asked = [[rows[word] for word in question] for questions in sections.values() for question in questions]
    found = np.array([None not in question for question in asked], dtype=bool)
    index = np.array([question for question in asked if None not in question], dtype=np.intp).reshape(-1, 4)
    right = np.full(len(asked), np.nan)
    right[found] = _right(vectors.unit_vectors[: known.limit], index, known.variants, method)
    return Items("accuracy", right)


def _right(
    units: Floats, questions: npt.NDArray[np.intp], variants: Mapping[int, Sequence[int]], method: str
) -> npt.NDArray[np.bool_]:
    """(Q, 4) rows a, b, c, d -> (Q,) whether the best row, of equals the lowest, without a, b and c, is d's.

    `variants` are rows that count as the row they are listed under.
    """
    answers = np.empty(len(questions), dtype=np.intp)
    block = max(1, _BLOCK_SCORES // len(units))
    for start in range(0, len(questions), block):
        own = questions[start : start + block, :3]
        scores = _scores(units, own, method)
        for column in own.T:
            scores[np.arange(len(own)), column] = -np.inf
        if variants:
            for line, words in zip(scores, own.tolist(), strict=True):
                line[[row for word in words for row in variants.get(word, ())]] = -np.inf
        answers[start : start + block] = scores.argmax(axis=1)
    counts_as = np.arange(len(units))
    for first, others in variants.items():
        counts_as[list(others)] = first
    right: npt.NDArray[np.bool_] = counts_as[answers] == questions[:, 3]
    return right


def _scores(units: Floats, questions: npt.NDArray[np.intp], method: str) -> Floats:
    """(Q, 3) rows -> (Q, V) scores of each row as the answer."""
    a, b, c = units[questions.T]
    if method == "3cosadd":
        added: Floats = (b - a + c) @ units.T
        return added
    to_a, to_b, to_c = ((1 + side @ units.T) / 2 for side in (a, b, c))
    multiplied: Floats = to_b * to_c / (to_a + units.dtype.type(_EPSILON))
    return multiplied


def _section(section: str, values: Doubles, rules: WordRules, intervals: bool) -> SectionResult:
    unknown = int(np.isnan(values).sum())
    correct, asked = int(np.nansum(values)), len(values) if rules.dummy4unknown else len(values) - unknown
    interval = wilson_interval(correct, asked) if intervals else None
    return SectionResult(section, correct / asked if asked else None, correct, asked, unknown, interval)
