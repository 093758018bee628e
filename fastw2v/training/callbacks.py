"""Callbacks: their interface, the progress they are given, and early stopping."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fastw2v.engines.weights import Weights
from fastw2v.errors import DataError
from fastw2v.training.run_state import EpochRecord


@dataclass(frozen=True)
class Progress:
    """Where training stands inside an epoch; `loss` is the mean of the epoch so far, per example."""

    epoch: int
    epochs: int
    share: float
    loss: float
    learning_rate: float
    words_per_second: float
    seconds_left: float


class Callback:
    """Hears how training goes. Subclass and override what you need."""

    def on_compile(self) -> None:
        """Compilation begins, if the engine has any; training has not begun."""

    def on_progress(self, progress: Progress) -> None:
        """A block of centres is done (several a second on large corpora)."""

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        """An epoch is done. Return True to stop training here."""
        return False

    def state(self) -> Any:
        """Return what a resumed run must give back to `restore`, as JSON values; None: nothing."""

    def restore(self, state: Any) -> None:
        """Take back what `state` returned, in a resumed run."""


class EarlyStopping(Callback):
    """Stops after `patience` epochs without a lower validation loss."""

    def __init__(self, patience: int) -> None:
        self._patience, self._best, self._since = patience, math.inf, 0

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        """See `Callback.on_epoch_end`."""
        if record.validation_loss is None:
            return False
        better = record.validation_loss < self._best
        self._best = min(self._best, record.validation_loss)
        self._since = 0 if better else self._since + 1
        return self._since >= self._patience

    def state(self) -> Any:
        """See `Callback.state`."""
        return [None if math.isinf(self._best) else self._best, self._since]

    def restore(self, state: Any) -> None:
        """See `Callback.restore`."""
        match state:
            case [None | float() | int() as best, int() as since]:
                self._best, self._since = math.inf if best is None else best, since
            case _:
                raise DataError(f"The state of early stopping is malformed: {state!r:.60}.")
