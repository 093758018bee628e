"""gensim's sentence classes: files of words separated by white space, as re-iterable token lists.

A line is a sentence (`LineSentence`, `PathLineSentences`), or the words of a file that has no lines (`Text8Corpus`).
Words are taken as they stand. Text is UTF-8; compressed files (gzip, bzip2, xz, Zstandard) are decompressed. Knows
compressed files and the errors.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fastw2v.errors import DataError, MissingFileError, UsageError, cannot_read
from fastw2v.text.compressed import open_file

AnyPath = str | os.PathLike[str]

# gensim's length of a sentence: longer ones are cut into pieces.
LONGEST = 10_000
_BLOCK_BYTES = 1 << 16

logger = logging.getLogger(__name__)


class LineSentence:
    """The lines of a file, each as a list of its words; empty lines are left out.

    Args:
        source: a path, or an open file that can seek: each iteration starts at its beginning.
        max_sentence_length: words of a sentence; a longer line gives several.
        limit: read only the first so many lines; None: all.

    Raises:
        MissingFileError: no such file.
        UsageError: a number below 1.
        DataError: while iterating: the file cannot be read, is damaged, or is not UTF-8.
    """

    def __init__(self, source: Any, max_sentence_length: int = LONGEST, limit: int | None = None) -> None:
        _check_numbers(max_sentence_length, limit)
        if not hasattr(source, "seek"):
            source = _existing(source)
        self.source, self.max_sentence_length, self.limit = source, max_sentence_length, limit

    def __iter__(self) -> Iterator[list[str]]:
        if isinstance(self.source, Path):
            with _opened(self.source) as file:
                yield from self._sentences(file, str(self.source))
        else:
            self.source.seek(0)
            yield from self._sentences(self.source, getattr(self.source, "name", "the open file"))

    def _sentences(self, lines: Iterable[bytes | str], name: str) -> Iterator[list[str]]:
        for number, line in enumerate(_read(itertools.islice(lines, self.limit), name), 1):
            words = (line if isinstance(line, str) else _decoded(line, f"{name}, line {number}")).split()
            for start in range(0, len(words), self.max_sentence_length):
                yield words[start : start + self.max_sentence_length]


class PathLineSentences:
    """The lines of all files of a folder, by name, each as a list of its words; or those of one file.

    Folders in it are not entered, and hidden files are not read; a warning names them.

    Args:
        source: a folder or a file.
        max_sentence_length: see `LineSentence`.
        limit: read only the first so many lines of each file; None: all.

    Raises:
        MissingFileError: there is no such folder or file.
        UsageError: there is no file in it, or a number below 1.
        DataError: see `LineSentence`.
    """

    def __init__(self, source: AnyPath, max_sentence_length: int = LONGEST, limit: int | None = None) -> None:
        _check_numbers(max_sentence_length, limit)
        self.source, self.max_sentence_length, self.limit = _existing(source, folder=True), max_sentence_length, limit
        self.input_files = _files_of(self.source) if self.source.is_dir() else [self.source]

    def __iter__(self) -> Iterator[list[str]]:
        for file in self.input_files:
            yield from LineSentence(file, self.max_sentence_length, self.limit)


class Text8Corpus:
    """The words of a file without lines or sentences, such as text8, cut into lists of `max_sentence_length`.

    Raises:
        MissingFileError: no such file.
        UsageError: a number below 1.
        DataError: see `LineSentence`.
    """

    def __init__(self, fname: AnyPath, max_sentence_length: int = LONGEST) -> None:
        _check_numbers(max_sentence_length, None)
        self.fname, self.max_sentence_length = _existing(fname), max_sentence_length

    def __iter__(self) -> Iterator[list[str]]:
        words: list[str] = []
        with _opened(self.fname) as file:
            blocks = _read(iter(lambda: file.read(_BLOCK_BYTES), b""), str(self.fname))
            for part in _whole_words(blocks):
                words += _decoded(part, str(self.fname)).split()
                while len(words) >= self.max_sentence_length:
                    yield words[: self.max_sentence_length]
                    words = words[self.max_sentence_length :]
        if words:
            yield words


def _whole_words(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks, cut at spaces or line ends in place of where they end: no word and no letter is parted."""
    rest = b""
    for block in blocks:
        rest += block
        end = max(rest.rfind(b" "), rest.rfind(b"\n"))
        if end >= 0:
            yield rest[:end]
            rest = rest[end:]
    yield rest


def _files_of(folder: Path) -> list[Path]:
    entries = sorted(folder.iterdir())
    files = [entry for entry in entries if entry.is_file() and not entry.name.startswith(".")]
    left_out = [entry.name for entry in entries if entry not in files]
    if left_out:
        more = f" and {len(left_out) - 3} more" if len(left_out) > 3 else ""
        logger.warning("%s: folders and hidden files are not read: %s%s", folder, ", ".join(left_out[:3]), more)
    if not files:
        raise UsageError(f"{folder} holds no file. PathLineSentences reads the files of a folder, and none below it.")
    return files


def _existing(source: Any, folder: bool = False) -> Path:
    """Return the path of a file, or of a folder where that will do."""
    what = "a file or a folder" if folder else "a file"
    if not isinstance(source, str | os.PathLike):
        raise UsageError(f"Sentences are read from {what}, given by its path. Got {type(source).__name__}.")
    path = Path(source)
    if not path.exists():
        raise MissingFileError(f"There is no file {os.fspath(path)!r:.100}; give {what}.")
    if path.is_dir() and not folder:
        raise UsageError(f"{path} is a folder; PathLineSentences({os.fspath(path)!r}) reads the files in it.")
    return path


def _check_numbers(max_sentence_length: int, limit: int | None) -> None:
    for name, value in (("max_sentence_length", max_sentence_length), ("limit", 1 if limit is None else limit)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise UsageError(f"{name} must be an integer >= 1. Got {value!r:.40}; 10000 would work.")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_file(path) as file:
            yield file
    except OSError as error:
        raise cannot_read(path, error) from error


def _read(pieces: Iterable[Any], name: str) -> Iterator[Any]:
    """Yield the pieces; raise DataError in place of what a damaged file raises."""
    try:
        yield from pieces
    except UnicodeDecodeError as error:  # a file that was opened as text
        raise DataError(f"{name}: not {error.encoding} at its byte {error.start:,}.") from None
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(f"{name}: cannot be read, or is damaged or cut off ({error}).") from error


def _decoded(text: bytes, where: str) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = text[error.start : error.start + 12]
        raise DataError(f"{where}: not UTF-8, at {bad!r}; iconv -f latin1 -t utf8 would convert Latin-1.") from None
