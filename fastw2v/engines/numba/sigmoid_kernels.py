"""Scores to derivatives and loss, compiled: the logistic functions over rows of terms.

In float32 the sigmoid is a rational function, which is vector code; in float64 it is the objective's own.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba.extending import overload

from fastw2v.jit.compiler import inline_llvm
from fastw2v.objectives import logistic

score_derivative = inline_llvm(logistic.score_derivative)
objective_sigmoid = inline_llvm(logistic.sigmoid)

# Terms whose sigmas are multiplied before the logarithm is taken: each is at least 1/2, so in the dtype the product of
# CHUNK stays above 2**-64, and in float64 that of CHUNKS such products above 2**-960.
CHUNK = 64
CHUNKS = 15


@inline_llvm
def clip_score(score, limit):
    """Do as `logistic.clip_score`: so written, one instruction a bound, with NumPy's minimum and maximum six."""
    return max(min(score, limit), -limit)


@inline_llvm
def wrong_score(score, label):
    """Do as `logistic.wrong_score`; see `clip_score`."""
    return max(score, score - score) - label * score


def sigmoids(score: Any) -> Any:
    """Return sigma(score) and sigma(|score|): the objective's in float64, a rational function in float32."""
    raise NotImplementedError("compiled only")


@overload(sigmoids, inline="always")
def _overload_sigmoids(score):
    return rational_sigmoids if score == numba.float32 else exact_sigmoids


def exact_sigmoids(score):
    """Return both by `logistic.sigmoid`, which is exact enough where its argument is not negative."""
    certain = objective_sigmoid(abs(score))
    return certain if score >= 0 else 1 - certain, certain


def rational_sigmoids(score):
    """Return 0.5 +- 0.5 tanh(score / 2), the tanh as a ratio of polynomials: off by at most 2e-7, and vector code.

    The coefficients are the minimax fit of degree 13 over 6 that Eigen uses for tanh in float32, where it becomes
    exactly 1 at the bound.
    """
    bound = np.float32(7.90531110763549805)
    half = max(min(np.float32(0.5) * score, bound), -bound)
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
    above = np.float32(0.5) * (half * upper / lower)
    return np.float32(0.5) + above, np.float32(0.5) + abs(above)


@inline_llvm
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
            counts, target = some[i] != -np.inf, label[i]
            score = clip_score(some[i], limit)
            probability, certain = sigmoids(score)
            # What does not count is a noise word, whose score, clipped, is not wrong: nothing is added here.
            wrong += wrong_score(score, target)
            chance *= certain if counts else one
            some[i] = factor * score_derivative(probability, target) if counts else zero
        loss += np.float64(wrong)
        product *= np.float64(chance)
        if start // CHUNK % CHUNKS == CHUNKS - 1:
            loss, product = loss - np.log(product), 1.0
    return loss - np.log(product)
