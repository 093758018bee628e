"""The width of SIMD registers that kernels are written for.

It follows the processor that numba compiles for, so numba's own settings (NUMBA_CPU_NAME, NUMBA_CPU_FEATURES) change
it too. Bits depend on it: a model records it.
"""

from __future__ import annotations

import functools
import os

import llvmlite.binding
import numba

# What rows are aligned to and cut by: cache lines, which are also the widest registers.
LINE_BYTES = 64
# The setting that overrides the width; 0 takes plain loops instead of explicit vector code.
SETTING = "FASTW2V_VECTOR_BYTES"
_WIDTHS = (0, 16, 32, 64)


@functools.cache
def vector_bytes() -> int:
    """Return the bytes of a vector: 64 with AVX-512, 32 with AVX, else 16 (SSE, NEON); 0: no explicit vectors.

    Raises:
        ImportError: the setting is none of these; the numba engine then says why it cannot be used.
    """
    chosen = os.environ.get(SETTING)
    if chosen is not None:
        if chosen not in map(str, _WIDTHS):
            raise ImportError(f"{SETTING} must be one of {', '.join(map(str, _WIDTHS))}. Got {chosen!r}.")
        return int(chosen)
    features = _features()
    if "avx512f" in features:
        return 64
    return 32 if "avx" in features else 16


def _features() -> set[str]:
    """Return the features of the processor that numba compiles for."""
    if numba.config.CPU_FEATURES is not None:
        return {name[1:] for name in numba.config.CPU_FEATURES.split(",") if name.startswith("+")}
    if numba.config.CPU_NAME == "generic":
        return set()
    return {name for name, has in llvmlite.binding.get_host_cpu_features().items() if has}
