"""Whether memory suffices for training, asked before it begins: the figure, and the settings that would fit.

Knows the sizes of the arrays and what the system says of its memory. Where it says nothing, nothing is refused. What
training has freed goes back to the system here, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.engines.weights import padded_columns
from fastw2v.errors import DataError
from fastw2v.messages.callers import given
from fastw2v.messages.printable import plural
from fastw2v.settings import Settings
from fastw2v.system import control_groups
from fastw2v.system.threads import processors

# Beside the matrices: a block's windows, noise and numbers, and a checkpoint's rows (100 MB covers the peaks measured
# of the defaults); a word's numbers in the compiled engine, and what saving a vocabulary takes.
FIXED = 100 * 10**6
PER_WORD = 200
_USUAL_BATCH = 256  # a smaller one is no saving to speak of
_MEMINFO = Path("/proc/meminfo")
_STATM = Path("/proc/self/statm")
_CGROUP, _CGROUPS = control_groups.OWN, control_groups.TOP
_LIMITS = {1: ("memory.limit_in_bytes", "memory.usage_in_bytes"), 2: ("memory.max", "memory.current")}


def check(counts: npt.NDArray[np.int64], settings: Settings) -> None:
    """Refuse a vocabulary with these counts, most frequent first, that these settings could not train here.

    Raises:
        DataError: it would take more memory than there is.
    """
    have = available()
    need = needed(len(counts), settings)
    if have is None or need <= have:
        return
    fitting = list(_fitting(counts, settings, have))
    works = " or ".join(fitting) if fitting else "More memory, or less text,"
    raise DataError(
        f"Training would hold about {shown(need)} ({plural(len(counts), 'word')}, vector_size {settings.vector_size}, "
        f"{settings.dtype}), and {shown(have)} are free. {works} would fit."
    )


def needed(words: int, settings: Settings) -> int:
    """Return about how many bytes training takes beside the corpus: both matrices, and what works on them."""
    row = padded_columns(settings.vector_size, settings.dtype) * np.dtype(settings.dtype).itemsize
    threads = min(settings.workers, processors(), 2 if settings.deterministic else settings.workers)
    at_work = threads * (_rows_at_work(words, settings) * row + _terms_at_work(settings))
    return 2 * words * row + at_work + PER_WORD * words + FIXED


def _rows_at_work(words: int, settings: Settings) -> int:
    """Return how many rows a thread holds copies and sums of: at most those that a batch can touch, twice."""
    reach, centres = 2 * settings.window, settings.batch_size
    windows = centres * reach if settings.noise == "per-pair" else centres
    return 2 * (min(words, centres + reach) + min(words, windows * (1 + settings.negative)))


def _terms_at_work(settings: Settings) -> int:
    """Return how many bytes a thread holds of a batch's terms: factors and labels; per-pair, also what numbers them."""
    pairs = settings.batch_size * 2 * settings.window
    item = 2 * np.dtype(settings.dtype).itemsize
    return pairs * (1 + settings.negative) * (item + (28 if settings.noise == "per-pair" else 0))


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


def _fitting(counts: npt.NDArray[np.int64], settings: Settings, have: int) -> Iterator[str]:
    """Yield the options that would fit, each on its own."""
    words = len(counts)

    def fits(**changes: Any) -> bool:
        return needed(words, replace(settings, **changes)) <= have

    batch = _largest(settings.batch_size, lambda value: fits(batch_size=value))
    if batch >= _USUAL_BATCH:
        yield given("batch_size", batch)
    smaller = _largest(settings.vector_size, lambda value: fits(vector_size=value))
    if smaller:
        yield given("vector_size", smaller)
    fewer = _largest(words, lambda value: needed(value, settings) <= have)
    if fewer >= 2:
        # Words of equal count stay or go together.
        least = int(counts[fewer]) + 1
        if int((counts >= least).sum()) >= 2:
            yield f"{given('max_final_vocab', fewer)} ({given('min_count', least)})"


def _largest(below: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number from 1 to below - 1 that fits; 0 where none does."""
    low, high = 0, below
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def shown(size: int) -> str:
    """Return bytes as MB or GB."""
    return f"{size / 10**9:.1f} GB" if size >= 10**9 else f"{size / 10**6:.0f} MB"
