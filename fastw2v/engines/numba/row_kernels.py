"""Rows of a batch: where each is read and added to, and those that move once their sum is known.

The first and the last phase of a batch, see `kernels`.
"""

from __future__ import annotations

import numpy as np

from fastw2v.engines.numba.split_rows import GROUP
from fastw2v.engines.numba.tiles import add_row, clear_row, copy_row, prefetch_row
from fastw2v.jit.compiler import callee, inline_llvm, inline_source
from fastw2v.objectives import logistic

row_rate = inline_llvm(logistic.row_rate)
clipped_rate = inline_llvm(logistic.clipped_rate)


@inline_llvm
def row_address(at, matrix, row):
    """Return where a row of a matrix lies; see `split_rows`."""
    group = row // GROUP
    rows = at.last_rows if group == at.last_group else GROUP
    return matrix + group * GROUP * at.row_bytes + rows * at.before_bytes + row % GROUP * at.part_bytes


@callee
def place_rows(rows, terms, copy, matrix, vectors, sums, read, added, summed, at, rate, limit, sum_first):
    """Place the numbered rows of a matrix; return how many are summed first.

    copy: whether rows are read from copies. Those summed first are not, as they stay as they are till the end: there a
    copy would only take time, with racy threads 4 % of it. read, added: where rows are read from and added to.
    """
    count = 0
    for slot in range(len(terms)):
        row = row_address(at, matrix, np.intp(rows[slot]))
        read[slot] = added[slot] = row
        if sum_first or limit < rate * terms[slot]:  # the cap binds
            added[slot] = sums + count * at.row_bytes
            clear_row(at.unit, sums + count * at.row_bytes, at.low, at.high)
            summed[count] = slot
            count += 1
        elif copy:
            read[slot] = vectors + slot * at.row_bytes
            copy_row(at.unit, row, vectors + slot * at.row_bytes, at.low, at.high)
    return count


@callee
def place(task, numbers, scratch, at, rate, limits, copy_out):
    """Decide where each row of the batch is read from and added to, and copy what must be kept.

    copy_out: whether rows of W_out are read from copies: where they are added to while others still read them.
    """
    used_in, used_out, _ = numbers.used[task.batch]
    scratch.summed[0] = place_rows(
        numbers.rows_in[task.batch], numbers.terms_in[task.batch, :used_in], True, at.w_in, at.vectors_in, at.sums_in,
        scratch.from_in, scratch.into_in, scratch.summed_in, at, rate, limits.step_in, limits.sum_first,
    )  # fmt: skip
    scratch.summed[1] = place_rows(
        numbers.rows_out[task.batch], numbers.terms_out[task.batch, :used_out], copy_out, at.w_out, at.vectors_out,
        at.sums_out, scratch.from_out, scratch.into_out, scratch.summed_out, at, rate, limits.step_out,
        limits.sum_first,
    )  # fmt: skip


@inline_llvm
def prefetch_some(rows, matrix, at, first, count):
    """Begin to load the rows first..first+count-1, as far as there are so many."""
    for slot in range(first, min(first + count, len(rows))):
        prefetch_row(row_address(at, matrix, np.intp(rows[slot])), at.low, at.high)


@inline_llvm
def finish_rows(matrix, rows, terms, sums, sums_at, summed, at, rate, limit, gradient_clip):
    """Move the rows that were summed first. Sums hold -rate x gradient; the step is the share that may be kept."""
    for i in range(len(summed)):
        slot = summed[i]
        share = row_rate(1.0, terms[slot], limit / rate)
        if gradient_clip > 0:
            norm = 0.0
            for q in range(sums.shape[1]):
                norm += np.float64(sums[i, q]) * np.float64(sums[i, q])
            norm = np.sqrt(norm) / rate
            if norm > 0:
                share = clipped_rate(share, 1.0, norm, gradient_clip)
        row = row_address(at, matrix, np.intp(rows[slot]))
        add_row(at.unit, sums.dtype.type(share), sums_at + i * at.row_bytes, row, at.low, at.high)


@inline_source
def finish(task, numbers, scratch, at, rate, limits):
    """Move the rows whose sum had to be known first."""
    batch, clip = task.batch, limits.gradient_clip
    finish_rows(
        at.w_in, numbers.rows_in[batch], numbers.terms_in[batch], scratch.sums_in, at.sums_in,
        scratch.summed_in[: scratch.summed[0]], at, rate, limits.step_in, clip,
    )  # fmt: skip
    finish_rows(
        at.w_out, numbers.rows_out[batch], numbers.terms_out[batch], scratch.sums_out, at.sums_out,
        scratch.summed_out[: scratch.summed[1]], at, rate, limits.step_out, clip,
    )  # fmt: skip
