"""`Word2Vec`, the Python interface: settings in, `fit` on a corpus, vectors out, `save` and `load`."""

from __future__ import annotations

import inspect
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import __version__, engines, memory, preparation, reading, storage
from fastw2v.checkpoints import Checkpoints
from fastw2v.continuing import Earlier
from fastw2v.encoding.cache import Cache
from fastw2v.errors import DataError, UsageError
from fastw2v.preparation import Prepared
from fastw2v.settings import Settings
from fastw2v.state import EpochRecord, RunState
from fastw2v.text import Corpus
from fastw2v.trainer import Callback, TrainedModel, Trainer
from fastw2v.vectors import KeyedVectors
from fastw2v.vocabulary import Preprocessed
from fastw2v.weights import Weights


class Word2Vec:
    """Skip-gram word2vec with negative sampling.

    Takes the settings of `fastw2v.settings.Settings` as keywords: `Word2Vec(vector_size=100, window=5, ...)`.

    Attributes:
        settings: the settings.
        wv: the input vectors with their words, once trained or loaded.
        history: one dict an epoch: epoch, loss, validation_loss, learning_rate, pairs, seconds, words_per_second.

    Raises:
        UsageError: a setting is unknown or out of range.
    """

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings.from_mapping(settings, "Word2Vec")
        self.history: list[dict[str, Any]] = []
        self.trained: TrainedModel | None = None
        self.prepared: Prepared | None = None
        self._wv: KeyedVectors | None = None
        self._output_vectors: npt.NDArray[Any] = np.empty((0, 0))
        self._provenance: dict[str, Any] = {}

    def fit(
        self,
        corpus: Any = None,
        *,
        output: str | os.PathLike[str] | None = None,
        overwrite: bool = False,
        callbacks: Sequence[Callback] = (),
        watch: Callable[[Corpus, int], None] | None = None,
        on_prepared: Callable[[Prepared], None] | None = None,
        cache: Cache | None = None,
        checkpoints: Checkpoints | None = None,
        resume: bool = False,
        continue_from: Word2Vec | None = None,
    ) -> Word2Vec:
        """Read, preprocess and train.

        Args:
            corpus: a path, several paths, an encoded corpus, a re-iterable of token lists (strings or other hashable
                items), or None
                for the built-in stories.
            output: a directory to save the model to; what cannot be saved is refused before training.
            overwrite: replace a model that lies there.
            callbacks: hear of training; see `trainer.Callback`.
            watch: called with the corpus and the tokens read so far after each document.
            on_prepared: called with the account of preprocessing before training begins.
            checkpoints: keeps where the run stands, on disk; None: nothing is kept.
            resume: go on from the newest checkpoint, if there is one.
            continue_from: a trained model to begin with: its words stay, with its vectors, and new ones join them. The
                learning rate takes this run's schedule, from the start.
            cache: where text is encoded on disk, once, and mapped from; None: text is read into memory.

        Raises:
            UsageError, DataError, TrainingError: see `text.open_corpus`, `preparation`, `trainer`.
        """
        if resume and checkpoints is None:
            raise UsageError("resume goes on from checkpoints. Got none; checkpoints=Checkpoints(folder) would work.")
        if output is not None:
            storage.check_output(output, overwrite)
        if self.settings.engine != engines.AUTO:
            engines.resolve(self.settings.engine)
        earlier = None if continue_from is None else continue_from._as_earlier()
        if earlier is not None:
            earlier.check(self.settings)
        encoded, description = reading.read(corpus, self.settings, watch, cache=cache)
        known = {} if earlier is None else earlier.known()
        self.prepared = preparation.prepare(encoded, description, self.settings, known)
        vocabulary = self.prepared.preprocessed.vocabulary
        if output is not None:
            preparation.check_savable(vocabulary.words)
        del encoded
        if on_prepared:
            on_prepared(self.prepared)
        memory.check(vocabulary.counts, self.settings)
        start = None if earlier is None else (earlier.weights(vocabulary, self.settings), RunState())
        self.trained = self._train(self.prepared.preprocessed, callbacks, checkpoints, resume, start)
        self.history = self.trained.history_dicts()
        self._wv = KeyedVectors(vocabulary.words, self.trained.weights.input_vectors, vocabulary.counts)
        self._output_vectors = self.trained.weights.output_vectors
        # The file's name without its folders: a model is given away, the machine's paths are not.
        corpus = {**description, "name": Path(description["name"]).name}
        self._provenance = {"corpus": corpus, "engine": self.trained.engine, **_versions(self.trained.engine)}
        if continue_from is not None:
            self._provenance["continues"] = continue_from._provenance
        if output is not None:
            self.save(output, overwrite=overwrite)
        return self

    def _train(
        self,
        data: Preprocessed,
        callbacks: Sequence[Callback],
        checkpoints: Checkpoints | None,
        resume: bool,
        start: tuple[Weights, RunState] | None,
    ) -> TrainedModel:
        trainer = Trainer(data, self.settings, callbacks, checkpoints)
        if checkpoints is None:
            return trainer.run(start)
        versions = _versions(trainer.engine)
        checkpoints.describe_run(self.settings, trainer.engine, data, versions, None if start is None else start[0])
        if resume and checkpoints.found():
            start = checkpoints.load()
        elif not resume:
            checkpoints.remove()
        with checkpoints.signals.listening():
            return trainer.run(start)

    def _as_earlier(self) -> Earlier:
        """Return what another model begins with that goes on from this one."""
        counts = self.wv.counts
        assert counts is not None
        return Earlier(self.wv.index_to_key, counts, self.wv.vectors, self._output_vectors)

    @property
    def wv(self) -> KeyedVectors:
        """The input vectors with their words."""
        if self._wv is None:
            raise UsageError("The model is not trained yet. Call fit(corpus) or Word2Vec.load(directory) first.")
        return self._wv

    def save(self, directory: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the model directory; see `storage`.

        Raises:
            UsageError: the model is not trained, an item is neither str nor int, or a model lies there already.
        """
        preparation.check_savable(self.wv.index_to_key)
        assert self.wv.counts is not None
        storage.save_model(
            directory,
            words=self.wv.index_to_key,  # type: ignore[arg-type]  # checked above: str or int
            counts=self.wv.counts,
            w_in=self.wv.vectors,
            w_out=self._output_vectors,
            settings=self.settings.as_dict(),
            history=self.history,
            provenance=self._provenance,
            overwrite=overwrite,
        )

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> Word2Vec:
        """Read a model directory.

        Raises:
            UsageError, DataError: there is no model, or it is damaged; see `storage.load_model`.
        """
        saved = storage.load_model(directory)
        model = cls()
        try:
            model.settings = Settings.from_mapping(saved.settings, os.fspath(directory))
        except UsageError as error:
            raise DataError(str(error)) from None
        try:
            model.history = [EpochRecord.from_dict(record).as_dict() for record in saved.history]
        except ValueError as error:
            raise DataError(f"{directory}: the history is malformed ({error!s:.80}).") from None
        model._wv = KeyedVectors(saved.words, saved.w_in, saved.counts)
        model._output_vectors = saved.w_out
        model._provenance = saved.provenance
        return model

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the model came from: corpus, engine, versions, processor."""
        return self._provenance


def _signature() -> inspect.Signature:
    """The settings as keyword parameters, so that help() and editors show them; Settings stays the one list."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(item.name, keyword, default=item.default, annotation=item.type) for item in fields(Settings)
    ]
    return inspect.Signature(parameters)


Word2Vec.__signature__ = _signature()  # type: ignore[attr-defined]


def _versions(engine: str) -> dict[str, str]:
    """What the same bits depend on besides the settings."""
    versions = {
        "fastw2v": __version__,
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "machine": platform.machine(),
    }
    if engine == "numba":
        from fastw2v.engines import compiler

        versions |= compiler.versions()
    return versions
