"""The file of one checkpoint: safetensors of both matrices, with JSON texts as metadata.

A SHA-256 over the texts and one over the weights tell a file that is whole from any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy.typing as npt

from fastw2v.engines.weights import Weights, aligned_zeros, padded_columns
from fastw2v.errors import DataError
from fastw2v.files.atomic import write_atomically
from fastw2v.files.safetensors_writer import DTYPES, header, little_endian, write_tensors
from fastw2v.system.row_blocks import ROWS_AT_ONCE, row_blocks

Rows = Iterator[npt.NDArray[Any]]
Texts = dict[str, str]

_TENSORS = ("input_vectors", "output_vectors")
_WEIGHTS, _TEXTS = "weights_sha256", "texts_sha256"


def write(path: Path, weights: Weights, rows: Callable[[], Rows], texts: Mapping[str, str]) -> None:
    """Write a checkpoint; rows() gives the vectors, see `engines.base.Engine.rows`.

    Raises:
        DataError: the system could not write; nothing is left of the file then.
    """
    metadata = {**texts, _WEIGHTS: digest(rows())}
    metadata[_TEXTS] = _digest_of_texts(metadata)
    encoded = header(_matrices(weights), metadata)
    write_atomically(path, lambda file: write_tensors(file, encoded, rows()), follow=False)


def read_texts(path: Path) -> Texts:
    """Return the texts of a checkpoint, as they were written.

    Raises:
        DataError: the file is damaged, or no checkpoint.
    """
    with _opened(path) as file:
        metadata: Texts = file.metadata() or {}
    if metadata.pop(_TEXTS, None) != _digest_of_texts(metadata):
        raise DataError(f"{path}: damaged, or not a checkpoint.")
    return metadata


def read_weights(path: Path, texts: Texts, rows: tuple[int, int], size: int, dtype: str) -> Weights:
    """Return the weights, (rows, size) each, of a checkpoint with these texts; for their alignment see `weights`.

    Raises:
        DataError: the file is damaged, or its weights are of another shape or dtype.
    """
    with _opened(path) as file:
        shapes = zip(_TENSORS, rows, strict=True)
        w_in, w_out = (_matrix(file, name, path, (count, size), dtype) for name, count in shapes)
    weights = Weights(w_in, w_out, size)
    if digest(all_rows(weights)) != texts.get(_WEIGHTS) or not weights.finite():
        raise DataError(f"{path}: damaged; its weights are not those that were saved.")
    return weights


def all_rows(weights: Weights) -> Rows:
    """Yield the input vectors, then the output vectors, some rows at a time."""
    for matrix in _matrices(weights).values():
        yield from row_blocks(matrix)


def _matrices(weights: Weights) -> dict[str, npt.NDArray[Any]]:
    return dict(zip(_TENSORS, (weights.input_vectors, weights.output_vectors), strict=True))


def digest(rows: Rows) -> str:
    """Return the SHA-256 of vectors."""
    sha256 = hashlib.sha256()
    for part in rows:
        sha256.update(little_endian(part))
    return sha256.hexdigest()


def _digest_of_texts(texts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a safetensors file; whatever it makes fail is a DataError."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            yield file
    except DataError:
        raise
    except (SafetensorError, OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path}: not a checkpoint that is whole ({error!s:.100}).") from error


def _matrix(file: Any, name: str, path: Path, shape: tuple[int, int], dtype: str) -> npt.NDArray[Any]:
    """Read a matrix, some rows at a time, into an aligned one."""
    part = file.get_slice(name)
    if tuple(part.get_shape()) != shape or part.get_dtype() != DTYPES[dtype]:
        raise DataError(f"{path}: its {name} are {part.get_shape()} {part.get_dtype()}, not {shape} {dtype}.")
    rows, size = shape
    matrix = aligned_zeros(rows, padded_columns(size, dtype), dtype)
    for low in range(0, rows, ROWS_AT_ONCE):
        high = min(low + ROWS_AT_ONCE, rows)
        matrix[low:high, :size] = part[low:high]
    return matrix
