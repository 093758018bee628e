"""Where a run stands, on disk, so that it can go on after anything: `kill -9`, a full disk, a signal.

    OUTPUT/checkpoints/00000012.safetensors    both weight matrices, (V, d); the state of the run, the settings and
                                               what the corpus was are its metadata, with a SHA-256 of the weights

Each is written beside its final name, synced, renamed: at any instant the newest one is complete. The last KEEP stay.
They go when the model is saved. Knows the state, the layout of weights and files; nothing of how training works.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from fastw2v.atomic import write_atomically
from fastw2v.errors import DataError, InterruptedRunError, UsageError
from fastw2v.settings import Settings
from fastw2v.state import RunState
from fastw2v.vocabulary import Preprocessed
from fastw2v.weights import Weights, aligned_zeros, padded_columns

FOLDER = "checkpoints"
KEEP = 2
DEFAULT_EVERY = "5min"
FORMAT, FORMAT_VERSION = "fastw2v checkpoint", "1"
_TENSORS = ("input_vectors", "output_vectors")
_DTYPES = {"float32": "F32", "float64": "F64"}
_ROWS_AT_ONCE = 4096
# An interrupt, a wish to end, a terminal that closes. Not all systems have the last.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_EVERY = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|sec|min|h|words?)")
_UNITS = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Every:
    """How often to save: seconds, words trained on, or at the end of each epoch (neither)."""

    seconds: float | None = None
    words: float | None = None

    @classmethod
    def parse(cls, text: str) -> Every:
        """Read 30s, 5min, 2h, 500000words or epoch.

        Raises:
            UsageError: another form, or nothing (0).
        """
        form = _EVERY.fullmatch(text.strip().lower())
        if text.strip().lower() == "epoch":
            return cls()
        if form is None or float(form[1]) <= 0:
            raise UsageError(
                f"checkpoint_every must be a time, a number of words, or epoch. Got {text!r}; "
                "30s, 5min, 500000words and epoch work."
            )
        amount = float(form[1])
        return cls(words=amount) if form[2].startswith("word") else cls(seconds=amount * _UNITS[form[2]])


class Checkpoints:
    """The checkpoints of one run; a `trainer.Saver`.

    Args:
        output: the directory of the model that the run will save.
        every: see `Every.parse`.
        how_to_resume: the command that goes on, for the message after a signal.

    Raises:
        UsageError: see `Every.parse`.
    """

    def __init__(self, output: Path, every: str = DEFAULT_EVERY, how_to_resume: str = "resume it") -> None:
        self.folder = output / FOLDER
        self._every, self._how = Every.parse(every), how_to_resume
        self._metadata: dict[str, str] = {}
        self._words, self._length = 0, 1
        self._last_time, self._last_words = time.monotonic(), 0.0
        self._signal: int | None = None

    def describe_run(self, settings: Settings, engine: str, data: Preprocessed) -> None:
        """Say what the run is: its settings and its corpus, which a run that goes on must have too."""
        self._metadata = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "settings": json.dumps({**settings.as_dict(), "engine": engine}),
            "corpus": json.dumps(_identity(data)),
        }
        self._words, self._length = data.corpus_tokens, len(data.stream)

    # Saving

    def due(self, state: RunState, epoch_ended: bool) -> bool:
        """See `trainer.Saver.due`."""
        if self._signal is not None:
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
            InterruptedRunError: a signal asked the run to end.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"Cannot write {self.folder}: {error.strerror or error}.") from error
        number = 1 + max((int(path.stem) for path in self._files()), default=0)
        metadata = {**self._metadata, "state": json.dumps(state.as_dict()), "sha256": _hash(rows())}
        write_atomically(self.folder / f"{number:08}.safetensors", lambda file: _write(file, weights, rows(), metadata))
        for path in self._files()[:-KEEP]:
            path.unlink(missing_ok=True)
        self._last_time, self._last_words = time.monotonic(), self._trained(state)
        if self._signal is not None:
            raise InterruptedRunError(f"interrupted; the run is kept in {self.folder}. {self._how}", self._signal)

    def remove(self) -> None:
        """Remove all checkpoints: the model is saved, or begun anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _trained(self, state: RunState) -> float:
        return self._words * (state.epoch + (state.position + 1) / self._length)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take a signal that asks to end as a wish to save and end, once; the second one ends at once, as usual."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in _SIGNALS}

        def heard(number: int, _frame: FrameType | None) -> None:
            self._signal = number
            for one, handler in before.items():
                signal.signal(one, handler)

        for number in before:
            signal.signal(number, heard)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    # Going on

    def found(self) -> bool:
        """Whether there is a checkpoint."""
        return bool(self._files())

    def load(self) -> tuple[Weights, RunState]:
        """Return the weights and the state of the newest checkpoint, of the run that was described.

        Raises:
            UsageError: it is of a run with other settings or another corpus.
            DataError: there is none that is whole.
        """
        for path in reversed(self._files()):
            try:
                return self._read(path)
            except DataError as error:
                damaged = error
        raise damaged

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.safetensors") if re.fullmatch("[0-9]{8}", path.stem))

    def _read(self, path: Path) -> tuple[Weights, RunState]:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                self._check(metadata, path)
                weights = _weights(file, path)
        except (SafetensorError, OSError) as error:
            raise DataError(f"{path}: not a checkpoint that is whole ({error!s:.100}).") from error
        state = RunState.from_dict(_parsed(metadata, "state", path), str(path))
        if _hash(_rows(weights)) != metadata.get("sha256") or not weights.finite():
            raise DataError(f"{path}: damaged; its weights are not those that were saved.")
        return weights, state

    def _check(self, metadata: dict[str, str], path: Path) -> None:
        if (metadata.get("format"), metadata.get("format_version")) != (FORMAT, FORMAT_VERSION):
            raise DataError(f"{path}: not a checkpoint of version {FORMAT_VERSION}.")
        settings, now = _parsed(metadata, "settings", path), json.loads(self._metadata["settings"])
        for name, value in now.items():
            if settings.get(name) != value and not _may_differ(name, now):
                raise UsageError(
                    f"The run in {self.folder} has {name} {settings.get(name)!r}, and this one {value!r}: it cannot go "
                    f"on with that. Give {name} as it was, or begin anew with --overwrite."
                )
        if _parsed(metadata, "corpus", path) != json.loads(self._metadata["corpus"]):
            raise UsageError(
                f"The run in {self.folder} is of another corpus. Give that one, or begin with --overwrite."
            )


