"""The two weight matrices: allocation (aligned, padded rows) and their initial values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.draws.randomness import SCALE, WEIGHTS, draw_range
from fastw2v.settings import Settings
from fastw2v.system.row_blocks import ROWS_AT_ONCE, row_blocks

# Rows start on cache lines and vectors of the widest processors: aligned rows more than halved the kernel's time.
ALIGNMENT = 64
_PAGE = 4096

Matrix = npt.NDArray[Any]


@dataclass(frozen=True)
class Weights:
    """Input and output vectors, (rows, columns) each; columns past `size` are padding, zero, and stay zero.

    The objective says how many rows each has: with skip-gram and negative sampling V, one a word.
    """

    w_in: Matrix
    w_out: Matrix
    size: int

    def __post_init__(self) -> None:
        # Compiled kernels load whole aligned chunks: anything else would read and write where nothing is its own.
        for matrix in (self.w_in, self.w_out):
            if matrix.strides[0] % ALIGNMENT or matrix.ctypes.data % ALIGNMENT or not matrix.flags.c_contiguous:
                raise ValueError(f"Rows of weights must be padded and aligned to {ALIGNMENT} bytes; see aligned_zeros.")

    @property
    def input_vectors(self) -> Matrix:
        """The input vectors, (rows of W_in, size), a view."""
        return self.w_in[:, : self.size]

    @property
    def output_vectors(self) -> Matrix:
        """The output vectors, (rows of W_out, size), a view."""
        return self.w_out[:, : self.size]

    def copy(self) -> Weights:
        """Return weights of their own with the same values."""
        w_in, w_out = (aligned_zeros(len(matrix), matrix.shape[1], matrix.dtype) for matrix in (self.w_in, self.w_out))
        w_in[:], w_out[:] = self.w_in, self.w_out
        return Weights(w_in, w_out, self.size)

    def finite(self) -> bool:
        """Whether no value is NaN or infinite."""
        return all(bool(np.isfinite(block).all()) for block in self._blocks())

    def longest(self) -> float:
        """Return the L2 norm of the longest row of both matrices."""
        squares = (float(np.einsum("ij,ij->i", block, block).max(initial=0)) for block in self._blocks())
        return math.sqrt(max(squares, default=0.0))

    def _blocks(self) -> Iterator[Matrix]:
        """Yield the rows of both matrices, some megabytes at a time."""
        for matrix in (self.w_in, self.w_out):
            yield from row_blocks(matrix)


def aligned_zeros(rows: int, columns: int, dtype: npt.DTypeLike) -> Matrix:
    """Return zeros (rows, columns) that start on a page of memory, and so at a multiple of ALIGNMENT bytes."""
    kind = np.dtype(dtype)
    raw = np.zeros(rows * columns * kind.itemsize + _PAGE, dtype=np.uint8)
    skip = -raw.ctypes.data % _PAGE
    return raw[skip : skip + rows * columns * kind.itemsize].view(kind).reshape(rows, columns)


def padded_columns(size: int, dtype: npt.DTypeLike) -> int:
    """Return the columns of a padded row: the next multiple of ALIGNMENT bytes."""
    lanes = ALIGNMENT // np.dtype(dtype).itemsize
    return -(-size // lanes) * lanes


def initial_weights(rows: int | tuple[int, int], settings: Settings) -> Weights:
    """Draw W_in as `settings.init` says; W_out starts at zero. The same values for every engine.

    rows: of W_in and of W_out, or one number for both.

    uniform: +-1 / (2 d), as word2vec.c; xavier: +-sqrt(6 / (rows + d)) (Glorot and Bengio 2010); he: +-sqrt(6 / d)
    (He et al. 2015). Value (row, column) is made from draw number row * d + column.
    """
    rows_in, rows_out = (rows, rows) if isinstance(rows, int) else rows
    size = settings.vector_size
    columns = padded_columns(size, settings.dtype)
    weights = Weights(
        aligned_zeros(rows_in, columns, settings.dtype), aligned_zeros(rows_out, columns, settings.dtype), size
    )
    half_width = {"uniform": 0.5 / size, "xavier": (6 / (rows_in + size)) ** 0.5, "he": (6 / size) ** 0.5}[
        settings.init
    ]
    for start in range(0, rows_in, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, rows_in)
        unit = draw_range(settings.seed, 0, WEIGHTS, start * size, stop * size) / SCALE
        weights.w_in[start:stop, :size] = ((2 * unit - 1) * half_width).reshape(-1, size)
    return weights
