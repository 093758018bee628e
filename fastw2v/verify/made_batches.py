"""Batches and weights for verification: all words repeat; with dyadic weights all sums are exact."""

from __future__ import annotations

import numpy as np

from fastw2v import objectives
from fastw2v.batches.windows import Windows
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.objectives.negative_sampling import SHARERS, group_noise
from fastw2v.settings import Settings

# Words of the batches made here.
MADE_WORDS = 7


def duplicates_batch(settings: Settings, centres: int = 24, reach: int = 2) -> Windows:
    """Return a batch over seven words in which everything repeats.

    Words repeat inside a window, noise words are drawn twice, are equal to the output, or both.
    """
    generator = np.random.default_rng(0)
    tokens = generator.integers(0, MADE_WORDS, centres).astype(np.int32)
    tokens[3:6] = tokens[3]
    index = np.arange(centres)
    left, right = (np.minimum(reach, inside).astype(np.int32) for inside in (index, centres - 1 - index))
    per_pair = settings.noise == "per-pair"
    rows, noise_of = int((left + right).sum()) if per_pair else centres, None
    if settings.noise == "grouped":
        own, noise_of = group_noise(centres, centres, SHARERS)
        rows = int(own.sum())
    noise = generator.integers(0, MADE_WORDS, (rows, settings.negative)).astype(np.int32)
    noise[: rows // 2, -1] = noise[: rows // 2, 0]
    noise[0, :] = tokens[0]
    return Windows(tokens, 0, left, right, noise, index, per_pair, noise_of)


def zero_weights(words: int, settings: Settings) -> Weights:
    """Return weights of zero, of the rows that the settings' objective has for so many words."""
    weights = initial_weights(objectives.make(settings, np.ones(words, dtype=np.int64)).shapes(words), settings)
    weights.w_in[:] = 0
    return weights


def random_weights(words: int, settings: Settings) -> Weights:
    """Return weights with both matrices far from zero."""
    weights, generator = zero_weights(words, settings), np.random.default_rng(0)
    for matrix in (weights.input_vectors, weights.output_vectors):
        matrix[:] = generator.normal(size=matrix.shape) * settings.vector_size**-0.5
    return weights


def dyadic_weights(words: int, settings: Settings) -> Weights:
    """Return weights whose scores are all 0 and whose products are exact.

    Input vectors live in the even columns and output vectors in the odd ones, as small multiples of 1/16: every score
    is 0, every derivative +-1/2, and every sum is exact in any order.
    """
    weights, generator = zero_weights(words, settings), np.random.default_rng(0)
    for matrix, columns in ((weights.input_vectors, slice(0, None, 2)), (weights.output_vectors, slice(1, None, 2))):
        matrix[:, columns] = generator.integers(-16, 17, matrix[:, columns].shape) / 16
    return weights
