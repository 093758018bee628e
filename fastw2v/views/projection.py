"""Project vectors to two dimensions and group words, for maps.

Everything starts from unit vectors, since the model's own measure is the cosine: with vectors as long as they are, a
few long ones would spread and all others crowd in the middle. Every result is a function of the vectors alone: the
seeds are fixed, and the sign of each axis too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.errors import UsageError
from fastw2v.system.optional import load
from fastw2v.vectors.nearest import Floats

Doubles = npt.NDArray[np.float64]

PROJECTIONS = ("pca", "umap", "tsne")
# Ten colours are as many as one can still tell apart.
MOST_GROUPS = 10
_SEED = 1
_MOST_ROUNDS = 50
_CANDIDATES = 5


class Projection(NamedTuple):
    """Words on a plane: points (n, 2) float32, in -1 to 1; share: of the variance that PCA's axes hold, else None."""

    points: npt.NDArray[np.float32]
    share: float | None


def check_projection(name: str) -> None:
    """Refuse a name that is not in PROJECTIONS, with UsageError."""
    if name not in PROJECTIONS:
        raise UsageError(f"projection must be {', '.join(PROJECTIONS)}. Got {name!r:.60}; pca is the default.")


def project(units: Floats, name: str = "pca") -> Projection:
    """Place (n, d) unit vectors on a plane.

    pca: the two directions of largest variance (Pearson 1901). umap: McInnes, Healy and Melville 2018, through
    umap-learn. tsne: van der Maaten and Hinton 2008, through scikit-learn. The last two start from the first.

    Raises:
        UsageError: another name.
        MissingExtraError: its library is not installed.
    """
    check_projection(name)
    plane, share = _pca(units)
    if name == "pca" or len(units) < 4:  # too few to have neighbours
        return Projection(_within_one(plane), share)
    return Projection(_within_one(_umap(units, plane) if name == "umap" else _tsne(units, plane)), None)


def _pca(units: Floats) -> tuple[Doubles, float]:
    """Return the (n, 2) coordinates on the two principal axes, and the share of the variance that they hold."""
    centred = units - units.mean(axis=0, dtype=np.float64)
    variances, axes = np.linalg.eigh(centred.T @ centred)
    two = axes[:, ::-1][:, :2]
    # An axis may point either way: let its largest component be positive.
    largest = np.abs(two).argmax(axis=0)
    two = two * np.where(two[largest, np.arange(two.shape[1])] < 0, -1, 1)
    plane = np.zeros((len(units), 2))
    plane[:, : two.shape[1]] = centred @ two
    total = float(variances.sum())
    return plane, float(variances[-2:].sum()) / total if total > 0 else 1.0


def _umap(units: Floats, start: Doubles) -> Doubles:
    umap = load("umap", "A map by UMAP", "map")
    # Many neighbours and dots that keep a distance: with the library's 15 and 0.1 each class of words in the stories
    # shrank to a spot far from all others. One job: with more the map would differ from run to run.
    reducer = umap.UMAP(
        n_neighbors=min(50, len(units) - 1),
        min_dist=0.8,
        metric="cosine",
        init=_start(start, 1),
        random_state=_SEED,
        n_jobs=1,
    )
    found: Any = reducer.fit_transform(units)
    return np.asarray(found, dtype=np.float64)


def _tsne(units: Floats, start: Doubles) -> Doubles:
    manifold = load("sklearn.manifold", "A map by t-SNE", "sklearn")
    perplexity = min(30.0, (len(units) - 1) / 3)
    reducer = manifold.TSNE(metric="cosine", perplexity=perplexity, init=_start(start, 1e-4), random_state=_SEED)
    return np.asarray(reducer.fit_transform(units), dtype=np.float64)


def _start(plane: Doubles, size: float) -> npt.NDArray[np.float32]:
    """Return the plane in the size with which a method begins well: `size` is the first axis's standard deviation."""
    deviation = float(plane[:, 0].std())
    return (plane * (size / deviation if deviation > 0 else 1.0)).astype(np.float32)


def _within_one(plane: Doubles) -> npt.NDArray[np.float32]:
    """Centre the plane and scale both axes alike, so that the farthest coordinate is 1."""
    centred: Doubles = plane - (plane.max(axis=0) + plane.min(axis=0)) / 2
    reach = float(np.abs(centred).max())
    within: Doubles = centred / (reach if reach > 0 else 1)
    return within.astype(np.float32)


def word_groups(units: Floats, most: int = MOST_GROUPS) -> npt.NDArray[np.intp]:
    """Sort (n, d) unit vectors into at most `most` groups by k-means on their directions; (n,) group numbers.

    Spherical k-means (Dhillon and Modha 2001) around the common mean, which all words of a model share. Group 0 is the
    largest. A word without a direction is in some group, too.
    """
    centred = units.astype(np.float64) - units.mean(axis=0, dtype=np.float64)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    directions = centred / np.where(lengths > 0, lengths, 1)
    centres = _spread_out(directions, most)
    groups = np.full(len(units), -1)
    for _ in range(_MOST_ROUNDS):
        before, groups = groups, (directions @ centres.T).argmax(axis=1)
        if np.array_equal(before, groups):
            break
        for group in np.unique(groups):
            total = directions[groups == group].sum(axis=0)
            centres[group] = total / max(np.linalg.norm(total), 1e-12)
    _, groups, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    place: npt.NDArray[np.intp] = np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")
    return place[groups]


def _spread_out(directions: Doubles, most: int) -> Doubles:
    """Choose first centres by greedy k-means++ (Arthur and Vassilvitskii 2007).

    Some are drawn at random, the farther from those chosen the likelier; the one that leaves all others nearest stays.
    """
    draws = np.random.default_rng(_SEED).random((most, _CANDIDATES))
    chosen = [0]
    nearest = directions @ directions[0]
    for draw in draws[1:]:
        distance = np.cumsum(np.maximum(1 - nearest, 0))
        if distance[-1] < 1e-9 or len(chosen) == len(directions):
            break
        candidates = np.searchsorted(distance, draw * distance[-1])
        reached = np.maximum(nearest, directions[candidates] @ directions.T)
        best = int(reached.sum(axis=1).argmax())
        chosen.append(int(candidates[best]))
        nearest = reached[best]
    return directions[chosen]


def group_names(units: Floats, groups: npt.NDArray[np.intp], words: int = 3) -> list[list[int]]:
    """Return, for each group, the rows of up to `words` words that tell what it is.

    They are nearest to the group's mean among its most frequent fifth: rows are by custom sorted by frequency, and the
    very nearest words are often so rare that they say nothing.
    """
    told = []
    for group in range(int(groups.max()) + 1):
        rows = np.flatnonzero(groups == group)
        mean = units[rows].mean(axis=0)
        frequent = rows[: max(words, len(rows) // 5)]
        nearest = np.argsort(-(units[frequent] @ mean), kind="stable")[:words]
        told.append(frequent[nearest].tolist())
    return told
