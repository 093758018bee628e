"""Compiled kernels of the numba engine: draws, and the phases of a batch. Plain loops over caller's arrays.

Kernels validate nothing and allocate nothing; they compile the functions of `objective` and `randomness` instead of
restating them. All kernels live in this one file, because numba's cache does not see edits in an imported one
(for `objective` and `randomness` see `cache`).

A batch passes through phases. Within a phase the work can be split among threads without changing a bit:

    prepare     number the rows that the batch touches, count their terms      (one thread)
    score       the score of every term                                        (split by centres)
    derive      scores into derivatives, and their loss                        (split by term: output, noise 1..K)
    accumulate  add derivative x vector into the rows' sums                    (split by columns)
    descend     move each row once: cap, clip, times rate, subtract            (one thread)
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numba.extending import overload

from fastw2v import objective, randomness
from fastw2v.engines.cache import kernel_cache

def jit(function: Any) -> Any:
    """Declare a kernel: the one place for flags.

    Sums may be reordered and multiply-adds fused, so that loops become vector code; NaN and infinity stay what they
    are.
    """
    flags = {"reassoc", "contract", "nsz", "arcp"}
    with kernel_cache(objective, randomness, __file__) as cached:
        return numba.njit(nogil=True, cache=cached, error_model="numpy", fastmath=flags)(function)


philox = jit(randomness.philox)
score_derivative = jit(objective.score_derivative)
wrong_score = jit(objective.wrong_score)
clip_score = jit(objective.clip_score)
row_rate = jit(objective.row_rate)
clipped_rate = jit(objective.clipped_rate)
exact_sigmoid = jit(objective.sigmoid)


class Task(NamedTuple):
    """What a batch reads: the arrays of `Windows`, with pair_start[i] the number of pairs before centre i."""

    tokens: Any
    first: int
    left: Any
    right: Any
    pair_start: Any
    noise: Any
    per_pair: bool


class Scratch(NamedTuple):
    """What a batch writes on its way; one for each thread that runs whole batches.

    stamp_in, stamp_out: (V,) int32, a row's number in the batch, -1 outside. rows_*: row numbers by that number;
    sums_*: (rows, columns) gradients; terms_*: (rows,) int64. in_slot: by token; centre_slot: by centre; noise_slot:
    by noise word. scores: (1 + K, P), later derivatives. losses: (1 + K,) float64. used: (2,) rows numbered in W_in
    and W_out.
    """

    stamp_in: Any
    stamp_out: Any
    rows_in: Any
    rows_out: Any
    sums_in: Any
    sums_out: Any
    terms_in: Any
    terms_out: Any
    in_slot: Any
    centre_slot: Any
    noise_slot: Any
    scores: Any
    losses: Any
    used: Any


class Limits(NamedTuple):
    """Settings of the arithmetic: sigmoid_clip in the weights' dtype, gradient_clip in float64."""

    sigmoid_clip: Any
    gradient_clip: float


# ---------------------------------------------------------------------------------------------------------- draws


