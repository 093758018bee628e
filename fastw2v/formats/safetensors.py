"""Vectors as safetensors: the arrays of `named_arrays`, in a file that PyTorch, JAX and others map into memory.

The library safetensors reads it; `files.safetensors_writer` writes it.
"""

from __future__ import annotations

import os

from fastw2v.errors import DataError, cannot_read
from fastw2v.files.atomic import write_atomically
from fastw2v.files.safetensors_writer import DTYPES, header, write_tensors
from fastw2v.formats.mapping import mapped
from fastw2v.formats.named_arrays import VECTORS, check_arrays, from_arrays, to_arrays
from fastw2v.system.row_blocks import row_blocks
from fastw2v.vectors.keyed import WordVectors

_DTYPES = {written: name for name, written in DTYPES.items()}


def write_safetensors(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write `vectors` to `path`; a file already there is replaced, whole, once the new one is complete.

    Equal vectors give equal bytes. Words keep their type, vectors their dtype.

    Raises:
        DataError: a word that is neither str nor int.
    """
    arrays = to_arrays(vectors)
    rows = (part for array in arrays.values() for part in row_blocks(array))
    write_atomically(path, lambda file: write_tensors(file, header(arrays), rows))


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
