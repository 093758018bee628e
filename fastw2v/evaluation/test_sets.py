"""Test sets, read once and applied to any number of vectors.

A new kind of set is a class here beside the others, and a case in `read_set`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fastw2v.download.published_sets import located
from fastw2v.errors import DataError
from fastw2v.evaluation.analogies import AnalogiesResult, Question, analogy_items, evaluate_analogies
from fastw2v.evaluation.classes import ClassesResult, class_items, class_share
from fastw2v.evaluation.files import WordClasses, read_evaluation
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.outliers import OutliersResult, outlier_detection, outlier_groups, outlier_items
from fastw2v.evaluation.pairs import Pair, PairsResult, evaluate_word_pairs, pair_items
from fastw2v.evaluation.results import SetResult
from fastw2v.vectors.keyed import WordVectors

Figures = dict[str, float | int | None]


class EvaluationSet(Protocol):
    """What every kind of set answers."""

    name: str

    @property
    def words(self) -> set[str]:
        """All words, as they are written in the set."""
        ...

    def result(self, vectors: WordVectors, intervals: bool = False) -> SetResult:
        """Return all figures, part by part."""
        ...

    def score(self, vectors: WordVectors) -> Figures:
        """Return the few that a history wants, quickly: the main figure first, then used and out_of_vocabulary."""
        ...

    def items(self, vectors: WordVectors) -> list[Items]:
        """Return what each main figure is made of."""
        ...


@dataclass(frozen=True)
class ClassFileResult(SetResult):
    """Judged by word classes: neighbours of the class, and outliers detected."""

    classes: ClassesResult
    outliers: OutliersResult

    @property
    def covered(self) -> int:
        """Words of classes."""
        return self.classes.overall.words


class PairSet:
    """Word pairs with human scores."""

    def __init__(self, name: str, pairs: Sequence[Pair]) -> None:
        self.name = name
        self._pairs = pairs

    @property
    def words(self) -> set[str]:
        """The words of all pairs."""
        return {word for first, second, _ in self._pairs for word in (first, second)}

    def result(self, vectors: WordVectors, intervals: bool = False) -> PairsResult:
        """See `evaluate_word_pairs`."""
        return evaluate_word_pairs(vectors, self._pairs, intervals=intervals)

    def score(self, vectors: WordVectors) -> Figures:
        """Return spearman, pearson, used, out_of_vocabulary."""
        result = self.result(vectors)
        return {
            "spearman": result.spearman,
            "pearson": result.pearson,
            "used": result.used,
            "out_of_vocabulary": result.out_of_vocabulary,
        }

    def items(self, vectors: WordVectors) -> list[Items]:
        """Cosines, for Spearman's correlation."""
        return [pair_items(vectors, self._pairs)]


class AnalogySet:
    """Analogies by section."""

    def __init__(self, name: str, sections: Mapping[str, Sequence[Question]]) -> None:
        self.name = name
        self._sections = sections

    @property
    def words(self) -> set[str]:
        """The words of all questions."""
        asked = {words for questions in self._sections.values() for question in questions for words in question}
        return {word for words in asked for word in ((words,) if isinstance(words, str) else words)}

    def result(self, vectors: WordVectors, intervals: bool = False) -> AnalogiesResult:
        """See `evaluate_analogies`."""
        return evaluate_analogies(vectors, self._sections, intervals=intervals)

    def score(self, vectors: WordVectors) -> Figures:
        """Return accuracy, used, out_of_vocabulary."""
        total = self.result(vectors).total
        return {"accuracy": total.accuracy, "used": total.asked, "out_of_vocabulary": total.out_of_vocabulary}

    def items(self, vectors: WordVectors) -> list[Items]:
        """Right answers, for the accuracy."""
        return [analogy_items(vectors, self._sections)]


class ClassSet:
    """Word classes."""

    def __init__(self, name: str, classes: Mapping[str, Sequence[str]]) -> None:
        self.name = name
        self._classes = classes
        self._groups = outlier_groups(classes)

    @property
    def words(self) -> set[str]:
        """The words of all classes."""
        return {word for words in self._classes.values() for word in words}

    def result(self, vectors: WordVectors, intervals: bool = False) -> ClassFileResult:
        """See `class_share` and `outlier_detection`."""
        return ClassFileResult(
            classes=class_share(vectors, self._classes, intervals=intervals),
            outliers=outlier_detection(vectors, self._groups, intervals),
        )

    def score(self, vectors: WordVectors) -> Figures:
        """Return share, chance, outliers_detected, opp, used, out_of_vocabulary; the last two count words."""
        result = self.result(vectors)
        overall, outliers = result.classes.overall, result.outliers.total
        return {
            "share": overall.share,
            "chance": overall.chance,
            "outliers_detected": outliers.accuracy,
            "opp": outliers.opp,
            "used": overall.words,
            "out_of_vocabulary": overall.out_of_vocabulary,
        }

    def items(self, vectors: WordVectors) -> list[Items]:
        """Shares of neighbours, and outliers detected."""
        return [class_items(vectors, self._classes), outlier_items(vectors, self._groups)]


def read_set(path: str | os.PathLike[str]) -> PairSet | AnalogySet | ClassSet:
    """Read a test set, once; its `score` can then be asked of any vectors, as each epoch's.

    Args:
        path: a file, or a folder of BATS, or the name of a set that was fetched there, such as simlex999.

    Raises:
        UsageError, DataError: as `read_evaluation`.
    """
    path = located(Path(path))
    content = read_evaluation(path)
    name = os.fspath(path)
    if isinstance(content, WordClasses):
        return ClassSet(name, content.classes)
    return AnalogySet(name, content) if isinstance(content, Mapping) else PairSet(name, content)


def stories_sets() -> list[EvaluationSet]:
    """Return the built-in stories' truth as sets: word classes, and analogies."""
    from fastw2v.stories import truth

    return [ClassSet("stories' classes", truth.word_classes()), AnalogySet("stories' analogies", truth.analogies())]


def check_covered(results: Mapping[str, SetResult]) -> None:
    """Refuse results, by the name of the set, none of which rests on anything.

    Raises:
        DataError: the vectors cover no item at all.
    """
    if not any(result.covered for result in results.values()):
        raise DataError(
            f"The model has no words in common with {', '.join(results)}; a set of words that it knows would work."
        )


def score(vectors: WordVectors, path: str | os.PathLike[str]) -> Figures:
    """Return a file's main figures, without intervals: see `PairSet.score`, `AnalogySet.score`, `ClassSet.score`.

    To put one file to vectors again and again, keep `read_set(path)` and call its `score`.
    """
    return read_set(path).score(vectors)


def evaluate_file(
    vectors: WordVectors, path: str | os.PathLike[str], intervals: bool = False
) -> PairsResult | AnalogiesResult:
    """Judge by a file of word pairs or of analogies.

    Raises:
        DataError: a file of word classes, which `read_set(path).result(vectors)` takes; or as `read_evaluation`.
    """
    chosen = read_set(path)
    if isinstance(chosen, ClassSet):
        raise DataError(f"{path} holds word classes; a file of word pairs or analogies is needed here.")
    return chosen.result(vectors, intervals)
