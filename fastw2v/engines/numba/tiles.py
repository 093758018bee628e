"""The operations that kernels are made of: SIMD code, or scalar loops without it."""

from __future__ import annotations

from fastw2v.jit.simd_width import vector_bytes

if vector_bytes():
    from fastw2v.engines.numba.tiles_simd import (
        add_row,
        clear_row,
        copy_row,
        prefetch_row,
        pull_row,
        score_tile,
        window_tile,
    )
else:
    from fastw2v.engines.numba.tiles_scalar import (
        add_row,
        clear_row,
        copy_row,
        prefetch_row,
        pull_row,
        score_tile,
        window_tile,
    )

__all__ = ["add_row", "clear_row", "copy_row", "prefetch_row", "pull_row", "score_tile", "window_tile"]
