"""Checks that all readers of vectors share: counts, lengths, repeats, finite values.

Nothing is allocated on the word of a header: its numbers are first held against the bytes that there are. Knows
`vectors`, decompression and the errors.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import logging
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np

from fastw2v.errors import CutOffError, DataError, UsageError, cannot_read
from fastw2v.files.atomic import Writer, write_atomically
from fastw2v.formats.word_bytes import decoded_word
from fastw2v.messages.addresses import refuse_address
from fastw2v.messages.printable import plural
from fastw2v.system.scalars import plain
from fastw2v.text.compressed import decompressed
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import Floats

# As for the setting vector_size: what lies beyond is no word vector, and a line of it could fill the memory.
LARGEST_DIMENSION = 65_536
HEADER = re.compile(rb"(\d{1,12})[ \t]+(\d{1,9})\s*")
_LONGEST_HEADER = 64
# No byte of deflated data stands for more than these; no numbers that were learned do in any compressed form.
MOST_INFLATED = 1032

logger = logging.getLogger(__name__)


class Source(NamedTuple):
    """A file being read.

    Attributes:
        file: its bytes, decompressed, after a byte order mark.
        name: for messages.
        stored: its size on disk.
        most: the most bytes that it can hold.
        mark: the bytes of its byte order mark, 3 or 0.
        compressed: whether its bytes on disk are others.
    """

    file: BinaryIO
    name: str
    stored: int
    most: int
    mark: int = 0
    compressed: bool = False


@contextlib.contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[Source]:
    """Open a file of vectors, decompressed if its first bytes are those of gzip, bzip2, xz or Zstandard data.

    Raises:
        MissingFileError: there is no such file.
        DataError: it cannot be read, then or later, or its compressed data is damaged.
        MissingExtraError: it is Zstandard data and zstandard is not installed.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            stored = path.stat().st_size
            file: Any = decompressed(stream, str(path))
            mark = len(codecs.BOM_UTF8) if file.peek(3).startswith(codecs.BOM_UTF8) else 0
            file.read(mark)
            compressed = file is not stream
            yield Source(file, str(path), stored, stored * (MOST_INFLATED if compressed else 1), mark, compressed)
    except CutOffError:  # an EOFError that has its message
        raise
    except (EOFError, zlib.error) as error:
        raise DataError(f"{path}: damaged or incomplete gzip data ({error}).") from error
    except OSError as error:
        refuse_address(path)
        raise cannot_read(path, error) from error


def write_whole(path: str | os.PathLike[str], writer: Writer) -> None:
    """Write a file of vectors, whole or not at all, compressed if its name ends in .gz.

    Raises:
        UsageError, DataError: see `atomic.write_atomically`.
    """

    def compress(file: BinaryIO) -> None:
        # Without name and time, so that equal vectors make equal files.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
            writer(cast("BinaryIO", compressed))

    write_atomically(path, compress if _is_gzip(path) else writer)


def _is_gzip(path: str | os.PathLike[str]) -> bool:
    return Path(path).suffix.lower() == ".gz"


def read_header(source: Source, least_bytes: int, limit: int | None = None) -> tuple[int, int, int]:
    """Return the number of words, the vector size and the bytes of the line that says them.

    Args:
        source: at its start.
        least_bytes: the fewest that one number of a vector takes; a word and what follows it take two or more.
        limit: how many vectors will be read at most, which the file must be able to hold; None: all.

    Raises:
        DataError: the first line does not say them, or more than the file can hold.
    """
    line = source.file.readline(_LONGEST_HEADER)
    match = HEADER.fullmatch(line)
    if match is None or not line.endswith(b"\n"):
        raise DataError(
            f"{source.name}, line 1: expected the number of words and the vector size, such as '5312 100'. Got "
            f"{line[:40]!r}. A GloVe file has no such line: load_word2vec_format(..., no_header=True) reads it."
        )
    size, dimension = int(match[1]), int(match[2])
    if size < 1 or dimension < 1:
        raise DataError(f"{source.name}, line 1: both numbers must be at least 1. Got {size} and {dimension}.")
    wanted = min(size, limit or size)
    least, found = wanted * (least_bytes * dimension + 2) - 1, source.most - len(line)
    if least > found:
        raise CutOffError(
            f"{source.name}, line 1: {plural(wanted, 'vector')} of size {dimension:,} "
            f"need{'s' if wanted == 1 else ''} at least {least:,} bytes, "
            f"but only {found:,} follow; the file is cut off or its header is wrong."
        )
    check_dimension(dimension, source)
    return size, dimension, source.mark + len(line)


