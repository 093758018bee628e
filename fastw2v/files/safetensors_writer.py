"""Writes the safetensors layout, some rows at a time.

The library makes a second copy of the arrays in memory, or renames a file of its own, readable by its owner alone, over
the one given. Tests hold these bytes against the library's, which reads them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

# NumPy's names of dtypes and those of the layout.
DTYPES = {"float32": "F32", "float64": "F64", "int64": "I64", "uint8": "U8", "float16": "F16", "bfloat16": "BF16"}


def header(arrays: Mapping[str, npt.NDArray[Any]], metadata: Mapping[str, str] | None = None) -> bytes:
    """Return the JSON header of arrays that follow each other, padded to 8 bytes; only shapes and dtypes are read."""
    entries: dict[str, Any] = {} if metadata is None else {"__metadata__": dict(metadata)}
    start = 0
    for name, array in arrays.items():
        end = start + array.nbytes
        entries[name] = {"dtype": DTYPES[array.dtype.name], "shape": array.shape, "data_offsets": (start, end)}
        start = end
    encoded = json.dumps(entries, separators=(",", ":")).encode("ascii")
    return encoded + b" " * (-len(encoded) % 8)


def write_tensors(file: BinaryIO, encoded: bytes, rows: Iterable[npt.NDArray[Any]]) -> None:
    """Write the length of the header, the header, and the arrays' rows in its order."""
    file.write(struct.pack("<Q", len(encoded)) + encoded)
    for part in rows:
        file.write(little_endian(part))


def little_endian(rows: npt.NDArray[Any]) -> memoryview:
    """Return the bytes of rows as the layout has them: dense, little-endian."""
    return np.ascontiguousarray(rows, dtype=rows.dtype.newbyteorder("<")).data
