"""Run a subprocess to its end and return its output."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from fastw2v.errors import TrainingError
from fastw2v.system.signals import deferred


def output_of(name: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it printed. more: variables of its environment besides our own.

    If we are interrupted, it is ended. What it says on standard error is not shown: we say all there is to say.

    Raises:
        TrainingError: it failed; the message begins with `name` and ends with the program's last line.
    """
    process = None
    try:
        with deferred():  # interrupted while it starts, it would go on without us
            process = subprocess.Popen(
                command, env={**os.environ, **(more or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        printed, said = process.communicate()
    finally:
        if process is not None:
            with process:
                process.kill()
    if process.returncode:
        raise TrainingError(f"{name} failed: {(said.strip() or 'it said nothing').splitlines()[-1]}")
    return printed
