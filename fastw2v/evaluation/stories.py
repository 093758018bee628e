"""The built-in stories as a test set: their known classes and analogies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastw2v.evaluation.analogies import AnalogiesResult, evaluate_analogies
from fastw2v.evaluation.classes import TOPN, ClassesResult, class_share
from fastw2v.evaluation.outliers import OutliersResult, outlier_detection, outlier_groups
from fastw2v.evaluation.results import SetResult
from fastw2v.vectors.keyed import WordVectors


@dataclass(frozen=True)
class StoriesResult(SetResult):
    """What the built-in stories are known to hold, found again in the vectors; figures with their intervals."""

    classes: ClassesResult
    outliers: OutliersResult
    analogies: AnalogiesResult

    @property
    def covered(self) -> int:
        """Words of classes."""
        return self.classes.overall.words


def learned_the_stories(provenance: Mapping[str, Any]) -> bool:
    """Tell whether a model was trained on the built-in stories, by its `provenance`."""
    corpus = provenance.get("corpus")  # from a file that anyone may have written
    return isinstance(corpus, Mapping) and corpus.get("source") == "stories"


def evaluate_stories(vectors: WordVectors, topn: int = TOPN) -> StoriesResult:
    """Judge vectors trained on the built-in stories by what those stories are known to hold."""
    from fastw2v.stories import truth

    classes = truth.word_classes()
    return StoriesResult(
        classes=class_share(vectors, classes, topn, intervals=True),
        outliers=outlier_detection(vectors, outlier_groups(classes), intervals=True),
        analogies=evaluate_analogies(vectors, truth.analogies(), intervals=True),
    )
