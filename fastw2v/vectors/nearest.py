"""Exact nearest rows by cosine: matrix-vector products for one query, blocked matrix products for many.

A pass in the vectors' own dtype finds the candidates: every row that could be among the best, given rounding errors.
The few candidates are scored again in float64 and sorted. So an answer equals that of a full sort by float64 cosines;
cosines equal to 12 digits are ordered by row index. The bits do not depend on how many queries are asked at once.

No normalised copy of the vectors is kept, only the (V,) inverse lengths.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

# Rows checked, normalised or multiplied at a time, so that temporary arrays stay small beside the vectors.
_BLOCK_ROWS = 2048
# Queries per matrix product: 8 MB of scores. 1,000 queries to a million vectors of 100 took 1.8 s, in blocks of 1,024
# and of 256 alike. But each product waits for BLAS threads of the last: on a busy machine 256 took 2.5 times as long.
_BLOCK_QUESTIONS = 1024
# Scores are split into strips of this many; `_reached` first looks only at the largest of each strip.
_STRIP = 256
# Cosines equal to this many digits are ties, so that their order does not depend on the processor's summation order.
_DIGITS = 12
# Added to the denominator of 3CosMul, as in gensim, to avoid division by zero; Levy and Goldberg use 0.001.
EPSILON = 1e-6


class ExactSearch:
    """Exact search over the rows of a finite (V, d) float32 or float64 array, which must not change meanwhile.

    Queries ("targets") are float64 unit vectors, or zero vectors. The cosine to a zero vector is 0. An answer is a
    pair of arrays: rows (int) and their cosines (float64), the best first.
    """

    def __init__(self, vectors: Floats, inverse: Floats | None = None) -> None:
        self.vectors = vectors
        self._inverse = _inverse_lengths(vectors) if inverse is None else inverse
        # Rows whose squared length would overflow or underflow: they are normalised before multiplying.
        self._odd: Rows = np.flatnonzero(np.isnan(self._inverse))
        # Upper bound on a cosine's rounding error: products, their sum and both lengths, larger than the bound for
        # sequential summation; plus the last of the _DIGITS kept.
        self._error = (vectors.shape[1] + 8) * float(np.finfo(vectors.dtype).eps) + 10.0**-_DIGITS

    def __len__(self) -> int:
        return len(self.vectors)

    def part(self, rows: slice | Rows) -> ExactSearch:
        """Return a search over some rows only; its answers count from 0 among them."""
        return ExactSearch(self.vectors[rows], self._inverse[rows])

    def cosines(self, target: Doubles) -> Floats:
        """Return each row's cosine to the target, (V,) in the vectors' dtype."""
        own = target.astype(self.vectors.dtype)
        with np.errstate(over="ignore", invalid="ignore"):  # odd rows, replaced below
            scores: Floats = self.vectors @ own
            scores *= self._inverse
        for start in range(0, len(self._odd), _BLOCK_ROWS):
            rows = self._odd[start : start + _BLOCK_ROWS]
            scores[rows] = unit_rows(self.vectors[rows]) @ own
        return scores

    def exact_cosines(self, rows: Rows, targets: Doubles, question: Rows | None = None) -> Doubles:
        """Return the (n,) float64 cosines of rows to one target (d,), or each to that of its question, (Q, d)."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), _BLOCK_ROWS):
            part = slice(start, start + _BLOCK_ROWS)
            own = targets if question is None else targets[question[part]]
            # A sum along each row: its bits do not depend on the rows beside it, as a matrix product's may.
            found[part] = (unit_rows(self.vectors[rows[part]].astype(np.float64)) * own).sum(axis=1)
        # Clip: rounding can make a vector's cosine with itself exceed 1. Round: ties must be equal. + 0.0: no -0.0.
        return found.clip(-1, 1).round(_DIGITS) + 0.0

    def nearest(self, targets: Doubles, count: int) -> list[tuple[Rows, Doubles]]:
        """Return the `count` rows nearest to each of the (Q, d) targets; all rows if there are fewer."""
        count = min(count, len(self))
        # For a zero target all rows tie, so every row would be a candidate: answer with the first rows instead.
        answers = [(np.arange(count), np.zeros(count)) for _ in targets]
        asked = np.flatnonzero(targets.any(axis=1)) if count else np.empty(0, np.intp)
        for start in range(0, len(asked), _BLOCK_QUESTIONS):
            own = asked[start : start + _BLOCK_QUESTIONS]
            find = self._contenders if len(asked) > 1 else self._contenders_of_one
            pairs = find(targets[own], count)
            for place, answer in zip(own.tolist(), self._ranked(*pairs, targets[own], count), strict=True):
                answers[place] = answer
        return answers

    def nearest_by_product(self, plus: Doubles, minus: Doubles, count: int) -> tuple[Rows, Doubles]:
        """Return the `count` rows that are best by 3CosMul, with their scores in place of cosines.

        The score is the product of (1 + cosine) / 2 over the (P, d) targets `plus`, divided by the one over the
        (N, d) targets `minus`, plus a small number (Levy and Goldberg 2014, "Linguistic Regularities in Sparse and
        Explicit Word Representations", equation 4).
        """
        count = min(count, len(self))
        if not count:
            return np.empty(0, np.intp), np.empty(0)
        lowest, highest = self._product_bounds(plus)
        below, above = self._product_bounds(minus)
        rows = np.flatnonzero(highest / (below + EPSILON) >= _reached(lowest / (above + EPSILON), count))
        product, divisor = (
            np.prod([(1 + self.exact_cosines(rows, target)) / 2 for target in targets], axis=0)
            for targets in (plus, minus)
        )
        scores = product / (divisor + EPSILON)
        best = np.argsort(-scores, kind="stable")[:count]
        return rows[best], scores[best]

    def closer(self, target: Doubles, row: int) -> Rows:
        """Return the rows, ascending, whose cosine to the target is larger than that of `row`."""
        scores = self.cosines(target)
        rows = np.flatnonzero(scores >= scores[row] - 2 * self._error)
        sure = scores[rows] > scores[row] + 2 * self._error
        own = self.exact_cosines(np.array([row]), target)[0]
        sure[~sure] = self.exact_cosines(rows[~sure], target) > own
        closer: Rows = rows[sure]
        return closer

    def _product_bounds(self, targets: Doubles) -> tuple[Doubles, Doubles]:
        """Return lower and upper bounds, (V,) each, on each row's product of shifted cosines, given rounding errors."""
        lowest, highest = np.ones(len(self)), np.ones(len(self))
        for target in targets:
            shifted = (1 + self.cosines(target).astype(np.float64)) / 2
            lowest *= np.maximum(shifted - self._error / 2, 0)
            highest *= shifted + self._error / 2
        return lowest, highest

    def _contenders_of_one(self, targets: Doubles, count: int) -> tuple[Rows, Rows]:
        """Do as `_contenders` for a single query: one matrix-vector product, without normalising blocks of vectors."""
        rows = contenders(self.cosines(targets[0]), count, 2 * self._error)
        return np.zeros_like(rows), rows

    def _contenders(self, targets: Doubles, count: int) -> tuple[Rows, Rows]:
        """Return the candidates as arrays of query and row indices: all rows that may be among a query's best."""
        own = targets.astype(self.vectors.dtype)
        margin = 2 * self._error
        pool: list[tuple[Rows, Rows, Floats]] = []
        reached: Floats | None = None
        merge_at = 0
        for start, units in self._unit_blocks(max(count, _BLOCK_ROWS)):
            scores = own @ units.T
            if reached is None:
                reached = _reached(scores, count)
            found = np.flatnonzero(scores >= (reached - margin)[:, np.newaxis])
            question, place = np.divmod(found, len(units))
            pool.append((question, place + start, scores.reshape(-1)[found]))
            # Merge whenever the number of rows seen has doubled, so that candidates only about double between merges.
            if start + len(units) >= min(merge_at, len(self)):
                pool, reached = _merged(pool, count, margin)
                merge_at = 2 * (start + len(units))
        return pool[0][0], pool[0][1]

    def _unit_blocks(self, size: int) -> Iterator[tuple[int, Floats]]:
        """Yield first rows and unit vectors, block by block."""
        for start in range(0, len(self), size):
            block, inverse = self.vectors[start : start + size], self._inverse[start : start + size]
            units = block * inverse[:, np.newaxis]
            if len(self._odd):
                odd = np.isnan(inverse)
                units[odd] = unit_rows(block[odd])
            yield start, units

    def _ranked(self, question: Rows, rows: Rows, targets: Doubles, count: int) -> list[tuple[Rows, Doubles]]:
        """Score the contenders in float64 and return the best of each question."""
        cosines = self.exact_cosines(rows, targets, question)
        order = np.lexsort((rows, -cosines, question))
        starts = np.searchsorted(question[order], np.arange(len(targets)))
        best = (order[start : start + count] for start in starts)
        return [(rows[chosen], cosines[chosen]) for chosen in best]


