"""The logistic loss of a term, its derivative and the step, stated once; shown for negative sampling.

For a pair with input vector v_c, output vector v_o and noise vectors v_nk (Mikolov et al. 2013, equation 4):

    s_o = v_c . v_o      s_k = v_c . v_nk      sigma(x) = 1 / (1 + exp(-x)),  x clipped to +-limit
    L = -log sigma(s_o) - sum_k log(1 - sigma(s_k))
    dL/ds_o = sigma(s_o) - 1      dL/ds_k = sigma(s_k)

so one term with a label (1 for the output word, 0 for a noise word) has the derivative sigma(s) - label. Every
engine calls these functions on NumPy values or compiles them; they take scalars and arrays alike. Only `clip_score` and
`wrong_score` are stated again for compiling (`engines.numba.sigmoid_kernels`), so that they become fewer instructions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# A row that n terms pull on moves at most at the rate STEP_LIMIT / n: gradients are summed at the weights before the
# batch, and where rate * n * |v|^2 / 4 nears 2 the sum overshoots and training diverges.
STEP_LIMIT = 1.6


def clip_score(score: Any, limit: Any) -> Any:
    """Return the score within +-limit; NaN stays NaN, so that it is noticed."""
    return np.minimum(np.maximum(score, -limit), limit)


def sigmoid(score: Any) -> Any:
    """Return 1 / (1 + exp(-score)), in the score's dtype; the score is clipped already, exp cannot overflow."""
    return 1 / (1 + np.exp(-score))


def score_derivative(probability: Any, label: Any) -> Any:
    """Return dL/ds of a term, given sigma(s)."""
    return probability - label


def wrong_score(score: Any, label: Any) -> Any:
    """Return how far the score lies on the wrong side: max(s, 0) - label s, which is max(-s, 0) for label 1."""
    # s - s: a zero of the score's own dtype; compiled code would go over to float64 with a plain 0.
    return np.maximum(score, score - score) - label * score


def term_loss(score: Any, label: Any) -> Any:
    """Return -log sigma(s) for label 1 and -log(1 - sigma(s)) for label 0.

    Both are max(x, 0) - log sigma(|x|) with x = -s or s, which neither overflows nor loses digits.
    """
    return wrong_score(score, label) - np.log(sigmoid(np.abs(score)))


def racing_noise(expected: Any, racing: int) -> Any:
    """Return how many noise terms of the other threads' batches pull on a row, with `racing` threads and no locks.

    A racing thread's step arrives up to racing - 1 steps of the others after the weights that it was computed at.
    Gradient descent whose gradients are tau steps old is stable up to 2 sin(pi / (4 tau + 2)) over the curvature, not 2
    (Levin & May 1976, "A note on difference-delay equations"): close to 1 / racing of it. So the step limit holds for
    the terms of `racing` batches together. Of pairs, a batch's own are counted `racing` times, as text repeats itself
    from one batch to the next; noise words are independent draws: `expected` is how many terms a batch has of a word.
    Undivided, 49 of 52 runs on skewed corpora ended as NaN or far above one worker's loss. With noise words divided as
    pairs are, those drawn once moved less than with one worker, and the vectors of Wikipedia were worse.
    """
    return (racing - 1) * expected


def row_rate(rate: Any, terms: Any, limit: Any = STEP_LIMIT) -> Any:
    """Return the learning rate of a row that `terms` terms (n >= 1) pull on: rate, but at most limit / n."""
    return np.minimum(rate, limit / terms)


def clipped_rate(capped: Any, rate: Any, norm: Any, gradient_clip: Any) -> Any:
    """Return the rate of a row whose summed gradient has the L2 norm `norm` (> 0), with gradient clipping.

    `capped` is its `row_rate`. After the cap the gradient has the norm norm * capped / rate; clipping shortens it to
    `gradient_clip`, so the step is never longer than rate * gradient_clip.
    """
    return np.minimum(capped, rate * gradient_clip / norm)
