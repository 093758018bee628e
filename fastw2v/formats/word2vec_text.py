"""The word2vec text format: a header line "V d", then one line "word v1 ... vd" per word, in UTF-8.

Read and written by word2vec.c, gensim and most tools. Numbers are written with the fewest digits that bring
back the same bits. Imports `vectors`, `atomic` and `errors`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from fastw2v.atomic import write_atomically
from fastw2v.errors import DataError
from fastw2v.vectors import Floats, KeyedVectors

_HEADER = re.compile(rb"(\d{1,12}) (\d{1,9})\s*")
_LONGEST_HEADER = 64
# Room a line may take besides its numbers, and for one number: generous, yet no line can fill the memory.
_LONGEST_WORD = 65_536
_LONGEST_NUMBER = 64


def write_word2vec_text(path: str | os.PathLike[str], vectors: KeyedVectors) -> None:
    """Write `vectors` to `path`; a file already there is replaced, whole, once the new one is complete.

    Integer words are written in decimal.

    Raises:
        DataError: a word that the format cannot hold (empty, with white space, not a str or int, or equal to
            another once written). Nothing is written then.
    """
    words = _encoded_words(vectors.index_to_key)

    def write(file: BinaryIO) -> None:
        file.write(f"{len(words)} {vectors.vector_size}\n".encode("ascii"))
        for word, row in zip(words, vectors.vectors, strict=True):
            file.write(word + b" " + " ".join(_digits(row)).encode("ascii") + b"\n")

    write_atomically(path, write)


def read_word2vec_text(path: str | os.PathLike[str]) -> KeyedVectors:
    """Read a file in word2vec text format as float32 vectors, every word a str.

    Raises:
        DataError: no valid header; a header that promises more than the file can hold (nothing is allocated
            then); more or fewer lines than it says; a wrong number of columns; a value that is not a finite
            float32; a repeated word; text that is not UTF-8; a last line without its line break. File and
            line are named.
    """
    try:
        with Path(path).open("rb") as file:
            size, dimension = _read_header(file, path)
            return _read_rows(file, path, size, dimension)
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror or error}.") from error


def _encoded_words(words: Iterable[Hashable]) -> list[bytes]:
    written: dict[bytes, Hashable] = {}
    for word in words:
        encoded = _encoded_word(word)
        if encoded in written:
            raise DataError(
                f"The items {written[encoded]!r:.60} and {word!r:.60} are one word once written as text; rename one."
            )
        written[encoded] = word
    return list(written)


def _encoded_word(word: Hashable) -> bytes:
    if isinstance(word, bool) or not isinstance(word, (str, int)):
        raise DataError(
            f"The item {word!r:.60} of type {type(word).__name__} cannot be written in word2vec text format; "
            "words must be str or int."
        )
    text = str(word)
    # Readers differ in what they take for white space, so whatever Unicode calls so is refused.
    if text.split() != [text]:
        what = "contains white space" if text else "is empty"
        raise DataError(f"The word {text!r:.60} {what}, which word2vec text format cannot hold; 'New_York' would work.")
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        raise DataError(f"The word {text!r:.60} is not valid Unicode and cannot be written as UTF-8.") from None
    if len(encoded) > _LONGEST_WORD:
        raise DataError(f"The word {text!r:.60} is longer than {_LONGEST_WORD:,} bytes.")
    return encoded


def _digits(row: Floats) -> list[str]:
    """The shortest digits of each value from which a reader gets the same bits."""
    digits = [str(value) for value in row]
    # Readers go through a double, and rounding twice can miss. Of all float32 values (each was tried) only
    # 7.038531e-26 and its negative do; nine digits lie too near the value for that.
    back = np.array([float(text) for text in digits]).astype(row.dtype)
    for index in np.flatnonzero(back != row):
        digits[index] = f"{row[index]:.9g}"
    return digits


def _read_header(file: BinaryIO, path: str | os.PathLike[str]) -> tuple[int, int]:
    line = file.readline(_LONGEST_HEADER)
    match = _HEADER.fullmatch(line)
    if match is None:
        raise DataError(
            f"{path}, line 1: expected the number of words and the vector size, such as '5312 100'. Got {line[:40]!r}."
        )
    size, dimension = int(match[1]), int(match[2])
    if size < 1 or dimension < 1:
        raise DataError(f"{path}, line 1: both numbers must be at least 1. Got {size} and {dimension}.")
    # The shortest line is one letter, then d times a space and a digit, then the line break.
    least = size * (2 * dimension + 2)
    found = os.fstat(file.fileno()).st_size - len(line)
    if least > found:
        raise DataError(
            f"{path}, line 1: {size:,} vectors of size {dimension:,} need at least {least:,} bytes, "
            f"but only {found:,} follow; the file is cut off or its header is wrong."
        )
    return size, dimension


def _read_rows(file: BinaryIO, path: str | os.PathLike[str], size: int, dimension: int) -> KeyedVectors:
    vectors = np.empty((size, dimension), dtype=np.float32)
    lines: dict[str, int] = {}
    longest = _LONGEST_WORD + _LONGEST_NUMBER * dimension
    for number in range(2, size + 2):
        line = file.readline(longest)
        where = f"{path}, line {number}"
        if not line:
            raise DataError(f"{where}: the file ends after {number - 2:,} of the {size:,} vectors its header says.")
        if not line.endswith(b"\n"):
            why = "is too long" if len(line) == longest else "has no line break: the file was cut off"
            raise DataError(f"{where}: the line {why}.")
        word, vectors[number - 2] = _parsed_line(line, dimension, where)
        if lines.setdefault(word, number) != number:
            raise DataError(f"{where}: the word {word!r} occurred before, in line {lines[word]}.")
    while rest := file.readline(longest):
        if rest.strip():
            raise DataError(f"{path}, line {size + 2}: more lines follow than the {size:,} its header says.")
    return KeyedVectors(list(lines), vectors)


def _parsed_line(line: bytes, dimension: int, where: str) -> tuple[str, npt.NDArray[np.float32]]:
    fields = line.rstrip(b" \r\n").split(b" ")
    if len(fields) != dimension + 1 or not fields[0]:
        raise DataError(f"{where}: expected a word and {dimension} numbers. Got {len(fields)} columns.")
    try:
        word = fields[0].decode("utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{where}: the word {fields[0][:40]!r} is not UTF-8.") from None
    try:
        with np.errstate(over="ignore"):  # too large for float32: refused as infinite below
            row = np.array([float(field) for field in fields[1:]]).astype(np.float32)
    except ValueError as error:
        raise DataError(f"{where}: expected {dimension} numbers after the word: {error!s:.80}.") from None
    if not np.isfinite(row).all():
        raise DataError(f"{where}: the vector of {word!r} holds a value that is not finite in float32.")
    return word, row
