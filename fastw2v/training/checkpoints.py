"""Checkpoints on disk, from which a run resumes after `kill -9`, a full disk or a signal.

    OUTPUT/checkpoints/00000012.safetensors    both weight matrices, (rows, d); its metadata holds the run's state, the
                                               settings and the identity of the corpus

Each is written to a temporary file, synced and renamed: at any instant the newest one is complete. The last KEEP are
kept. Saving the model removes them, but no other file in the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.engines.weights import Weights
from fastw2v.errors import DataError, InterruptedRunError, UsageError
from fastw2v.files.atomic import remove_abandoned
from fastw2v.messages.callers import another_output, by_caller, given
from fastw2v.messages.printable import plural
from fastw2v.settings import Settings
from fastw2v.system.signals import Signals
from fastw2v.training import checkpoint_file
from fastw2v.training.checkpoint_file import Texts
from fastw2v.training.checkpoint_interval import Every
from fastw2v.training.run_state import RunState

FOLDER = "checkpoints"
# The history so far, a file in the same folder; see `training.history`.
HISTORY = "history.jsonl"
KEEP = 2
DEFAULT_EVERY = "5min"
FORMAT, FORMAT_VERSION = "fastw2v checkpoint", "1"

logger = logging.getLogger(__name__)


class Checkpoints:
    """The checkpoints of one run; a `trainer.Saver`.

    Args:
        output: the directory of the model that the run will save.
        every: see `Every.parse`.
        how_to_resume: the command that resumes the run, for the message after a signal.
        beginning: the arguments that the run was started with, as JSON, stored in each checkpoint; see `resuming`.

    Raises:
        UsageError: `every` cannot be parsed, see `Every.parse`; or the checkpoint folder is a symbolic link.
    """

    # The metadata key of `beginning` in a checkpoint.
    BEGINNING = "beginning"

    def __init__(
        self,
        output: Path,
        every: str = DEFAULT_EVERY,
        how_to_resume: str = "Resume it.",
        beginning: str | None = None,
    ) -> None:
        self.folder = output / FOLDER
        if self.folder.is_symlink():
            raise UsageError(
                f"{self.folder} is a link, which could lead to any folder; remove it, or {another_output()}."
            )
        self._every, self._how, self._beginning = Every.parse(every), how_to_resume, beginning
        self._run: dict[str, Any] = {}
        self._texts: Texts = {}
        self._rows, self._size, self._dtype = (0, 0), 0, ""
        self._words, self._length, self._epochs = 0, 1, 0
        self._last_time, self._last_words = time.monotonic(), 0.0
        self.signals = Signals()

    def describe_run(
        self,
        settings: Settings,
        engine: str,
        data: Preprocessed,
        versions: dict[str, str],
        start: Weights | None = None,
        evaluated: dict[str, str] | None = None,
    ) -> None:
        """Set the run's identity: a resumed run must have the same settings, corpus and initial weights.

        Args:
            settings: the run's settings.
            engine: the name of the engine used, since the setting may be `auto`.
            data: the run's preprocessed corpus.
            versions: the versions that bits also depend on; if they differ, a warning is logged.
            start: the initial weights, from a continued model or from given vectors; None: random ones.
            evaluated: the SHA-256 of each evaluation file, by name; if they differ, a warning is logged.
        """
        run = {
            "settings": {**settings.as_dict(), "engine": engine},
            "corpus": identity(data),
            "start": None if start is None else checkpoint_file.digest(checkpoint_file.all_rows(start)),
            "versions": versions,
        }
        if evaluated is not None:
            run["evaluated"] = evaluated
        self._run = run
        self._texts = {"format": FORMAT, "format_version": FORMAT_VERSION, **{k: json.dumps(run[k]) for k in run}}
        if self._beginning is not None:
            self._texts[self.BEGINNING] = self._beginning
        vocabulary = data.vocabulary
        self._rows = objectives.make(settings, vocabulary.counts).shapes(len(vocabulary))
        self._size, self._dtype = settings.vector_size, settings.dtype
        self._words, self._length, self._epochs = data.corpus_tokens, len(data.stream), settings.epochs
        self._last_time = time.monotonic()

    @property
    def corpus(self) -> dict[str, Any]:
        """The identity (fingerprint) of the described run's corpus; see `identity`."""
        found: dict[str, Any] = self._run["corpus"]
        return found

    # Saving

    def due(self, state: RunState, epoch_ended: bool) -> bool:
        """See `trainer.Saver.due`."""
        if self.signals.heard is not None:
            return True
        if self._every.seconds is not None:
            return time.monotonic() - self._last_time >= self._every.seconds
        if self._every.words is not None:
            return self._trained(state) - self._last_words >= self._every.words
        return epoch_ended

    def save(self, state: RunState, weights: Weights, rows: Callable[[], Iterator[npt.NDArray[Any]]]) -> None:
        """See `trainer.Saver.save`.

        Raises:
            DataError: the system could not write; earlier checkpoints stay.
            UsageError: the state of a callback is not made of JSON values.
            InterruptedRunError: a signal asked the run to end.
        """
        try:
            number = 1 + max((int(path.stem) for path in self._files()), default=0)
            self._write(number, state, weights, rows)
        except DataError as error:
            last = [path.name for path in self._files()[-1:]]
            kept = f"The run is kept as it was at its last checkpoint, {last[0]}. {self._how}" if last else ""
            raise DataError(f"{error} {kept}".strip()) from error
        for path in self._files()[:-KEEP]:
            _remove(path)
        self._last_time, self._last_words = time.monotonic(), self._trained(state)
        if self.signals.heard is not None:
            raise InterruptedRunError(f"interrupted; the run is kept in {self.folder}. {self._how}", self.signals.heard)

    def _write(
        self, number: int, state: RunState, weights: Weights, rows: Callable[[], Iterator[npt.NDArray[Any]]]
    ) -> None:
        try:
            kept = json.dumps(state.as_dict())
        except (TypeError, ValueError) as error:
            raise UsageError(f"The state of a callback must be made of JSON values ({error!s:.80}).") from error
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"Cannot write {self.folder}: {error.strerror or error}.") from error
        # Temporary files of a process that was killed while saving: each is as large as the weights.
        remove_abandoned(self.folder)
        texts = {**self._texts, "state": kept}
        checkpoint_file.write(self.folder / f"{number:08}.safetensors", weights, rows, texts)

    def remove(self) -> None:
        """Remove all checkpoints: the model is saved, or training starts over. Other files in the folder stay."""
        for path in (*self._files(), self.folder / HISTORY):
            _remove(path)
        remove_abandoned(self.folder)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _trained(self, state: RunState) -> float:
        return self._words * (state.epoch + (state.position + 1) / self._length)

    # Going on

    def found(self) -> bool:
        """Whether there is a checkpoint."""
        return bool(self._files())

    def newest_first(self) -> list[Path]:
        """Return the files, the newest first; some may be damaged."""
        return self._files()[::-1]

    def load(self) -> tuple[Weights, RunState]:
        """Return the weights and the state of the newest checkpoint, which must belong to the described run.

        If it is damaged, log a warning and return the one before it.

        Raises:
            UsageError: the checkpoint has other settings, another corpus or other initial weights, or is at a later
                epoch than `epochs` allows.
            DataError: there is no checkpoint, or none is intact.
        """
        damaged: list[DataError] = []
        for path in reversed(self._files()):
            try:
                weights, state = self._read(path)
            except DataError as error:
                damaged.append(error)
                continue
            if damaged:
                logger.warning("%s The run goes on from the checkpoint before, %s.", damaged[0], path.name)
            self._last_words = self._trained(state)
            return weights, state
        if not damaged:
            begins = by_caller("without --resume", "with resume=False")
            raise DataError(f"There is no checkpoint in {self.folder}; {begins} a run begins.")
        more = "" if len(damaged) == 1 else " The one before is not whole either."
        raise DataError(f"{damaged[0]}{more} {_anew()} begins anew.") from damaged[0]

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.safetensors") if re.fullmatch("[0-9]{8}", path.stem))

    def _read(self, path: Path) -> tuple[Weights, RunState]:
        texts = checkpoint_file.read_texts(path)
        if (texts.get("format"), texts.get("format_version")) != (FORMAT, FORMAT_VERSION):
            raise DataError(f"{path}: not a checkpoint of version {FORMAT_VERSION}, the one that can be read.")
        self._check(texts, path)
        state = RunState.from_dict(_parsed(texts, "state", path), str(path))
        self._check_place(state, path)
        return checkpoint_file.read_weights(path, texts, self._rows, self._size, self._dtype), state

    def _check_place(self, state: RunState, path: Path) -> None:
        begun = state.epoch + (state.position >= 0)
        if begun > self._epochs:
            raise UsageError(
                f"The run in {self.folder} has begun epoch {begun}, and epochs is {self._epochs}: it cannot go on with "
                f"that. Give epochs {begun}, or begin anew with {_anew()}."
            )
        if state.position >= self._length:
            raise DataError(
                f"{path}: the position {state.position:,} is beyond the {plural(self._length, 'word')} of the run."
            )

    def _check(self, texts: Texts, path: Path) -> None:
        """Raise UsageError if the checkpoint is not of the described run."""
        settings, now = _parsed(texts, "settings", path), self._run["settings"]
        if not isinstance(settings, dict):
            raise DataError(f"{path}: settings are malformed.")
        start = _parsed(texts, "start", path)
        # Compare this first: a continued model also changes words, counts and seed, whose errors would mislead.
        if (start is None) != (self._run["start"] is None):
            raise self._other(
                "one that began with random vectors" if start is None else "one that began with given vectors"
            )
        check_same(settings, now, f"The run in {self.folder}")
        if _parsed(texts, "corpus", path) != self._run["corpus"]:
            raise self._other("of another corpus, or its text was changed")
        if start != self._run["start"]:
            raise self._other("one that began with other vectors")
        versions = _parsed(texts, "versions", path)
        if versions != self._run["versions"]:
            logger.warning(
                "the checkpoint was written with %s; with %s the last digits may differ",
                versions,
                self._run["versions"],
            )
        evaluated = _parsed(texts, "evaluated", path) if "evaluated" in texts else None
        if evaluated != self._run.get("evaluated"):
            logger.warning("epochs were judged by other files, or none, before the run was cut off")

    def _other(self, what: str) -> UsageError:
        return UsageError(
            f"The run in {self.folder} is {what}. Give what it was begun with, or begin anew with {_anew()}."
        )


