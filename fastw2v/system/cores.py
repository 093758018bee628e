"""The number of cores this process may use, by its affinity and its container's quota."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

from fastw2v.system.control_groups import folders
from fastw2v.system.threads import processors


def usable() -> int:
    """Return the number of cores, at least 1; a quota of 1.5 cores counts as 2."""
    quotas: list[float] = []
    with contextlib.suppress(OSError, ValueError):  # no control groups here
        quotas = [_quota(folder, version) for folder, version in folders("cpu")]
    limits = [max(1, math.ceil(quota)) for quota in quotas if quota < math.inf]
    return min([processors(), *limits])


def _quota(folder: Path, version: int) -> float:
    """Return how many cores' time a control group has; infinity where it has no limit."""
    try:
        if version == 2:
            time, period = (folder / "cpu.max").read_text().split()
        else:
            time, period = ((folder / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return int(time) / int(period) if int(time) > 0 else math.inf
    except (OSError, ValueError, ZeroDivisionError):  # "max", or no such file
        return math.inf
