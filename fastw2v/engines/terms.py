"""Scores into derivatives and loss, compiled: the objective's functions over whole rows of terms.

In float32 the sigmoid is a rational function, which is vector code; in float64 it is the objective's own.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba.extending import overload

from fastw2v import objective
from fastw2v.engines.jit import jit, part

score_derivative = jit(objective.score_derivative)
wrong_score = jit(objective.wrong_score)
clip_score = jit(objective.clip_score)
exact_sigmoid = jit(objective.sigmoid)

# Terms whose sigmas are multiplied before the logarithm is taken: each is at least 1/2, so in the dtype the product of
# CHUNK stays above 2**-64, and in float64 that of CHUNKS such products above 2**-960.
CHUNK = 64
CHUNKS = 15


def sigmoid(score: Any) -> Any:
    """Return sigma(score) for score >= 0: `objective.sigmoid` in float64, a rational function in float32."""
    raise NotImplementedError("compiled only")


@overload(sigmoid, inline="always")
def _overload_sigmoid(score):
    if score == numba.float32:
        return rational_sigmoid
    return lambda score: exact_sigmoid(score)


def rational_sigmoid(score):
    """Return 0.5 + 0.5 tanh(score / 2), the tanh as a ratio of polynomials: off by at most 2e-7, and vector code.

    The coefficients are the minimax fit of degree 13 over 6 that Eigen uses for tanh in float32, where it becomes
    exactly 1 at the bound.
    """
    half = min(np.float32(0.5) * score, np.float32(7.90531110763549805))
    square = half * half
    upper = np.float32(-2.76076847742355e-16)
    upper = upper * square + np.float32(2.00018790482477e-13)
    upper = upper * square + np.float32(-8.60467152213735e-11)
    upper = upper * square + np.float32(5.12229709037114e-08)
    upper = upper * square + np.float32(1.48572235717979e-05)
    upper = upper * square + np.float32(6.37261928875436e-04)
    upper = upper * square + np.float32(4.89352455891786e-03)
    lower = np.float32(1.19825839466702e-06)
    lower = lower * square + np.float32(1.18534705686654e-04)
    lower = lower * square + np.float32(2.26843463243900e-03)
    lower = lower * square + np.float32(4.89352518554385e-03)
    return np.float32(0.5) + np.float32(0.5) * (half * upper / lower)


@part
def derivatives(scores, labels, limit, factor):
    """Turn scores (n,) into factor x derivatives, in place; return the loss. labels: (>= n,), 1 or 0.

    A score of -inf marks a term that does not count: derivative and loss are 0.
    """
    # Constants of the scores' dtype: with plain ones, compiled code goes over to float64 and back.
    zero, one = scores.dtype.type(0), scores.dtype.type(1)
    loss, product = 0.0, 1.0
    for start in range(0, len(scores), CHUNK):
        some, label = scores[start : start + CHUNK], labels[start : start + CHUNK]
        chance, wrong = one, zero
        for i in range(len(some)):
            score = clip_score(some[i], limit)
            certain = sigmoid(abs(score))
            counts = some[i] != -np.inf
            probability = certain if score >= zero else one - certain
            wrong += wrong_score(score, label[i]) if counts else zero
            chance *= certain if counts else one
            some[i] = factor * score_derivative(probability, label[i]) if counts else zero
        loss += np.float64(wrong)
        product *= np.float64(chance)
        if start // CHUNK % CHUNKS == CHUNKS - 1:
            loss, product = loss - np.log(product), 1.0
    return loss - np.log(product)