def _anew() -> str:
    return by_caller("--overwrite", "resume=False")


def check_same(settings: dict[str, Any], now: dict[str, Any], what: str) -> None:
    """Refuse to resume with different settings. A setting missing from an older checkpoint takes its default.

    Raises:
        UsageError: a setting differs that must not; the message begins with `what`.
    """
    settings = {**Settings().as_dict(), **settings}
    for name, value in now.items():
        if settings[name] != value and not _may_differ(name, now):
            free = f" (It may change in a run begun with {given('deterministic', True)}.)" if name == "workers" else ""
            raise UsageError(
                f"{what} has {name} {settings[name]!r:.60}, and this one {value!r}: it cannot go "
                f"on with that. Give {name} as it was, or begin anew with {_anew()}.{free}"
            )


def _may_differ(name: str, settings: dict[str, Any]) -> bool:
    if name == "workers":
        return bool(settings["deterministic"])
    return name == "epochs" and settings["schedule"] != "linear"


def _remove(path: Path) -> None:
    """Remove an old checkpoint; if that fails, only log a warning: it just takes disk space."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("the old checkpoint %s cannot be removed (%s)", path, error.strerror or error)


def identity(data: Preprocessed) -> dict[str, Any]:
    """Return a corpus fingerprint over all that training reads: number of tokens, number of words and a SHA-256."""
    digest = hashlib.sha256()
    for word in data.vocabulary.words:
        digest.update(repr(word).encode("utf-8", "backslashreplace") + b"\n")
    arrays = (data.vocabulary.counts, data.stream.ids, data.stream.offsets, data.held_out.ids, data.held_out.offsets)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return {"tokens": len(data.stream), "words": len(data.vocabulary), "sha256": digest.hexdigest()}


def _parsed(texts: Texts, name: str, path: Path) -> Any:
    try:
        return json.loads(texts[name])
    except (KeyError, ValueError, RecursionError):
        raise DataError(f"{path}: {name} is missing or malformed.") from None
