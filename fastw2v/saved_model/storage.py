"""Save and load a model directory, atomically and without trusting its files.

    weights.safetensors   input_vectors and output_vectors, (rows, d) float32 or float64
    vocabulary.jsonl      one line ["word", count] per word, in the order of the first rows
    settings.json         the hyper-parameters
    history.json          a list of what was measured, one object per epoch
    model.json            the manifest: format version, and size and SHA-256 of each file above; written last

The files of a model replace those of an older one all at once: after a crash at any instant the old model or the new
one is read, whole; see `replacing`. Equal weights give byte-identical weight files. Nothing is unpickled, no name or
path is taken from a file here (`recorded` takes the corpus's), no link is followed, and every size is checked before
reading. A signal waits for a save to end.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, MissingFileError, NotAModelError, UsageError
from fastw2v.files.atomic import Writer, write_atomically
from fastw2v.files.content import START_BYTES, recognise
from fastw2v.files.digest import file_sha256
from fastw2v.files.json_files import json_bytes, read_json
from fastw2v.files.replacing import only_writer, place, replaced
from fastw2v.messages.addresses import refuse_address
from fastw2v.messages.callers import another_output, by_caller, given
from fastw2v.messages.printable import plural
from fastw2v.saved_model.files import (
    Word,
    check_weights,
    read_vocabulary,
    read_weights,
    vocabulary_lines,
    write_weights,
)
from fastw2v.system.optional import installed_by
from fastw2v.system.signals import deferred
from fastw2v.vectors.nearest import Floats
from fastw2v.version import __version__

FORMAT_VERSION = 1
MANIFEST = "model.json"
WEIGHTS = "weights.safetensors"
VOCABULARY = "vocabulary.jsonl"
HISTORY = "history.json"
SETTINGS = "settings.json"

_FILES = (WEIGHTS, VOCABULARY, HISTORY, SETTINGS)
# Where models go that were given no name.
NUMBERED = "fastw2v-models"

_FORMAT = "fastw2v model"
_DAMAGED = "the file is damaged, or of another save"
_LARGEST = 2**53


@dataclass(frozen=True)
class SavedModel:
    """A model as `load_model` returns it.

    Attributes:
        words: V words, str or int, by row.
        counts: (V,) int64, occurrences in the training stream.
        w_in: (rows, d) input vectors, float32 or float64; the first V are the words'.
        w_out: (rows, d) output vectors, same dtype.
        settings: the hyper-parameters, as JSON values.
        history: one dict per epoch: epoch, loss, validation_loss (or None), learning_rate, pairs, seconds,
            words_per_second.
        provenance: where the model came from, as JSON values.
        format_version: of the directory read.
    """

    words: list[Word]
    counts: npt.NDArray[np.int64]
    w_in: Floats
    w_out: Floats
    settings: dict[str, Any]
    history: list[dict[str, Any]]
    provenance: dict[str, Any]
    format_version: int


# Directories


def holds_model(directory: str | os.PathLike[str]) -> bool:
    """Whether `directory` has a manifest; it may still be damaged."""
    return place(Path(directory), MANIFEST).is_file()


def next_numbered_directory(base: str | os.PathLike[str] = NUMBERED) -> Path:
    """Create and return base/1, base/2, ...: one above the highest; no two processes get the same one.

    A `base` that does not exist is created, with a `.gitignore` that keeps models out of the user's
    repository.

    Raises:
        UsageError: `base` cannot be created or is not a directory.
    """
    base = Path(base)
    try:
        _create_base(base)
        numbers = (int(entry.name) for entry in base.iterdir() if entry.name.isascii() and entry.name.isdigit())
        number = max(numbers, default=0)
        while True:
            number += 1
            try:
                (base / str(number)).mkdir()
            except FileExistsError:
                continue
            return base / str(number)
    except OSError as error:
        raise UsageError(f"Cannot create a directory in {base}: {error.strerror or error}.") from error


def _create_base(base: Path) -> None:
    base.parent.mkdir(parents=True, exist_ok=True)
    try:
        base.mkdir()
    except FileExistsError:
        return  # the user's own directory, or another process was first: not ours to hide from git
    (base / ".gitignore").write_text("*\n", encoding="ascii")


# Saving


def check_output(directory: str | os.PathLike[str], overwrite: bool = False, empty_file: bool = False) -> None:
    """Raise UsageError where `save_model` would refuse the directory; worth asking before a long training.

    empty_file: whether an empty file may be in its place, as `tempfile` makes one to have a name.
    """
    directory = Path(directory)
    if not directory.exists():
        refuse_address(directory, writing=True)
    start = directory.absolute().parent if empty_file and _is_empty_file(directory) else directory
    nearest = next(path for path in (start, *start.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise UsageError(f"Cannot save a model in {directory}: {nearest} is not a directory; {another_output()}.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"Cannot save a model in {directory}: {nearest} is read-only; {another_output()}.")
    for name in (MANIFEST, *_FILES):
        if (directory / name).is_dir():
            raise UsageError(f"{directory} holds a folder {name}, where a model's file must be; {another_output()}.")
    if overwrite:
        return
    remedy = f"{another_output()}, or {given('overwrite', True)} to replace it"
    if holds_model(directory):
        raise UsageError(f"{directory} already holds a model; {remedy}.")
    for name in (MANIFEST, *_FILES):
        if (directory / name).exists():
            raise UsageError(f"{directory} already holds a file {name}; {remedy}.")


def save_model(
    directory: str | os.PathLike[str],
    *,
    words: Sequence[Word],
    counts: npt.NDArray[np.int64],
    w_in: Floats,
    w_out: Floats,
    settings: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]],
    provenance: Mapping[str, Any],
    rows: tuple[int, int] | None = None,
    overwrite: bool = False,
) -> None:
    """Write a model; other files in the directory are left alone.

    Args:
        directory: created where it does not exist, or where an empty file lies, which goes.
        words: V distinct words, str or int.
        counts: (V,) int64, not negative.
        w_in: (at least V, d) float32 or float64, finite, without padding; the words' rows first.
        w_out: (any number of rows, d), the same dtype.
        settings: JSON values, as are `history` and `provenance`; tuples come back as lists.
        history: one mapping per epoch.
        provenance: kept in the manifest, so that nothing else varies with time or place.
        rows: of W_in and of W_out; None: V each.
        overwrite: replace a model that is there.

    Raises:
        UsageError: the directory holds a model, or a file with one of our names, and `overwrite` is off.
        DataError: something that could not be loaded again. Nothing is written then.
    """
    directory = Path(directory)
    check_output(directory, overwrite, empty_file=True)
    check_weights(w_in, w_out, rows or (len(words), len(words)), "the model to save")
    vocabulary = vocabulary_lines(words, counts)
    settings_json, history_json = json_bytes(dict(settings), SETTINGS), json_bytes(list(history), HISTORY)
    json_bytes(dict(provenance), "provenance")
    writers: dict[str, Writer] = {
        WEIGHTS: lambda file: write_weights(file, w_in, w_out),
        VOCABULARY: lambda file: file.write(vocabulary),
        SETTINGS: lambda file: file.write(settings_json),
        HISTORY: lambda file: file.write(history_json),
    }
    try:
        if _is_empty_file(directory):
            directory.unlink()
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"Cannot create the directory {directory}: {error.strerror or error}.") from error
    try:
        with only_writer(directory):
            check_output(directory, overwrite)
            with deferred(), replaced(directory, (*_FILES, MANIFEST)) as draft:
                _write_files(draft, writers, _shapes(len(words), w_in, w_out), dict(provenance))
    except OSError as error:
        raise DataError(f"Cannot write a model to {directory}: {error.strerror or error}.") from error


def _is_empty_file(path: Path) -> bool:
    try:
        about = path.lstat()  # a link is left alone
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size == 0


def _write_files(
    draft: Path, writers: Mapping[str, Writer], shapes: dict[str, Any], provenance: dict[str, Any]
) -> None:
    for name, writer in writers.items():
        write_atomically(draft / name, writer)
    manifest = json_bytes(_manifest({name: draft / name for name in writers}, shapes, provenance), MANIFEST)
    write_atomically(draft / MANIFEST, lambda file: file.write(manifest))


def _shapes(words: int, w_in: Floats, w_out: Floats) -> dict[str, Any]:
    """Return what the manifest says of the weights; `rows` only where they are not V each."""
    rows = {} if (len(w_in), len(w_out)) == (words, words) else {"rows": [len(w_in), len(w_out)]}
    return {"dtype": w_in.dtype.name, "shape": [words, w_in.shape[1]], **rows}


def _manifest(staged: Mapping[str, Path], shapes: dict[str, Any], provenance: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "format_version": FORMAT_VERSION,
        "package_version": __version__,
        **shapes,
        "files": {
            name: {"bytes": path.stat().st_size, "sha256": file_sha256(path)} for name, path in sorted(staged.items())
        },
        "provenance": provenance,
    }


# Loading


def check_model(directory: Path) -> None:
    """Raise UsageError unless this is the directory of a model; MissingFileError where there is nothing."""
    if not directory.exists():
        refuse_address(directory)
        raise MissingFileError(f"{directory} does not exist; give the directory of a model.")
    if not directory.is_dir():
        raise NotAModelError(_no_directory(directory))
    if not holds_model(directory):
        raise UsageError(f"{directory} holds no model: there is no {MANIFEST} in it.")


def load_model(directory: str | os.PathLike[str], *, mmap: bool = False) -> SavedModel:
    """Read a model and check all of it.

    Args:
        directory: of the model.
        mmap: map the weights from their file, read-only, instead of copying them. Its checksum is read all the same.

    Raises:
        MissingFileError: the directory does not exist.
        UsageError: it holds no model.
        DataError: a file is missing, damaged, from another save, or of a format version that is not known.
    """
    directory = Path(directory)
    check_model(directory)
    while True:
        before = _state(directory)
        try:
            return _load(directory, mmap)
        except DataError:
            # Another process may have saved meanwhile: files of two models were read.
            if _state(directory) == before:
                raise


def _no_directory(path: Path) -> str:
    """Say what is wrong with a file in place of a model's directory."""
    try:
        with path.open("rb") as file:
            content = recognise(file.read(START_BYTES))
    except OSError:
        content = None
    if content is not None and content.kind == "pickle":
        how = by_caller(
            "In gensim, save_word2vec_format exports its vectors: --init-from takes them.",
            "A model of gensim's that you trust: Word2Vec.from_gensim(gensim.models.Word2Vec.load(path)), which needs "
            f"gensim: {installed_by('gensim', 'gensim')}.",
        )
        return f"{path} is {content.what}, and pickles run code and are never loaded. {how}"
    how = by_caller(
        f"{given('init_from', path)} begins with a file of vectors.", "KeyedVectors.load reads files of vectors."
    )
    return f"{path} is a file, and a model is a directory; {how}"


