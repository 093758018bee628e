"""How good vectors are: agreement with human scores, analogies, word classes, outliers; and which model is better.

All judge by cosines. Rooms, each knowing only those before it:

    results, correlation   what a result is; Pearson and Spearman
    intervals              how far chance in the choice of items can carry a figure
    words, items           which row a word means; what vectors make of each item
    pairs, analogies, classes, outliers   the tests
    stories                the built-in stories' own truth
    sets                   files, read once and put to any vectors: `read_set`, `score`
    comparison             several models side by side
"""

from __future__ import annotations

from fastw2v.evaluation.analogies import AnalogiesResult, SectionResult, evaluate_analogies
from fastw2v.evaluation.classes import ClassesResult, ClassResult, class_share
from fastw2v.evaluation.comparison import Comparison, compare
from fastw2v.evaluation.correlation import pearson, spearman
from fastw2v.evaluation.outliers import OutlierResult, OutliersResult, outlier_detection, outlier_groups
from fastw2v.evaluation.pairs import PairsResult, evaluate_word_pairs
from fastw2v.evaluation.stories import StoriesResult, evaluate_stories, learned_the_stories
from fastw2v.evaluation.test_sets import (
    ClassFileResult,
    EvaluationSet,
    check_covered,
    evaluate_file,
    read_set,
    score,
    stories_sets,
)
from fastw2v.evaluation.word_lookup import GENSIM, OURS, WordRules, respelling

__all__ = [
    "GENSIM",
    "OURS",
    "AnalogiesResult",
    "ClassFileResult",
    "ClassResult",
    "ClassesResult",
    "Comparison",
    "EvaluationSet",
    "OutlierResult",
    "OutliersResult",
    "PairsResult",
    "SectionResult",
    "StoriesResult",
    "WordRules",
    "check_covered",
    "class_share",
    "compare",
    "evaluate_analogies",
    "evaluate_file",
    "evaluate_stories",
    "evaluate_word_pairs",
    "learned_the_stories",
    "outlier_detection",
    "outlier_groups",
    "pearson",
    "read_set",
    "respelling",
    "score",
    "spearman",
    "stories_sets",
]
