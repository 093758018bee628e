"""The word2vec binary format: a header line "V d", then per word its bytes, a space, and d little-endian float32.

word2vec.c ends each vector with a line break, other programs with more, and gensim with none; all are read, and files
are written as gensim writes them, byte for byte.
"""

from __future__ import annotations

import os
import re
from typing import BinaryIO

import numpy as np

from fastw2v.errors import CutOffError, DataError
from fastw2v.formats.vector_reader import Rows, Source, checked_limit, opened, read_header, write_whole
from fastw2v.formats.word_bytes import LONGEST_WORD, check_unicode_errors, encoded_words
from fastw2v.messages.printable import plural
from fastw2v.vectors.keyed import WordVectors

_FLOAT = np.dtype("<f4")
_AT_ONCE = 1 << 18
_LINE_BREAKS = re.compile(rb"[\r\n]+")


def write_word2vec_binary(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write `vectors` to `path`, as float32; a file already there is replaced, whole, once the new one is complete.

    Integer words are written in decimal. A name that ends in .gz is compressed.

    Raises:
        DataError: a word that the format cannot hold (empty, with white space, not a str or int, or equal to
            another once written), or a value that float32 cannot. What was there before stays.
    """
    words = encoded_words(vectors.index_to_key)

    def write(file: BinaryIO) -> None:
        file.write(f"{len(words)} {vectors.vector_size}\n".encode("ascii"))
        for word, row in zip(words, vectors.vectors, strict=True):
            with np.errstate(over="ignore"):
                stored = row.astype(_FLOAT)
            if not np.isfinite(stored).all():
                raise DataError(f"The vector of {word[:60]!r} holds a value that is not finite in float32.")
            file.write(word + b" " + stored.tobytes())

    write_whole(path, write)


def read_word2vec_binary(
    path: str | os.PathLike[str], *, unicode_errors: str = "strict", limit: int | None = None
) -> WordVectors:
    """Read a file in word2vec binary format as float32 vectors, every word a str.

    Args:
        path: the file; gzip, bzip2, xz and Zstandard data is decompressed.
        unicode_errors: what becomes of bytes that are not UTF-8: strict refuses, replace, ignore and
            backslashreplace are those of `bytes.decode`. word2vec.c cuts long words, in mid-letter too.
        limit: read only the first so many vectors, and do not look at what follows.

    Raises:
        DataError: no valid header; a header that promises more than the file can hold (nothing is allocated then);
            fewer vectors than it says, or anything after them; a value that is not finite; a repeated word; text
            that is not UTF-8. The byte, counted from 0, is named.
        UsageError: unknown `unicode_errors`, or a limit below 1.
    """
    check_unicode_errors(unicode_errors)
    limit = checked_limit(limit)
    with opened(path) as source:
        size, dimension, header = read_header(source, _FLOAT.itemsize, limit)
        wanted = min(size, limit or size)
        stream, rows = _Stream(source, header), Rows(source, dimension, "byte", wanted, unicode_errors)
        for _ in range(wanted):
            stream.skip_line_breaks()
            place = stream.place
            raw = stream.word(len(rows), size)
            values = np.frombuffer(stream.take(dimension * _FLOAT.itemsize, len(rows), size), dtype=_FLOAT)
            rows.add(raw, values, place)
        if wanted == size:
            stream.check_end(size)
        return rows.finish()


class _Stream:
    """The bytes after the header, read in blocks; `place` counts from the start of the file."""

    def __init__(self, source: Source, place: int) -> None:
        self.place = place
        self._source = source
        self._block, self._start = b"", 0

    def skip_line_breaks(self) -> None:
        """Go beyond the line break that word2vec.c puts after each vector; other programs put more, or none."""
        while self._start < len(self._block) or self._more():
            found = _LINE_BREAKS.match(self._block, self._start)
            if found is None:
                return
            self._go(found.end() - self._start)

    def word(self, done: int, size: int) -> bytes:
        """Return the bytes before the next space and go beyond it."""
        while (end := self._block.find(b" ", self._start, self._start + LONGEST_WORD + 1)) < 0:
            if len(self._block) - self._start > LONGEST_WORD:
                raise self._error(f"no word ends within {LONGEST_WORD:,} bytes; is it a word2vec binary file?")
            if not self._more():
                raise self._cut_off(f"the file ends after {done:,} of the {plural(size, 'vector')} its header says.")
        word = self._block[self._start : end]
        if not word:
            raise self._error("expected a word. Got a space.")
        self._go(len(word) + 1)
        return word

    def take(self, count: int, done: int, size: int) -> bytes:
        """Return so many bytes and go beyond them."""
        while len(self._block) - self._start < count:
            if not self._more():
                raise self._cut_off(f"the file ends within vector {done + 1:,} of the {size:,} its header says.")
        taken = self._block[self._start : self._start + count]
        self._go(count)
        return taken

    def check_end(self, size: int) -> None:
        """Refuse what follows the last vector."""
        self.skip_line_breaks()
        if self._start < len(self._block) or self._more():
            raise self._error(f"more bytes follow than the {plural(size, 'vector')} its header says.")

    def _more(self) -> bool:
        """Read a block more; what was used is dropped. Return whether there was any."""
        block = self._source.file.read(_AT_ONCE)
        self._block, self._start = self._block[self._start :] + block, 0
        return bool(block)

    def _go(self, count: int) -> None:
        self._start += count
        self.place += count

    def _cut_off(self, what: str) -> CutOffError:
        return CutOffError(str(self._error(what)))

    def _error(self, what: str) -> DataError:
        return DataError(f"{self._source.name}, byte {self.place:,}: {what}")
