"""Compiled kernels of the numba engine: train on a batch, over the caller's arrays.

Kernels validate nothing and allocate nothing. They compile the functions of `logistic` instead of restating them,
except for two in `sigmoid_kernels`, which tests compare with those of `logistic`.

`numbering` first gives each row that a batch touches a number within the batch. Then the batch passes through phases:

    place       decide where each row is read from and added to; copy those that stay as they are (`row_kernels`)
    score       the score of every term
    derivatives scores into derivatives times the rate, and their loss
    accumulate  add derivative x vector to the rows
    finish      move the rows whose sum had to be known first: capped or clipped (`row_kernels`)

All gradients are taken at the weights before the batch. So rows that are updated in place are read from copies. The
exception is W_out with per-pair noise: W_in is updated first, and when W_out is updated, it is no longer read. Rows
whose step is capped or clipped are summed in a separate buffer first, and need no copy.

Every phase but `derivatives`, which needs whole scores, works on each column independently. So two threads can share a
batch, each with its own columns: the cores exchange partial scores, never rows.
"""

from __future__ import annotations

import numpy as np

from fastw2v.engines.numba.barrier import barrier_wait
from fastw2v.engines.numba.numbering import windows_of
from fastw2v.engines.numba.row_kernels import finish, place, prefetch_some
from fastw2v.engines.numba.scratch import Task
from fastw2v.engines.numba.sigmoid_kernels import derivatives
from fastw2v.engines.numba.tiles import clear_row, pull_row, score_tile, window_tile
from fastw2v.jit.compiler import callee, inline_llvm, inline_source, jit

# With per-pair noise, rows of W_out are prefetched this many pairs ahead if a batch has more than NEAR_BYTES of them,
# which is about an L2 cache: 1.1 times as fast with 50,000 words; with 5,000 it would take 5 % more time.
PAIRS_AHEAD = 32
NEAR_BYTES = 1 << 20


@inline_llvm
def repeats_of(task, numbers):
    """Return the places of the batch's repeated terms in `Numbers.repeats`."""
    first = task.first_window * (numbers.terms.shape[1] - 1)
    return range(first, first + numbers.used[task.batch, 2])


@inline_llvm
def repeat_of(numbers, i):
    """Return a repeated term: its window, the index of its first occurrence, the index of the repeat."""
    return np.uintp(numbers.repeats[i, 0]), np.uintp(numbers.repeats[i, 1]), np.uintp(numbers.repeats[i, 2])


@inline_llvm
def terms_of(block, task, numbers, window):
    """Return the places of the first terms of a window's pairs among the batch's terms."""
    count = numbers.terms.shape[1]
    start, stop = block.window_start[window] - task.first_pair, block.window_start[window + 1] - task.first_pair
    return range(np.uintp(start * count), np.uintp(stop * count), np.uintp(count))


@inline_source
def task_of(block, batch_size, batch, coming):
    """Return the bounds of a batch in its block; coming: the index of the next batch, whose rows are prefetched."""
    start, stop = batch * batch_size, min((batch + 1) * batch_size, len(block.left))
    first_pair = block.pair_start[start]
    first_window, last_window = windows_of(block, start, stop)
    terms = (block.pair_start[stop] - first_pair) * (1 + block.noise.shape[1])
    return Task(batch, coming, first_window, last_window, first_pair, terms)


@inline_llvm
def score_pair(groups, pair, contexts, terms, scores, at):
    """Write the scores of one or two pairs of a window; `pair` is a tuple with one item for each pair."""
    larger, smaller, count = groups
    k = 0
    for _ in range(count):
        score_tile(
            at.unit, larger, pair, contexts, terms + 4 * k, at.from_in, at.from_out, scores + k * at.item_bytes,
            at.terms_each, at.low, at.middle, at.high, at.half,
        )  # fmt: skip
        k += len(larger)
    while k < at.terms_each:
        score_tile(
            at.unit, smaller, pair, contexts, terms + 4 * k, at.from_in, at.from_out, scores + k * at.item_bytes,
            at.terms_each, at.low, at.middle, at.high, at.half,
        )  # fmt: skip
        k += len(smaller)


