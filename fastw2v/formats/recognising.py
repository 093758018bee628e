"""Detect the format of a file of vectors by its content; name files that hold none.

A form with a signature is told by it. Text and binary files begin with a line "V d", and the first row below it tells
them apart; GloVe's begin with a word and its numbers. Where content leaves two possible, the suffix chooses.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from fastw2v.errors import DataError
from fastw2v.files.content import Content, looks_like_text, recognise
from fastw2v.formats.vector_reader import HEADER, Source, opened
from fastw2v.formats.word2vec_text import is_number
from fastw2v.messages.callers import by_caller
from fastw2v.system.optional import installed_by
from fastw2v.text.compressed import COMPRESSIONS

TEXT, BINARY, GLOVE = "text", "binary", "glove"
# Forms by the names that `content` gives to their signatures.
_SIGNED = {"npz": "npz", "safetensors": "safetensors", "parquet": "parquet", "arrow": "feather"}
# As many bytes, decompressed, are looked at.
_START = 1 << 16
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# No text has these.
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\x0b\x0c\r"))

_PICKLE = "pickles run code and are never loaded. In gensim, save_word2vec_format exports the vectors"
_FROM_GENSIM = f"; or KeyedVectors.from_gensim takes gensim's object ({installed_by('gensim', 'gensim')})"
_FASTTEXT = (
    "give the .vec file beside it, or export its words by fasttext's get_words and get_word_vector, or by gensim's "
    "load_facebook_vectors and save_word2vec_format"
)
_UNPACK = "unpack it and give the file of vectors in it"
_ADVICE = {"pickle": _PICKLE, "fasttext": _FASTTEXT, "zip": _UNPACK, "tar": _UNPACK, "7z": _UNPACK, "rar": _UNPACK}
# Kinds whose own advice, in `content`, serves here too.
_ADVISED = ("html", "lfs", "npy", "hdf5")


def form_of_file(path: Path, least_numbers: int = 2) -> str:
    """Return the form of a file of vectors.

    Args:
        path: the file.
        least_numbers: of a row without a header, unless the file is called .glove.

    Raises:
        DataError: it holds no vectors, or they are compressed twice; what it is instead is named. Or it cannot be read.
    """
    with opened(path) as source:
        start = source.file.read(_START)
        content = recognise(start)
        if content is not None:
            return _signed(content, source)
    form = _unsigned(start, _suffix(path), least_numbers)
    if form is None:
        raise DataError(_no_vectors(start, path))
    return form


def refuse_named(path: Path) -> str | None:
    """Return the form of a file that has a signature; None: it has none.

    Raises:
        DataError: what the signature tells holds no vectors, or the file cannot be read.
    """
    with opened(path) as source:
        content = recognise(source.file.read(_START))
        return None if content is None else _signed(content, source)


def other_form(path: Path, form: str) -> str | None:
    """Return what a file is that could not be read as of this form, for the end of a message; None: nothing else.

    Raises:
        DataError: see `refuse_named`.
    """
    found = refuse_named(path)
    try:
        found = found or form_of_file(path)
    except DataError:
        return None
    known = {
        TEXT: f"{'no_header' if form == GLOVE else 'binary'}=False",
        BINARY: "binary=True",
        GLOVE: "no_header=True",
    }
    how = "" if found not in known else f" {known[found]} would read it;"
    return None if found == form else f"It looks like {found}:{how} KeyedVectors.load tells the form by itself."


def _signed(content: Content, source: Source) -> str:
    form = _SIGNED.get(content.kind)
    if form is None:
        known = content.instead if content.kind in _ADVISED else "give a file of vectors"
        advice = _ADVICE.get(content.kind, known) + (by_caller("", _FROM_GENSIM) if content.kind == "pickle" else "")
        raise DataError(f"{source.name}: is {content.what}, not vectors; {advice}.")
    if source.compressed:
        raise DataError(f"{source.name}: is {content.what}, compressed once more; decompress it first.")
    return form


def _unsigned(start: bytes, suffix: str, least_numbers: int) -> str | None:
    """Return the form of a file that begins so; None: it is none."""
    first, _, rest = start.partition(b"\n")
    header = HEADER.fullmatch(first)
    if header is None:
        least = 1 if suffix == ".glove" else least_numbers
        return GLOVE if _numbers_in_row(first, cut=len(first) == _START) >= least else None
    row, dimension = rest.partition(b"\n")[0], int(header[2])
    if suffix == ".glove" and dimension != 1 and _numbers_in_row(row, cut=False) == 1:
        return GLOVE  # of one number, and the first word is one
    if _numbers_in_row(row, cut=row == rest and len(start) == _START) >= 1:
        return TEXT
    numbers = rest.lstrip(b"\n").partition(b" ")[2][: 4 * dimension]
    return BINARY if not numbers.isascii() or _has_controls(rest) or suffix == ".bin" else TEXT


def _numbers_in_row(line: bytes, cut: bool) -> int:
    """Return how many numbers stand behind a word; 0 where something else does. With `cut`, the last is left out."""
    fields = line.replace(b"\t", b" ").rstrip().split(b" ")
    numbers = fields[1 : -1 if cut else None]
    return len(numbers) if fields[0] and all(map(is_number, numbers)) else 0


def _has_controls(start: bytes) -> bool:
    return len(start.translate(None, _CONTROLS)) < len(start)


def _suffix(path: Path) -> str:
    """Return the suffix of the name, in lower case, before that of a compression."""
    compressed = path.suffix.lower() in COMPRESSIONS
    return (Path(path.stem) if compressed else path).suffix.lower()


def _no_vectors(start: bytes, path: Path) -> str:
    """Say what is wrong with a file that has no signature."""
    if not start:
        return f"{path}: is empty, and holds no vectors."
    if start.startswith(_UTF16):
        return f"{path}: is UTF-16 text; convert it to UTF-8: iconv -f UTF-16 -t UTF-8."
    first = start.partition(b"\n")[0][:40].decode("utf-8", "replace")
    text = " It looks like text, which `fastw2v train` takes." if looks_like_text(start) else ""
    return (
        f"{path}: holds no vectors that can be read. Its first line must be the number of words and the vector size, "
        f"such as '5312 100', or a word and two or more numbers, such as 'cat 0.12 -0.7'. Got {first!r}.{text}"
    )
