"""Machine and versions, described in one place for whatever prints numbers.

Imports of the package its version only.
"""

from __future__ import annotations

import datetime
import importlib
import os
import platform
from pathlib import Path

import numpy as np

from fastw2v import __version__

_CPUINFO = Path("/proc/cpuinfo")


def describe() -> dict[str, str]:
    """Return what numbers depend on, by name: date, processor, cores, operating system and versions."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": _processor(),
        "cores": f"{usable_cores()} usable of {os.cpu_count() or 1}",
        "system": f"{platform.system()} {platform.machine()}",
        "fastw2v": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        **_compiler(),
    }


def usable_cores() -> int:
    """Return the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def text() -> str:
    """Return the description, one name and value a line."""
    return "\n".join(f"{name:<10} {value}" for name, value in describe().items())


def _processor() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _compiler() -> dict[str, str]:
    """Return the versions of numba and LLVM and the processor LLVM compiles for; or that there is none."""
    try:
        numba = importlib.import_module("numba")
        binding = importlib.import_module("llvmlite.binding")
    except ImportError as error:
        return {"numba": f"cannot be imported: {error}"}
    return {
        "numba": str(numba.__version__),
        "llvm": ".".join(map(str, binding.llvm_version_info)),
        "target": str(binding.get_host_cpu_name()),
    }
