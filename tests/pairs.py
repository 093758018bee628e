"""The pairs of windows, one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v.batches.windows import Windows, pair_offsets

Words = npt.NDArray[np.int32]


def pair_arrays(windows: Windows) -> tuple[Words, Words, Words]:
    """Return inputs (P,), outputs (P,) and noise (P, K) of all pairs."""
    centre, offset = pair_offsets(windows.left, windows.right)
    at = windows.first + centre
    row = np.arange(len(centre)) if windows.per_pair else windows.noise_row(centre)
    return windows.tokens[at + offset], windows.tokens[at], windows.noise[row]
