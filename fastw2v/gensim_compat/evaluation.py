"""gensim's evaluation of word pairs and analogies: its rules and results.

Thin: `evaluation` judges. What has no effect here, or cannot be had, is refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fastw2v.errors import UsageError

if TYPE_CHECKING:
    from fastw2v.evaluation import WordRules
    from fastw2v.vectors.keyed import WordVectors

PathLike = str | os.PathLike[str]
# Analogies of a section by what became of them, each as its four words; the last section holds those of all.
Section = dict[str, Any]

TOTAL = "Total accuracy"
_METHODS = {"most_similar": "3cosadd", "most_similar_cosmul": "3cosmul"}


def word_pairs(
    vectors: WordVectors, pairs: PathLike, rules: WordRules
) -> tuple[tuple[float | None, None], tuple[float | None, None], float]:
    """Return Pearson's and Spearman's correlation, each with None, and the percentage of pairs with an unknown word."""
    from fastw2v.evaluation import evaluate_word_pairs
    from fastw2v.evaluation.files import read_word_pairs

    result = evaluate_word_pairs(vectors, read_word_pairs(pairs), rules)
    return (result.pearson, None), (result.spearman, None), 100 * result.out_of_vocabulary / result.pairs


def word_analogies(
    vectors: WordVectors, analogies: PathLike, rules: WordRules, similarity_function: str
) -> tuple[float | None, list[Section]]:
    """Return the share of right answers and each section's right and wrong ones."""
    from fastw2v.evaluation.analogies import analogy_items
    from fastw2v.evaluation.files import read_analogies

    if similarity_function not in _METHODS:
        raise UsageError(f"similarity_function must be one of {', '.join(_METHODS)}. Got {similarity_function!r:.60}.")
    questions = read_analogies(analogies)
    right = analogy_items(vectors, questions, rules, _METHODS[similarity_function]).values
    if rules.dummy4unknown:
        right = np.nan_to_num(right)
    found: list[Section] = []
    start = 0
    for name, own in questions.items():
        found.append(_section(name, own, right[start : start + len(own)], rules))
        start += len(own)
    total: Section = {"section": TOTAL}
    for kind in ("correct", "incorrect"):
        total[kind] = [question for section in found for question in section[kind]]
    asked = len(total["correct"]) + len(total["incorrect"])
    return (len(total["correct"]) / asked if asked else None), [*found, total]


def rules_of(restrict_vocab: int | None, case_insensitive: bool, dummy4unknown: bool) -> WordRules:
    """Return how gensim finds words."""
    from fastw2v.evaluation import WordRules

    return WordRules("upper" if case_insensitive else "exact", restrict_vocab, dummy4unknown, float32=True)


def check_delimiter(delimiter: str) -> None:
    """Raise UsageError for what parts no columns."""
    if delimiter not in ("\t", ",", " "):
        raise UsageError(f"Columns are parted by tabs, commas or spaces, which each file tells. Got {delimiter!r:.20}.")


def check_encoding(encoding: str) -> None:
    """Raise UsageError for another encoding than UTF-8."""
    if encoding.lower().replace("-", "") != "utf8":
        raise UsageError(f"encoding must be utf8: convert the file to it. Got {encoding!r:.40}.")


def _section(name: str, questions: Sequence[Sequence[str]], right: Any, rules: WordRules) -> Section:
    shown = [tuple(word.upper() for word in words) if rules.case == "upper" else tuple(words) for words in questions]
    pairs = list(zip(shown, right.tolist(), strict=True))
    return {
        "section": name,
        "correct": [words for words, value in pairs if value == 1],
        "incorrect": [words for words, value in pairs if value == 0],
    }
