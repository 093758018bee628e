"""A queue of batches that threads share: each takes the next batch until none is left.

A thread that comes late, or was held up by other programs, takes fewer; with equal shares, one thread in two waited for
the other.
"""

from __future__ import annotations

import numpy as np

from fastw2v.engines.numba.barrier import fetch_add, wait_for
from fastw2v.engines.numba.kernels import train_batch
from fastw2v.engines.numba.numbering import number_batches
from fastw2v.jit.compiler import callee, jit

# Batches numbered at a time: neighbours share cache lines of the arrays that numbers are written to.
_NUMBERED_AT_ONCE = 8


@jit
def number_shared(block, numbers, stamps, batch_size, progress):
    """Number batches; return when all are numbered, by whatever thread: one that takes batches numbers them.

    progress: address of two int64, how many batches have been taken and how many numbered.
    """
    batches = len(numbers.used)
    first = fetch_add(progress, _NUMBERED_AT_ONCE)
    while first < batches:
        last = min(first + _NUMBERED_AT_ONCE, batches)
        number_batches(block, numbers, stamps, batch_size, first, last)
        fetch_add(progress + 8, last - first)
        first = fetch_add(progress, _NUMBERED_AT_ONCE)
    wait_for(progress + 8, batches)


@jit
def train_shared(block, numbers, stamps, scratch, at, limits, share, batch_size, rates, losses, progress):
    """Number batches and train on them, each once the next is numbered, whose rows are loaded meanwhile.

    progress: as in `number_shared`, but how many are numbered is not counted.
    """
    batch = take_numbered(block, numbers, stamps, batch_size, progress)
    while batch < len(rates):
        coming = take_numbered(block, numbers, stamps, batch_size, progress)
        losses[batch] = train_batch(
            block, numbers, scratch, at, limits, share, batch_size, rates[batch], batch,
            coming if coming < len(rates) else batch,
        )  # fmt: skip
        batch = coming


@callee
def take_numbered(block, numbers, stamps, batch_size, progress):
    """Take a batch and number it, if one is left."""
    batch = fetch_add(progress, np.int64(1))
    if batch < len(numbers.used):
        number_batches(block, numbers, stamps, batch_size, batch, batch + 1)
    return batch
