"""Memory that this process holds and that it may still take, as the system reports it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

from fastw2v.system import control_groups

_MEMINFO = Path("/proc/meminfo")
_STATM = Path("/proc/self/statm")
_CGROUP, _CGROUPS = control_groups.OWN, control_groups.TOP
_LIMITS = {1: ("memory.limit_in_bytes", "memory.usage_in_bytes"), 2: ("memory.max", "memory.current")}


def available() -> int | None:
    """Return how many more bytes this process can hold; None where the system does not say."""
    known = []
    for find in (_free, _left_in_group, _left_of_limit):
        with contextlib.suppress(OSError, ValueError, IndexError, ImportError):
            found = find()
            if found is not None:
                known.append(max(0, found))
    return min(known, default=None)


def resident() -> int | None:
    """Return the bytes that this process holds in memory, or, where the system does not say, has held at most."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return peak()


def peak() -> int | None:
    """Return the largest number of bytes that this process has held; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def give_back() -> None:
    """Give memory that was freed back to the system, where the C library can be asked to.

    glibc keeps what lies below memory still in use: after a run over a million words, 89 MB that what follows did not
    use either.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def _free() -> int | None:
    """Return what the machine has."""
    for line in _MEMINFO.read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _left_in_group() -> int | None:
    """Return what the control groups leave that this process is in, of version 1 or 2."""
    left = []
    for folder, version in control_groups.folders("memory", _CGROUP, _CGROUPS):
        with contextlib.suppress(OSError, ValueError):  # no limit: "max", or no such file
            most, now = (int((folder / name).read_text()) for name in _LIMITS[version])
            left.append(most - now + _reclaimable(folder))
    return min(left, default=None)


def _reclaimable(folder: Path) -> int:
    """Return the bytes of files in a group's use, which the system gives up when it needs them."""
    with contextlib.suppress(OSError, ValueError):
        pairs = (line.split() for line in (folder / "memory.stat").read_text().splitlines())
        return sum(int(value) for name, value in pairs if name in ("active_file", "inactive_file"))
    return 0


def _left_of_limit() -> int | None:
    """Return what `ulimit -v` leaves."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    return limit - int(_STATM.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def shown(size: int) -> str:
    """Return bytes as MB or GB."""
    return f"{size / 10**9:.1f} GB" if size >= 10**9 else f"{size / 10**6:.0f} MB"
