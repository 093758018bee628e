"""Versions of the compiler and width of registers, which the same bits depend on."""

from __future__ import annotations

import llvmlite.binding
import numba

from fastw2v.jit.simd_width import vector_bytes


def versions() -> dict[str, str]:
    """Return the compiler's versions, the width of its vectors and the processor that it compiles for, by name."""
    return {
        "numba": numba.__version__,
        "llvm": ".".join(map(str, llvmlite.binding.llvm_version_info)),
        "vector bytes": str(vector_bytes()),
        "processor": str(llvmlite.binding.get_host_cpu_name()),
    }