def _load(directory: Path, mmap: bool) -> SavedModel:
    try:
        places = {name: place(directory, name) for name in (MANIFEST, *_FILES)}
        manifest = _read_manifest(_no_link(places[MANIFEST]))
        for name in _FILES:
            _check_file(_no_link(places[name]), manifest)
        return _read_model(places, manifest, mmap)
    except OSError as error:
        raise DataError(f"Cannot read the model in {directory}: {error.strerror or error}.") from error


def _state(directory: Path) -> list[tuple[Path, int, int] | None]:
    """Return where the files of a model are and which they are."""
    state: list[tuple[Path, int, int] | None] = []
    for name in (MANIFEST, *_FILES):
        found = place(directory, name)
        try:
            about = found.lstat()
        except OSError:
            state.append(None)
        else:
            state.append((found, about.st_ino, about.st_mtime_ns))
    return state


def _no_link(path: Path) -> Path:
    if path.is_symlink():
        raise DataError(f"{path} is a link, which could lead to any file; put the file itself there (cp -L copies so).")
    return path


def _read_manifest(path: Path) -> dict[str, Any]:
    manifest = read_json(path)
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise DataError(f'{path}: not the manifest of a fastw2v model; "format" must be "{_FORMAT}".')
    version = manifest.get("format_version")
    if type(version) is not int or version != FORMAT_VERSION:
        raise DataError(f"{path}: unknown format version {version!r:.20}; this fastw2v reads version {FORMAT_VERSION}.")
    match manifest:
        case {"shape": [int() as rows, int() as columns], "dtype": str(), "files": dict(), "provenance": dict()}:
            # No larger number is a size, and Python cannot even write some of those that JSON can hold.
            if 0 < rows < _LARGEST and 0 < columns < _LARGEST:
                return manifest
    raise DataError(f'{path}: "shape", "dtype", "files" or "provenance" is missing or malformed.')


