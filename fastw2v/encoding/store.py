"""Encoded corpora on disk: written whole or not at all, checked when they are opened, mapped instead of read.

    ids.bin         token ids of all documents one after another: uint8, uint16 or uint32, little-endian
    offsets.bin     (documents + 1,) int64: document i is ids[offsets[i]:offsets[i + 1]]
    words.txt       the word of each id, one a line, UTF-8; an id beyond them is a word that was forgotten
    counts.bin      (words,) int64
    manifest.json   format version, sizes, sources, how text was read, and size and SHA-256 of each file above

A corpus is written in a folder of its own beside the final name, which it gets by a rename when all is on disk. What a
killed process leaves has a name that is taken for nothing; the next corpus written there removes it, and starts anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import __version__
from fastw2v.atomic import sync_folder
from fastw2v.encoded import EncodedCorpus
from fastw2v.encoding.sinks import FileSink
from fastw2v.errors import DataError, UsageError
from fastw2v.formats.model_files import json_bytes, read_json
from fastw2v.locks import locked

FORMAT, FORMAT_VERSION = "fastw2v encoded corpus", 1
MANIFEST = "manifest.json"
IDS, OFFSETS, WORDS, COUNTS = _FILES = ("ids.bin", "offsets.bin", "words.txt", "counts.bin")
_DTYPES = {"uint8": "u1", "uint16": "<u2", "uint32": "<u4"}
_BLOCK = 1 << 22
_DAMAGED = "the corpus is damaged or was edited; encode it again"

# Given a sink, fills it and returns words, counts and what else the manifest holds.
Fill = Callable[[FileSink], tuple[Sequence[str], npt.NDArray[np.int64], dict[str, Any]]]


@dataclass(frozen=True)
class StoredCorpus:
    """An encoded corpus in a directory: its numbers, mapped from disk, and its manifest."""

    corpus: EncodedCorpus
    manifest: dict[str, Any]


def holds_corpus(directory: str | os.PathLike[str]) -> bool:
    """Whether `directory` has the manifest of an encoded corpus; it may still be damaged."""
    manifest = Path(directory) / MANIFEST
    try:
        return manifest.is_file() and dict(read_json(manifest)).get("format") == FORMAT
    except (DataError, OSError, TypeError, ValueError):
        return False


def check_output(directory: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Raise UsageError where `write` would refuse the directory; worth asking before a long encoding."""
    directory = Path(directory)
    nearest = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"Cannot write {directory}: {nearest} is not a folder that may be written; give another one.")
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not holds_corpus(directory):
        raise UsageError(f"{directory} has files that are no encoded corpus; give another --output.")
    if not overwrite:
        raise UsageError(f"{directory} already holds an encoded corpus; give another --output, or --overwrite.")


def write(directory: str | os.PathLike[str], fill: Fill, overwrite: bool = False, wait: bool = False) -> StoredCorpus:
    """Write an encoded corpus and open it; `wait` for another process that is writing there.

    Raises:
        UsageError: see `check_output`.
        DataError: the system could not write (disk full, no permission), or what `fill` raises. Nothing is left then,
            and what was there before is untouched.
    """
    directory = Path(directory)
    check_output(directory, overwrite)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with locked(_beside(directory, "lock"), f"encodes to {directory}", wait), _draft(directory) as draft:
            check_output(directory, overwrite)
            _write_files(draft, fill)
            _put(draft, directory)
    except OSError as error:
        raise DataError(f"Cannot write {directory}: {error.strerror or error}.") from error
    return open_corpus(directory, verify=False)


def _write_files(draft: Path, fill: Fill) -> None:
    """Write all files of a corpus, the manifest last, and sync them."""
    sink = FileSink(draft / IDS, draft / OFFSETS)
    try:
        words, counts, about = fill(sink)
        dtype = sink.finish(len(words))
    finally:
        sink.close()
    (draft / WORDS).write_bytes(_lines(words))
    (draft / COUNTS).write_bytes(counts.astype("<i8").tobytes())
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "fastw2v": __version__,
        "tokens": sink.tokens,
        "documents": sink.documents,
        "words": len(words),
        "tokens_forgotten": sink.tokens - int(counts.sum()),
        "ids": dtype.name,
        **about,
        "files": {name: {"bytes": (draft / name).stat().st_size, "sha256": sha256(draft / name)} for name in _FILES},
    }
    (draft / MANIFEST).write_bytes(json_bytes(manifest, MANIFEST))
    for name in (*_FILES, MANIFEST):
        with (draft / name).open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(draft)


def _lines(words: Sequence[str]) -> bytes:
    text = "\n".join(words)
    if text.count("\n") >= len(words):
        word = next(word for word in words if "\n" in word)
        raise DataError(f"The token {word!r:.60} holds a line end; an encoded corpus keeps one word a line.")
    return text.encode() + b"\n"


