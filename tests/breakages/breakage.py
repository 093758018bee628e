"""A breakage, and the file that it is in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Breakage:
    """One small edit that makes the code wrong.

    Attributes:
        name: room and fault, as `batches: the right neighbour is left out`.
        old: text that stands exactly once in the package's Python files.
        new: what takes its place.
        tests: test files (or single tests, as `file::name`) of which one must fail.
    """

    name: str
    old: str
    new: str
    tests: tuple[str, ...]


def file_of(breakage: Breakage, root: Path) -> Path:
    """Return the package's file with the text of a breakage; ValueError unless it stands exactly once."""
    found = [
        path
        for path in sorted((root / "fastw2v").rglob("*.py"))
        for _ in range(path.read_text(encoding="utf-8").count(breakage.old))
    ]
    if len(found) != 1:
        raise ValueError(f"{breakage.name}: {breakage.old!r} stands {len(found)} times in the package, not once")
    return found[0]
