"""The validation loss: the objective on fixed held-out pairs with fixed noise.

Pairs and noise are drawn at fixed settings with their own seed, whatever the run's settings are, so that the loss can
be compared across epochs, engines and settings, as long as the vocabulary and the objective are the same. Where
examples are no pairs, "pairs" are examples, and each has the noise words of its centre.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.batches.batch import Batch, joined
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.draws.randomness import VALIDATION_EPOCH, VALIDATION_SEED
from fastw2v.engines.weights import Weights
from fastw2v.objectives.logistic import clip_score, term_loss
from fastw2v.settings import Settings
from fastw2v.training.plan import Plan

# The defaults, written out: a change of defaults must not change what old and new runs are measured on.
MEASURED_AT = Settings(
    sigmoid_clip=16.0,
    window=5,
    shrink_windows=True,
    negative=5,
    noise="per-pair",
    sample=1e-3,
    ns_exponent=0.75,
    seed=VALIDATION_SEED,
)

# Pairs whose vectors are in memory at a time.
_AT_ONCE = 512


class ValidationSet:
    """Up to `settings.validation` pairs of the held-out documents. `pairs` is 0 where nothing is held out."""

    def __init__(self, preprocessed: Preprocessed, settings: Settings) -> None:
        counts = preprocessed.vocabulary.counts
        objective = objectives.make(MEASURED_AT, counts)
        if not objective.matches:
            objective = objectives.make(replace(MEASURED_AT, noise="shared"), counts)
        plan = Plan(preprocessed.held_out, MEASURED_AT, NumpyDraws(counts, MEASURED_AT), objective.outputs)
        blocks = list(plan.blocks(VALIDATION_EPOCH))
        ends = np.cumsum([0, *(objective.inputs.number(block) for block in blocks)])
        # Spread over all that is held out, not only its first documents.
        most = min(int(ends[-1]), settings.validation)
        chosen = np.arange(most) * ends[-1] // max(most, 1)
        parts = np.split(chosen, np.searchsorted(chosen, ends[1:-1]))
        starts = zip(blocks, parts, ends.tolist(), strict=False)
        batches = [objective.batch(block).take(part - start) for block, part, start in starts if len(part)]
        self._batch = joined(batches) if batches else None

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return 0 if self._batch is None else len(self._batch)

    def loss(self, weights: Weights) -> float | None:
        """Return the mean loss over the pairs, computed in float64; None where there are none."""
        if self._batch is None:
            return None
        terms, labels = (each[self._batch.group_of].T for each in self._batch.rectangle())
        total = 0.0
        for column, (scores, label) in enumerate(zip(self._scores(self._batch, terms, weights), labels, strict=True)):
            losses = term_loss(clip_score(scores, MEASURED_AT.sigmoid_clip), label)
            # The first term always counts; with `where` NumPy adds in another order.
            total += losses.sum() if column == 0 else losses.sum(where=~np.isnan(label))
        return float(total / self.pairs)

    def _scores(self, batch: Batch, terms: npt.NDArray[Any], weights: Weights) -> npt.NDArray[np.float64]:
        """Return the scores of the examples' terms, rows of W_out: (columns, pairs), as `terms` is."""
        scores = np.empty(terms.shape)
        # All at once, the vectors of 10,000 pairs took 200 MB at vector_size 1,000.
        for low in range(0, len(batch), _AT_ONCE):
            part = np.arange(low, min(low + _AT_ONCE, len(batch)))
            v = batch.take(part).example_vectors(weights.input_vectors, np.float64)
            for rows, found in zip(terms[:, part], scores, strict=True):
                found[part] = np.einsum("ij,ij->i", v, weights.output_vectors[rows].astype(np.float64))
        return scores
