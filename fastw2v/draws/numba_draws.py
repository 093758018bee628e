"""The compiled draws of training: the twin of `numpy_draws.NumpyDraws`, equal in every bit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v.draws import randomness
from fastw2v.draws.numpy_draws import keep_thresholds, noise_thresholds
from fastw2v.draws.randomness import KEEP, NOISE, RADIUS
from fastw2v.jit.compiler import callee, inline_llvm, jit
from fastw2v.settings import Settings

philox = inline_llvm(randomness.philox)


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


@callee
def draw_blocks(seed_low, seed_high, epoch, stream, counters, repeat, words):
    """Fill words (4 x blocks, >= n) uint32 with the blocks that hold the draws counters[i] * repeat + 0, 1, ...

    Word by word over all counters, so that the loop becomes vector code: it took a fifth of the time of one draw
    after another.
    """
    for j in range(len(words) // 4):
        four = words[4 * j : 4 * j + 4]
        for i in range(len(counters)):
            block = (np.uint64(counters[i]) * np.uint64(repeat) >> np.uint64(2)) + np.uint64(j)
            w0, w1, w2, w3 = philox(
                block & randomness.MASK, block >> randomness.HALF, epoch, stream, seed_low, seed_high
            )
            four[0, i] = w0
            four[1, i] = w1
            four[2, i] = w2
            four[3, i] = w3


@jit
def draw_radii(seed_low, seed_high, epoch, counters, window, words, out):
    """Fill out (n,) with radii 1..window; words: as in `draw_blocks`, overwritten."""
    for start in range(0, len(out), words.shape[1]):
        part = counters[start : start + words.shape[1]]
        draw_blocks(seed_low, seed_high, epoch, np.uint64(RADIUS), part, 1, words)
        for i in range(len(part)):
            drawn = np.uint64(words[part[i] & 3, i])
            out[start + i] = 1 + (drawn * np.uint64(window) >> np.uint64(32))


@jit
def select_kept(drawn, thresholds, ids, start, out):
    """Write the positions whose draw is below their word's threshold; return how many."""
    kept = 0
    for i in range(len(ids)):
        out[kept] = start + i
        kept += drawn[i] < thresholds[ids[i]]
    return kept


@jit
def draw_noise(seed_low, seed_high, epoch, counters, last, guide, shift, words, out):
    """Fill out (n, K) with noise words: the first word whose threshold exceeds the draw.

    last[word] is the greatest draw that gives the word. guide[draw >> shift] is the word of the smallest draw with the
    same high bits, so few steps are left. words: as in `draw_blocks`, overwritten.
    """
    negative = out.shape[1]
    for start in range(0, len(out), words.shape[1]):
        part = counters[start : start + words.shape[1]]
        draw_blocks(seed_low, seed_high, epoch, np.uint64(NOISE), part, negative, words)
        for i in range(len(part)):
            first = part[i] * negative & 3
            for k in range(negative):
                drawn = words[first + k, i]
                word = guide[drawn >> shift]
                while last[word] < drawn:
                    word += 1
                out[start + i, k] = word


class NumbaDraws:
    """`fastw2v.draws.numpy_draws.Draws`, compiled."""

    # The guide table has a few entries a word, so that nearly every noise draw takes one step.
    _GUIDE_BITS = (16, 24)
    # Counters drawn for at a time: their draws stay in the first cache.
    _AT_ONCE = 256

    def __init__(self, counts: npt.NDArray[np.int64], settings: Settings) -> None:
        self.counts, self.settings = counts, settings
        self._key = np.uint64(settings.seed & 0xFFFFFFFF), np.uint64(settings.seed >> 32)
        self._keep = keep_thresholds(counts, settings.sample)
        thresholds = noise_thresholds(counts, settings.ns_exponent)
        bits = min(max(len(counts).bit_length() + 2, self._GUIDE_BITS[0]), self._GUIDE_BITS[1])
        self._shift = np.uint32(32 - bits)
        starts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(self._shift)
        self._guide = np.searchsorted(thresholds, starts, side="right").astype(np.int32)
        # A word that no draw gives, its threshold being that of the word before, is never asked for.
        self._last = (np.maximum(thresholds, np.uint64(1)) - np.uint64(1)).astype(np.uint32)

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
        draw_radii(*self._key, np.uint64(epoch), positions, self.settings.window, self._words(1), radii)
        return radii

    def noise(self, counters: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.noise`."""
        found = np.empty((len(counters), self.settings.negative), dtype=np.int32)
        words = self._words(self.settings.negative)
        draw_noise(*self._key, np.uint64(epoch), counters, self._last, self._guide, self._shift, words, found)
        return found

    def _words(self, repeat: int) -> npt.NDArray[np.uint32]:
        """Return room for the blocks that hold `repeat` draws, of which the first may be the last of its block."""
        return np.empty(((repeat + 6) // 4 * 4, self._AT_ONCE), dtype=np.uint32)
