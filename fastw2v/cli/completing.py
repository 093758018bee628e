"""Shell completion: models, files of vectors, folders, and the names of choices."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def among(*names: str) -> Callable[[str], list[str]]:
    """Return what offers those of some names that begin as typed."""

    def offered(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    return offered


def datasets(incomplete: str) -> list[str]:
    """Return the names of public data that begin so."""
    from fastw2v.download import hub, published_sets

    return among(*hub.DATASETS, *published_sets.SETS)(incomplete)


def forms(incomplete: str) -> list[str]:
    """Return the forms of files of vectors that begin so."""
    from fastw2v.formats.vector_files import FORMATS

    return among(*FORMATS)(incomplete)


def models(incomplete: str) -> list[str]:
    """Return the paths that begin so: a model's directory as it is, a folder to look into with a slash."""
    from fastw2v.formats.vector_files import FORMATS
    from fastw2v.saved_model.storage import MANIFEST

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
