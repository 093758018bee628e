"""The reference engine: explicit loops over examples and terms, one at a time. The one to read.

No fancy indexing: a row that occurs twice is added to twice because the loop meets it twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.batches.windows import Windows
from fastw2v.engines.base import Engine, Gradients, RowGradients
from fastw2v.engines.weights import Matrix, Weights
from fastw2v.objectives.logistic import (
    clip_score,
    clipped_rate,
    row_rate,
    score_derivative,
    sigmoid,
    term_loss,
)

Row = npt.NDArray[Any]


class _Sums:
    """The growing sums of one matrix: row number -> summed gradient, and how many terms it holds."""

    def __init__(self) -> None:
        self.sums: dict[int, Row] = {}
        self.terms: dict[int, int] = {}

    def add(self, row: int, gradient: Row, terms: int) -> None:
        if row not in self.sums:
            self.sums[row] = np.zeros_like(gradient)
            self.terms[row] = 0
        self.sums[row] += gradient
        self.terms[row] += terms

    def result(self, columns: int, dtype: npt.DTypeLike) -> RowGradients:
        rows = sorted(self.sums)
        sums = np.stack([self.sums[row][:columns] for row in rows]) if rows else np.zeros((0, columns), dtype=dtype)
        terms = np.array([self.terms[row] for row in rows], dtype=np.int64)
        return RowGradients(np.array(rows, dtype=np.int64), sums, terms)


class ReferenceEngine(Engine):
    """Loops over examples and terms."""

    name = "reference"

    def gradients(self, weights: Weights, windows: Windows) -> Gradients:
        """See `Engine.gradients`."""
        loss, into_in, into_out = self._sum(weights, windows)
        kind = weights.w_in.dtype
        return Gradients(loss, into_in.result(weights.size, kind), into_out.result(weights.size, kind))

    def step(self, weights: Weights, windows: Windows, rate: float) -> float:
        """See `Engine.step`."""
        loss, into_in, into_out = self._sum(weights, windows)
        limit_in, limit_out = self.objective.outputs.step_limits()
        self._descend(weights.w_in, into_in, rate, limit_in)
        self._descend(weights.w_out, into_out, rate, limit_out)
        return loss

    def _sum(self, weights: Weights, windows: Windows) -> tuple[float, _Sums, _Sums]:
        loss, into_in, into_out = 0.0, _Sums(), _Sums()
        batch, kind = self.objective.batch(windows), weights.w_in.dtype.type
        for example, group in enumerate(batch.group_of.tolist()):
            inputs = batch.inputs[batch.input_start[example] : batch.input_start[example + 1]].tolist()
            v = _mean(weights.w_in, inputs)
            gradient = np.zeros_like(v)
            for place in range(batch.term_start[group], batch.term_start[group + 1]):
                row, label = int(batch.terms[place]), kind(batch.labels[place])
                if np.isnan(label):
                    continue
                score = clip_score(v @ weights.w_out[row], kind(self.settings.sigmoid_clip))
                derivative = score_derivative(sigmoid(score), label)
                loss += float(term_loss(score, label))
                gradient += derivative * weights.w_out[row]
                into_out.add(row, derivative * v, 1)
            for row in inputs:
                into_in.add(row, gradient / kind(len(inputs)), 1)
        return loss, into_in, into_out

    def _descend(self, matrix: Matrix, into: _Sums, rate: float, limit: float) -> None:
        for row, total in into.sums.items():
            step = row_rate(rate, into.terms[row], limit)
            norm = float(np.sqrt(total @ total))
            if self.settings.gradient_clip and norm > 0:
                step = clipped_rate(step, rate, norm, self.settings.gradient_clip)
            matrix[row] -= matrix.dtype.type(step) * total


def _mean(matrix: Matrix, rows: list[int]) -> Row:
    """Return the mean of rows, which may repeat."""
    total = matrix[rows[0]].copy()
    for row in rows[1:]:
        total += matrix[row]
    mean: Row = total / matrix.dtype.type(len(rows))
    return mean