@contextlib.contextmanager
def _draft(directory: Path) -> Iterator[Path]:
    """Yield a new folder beside `directory`; what is there in the end goes, and what an earlier process left."""
    draft = _beside(directory, "draft")
    for left in (draft, _beside(directory, "old")):
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(draft: Path, directory: Path) -> None:
    """Give the draft its name. A corpus that has it moves away first, and is removed."""
    old = _beside(directory, "old")
    if directory.exists():
        directory.rename(old)
    draft.rename(directory)
    sync_folder(directory.parent)
    shutil.rmtree(old, ignore_errors=True)


def _beside(directory: Path, suffix: str) -> Path:
    return directory.with_name(f".{directory.name}.{suffix}")


def open_corpus(directory: str | os.PathLike[str], verify: bool = True) -> StoredCorpus:
    """Open an encoded corpus; its ids and offsets are mapped, not read into memory.

    `verify`: all files are read once, and held against their checksums and bounds.

    Raises:
        UsageError: there is no encoded corpus.
        DataError: it has an unknown version, or a file is missing, damaged or edited.
    """
    directory = Path(directory)
    if not holds_corpus(directory):
        raise UsageError(f"{directory} holds no encoded corpus; `fastw2v encode` writes one.")
    try:
        manifest = read_manifest(directory / MANIFEST)
        for name, size in _sizes(manifest).items():
            _check_size(directory / name, size)
            if verify and sha256(directory / name) != manifest["files"][name]["sha256"]:
                raise DataError(f"{directory / name}: its SHA-256 is not the one in {MANIFEST}; {_DAMAGED}.")
        corpus = _mapped(directory, manifest)
    except OSError as error:
        raise DataError(f"Cannot read the encoded corpus in {directory}: {error.strerror or error}.") from error
    if verify:
        _check_bounds(corpus, directory)
    return StoredCorpus(corpus, manifest)


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest that has all it must have.

    Raises:
        DataError: it has not, or another version.
    """
    manifest: dict[str, Any] = read_json(path)
    version = manifest.get("format_version")
    if type(version) is not int or version != FORMAT_VERSION:
        raise DataError(f"{path}: unknown format version {version!r:.20}; this fastw2v reads version {FORMAT_VERSION}.")
    sizes = [manifest.get(name) for name in ("tokens", "documents", "words")]
    if not all(type(size) is int and 0 < size < 2**53 for size in sizes) or manifest.get("ids") not in _DTYPES:
        raise DataError(f"{path}: tokens, documents, words or ids is missing or malformed; {_DAMAGED}.")
    files = manifest.get("files")
    for name in _FILES:
        entry = files.get(name) if isinstance(files, dict) else None
        if not isinstance(entry, dict) or not isinstance(entry.get("sha256"), str):
            raise DataError(f"{path}: no SHA-256 of {name} in it; {_DAMAGED}.")
    if not isinstance(manifest.get("text"), dict):
        raise DataError(f"{path}: text is missing or malformed; {_DAMAGED}.")
    return manifest


def _sizes(manifest: dict[str, Any]) -> dict[str, int | None]:
    """Return the bytes that each file must have; None for the words, which are counted."""
    width = np.dtype(_DTYPES[manifest["ids"]]).itemsize
    tokens, documents, words = (manifest[name] for name in ("tokens", "documents", "words"))
    return {IDS: tokens * width, OFFSETS: (documents + 1) * 8, WORDS: None, COUNTS: words * 8}


def _check_size(path: Path, size: int | None) -> None:
    if not path.is_file():
        raise DataError(f"{path} is missing; {_DAMAGED}.")
    found = path.stat().st_size
    if size is not None and found != size:
        raise DataError(f"{path}: {found:,} bytes where {MANIFEST} says {size:,}; {_DAMAGED}.")


def _mapped(directory: Path, manifest: dict[str, Any]) -> EncodedCorpus:
    words = (directory / WORDS).read_bytes().decode("utf-8", "replace").split("\n")[:-1]
    if len(words) != manifest["words"]:
        raise DataError(f"{directory / WORDS}: {len(words):,} words, not {manifest['words']:,}; {_DAMAGED}.")
    return EncodedCorpus(
        np.asarray(np.memmap(directory / IDS, dtype=_DTYPES[manifest["ids"]], mode="r")),
        np.asarray(np.memmap(directory / OFFSETS, dtype="<i8", mode="r")),
        words,
        directory,
    )


def _check_bounds(corpus: EncodedCorpus, directory: Path) -> None:
    """Whatever the checksums say: no number may lead out of an array."""
    offsets = corpus.offsets
    for low in range(0, len(offsets) - 1, _BLOCK):
        part = np.asarray(offsets[low : low + _BLOCK + 1])
        if (low == 0 and part[0] != 0) or np.any(np.diff(part) <= 0):
            raise DataError(f"{directory / OFFSETS}: documents do not follow each other; {_DAMAGED}.")
    if offsets[-1] != corpus.tokens:
        raise DataError(f"{directory / OFFSETS}: ends at {offsets[-1]:,} of {corpus.tokens:,} tokens; {_DAMAGED}.")
    for low in range(0, corpus.tokens, _BLOCK):
        highest = int(corpus.ids[low : low + _BLOCK].max())
        if highest > len(corpus.items):
            raise DataError(f"{directory / IDS}: id {highest} of {len(corpus.items):,} words; {_DAMAGED}.")


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
