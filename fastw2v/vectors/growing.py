"""A (V, d) matrix that grows and is copied only when it must be.

It begins as a view of the caller's array. The first change copies it, with room for as many rows again; later changes
write into that copy, unless someone was given a view of it since.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]


class GrowingMatrix:
    """Rows that can change; `view` is what others see of them.

    Args:
        array: (V, d); held as it is until the first change.
    """

    def __init__(self, array: Floats) -> None:
        self._array, self._used, self._ours = array, len(array), False

    @property
    def own_view(self) -> Floats:
        """(V, d) read-only, for whoever does not keep it: later changes may show in it."""
        view = self._array[: self._used]
        view.flags.writeable = False
        return view

    @property
    def view(self) -> Floats:
        """(V, d) read-only, to keep: no later change shows in it."""
        self._ours = False
        return self.own_view

    def append(self, rows: Floats) -> None:
        """Add (n, d) rows at the end."""
        end = self._used + len(rows)
        if not self._ours or end > len(self._array):
            self._copy(2 * end)
        self._array[self._used : end] = rows
        self._used = end

    def replace(self, places: npt.NDArray[np.intp], rows: Floats) -> None:
        """Put (n, d) rows in these places."""
        if not self._ours:
            self._copy(self._used)
        self._array[places] = rows

    def _copy(self, room: int) -> None:
        array = np.empty((room, self._array.shape[1]), dtype=self._array.dtype)
        array[: self._used] = self._array[: self._used]
        self._array, self._ours = array, True
