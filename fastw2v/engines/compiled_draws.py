"""The draws of training, compiled: the twin of `sampling.NumpyDraws`, equal to it in every bit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v import randomness
from fastw2v.engines.jit import inlined, jit
from fastw2v.randomness import KEEP, NOISE, RADIUS
from fastw2v.sampling import keep_thresholds, noise_thresholds
from fastw2v.settings import Settings

philox = inlined(randomness.philox)


@jit
def draw_range(seed_low, seed_high, epoch, stream, start, out):
    """Fill out (n,) uint32 with the draws start, start + 1, ...; start is a multiple of 4 and n too."""
    for block in range(len(out) // 4):
        number = np.uint64(start // 4 + block)
        w0, w1, w2, w3 = philox(number & randomness.MASK, number >> randomness.HALF, epoch, stream, seed_low, seed_high)
        out[4 * block] = w0
        out[4 * block + 1] = w1
        out[4 * block + 2] = w2
        out[4 * block + 3] = w3


@jit
def draw_blocks(seed_low, seed_high, epoch, stream, counters, repeat, words):
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
def drawn_at(words, counters, repeat, i, k):
    """Return the draw counters[i] * repeat + k out of the blocks that `draw_blocks` left."""
    first = counters[i] * repeat
    return words[((first + k) >> 2) - (first >> 2), (first + k) & 3, i]


@jit
def to_radius(words, counters, window, out):
    """Turn draws into radii 1..window."""
    for i in range(len(counters)):
        out[i] = 1 + (np.uint64(drawn_at(words, counters, 1, i, 0)) * np.uint64(window) >> np.uint64(32))


@jit
def select_kept(drawn, thresholds, ids, start, out):
    """Write the positions whose draw is below their word's threshold; return how many."""
    kept = 0
    for i in range(len(ids)):
        out[kept] = start + i
        kept += drawn[i] < thresholds[ids[i]]
    return kept


@jit
def to_noise(words, counters, thresholds, guide, shift, out):
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


class NumbaDraws:
    """`fastw2v.sampling.Draws`, compiled."""

    # The guide table has a few entries a word, so that nearly every noise draw takes one step.
    _GUIDE_BITS = (16, 24)

    def __init__(self, counts: npt.NDArray[np.int64], settings: Settings) -> None:
        self.settings = settings
        self._key = np.uint64(settings.seed & 0xFFFFFFFF), np.uint64(settings.seed >> 32)
        self._keep = keep_thresholds(counts, settings.sample)
        self._noise = noise_thresholds(counts, settings.ns_exponent)
        bits = min(max(len(counts).bit_length() + 2, self._GUIDE_BITS[0]), self._GUIDE_BITS[1])
        self._shift = np.uint32(32 - bits)
        starts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(self._shift)
        self._guide = np.searchsorted(self._noise, starts, side="right").astype(np.int32)

    def keep(self, ids: npt.NDArray[np.int32], epoch: int, start: int) -> npt.NDArray[np.int64]:
        """See `Draws.keep`."""
        first = start // 4 * 4
        drawn = np.empty((start + len(ids) - first + 3) // 4 * 4, dtype=np.uint32)
        draw_range(*self._key, np.uint64(epoch), np.uint64(KEEP), first, drawn)
        kept = np.empty(len(ids) + 1, dtype=np.int64)
        return kept[: select_kept(drawn[start - first :], self._keep, ids, start, kept)]

    def radius(self, positions: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.radius`."""
        if not self.settings.shrink_windows:
            return np.full(len(positions), self.settings.window, dtype=np.int32)
        radii = np.empty(len(positions), dtype=np.int32)
        to_radius(self._draw(epoch, RADIUS, positions, 1), positions, self.settings.window, radii)
        return radii

    def noise(self, counters: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.noise`."""
        negative = self.settings.negative
        found = np.empty((len(counters), negative), dtype=np.int32)
        drawn = self._draw(epoch, NOISE, counters, negative)
        to_noise(drawn, counters, self._noise, self._guide, self._shift, found)
        return found

    def _draw(self, epoch: int, stream: int, counters: npt.NDArray[np.int64], repeat: int) -> npt.NDArray[np.uint32]:
        """Return the blocks with the draws counters * repeat + 0 ... repeat - 1, (blocks, 4, n)."""
        # The first draw may be the last word of its block.
        words = np.empty(((repeat + 6) // 4, 4, len(counters)), dtype=np.uint32)
        draw_blocks(*self._key, np.uint64(epoch), np.uint64(stream), counters, repeat, words)
        return words