def unit_rows(vectors: Floats) -> Floats:
    """Each row divided by its Euclidean length, in the same dtype; zero rows stay zero.

    A row is first divided by its largest magnitude, so that squaring neither overflows nor underflows.
    """
    units = np.empty(vectors.shape, dtype=vectors.dtype)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS]
        largest = np.abs(block).max(axis=1, keepdims=True)
        scaled = block / np.where(largest > 0, largest, 1)
        lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
        units[start : start + _BLOCK_ROWS] = scaled / np.where(lengths > 0, lengths, 1)
    return units


def row_lengths(vectors: Floats) -> Floats:
    """Euclidean length of each row, (V,), in the same dtype; infinite where that cannot hold it."""
    lengths = np.empty(len(vectors), dtype=vectors.dtype)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS]
        largest = np.abs(block).max(axis=1, keepdims=True)
        scaled = block / np.where(largest > 0, largest, 1)
        with np.errstate(over="ignore"):
            lengths[start : start + _BLOCK_ROWS] = np.linalg.norm(scaled, axis=1) * largest[:, 0]
    return lengths


def top_rows(similarities: Floats, count: int) -> Rows:
    """Indices of the `count` largest values, the largest first, at equal value the lower index first."""
    if count < 1:
        return np.empty(0, dtype=np.intp)
    best = contenders(similarities, count, 0)
    order: Rows = best[np.argsort(-similarities[best], kind="stable")[:count]]
    return order


