"""`Batch`: which rows of W_in make each example, and which rows of W_out it is scored against.

An objective builds it from `Windows`. The reference and the numpy engine train on any `Batch`, whatever the objective.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Examples and their terms.

    Example e has the vector v, the mean of the rows inputs[input_start[e]:input_start[e + 1]] of W_in (a row may come
    twice). Its terms are those of the group g = group_of[e]: the rows terms[term_start[g]:term_start[g + 1]] of W_out,
    each scored against v. Their labels have the same indices.

    Attributes:
        inputs: (I,) int, rows of W_in, example by example.
        input_start: (E + 1,) int64, at least one input each.
        terms: (T,) int, rows of W_out, group by group.
        labels: (T,) float64 in 0..1, the wanted sigma of the score; NaN: the term does not count. The first of a group
            always counts.
        term_start: (G + 1,) int64, at least one term each.
        group_of: (E,) int64, the group of each example.
    """

    inputs: npt.NDArray[Any]
    input_start: Integers
    terms: npt.NDArray[Any]
    labels: npt.NDArray[np.float64]
    term_start: Integers
    group_of: Integers

    def __len__(self) -> int:
        """Return the number E of examples."""
        return len(self.group_of)

    def rectangle(self) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
        """Return the terms and labels of each group as (G, most terms) arrays, padded to the longest group.

        Padding repeats the group's first term with the label NaN, so it does not count.
        """
        sizes = np.diff(self.term_start)
        most = int(sizes.max(initial=0))
        if (sizes == most).all():
            return self.terms.reshape(len(sizes), most), self.labels.reshape(len(sizes), most)
        place = self.term_start[:-1, None] + np.arange(most)
        inside = np.arange(most) < sizes[:, None]
        place = np.where(inside, place, self.term_start[:-1, None])
        return self.terms[place], np.where(inside, self.labels[place], np.nan)

    def example_vectors(self, w_in: npt.NDArray[Any], dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
        """Return the examples' vectors, (E, d): means of rows of W_in, (rows, d). dtype: None: that of W_in."""
        rows: npt.NDArray[Any] = w_in[self.inputs].astype(w_in.dtype if dtype is None else dtype, copy=False)
        if len(rows) == len(self):
            return rows
        sums = np.add.reduceat(rows, self.input_start[:-1], axis=0)
        means: npt.NDArray[Any] = sums / np.diff(self.input_start)[:, None].astype(rows.dtype)
        return means

    def input_gradients(self, gradients: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the gradient of each input's row, (I, d), given those of the examples' vectors, (E, d)."""
        if len(self.inputs) == len(self):
            return gradients
        sizes = np.diff(self.input_start)
        shares: npt.NDArray[Any] = np.repeat(gradients / sizes[:, None].astype(gradients.dtype), sizes, axis=0)
        return shares

    def take(self, examples: Integers) -> Batch:
        """Return a batch of the given examples, indices in ascending order, with only the groups that they use."""
        sizes = np.diff(self.input_start)[examples]
        groups, group_of = np.unique(self.group_of[examples], return_inverse=True)
        lengths = np.diff(self.term_start)[groups]
        terms = _ranges(self.term_start[groups], lengths)
        inputs = _ranges(self.input_start[examples], sizes)
        starts = _starts(sizes), _starts(lengths)
        return Batch(self.inputs[inputs], starts[0], self.terms[terms], self.labels[terms], starts[1], group_of)


def joined(batches: Sequence[Batch]) -> Batch:
    """Concatenate batches, in order."""
    groups = np.cumsum([0, *(len(one.term_start) - 1 for one in batches)])
    return Batch(
        np.concatenate([one.inputs for one in batches]),
        _starts(np.concatenate([np.diff(one.input_start) for one in batches])),
        np.concatenate([one.terms for one in batches]),
        np.concatenate([one.labels for one in batches]),
        _starts(np.concatenate([np.diff(one.term_start) for one in batches])),
        np.concatenate([one.group_of + first for one, first in zip(batches, groups.tolist(), strict=False)]),
    )


def _starts(sizes: Integers) -> Integers:
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))


def _ranges(starts: Integers, sizes: Integers) -> Integers:
    """Return the concatenated ranges starts[i], ..., starts[i] + sizes[i] - 1 for all i."""
    ends = np.cumsum(sizes, dtype=np.int64)
    return np.repeat(starts - (ends - sizes), sizes) + np.arange(int(ends[-1]) if len(ends) else 0)
