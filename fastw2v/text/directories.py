"""Which files below a directory are text or records, and what is left out: by name, and by first bytes.

    read        names that end in one of SUFFIXES, in any case, and names without a suffix whose content is text
    left out    hidden files and folders, folders that are models or encoded corpora, linked folders, names with another
                suffix (also before that of a compressed file), and what its first bytes say is something else

Knows compressed files, what files are by their content, and the errors.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from fastw2v.content import COMPRESSED, START_BYTES, recognise
from fastw2v.errors import DataError
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

IsText = Callable[[bytes], bool]


def files_below(directory: Path, is_text: IsText) -> tuple[list[Path], Counter[str]]:
    """Return the files to read, sorted by path, and how many of each kind are left out.

    `is_text` judges the first bytes of files whose names tell nothing.

    Raises:
        DataError: a folder or file cannot be read, or there is nothing to read.
    """
    left_out: Counter[str] = Counter()
    found = []
    for path in _visible(directory, left_out):
        reason = _reason(path, is_text)
        if reason is None:
            found.append(path)
        else:
            left_out[reason] += 1
    if not found:
        seen = f"; left out: {listed(left_out)}" if left_out else ""
        raise DataError(
            f"{directory}: no text in this directory; looked for files named *{', *'.join(SUFFIXES)} and for text "
            f"without a suffix{seen}."
        )
    return sorted(found), left_out


def listed(left_out: Counter[str]) -> str:
    """Return what is left out, such as "2 .csv, 1 hidden"."""
    kinds = left_out.most_common()
    more = sum(number for _, number in kinds[_LISTED:])
    texts = [f"{number:,} {kind}" for kind, number in kinds[:_LISTED]]
    return ", ".join([*texts, f"{more:,} of other kinds"] if more else texts)


def first_bytes(path: Path, size: int = START_BYTES) -> bytes:
    """Return the first bytes of a file.

    Raises:
        DataError: it cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(size)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _visible(directory: Path, left_out: Counter[str]) -> Iterator[Path]:
    """Yield the files below that are not hidden; no link to a folder is followed."""
    for folder, folders, files in os.walk(directory, onerror=_raise_unreadable):
        written = next((kind for kind, names in _WRITTEN.items() if names.issubset(files)), None)
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


def _reason(path: Path, is_text: IsText) -> str | None:
    """Return why a file is left out, None where it is not."""
    suffix = _suffix(path)
    if suffix in COMPRESSIONS:
        inner = _suffix(path.with_suffix(""))
        return inner + suffix if inner in _OTHERS else None
    if suffix and suffix not in SUFFIXES:
        return suffix
    if suffix and suffix not in _PLAIN:
        return None
    if not path.is_file():
        return None if suffix else "no regular file"  # a pipe, a socket
    start = first_bytes(path)
    found = recognise(start)
    if found is not None and found.kind not in COMPRESSED:
        return found.what.removeprefix("a ").removeprefix("an ")
    if suffix or found is not None or is_text(start):
        return None
    return "binary" if start else "empty without a suffix"


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    return suffix if _KIND.fullmatch(suffix) else ""


def _raise_unreadable(error: OSError) -> NoReturn:
    raise DataError(f"{error.filename}: cannot be read ({error.strerror}).") from error
