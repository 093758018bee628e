"""The counter-based random generator: a pure function of (seed, epoch, stream, counter).

The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
Draw number n of a stream is word n % 4 of the block with counter words (n // 4 low, n // 4 high, epoch, stream) and
key words (seed low, seed high): a uint32. There is no generator state, so nothing has to be saved, and any thread
may make any draw. `philox` is written so that NumPy runs it on arrays and numba compiles it for scalars.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# The table of streams. Initial weights use epoch 0; held-out documents and validation use seed 0 and
# VALIDATION_EPOCH, so that they depend on no setting and meet no draw of training.
WEIGHTS, KEEP, RADIUS, NOISE, HELD_OUT = range(5)
VALIDATION_SEED = 0
VALIDATION_EPOCH = 2**32 - 1

# Draws are in [0, SCALE).
SCALE = float(2**32)
MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL0, WEYL1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
ROUNDS = 10


def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four 32-bit words of a block. All are uint64 holding 32-bit values, scalars or arrays."""
    for _ in range(ROUNDS):
        p0 = M0 * c0
        p1 = M1 * c2
        c0 = (p1 >> HALF) ^ c1 ^ k0
        c1 = p1 & MASK
        c2 = (p0 >> HALF) ^ c3 ^ k1
        c3 = p0 & MASK
        k0 = (k0 + WEYL0) & MASK
        k1 = (k1 + WEYL1) & MASK
    return c0, c1, c2, c3


def draws(seed: int, epoch: int, stream: int, counters: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """Return the draws with the given counters (any shape), each in [0, 2**32)."""
    flat = counters.astype(np.uint64).ravel()
    words = _blocks(seed, epoch, stream, flat >> np.uint64(2))
    lane = (flat & np.uint64(3)).astype(np.intp)
    picked: npt.NDArray[np.uint64] = words[np.arange(len(flat)), lane]
    return picked.reshape(counters.shape)


def draw_range(seed: int, epoch: int, stream: int, start: int, stop: int) -> npt.NDArray[np.uint64]:
    """Return the draws with counters start..stop-1: `draws` of a range, at a quarter of the blocks."""
    first = start // 4
    words = _blocks(seed, epoch, stream, np.arange(first, (stop + 3) // 4, dtype=np.uint64))
    return words.ravel()[start - 4 * first : stop - 4 * first]


def _blocks(seed: int, epoch: int, stream: int, blocks: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the words of the numbered blocks: (n, 4) uint64."""
    words = philox(
        blocks & MASK,
        blocks >> HALF,
        np.uint64(epoch),
        np.uint64(stream),
        np.uint64(seed & 0xFFFFFFFF),
        np.uint64(seed >> 32),
    )
    return np.stack(words, axis=1)
