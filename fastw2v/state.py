"""Where a run stands: what goes on from there needs nothing else than the weights, the settings and the corpus.

All random draws are functions of epoch and position, so a place in an epoch is one number.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from fastw2v.errors import DataError


@dataclass(frozen=True)
class EpochRecord:
    """One line of the history. `seconds` and `words_per_second` are of training alone."""

    epoch: int
    loss: float
    validation_loss: float | None
    learning_rate: float
    pairs: int
    seconds: float
    words_per_second: float

    def as_dict(self) -> dict[str, Any]:
        """Return the record as JSON values; the loss of an epoch without pairs, which is NaN, becomes None."""
        return {**asdict(self), "loss": None if math.isnan(self.loss) else self.loss}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> EpochRecord:
        """Undo `as_dict`."""
        return cls(**{**values, "loss": math.nan if values["loss"] is None else values["loss"]})


@dataclass
class RunState:
    """How far a run has come.

    Attributes:
        epoch: epochs done.
        position: of the last centre trained in the epoch begun; -1: it has not begun.
        batches, pairs, loss, rate, seconds: of the epoch begun: steps, pairs, the sum of losses, the last learning
            rate, seconds of training.
        train_seconds: of all epochs.
        history: of the epochs done.
        callbacks: the states of callbacks, in order; see `trainer.Callback.state`.
        stopped: a callback ended the run after the last epoch done.
    """

    epoch: int = 0
    position: int = -1
    batches: int = 0
    pairs: int = 0
    loss: float = 0.0
    rate: float = 0.0
    seconds: float = 0.0
    train_seconds: float = 0.0
    history: list[EpochRecord] = field(default_factory=list)
    callbacks: list[Any] = field(default_factory=list)
    stopped: bool = False

    def add(self, losses: list[float], pairs: int, rate: float, position: int) -> None:
        """Add a block: the losses of its steps, its pairs, its last rate and its last centre."""
        self.batches += len(losses)
        # In the order of the steps, in float64: the same sum for any size of blocks.
        for loss in losses:
            self.loss += loss
        self.pairs, self.rate, self.position = self.pairs + pairs, rate, position

    def spent(self, seconds: float) -> None:
        """Add seconds of training."""
        self.seconds += seconds
        self.train_seconds += seconds

    def end_epoch(self, record: EpochRecord) -> None:
        """Put the epoch that ended into the history; the next one has not begun."""
        self.history.append(record)
        self.epoch += 1
        self.position, self.batches, self.pairs, self.loss, self.rate, self.seconds = -1, 0, 0, 0.0, 0.0, 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {**asdict(self), "history": [record.as_dict() for record in self.history]}

    @classmethod
    def from_dict(cls, values: Any, where: str) -> RunState:
        """Undo `as_dict`.

        Raises:
            DataError: the values are not those of a state.
        """
        try:
            history = [EpochRecord.from_dict(record) for record in values["history"]]
            return cls(**{**values, "history": history})
        except (TypeError, KeyError, ValueError) as error:
            raise DataError(f"{where}: the state of the run is malformed ({error!s:.80}).") from None
