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
from numba.extending import overload, register_jitable

from fastw2v import objective, randomness
from fastw2v.engines import tiles
from fastw2v.engines.cache import kernel_cache
from fastw2v.engines.tiles import CHUNK_BYTES, gradient_tile, score_tile

def jit(function: Any) -> Any:
    """Declare a kernel: the one place for flags.

    Sums may be reordered and multiply-adds fused, so that loops become vector code; NaN and infinity stay what they
    are.
    """
    flags = {"reassoc", "contract", "nsz", "arcp"}
    with kernel_cache(objective, randomness, tiles, __file__) as cached:
        return numba.njit(nogil=True, cache=cached, error_model="numpy", fastmath=flags)(function)


philox = register_jitable(inline="always")(randomness.philox)
score_derivative = jit(objective.score_derivative)
wrong_score = jit(objective.wrong_score)
clip_score = jit(objective.clip_score)
row_rate = jit(objective.row_rate)
clipped_rate = jit(objective.clipped_rate)
exact_sigmoid = jit(objective.sigmoid)


class Task(NamedTuple):
    """What a batch reads: the arrays of `Windows`, with pair_start[i] the number of pairs before centre i.

    group: a tuple as long as the groups that the 1 + K terms are worked in; the length is known when compiling.
    """

    tokens: Any
    first: int
    left: Any
    right: Any
    pair_start: Any
    noise: Any
    per_pair: bool
    group: Any


class Places(NamedTuple):
    """Addresses of the blocks that the tiles work on, and their measures: plain integers, which cost no counting of
    references in the inner loops (that took as long as the arithmetic). unit: a 1 of the dtype.
    """

    unit: Any
    vectors_in: Any
    vectors_out: Any
    sums_in: Any
    sums_out: Any
    scores: Any
    term_slots: Any
    row_bytes: Any
    item_bytes: Any


class Scratch(NamedTuple):
    """What a batch writes on its way; one for each thread that runs whole batches.

    stamp_in, stamp_out: (V,) int32, a row's number in the batch, -1 outside. rows_*: row numbers by that number;
    vectors_*, sums_*: (rows, columns), the rows before the batch and their gradients; the out blocks end with a blank
    row. terms_*: (rows,) int64. in_slot: row numbers by token; term_slots: (noise rows, 1 + K up to whole groups)
    int32. scores: (1 + K up to whole groups, P), later derivatives. losses: (1 + K,) float64. used: (2,) rows
    numbered in W_in and W_out.
    """

    stamp_in: Any
    stamp_out: Any
    rows_in: Any
    rows_out: Any
    vectors_in: Any
    vectors_out: Any
    sums_in: Any
    sums_out: Any
    terms_in: Any
    terms_out: Any
    in_slot: Any
    term_slots: Any
    scores: Any
    losses: Any
    used: Any
    places: Any


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
def draw_blocks(seed_low, seed_high, epoch, stream, counters, repeat, words):  # type: ignore[no-untyped-def]
    """Fill words (blocks, 4, n) uint32 with the blocks that hold the draws counters[i] * repeat + 0, 1, ...

    Word by word over all counters, so that the loop becomes vector code: it took a fifth of the time of one draw
    after another.
    """
    for j in range(words.shape[0]):
        words0, words1, words2, words3 = words[j, 0], words[j, 1], words[j, 2], words[j, 3]
        for i in range(len(counters)):
            block = np.uint64((counters[i] * repeat >> 2) + j)
            w0, w1, w2, w3 = philox(
                block & randomness.MASK, block >> randomness.HALF, epoch, stream, seed_low, seed_high
            )
            words0[i] = w0
            words1[i] = w1
            words2[i] = w2
            words3[i] = w3


@jit
def drawn_at(words, counters, repeat, i, k):  # type: ignore[no-untyped-def]
    """Return the draw counters[i] * repeat + k out of the blocks that `draw_blocks` left."""
    first = counters[i] * repeat
    return words[((first + k) >> 2) - (first >> 2), (first + k) & 3, i]


@jit
def to_radius(words, counters, window, out):  # type: ignore[no-untyped-def]
    """Turn draws into radii 1..window."""
    for i in range(len(counters)):
        out[i] = 1 + (np.uint64(drawn_at(words, counters, 1, i, 0)) * np.uint64(window) >> np.uint64(32))


@jit
def select_kept(drawn, thresholds, ids, start, out):  # type: ignore[no-untyped-def]
    """Write the positions whose draw is below their word's threshold; return how many."""
    kept = 0
    for i in range(len(ids)):
        out[kept] = start + i
        kept += drawn[i] < thresholds[ids[i]]
    return kept


