"""The reference engine: explicit loops over pairs and terms, one at a time. The one to read.

No fancy indexing: a row that occurs twice is added to twice because the loop meets it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    step_limits,
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
    """Loops over pairs."""

    name = "reference"

    def gradients(self, weights: Weights, batch: Windows) -> Gradients:
        """See `Engine.gradients`."""
        loss, into_in, into_out = self._sum(weights, batch)
        kind = weights.w_in.dtype
        return Gradients(loss, into_in.result(weights.size, kind), into_out.result(weights.size, kind))

    def step(self, weights: Weights, batch: Windows, rate: float) -> float:
        """See `Engine.step`."""
        loss, into_in, into_out = self._sum(weights, batch)
        limit_in, limit_out = step_limits(self.settings.negative)
        self._descend(weights.w_in, into_in, rate, limit_in)
        self._descend(weights.w_out, into_out, rate, limit_out)
        return loss

    def _sum(self, weights: Weights, batch: Windows) -> tuple[float, _Sums, _Sums]:
        loss, into_in, into_out = 0.0, _Sums(), _Sums()
        for input_word, output_word, noise_words in _pairs(batch):
            v_c = weights.w_in[input_word]
            gradient = np.zeros_like(v_c)
            for word, label in [(output_word, 1), *((word, 0) for word in noise_words)]:
                if label == 0 and word == output_word:
                    continue
                score = clip_score(v_c @ weights.w_out[word], v_c.dtype.type(self.settings.sigmoid_clip))
                derivative = score_derivative(sigmoid(score), label)
                loss += float(term_loss(score, label))
                gradient += derivative * weights.w_out[word]
                into_out.add(word, derivative * v_c, 1)
            into_in.add(input_word, gradient, 1)
        return loss, into_in, into_out

    def _descend(self, matrix: Matrix, into: _Sums, rate: float, limit: float) -> None:
        for row, total in into.sums.items():
            step = row_rate(rate, into.terms[row], limit)
            norm = float(np.sqrt(total @ total))
            if self.settings.gradient_clip and norm > 0:
                step = clipped_rate(step, rate, norm, self.settings.gradient_clip)
            matrix[row] -= matrix.dtype.type(step) * total


def _pairs(batch: Windows) -> Iterator[tuple[int, int, list[int]]]:
    """Yield (input word, output word, noise words) of every pair, in order."""
    pair = 0
    for centre in range(len(batch)):
        at, row = batch.first + centre, centre if batch.noise_of is None else batch.noise_of[centre]
        for offset in range(-int(batch.left[centre]), int(batch.right[centre]) + 1):
            if offset == 0:
                continue
            noise = batch.noise[pair if batch.per_pair else row]
            yield int(batch.tokens[at + offset]), int(batch.tokens[at]), noise.tolist()
            pair += 1
