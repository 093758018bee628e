"""One training run with its checkpoints, history and scores.

Joins trainer, checkpoints, history and scores for `Word2Vec`; nothing of reading text or saving models.
"""

from __future__ import annotations

import contextlib
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from fastw2v import engines
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.engines.weights import Weights
from fastw2v.settings import Settings
from fastw2v.training.callbacks import Callback
from fastw2v.training.checkpoints import Checkpoints
from fastw2v.training.epoch_scores import EpochScores
from fastw2v.training.history import LiveHistory
from fastw2v.training.run_state import RunState
from fastw2v.training.trainer import TrainedModel, Trainer
from fastw2v.version import __version__


@dataclass(frozen=True)
class Run:
    """How a run is to be trained.

    Attributes:
        callbacks: hear of training.
        checkpoints: keeps where the run stands, on disk; None: nothing is kept.
        resume: go on from the newest checkpoint, if there is one.
        scores: judges each epoch's vectors, for the history; None: nothing does.
        live: keeps the history where it can be read meanwhile; None: nothing is kept.
    """

    callbacks: Sequence[Callback] = ()
    checkpoints: Checkpoints | None = None
    resume: bool = False
    scores: EpochScores | None = None
    live: LiveHistory | None = None

    def train(self, data: Preprocessed, settings: Settings, start: Weights | None) -> TrainedModel:
        """Train from the weights given, or from random ones, or from where the run that was cut off stood."""
        score = None if self.scores is None else partial(self.scores.figures, data.vocabulary.words)
        note = None if self.live is None else self.live.write
        trainer = Trainer(data, settings, self.callbacks, self.checkpoints, score=score, note=note)
        begun = None if start is None else (start, RunState())
        if self.checkpoints is None:
            with self._history_kept():
                return trainer.run(begun)
        evaluated = None if self.scores is None else self.scores.digests
        self.checkpoints.describe_run(settings, trainer.engine, data, versions(trainer.engine), start, evaluated)
        if self.resume and self.checkpoints.found():
            begun = self.checkpoints.load()
        elif not self.resume:
            self.checkpoints.remove()
        with self.checkpoints.signals.listening(), self._history_kept():
            return trainer.run(begun)

    @contextlib.contextmanager
    def _history_kept(self) -> Iterator[None]:
        """Remove the history of a run that ends early with nothing to go on from."""
        try:
            yield
        except BaseException:
            if self.live is not None and not (self.checkpoints is not None and self.checkpoints.found()):
                self.live.discard()
            raise


def versions(engine: str) -> dict[str, str]:
    """Return what the same bits depend on besides the settings."""
    found = {
        "fastw2v": __version__,
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "machine": platform.machine(),
    }
    return found | engines.versions(engine)
