"""Which files of a directory are text or records, and which are left out, by name and first bytes.

read        names that end in one of SUFFIXES, in any case, and names without a suffix whose content is text
left out    hidden files and folders, folders that are models or encoded corpora, linked folders, links to nothing,
            pipes and devices, backups of editors (name~), names with another suffix (also before that of a compressed
            file), and what its first bytes say is something else
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from fastw2v.errors import DataError
from fastw2v.files.content import COMPRESSED, START_BYTES, recognise
from fastw2v.messages.callers import given
from fastw2v.text.compressed import COMPRESSIONS

_PLAIN = (".txt", ".text")
SUFFIXES = (*_PLAIN, *COMPRESSIONS, ".jsonl", ".ndjson", ".parquet")
# What this package writes, models and encoded corpora, holds words and no text: by these files it is known.
_WRITTEN = {"model": {"model.json", "vocabulary.jsonl"}, "encoded corpus": {"ids.bin", "offsets.bin"}}
# A suffix tells a kind of file; what else may follow a dot does not: part.0001, news.en-00001-of-00100.
_KIND = re.compile(r"\.[a-z][a-z0-9]{0,9}")
# No text, or not text alone, and often compressed.
_OTHERS = (".bin", ".csv", ".html", ".htm", ".json", ".md", ".npy", ".npz", ".pdf", ".tar", ".tsv", ".vec", ".xml")
# Kinds that are listed one by one.
_LISTED = 8
# Why a link leads nowhere: nothing is there, or it leads to itself.
_BROKEN = (errno.ENOENT, errno.ELOOP)
# No text has them.
_CONTROLS = frozenset(map(chr, range(9)))
# Kinds that are counted, by what several are called; ".csv" and "hidden" stay as they are.
_SEVERAL = {
    "model": "models",
    "encoded corpus": "encoded corpora",
    "linked folder": "linked folders",
    "broken link": "broken links",
    "no regular file": "no regular files",
    "backup": "backups",
}

IsText = Callable[[bytes], bool]


class Look(NamedTuple):
    """A file as it was seen: its path, its status, and its first bytes, None if they were not read."""

    path: Path
    status: os.stat_result
    start: bytes | None


def files_below(directory: Path, is_text: IsText) -> tuple[list[Look], Counter[str]]:
    """Return the files to read, sorted by path, and how many of each kind are left out.

    `is_text` judges the first bytes of files whose names tell nothing.

    Raises:
        DataError: a folder or file cannot be read, or there is nothing to read.
    """
    left_out: Counter[str] = Counter()
    found = []
    for path in _visible(directory, left_out):
        seen = _judged(path, is_text)
        if isinstance(seen, str):
            left_out[seen] += 1
        else:
            found.append(seen)
    if not found:
        if _written_by_us([path.name for path in directory.iterdir()]) == "model":
            goes_on = given("continue_from", os.fspath(directory))
            raise DataError(f"{directory} is a model, not text; {goes_on} trains it further.")
        others = f"; left out: {listed(left_out)}" if left_out else ""
        raise DataError(
            f"{directory}: no text in this directory; looked for files named *{', *'.join(SUFFIXES)} and for text "
            f"without a suffix{others}."
        )
    return sorted(found, key=lambda seen: seen.path), left_out


def listed(left_out: Counter[str]) -> str:
    """Return what is left out, such as "2 .csv, 1 hidden"."""
    kinds = sorted(left_out.items(), key=lambda kind: (-kind[1], kind[0]))
    more = sum(number for _, number in kinds[_LISTED:])
    texts = [f"{number:,} {kind if number == 1 else _SEVERAL.get(kind, kind)}" for kind, number in kinds[:_LISTED]]
    return ", ".join([*texts, f"{more:,} of other kinds"] if more else texts)


def look(path: Path, inside: bool) -> Look:
    """Look at a file, and `inside` it if it is a regular one: a pipe would be read off.

    Raises:
        DataError: it cannot be read.
    """
    try:
        status = path.stat()
        if not inside or not stat.S_ISREG(status.st_mode):
            return Look(path, status, None)
        # Without Python's own buffers: of a hundred thousand small files that is seconds.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            return Look(path, status, os.read(descriptor, START_BYTES))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _written_by_us(files: list[str]) -> str | None:
    """Return the kind of what this package wrote, if these are the files of a folder of its."""
    return next((kind for kind, names in _WRITTEN.items() if names.issubset(files)), None)


def _visible(directory: Path, left_out: Counter[str]) -> Iterator[Path]:
    """Yield the files below that are not hidden; no link to a folder is followed."""
    for folder, folders, files in os.walk(directory, onerror=_raise_unreadable):
        written = _written_by_us(files)
        if written is not None:
            left_out[written] += 1
            folders.clear()
            continue
        hidden = [name for name in (*folders, *files) if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith(".")]
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        for kind, names in (("hidden", hidden), ("linked folder", linked)):
            if names:
                left_out[kind] += len(names)
        yield from (Path(folder, name) for name in files if not name.startswith("."))


def _judged(path: Path, is_text: IsText) -> Look | str:
    """Look at a file to read; or return why it is left out."""
    if path.name.endswith("~"):
        return "backup"
    suffix = _suffix(path)
    inner = _suffix(path.with_suffix("")) if suffix in COMPRESSIONS else ""
    if inner in _OTHERS:
        return inner + suffix
    if suffix and suffix not in SUFFIXES:
        return suffix
    try:
        seen = look(path, inside=not suffix or suffix in _PLAIN)
    except DataError as error:
        broken = isinstance(error.__cause__, OSError) and error.__cause__.errno in _BROKEN
        if broken and path.is_symlink():
            return "broken link"
        raise
    if not stat.S_ISREG(seen.status.st_mode):
        return "no regular file"  # a pipe, a socket, a device: none of them may ever end
    return seen if seen.start is None else _judged_inside(seen, seen.start, suffix, is_text)


def _judged_inside(seen: Look, start: bytes, suffix: str, is_text: IsText) -> Look | str:
    """Judge a file by its first bytes; return it, or why it is left out."""
    found = recognise(start)
    if found is not None and found.kind not in COMPRESSED:
        return found.what.removeprefix("a ").removeprefix("an ")
    if suffix or found is not None or is_text(start):
        return seen
    return _other_encoding(start) if start else "empty without a suffix"


def _other_encoding(start: bytes) -> str:
    """Return the kind of a file without a suffix that is no text in the encoding expected."""
    from fastw2v.files.likely_encoding import likely_encoding  # its tables are for messages alone

    likely = likely_encoding(start)
    if likely is None or not _CONTROLS.isdisjoint(start.decode(likely, "ignore")):
        return "binary"
    return f"in another encoding (looks like {likely})"


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    return suffix if _KIND.fullmatch(suffix) else ""


def _raise_unreadable(error: OSError) -> NoReturn:
    raise DataError(f"{error.filename}: cannot be read ({error.strerror}).") from error
