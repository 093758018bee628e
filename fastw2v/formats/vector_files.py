"""The vector files of other programs by name and suffix: one line a format. Knows their modules and the errors."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from fastw2v.errors import UsageError
from fastw2v.formats.word2vec_binary import write_word2vec_binary
from fastw2v.formats.word2vec_text import write_word2vec_text
from fastw2v.vectors import KeyedVectors


class _Write(Protocol):
    def __call__(self, path: str | os.PathLike[str], vectors: KeyedVectors) -> None: ...


class VectorFormat(NamedTuple):
    """How vectors are written, and the suffix by which that is told."""

    suffix: str
    write: _Write


FORMATS = {
    "text": VectorFormat(".txt", write_word2vec_text),
    "binary": VectorFormat(".bin", write_word2vec_binary),
    "glove": VectorFormat(".glove", partial(write_word2vec_text, header=False)),
}


def format_of(path: Path, name: str | None = None) -> VectorFormat:
    """Return the format of that name, or else the one that the suffix of `path` tells (.gz after it is compression).

    Raises:
        UsageError: neither tells one.
    """
    if name is not None:
        if name not in FORMATS:
            raise UsageError(f"format must be {', '.join(FORMATS)}. Got {name!r:.60}.")
        return FORMATS[name]
    suffix = Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix
    for known in FORMATS.values():
        if suffix.lower() == known.suffix:
            return known
    raise UsageError(
        f"The format is told by the file's suffix ({', '.join(known.suffix for known in FORMATS.values())}) or by "
        f"--format. Got {path.name!r:.60}; vectors.txt would work."
    )
