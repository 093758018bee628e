"""Format plain text tables."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return header and rows as aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [_line(row, widths) for row in (header, ["-" * width for width in widths], *rows)]
    return "\n".join(lines)


def number(value: float | None, digits: int = 3) -> str:
    """Return the number with `digits` decimals; a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def command(module: str, arguments: Sequence[str]) -> str:
    """Return the command line that runs `module` with these arguments."""
    return f"python -m {module} {shlex.join(arguments)}".rstrip()


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        f"{cell:<{width}}" if column == 0 else f"{cell:>{width}}"
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()