@jit
def to_noise(words, counters, thresholds, guide, shift, out):  # type: ignore[no-untyped-def]
    """Turn draws into noise words, out (n, K): the first word whose threshold exceeds the draw.

    guide[draw >> shift] is that word for the smallest draw with the same high bits, so few steps are left.
    """
    for i in range(out.shape[0]):
        for k in range(out.shape[1]):
            drawn = drawn_at(words, counters, out.shape[1], i, k)
            word = guide[drawn >> shift]
            while thresholds[word] <= drawn:
                word += 1
            out[i, k] = word


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
def number_row(word, stamp, rows, used):  # type: ignore[no-untyped-def]
    """Return the word's row number in the batch and how many numbers are used now.

    Without a branch, which would be mispredicted every second time; so rows has one place more than it needs.
    """
    slot = stamp[word]
    rows[used] = word
    new = slot < 0
    slot = used if new else slot
    stamp[word] = slot
    return slot, used + new


@jit
def number_inputs(tokens, stamp, rows, slots):  # type: ignore[no-untyped-def]
    """Number the rows of W_in by token; return how many there are."""
    used = 0
    for i in range(len(tokens)):
        slots[i], used = number_row(tokens[i], stamp, rows, used)
    return used


@jit
def number_outputs(task, stamp, rows, slots):  # type: ignore[no-untyped-def]
    """Number the rows of W_out by noise row: the output, then the noise words; return how many there are."""
    noise, tokens, pair_start = task.noise, task.tokens, task.pair_start
    negative, used = noise.shape[1], 0
    for centre in range(len(task.left)):
        first, stop = noise_rows(pair_start, task.per_pair, centre)
        output, used = number_row(tokens[task.first + centre], stamp, rows, used)
        for row in range(first, stop):
            slots[row, 0] = output
            for k in range(negative):
                slots[row, 1 + k], used = number_row(noise[row, k], stamp, rows, used)
            # The rest of the last group: a blank row, which comes after all rows that are used.
            for k in range(1 + negative, slots.shape[1]):
                slots[row, k] = len(rows) - 1
    return used


@jit
def noise_rows(pair_start, per_pair, centre):  # type: ignore[no-untyped-def]
    """Return the first row of the centre's noise words and the one after its last."""
    start, stop = pair_start[centre] - pair_start[0], pair_start[centre + 1] - pair_start[0]
    return (start, stop) if per_pair else (centre, centre + 1)


@jit
def count_terms(task, in_slot, term_slots, terms_in, terms_out):  # type: ignore[no-untyped-def]
    """Count the terms of every row: pairs for an input row, output and counted noise terms for an output row."""
    left, right, pair_start, negative = task.left, task.right, task.pair_start, task.noise.shape[1]
    terms_in[:] = 0
    terms_out[:] = 0
    for centre in range(len(left)):
        at = task.first + centre
        for place in range(at - left[centre], at + right[centre] + 1):
            terms_in[in_slot[place]] += place != at
        first, stop = noise_rows(pair_start, task.per_pair, centre)
        weight = 1 if task.per_pair else pair_start[centre + 1] - pair_start[centre]
        for row in range(first, stop):
            output = term_slots[row, 0]
            terms_out[output] += weight
            for k in range(1, 1 + negative):
                slot = term_slots[row, k]
                terms_out[slot] += weight if slot != output else 0


@jit
def copy_rows(matrix, rows, vectors, sums):  # type: ignore[no-untyped-def]
    """Copy the numbered rows into one block and clear their sums.

    The rows lie scattered; copied together, their cache misses overlap, and the tiles then work within the cache.
    """
    for slot in range(len(rows)):
        row = matrix[rows[slot]]
        for q in range(matrix.shape[1]):
            vectors[slot, q] = row[q]
            sums[slot, q] = 0


@jit
def prepare(task, w_in, w_out, scratch):  # type: ignore[no-untyped-def]
    """Number the rows that the batch touches, count their terms, copy them and clear their sums."""
    used_in = number_inputs(task.tokens, scratch.stamp_in, scratch.rows_in, scratch.in_slot)
    used_out = number_outputs(task, scratch.stamp_out, scratch.rows_out, scratch.term_slots)
    scratch.used[0], scratch.used[1] = used_in, used_out
    terms_in, terms_out = scratch.terms_in[:used_in], scratch.terms_out[:used_out]
    count_terms(task, scratch.in_slot, scratch.term_slots, terms_in, terms_out)
    copy_rows(w_in, scratch.rows_in[:used_in], scratch.vectors_in, scratch.sums_in)
    copy_rows(w_out, scratch.rows_out[:used_out], scratch.vectors_out, scratch.sums_out)