def _rows(path: Path, manifest: dict[str, Any]) -> tuple[int, int]:
    """Return the rows of W_in and W_out: one a word each, unless the manifest says more."""
    words = manifest["shape"][0]
    match manifest.get("rows", [words, words]):
        case [int() as rows_in, int() as rows_out] if words <= rows_in < _LARGEST and 0 < rows_out < _LARGEST:
            return rows_in, rows_out
    raise DataError(f'{path}: "rows" must be two sizes, of W_in (at least {words:,}) and of W_out.')


def _check_file(path: Path, manifest: dict[str, Any]) -> None:
    match manifest["files"].get(path.name):
        case {"bytes": int(size), "sha256": str(checksum)} if 0 <= size < _LARGEST:
            pass
        case _:
            raise DataError(f"{path.with_name(MANIFEST)}: no size and SHA-256 of {path.name} in it.")
    if not path.is_file():
        raise DataError(f"{path} is missing; the model is not complete.")
    found = path.stat().st_size
    if found != size:
        raise DataError(f"{path}: {plural(found, 'byte')} where {MANIFEST} says {size:,}; {_DAMAGED}.")
    if file_sha256(path) != checksum:
        raise DataError(f"{path}: its SHA-256 is not the one in {MANIFEST}; {_DAMAGED}.")


def _read_model(places: Mapping[str, Path], manifest: dict[str, Any], mmap: bool) -> SavedModel:
    rows, columns = manifest["shape"]
    w_in, w_out = read_weights(places[WEIGHTS], _rows(places[MANIFEST], manifest), mmap)
    if w_in.shape[1] != columns or w_in.dtype.name != manifest["dtype"]:
        raise DataError(
            f"{places[WEIGHTS]}: {w_in.shape} {w_in.dtype} where {MANIFEST} says "
            f"({rows}, {columns}) {manifest['dtype']:.20}."
        )
    words, counts = read_vocabulary(places[VOCABULARY], rows)
    settings, history = read_json(places[SETTINGS]), read_json(places[HISTORY])
    if not isinstance(settings, dict):
        raise DataError(f"{places[SETTINGS]}: must hold one JSON object.")
    if not isinstance(history, list) or not all(isinstance(entry, dict) for entry in history):
        raise DataError(f"{places[HISTORY]}: must hold a list of JSON objects.")
    return SavedModel(
        words=words,
        counts=counts,
        w_in=w_in,
        w_out=w_out,
        settings=settings,
        history=history,
        provenance=manifest["provenance"],
        format_version=manifest["format_version"],
    )
