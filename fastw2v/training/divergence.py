"""Stop runs that diverge: loss or vector length far above those of runs that learn."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fastw2v.batches.windows import Windows
from fastw2v.engines.weights import Weights
from fastw2v.errors import TrainingError
from fastw2v.messages.callers import given
from fastw2v.objectives.interfaces import Objective
from fastw2v.settings import Settings
from fastw2v.training.run_state import EpochRecord, RunState

# A run diverges when its loss is this many times that of zero vectors, whose every sigma is 1/2. Runs that recover
# begin with up to 1.3 (alpha 0.1, or 20 noise words).
DIVERGING = 1.5
# The last block of an epoch is judged by itself when it has so many examples: fewer can be far above by chance.
JUDGED_EXAMPLES = 1000
# Scores are clipped, so that a run can diverge at a low loss. The longest vectors of runs that learn have lengths of 4
# to 8 (TinyStories, Wikipedia, topical text); of runs that diverged at a loss below 2, 1,000 to 50,000.
LONGEST_VECTOR = 100.0


class DivergenceWatch:
    """Watches the losses and vectors of one run; what a run began with is not held against it."""

    def __init__(self, settings: Settings, objective: Objective) -> None:
        """Watch a run of these settings and this objective."""
        self._settings, self._examples_in = settings, objective.inputs.number
        self._highest_loss = DIVERGING * objective.outputs.zero_loss
        self._last_loss = math.nan

    def note_start(self, weights: Weights, state: RunState) -> None:
        """Note in the state of a run whether it begins with vectors that are too long."""
        if not state.epoch and state.position < 0:
            state.began_diverged |= weights.longest() > LONGEST_VECTOR

    def note_losses(self, losses: npt.NDArray[np.float64], block: Windows, state: RunState) -> None:
        """Note the loss of a run's first step, and that of the last block of the epoch."""
        if not state.epoch and not state.batches:
            first = self._examples_in(block[: self._settings.batch_size])
            state.began_diverged |= bool(losses[0] > self._highest_loss * first)
        examples = self._examples_in(block)
        if examples >= JUDGED_EXAMPLES:
            self._last_loss = float(losses.sum()) / examples

    def check(self, record: EpochRecord, weights: Weights, state: RunState) -> None:
        """Raise TrainingError where zero vectors would do much better, unless the run began so."""
        if state.began_diverged:
            return
        loss = max(record.loss, self._last_loss)  # a NaN beside record.loss is not taken
        if loss > self._highest_loss:
            raise self._error(
                f"the loss at the end of epoch {record.epoch}, {loss:.4g}, is above {self._highest_loss:.4g}, "
                f"{DIVERGING} times that of zero vectors"
            )
        longest = weights.longest()
        if longest > LONGEST_VECTOR:
            raise self._error(
                f"after epoch {record.epoch} the longest vector has the length {longest:.4g}, above "
                f"{LONGEST_VECTOR:g} (runs that learn have up to 10)"
            )

    def _error(self, why: str) -> TrainingError:
        return TrainingError(f"Training stopped: the run diverges; {why}. {smaller_alpha(self._settings)}")


def smaller_alpha(settings: Settings) -> str:
    """Return the sentence that names a learning rate which works where a run stopped."""
    smaller = float(f"{min(0.025, settings.alpha / 4):.3g}")
    return f"A smaller learning rate would work: {given('alpha', smaller)}."
