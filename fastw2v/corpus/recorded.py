"""Find the corpus that a model was trained on, and check that it is unchanged.

A model records the paths that it was given, relative to its own directory, and what the files held. They are looked at
only where a run goes on from the model without a corpus, and read only where number and size of the files are as
recorded; then their SHA-256 must be, too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastw2v.corpus import store
from fastw2v.corpus.snapshot import Snapshot
from fastw2v.errors import Fastw2vError, UsageError
from fastw2v.messages.callers import by_caller
from fastw2v.text.sources import STANDARD_INPUT, find_sources

# The paths in a model's manifest.
PLACE = "corpus_place"


def paths_of(corpus: Any) -> list[str]:
    """Return the paths that a corpus was given by, absolute; none where it is no path, or can be read only once."""
    given = corpus if isinstance(corpus, list | tuple) else [corpus]
    if not all(isinstance(path, str | os.PathLike) for path in given) or STANDARD_INPUT in map(str, given):
        return []
    return [os.path.abspath(path) for path in given]  # noqa: PTH100 - it may be a pattern


def with_place(
    provenance: Mapping[str, Any], paths: Sequence[str], directory: str | os.PathLike[str]
) -> dict[str, Any]:
    """Return a provenance with the paths in it, as a model in `directory` keeps it."""
    return {**provenance, PLACE: [_relative(path, Path(directory)) for path in paths]} if paths else dict(provenance)


def without_place(kept: Mapping[str, Any], directory: str | os.PathLike[str]) -> tuple[dict[str, Any], list[str]]:
    """Return a provenance as it was before, and the paths, absolute."""
    provenance = dict(kept)
    names = provenance.pop(PLACE, [])
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        return provenance, []
    return provenance, [os.path.normpath(Path(os.path.abspath(directory), name)) for name in names]  # noqa: PTH100


def corpus_of(provenance: Mapping[str, Any], paths: Sequence[str]) -> list[str] | None:
    """Return the paths of the corpus of a model; None: the built-in stories.

    Raises:
        UsageError: the model does not say where it lies, or it is gone or has changed.
    """
    corpus = provenance.get("corpus")  # from a file that anyone may have written
    corpus = corpus if isinstance(corpus, dict) else {}
    files = corpus.get("files")
    if corpus.get("source") == "stories" and not paths:
        return None
    if not paths or not isinstance(files, dict):
        name = f", {corpus['name']!s:.60}," if "name" in corpus else ""
        raise _give(f"The model does not record where its corpus{name} lies")
    shown = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1:,} more"
    try:
        same = _is_same(paths, files)
    except (Fastw2vError, OSError) as error:
        raise _give(f"The model's corpus {shown} cannot be read any more: {error}"[:300].rstrip(".")) from None
    if not same:
        raise _give(f"The model's corpus {shown} has changed since the model was trained")
    return list(paths)


def _is_same(paths: Sequence[str], files: Mapping[str, Any]) -> bool:
    """Whether the files hold what was recorded; they are read only where their number and size are."""
    if len(paths) == 1 and store.holds_corpus(paths[0]):
        return bool(store.read_manifest(Path(paths[0], store.MANIFEST))["sha256"] == files.get("sha256"))
    sources = find_sources(paths)
    if len(sources) != files.get("number") or any(source.once or source.path is None for source in sources):
        return False
    if sum(source.path.stat().st_size for source in sources if source.path) != files.get("bytes"):
        return False
    now = Snapshot.of(sources)
    return now is not None and now.summary() == files


def _relative(path: str, directory: Path) -> str:
    try:
        return os.path.relpath(path, directory)
    except ValueError:  # on another drive
        return path


def _give(problem: str) -> UsageError:
    how = by_caller("fastw2v train CORPUS --continue-from MODEL", "fit(corpus, continue_from=model)")
    end = "" if problem.endswith("?") else "."
    return UsageError(f"{problem}{end} Give the corpus to go on with: {how}")
