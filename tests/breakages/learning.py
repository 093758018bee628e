"""Breakages of the arithmetic of training: draws, windows, gradients, engines, schedule, trainer."""

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