def checked_limit(limit: int | None) -> int | None:
    """Return a limit as a Python integer, or None. Raises UsageError where it is no number of words."""
    number = plain(limit)
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
        raise UsageError(f"limit must be an integer >= 1, or None for all. Got {limit!r:.40}.")
    return number


def check_dimension(dimension: int, source: Source) -> None:
    """Raise DataError where the first line is of a vector that no program makes."""
    if dimension > LARGEST_DIMENSION:
        raise DataError(f"{source.name}, line 1: vectors may have {LARGEST_DIMENSION:,} numbers. Got {dimension:,}.")


class Rows:
    """Words and vectors read so far.

    Args:
        source: the file they are read from.
        dimension: the numbers of a vector.
        unit: what a place in the file is counted in: line or byte.
        size: how many vectors the file says that it has, which it may have; None: it does not say.
        unicode_errors: what becomes of words that are not UTF-8; how many are not is said at the end.
    """

    def __init__(
        self, source: Source, dimension: int, unit: str, size: int | None = None, unicode_errors: str = "strict"
    ) -> None:
        self._source, self._unit, self._unicode_errors = source, unit, unicode_errors
        # The shortest line is one letter, then d times a space and a digit, then the line break.
        room = source.stored // (2 * dimension + 2) + 1
        self._vectors = np.empty((room if size is None else min(room, size), dimension), dtype=np.float32)
        self._most = source.most // (2 * dimension) + 1
        self._places: dict[str, int] = {}
        self._not_utf8: list[str] = []

    def __len__(self) -> int:
        return len(self._places)

    def where(self, place: int) -> str:
        """Name a place in the file."""
        return f"{self._source.name}, {self._unit} {place:,}" if self._unit == "byte" else self._line(place)

    def _line(self, place: int) -> str:
        return f"{self._source.name}, line {place}"

    def add(self, raw: bytes, vector: Floats, place: int) -> None:
        """Add a word found at `place`.

        Raises:
            DataError: it is not UTF-8 and must be, it was there before, or a value is not finite.
        """
        row, word = len(self._places), self._decoded(raw, place)
        if self._places.setdefault(word, place) != place:
            lossy = self._unicode_errors in ("replace", "ignore")
            apart = " (bytes that are not UTF-8 stay apart with unicode_errors='backslashreplace')" if lossy else ""
            raise DataError(
                f"{self.where(place)}: the word {word!r:.60} occurred before, in {self._unit} {self._places[word]}; "
                f"words must differ{apart}."
            )
        if not np.isfinite(vector).all():
            raise DataError(
                f"{self.where(place)}: the vector of {word!r:.60} holds a value that is not finite in float32."
            )
        if row == len(self._vectors):  # only where compressed data holds more than its size on disk
            if row >= self._most:
                raise DataError(f"{self._source.name}: decompresses to more than {MOST_INFLATED:,} times its size.")
            self._vectors.resize((min(2 * row, self._most), self._vectors.shape[1]), refcheck=False)
        self._vectors[row] = vector

    def _decoded(self, raw: bytes, place: int) -> str:
        try:
            return decoded_word(raw, "strict", "")
        except DataError:
            word = decoded_word(raw, self._unicode_errors, self.where(place))
            self._not_utf8.append(word)
            return word

    def finish(self) -> WordVectors:
        """Return what was read, in the order of the file; say how many words were not UTF-8."""
        if self._not_utf8:
            example = f"{len(self._not_utf8):,}, such as {self._not_utf8[0]!r:.60}"
            logger.warning("%s: words that are not UTF-8: %s.", self._source.name, example)
        words = list(self._places)
        self._places.clear()
        self._vectors.resize((len(words), self._vectors.shape[1]), refcheck=False)
        return WordVectors(words, self._vectors)
