"""Outlier detection: find the word of a group that does not belong.

A group of n words that belong together gets an outlier. The compactness of the group without one of its n + 1 words is
the mean cosine of all pairs of the n others; the word without which it is largest is taken for the outlier. The
outlier's position is how many words leave less compactness, 0 to n: detected means n. Accuracy is the share of outliers
detected (by luck 1 / (n + 1)); OPP, outlier position percentage, the mean of position / n (by luck 1/2). Source:
Camacho-Collados and Navigli 2016, "Find the word that does not belong: A Framework for an Intrinsic Evaluation of Word
Vector Representations", section 2. At equal compactness the outlier comes first, undetected.

The sets are made from word classes, see `outlier_groups`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fastw2v.evaluation.confidence import mean_interval, wilson_interval
from fastw2v.evaluation.correlation import Doubles
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.results import Interval, Result
from fastw2v.evaluation.word_lookup import WordRows
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import unit_rows

# Words of a group, and outliers that it meets one by one: as many as in the paper.
GROUP = 8
# Fewer words that belong together say nothing about which does not.
_LEAST = 3
# Sums of cosines that agree so far are equal.
_DIGITS = 12


@dataclass(frozen=True)
class OutlierGroup:
    """Words of one class, and words of other classes, each of which is to be told from them."""

    name: str
    words: tuple[str, ...]
    outliers: tuple[str, ...]


@dataclass(frozen=True)
class OutlierResult(Result):
    """Outliers detected in the groups of one class, or in all.

    `asked` are those in the vocabulary, beside three or more words of the group. Intervals, 95 %, are there only if
    asked for: of the accuracy Wilson's, of OPP bootstrapped over outliers.
    """

    name: str
    accuracy: float | None
    opp: float | None
    asked: int
    out_of_vocabulary: int
    accuracy_interval: Interval | None = None
    opp_interval: Interval | None = None


@dataclass(frozen=True)
class OutliersResult(Result):
    """Outlier detection by class, and in total."""

    total: OutlierResult
    classes: tuple[OutlierResult, ...]


def outlier_groups(classes: Mapping[str, Sequence[str]]) -> list[OutlierGroup]:
    """Cut each class into groups of 8 words, what is left if it is 3 or more, and give each group 8 outliers.

    They are one word from each of the 8 classes that follow, round to the beginning: from group g of a class, word g
    of each, round again. Words that are also of the class itself are left out. Nothing is drawn: the same classes have
    the same groups, whatever the vectors.
    """
    listed = [tuple(dict.fromkeys(words)) for words in classes.values()]
    groups = []
    for place, (name, words) in enumerate(zip(classes, listed, strict=True)):
        others = [other for other in (listed[place + 1 :] + listed[:place])[:GROUP] if other]
        cut = [words[start : start + GROUP] for start in range(0, len(words), GROUP)]
        for number, group in enumerate(cut):
            outliers = (other[number % len(other)] for other in others)
            if len(group) >= _LEAST:
                groups.append(OutlierGroup(name, group, tuple(word for word in outliers if word not in words)))
    return groups


def outlier_detection(vectors: WordVectors, groups: Sequence[OutlierGroup], intervals: bool = False) -> OutliersResult:
    """Look for each group's outliers, one by one; by class, in the order of the groups, and in total."""
    positions = [_positions(vectors, group) for group in groups]
    by_class: dict[str, list[Doubles]] = {}
    for group, own in zip(groups, positions, strict=True):
        by_class.setdefault(group.name, []).append(own)
    return OutliersResult(
        total=_result("total", positions, intervals),
        classes=tuple(_result(name, parts, intervals) for name, parts in by_class.items()),
    )


def outlier_items(vectors: WordVectors, groups: Sequence[OutlierGroup]) -> Items:
    """Return 1 for each outlier detected, 0 for others, NaN for those that cannot be looked for."""
    positions = np.concatenate([np.empty(0), *(_positions(vectors, group) for group in groups)])
    return Items("outliers detected", np.where(np.isnan(positions), np.nan, positions == 1))


def _positions(vectors: WordVectors, group: OutlierGroup) -> Doubles:
    """Position / n of each outlier, NaN for unknown ones and for all where too few of the group's words are known.

    The sum over the pairs without a word is that over all pairs, less the word's own cosines. So compactness falls as
    the sum of a word's cosines to the others grows, and only these sums are needed.
    """
    known = WordRows(vectors)
    members = sorted({row for word in group.words if (row := known.find(word)) is not None})
    strangers = {place: row for place, word in enumerate(group.outliers) if (row := known.find(word)) is not None}
    positions = np.full(len(group.outliers), np.nan)
    if len(members) >= _LEAST and strangers:
        inside, outside = (
            unit_rows(vectors.vectors[rows].astype(np.float64)) for rows in (members, list(strangers.values()))
        )
        cosines = inside @ outside.T  # (n, outliers)
        among = inside @ inside.sum(axis=0) - np.einsum("ij,ij->i", inside, inside)
        own = cosines.sum(axis=0).round(_DIGITS)
        positions[list(strangers)] = ((among[:, np.newaxis] + cosines).round(_DIGITS) > own).mean(axis=0)
    return positions


def _result(name: str, positions: Sequence[Doubles], intervals: bool) -> OutlierResult:
    every = np.concatenate([np.empty(0), *positions])
    known = every[~np.isnan(every)]
    detected = int((known == 1).sum())
    return OutlierResult(
        name=name,
        accuracy=detected / len(known) if len(known) else None,
        opp=float(known.mean()) if len(known) else None,
        asked=len(known),
        out_of_vocabulary=len(every) - len(known),
        accuracy_interval=wilson_interval(detected, len(known)) if intervals else None,
        opp_interval=mean_interval(known) if intervals else None,
    )
