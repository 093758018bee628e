"""Memory-map tensors of a safetensors file as read-only arrays.

For files whose header the library safetensors has checked.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UsageError

_MAPPED = {"float32": ("F32", "<f4"), "float64": ("F64", "<f8")}


def checked_mmap(mmap: bool | str | None) -> bool:
    """Return whether arrays are to be mapped: True, or gensim's "r", which is the one mode here."""
    if mmap not in (True, False, None, "r"):
        raise UsageError(f"mmap must be True or 'r', which map read-only, or None to copy. Got {mmap!r:.40}.")
    return bool(mmap)


def mapped(path: str | os.PathLike[str], name: str, shape: tuple[int, ...], dtype: str) -> npt.NDArray[Any]:
    """Return a tensor of a file, mapped read-only.

    Args:
        path: the file.
        name: of the tensor.
        shape: what the library says of it, as is `dtype`; the file is held against both.
        dtype: float32 or float64.

    Raises:
        DataError: another dtype, or a header that says otherwise.
        OSError: the file cannot be opened.
    """
    if dtype not in _MAPPED:
        raise DataError(f"{path}: {name} of {dtype:.20} cannot be mapped, float32 and float64 can; leave out mmap.")
    written, native = _MAPPED[dtype]
    try:
        with Path(path).open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            match json.loads(file.read(length))[name]:
                case {"dtype": told, "shape": list(sizes), "data_offsets": [int(start), int()]}:
                    if told == written and tuple(sizes) == shape and start >= 0:
                        return np.asarray(np.memmap(file, native, "r", 8 + length + start, shape))
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        pass
    raise DataError(f"{path}: the header does not say where {name} is; the file is damaged.")
