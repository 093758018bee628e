"""Negative sampling: an example's terms are the centre, label 1, and K noise words, label 0 (Mikolov et al. 2013)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v.batches.batch import Integers
from fastw2v.batches.windows import Windows, pair_offsets
from fastw2v.draws.numpy_draws import Draws
from fastw2v.errors import UsageError
from fastw2v.messages.callers import given
from fastw2v.objectives.interfaces import Noise, OutputObjective, Terms
from fastw2v.objectives.logistic import STEP_LIMIT
from fastw2v.settings import Settings

# Grouped noise: of so many consecutive centres of a batch, those APART places apart share their noise words; at most
# SHARERS do. Neighbours do not: their windows share contexts, which would meet the same noise word again and again.
# Measured over five seeds: groups of 8 that lie 8 apart come out as without groups; groups of 2 neighbours lose .007 of
# the analogies of TinyStories, of 4 neighbours .019, and groups of 32 lose .05.
SHARERS = APART = 8
# Terms of a batch are numbered by int32.
MOST_TERMS = 2**31 - 1


class NegativeSampling(OutputObjective):
    """The centre and K noise words; one equal to the centre does not count."""

    name = "negative-sampling"

    def __init__(self, settings: Settings, counts: npt.NDArray[np.int64] | None = None) -> None:
        super().__init__(settings, counts)
        self._largest_groups = group_noise(0, settings.batch_size, 1)

    @property
    def of_pairs(self) -> bool:
        """See `OutputObjective.of_pairs`."""
        return self.settings.noise == "per-pair"

    def check(self) -> None:
        """See `OutputObjective.check`."""
        settings = self.settings
        terms = settings.batch_size * 2 * settings.window * self.most_terms
        if terms > MOST_TERMS:
            raise UsageError(
                f"A batch may have at most {MOST_TERMS:,} terms, batch_size x 2 window x (1 + negative). "
                f"Got {terms:,}; {given('batch_size', settings.batch_size * MOST_TERMS // terms)} would work."
            )

    def noise(
        self,
        draws: Draws,
        positions: Integers,
        left: npt.NDArray[np.int32],
        right: npt.NDArray[np.int32],
        epoch: int,
    ) -> Noise:
        """See `OutputObjective.noise`: K words a pair, a window, or a group of windows, as the setting `noise` says."""
        if self.of_pairs:
            return Noise(draws.noise(slot_counters(positions, left, right, self.settings.window), epoch), per_pair=True)
        if self.settings.noise == "shared":
            return Noise(draws.noise(positions, epoch))
        own, noise_of = self._groups(len(positions))
        return Noise(draws.noise(positions[own], epoch), noise_of=noise_of)

    def terms(self, windows: Windows) -> Terms:
        """See `OutputObjective.terms`."""
        if windows.per_pair:
            centre, noise = pair_offsets(windows.left, windows.right)[0], windows.noise
        else:
            centre = np.arange(len(windows))
            noise = windows.noise[windows.noise_row(centre)]
        outputs = windows.tokens[windows.first + centre, None]
        terms = np.concatenate((outputs, noise), axis=1)
        labels = np.zeros(terms.shape)
        labels[:, 0] = 1
        labels[:, 1:][noise == outputs] = np.nan
        start = np.arange(len(terms) + 1) * terms.shape[1]
        return Terms(terms.ravel(), labels.ravel(), start, windows.per_pair)

    @property
    def mean_terms(self) -> float:
        """See `OutputObjective.mean_terms`."""
        return 1 + self.settings.negative

    @property
    def most_terms(self) -> int:
        """See `OutputObjective.most_terms`."""
        return 1 + self.settings.negative

    def step_limits(self) -> tuple[float, float]:
        """See `OutputObjective.step_limits`: an input row's n counts pairs, and every pair pulls with 1 + K terms.

        STEP_LIMIT was measured at K = 5; with more noise words an input row is pulled harder by each pair.
        """
        return STEP_LIMIT / max(1.0, (1 + self.settings.negative) / 6), STEP_LIMIT

    def _groups(self, centres: int) -> tuple[npt.NDArray[np.bool_], Integers]:
        """Return `group_noise` of so many centres, which begin as those of more do."""
        if centres > len(self._largest_groups[0]):
            self._largest_groups = group_noise(centres, self.settings.batch_size, sharers(self.settings))
        own, row = self._largest_groups
        return own[:centres], row[:centres]


def slot_counters(
    positions: npt.NDArray[np.int64], left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], window: int
) -> npt.NDArray[np.int64]:
    """Return (P,) numbers of the pairs, which stay what they are at any radius.

    Every centre has 2 x window places; its pairs have those next to each other in the middle.
    """
    sizes = left + right
    ends = np.cumsum(sizes, dtype=np.int64)
    counters = np.repeat(positions * (2 * window) + window - left - (ends - sizes), sizes)
    counters += np.arange(len(counters))
    return counters


def sharers(settings: Settings) -> int:
    """Return how many centres share noise words, with grouped noise: SHARERS, or fewer at high learning rates.

    A noise word drawn once should not reach the step limit by it: all pairs of a group's windows pull on it. With 8 at
    alpha 0.1, the validation loss on 1,000 stories was 2.71 after four epochs instead of 2.58.
    """
    return max(1, int(min(SHARERS, STEP_LIMIT / (settings.alpha * mean_pairs(settings)))))


def mean_pairs(settings: Settings) -> int:
    """Return the mean number of pairs of a centre, document ends apart."""
    return settings.window + 1 if settings.shrink_windows else 2 * settings.window


def group_noise(centres: int, batch_size: int, sharers: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return which centres of whole batches draw noise words, (B,) bool, and the row of each centre's, (B,) int64.

    Rows are numbered as they are drawn. A centre uses the words of the centre at its place modulo APART within its
    sharers x APART centres of the batch.
    """
    place = np.arange(centres) % batch_size
    within = place % (sharers * APART)
    owner = np.arange(centres) - within + within % APART
    own = within < APART
    return own, (np.cumsum(own) - 1)[owner]
