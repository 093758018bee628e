"""Vectors as text: one line "word v1 ... vd" per word, in UTF-8, after a header line "V d" or without any.

With the header it is the text format of word2vec.c and gensim, without it GloVe's. Numbers are written with the fewest
digits that bring back the same bits.
"""

from __future__ import annotations

import logging
import os
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from fastw2v.errors import CutOffError, DataError
from fastw2v.formats.vector_reader import (
    LARGEST_DIMENSION,
    Rows,
    Source,
    check_dimension,
    checked_limit,
    opened,
    read_header,
    write_whole,
)
from fastw2v.formats.word_bytes import LONGEST_WORD, check_unicode_errors, encoded_words
from fastw2v.messages.printable import plural
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import Floats

# Room for one number: generous, yet no line can fill the memory.
_LONGEST_NUMBER = 64

logger = logging.getLogger(__name__)


def write_word2vec_text(path: str | os.PathLike[str], vectors: WordVectors, *, header: bool = True) -> None:
    """Write `vectors` to `path`; a file already there is replaced, whole, once the new one is complete.

    Integer words are written in decimal. A name that ends in .gz is compressed.

    Raises:
        DataError: a word that the format cannot hold (empty, with white space, not a str or int, or equal to
            another once written). Nothing is written then.
    """
    words = encoded_words(vectors.index_to_key)

    def write(file: BinaryIO) -> None:
        if header:
            file.write(f"{len(words)} {vectors.vector_size}\n".encode("ascii"))
        for word, row in zip(words, vectors.vectors, strict=True):
            file.write(word + b" " + " ".join(_digits(row)).encode("ascii") + b"\n")

    write_whole(path, write)


def read_word2vec_text(
    path: str | os.PathLike[str], *, header: bool = True, unicode_errors: str = "strict", limit: int | None = None
) -> WordVectors:
    """Read a file in word2vec text format as float32 vectors, every word a str.

    Line ends may be CRLF, lines may end in spaces, tabs may stand for spaces, a byte order mark is read past, and the
    last line may lack its line break: a warning is given then, as the last number of a file that was cut off there
    cannot be told from a whole one. Without a header a word may hold spaces, where no part of it but the first is a
    number, as in GloVe's "at name@domain.com": a warning says how many do.

    Args:
        path: the file; gzip, bzip2, xz and Zstandard data is decompressed.
        header: whether its first line is "V d"; GloVe's files have none.
        unicode_errors: what becomes of bytes that are not UTF-8: strict refuses, replace, ignore and
            backslashreplace are those of `bytes.decode`.
        limit: read only the first so many vectors, and do not look at what follows.

    Raises:
        DataError: no valid header; a header that promises more than the file can hold (nothing is allocated
            then); more or fewer lines than it says; a wrong number of columns; a value that is not a finite
            float32; a repeated word; text that is not UTF-8. File and line are named.
        UsageError: unknown `unicode_errors`, or a limit below 1.
    """
    check_unicode_errors(unicode_errors)
    limit = checked_limit(limit)
    with opened(path) as source:
        read = _read_counted if header else _read_uncounted
        return read(source, unicode_errors, limit)


def _digits(row: Floats) -> list[str]:
    """The shortest digits of each value from which a reader gets the same bits."""
    digits = [str(value) for value in row]
    # Readers go through a double, and rounding twice can miss. Of all float32 values (each was tried) only
    # 7.038531e-26 and its negative do; nine digits lie too near the value for that.
    back = np.array([float(text) for text in digits]).astype(row.dtype)
    for index in np.flatnonzero(back != row):
        digits[index] = f"{row[index]:.9g}"
    return digits


def _read_counted(source: Source, unicode_errors: str, limit: int | None) -> WordVectors:
    size, dimension, _ = read_header(source, 2, limit)
    wanted = min(size, limit or size)
    rows = Rows(source, dimension, "line", wanted, unicode_errors)
    for number in range(2, wanted + 2):
        line = _line(source, dimension, number)
        if not line:
            raise CutOffError(
                f"{rows.where(number)}: the file ends after {number - 2:,} of the {plural(size, 'vector')} its header "
                "says; without its first line, these would be read."
            )
        _add(rows, line, dimension, number)
    more = 0
    while wanted == size and (rest := source.file.readline(_longest(dimension))):
        more += bool(rest.strip())
    if more:
        raise DataError(f"{source.name}: {plural(size + more, 'line')} follow where its header says {size:,}.")
    return rows.finish()


def _read_uncounted(source: Source, unicode_errors: str, limit: int | None) -> WordVectors:
    line = _line(source, LARGEST_DIMENSION, 1)
    dimension = line.rstrip().count(b" ")
    if dimension < 1:
        raise DataError(f"{source.name}, line 1: expected a word and the numbers of its vector. Got {line[:40]!r}.")
    check_dimension(dimension, source)
    rows, number, spaced = Rows(source, dimension, "line", None, unicode_errors), 1, 0
    while line.strip() and (limit is None or number <= limit):
        spaced += _add(rows, line, dimension, number, spaces=True)
        number += 1
        line = _line(source, dimension, number) if number - 1 != limit else b""
    while line:
        if line.strip():
            raise DataError(f"{rows.where(number)}: a blank line, and more after it.")
        line = _line(source, dimension, number)
    if spaced:
        logger.warning("%s: words with spaces in them: %d; they are kept as they are.", source.name, spaced)
    return rows.finish()


def _longest(dimension: int) -> int:
    return LONGEST_WORD + _LONGEST_NUMBER * dimension


def _line(source: Source, dimension: int, number: int) -> bytes:
    """Read a line, its tabs as spaces; warn where its line break is missing."""
    line = source.file.readline(_longest(dimension)).replace(b"\t", b" ")
    if line and not line.endswith(b"\n"):
        if len(line) == _longest(dimension):
            raise DataError(f"{source.name}, line {number}: the line is too long.")
        logger.warning("%s, line %d: no line break at the end; was the file cut off there?", source.name, number)
    return line


def _add(rows: Rows, line: bytes, dimension: int, number: int, spaces: bool = False) -> bool:
    """Add the word and the numbers of a line. Return whether the word holds spaces, which it may with `spaces` on."""
    where = rows.where(number)
    line = line.rstrip(b" \r\n")
    # Counted, not split: a line of nothing but spaces would take fifty times its size.
    columns = line.count(b" ") + 1
    fields = line.rsplit(b" ", dimension) if columns > dimension else [b""]
    spaced = columns > dimension + 1
    if not fields[0] or line.startswith(b" ") or (spaced and not (spaces and _is_phrase(fields[0]))):
        raise DataError(f"{where}: expected a word and {plural(dimension, 'number')}. Got {plural(columns, 'column')}.")
    rows.add(fields[0], numbers_of(fields[1:], where), number)
    return spaced


def _is_phrase(word: bytes) -> bool:
    """Whether no part of a word but the first is a number, which would rather be one of a longer vector."""
    parts = word.split(b" ") if len(word) <= LONGEST_WORD else [b""]
    return all(parts) and not any(map(is_number, parts[1:]))


def is_number(field: bytes) -> bool:
    """Whether a field of a line can be a number of a vector."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def numbers_of(fields: list[bytes], where: str) -> npt.NDArray[np.float32]:
    """Return digits as float32 numbers. Raises DataError, which names the place, where one is none."""
    try:
        with np.errstate(over="ignore"):  # too large for float32: refused as infinite
            return np.array([float(field) for field in fields]).astype(np.float32)
    except ValueError as error:
        raise DataError(f"{where}: expected {plural(len(fields), 'number')}: {error!s:.80}.") from None
