"""Encoded corpora on disk: written atomically, verified when opened, memory-mapped.

    ids.bin         token ids of all documents one after another: uint8, uint16 or uint32, little-endian
    offsets.bin     (documents + 1,) int64: document i is ids[offsets[i]:offsets[i + 1]]
    words.txt       the word of each id, one a line, UTF-8; an id beyond them is a word that was forgotten
    counts.bin      (words,) int64
    manifest.json   format version, sizes, sources, how text was read, size and SHA-256 of each file above, and a
                    SHA-256 of all that

A corpus is written in a folder of its own beside the final name, which it gets by a rename when all is on disk. What a
killed process leaves has a name that is taken for nothing; the next corpus written there removes it, and starts anew.
A corpus that was to be replaced is put back first, if that process had moved it away already.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.corpus.sinks import FileSink
from fastw2v.errors import DataError, UsageError
from fastw2v.files.atomic import sync_folder
from fastw2v.files.digest import file_sha256
from fastw2v.files.json_files import json_bytes, read_json
from fastw2v.files.locks import locked
from fastw2v.messages.addresses import refuse_address
from fastw2v.messages.callers import another_output, given
from fastw2v.messages.printable import plural
from fastw2v.version import __version__

FORMAT, FORMAT_VERSION = "fastw2v encoded corpus", 1
MANIFEST = "manifest.json"
IDS, OFFSETS, WORDS, COUNTS = _FILES = ("ids.bin", "offsets.bin", "words.txt", "counts.bin")
_DTYPES = {"uint8": "u1", "uint16": "<u2", "uint32": "<u4"}
_BLOCK = 1 << 22
_DAMAGED = "the corpus is damaged or was edited; encode it again"

# Given a sink, fills it and returns words, counts and what else the manifest holds.
Fill = Callable[[FileSink], tuple[Sequence[str], npt.NDArray[np.int64], dict[str, Any]]]


class StorageError(DataError):
    """An encoded corpus that the system cannot write or read, or that its files cannot hold: the text may be fine."""


@dataclass(frozen=True)
class StoredCorpus:
    """An encoded corpus in a directory: its numbers, mapped from disk, and its manifest."""

    corpus: EncodedCorpus
    manifest: dict[str, Any]


def holds_corpus(directory: str | os.PathLike[str]) -> bool:
    """Whether `directory` is meant for an encoded corpus; it may still be damaged."""
    try:
        names = {path.name for path in Path(directory).iterdir()}
    except (OSError, ValueError):
        return False
    # Without its manifest too: words.txt must not be taken for somebody's text.
    return names.issuperset((IDS, OFFSETS)) or (MANIFEST in names and _names_format(Path(directory) / MANIFEST))


def _names_format(manifest: Path) -> bool:
    try:
        return bool(read_json(manifest)["format"] == FORMAT)
    except (DataError, OSError, LookupError, TypeError):
        return False


def check_output(directory: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Raise UsageError where `write` would refuse the directory; worth asking before a long encoding."""
    directory = Path(directory)
    if not directory.exists():
        refuse_address(directory, writing=True)
    nearest = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"Cannot write {directory}: {nearest} is not a folder that may be written; give another one.")
    if not directory.exists() or not any(directory.iterdir()):
        return
    another = another_output()
    if not holds_corpus(directory):
        raise UsageError(f"{directory} has files that are no encoded corpus; {another}.")
    if not overwrite:
        raise UsageError(f"{directory} already holds an encoded corpus; {another}, or {given('overwrite', True)}.")
    others = sorted({path.name for path in directory.iterdir()}.difference((*_FILES, MANIFEST)))
    if others:
        raise UsageError(f"{directory} has more than an encoded corpus ({others[0]:.60}); {another}.")


def write(directory: str | os.PathLike[str], fill: Fill, overwrite: bool = False, wait: bool = False) -> StoredCorpus:
    """Write an encoded corpus and open it; `wait` for another process that is writing there.

    Raises:
        UsageError: see `check_output`.
        StorageError: the system could not write (disk full, no permission), or a token holds a line end.
        DataError: what `fill` raises. In all cases nothing is left, and what was there before is untouched.
    """
    # Links are followed: what they point to is replaced.
    directory = Path(os.path.realpath(directory))
    check_output(directory, overwrite)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with locked(beside(directory, "lock"), f"encodes to {directory}", wait), _draft(directory) as draft:
            check_output(directory, overwrite)
            _write_files(draft, fill)
            _put(draft, directory)
    except OSError as error:
        raise StorageError(f"Cannot write {directory}: {error.strerror or error}.") from error
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
        "files": {
            name: {"bytes": (draft / name).stat().st_size, "sha256": file_sha256(draft / name)} for name in _FILES
        },
    }
    (draft / MANIFEST).write_bytes(json_bytes({**manifest, "sha256": _seal(manifest)}, MANIFEST))
    for name in (*_FILES, MANIFEST):
        with (draft / name).open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(draft)


