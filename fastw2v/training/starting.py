"""Initial vectors from a file or model (`init_from`): words found in it start with its vectors.

They come from a model directory, with their output vectors, or from a file of vectors of any form, whose words start
with output vectors of zero as in any run.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.errors import DataError, MissingFileError, UsageError, cannot_read
from fastw2v.files.digest import file_sha256
from fastw2v.files.replacing import place
from fastw2v.formats.projector import VECTORS, is_projector
from fastw2v.formats.vector_files import read_vectors
from fastw2v.messages.addresses import refuse_address
from fastw2v.messages.callers import given
from fastw2v.messages.printable import plural
from fastw2v.saved_model import storage
from fastw2v.saved_model.settings_of import settings_of
from fastw2v.settings import Settings
from fastw2v.system.row_blocks import ROWS_AT_ONCE
from fastw2v.vectors.keyed import WordVectors


@dataclass(frozen=True)
class GivenVectors:
    """Vectors to begin with.

    Attributes:
        name: of the file or directory, without its folders.
        sha256: of the file, or of the weights file of the directory.
        vectors: V words with their input vectors, (V, d).
        output_vectors: (V, d), or None: there are none.
    """

    name: str
    sha256: str
    vectors: WordVectors
    output_vectors: npt.NDArray[Any] | None

    def check(self, settings: Settings) -> None:
        """Raise UsageError where a run of these settings has vectors of another length."""
        size = self.vectors.vector_size
        if settings.vector_size != size:
            raise UsageError(
                f"The vectors of {self.name} have {plural(size, 'dimension')}. Got vector_size "
                f"{settings.vector_size}; {given('vector_size', size)} would work."
            )

    def weights(self, vocabulary: Vocabulary, settings: Settings) -> Weights:
        """Return what the run begins with, in the dtype of the settings.

        Raises:
            DataError: no word of the vocabulary is among those given, or a value is too large for the dtype.
        """
        rows, own = self._rows(vocabulary)
        if not len(rows):
            raise DataError(
                f"None of the {plural(len(vocabulary), 'word')} to train is among the {len(self.vectors):,} of "
                f"{self.name}; vectors of the same language, written in the same way (lower case), would work."
            )
        objective = objectives.make(settings, vocabulary.counts)
        weights = initial_weights(objective.shapes(len(vocabulary)), settings)
        _copy(self.vectors.vectors, own, weights.input_vectors, rows)
        if self.output_vectors is not None and objective.outputs.rows_are_words:
            _copy(self.output_vectors, own, weights.output_vectors, rows)
        if not weights.finite():
            raise DataError(
                f"{self.name} holds values too large for {settings.dtype}; {given('dtype', 'float64')} would work."
            )
        return weights

    def found(self, vocabulary: Vocabulary) -> int:
        """Return how many words of the vocabulary are among those given."""
        return len(self._rows(vocabulary)[0])

    def provenance(self, vocabulary: Vocabulary) -> dict[str, Any]:
        """Return what a model keeps of them."""
        return {"name": self.name, "sha256": self.sha256, "words": self.found(vocabulary)}

    def _rows(self, vocabulary: Vocabulary) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the rows of the vocabulary's words that are among those given, and their rows there."""
        known = self.vectors.key_to_index
        # A file has numbers as text.
        both = [
            (row, known[key])
            for row, word in enumerate(vocabulary.words)
            if (key := word if word in known else str(word)) in known
        ]
        rows = np.array(both, dtype=np.int64).reshape(-1, 2)
        return rows[:, 0], rows[:, 1]


def read_given(given: Any) -> GivenVectors:
    """Read a model directory, or a file of vectors in any format that `read_vectors` knows.

    Or take vectors as given: `KeyedVectors`, or what has them as `wv`, as a model does.

    Raises:
        UsageError: there is nothing of the kind.
        DataError: it is damaged.
    """
    if isinstance(given, GivenVectors):
        return given
    if isinstance(given, (str, os.PathLike)):
        return _read(Path(given))
    vectors = getattr(given, "wv", given)
    if not isinstance(vectors, WordVectors):
        what = f"{type(vectors).__module__}.{type(vectors).__qualname__}"
        raise UsageError(f"init_from must be a path, a model or KeyedVectors (from_gensim makes them). Got {what:.60}.")
    sha256 = hashlib.sha256(np.ascontiguousarray(vectors.vectors).data).hexdigest()
    return GivenVectors("vectors in memory", sha256, vectors, None)


def _read(path: Path) -> GivenVectors:
    if is_projector(path):
        return GivenVectors(path.resolve().name, _sha256(path / VECTORS), read_vectors(path), None)
    if path.is_dir():
        saved = storage.load_model(path)
        settings_of(saved, path)  # refuses weights that are not of its objective
        sha256 = _sha256(place(path, storage.WEIGHTS))
        own = WordVectors(saved.words, saved.w_in[: len(saved.words)])
        return GivenVectors(path.resolve().name, sha256, own, saved.w_out)
    return GivenVectors(path.name, _sha256(path), read_vectors(path), None)


def _copy(source: npt.NDArray[Any], own: npt.NDArray[np.int64], target: npt.NDArray[Any], rows: Any) -> None:
    """Copy some rows at a time: of a large file no second copy."""
    with np.errstate(over="ignore"):  # what becomes infinite is looked for afterwards
        for low in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(low, low + ROWS_AT_ONCE)
            target[rows[part]] = source[own[part]]


def _sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except FileNotFoundError:
        refuse_address(path)
        raise MissingFileError(
            f"There is no file or directory {path}; give a model's directory or a file of vectors."
        ) from None
    except OSError as error:
        raise cannot_read(path, error) from error
