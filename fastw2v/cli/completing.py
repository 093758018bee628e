"""What the shell offers where a model is wanted: models, files of vectors, and the folders on the way to them."""

from __future__ import annotations

import os
from pathlib import Path


def models(incomplete: str) -> list[str]:
    """Return the paths that begin so: a model's directory as it is, a folder to look into with a slash."""
    from fastw2v.formats.vector_files import FORMATS
    from fastw2v.storage import MANIFEST

    folder, beginning = os.path.split(incomplete)
    before = incomplete[: len(incomplete) - len(beginning)]
    suffixes = {suffix for known in FORMATS.values() for suffix in known.suffixes}
    found = []
    try:
        entries = sorted(Path(folder or ".").expanduser().iterdir())
    except OSError:  # there is no such folder, or it may not be read
        return []
    for entry in entries:
        if not entry.name.startswith(beginning) or (entry.name.startswith(".") and not beginning):
            continue
        if entry.is_dir():
            found.append(before + entry.name + ("" if (entry / MANIFEST).is_file() else "/"))
        elif Path(entry.name.removesuffix(".gz")).suffix.lower() in suffixes:
            found.append(before + entry.name)
    return found
