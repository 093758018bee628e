"""Analogies "a is to b as c is to d": accuracy by 3CosAdd or 3CosMul.

The same answers as gensim's `evaluate_word_analogies` where words are found by the rules `GENSIM`; by default they are
found otherwise, see `word_lookup`. gensim looks at the best five answers only, for one that is no other spelling of a
question word; here all are looked at. Sources: Mikolov et al. 2013, "Efficient Estimation of Word Representations in
Vector Space", section 4.1 (the task, 3CosAdd); Levy and Goldberg 2014, "Linguistic Regularities in Sparse and Explicit
Word Representations", equation 4 (3CosMul).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.evaluation.confidence import wilson_interval
from fastw2v.evaluation.correlation import Doubles
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.results import Interval, Result, SetResult
from fastw2v.evaluation.word_lookup import OURS, WordRows, WordRules
from fastw2v.vectors.keyed import WordVectors, check_method
from fastw2v.vectors.nearest import EPSILON, Floats

# Of several words for b or d, the first that is known is asked with, and each is a right answer.
Words = str | tuple[str, ...]
Question = tuple[Words, Words, Words, Words]
Sections = Mapping[str, Sequence[Question]]

Rows = npt.NDArray[np.intp]

# Words and questions at a time: what belongs to them stays in the cache.
_BLOCK_ROWS = 2048
_BLOCK_QUESTIONS = 128


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
    vectors: WordVectors,
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


def analogy_items(vectors: WordVectors, sections: Sections, rules: WordRules = OURS, method: str = "3cosadd") -> Items:
    """Return 1 for each question answered with its fourth word, 0 for others, NaN for those with an unknown word."""
    check_method(method)
    known = WordRows(vectors, rules)
    questions = [question for some in sections.values() for question in some]
    rows = {words: _known_rows(known, words) for words in {words for question in questions for words in question}}
    asked = [[rows[words] for words in question] for question in questions]
    found = np.array([all(question) for question in asked], dtype=bool)
    right = np.full(len(asked), np.nan)
    right[found] = _right(vectors.unit_vectors[: known.limit], [q for q in asked if all(q)], known.variants, method)
    return Items("accuracy", right)


def _known_rows(known: WordRows, words: Words) -> list[int]:
    found = map(known.find, (words,) if isinstance(words, str) else words)
    return [row for row in found if row is not None]


def _right(
    units: Floats, questions: Sequence[Sequence[list[int]]], variants: Mapping[int, Sequence[int]], method: str
) -> npt.NDArray[np.bool_]:
    """(Q, 4) lists of rows for a, b, c, d -> (Q,) whether the answer to the first of a, b and c is one of d's.

    The answer is the best row, of equals the lowest, without those asked about. `variants` are rows that count as the
    row they are listed under.
    """
    counts_as = np.arange(len(units))
    for first, others in variants.items():
        counts_as[list(others)] = first
    asked = np.array([[rows[0] for rows in question[:3]] for question in questions], dtype=np.intp).reshape(-1, 3)
    answers = _answers(units, asked, _excluded(asked, variants), method)
    pairs = zip(answers.tolist(), counts_as[answers].tolist(), questions, strict=True)
    return np.array([answer >= 0 and row in question[3] for answer, row, question in pairs], dtype=bool)


def _excluded(questions: Rows, variants: Mapping[int, Sequence[int]]) -> Rows:
    """(Q, 3) rows -> (E, 2) pairs of a question's number, ascending, and a row that it cannot have as its answer."""
    pairs = [
        (number, row)
        for number, words in enumerate(questions.tolist())
        for word in words
        for row in (word, *variants.get(word, ()))
    ]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _answers(units: Floats, questions: Rows, excluded: Rows, method: str) -> Rows:
    """(Q, 3) rows a, b, c -> (Q,) the best row that is not excluded, -1 for none.

    Files ask about the same few words over and over: their cosines to a block of the vocabulary are computed once,
    and added up question by question while they are in the cache. 13,641 questions to 45,773 words x 100 took 0.6 s
    on one core; a matrix product for each b - a + c, 2.0 s.
    """
    words, places = np.unique(questions, return_inverse=True)
    places = places.reshape(-1, 3)
    answers = np.full(len(questions), -1, dtype=np.intp)
    best = np.full(len(questions), -np.inf, dtype=units.dtype)
    for first in range(0, len(units), _BLOCK_ROWS):
        block = units[first : first + _BLOCK_ROWS]
        cosines = units[words] @ block.T
        hidden = excluded[(excluded[:, 1] >= first) & (excluded[:, 1] < first + len(block))]
        for start in range(0, len(questions), _BLOCK_QUESTIONS):
            scores = _scores(cosines, places[start : start + _BLOCK_QUESTIONS], method)
            low, high = np.searchsorted(hidden[:, 0], [start, start + len(scores)])
            scores[hidden[low:high, 0] - start, hidden[low:high, 1] - first] = -np.inf
            found = scores.argmax(axis=1)
            value = scores[np.arange(len(scores)), found]
            better = np.flatnonzero(value > best[start : start + len(scores)])
            best[start + better] = value[better]
            answers[start + better] = first + found[better]
    return answers


def _scores(cosines: Floats, places: Rows, method: str) -> Floats:
    """(W, n) cosines of words, (Q, 3) places of a, b, c among these -> (Q, n) scores as the answer."""
    a, b, c = places.T
    scores: Floats = cosines[b]
    if method == "3cosadd":
        scores -= cosines[a]
        scores += cosines[c]
        return scores
    # Each cosine shifted to 0..1, times 2; the factors cancel but for one, the same everywhere.
    scores += 1
    scores *= cosines[c] + 1
    scores /= cosines[a] + (1 + 2 * EPSILON)
    return scores


def _section(section: str, values: Doubles, rules: WordRules, intervals: bool) -> SectionResult:
    unknown = int(np.isnan(values).sum())
    correct, asked = int(np.nansum(values)), len(values) if rules.dummy4unknown else len(values) - unknown
    interval = wilson_interval(correct, asked) if intervals else None
    return SectionResult(section, correct / asked if asked else None, correct, asked, unknown, interval)
