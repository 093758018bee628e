"""Read the data files of the stories: word lists (words.txt) and plots (plots.txt)."""

from __future__ import annotations

import importlib.resources
import re


def sections(name: str) -> dict[str, str]:
    """Return the sections of a data file: the text below each line `[NAME]`, by name; lines that begin with # go."""
    text = importlib.resources.files("fastw2v.stories").joinpath(name).read_text(encoding="utf-8")
    _, *parts = re.split(r"^\[([A-Z]+)\]\n", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    return {heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}
