"""The training loop: epochs of blocks through one engine, losses, validation, callbacks and early stopping."""

from __future__ import annotations

import dataclasses
import functools
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fastw2v import engines
from fastw2v.batches.windows import Windows
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.errors import TrainingError, UsageError
from fastw2v.messages.callers import given
from fastw2v.settings import Settings
from fastw2v.system import threads
from fastw2v.training.callbacks import Callback, EarlyStopping, Progress
from fastw2v.training.divergence import DivergenceWatch, smaller_alpha
from fastw2v.training.plan import Plan
from fastw2v.training.run_state import EpochRecord, RunState
from fastw2v.training.schedule import learning_rates
from fastw2v.training.validation import ValidationSet

Floats = npt.NDArray[np.float64]
# Figures of an epoch's weights for its record, see `EpochRecord.evaluation`; and what is given the history so far.
Score = Callable[[Weights], dict[str, Any]]
Note = Callable[[Sequence[EpochRecord]], None]

__all__ = ["Callback", "Note", "Progress", "Saver", "Score", "TrainedModel", "Trainer"]

logger = logging.getLogger(__name__)

# Steps of the whole run that each racing thread needs. Each moves a frequent row by its share of the step limit, so the
# run takes that many times the steps to leave its start: with 20 steps a thread the loss ended 1.1 to 1.6 times as high
# as one worker's, with 100 within 1.02; on documents of one word repeated, with 570 steps for each of 8 threads, 1.06
# times. Subsampling leaves half of the steps counted here, or fewer.
STEPS_PER_RACER = 1000
# Centres that compilation is tried on.
COMPILED_ON = 64


class Saver(Protocol):
    """Keeps where a run stands, so that it can go on from there; see `checkpoints`."""

    def due(self, state: RunState, epoch_ended: bool) -> bool:
        """Whether to save now. Asked after each block, and after each epoch."""

    def save(self, state: RunState, weights: Weights, rows: Callable[[], Iterator[npt.NDArray[Any]]]) -> None:
        """Save; rows() gives the vectors, see `Engine.rows`. May raise to end the run here."""


@dataclass
class TrainedModel:
    """What training leaves: the weights, a record for each epoch, and the seconds spent."""

    weights: Weights
    engine: str
    state: RunState = field(default_factory=RunState)
    compile_seconds: float = 0.0

    @property
    def history(self) -> list[EpochRecord]:
        """A record for each epoch."""
        return self.state.history

    @property
    def train_seconds(self) -> float:
        """Seconds of training, without compiling, validation and saving."""
        return self.state.train_seconds

    def history_dicts(self) -> list[dict[str, Any]]:
        """Return the history as plain dicts."""
        return [record.as_dict() for record in self.history]