@callee
def score(block, task, numbers, at, scores, out):
    """Write the batch's scores, or this thread's columns' part of them, to `scores`, whose address is `out`."""
    start, groups = block.window_start, block.groups
    # With per-pair noise nearly every pair uses new rows, in the order of their numbers: prefetch them in that order.
    rows = numbers.rows_out[task.batch, : numbers.used[task.batch, 1]]
    many = block.per_pair and len(rows) * at.row_bytes > NEAR_BYTES
    some = -(-len(rows) // (task.last_window - task.first_window)) if many else 0
    for window in range(task.first_window, task.last_window):
        prefetch_some(rows, at.w_out, at, (window - task.first_window + PAIRS_AHEAD) * some, some)
        pair, stop = start[window], start[window + 1]
        terms = at.terms + 4 * at.terms_each * window
        while pair < stop:
            place = out + (pair - task.first_pair) * at.terms_each * at.item_bytes
            if pair + 1 < stop:
                score_pair(groups, (0, 0), at.contexts + 4 * pair, terms, place, at)
            else:
                score_pair(groups, (0,), at.contexts + 4 * pair, terms, place, at)
            pair += 2
    forget_skipped(block, task, numbers, scores)


@callee
def forget_skipped(block, task, numbers, scores):
    """Set the scores of noise words that equal the output word to -inf, so that they do not count."""
    for i in repeats_of(task, numbers):
        window, earlier, k = repeat_of(numbers, i)
        if earlier == 0:
            for term in terms_of(block, task, numbers, window):
                scores[term + k] = -np.inf


@callee
def merge_repeated(block, task, numbers, scratch, at):
    """Merge repeated terms of a window: add their factors to the first occurrence; the repeats become the zero row.

    A tile keeps its terms' sums in registers, so its terms must be different rows. Handling the terms of such windows
    one at a time instead was 4 % slower on stories, where one window in 25 has a repeat.
    """
    zeros = numbers.rows_out.shape[1] - 1  # no row of a batch has this number; the same for all threads
    scratch.from_out[zeros] = scratch.into_out[zeros] = at.vectors_out + zeros * at.row_bytes
    clear_row(at.unit, at.vectors_out + zeros * at.row_bytes, at.low, at.high)
    for i in repeats_of(task, numbers):
        window, earlier, k = repeat_of(numbers, i)
        numbers.terms[window, k] = zeros
        for term in terms_of(block, task, numbers, window):
            scratch.factors[term + earlier] += scratch.factors[term + k]
            scratch.factors[term + k] = 0


@inline_llvm
def window_group(group, pairs, contexts, terms, factors, at):
    """Add the updates between all contexts of a window and a group of its terms."""
    window_tile(
        at.unit, group, pairs, contexts, terms, at.from_in, at.from_out, at.into_in, at.into_out, factors,
        at.terms_each, at.low, at.high, at.half,
    )  # fmt: skip


@callee
def accumulate(block, task, numbers, at):
    """Add every term's factor x vector to its two rows; meanwhile prefetch the rows of the next batch.

    This phase computes most and loads least. On text with 50,000 words, prefetching saved a fifth of the time.
    """
    larger, smaller, count = block.groups
    start = block.window_start
    next_in = numbers.rows_in[task.coming, : numbers.used[task.coming, 0]]
    next_out = numbers.rows_out[task.coming, : numbers.used[task.coming, 1]]
    windows = max(1, task.last_window - task.first_window)
    # Rows to prefetch per window. Dividing in every window instead took 4 % of the time on text with 50,000 words.
    some_in, some_out = -(-len(next_in) // windows), -(-len(next_out) // windows)
    for window in range(task.first_window, task.last_window):
        prefetch_some(next_in, at.w_in, at, (window - task.first_window) * some_in, some_in)
        prefetch_some(next_out, at.w_out, at, (window - task.first_window) * some_out, some_out)
        pair, pairs = start[window], start[window + 1] - start[window]
        contexts, terms = at.contexts + 4 * pair, at.terms + 4 * at.terms_each * window
        factors = at.factors + (pair - task.first_pair) * at.terms_each * at.item_bytes
        k = 0
        for _ in range(count):
            window_group(larger, pairs, contexts, terms + 4 * k, factors + k * at.item_bytes, at)
            k += len(larger)
        while k < at.terms_each:
            window_group(smaller, pairs, contexts, terms + 4 * k, factors + k * at.item_bytes, at)
            k += len(smaller)


@callee
def pull_pairs(task, numbers, scratch, at):
    """Add every term's factor x vector to its two rows, where each pair has terms of its own (per-pair noise).

    First to the rows of W_in, pair by pair. Then, when no row of W_out is read any more, to the rows of W_out: each is
    loaded and stored once. `accumulate` loads and stores a row for each of its terms, and was 12 % slower here.
    """
    terms, factors = at.terms + 4 * at.terms_each * task.first_pair, at.factors
    for pair in range(task.first_window, task.last_window):
        into = scratch.into_in[numbers.contexts[pair]]
        pull_row(at.unit, at.terms_each, terms, at.ordinals, at.from_out, factors, into, at.low, at.high, at.half)
        terms += 4 * at.terms_each
        factors += at.item_bytes * at.terms_each
    place = 4 * at.terms_each * task.first_pair
    for slot in range(numbers.used[task.batch, 1]):
        count, into = numbers.terms_out[task.batch, slot], scratch.into_out[slot]
        contexts, terms = at.sorted_contexts + place, at.sorted_terms + place
        pull_row(at.unit, count, contexts, terms, at.from_in, at.factors, into, at.low, at.high, at.half)
        place += 4 * count


@inline_source
def sum_batch(block, task, numbers, scratch, at, rate, limits, share):
    """Score the batch and add its steps, -rate x gradient, to its rows; return its loss.

    share: how this thread shares the batch with another, if at all.
    """
    place(task, numbers, scratch, at, rate, limits, copy_out=not block.per_pair)
    factors = scratch.factors[: task.terms]
    if share.threads == 1:
        score(block, task, numbers, at, factors, at.factors)
    else:
        # Double buffering of the partial scores: the other thread may still be reading those of the last batch.
        halves = share.halves[task.batch % 2]
        score(block, task, numbers, at, halves[share.mine], halves.ctypes.data + share.mine * halves.strides[0])
        share.meetings[0] += 1
        barrier_wait(share.my_counter, share.other_counter, share.meetings[0])
        for i in range(len(factors)):
            factors[i] = halves[0, i] + halves[1, i]
    loss = derivatives(factors, scratch.labels, limits.sigmoid_clip, factors.dtype.type(-rate))
    if block.per_pair:
        pull_pairs(task, numbers, scratch, at)
    else:
        merge_repeated(block, task, numbers, scratch, at)
        accumulate(block, task, numbers, at)
    return loss


@jit
def sum_gradients(block, numbers, scratch, at, limits, share):
    """Sum the gradients of a block that is one batch, before cap and clipping; return its loss."""
    return sum_batch(block, task_of(block, len(block.left), 0, 0), numbers, scratch, at, -1.0, limits, share)


@inline_source
def train_batch(block, numbers, scratch, at, limits, share, batch_size, rate, batch, coming):
    """Train on one batch; return its loss. coming: as in `task_of`."""
    task = task_of(block, batch_size, batch, coming)
    loss = sum_batch(block, task, numbers, scratch, at, rate, limits, share)
    finish(task, numbers, scratch, at, rate, limits)
    return loss


@jit
def train(block, numbers, scratch, at, limits, share, batch_size, rates, losses):
    """Train on the batches of a block in order, batch i at rates[i]; write its loss to losses[i]."""
    for batch in range(len(rates)):
        coming = min(batch + 1, len(rates) - 1)
        losses[batch] = train_batch(block, numbers, scratch, at, limits, share, batch_size, rates[batch], batch, coming)
