"""Settings as the caller writes them, for messages: `--min-count 1` on the command line, `min_count=1` in Python."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

_command_line = ContextVar("_command_line", default=False)


@contextlib.contextmanager
def on_command_line() -> Iterator[None]:
    """Write settings as options meanwhile."""
    token = _command_line.set(True)
    try:
        yield
    finally:
        _command_line.reset(token)


def by_caller(command_line: str, python: str) -> str:
    """Return the one of two texts that the caller can follow."""
    return command_line if _command_line.get() else python


def another_output() -> str:
    """Return the advice where what is to be written cannot be, or may not."""
    return by_caller("give another --output", "give another directory")


def named(setting: str) -> str:
    """Return a setting's name: --min-count, min_count."""
    return by_caller(f"--{setting.replace('_', '-')}", setting)


def given(setting: str, value: Any) -> str:
    """Return a setting with a value, as one gives it: --min-count 1, min_count=1; a switch: --overwrite, --no-cache."""
    if isinstance(value, bool):
        option = named(setting) if value else f"--no-{setting.replace('_', '-')}"
        return by_caller(option, f"{setting}={value}")
    return by_caller(f"{named(setting)} {shlex.quote(str(value))}", f"{setting}={value!r}")
