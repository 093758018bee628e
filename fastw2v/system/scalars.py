"""Convert NumPy scalars to Python's, where a setting, a count or an item comes from an array."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """Return a NumPy scalar, or an array of no dimension, as the Python value that it holds; all else as it is.

    `np.int64(5)` becomes 5, `np.str_("a")` "a", `np.bool_(True)` True. `np.float32(0.1)` becomes the float that it
    holds, 0.10000000149011612.
    """
    return value.item() if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0 else value
