"""Breakages of what keeps files, runs and users safe: files, checkpoints, models, settings, commands."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = [
    Breakage(
        "example",
        "x",
        "y",
        ("tests/test_windows.py",),
    ),
]
