"""Batches and weights made to try engines on: everything repeats, and, with dyadic weights, every sum is exact."""

from __future__ import annotations

import numpy as np

from fastw2v.batches.windows import SHARERS, Windows, group_noise
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.settings import Settings


def duplicates_batch(settings: Settings, centres: int = 24, reach: int = 2) -> Windows:
    """Return a batch over seven words in which everything repeats.

    Words repeat inside a window, noise words are drawn twice, are equal to the output, or both.
    """
    generator = np.random.default_rng(0)
    tokens = generator.integers(0, 7, centres).astype(np.int32)
    tokens[3:6] = tokens[3]
    index = np.arange(centres)
    left, right = (np.minimum(reach, inside).astype(np.int32) for inside in (index, centres - 1 - index))
    per_pair = settings.noise == "per-pair"
    rows, noise_of = int((left + right).sum()) if per_pair else centres, None
    if settings.noise == "grouped":
        own, noise_of = group_noise(centres, centres, SHARERS)
        rows = int(own.sum())
    noise = generator.integers(0, 7, (rows, settings.negative)).astype(np.int32)
    noise[: rows // 2, -1] = noise[: rows // 2, 0]
    noise[0, :] = tokens[0]
    return Windows(tokens, 0, left, right, noise, index, per_pair, noise_of)


def random_weights(words: int, settings: Settings) -> Weights:
    """Return weights with both matrices far from zero."""
    weights, generator = initial_weights(words, settings), np.random.default_rng(0)
    shape, scale = (words, settings.vector_size), settings.vector_size**-0.5
    weights.input_vectors[:] = generator.normal(size=shape) * scale
    weights.output_vectors[:] = generator.normal(size=shape) * scale
    return weights


def dyadic_weights(words: int, settings: Settings) -> Weights:
    """Return weights whose scores are all 0 and whose products are exact.

    Input vectors live in the even columns and output vectors in the odd ones, as small multiples of 1/16: every score
    is 0, every derivative +-1/2, and every sum is exact in any order.
    """
    weights, generator = initial_weights(words, settings), np.random.default_rng(0)
    weights.w_in[:] = 0
    for matrix, columns in ((weights.input_vectors, slice(0, None, 2)), (weights.output_vectors, slice(1, None, 2))):
        matrix[:, columns] = generator.integers(-16, 17, matrix[:, columns].shape) / 16
    return weights