class Trainer:
    """One training run over a preprocessed corpus.

    Args:
        preprocessed: the corpus.
        settings: of the run.
        callbacks: hear of training.
        saver: keeps where the run stands.
        score: judges the weights at each epoch's end, for the history; its time is not that of training.
        note: is given the history when the run begins, and after each epoch.
    """

    def __init__(
        self,
        preprocessed: Preprocessed,
        settings: Settings,
        callbacks: Sequence[Callback] = (),
        saver: Saver | None = None,
        *,
        score: Score | None = None,
        note: Note | None = None,
    ) -> None:
        self._data, self._settings, self._saver = preprocessed, settings, saver
        self._score, self._note = score, note
        self._workers = _useful_workers(settings, len(preprocessed.stream))
        engine_settings = dataclasses.replace(settings, workers=self._workers)
        self._engine, draws = engines.make(engine_settings, preprocessed.vocabulary.counts)
        self._plan = Plan(preprocessed.stream, settings, draws, self._engine.objective.outputs)
        self._validation = ValidationSet(preprocessed, settings)
        if settings.early_stopping and not self._validation.pairs:
            logger.warning("no document fits into the 1 % of the words that may be held out: no early stopping")
        stopping = [EarlyStopping(settings.early_stopping)] if settings.early_stopping else []
        self._callbacks = [*callbacks, *stopping]
        self._divergence = DivergenceWatch(settings, self._engine.objective)

    @property
    def engine(self) -> str:
        """The engine's name."""
        return self._engine.name

    def run(self, begun: tuple[Weights, RunState] | None = None) -> TrainedModel:
        """Train all epochs, or until a callback stops; or go on from the weights and the state of a run begun before.

        Raises:
            TrainingError: a loss or a weight is no longer finite, or the run diverges.
            UsageError: the run was begun with other callbacks.
        """
        self._say_how_workers_are_used()
        weights, state = begun or (self._initial_weights(), RunState())
        self._restore(state)
        self._divergence.note_start(weights, state)
        self._keep_history(state)
        model = TrainedModel(weights, self._engine.name, state)
        self._compile(model)
        while state.epoch < self._settings.epochs and not state.stopped:
            with self._held(model):
                self._epoch(model)
            self._end_epoch(model)
            self._save_if_due(model, epoch_ended=True)
        return model

    def _initial_weights(self) -> Weights:
        return initial_weights(self._engine.objective.shapes(len(self._data.vocabulary)), self._settings)

    def _restore(self, state: RunState) -> None:
        """Give callbacks back what they returned when the state was saved."""
        if not state.epoch and state.position < 0:
            return
        if len(state.callbacks) != len(self._callbacks):
            raise UsageError(
                f"The run was begun with {len(state.callbacks)} callbacks, and goes on with {len(self._callbacks)}: "
                "their states cannot be given back. Give the same callbacks, in the same order."
            )
        for callback, kept in zip(self._callbacks, state.callbacks, strict=True):
            callback.restore(kept)
        if self._engine.racy:
            logger.warning("the run goes on, but not with the bits of a run that was never cut off: workers race")

    @contextmanager
    def _held(self, model: TrainedModel) -> Iterator[None]:
        """Have the engine hold the weights; what it needs for that counts as training."""
        before = time.perf_counter()
        with self._engine.epoch(model.weights):
            begun = time.perf_counter()
            yield
            ended = time.perf_counter()
        model.state.spent(begun - before + time.perf_counter() - ended)

    def _epoch(self, model: TrainedModel) -> None:
        """Train one epoch, or what is left of it."""
        state, length = model.state, len(self._plan.stream)
        begun = time.perf_counter()
        blocks = self._prepared(model)
        now = next(blocks, None)
        while now is not None:
            block, rates, prepared = now
            # Overflow is not NumPy's to warn of: what is not finite stops training just below.
            with np.errstate(all="ignore"), self._engine.start_block(prepared) as finish:
                now = next(blocks, None)  # planned and prepared here while other threads, if any, have begun
                losses = finish()
            self._check(losses, rates, state)
            self._divergence.note_losses(losses, block, state)
            examples = self._engine.objective.inputs.number(block)
            state.add(losses.tolist(), examples, float(rates[-1]), int(block.positions[-1]))
            state.spent(time.perf_counter() - begun)
            self._report(state, length)
            self._save_if_due(model, epoch_ended=False)
            begun = time.perf_counter()

    def _prepared(self, model: TrainedModel) -> Iterator[tuple[Windows, Floats, Any]]:
        """Yield the blocks left of an epoch: their windows, their learning rates, and as the engine takes them."""
        settings, epoch, length = self._settings, model.state.epoch, len(self._plan.stream)
        for block in self._plan.blocks(epoch, after=model.state.position):
            rates = learning_rates(settings, epoch, block.positions[:: settings.batch_size], length)
            yield block, rates, self._engine.prepare(model.weights, block, rates)

    def _end_epoch(self, model: TrainedModel) -> None:
        """Measure the epoch that ended, and have callbacks hear of it."""
        state = model.state
        if not model.weights.finite():
            raise self._not_finite(f"a weight after epoch {state.epoch + 1}", state.rate)
        loss = state.loss / state.pairs if state.pairs else math.nan
        words = self._data.corpus_tokens / max(state.seconds, 1e-9)
        record = EpochRecord(
            state.epoch + 1, loss, self._validation.loss(model.weights), state.rate or self._settings.alpha,
            state.pairs, state.seconds, words, None if self._score is None else self._score(model.weights),
        )  # fmt: skip
        state.end_epoch(record)
        self._keep_history(state)
        self._divergence.check(record, model.weights, state)
        logger.info("epoch %d: loss %.4f, validation loss %s", record.epoch, loss, record.validation_loss)
        # All of them first: every callback hears of the epoch even when an earlier one stops training.
        answers = [callback.on_epoch_end(record, model.weights) for callback in self._callbacks]
        state.stopped = any(answers)

    def _keep_history(self, state: RunState) -> None:
        if self._note is not None:
            self._note(state.history)

    def _save_if_due(self, model: TrainedModel, epoch_ended: bool) -> None:
        if self._saver is not None and self._saver.due(model.state, epoch_ended):
            model.state.callbacks = [callback.state() for callback in self._callbacks]
            self._saver.save(model.state, model.weights, functools.partial(self._engine.rows, model.weights))

    def _report(self, state: RunState, length: int) -> None:
        share = (state.position + 1) / length
        done = state.epoch + share
        left = state.train_seconds / done * (self._settings.epochs - done)
        words = self._data.corpus_tokens * done / max(state.train_seconds, 1e-9)
        loss = state.loss / max(state.pairs, 1)
        progress = Progress(state.epoch + 1, self._settings.epochs, share, loss, state.rate, words, left)
        for callback in self._callbacks:
            callback.on_progress(progress)

    def _check(self, losses: Floats, rates: Floats, state: RunState) -> None:
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            where = f"the loss of step {state.batches + int(bad[0]) + 1:,} of epoch {state.epoch + 1}"
            raise self._not_finite(where, float(rates[bad[0]]))

    def _not_finite(self, where: str, rate: float) -> TrainingError:
        return TrainingError(
            f"Training stopped: {where} is not finite, at the learning rate {rate:.3g}. {smaller_alpha(self._settings)}"
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
        able = min(settings.workers, threads.processors())
        if self._workers < able and self._engine.parallel:
            logger.warning(
                "%d of %d workers train: for so short a run more would learn less (%d steps each are needed)",
                self._workers, able, STEPS_PER_RACER,
            )  # fmt: skip
        if self._engine.racy:
            logger.warning(
                "%d workers train without locks: runs differ in their last digits; %s gives the same bits",
                self._workers,
                given("deterministic", True),
            )
        elif not self._engine.parallel:
            logger.warning("the %s engine has one worker; %s uses several", self._engine.name, given("engine", "numba"))
        elif settings.deterministic and settings.gradient_clip:
            # Two threads share every batch; gradient clipping needs whole rows, which one thread has.
            logger.warning("with gradient_clip, %s trains on one thread; without, on two", given("deterministic", True))


def _useful_workers(settings: Settings, tokens: int) -> int:
    """Return how many workers train: with racing threads, no more than there are processors and steps for."""
    if settings.deterministic:
        return settings.workers
    steps = settings.epochs * tokens // settings.batch_size
    return max(1, min(settings.workers, threads.processors(), steps // STEPS_PER_RACER))