def contenders(scores: Floats, count: int, margin: float) -> Rows:
    """Indices, ascending, of all scores not more than `margin` below the `count`-th largest."""
    found = np.flatnonzero(scores >= _reached(scores, count) - margin)
    least = np.partition(scores[found], -count)[-count]
    near: Rows = found[scores[found] >= least - margin]
    return near


def first_non_finite_row(vectors: Floats) -> int | None:
    """Index of the first row that holds a NaN or an infinity; None where there is none."""
    for start in range(0, len(vectors), _BLOCK_ROWS):
        finite = np.isfinite(vectors[start : start + _BLOCK_ROWS]).all(axis=1)
        if not finite.all():
            return start + int(np.argmin(finite))
    return None


def _reached(scores: Floats, count: int) -> Any:
    """Return a value that at least `count` scores of the last axis reach, and few others.

    It is the `count`-th largest of the maxima of strips: only scores in `count` strips, or equal ones, can be above.
    For a million scores this takes a twentieth of the time of partitioning them.
    """
    strip = min(_STRIP, scores.shape[-1] // (16 * count))
    if strip > 1:
        whole = scores.shape[-1] // strip * strip
        scores = scores[..., :whole].reshape(*scores.shape[:-1], -1, strip).max(axis=-1)
    return np.partition(scores, -count, axis=-1)[..., -count]


def _merged(
    pool: list[tuple[Rows, Rows, Floats]], count: int, margin: float
) -> tuple[list[tuple[Rows, Rows, Floats]], Floats]:
    """Merge the pool, drop rows that cannot be among the best any more; also return each query's count-th score."""
    question, rows, scores = (np.concatenate(column) for column in zip(*pool, strict=True))
    order = np.lexsort((-scores, question))
    question, rows, scores = question[order], rows[order], scores[order]
    firsts = np.flatnonzero(np.diff(question, prepend=-1))
    reached = scores[firsts + count - 1]
    left = scores >= (reached - margin)[question]
    return [(question[left], rows[left], scores[left])], reached


def _inverse_lengths(vectors: Floats) -> Floats:
    """Return 1 / length of each row; 0 for a zero row, NaN where squares or the inverse may leave the dtype's range."""
    limits = np.finfo(vectors.dtype)
    low, high = float(limits.tiny) ** 0.5 * 1e3, float(limits.max) ** 0.5 / 1e3
    inverse = np.empty(len(vectors), vectors.dtype)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS]
        with np.errstate(over="ignore", divide="ignore", under="ignore"):
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            some = 1 / lengths
        some[(lengths < low) | (lengths > high)] = np.nan
        some[~block.any(axis=1)] = 0  # treating zero rows as odd would be correct, but slow
        inverse[start : start + _BLOCK_ROWS] = some
    return inverse
