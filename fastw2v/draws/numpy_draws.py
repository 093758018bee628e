"""The three draws of training as integer thresholds: kept tokens, window radius, noise words.

Probabilities are turned once, in float64, into thresholds on 32-bit draws; afterwards only integers are compared, so
every implementation agrees. `Draws` is the plain NumPy one; a compiled one has the same three methods.

Sources: Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality" (2013), for
subsampling and noise; word2vec.c for the form of the keep probability and for the random radius.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from fastw2v.draws.randomness import KEEP, NOISE, RADIUS, SCALE, draw_range, draws
from fastw2v.settings import Settings


def keep_thresholds(counts: npt.NDArray[np.int64], sample: float) -> npt.NDArray[np.uint64]:
    """Return (V,) thresholds: a token of word w stays where its draw is below that of w.

    The probability is min(1, sqrt(t / f) + t / f), f the word's share of the stream and t = `sample`; 0 keeps all.
    """
    if sample == 0:
        return np.full(len(counts), 2**32, dtype=np.uint64)
    ratio = sample / (counts / counts.sum())
    thresholds: npt.NDArray[np.uint64] = np.floor(np.minimum(1.0, np.sqrt(ratio) + ratio) * SCALE + 0.5).astype(
        np.uint64
    )
    return thresholds


def noise_thresholds(counts: npt.NDArray[np.int64], exponent: float) -> npt.NDArray[np.uint64]:
    """Return (V,) cumulative thresholds of count**exponent: a draw gives the first word whose threshold exceeds it."""
    cumulative = np.cumsum(counts.astype(np.float64) ** exponent)
    thresholds: npt.NDArray[np.uint64] = np.floor(cumulative / cumulative[-1] * SCALE + 0.5).astype(np.uint64)
    thresholds[-1] = 2**32
    return thresholds


class Draws(Protocol):
    """The draws of one run, for a vocabulary with these counts, (V,)."""

    counts: npt.NDArray[np.int64]

    def keep(self, ids: npt.NDArray[np.int32], epoch: int, start: int) -> npt.NDArray[np.int64]:
        """Return the positions that stay, of the tokens `ids` at positions start, start + 1, ..."""
        ...

    def radius(self, positions: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """Return the radius of each centre, in 1..window."""
        ...

    def noise(self, counters: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """Return (n, K) noise words, row i with the draws counters[i] * K ... counters[i] * K + K - 1."""
        ...


class NumpyDraws:
    """`Draws` in NumPy."""

    def __init__(self, counts: npt.NDArray[np.int64], settings: Settings) -> None:
        self.keep_thresholds = keep_thresholds(counts, settings.sample)
        self.noise_thresholds = noise_thresholds(counts, settings.ns_exponent)
        self.counts, self.settings = counts, settings

    def keep(self, ids: npt.NDArray[np.int32], epoch: int, start: int) -> npt.NDArray[np.int64]:
        """See `Draws.keep`."""
        drawn = draw_range(self.settings.seed, epoch, KEEP, start, start + len(ids))
        return start + np.flatnonzero(drawn < self.keep_thresholds[ids])

    def radius(self, positions: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.radius`."""
        if not self.settings.shrink_windows:
            return np.full(len(positions), self.settings.window, dtype=np.int32)
        drawn = draws(self.settings.seed, epoch, RADIUS, positions)
        return (1 + (drawn * np.uint64(self.settings.window) >> np.uint64(32))).astype(np.int32)

    def noise(self, counters: npt.NDArray[np.int64], epoch: int) -> npt.NDArray[np.int32]:
        """See `Draws.noise`."""
        negative = self.settings.negative
        drawn = draws(self.settings.seed, epoch, NOISE, counters[:, None] * negative + np.arange(negative))
        return np.searchsorted(self.noise_thresholds, drawn, side="right").astype(np.int32)
