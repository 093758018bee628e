"""Iterate over the rows of a matrix in blocks: a copy of the whole would be another matrix in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt

# A multiple of the rows that are laid out together; see `split_rows`.
ROWS_AT_ONCE = 4096


def row_blocks(matrix: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """Yield views of ROWS_AT_ONCE rows, the last one of fewer."""
    for low in range(0, len(matrix), ROWS_AT_ONCE):
        yield matrix[low : low + ROWS_AT_ONCE]
