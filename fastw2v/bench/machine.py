"""Describe the machine and the versions, for every report."""

from __future__ import annotations

import datetime
import importlib
import os
import platform
from pathlib import Path

import numpy as np

from fastw2v.system.threads import processors
from fastw2v.version import __version__

_CPUINFO = Path("/proc/cpuinfo")


def describe() -> dict[str, str]:
    """Return what numbers depend on, by name: date, processor, cores, operating system and versions."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": _processor(),
        "cores": f"{processors()} usable of {os.cpu_count() or 1}",
        "system": f"{platform.system()} {platform.machine()}",
        "fastw2v": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        **_compiler(),
    }


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
    """Return what compiles the kernels, and for which processor; or that nothing does."""
    try:
        versions = importlib.import_module("fastw2v.jit.versions").versions()
    except ImportError as error:
        return {"numba": f"cannot be imported: {error}"}
    return {"target" if name == "processor" else name: value for name, value in versions.items()}
