"""Word classes: the share of a word's nearest neighbours that are of its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.evaluation.confidence import mean_interval
from fastw2v.evaluation.correlation import Doubles
from fastw2v.evaluation.item_scores import Items
from fastw2v.evaluation.results import Interval, Result
from fastw2v.evaluation.word_lookup import WordRows
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import Floats, top_rows
from fastw2v.vectors.questions import counted

Classes = Mapping[str, Sequence[str]]

TOPN = 5
# Scores computed at once: 64 MB of float32.
_BLOCK_SCORES = 2**24


@dataclass(frozen=True)
class ClassResult(Result):
    """Mean share of same-class words among the nearest neighbours of a class's words; `chance` is luck's.

    The interval is bootstrapped over words, 95 %, and there only if asked for.
    """

    name: str
    share: float | None
    chance: float | None
    words: int
    out_of_vocabulary: int
    interval: Interval | None = None


@dataclass(frozen=True)
class ClassesResult(Result):
    """Class shares; `overall` is the mean over all class words, so that a large class weighs more."""

    topn: int
    overall: ClassResult
    classes: tuple[ClassResult, ...]


def class_share(vectors: WordVectors, classes: Classes, topn: int = TOPN, intervals: bool = False) -> ClassesResult:
    """Mean share of a class word's `topn` nearest neighbours, in the whole vocabulary, that are of its class.

    For a class with n of its words among the V of the vocabulary, a blind choice of neighbours would score
    (n - 1) / (V - 1); `chance` is its mean over words. A class of fewer than `topn` + 1 words cannot reach 1.
    """
    parts, shares = [], []
    for name, words in classes.items():
        rows = _rows(vectors, words)
        own = _shares(vectors, rows, topn)
        own = own[~np.isnan(own)]
        chance = (len(own) - 1) / (len(vectors) - 1) if len(own) else None
        parts.append(_result(name, own, chance, rows.count(None), intervals))
        shares.append(own)
    chances = [part.chance * part.words for part in parts if part.chance is not None]
    everyone = np.concatenate([np.empty(0), *shares])
    chance = sum(chances) / len(everyone) if chances else None
    unknown = sum(part.out_of_vocabulary for part in parts)
    overall = _result("overall", everyone, chance, unknown, intervals)
    return ClassesResult(topn=topn, overall=overall, classes=tuple(parts))


def class_items(vectors: WordVectors, classes: Classes, topn: int = TOPN) -> Items:
    """Return the share of each word of each class, one that is listed twice once; NaN for unknown words."""
    shares = [_shares(vectors, _rows(vectors, words), topn) for words in classes.values()]
    return Items("share in class", np.concatenate([np.empty(0), *shares]))


def _result(name: str, shares: Doubles, chance: float | None, unknown: int, intervals: bool) -> ClassResult:
    return ClassResult(
        name=name,
        share=float(shares.mean()) if len(shares) else None,
        chance=chance,
        words=len(shares),
        out_of_vocabulary=unknown,
        interval=mean_interval(shares) if intervals else None,
    )


def _rows(vectors: WordVectors, words: Sequence[str]) -> list[int | None]:
    """Rows of the distinct words."""
    known = WordRows(vectors)
    return [known.find(word) for word in dict.fromkeys(words)]


def _shares(vectors: WordVectors, rows: Sequence[int | None], topn: int) -> Doubles:
    """Share of each row's neighbours that are among the rows; NaN for no row, or one met before in another spelling."""
    shares = np.full(len(rows), np.nan)
    first: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row is not None:
            first.setdefault(row, place)
    own = np.array(list(first), dtype=np.intp)
    count = min(counted("topn", topn), len(vectors) - 1)
    if len(own) and count > 0:
        nearest = _nearest(vectors.unit_vectors, own, count)
        shares[list(first.values())] = np.isin(nearest, own).mean(axis=1)
    return shares


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
