"""The registry of vector formats: suffixes, reader and writer of each.

Files are written in the form that their suffix tells, and read in the one that `recognising` finds in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from fastw2v.errors import DataError, MissingFileError, UsageError
from fastw2v.formats.arrow import read_feather, read_parquet, write_feather, write_parquet
from fastw2v.formats.mapping import checked_mmap
from fastw2v.formats.npz import read_npz, write_npz
from fastw2v.formats.projector import is_projector, read_projector, write_projector
from fastw2v.formats.recognising import form_of_file
from fastw2v.formats.safetensors import read_safetensors, write_safetensors
from fastw2v.formats.word2vec_binary import read_word2vec_binary, write_word2vec_binary
from fastw2v.formats.word2vec_text import read_word2vec_text, write_word2vec_text
from fastw2v.messages.addresses import refuse_address
from fastw2v.messages.callers import named
from fastw2v.text.compressed import COMPRESSIONS
from fastw2v.vectors.keyed import WordVectors

PathLike = str | os.PathLike[str]


class _Write(Protocol):
    def __call__(self, path: PathLike, vectors: WordVectors) -> None: ...


class VectorFormat(NamedTuple):
    """A form of vectors.

    Attributes:
        suffixes: of files to write in this form; the first is the usual one.
        write: writes vectors to a path.
        read: reads them.
        gzip: whether .gz after the suffix compresses.
    """

    suffixes: tuple[str, ...]
    write: _Write
    read: Callable[[PathLike], WordVectors]
    gzip: bool = False


# word2vec.c cuts long words, in mid-letter too: a file is not to be refused for one of them.
_read_text = partial(read_word2vec_text, unicode_errors="backslashreplace")
_read_binary = partial(read_word2vec_binary, unicode_errors="backslashreplace")
FORMATS = {
    "text": VectorFormat((".txt", ".vec"), write_word2vec_text, _read_text, gzip=True),
    "binary": VectorFormat((".bin",), write_word2vec_binary, _read_binary, gzip=True),
    "glove": VectorFormat(
        (".glove",), partial(write_word2vec_text, header=False), partial(_read_text, header=False), gzip=True
    ),
    "npz": VectorFormat((".npz",), write_npz, read_npz),
    "safetensors": VectorFormat((".safetensors",), write_safetensors, read_safetensors),
    "parquet": VectorFormat((".parquet",), write_parquet, read_parquet),
    "feather": VectorFormat((".feather",), write_feather, read_feather),
    "projector": VectorFormat((".projector",), write_projector, read_projector),
}
_SAVED = FORMATS["safetensors"], FORMATS["npz"]
# Files of a folder that are opened to find vectors for a message.
_MOST_LOOKED_AT = 20


def format_of(path: Path, name: str | None = None) -> VectorFormat:
    """Return the form of that name, or else the one that the suffix of `path` tells.

    Raises:
        UsageError: neither tells one, or the path ends in .gz and the form is not compressed.
    """
    if name is not None and name not in FORMATS:
        raise UsageError(f"format must be {', '.join(FORMATS)}. Got {name!r:.60}.")
    known = _by_suffix(path) if name is None else FORMATS[name]
    if known is None:
        raise UsageError(
            f"The format is told by the file's suffix ({_suffixes()}) or by {named('format')}. Got {path.name!r:.60}; "
            "vectors.txt would work."
        )
    if path.suffix.lower() == ".gz" and not known.gzip:
        raise UsageError(f"Text, binary and GloVe files may be compressed. Got {path.name!r:.60}; leave out .gz.")
    return known


def read_vectors(path: PathLike) -> WordVectors:
    """Read a file of vectors, or a folder for TensorBoard's projector, whatever its name: its content tells the form.

    Text, binary and GloVe files, also compressed (gzip, bzip2, xz, Zstandard), give float32 vectors and words as str,
    without counts; the others what was written. Bytes that are not UTF-8 become escapes, and a warning says so.

    Raises:
        MissingFileError: there is nothing at `path`.
        UsageError: there is a folder of something else.
        DataError: it is damaged, or holds no vectors; what it is instead is named. See the modules of the forms.
        MissingExtraError: Parquet and Feather need pyarrow.
    """
    return FORMATS[_form_at(Path(path))].read(path)


def save_vectors(path: PathLike, vectors: WordVectors) -> None:
    """Write vectors in a form that keeps all of them: .npz, or safetensors under that suffix or one of no form.

    Raises:
        UsageError: the suffix is of another form, or of compressed files; or there are no words.
        DataError: see `write_safetensors`.
    """
    if not len(vectors):
        raise UsageError(f"There are no words yet to save in {path}; add_vectors adds some.")
    suffix, known = Path(path).suffix.lower(), _by_suffix(Path(path))
    if known not in (None, *_SAVED) or suffix in COMPRESSIONS:
        raise UsageError(
            f"save writes safetensors, or .npz, uncompressed. Got {Path(path).name!r:.60}; 'vectors.kv' would work. "
            "save_word2vec_format and `fastw2v convert` write other forms."
        )
    (known or FORMATS["safetensors"]).write(path, vectors)


def load_vectors(path: PathLike, mmap: bool | str | None = None) -> WordVectors:
    """Read a file of vectors as `read_vectors`; with `mmap` (True or "r") map those of a safetensors file.

    Raises:
        UsageError: see `read_vectors`; or another `mmap`, or a file of another form to be mapped.
        DataError: see `read_vectors`.
    """
    if not checked_mmap(mmap):
        return read_vectors(path)
    form = _form_at(Path(path))
    if form != "safetensors":
        raise UsageError(f"{path}: only safetensors files are mapped. Got {form}; leave out mmap, or save as v.kv.")
    return read_safetensors(path, mmap=True)


def is_vector_file(path: Path) -> bool:
    """Whether there is a file of vectors, or a projector's folder, at `path`, and cannot be one of word pairs.

    Pairs and analogies of integers, such as "7 33 1", look like short vectors without a header.
    """
    if path.is_dir():
        return is_projector(path)
    try:
        return path.is_file() and form_of_file(path, least_numbers=5) in FORMATS
    except DataError:
        return False


def file_in(folder: Path) -> Path | None:
    """Return a file of vectors in a folder, for a message; None: there is none among the first files so called."""
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and _by_suffix(path) is not None)
    except OSError:
        return None
    return next(filter(is_vector_file, files[:_MOST_LOOKED_AT]), None)


def _form_at(path: Path) -> str:
    if not path.exists():
        refuse_address(path)
        raise MissingFileError(f"{path} does not exist; give a file of vectors.")
    if path.is_file():
        return form_of_file(path)
    if not path.is_dir():
        raise UsageError(f"{path} is a pipe or a device; put the vectors into a file and give that.")
    if not is_projector(path):
        raise UsageError(f"{path} is a folder; give a file of vectors. Word2Vec.load(folder).wv has those of a model.")
    return "projector"


def _by_suffix(path: Path) -> VectorFormat | None:
    gzip = path.suffix.lower() == ".gz"
    suffix = Path(path.stem).suffix if gzip else path.suffix
    found = (known for known in FORMATS.values() if suffix.lower() in known.suffixes)
    return next(found, None)


def _suffixes() -> str:
    return ", ".join(suffix for known in FORMATS.values() for suffix in known.suffixes)