def _seal(manifest: dict[str, Any]) -> str:
    """Return the SHA-256 of all that is in a manifest but this."""
    content = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _lines(words: Sequence[str]) -> bytes:
    text = "\n".join(words)
    if text.count("\n") >= len(words):
        word = next(word for word in words if "\n" in word)
        raise StorageError(f"The token {word!r:.60} holds a line end; an encoded corpus keeps one word a line.")
    return text.encode() + b"\n"


@contextlib.contextmanager
def _draft(directory: Path) -> Iterator[Path]:
    """Yield a new folder beside `directory`; what is there in the end goes, and what an earlier process left."""
    draft, old = beside(directory, "draft"), beside(directory, "old")
    if not directory.exists() and _is_whole(old):
        old.rename(directory)
    remove_leftovers(directory)
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def remove_leftovers(directory: Path) -> None:
    """Remove what a killed process left beside `directory`; for who holds the lock."""
    for suffix in ("draft", "old", "removed"):
        shutil.rmtree(beside(directory, suffix), ignore_errors=True)


def _is_whole(directory: Path) -> bool:
    try:
        open_corpus(directory, verify=False)
    except (UsageError, DataError):
        return False
    return True


def _put(draft: Path, directory: Path) -> None:
    """Give the draft its name. A corpus that has it moves away first, and is removed."""
    old = beside(directory, "old")
    if directory.exists():
        directory.rename(old)
    try:
        draft.rename(directory)
        sync_folder(directory.parent)
    except (OSError, DataError):
        if not draft.exists():
            directory.rename(draft)
        if old.exists():
            old.rename(directory)
        raise
    shutil.rmtree(old, ignore_errors=True)


def beside(directory: Path, suffix: str) -> Path:
    """Return the path of a hidden file or folder that belongs to `directory`."""
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
            if verify and file_sha256(directory / name) != manifest["files"][name]["sha256"]:
                raise DataError(f"{directory / name}: its SHA-256 is not the one in {MANIFEST}; {_DAMAGED}.")
        corpus = _mapped(directory, manifest)
    except OSError as error:
        raise StorageError(f"Cannot read the encoded corpus in {directory}: {error.strerror or error}.") from error
    if verify:
        _check_bounds(corpus, directory)
    return StoredCorpus(corpus, manifest)


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest as it was written.

    Raises:
        DataError: it is not, or has another version.
    """
    if not path.is_file():
        raise DataError(f"{path} is missing; {_DAMAGED}.")
    manifest = read_json(path)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DataError(f"{path}: not the manifest of an encoded corpus; {_DAMAGED}.")
    version = manifest.get("format_version")
    if type(version) is not int or version != FORMAT_VERSION:
        raise DataError(f"{path}: unknown format version {version!r:.20}; this fastw2v reads version {FORMAT_VERSION}.")
    sizes = [manifest.get(name) for name in ("tokens", "documents", "words")]
    if not all(type(size) is int and 0 < size < 2**53 for size in sizes) or manifest.get("ids") not in (*_DTYPES,):
        raise DataError(f"{path}: tokens, documents, words or ids is missing or malformed; {_DAMAGED}.")
    if manifest.get("sha256") != _seal(manifest):
        raise DataError(f"{path}: its SHA-256 is not the one at its end; {_DAMAGED}.")
    return manifest


def _sizes(manifest: dict[str, Any]) -> dict[str, int]:
    """Return the bytes that each file must have."""
    width = np.dtype(_DTYPES[manifest["ids"]]).itemsize
    tokens, documents, words = (manifest[name] for name in ("tokens", "documents", "words"))
    return {
        IDS: tokens * width,
        OFFSETS: (documents + 1) * 8,
        WORDS: manifest["files"][WORDS]["bytes"],
        COUNTS: words * 8,
    }


def _check_size(path: Path, size: int) -> None:
    if not path.is_file():
        raise DataError(f"{path} is missing; {_DAMAGED}.")
    found = path.stat().st_size
    if found != size:
        raise DataError(f"{path}: {plural(found, 'byte')} where {MANIFEST} says {size:,}; {_DAMAGED}.")


def _mapped(directory: Path, manifest: dict[str, Any]) -> EncodedCorpus:
    words = (directory / WORDS).read_bytes().decode("utf-8", "replace").split("\n")[:-1]
    if len(words) != manifest["words"]:
        raise DataError(f"{directory / WORDS}: {plural(len(words), 'word')}, not {manifest['words']:,}; {_DAMAGED}.")
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
        raise DataError(
            f"{directory / OFFSETS}: ends at {offsets[-1]:,} of {plural(corpus.tokens, 'token')}; {_DAMAGED}."
        )
    for low in range(0, corpus.tokens, _BLOCK):
        highest = int(corpus.ids[low : low + _BLOCK].max())
        if highest > len(corpus.items):
            raise DataError(f"{directory / IDS}: id {highest} of {plural(len(corpus.items), 'word')}; {_DAMAGED}.")
