"""The history file of a run: one record per epoch, readable while training goes on.

    OUTPUT/checkpoints/history.jsonl    of the run under way, or of one that was cut off: one JSON object a line, put
                                        there anew, whole, as the run begins and after each epoch
    OUTPUT/history.json                 of the finished model, which the former gives way to

It shows what a run does and is no part of what it goes on from: where it cannot be written, that is said, and training
goes on.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastw2v.errors import DataError, UsageError
from fastw2v.files.atomic import remove_abandoned, write_atomically
from fastw2v.files.json_files import LARGEST_JSON
from fastw2v.files.replacing import place
from fastw2v.messages.callers import by_caller
from fastw2v.saved_model import storage
from fastw2v.training.checkpoints import FOLDER, HISTORY
from fastw2v.training.run_state import EpochRecord

LIVE = HISTORY

logger = logging.getLogger(__name__)


class LiveHistory:
    """The history of the run that will save its model to `output`."""

    def __init__(self, output: Path) -> None:
        self.path = output / FOLDER / LIVE
        self._output, self._is_new, self._told = output, not output.exists(), False

    def write(self, history: Sequence[EpochRecord]) -> None:
        """Put the records so far in the place of those before; a `trainer.Note`."""
        content = "".join(json.dumps(record.as_dict()) + "\n" for record in history).encode("ascii")
        try:
            _refuse_links(self.path)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # All of them each time, which is safe and simple: 200 kB after 1,000 epochs.
            write_atomically(self.path, lambda file: file.write(content), follow=False)
        except (OSError, DataError, UsageError) as error:
            if not self._told:
                logger.warning("the history cannot be kept while training runs: %s", error)
            self._told = True

    def discard(self) -> None:
        """Remove the file, and the folders made for it where they are empty without it."""
        with contextlib.suppress(OSError, DataError):
            _refuse_links(self.path)
            self.path.unlink(missing_ok=True)
            remove_abandoned(self.path.parent)
            self.path.parent.rmdir()
            if self._is_new:
                self._output.rmdir()


def read_history(directory: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Return the history of the run that trains to `directory`, so far, or else that of the model there.

    A run that was cut off counts as one that trains. May be called at any time: records are whole.

    Examples:
        >>> from fastw2v import Word2Vec, read_history
        >>> model = Word2Vec(vector_size=8, epochs=2).fit("corpus.txt", output="trained")
        >>> [record["epoch"] for record in read_history("trained")]
        [1, 2]

    Returns:
        One dict an epoch: epoch, loss and validation_loss (means over pairs, or None), learning_rate, pairs, seconds,
        words_per_second; and evaluation, where files were given to evaluate on. Before the first epoch's end: [].

    Raises:
        UsageError: there is neither a run nor a model.
        DataError: the file is damaged, or cannot be read.
    """
    directory = Path(directory)
    live = directory / FOLDER / LIVE
    # A run may end, and its model take its place, between one look and the next.
    for _ in range(2):
        content = _content(live)
        if content is not None:
            return _records(live, _lines, content)
        if storage.holds_model(directory):
            path = place(directory, storage.HISTORY)
            content = _content(path)
            if content is not None:
                return _records(path, json.loads, content)
    raise UsageError(
        f"{directory} holds no history: no run has begun there, and no model was saved. "
        f"Give the {by_caller('--output', 'output')} of a run, or the directory of a model."
    )


def _content(path: Path) -> bytes | None:
    """Return the bytes of a file; None where there is none."""
    _refuse_links(path)
    if not path.exists():
        return None
    if not path.is_file():  # a pipe would have one wait
        raise DataError(f"{path} is no file; it must be one.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_JSON + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror or error}.") from error
    if len(content) > LARGEST_JSON:
        raise DataError(f"{path}: larger than the {LARGEST_JSON:,} bytes that a history may have.")
    return content


def _refuse_links(path: Path) -> None:
    """Raise DataError where the file of a history, or the folder of checkpoints, is a link: it may lead anywhere."""
    for part in (path.parent, path) if path.name == LIVE else (path,):
        if part.is_symlink():
            raise DataError(f"{part} is a link, which could lead to any file; remove it, or give another directory.")


def _records(path: Path, parse: Callable[[bytes], Any], content: bytes) -> list[dict[str, Any]]:
    try:
        values = parse(content)
        if not isinstance(values, list):
            raise ValueError("not a list")
        return [EpochRecord.from_dict(record).as_dict() for record in values]
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: the history is malformed ({error!s:.80}).") from None


def _lines(content: bytes) -> list[Any]:
    return [json.loads(line) for line in content.splitlines()]
