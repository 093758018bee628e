"""The validation loss: the objective on a fixed set of held-out pairs with fixed noise.

Pairs and noise are drawn at fixed settings with their own seed, whatever the run's settings are, so that the loss can
be compared across epochs, engines and settings, as long as the vocabulary is the same.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v.batches.plan import Plan
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.draws.randomness import VALIDATION_EPOCH, VALIDATION_SEED
from fastw2v.engines.weights import Weights
from fastw2v.objectives.logistic import clip_score, term_loss
from fastw2v.settings import Settings

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
        draws = NumpyDraws(preprocessed.vocabulary.counts, MEASURED_AT)
        plan = Plan(preprocessed.held_out, MEASURED_AT, draws)
        arrays = [block.pair_arrays() for block in plan.blocks(VALIDATION_EPOCH)]
        pairs = sum(len(block[0]) for block in arrays)
        # Spread over all that is held out, not only its first documents.
        chosen = np.arange(min(pairs, settings.validation)) * pairs // max(1, min(pairs, settings.validation))
        self._inputs, self._outputs, self._noise = (
            np.concatenate([block[i] for block in arrays])[chosen] if arrays else np.empty((0, 0), np.int32)
            for i in range(3)
        )

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self._inputs)

    def loss(self, weights: Weights) -> float | None:
        """Return the mean loss over the pairs, computed in float64; None where there are none."""
        if not self.pairs:
            return None
        total = self._terms(weights, self._outputs, 1).sum()
        for k in range(self._noise.shape[1]):
            noise = self._noise[:, k]
            total += self._terms(weights, noise, 0).sum(where=noise != self._outputs)
        return float(total / self.pairs)

    def _terms(self, weights: Weights, words: npt.NDArray[np.int32], label: int) -> npt.NDArray[np.float64]:
        """Return the loss of each pair's term with these words: (pairs,) float64."""
        scores = np.empty(self.pairs)
        # All at once, the vectors of 10,000 pairs took 200 MB at vector_size 1,000.
        for low in range(0, self.pairs, _AT_ONCE):
            part = slice(low, low + _AT_ONCE)
            v_c = weights.input_vectors[self._inputs[part]].astype(np.float64)
            v_w = weights.output_vectors[words[part]].astype(np.float64)
            scores[part] = np.einsum("ij,ij->i", v_c, v_w)
        losses: npt.NDArray[np.float64] = term_loss(clip_score(scores, MEASURED_AT.sigmoid_clip), label)
        return losses