@jit
def context_slot(task, in_slot, centre, pair):  # type: ignore[no-untyped-def]
    """Return the row number of the centre's context number `pair`: those on the left come first."""
    place = task.first + centre - task.left[centre] + pair
    return np.intp(in_slot[place if pair < task.left[centre] else place + 1])


@jit
def score(task, scratch, start, stop):  # type: ignore[no-untyped-def]
    """Score the terms of the centres start..stop-1."""
    at, group, step = scratch.places, task.group, 1 if task.per_pair else 2
    size, stride = len(group), np.intp(scratch.scores.shape[1])
    for centre in range(start, stop):
        first_pair = task.pair_start[centre] - task.pair_start[0]
        pairs = task.pair_start[centre + 1] - task.pair_start[centre]
        for k in range(0, scratch.term_slots.shape[1], size):
            for pair in range(0, pairs, step):
                terms = terms_place(at, scratch.term_slots, first_pair + pair if task.per_pair else centre, k)
                out = at.scores + (k * stride + first_pair + pair) * at.item_bytes
                a = context_slot(task, scratch.in_slot, centre, pair)
                if step == 2 and pair + 1 < pairs:
                    b = context_slot(task, scratch.in_slot, centre, pair + 1)
                    score_tile(
                        at.unit, group, (a, b), terms, out, stride, at.vectors_in, at.vectors_out, at.row_bytes
                    )
                else:
                    score_tile(
                        at.unit, group, (a,), terms, out, stride, at.vectors_in, at.vectors_out, at.row_bytes
                    )
        forget_skipped(task, scratch.scores, centre, first_pair, pairs)


@jit
def terms_place(at, term_slots, row, k):  # type: ignore[no-untyped-def]
    """Return the address of a row's term numbers, from term k on."""
    return at.term_slots + np.intp(row * term_slots.shape[1] + k) * np.intp(term_slots.itemsize)


@jit
def forget_skipped(task, scores, centre, first_pair, pairs):  # type: ignore[no-untyped-def]
    """Mark the scores of noise words equal to the output as not counting."""
    output = task.tokens[task.first + centre]
    first, stop = noise_rows(task.pair_start, task.per_pair, centre)
    for row in range(first, stop):
        for k in range(task.noise.shape[1]):
            if task.noise[row, k] == output:
                low, high = (row, row + 1) if task.per_pair else (first_pair, first_pair + pairs)
                scores[k + 1, low:high] = -np.inf


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
def accumulate(task, scratch, low, high):  # type: ignore[no-untyped-def]
    """Add every term's derivative x vector to the sums of its two rows, in the chunks low..high-1 of a row."""
    at, group = scratch.places, task.group
    size, stride = len(group), np.intp(scratch.scores.shape[1])
    for centre in range(len(task.left)):
        first_pair = task.pair_start[centre] - task.pair_start[0]
        pairs = task.pair_start[centre + 1] - task.pair_start[centre]
        for k in range(0, scratch.term_slots.shape[1], size):
            pair = 0
            while pair < pairs:
                terms = terms_place(at, scratch.term_slots, first_pair + pair if task.per_pair else centre, k)
                out = at.scores + (k * stride + first_pair + pair) * at.item_bytes
                a = context_slot(task, scratch.in_slot, centre, pair)
                b = a if task.per_pair or pair + 1 == pairs else context_slot(task, scratch.in_slot, centre, pair + 1)
                # A tile reads the sums of both contexts before it writes either, so a word that repeats goes alone.
                if a != b:
                    gradient_tile(
                        at.unit, group, (a, b), terms, out, stride, at.vectors_in, at.vectors_out, at.sums_in,
                        at.sums_out, at.row_bytes, low, high,
                    )  # fmt: skip
                    pair += 2
                else:
                    gradient_tile(
                        at.unit, group, (a,), terms, out, stride, at.vectors_in, at.vectors_out, at.sums_in,
                        at.sums_out, at.row_bytes, low, high,
                    )  # fmt: skip
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
    prepare(task, w_in, w_out, scratch)
    score(task, scratch, 0, len(task.left))
    derive(task, limits, scratch, 0, len(scratch.losses))
    accumulate(task, scratch, np.intp(0), np.intp(w_in.strides[0] // CHUNK_BYTES))
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
        block.group,
    )


@jit
def train(block, w_in, w_out, limits, scratch, batch_size, reach, rates, losses, start, stop):  # type: ignore[no-untyped-def]
    """Do the batches start..stop-1 of a block in order."""
    for batch in range(start, stop):
        task = cut(block, batch * batch_size, min((batch + 1) * batch_size, len(block.left)), reach)
        losses[batch] = sum_batch(task, w_in, w_out, limits, scratch)
        descend_both(w_in, w_out, rates[batch], limits, scratch)
