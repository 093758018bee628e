"""Column split for two threads: the halves of all rows moved apart in place, and back.

A row's halves lie side by side. Hardware prefetchers load the neighbours of the lines that are read, so two threads
that each keep to a half still took each other's cache lines: two took three times as long as one. So for an epoch the
first halves of GROUP rows go before their second halves: 64 rows x 64 bytes = one 4 KiB page, and hardware prefetchers
stop at page boundaries.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v.engines.weights import Matrix
from fastw2v.jit.simd_width import LINE_BYTES

GROUP = 64


def middle_line(matrix: Matrix) -> int:
    """Return how many of a row's lines are in its first half; the second is the larger one: it ends with padding."""
    return max(1, matrix.strides[0] // LINE_BYTES // 2)


def separate(matrix: Matrix) -> None:
    """Move the halves of rows apart, in place."""
    cut = middle_line(matrix) * LINE_BYTES
    for rows in _groups(matrix):
        both = rows.copy()
        flat = rows.reshape(-1)
        flat[: both.shape[0] * cut] = both[:, :cut].reshape(-1)
        flat[both.shape[0] * cut :] = both[:, cut:].reshape(-1)


def join(matrix: Matrix) -> None:
    """Undo `separate`, in place."""
    cut = middle_line(matrix) * LINE_BYTES
    for rows in _groups(matrix):
        flat = rows.reshape(-1).copy()
        rows[:, :cut] = flat[: rows.shape[0] * cut].reshape(-1, cut)
        rows[:, cut:] = flat[rows.shape[0] * cut :].reshape(rows.shape[0], -1)


def _groups(matrix: Matrix) -> list[npt.NDArray[np.uint8]]:
    """Return the bytes of GROUP rows at a time, the last ones fewer: views (rows, bytes of a row)."""
    rows = matrix.view(np.uint8)
    return [rows[start : start + GROUP] for start in range(0, len(rows), GROUP)]
