"""`fastw2v train` as a process of its own, as a user starts it: its wall time, peak memory, figures and messages.

Knows the command line and the package's errors.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastw2v.errors import TrainingError, UsageError

# The folder that holds the package which is measured.
ROOT = Path(__file__).resolve().parents[1]
# Like `python -m fastw2v`, but says at its exit how much memory it held at most. Linux counts that anew for each
# program (VmHWM), whereas getrusage begins with what the parent held when it started the child.
_PROGRAM = """
import atexit, sys
def peak():
    try:
        status = open("/proc/self/status")
    except OSError:
        return
    with status:
        sys.stderr.writelines(line for line in status if line.startswith("VmHWM"))
atexit.register(peak)
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split()))
from fastw2v.__main__ import main
main()
"""
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB\n", re.MULTILINE)


@dataclass(frozen=True)
class Finished:
    """A finished `fastw2v train`.

    seconds: wall time from the start of the process to its end. peak: bytes it held at most. figures: what `--json`
    printed; empty where it failed. said: its messages, with <model> in place of the folder it wrote.
    """

    code: int
    seconds: float
    peak: int
    figures: dict[str, Any]
    said: str

    @property
    def overhead(self) -> float:
        """Seconds that were not training."""
        return self.seconds - float(self.figures["train_seconds"])


def train(
    arguments: Sequence[str],
    environment: Mapping[str, str | None],
    *,
    package: Path = ROOT,
    before: Sequence[str] = (),
    python: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> Finished:
    """Run `fastw2v train ARGUMENTS --json --output <model>`, and remove the model.

    Args:
        arguments: corpus and options.
        environment: variables to set, or, where None, to remove.
        package: the folder that holds the package to run.
        before: a program with its options that starts Python, such as one that takes rights away.
        python: options of Python.
        hidden: packages that are made not to be there.
    """
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder, "model"))
        program = [*before, sys.executable, *python, "-c", _PROGRAM, " ".join(hidden)]
        command = [*program, "train", *arguments, "--json", "--output", model]
        begun = time.perf_counter()
        done = subprocess.run(
            command, cwd=package, env=_environment(environment), capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - begun
    figures = json.loads(done.stdout) if done.returncode == 0 else {}
    peak = _PEAK.search(done.stderr)
    held = int(peak[1]) * 1024 if peak else int(figures.get("peak_rss_bytes") or 0)
    return Finished(done.returncode, seconds, held, figures, _PEAK.sub("", done.stderr).replace(model, "<model>"))


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    wanted = {**os.environ, **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def own_cache(folder: Path) -> dict[str, str | None]:
    """Return the environment in which compiled kernels are kept in `folder` and nowhere else."""
    return {"NUMBA_CACHE_DIR": str(folder), "XDG_CACHE_HOME": str(folder), "LOCALAPPDATA": None}


def checked(done: Finished) -> Finished:
    """Return the run.

    Raises:
        TrainingError: it failed.
        UsageError: there is no numba here, so another engine trained.
    """
    if done.code:
        raise TrainingError(f"fastw2v train failed: {(done.said.strip() or 'no message').splitlines()[-1]}")
    if done.figures["engine"] != "numba":
        raise UsageError(f"Engine numba must train. Got {done.figures['engine']}; pip install numba would work.")
    return done
