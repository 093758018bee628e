"""Generated sections of a Markdown file, each between two markers.

<!-- NAME -->
... what the program writes ...
<!-- /NAME -->
"""

from __future__ import annotations

from pathlib import Path

from fastw2v.errors import DataError
from fastw2v.files.atomic import write_atomically

TITLE = "# Results\n"


def write_section(path: Path, name: str, text: str) -> None:
    """Put `text` between the markers of `name`; where there are none, both go to the end of the file.

    The file is made, with a title, where there is none; the rest of it is left as it is.

    Raises:
        DataError: the first marker has no second one.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else TITLE
    found = _place(before, name, path)
    if found is None:
        after = f"{before.rstrip()}\n\n{section(name, text)}\n"
    else:
        after = before[: found[0]] + section(name, text) + before[found[1] :]
    write_atomically(path, lambda file: file.write(after.encode("utf-8")))


def section(name: str, text: str) -> str:
    """Return the text between its markers, for a part of a longer section."""
    return f"{_begin(name)}\n{text.strip()}\n{_end(name)}"


def read_section(path: Path, name: str) -> str | None:
    """Return what stands between the markers of `name`; None where they, or the file, are missing."""
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    found = _place(text, name, path)
    return None if found is None else text[found[0] + len(_begin(name)) : found[1] - len(_end(name))].strip()


def _place(text: str, name: str, path: Path) -> tuple[int, int] | None:
    start = text.find(_begin(name))
    if start < 0:
        return None
    end = text.find(_end(name), start)
    if end < 0:
        raise DataError(f"{path}: {_begin(name)} has no end. A line {_end(name)} after its section would work.")
    return start, end + len(_end(name))


def _begin(name: str) -> str:
    return f"<!-- {name} -->"


def _end(name: str) -> str:
    return f"<!-- /{name} -->"