@jit
def draw_range(seed_low, seed_high, epoch, stream, start, out):  # type: ignore[no-untyped-def]
    """Fill out (n,) uint32 with the draws start, start + 1, ...; start is a multiple of 4 and n too."""
    for block in range(len(out) // 4):
        number = np.uint64(start // 4 + block)
        w0, w1, w2, w3 = philox(
            number & randomness.MASK, number >> randomness.HALF, epoch, stream, seed_low, seed_high
        )
        out[4 * block] = w0
        out[4 * block + 1] = w1
        out[4 * block + 2] = w2
        out[4 * block + 3] = w3


@jit
def draw_at(seed_low, seed_high, epoch, stream, counters, repeat, out):  # type: ignore[no-untyped-def]
    """Fill out (n, repeat) uint32: row i holds the draws counters[i] * repeat + 0, 1, ..."""
    for i in range(len(counters)):
        for k in range(repeat):
            number = np.uint64(counters[i] * repeat + k)
            block = number >> np.uint64(2)
            w0, w1, w2, w3 = philox(
                block & randomness.MASK, block >> randomness.HALF, epoch, stream, seed_low, seed_high
            )
            lane = number & np.uint64(3)
            low = w0 if lane == np.uint64(0) else w1
            high = w2 if lane == np.uint64(2) else w3
            out[i, k] = low if lane < np.uint64(2) else high


@jit
def select_kept(drawn, thresholds, ids, start, out):  # type: ignore[no-untyped-def]
    """Write the positions whose draw is below their word's threshold; return how many."""
    kept = 0
    for i in range(len(ids)):
        out[kept] = start + i
        kept += drawn[i] < thresholds[ids[i]]
    return kept


@jit
def to_noise(drawn, thresholds, guide, shift, out):  # type: ignore[no-untyped-def]
    """Turn draws into noise words: the first whose threshold exceeds the draw.

    guide[draw >> shift] is that word for the smallest draw with the same high bits, so few steps are left.
    """
    for i in range(len(drawn)):
        word = guide[drawn[i] >> shift]
        while thresholds[word] <= drawn[i]:
            word += 1
        out[i] = word


# ------------------------------------------------------------------------------------------------------ arithmetic


def sigmoid(score: Any) -> Any:
    """Return sigma(score) for score >= 0: `objective.sigmoid` in float64, a rational function in float32."""
    raise NotImplementedError("compiled only")


@overload(sigmoid, inline="always")
def _overload_sigmoid(score):  # type: ignore[no-untyped-def]
    if score == numba.float32:
        return rational_sigmoid
    return lambda score: exact_sigmoid(score)


def rational_sigmoid(score):  # type: ignore[no-untyped-def]
    """Return 0.5 + 0.5 tanh(score / 2), the tanh as a ratio of polynomials: off by at most 2e-7, and vector code.

    The coefficients are the minimax fit of degree 13 over 6 that Eigen uses for tanh in float32; from the bound on it
    is exactly 1, so that a term with the score -inf has the derivative 0.
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


@jit
def derivatives(scores, label, limit):  # type: ignore[no-untyped-def]
    """Turn scores (n,) of terms with one label into derivatives, in place; return their loss.

    A score of -inf marks a term that does not count: derivative and loss are 0. The logarithm is taken once for
    CHUNK terms, of the product of their sigmas, each of which is at least 1/2.
    """
    loss = 0.0
    for start in range(0, len(scores), CHUNK):
        part = scores[start : start + CHUNK]
        product, wrong = part.dtype.type(1), part.dtype.type(0)
        for i in range(len(part)):
            score = clip_score(part[i], limit)
            certain = sigmoid(abs(score))
            counts = part[i] != -np.inf
            probability = certain if score >= 0 else 1 - certain
            part[i] = score_derivative(probability, label) if counts else part.dtype.type(0)
            product *= certain if counts else part.dtype.type(1)
            wrong += wrong_score(score, label)
        loss += np.float64(wrong) - np.log(np.float64(product))
    return loss


CHUNK = 64


@jit
def number_rows(words, stamp, rows, slots, used):  # type: ignore[no-untyped-def]
    """Write each word's row number in the batch into slots, numbering new rows from `used` on; return how many now."""
    for i in range(len(words)):
        slot = stamp[words[i]]
        if slot < 0:
            slot = used
            stamp[words[i]] = slot
            rows[slot] = words[i]
            used += 1
        slots[i] = slot
    return used


@jit
def prepare(task, scratch):  # type: ignore[no-untyped-def]
    """Number the rows that the batch touches, clear their sums and count their terms."""
    centres = len(task.left)
    words = task.tokens[task.first : task.first + centres]
    noise, noise_slot = task.noise.ravel(), scratch.noise_slot
    used_in = number_rows(task.tokens, scratch.stamp_in, scratch.rows_in, scratch.in_slot, 0)
    used_out = number_rows(words, scratch.stamp_out, scratch.rows_out, scratch.centre_slot, 0)
    used_out = number_rows(noise, scratch.stamp_out, scratch.rows_out, noise_slot, used_out)
    scratch.used[0], scratch.used[1] = used_in, used_out
    scratch.sums_in[:used_in] = 0
    scratch.sums_out[:used_out] = 0
    scratch.terms_in[:used_in] = 0
    scratch.terms_out[:used_out] = 0
    negative = task.noise.shape[1]
    for centre in range(centres):
        at, slot = task.first + centre, scratch.centre_slot[centre]
        first_pair = task.pair_start[centre] - task.pair_start[0]
        pairs = task.pair_start[centre + 1] - task.pair_start[centre]
        scratch.terms_out[slot] += pairs
        for place in range(at - task.left[centre], at + task.right[centre] + 1):
            scratch.terms_in[scratch.in_slot[place]] += place != at
        first_row, rows, weight = (first_pair, pairs, 1) if task.per_pair else (centre, 1, pairs)
        for k in range(first_row * negative, (first_row + rows) * negative):
            if noise_slot[k] != slot:
                scratch.terms_out[noise_slot[k]] += weight


@jit
def score(task, w_in, w_out, scratch, start, stop):  # type: ignore[no-untyped-def]
    """Score the terms of the centres start..stop-1."""
    negative, columns = task.noise.shape[1], w_in.shape[1]
    pair = task.pair_start[start] - task.pair_start[0]
    for centre in range(start, stop):
        at = task.first + centre
        output = task.tokens[at]
        for place in range(at - task.left[centre], at + task.right[centre] + 1):
            if place == at:
                continue
            v_c = w_in[task.tokens[place]]
            noise = task.noise[pair if task.per_pair else centre]
            for k in range(negative + 1):
                word = output if k == 0 else noise[k - 1]
                v_w = w_out[word]
                total = v_c.dtype.type(0)
                for q in range(columns):
                    total += v_c[q] * v_w[q]
                scratch.scores[k, pair] = -np.inf if k > 0 and word == output else total
            pair += 1


@jit
def derive(task, limits, scratch, start, stop):  # type: ignore[no-untyped-def]
    """Turn the scores of the terms start..stop-1 (0: the output, 1..K: noise) into derivatives; leave their losses."""
    one = limits.sigmoid_clip / limits.sigmoid_clip
    pairs = task.pair_start[-1] - task.pair_start[0]
    for k in range(start, stop):
        label = one if k == 0 else one - one
        scratch.losses[k] = derivatives(scratch.scores[k, :pairs], label, limits.sigmoid_clip)


@jit
def batch_loss(scratch):  # type: ignore[no-untyped-def]
    """Return the sum of the losses that `derive` left."""
    return scratch.losses.sum()


@jit
def accumulate(task, w_in, w_out, scratch, low, high):  # type: ignore[no-untyped-def]
    """Add every term's derivative x vector to the sums of its two rows, in the columns low..high-1."""
    negative = task.noise.shape[1]
    pair = 0
    for centre in range(len(task.left)):
        at = task.first + centre
        for place in range(at - task.left[centre], at + task.right[centre] + 1):
            if place == at:
                continue
            v_c = w_in[task.tokens[place], low:high]
            into_in = scratch.sums_in[scratch.in_slot[place], low:high]
            row = pair if task.per_pair else centre
            for k in range(negative + 1):
                slot = scratch.centre_slot[centre] if k == 0 else scratch.noise_slot[row * negative + k - 1]
                v_w = w_out[scratch.rows_out[slot], low:high]
                into_out = scratch.sums_out[slot, low:high]
                derivative = scratch.scores[k, pair]
                for q in range(high - low):
                    into_in[q] += derivative * v_w[q]
                    into_out[q] += derivative * v_c[q]
            pair += 1


@jit
def descend(matrix, rows, sums, terms, rate, limits, start, stop):  # type: ignore[no-untyped-def]
    """Move the rows numbered start..stop-1: capped, clipped, times rate, subtracted."""
    for slot in range(start, stop):
        if terms[slot] == 0:
            continue
        total = sums[slot]
        step = row_rate(rate, terms[slot])
        if limits.gradient_clip > 0:
            norm = 0.0
            for q in range(len(total)):
                norm += np.float64(total[q]) * np.float64(total[q])
            if norm > 0:
                step = clipped_rate(step, rate, np.sqrt(norm), limits.gradient_clip)
        factor = total.dtype.type(step)
        row = matrix[rows[slot]]
        for q in range(len(total)):
            row[q] -= factor * total[q]


@jit
def forget_rows(scratch):  # type: ignore[no-untyped-def]
    """Take back the row numbers of a batch."""
    for slot in range(scratch.used[0]):
        scratch.stamp_in[scratch.rows_in[slot]] = -1
    for slot in range(scratch.used[1]):
        scratch.stamp_out[scratch.rows_out[slot]] = -1


@jit
def sum_batch(task, w_in, w_out, limits, scratch):  # type: ignore[no-untyped-def]
    """Leave the batch's gradients in `scratch`; return its loss."""
    prepare(task, scratch)
    score(task, w_in, w_out, scratch, 0, len(task.left))
    derive(task, limits, scratch, 0, len(scratch.losses))
    accumulate(task, w_in, w_out, scratch, 0, w_in.shape[1])
    return batch_loss(scratch)


@jit
def descend_both(w_in, w_out, rate, limits, scratch):  # type: ignore[no-untyped-def]
    """Move all rows of a batch whose gradients are in `scratch`."""
    descend(w_in, scratch.rows_in, scratch.sums_in, scratch.terms_in, rate, limits, 0, scratch.used[0])
    descend(w_out, scratch.rows_out, scratch.sums_out, scratch.terms_out, rate, limits, 0, scratch.used[1])
    forget_rows(scratch)


@jit
def cut(block, start, stop, reach):  # type: ignore[no-untyped-def]
    """Return the task of the centres start..stop-1 of a block whose windows reach at most `reach` tokens."""
    low = max(0, block.first + start - reach)
    high = min(len(block.tokens), block.first + stop + reach)
    rows = (block.pair_start[start], block.pair_start[stop]) if block.per_pair else (start, stop)
    return Task(
        block.tokens[low:high],
        block.first + start - low,
        block.left[start:stop],
        block.right[start:stop],
        block.pair_start[start : stop + 1],
        block.noise[rows[0] : rows[1]],
        block.per_pair,
    )


@jit
def train(block, w_in, w_out, limits, scratch, batch_size, reach, rates, losses, start, stop):  # type: ignore[no-untyped-def]
    """Do the batches start..stop-1 of a block in order."""
    for batch in range(start, stop):
        task = cut(block, batch * batch_size, min((batch + 1) * batch_size, len(block.left)), reach)
        losses[batch] = sum_batch(task, w_in, w_out, limits, scratch)
        descend_both(w_in, w_out, rates[batch], limits, scratch)
