"""Breakages of text to ids, vectors and their formats, evaluation."""

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