def _may_differ(name: str, settings: dict[str, Any]) -> bool:
    if name == "workers":
        return bool(settings["deterministic"])
    return name == "epochs" and settings["schedule"] != "linear"


def _identity(data: Preprocessed) -> dict[str, Any]:
    """Return what tells corpora apart: all that training reads of them."""
    digest = hashlib.sha256(repr(list(data.vocabulary.words)).encode("utf-8", "backslashreplace"))
    arrays = (data.vocabulary.counts, data.stream.ids, data.stream.offsets, data.held_out.ids, data.held_out.offsets)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return {"tokens": len(data.stream), "words": len(data.vocabulary), "sha256": digest.hexdigest()}


def _rows(weights: Weights) -> Iterator[npt.NDArray[Any]]:
    for matrix in (weights.input_vectors, weights.output_vectors):
        for low in range(0, len(matrix), _ROWS_AT_ONCE):
            yield matrix[low : low + _ROWS_AT_ONCE]


def _hash(rows: Iterator[npt.NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for part in rows:
        digest.update(_bytes(part))
    return digest.hexdigest()


def _bytes(rows: npt.NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(rows, dtype=rows.dtype.newbyteorder("<")).data


def _write(file: BinaryIO, weights: Weights, rows: Iterator[npt.NDArray[Any]], metadata: dict[str, str]) -> None:
    """Write a safetensors file row by row: the library would need a third copy of the weights."""
    shape, dtype = [len(weights.w_in), weights.size], weights.w_in.dtype
    size = shape[0] * shape[1] * dtype.itemsize
    header: dict[str, Any] = {"__metadata__": metadata}
    for number, name in enumerate(_TENSORS):
        places = [number * size, (number + 1) * size]
        header[name] = {"dtype": _DTYPES[dtype.name], "shape": shape, "data_offsets": places}
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    file.write(struct.pack("<Q", len(encoded)) + encoded)
    for part in rows:
        file.write(_bytes(part))


def _weights(file: Any, path: Path) -> Weights:
    """Read both matrices, some rows at a time, into aligned ones."""
    matrices = []
    for name in _TENSORS:
        if name not in file.keys():  # noqa: SIM118  (not a dictionary)
            raise DataError(f"{path}: no {name} in it.")
        part = file.get_slice(name)
        rows, size = part.get_shape()
        matrix = aligned_zeros(rows, padded_columns(size, part[:1].dtype), part[:1].dtype)
        for low in range(0, rows, _ROWS_AT_ONCE):
            high = min(low + _ROWS_AT_ONCE, rows)
            matrix[low:high, :size] = part[low:high]
        matrices.append(matrix)
    if matrices[0].shape != matrices[1].shape:
        raise DataError(f"{path}: its matrices differ in shape.")
    return Weights(matrices[0], matrices[1], size)


def _parsed(metadata: dict[str, str], name: str, path: Path) -> Any:
    try:
        return json.loads(metadata[name])
    except (KeyError, ValueError, RecursionError):
        raise DataError(f"{path}: {name} is missing or malformed.") from None
