"""Read and write a model's weights and vocabulary.

Nothing is unpickled. A reader is given the size it may believe and refuses anything else with a DataError
that names the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError
from fastw2v.files.json_files import parsed
from fastw2v.files.safetensors_writer import DTYPES, header, write_tensors
from fastw2v.formats.mapping import mapped
from fastw2v.messages.printable import plural
from fastw2v.system.row_blocks import row_blocks
from fastw2v.vectors.nearest import Floats, first_non_finite_row

Word = str | int

_LONGEST_VOCABULARY_LINE = 2**20
_TENSORS = ("input_vectors", "output_vectors")
_DTYPES = {name: DTYPES[name] for name in ("float32", "float64")}


# Weights


def check_weights(w_in: Floats, w_out: Floats, rows: tuple[int, int], where: str) -> None:
    """Raise DataError unless they are finite float32 or float64 arrays of so many rows, of one width and dtype."""
    for name, array, size in zip(_TENSORS, (w_in, w_out), rows, strict=True):
        if array.dtype.name not in _DTYPES or array.ndim != 2 or 0 in array.shape:
            raise DataError(
                f"{where}: {name} must be (V, d) float32 or float64, V and d at least 1. "
                f"Got shape {array.shape}, {array.dtype}."
            )
        if len(array) != size:
            raise DataError(f"{where}: {name} needs {plural(size, 'row')}. Got {len(array):,}.")
        row = first_non_finite_row(array)
        if row is not None:
            raise DataError(f"{where}: {name} holds a value that is not finite, in row {row}.")
    if w_in.shape[1] != w_out.shape[1] or w_in.dtype != w_out.dtype:
        raise DataError(
            f"{where}: both weights must be alike. Got {w_in.shape} {w_in.dtype} and {w_out.shape} {w_out.dtype}."
        )


def write_weights(file: BinaryIO, w_in: Floats, w_out: Floats) -> None:
    """Write both weights as safetensors."""
    arrays = dict(zip(_TENSORS, (w_in, w_out), strict=True))
    write_tensors(file, header(arrays), (rows for array in arrays.values() for rows in row_blocks(array)))


def read_weights(path: Path, rows: tuple[int, int], mmap: bool = False) -> tuple[Floats, Floats]:
    """Read both weights, (rows, d) each, finite, or map them. Raises DataError, where it can before anything is read.

    Args:
        path: the file.
        rows: how many W_in and W_out have.
        mmap: map them from the file, read-only, instead of copying them.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            names = sorted(file.keys())
            if names != sorted(_TENSORS):
                raise DataError(f"{path}: must hold {' and '.join(_TENSORS)}. Got {', '.join(names):.80}.")
            for name, size in zip(_TENSORS, rows, strict=True):
                _check_tensor(file.get_slice(name), name, size, str(path))
            w_in, w_out = (_mapped(path, file, name) if mmap else file.get_tensor(name) for name in _TENSORS)
    except DataError:
        raise
    except (SafetensorError, ValueError, TypeError, LookupError, OverflowError) as error:
        raise DataError(f"{path}: not a valid safetensors file: {error!s:.100}.") from error
    check_weights(w_in, w_out, rows, str(path))
    return w_in, w_out


def _mapped(path: Path, file: Any, name: str) -> Floats:
    part = file.get_slice(name)
    dtypes = {written: dtype for dtype, written in _DTYPES.items()}
    return mapped(path, name, tuple(part.get_shape()), dtypes[part.get_dtype()])


def _check_tensor(part: Any, name: str, size: int, where: str) -> None:
    shape, dtype = part.get_shape(), part.get_dtype()
    if dtype not in _DTYPES.values() or len(shape) != 2 or 0 in shape:
        raise DataError(
            f"{where}: {name} must be (V, d) float32 or float64, V and d at least 1. Got shape {shape!s:.60}, {dtype}."
        )
    if shape[0] != size:
        raise DataError(f"{where}: {name} needs {plural(size, 'row')}. Got {shape[0]:,}.")


# Vocabulary


def vocabulary_lines(words: Sequence[Word], counts: npt.NDArray[np.int64]) -> bytearray:
    """One JSON array ["word", count] a line; strings and integers stay apart by their JSON type.

    Raises:
        DataError: an item that is neither str nor int, a repeated one, or counts that are not V integers >=
        0.
    """
    if counts.shape != (len(words),) or counts.dtype.kind not in "iu" or np.any(counts < 0):
        raise DataError(f"counts must be {len(words):,} integers >= 0. Got shape {counts.shape}, {counts.dtype}.")
    # One buffer: a bytes object a line took five times as much.
    lines = bytearray()
    for word, count in zip(words, counts, strict=True):
        lines += _vocabulary_line(word, int(count))
    # Hashes first: they take 8 bytes a word, a set takes 34.
    hashes = np.fromiter(map(hash, words), dtype=np.int64, count=len(words))
    hashes.sort()
    if np.any(hashes[1:] == hashes[:-1]) and len(set(words)) < len(words):
        raise DataError("The vocabulary to save has the same word twice; words must differ.")
    return lines


def read_vocabulary(path: Path, size: int) -> tuple[list[Word], npt.NDArray[np.int64]]:
    """Read exactly `size` distinct words and their counts. Raises DataError with file and line."""
    words: dict[Word, int] = {}
    counts = []
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST_VOCABULARY_LINE):
            number += 1
            if number > size:
                raise DataError(f"{path}: more lines than the {plural(size, 'word')} of the model.")
            word, count = _parsed_vocabulary_line(line, f"{path}, line {number}")
            if words.setdefault(word, number) != number:
                raise DataError(f"{path}, line {number}: the word {word!r:.60} occurred in line {words[word]}.")
            counts.append(count)
    if number < size:
        raise DataError(f"{path}: {plural(number, 'line')} for the {plural(size, 'word')} of the model.")
    return list(words), np.array(counts, dtype=np.int64)


def _vocabulary_line(word: Word, count: int) -> bytes:
    if isinstance(word, bool) or not isinstance(word, (str, int)):
        raise DataError(
            f"The item {word!r:.60} of type {type(word).__name__} cannot be saved; items must be str or int."
        )
    if isinstance(word, int) and word.bit_length() > 10_000:  # Python itself writes no number of 4300 digits
        raise DataError("An integer of more than 3,000 digits cannot be saved as a word.")
    try:
        line = json.dumps([word, count], ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair: only an escape can hold it
        line = json.dumps([word, count]).encode("ascii") + b"\n"
    if len(line) >= _LONGEST_VOCABULARY_LINE:
        raise DataError(f"The word {word!r:.60} takes more than {_LONGEST_VOCABULARY_LINE:,} bytes.")
    return line


def _parsed_vocabulary_line(line: bytes, where: str) -> tuple[Word, int]:
    match parsed(line, where):
        case [str() | int() as word, int() as count] if not isinstance(word, bool) and 0 <= count < 2**63:
            if not isinstance(count, bool):
                return word, count
    raise DataError(f'{where}: expected ["word", count], such as ["happy", 12]. Got {line[:60]!r}.')
