"""Compiled kernels of the numba engine: the phases of a batch, over the caller's arrays.

Kernels validate nothing and allocate nothing; they compile the functions of `objective` instead of restating them.

A batch passes through phases. Within a phase the work can be split among threads without changing a bit:

    number      number the rows that the batch touches, count their terms      (one thread)
    copy        copy those rows into blocks                                    (split by rows)
    score       the score of every term                                        (split by centres)
    derive      scores into derivatives, and their loss                        (split by term: output, noise 1..K)
    accumulate  add derivative x vector into the rows' sums                    (split by columns)
    descend     move each row once: cap, clip, times rate, subtract            (split by rows)
"""

from __future__ import annotations

import numpy as np

from fastw2v import objective
from fastw2v.engines.jit import jit
from fastw2v.engines.layout import Task
from fastw2v.engines.terms import derivatives
from fastw2v.engines.tiles import CHUNK_BYTES, gradient_tile, score_tile

row_rate = jit(objective.row_rate)
clipped_rate = jit(objective.clipped_rate)


@jit
def number_row(word, stamp, rows, used):
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
def number_inputs(tokens, stamp, rows, slots):
    """Number the rows of W_in by token; return how many there are."""
    used = 0
    for i in range(len(tokens)):
        slots[i], used = number_row(tokens[i], stamp, rows, used)
    return used


@jit
def number_outputs(task, stamp, rows, slots):
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
def noise_rows(pair_start, per_pair, centre):
    """Return the first row of the centre's noise words and the one after its last."""
    start, stop = pair_start[centre] - pair_start[0], pair_start[centre + 1] - pair_start[0]
    return (start, stop) if per_pair else (centre, centre + 1)


@jit
def count_terms(task, in_slot, term_slots, terms_in, terms_out):
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
def copy_rows(matrix, rows, vectors, sums, start, stop):
    """Copy the rows numbered start..stop-1 into one block and clear their sums.

    The rows lie scattered; copied together, their cache misses overlap, and the tiles then work within the cache.
    """
    for slot in range(start, stop):
        row = matrix[rows[slot]]
        for q in range(matrix.shape[1]):
            vectors[slot, q] = row[q]
            sums[slot, q] = 0


@jit
def number(task, scratch):
    """Number the rows that the batch touches and count their terms."""
    used_in = number_inputs(task.tokens, scratch.stamp_in, scratch.rows_in, scratch.in_slot)
    used_out = number_outputs(task, scratch.stamp_out, scratch.rows_out, scratch.term_slots)
    scratch.used[0], scratch.used[1] = used_in, used_out
    terms_in, terms_out = scratch.terms_in[:used_in], scratch.terms_out[:used_out]
    count_terms(task, scratch.in_slot, scratch.term_slots, terms_in, terms_out)


@jit
def copy(w_in, w_out, scratch, start, stop):
    """Copy the rows start..stop-1 of all that are numbered, those of W_in first."""
    used = scratch.used[0]
    copy_rows(w_in, scratch.rows_in, scratch.vectors_in, scratch.sums_in, min(start, used), min(stop, used))
    start, stop = max(start - used, 0), max(stop - used, 0)
    copy_rows(w_out, scratch.rows_out, scratch.vectors_out, scratch.sums_out, start, stop)


@jit
def context_slot(task, in_slot, centre, pair):
    """Return the row number of the centre's context number `pair`: those on the left come first."""
    place = task.first + centre - task.left[centre] + pair
    return np.intp(in_slot[place if pair < task.left[centre] else place + 1])


@jit
def score(task, scratch, start, stop):
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
                    score_tile(at.unit, group, (a, b), terms, out, stride, at.vectors_in, at.vectors_out, at.row_bytes)
                else:
                    score_tile(at.unit, group, (a,), terms, out, stride, at.vectors_in, at.vectors_out, at.row_bytes)
        forget_skipped(task, scratch.scores, centre, first_pair, pairs)


@jit
def terms_place(at, term_slots, row, k):
    """Return the address of a row's term numbers, from term k on."""
    return at.term_slots + np.intp(row * term_slots.shape[1] + k) * np.intp(term_slots.itemsize)


@jit
def forget_skipped(task, scores, centre, first_pair, pairs):
    """Mark the scores of noise words equal to the output as not counting."""
    output = task.tokens[task.first + centre]
    first, stop = noise_rows(task.pair_start, task.per_pair, centre)
    for row in range(first, stop):
        for k in range(task.noise.shape[1]):
            if task.noise[row, k] == output:
                low, high = (row, row + 1) if task.per_pair else (first_pair, first_pair + pairs)
                scores[k + 1, low:high] = -np.inf


@jit
def derive(task, limits, scratch, start, stop):
    """Turn the scores of the terms start..stop-1 (0: the output, 1..K: noise) into derivatives; leave their losses."""
    one = limits.sigmoid_clip / limits.sigmoid_clip
    pairs = task.pair_start[-1] - task.pair_start[0]
    for k in range(start, stop):
        label = one if k == 0 else one - one
        scratch.losses[k] = derivatives(scratch.scores[k, :pairs], label, limits.sigmoid_clip)


@jit
def batch_loss(scratch):
    """Return the sum of the losses that `derive` left."""
    return scratch.losses.sum()


@jit
def accumulate(task, scratch, low, high):
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
def descend_rows(matrix, rows, sums, terms, rate, limit, limits, start, stop):
    """Move the rows numbered start..stop-1: capped, clipped, times rate, subtracted."""
    for slot in range(start, stop):
        if terms[slot] == 0:
            continue
        total = sums[slot]
        step = row_rate(rate, terms[slot], limit)
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
def descend(w_in, w_out, rate, limits, scratch, start, stop):
    """Move the rows start..stop-1 of all that are numbered, those of W_in first."""
    used = scratch.used[0]
    low, high = min(start, used), min(stop, used)
    descend_rows(w_in, scratch.rows_in, scratch.sums_in, scratch.terms_in, rate, limits.step_in, limits, low, high)
    low, high = max(start - used, 0), max(stop - used, 0)
    descend_rows(w_out, scratch.rows_out, scratch.sums_out, scratch.terms_out, rate, limits.step_out, limits, low, high)


@jit
def forget_rows(scratch):
    """Take back the row numbers of a batch."""
    for slot in range(scratch.used[0]):
        scratch.stamp_in[scratch.rows_in[slot]] = -1
    for slot in range(scratch.used[1]):
        scratch.stamp_out[scratch.rows_out[slot]] = -1


@jit
def sum_batch(task, w_in, w_out, limits, scratch):
    """Leave the batch's gradients in `scratch`; return its loss."""
    number(task, scratch)
    copy(w_in, w_out, scratch, 0, scratch.used.sum())
    score(task, scratch, 0, len(task.left))
    derive(task, limits, scratch, 0, len(scratch.losses))
    accumulate(task, scratch, np.intp(0), np.intp(w_in.strides[0] // CHUNK_BYTES))
    return batch_loss(scratch)


@jit
def cut(block, start, stop, reach):
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
def train(block, w_in, w_out, limits, scratch, batch_size, reach, rates, losses, start, stop):
    """Do the batches start..stop-1 of a block in order."""
    for batch in range(start, stop):
        task = cut(block, batch * batch_size, min((batch + 1) * batch_size, len(block.left)), reach)
        losses[batch] = sum_batch(task, w_in, w_out, limits, scratch)
        descend(w_in, w_out, rates[batch], limits, scratch, 0, scratch.used.sum())
        forget_rows(scratch)
