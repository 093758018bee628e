"""The training loop: epochs of blocks through one engine, with a loss for each, validation, callbacks and early stop.

Knows the plan, the schedule and the engine's interface; nothing of files, text or the terminal.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import engines
from fastw2v.errors import TrainingError
from fastw2v.schedule import learning_rates
from fastw2v.settings import Settings
from fastw2v.validation import ValidationSet
from fastw2v.vocabulary import Preprocessed
from fastw2v.weights import Weights, initial_weights
from fastw2v.windows import Plan

Floats = npt.NDArray[np.float64]

logger = logging.getLogger(__name__)

# An epoch's mean loss over that of a model of zeros, beyond which training is said to diverge. Runs that recover begin
# with up to 1.3 (alpha 0.1, or 20 noise words).
DIVERGING = 1.5
# Centres that compilation is tried on.
COMPILED_ON = 64


@dataclass(frozen=True)
class Progress:
    """Where training stands inside an epoch; `loss` is the mean of the epoch so far, per pair."""

    epoch: int
    epochs: int
    share: float
    loss: float
    learning_rate: float
    words_per_second: float
    seconds_left: float


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


class Callback:
    """Hears how training goes. Subclass and override what you need."""

    def on_compile(self) -> None:
        """Compilation begins, if the engine has any; training has not begun."""

    def on_progress(self, progress: Progress) -> None:
        """A block of centres is done (several a second on large corpora)."""

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        """An epoch is done. Return True to stop training here."""
        return False


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


@dataclass
class TrainedModel:
    """What training leaves: the weights, a record for each epoch, and the seconds spent."""

    weights: Weights
    engine: str
    history: list[EpochRecord] = field(default_factory=list)
    train_seconds: float = 0.0
    compile_seconds: float = 0.0

    def history_dicts(self) -> list[dict[str, Any]]:
        """Return the history as plain dicts; the loss of an epoch without pairs, which is NaN, becomes None."""
        return [{**asdict(record), "loss": None if math.isnan(record.loss) else record.loss} for record in self.history]


class Trainer:
    """One training run over a preprocessed corpus."""

    def __init__(self, preprocessed: Preprocessed, settings: Settings, callbacks: Sequence[Callback] = ()) -> None:
        self._data, self._settings = preprocessed, settings
        self._engine, draws = engines.make(settings, preprocessed.vocabulary.counts)
        self._plan = Plan(preprocessed.stream, settings, draws)
        self._validation = ValidationSet(preprocessed, settings)
        if settings.early_stopping and not self._validation.pairs:
            logger.warning("no document fits into the 1 % of the words that may be held out: no early stopping")
        stopping = [EarlyStopping(settings.early_stopping)] if settings.early_stopping else []
        self._callbacks = [*callbacks, *stopping]

    def run(self) -> TrainedModel:
        """Train all epochs, or until a callback stops.

        Raises:
            TrainingError: a loss or a weight is no longer finite.
        """
        self._say_how_workers_are_used()
        model = TrainedModel(initial_weights(len(self._data.vocabulary), self._settings), self._engine.name)
        self._compile(model)
        for epoch in range(self._settings.epochs):
            loss, pairs, rate, seconds = self._held_epoch(epoch, model)
            if not model.weights.finite():
                raise self._not_finite(f"a weight after epoch {epoch + 1}", rate)
            words = self._data.corpus_tokens / max(seconds, 1e-9)
            record = EpochRecord(epoch + 1, loss, self._validation.loss(model.weights), rate, pairs, seconds, words)
            model.history.append(record)
            self._warn_if_diverging(record)
            logger.info("epoch %d: loss %.4f, validation loss %s", epoch + 1, loss, record.validation_loss)
            # All of them first: every callback hears of the epoch even when an earlier one stops training.
            answers = [callback.on_epoch_end(record, model.weights) for callback in self._callbacks]
            if any(answers):
                break
        return model

    def _held_epoch(self, epoch: int, model: TrainedModel) -> tuple[float, int, float, float]:
        """Do `_epoch` while the engine holds the weights; what the engine needs for that counts as training."""
        before = time.perf_counter()
        with self._engine.epoch(model.weights):
            begun = time.perf_counter()
            loss, pairs, rate, seconds = self._epoch(epoch, model)
            ended = time.perf_counter()
        extra = begun - before + time.perf_counter() - ended
        model.train_seconds += extra
        return loss, pairs, rate, seconds + extra

    def _epoch(self, epoch: int, model: TrainedModel) -> tuple[float, int, float, float]:
        """Train one epoch; return its mean loss, pairs, last learning rate and seconds."""
        total, pairs, rate, seconds = 0.0, 0, self._settings.alpha, 0.0
        size, length, batches = self._settings.batch_size, len(self._plan.stream), 0
        begun = time.perf_counter()
        for block in self._plan.blocks(epoch):
            rates = learning_rates(self._settings, epoch, block.positions[::size], length)
            # Overflow is not NumPy's to warn of: what is not finite stops training just below.
            with np.errstate(all="ignore"):
                losses = self._engine.train(model.weights, block, rates)
            self._check(losses, rates, epoch, batches)
            batches += len(losses)
            # In batch order, in float64: the same sum for any block size.
            for loss in losses.tolist():
                total += loss
            pairs, rate = pairs + block.pairs, float(rates[-1])
            now = time.perf_counter()
            seconds, model.train_seconds = seconds + now - begun, model.train_seconds + now - begun
            share = (int(block.positions[-1]) + 1) / length
            self._report(epoch, share, total / max(pairs, 1), rate, model.train_seconds)
            begun = time.perf_counter()
        return total / pairs if pairs else math.nan, pairs, rate, seconds

    def _report(self, epoch: int, share: float, loss: float, rate: float, seconds: float) -> None:
        done = epoch + share
        left = seconds / done * (self._settings.epochs - done)
        words = self._data.corpus_tokens * done / max(seconds, 1e-9)
        progress = Progress(epoch + 1, self._settings.epochs, share, loss, rate, words, left)
        for callback in self._callbacks:
            callback.on_progress(progress)

    def _check(self, losses: Floats, rates: Floats, epoch: int, batches_before: int) -> None:
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            where = f"the loss of step {batches_before + int(bad[0]) + 1:,} of epoch {epoch + 1}"
            raise self._not_finite(where, float(rates[bad[0]]))

    def _not_finite(self, where: str, rate: float) -> TrainingError:
        return TrainingError(
            f"Training stopped: {where} is not finite, at the learning rate {rate:.3g}. "
            f"A smaller one would work: --alpha {min(0.025, self._settings.alpha / 4):.3g}."
        )

    def _warn_if_diverging(self, record: EpochRecord) -> None:
        """Say so where a model of zeros, whose every sigma is 1/2, would do much better."""
        zeros = (1 + self._settings.negative) * math.log(2)
        if record.loss > DIVERGING * zeros:
            logger.warning(
                "the loss of epoch %d, %.4g, is far above that of a model of zeros, %.4g: training diverges; "
                "a smaller alpha, batch_size, window or negative would help",
                record.epoch,
                record.loss,
                zeros,
            )

    def _compile(self, model: TrainedModel) -> None:
        """Train a few centres at the rate 0, which changes no weight, so that compiling is not counted as training."""
        for callback in self._callbacks:
            callback.on_compile()
        begun = time.perf_counter()
        block = next(self._plan.blocks(0), None)
        if block is not None:
            part = block[:COMPILED_ON]
            self._engine.train(model.weights, part, np.zeros(-(-len(part) // self._settings.batch_size)))
        model.compile_seconds = time.perf_counter() - begun

    def _say_how_workers_are_used(self) -> None:
        settings = self._settings
        if settings.workers == 1:
            return
        if self._engine.name != "numba":
            logger.warning("the %s engine has one worker; --engine numba uses several", self._engine.name)
        elif settings.deterministic:
            # Two threads share every batch; gradient clipping needs whole rows, which one thread has.
            if settings.gradient_clip:
                logger.warning("with gradient_clip, --deterministic trains on one thread; without, on two")
        else:
            logger.warning(
                "%d workers train without locks: runs differ in their last digits; --deterministic gives the same bits",
                settings.workers,
            )
