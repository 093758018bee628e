"""The state of a run: with weights, settings and corpus, all that resuming needs.

All random draws are functions of epoch and position, so a place in an epoch is one number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from fastw2v.errors import DataError
from fastw2v.messages.printable import plural


@dataclass(frozen=True)
class EpochRecord:
    """One line of the history. `seconds` and `words_per_second` are of training alone.

    Losses are means over examples, and `pairs` is their number: with skip-gram each is a pair.

    `evaluation` holds, by the name of each file that the epoch's vectors were judged by, its figures by name; None
    where there was none to judge by.
    """

    epoch: int
    loss: float
    validation_loss: float | None
    learning_rate: float
    pairs: int
    seconds: float
    words_per_second: float
    evaluation: dict[str, dict[str, float | None]] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the record as JSON values; the loss of an epoch without pairs, which is NaN, becomes None.

        Without an evaluation there is no such field, as in files written before there could be one.
        """
        values = {**asdict(self), "loss": None if math.isnan(self.loss) else self.loss}
        if self.evaluation is None:
            del values["evaluation"]
        return values

    @classmethod
    def from_dict(cls, values: Any) -> EpochRecord:
        """Undo `as_dict`. Raises ValueError where the values are not those of a record."""
        _check_names(values, cls, optional=["evaluation"])
        if "evaluation" in values:
            _check_evaluation(values["evaluation"])
        if values["loss"] is not None:
            _check_number(values, "loss", float)
        if values["validation_loss"] is not None:
            _check_number(values, "validation_loss", float)
        for name, kind in (("epoch", int), ("pairs", int), ("learning_rate", float), ("seconds", float)):
            _check_number(values, name, kind)
        _check_number(values, "words_per_second", float)
        return cls(**{**values, "loss": math.nan if values["loss"] is None else values["loss"]})


@dataclass
class RunState:
    """How far a run has come.

    Attributes:
        epoch: epochs done.
        position: of the last centre trained in the epoch begun; -1: it has not begun.
        batches, pairs, loss, rate, seconds: of the epoch begun: steps, examples, the sum of their losses, the last
            learning rate, seconds of training.
        train_seconds: of all epochs.
        history: of the epochs done.
        callbacks: the states of callbacks, in order; see `callbacks.Callback.state`.
        stopped: a callback ended the run after the last epoch done.
        began_diverged: the first step's loss or the first vectors were above the limits of runs that diverge.
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
    began_diverged: bool = False

    def add(self, losses: list[float], pairs: int, rate: float, position: int) -> None:
        """Add a block: the losses of its steps, its examples, its last rate and its last centre."""
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
            return cls._from_dict(values)
        except ValueError as error:
            raise DataError(f"{where}: the state of the run is malformed ({error!s:.80}).") from None

    @classmethod
    def _from_dict(cls, values: Any) -> RunState:
        # Checkpoints of earlier versions lack began_diverged.
        _check_names(values, cls, optional=["began_diverged"])
        _check_number(values, "position", int, least=-1)
        for name in ("epoch", "batches", "pairs"):
            _check_number(values, name, int)
        for name in ("loss", "rate", "seconds", "train_seconds"):
            _check_number(values, name, float)
        if not isinstance(values["history"], list) or not isinstance(values["callbacks"], list):
            raise ValueError("history and callbacks must be lists")
        for name in ("stopped", "began_diverged"):
            if not isinstance(values.get(name, False), bool):
                raise ValueError(f"{name} is {values[name]!r:.20}")
        history = [EpochRecord.from_dict(record) for record in values["history"]]
        if [record.epoch for record in history] != list(range(1, len(history) + 1)) or len(history) != values["epoch"]:
            raise ValueError(f"a history of {plural(len(history), 'epoch')}, epoch {values['epoch']}")
        return cls(**{**values, "history": history})


def _check_names(values: Any, kind: type[EpochRecord] | type[RunState], optional: Sequence[str] = ()) -> None:
    names = {item.name for item in fields(kind)}
    if not isinstance(values, dict) or {*values, *optional} != names:
        raise ValueError(f"not the fields {', '.join(sorted(names))}")


def _check_number(values: dict[str, Any], name: str, kind: type, least: int = 0) -> None:
    value = values[name]
    allowed = (int,) if kind is int else (int, float)
    # Within 64 bits: no number of a run is larger, and larger ones do not become floats.
    if isinstance(value, bool) or not isinstance(value, allowed) or not least <= value < 2**63:
        raise ValueError(f"{name} is {value!r:.20}")


def _check_evaluation(values: Any) -> None:
    if not isinstance(values, dict):
        raise ValueError(f"evaluation is {values!r:.20}")
    for figures in values.values():
        if not isinstance(figures, dict):
            raise ValueError(f"figures of an evaluation are {figures!r:.20}")
        for name, value in figures.items():
            if value is not None:
                # Correlations can be negative.
                _check_number({name: value}, name, float, least=-(2**63))
