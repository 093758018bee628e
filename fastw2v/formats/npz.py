"""Vectors as NumPy's .npz, readable by `numpy.load(path)` without pickle.

Written uncompressed, since trained vectors shrink by a few per cent only; compressed ones are read too. The header of
an array is one line of text, and is matched, not evaluated.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from typing import IO, Any, cast

import numpy as np

from fastw2v.errors import DataError
from fastw2v.files.atomic import write_atomically
from fastw2v.formats.named_arrays import STRINGS, Array, check_arrays, from_arrays, to_arrays
from fastw2v.formats.vector_reader import MOST_INFLATED, opened
from fastw2v.messages.printable import plural
from fastw2v.vectors.keyed import WordVectors

# Version 1.0 of the format: these bytes, two for the length of the header, the header.
_MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '([<>|][a-zA-Z]\d{0,6})', 'fortran_order': (False|True), "
    rb"'shape': \((|\d{1,15},|\d{1,15}(?:, \d{1,15})+)\), \} *\n"
)
_AT_ONCE = 1 << 20
# What the libraries raise for a file that is no such archive.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, ValueError, TypeError, LookupError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def write_npz(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write `vectors` to `path`; a file already there is replaced, whole, once the new one is complete.

    Equal vectors give equal bytes with one version of NumPy. Words keep their type, vectors their dtype.

    Raises:
        DataError: a word that is neither str nor int.
    """
    arrays = to_arrays(vectors)
    write_atomically(path, lambda file: np.savez(file, **cast("dict[str, Any]", arrays)))


def read_npz(path: str | os.PathLike[str]) -> WordVectors:
    """Read what `write_npz` wrote, or `numpy.savez_compressed` from the same arrays; words may be an array of strings.

    Raises:
        DataError: no zip of these arrays; more is promised than the file can hold (nothing is allocated then); a
            repeated word, or a value that is not finite. The file is named.
    """
    with opened(path) as source:
        try:
            with zipfile.ZipFile(source.file) as archive:
                return _read(archive, source.name, source.stored)
        except _FAULTS as error:
            if isinstance(error, DataError):
                raise
            raise DataError(f"{source.name}: not a valid .npz file: {error!s:.100}.") from None


def _read(archive: zipfile.ZipFile, where: str, stored: int) -> WordVectors:
    members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
    if len(members) < len(archive.infolist()):
        raise DataError(f"{where}: two arrays have one name.")
    headers = {}
    for name, info in members.items():
        if info.compress_type not in _METHODS or info.file_size > stored * MOST_INFLATED:
            raise DataError(f"{where}: {name!r:.60} is compressed in a way that is not NumPy's, or too large.")
        with archive.open(info) as file:
            headers[name] = _header(file, f"{where}: {name:.60}")
    check_arrays({name: (shape, _name(dtype)) for name, (shape, dtype, _) in headers.items()}, where)
    arrays = {}
    for name, info in members.items():
        with archive.open(info) as file:
            arrays[name] = _array(file, info.file_size, f"{where}: {name}")
    return from_arrays(arrays, where)


def _header(file: IO[bytes], where: str) -> tuple[tuple[int, ...], np.dtype[np.generic], bool]:
    """Read the header of an array: shape, dtype, and whether columns follow each other in the file."""
    start = file.read(len(_MAGIC) + 2)
    line = file.read(int.from_bytes(start[-2:], "little")) if start.startswith(_MAGIC) else b""
    match = _HEADER.fullmatch(line)
    if match is None:
        raise DataError(f"{where}: not an array of numbers as NumPy writes it (version 1.0 of .npy).")
    if match[1] == b"|O":
        raise DataError(f"{where}: holds pickled Python objects, which are never loaded; words may have dtype=str.")
    shape = tuple(int(size) for size in match[3].split(b",") if size)
    return shape, np.dtype(match[1].decode("ascii")), match[2] == b"True"


def _name(dtype: np.dtype[Any]) -> str:
    return STRINGS if dtype.kind == "U" else dtype.name


def _array(file: IO[bytes], size: int, where: str) -> Array:
    """Read an array, header and all, of `size` bytes."""
    shape, dtype, by_columns = _header(file, where)
    count = 1
    for length in shape:
        count *= length
    if count * dtype.itemsize != size - file.tell():
        raise DataError(f"{where}: shape {shape} of {dtype.name} is not what {size:,} bytes hold.")
    array = np.empty(count, dtype=dtype)
    room, filled = array.view(np.uint8), 0
    while block := file.read(_AT_ONCE):
        room[filled : filled + len(block)] = np.frombuffer(block, dtype=np.uint8)
        filled += len(block)
    if filled < len(room):  # a stored member may claim to be larger than what is there
        raise DataError(f"{where}: the file ends after {filled:,} of {plural(len(room), 'byte')}.")
    array = array.astype(dtype.newbyteorder("="), copy=False)
    return array.reshape(shape[::-1]).T if by_columns else array.reshape(shape)
