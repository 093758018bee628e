"""Files of vectors by name and suffix: one line a form, how it is written and how it is read.

Knows the modules of the forms and the errors.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from fastw2v.errors import UsageError
from fastw2v.formats.npz import read_npz, write_npz
from fastw2v.formats.projector import write_projector
from fastw2v.formats.tables import read_feather, read_parquet, write_feather, write_parquet
from fastw2v.formats.tensors import read_safetensors, write_safetensors
from fastw2v.formats.word2vec_binary import read_word2vec_binary, write_word2vec_binary
from fastw2v.formats.word2vec_text import read_word2vec_text, write_word2vec_text
from fastw2v.vectors import KeyedVectors

PathLike = str | os.PathLike[str]


class _Write(Protocol):
    def __call__(self, path: PathLike, vectors: KeyedVectors) -> None: ...


class VectorFormat(NamedTuple):
    """A form of vectors.

    Attributes:
        suffix: by which it is told.
        write: writes vectors to a path.
        read: reads them; None: this form is for other programs alone.
        gzip: whether .gz after the suffix compresses.
    """

    suffix: str
    write: _Write
    read: Callable[[PathLike], KeyedVectors] | None
    gzip: bool = False


FORMATS = {
    "text": VectorFormat(".txt", write_word2vec_text, read_word2vec_text, gzip=True),
    "binary": VectorFormat(".bin", write_word2vec_binary, read_word2vec_binary, gzip=True),
    "glove": VectorFormat(
        ".glove", partial(write_word2vec_text, header=False), partial(read_word2vec_text, header=False), gzip=True
    ),
    "npz": VectorFormat(".npz", write_npz, read_npz),
    "safetensors": VectorFormat(".safetensors", write_safetensors, read_safetensors),
    "parquet": VectorFormat(".parquet", write_parquet, read_parquet),
    "feather": VectorFormat(".feather", write_feather, read_feather),
    "projector": VectorFormat(".projector", write_projector, None),
}


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
            f"The format is told by the file's suffix ({_suffixes()}) or by --format. Got {path.name!r:.60}; "
            "vectors.txt would work."
        )
    if path.suffix.lower() == ".gz" and not known.gzip:
        raise UsageError(f"Text, binary and GloVe files may be compressed. Got {path.name!r:.60}; leave out .gz.")
    return known


def read_vectors(path: PathLike) -> KeyedVectors:
    """Read a file of vectors, whose form its suffix tells.

    Text, binary and GloVe files give float32 vectors and words as str, without counts; the others what was written.
    GloVe's own files are called .txt and have no header: give them the suffix .glove.

    Raises:
        UsageError: the suffix tells no form that is read.
        DataError: it is not there, or damaged; see the modules of the forms.
        MissingExtraError: Parquet and Feather need pyarrow.
    """
    path = Path(path)
    known = _by_suffix(path)
    if known is None or known.read is None:
        raise UsageError(
            f"{path}: the form of a file of vectors is told by its suffix ({_suffixes(read=True)}). Got "
            f"{path.suffix!r:.60}; vectors.txt would work."
        )
    return known.read(path)


def is_vector_file(path: Path) -> bool:
    """Whether a file's name tells that it holds vectors: a `.txt` may hold anything."""
    known = _by_suffix(path)
    return known is not None and known.suffix != ".txt"


def _by_suffix(path: Path) -> VectorFormat | None:
    gzip = path.suffix.lower() == ".gz"
    suffix = Path(path.stem).suffix if gzip else path.suffix
    found = (known for known in FORMATS.values() if suffix.lower() == known.suffix)
    return next(found, None)


def _suffixes(read: bool = False) -> str:
    return ", ".join(known.suffix for known in FORMATS.values() if known.read is not None or not read)
