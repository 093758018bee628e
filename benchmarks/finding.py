"""What one part of the report hands back, and how it words a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.pictures import Drawing


@dataclass(frozen=True)
class Finding:
    """A part of the report: its title, what it prints, and a picture with a slug for the file's name."""

    title: str
    lines: list[str]
    slug: str
    drawing: Drawing | None = None


def verdict(reproduced: bool) -> str:
    """Say whether the report's finding came out here."""
    return "Reproduced." if reproduced else "Not reproduced here."


def yes(holds: bool) -> str:
    """Return yes or no."""
    return "yes" if holds else "no"
