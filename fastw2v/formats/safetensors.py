"""Vectors as safetensors: the arrays that `arrays` names, in a file that PyTorch, JAX and others map into memory.

Knows `arrays` and the errors; the library safetensors reads.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from fastw2v.errors import DataError, cannot_read
from fastw2v.files.atomic import write_atomically
from fastw2v.formats.mapping import mapped
from fastw2v.formats.named_arrays import VECTORS, Array, check_arrays, from_arrays, to_arrays
from fastw2v.vectors.keyed import WordVectors

_DTYPES = {"F32": "float32", "F64": "float64", "I64": "int64", "U8": "uint8", "F16": "float16", "BF16": "bfloat16"}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_ROWS_AT_ONCE = 4096


def write_safetensors(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write `vectors` to `path`; a file already there is replaced, whole, once the new one is complete.

    Equal vectors give equal bytes. Words keep their type, vectors their dtype.

    Raises:
        DataError: a word that is neither str nor int.
    """
    arrays = to_arrays(vectors)
    write_atomically(path, lambda file: _write(file, arrays))


def read_safetensors(path: str | os.PathLike[str], *, mmap: bool = False) -> WordVectors:
    """Read what `write_safetensors` wrote.

    Args:
        path: the file.
        mmap: map the vectors from the file instead of copying them; words and counts are copied.

    Raises:
        DataError: no safetensors file of these arrays (sizes are held against the file before anything is read); a
            repeated word, or a value that is not finite; float16 vectors to be mapped. The file is named.
    """
    from safetensors import SafetensorError, safe_open

    where = os.fspath(path)
    try:
        with safe_open(where, framework="numpy") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (it is no dict)
            shapes = {
                name: (tuple(part.get_shape()), _DTYPES.get(part.get_dtype(), str(part.get_dtype())))
                for name, part in slices.items()
            }
            check_arrays(shapes, where)
            copied = [name for name in shapes if not (mmap and name == VECTORS)]
            arrays = {name: file.get_tensor(name) for name in copied}
        if mmap:
            arrays[VECTORS] = mapped(path, VECTORS, *shapes[VECTORS])
    except DataError:
        raise
    except OSError as error:
        raise cannot_read(where, error) from error
    except (SafetensorError, ValueError, TypeError, LookupError, OverflowError) as error:
        raise DataError(f"{where}: not a valid safetensors file: {error!s:.100}.") from error
    return from_arrays(arrays, where)


def _write(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write the layout: length of the header, JSON header padded to 8 bytes, the arrays' bytes."""
    header, start = {}, 0
    for name, array in arrays.items():
        end = start + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype.name], "shape": array.shape, "data_offsets": (start, end)}
        start = end
    encoded = json.dumps(header, separators=(",", ":")).encode("ascii")
    encoded += b" " * (-len(encoded) % 8)
    file.write(struct.pack("<Q", len(encoded)) + encoded)
    for array in arrays.values():
        # Trained vectors are padded: a dense copy of all would be a second set in memory.
        for low in range(0, len(array), _ROWS_AT_ONCE):
            rows = array[low : low + _ROWS_AT_ONCE]
            file.write(np.ascontiguousarray(rows, dtype=array.dtype.newbyteorder("<")).data)
