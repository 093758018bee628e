"""Sources of text: files, directories, patterns, standard input; and which of them are records.

What a file holds (text; .jsonl, .ndjson, .parquet, .arrow: records) is told by its name; how it is compressed by its
first bytes, and by them what cannot be text is refused.
"""

from __future__ import annotations

import codecs
import difflib
import glob
import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from fastw2v.errors import DataError, MissingFileError, UsageError
from fastw2v.files.content import COMPRESSED, START_BYTES, looks_like_text, recognise
from fastw2v.files.encodings import UTF8, marked
from fastw2v.messages.addresses import refuse_address
from fastw2v.text.compressed import COMPRESSIONS, decompressed, open_file
from fastw2v.text.directories import Look, files_below, listed, look
from fastw2v.text.hf_saved import dataset_files

STANDARD_INPUT = "-"
TEXT, JSON_LINES, PARQUET, ARROW = "text", "jsonl", "parquet", "arrow"
_FORMATS = {".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".parquet": PARQUET, ".arrow": ARROW}
# Large enough that work per block is nothing beside work per word, small enough to show progress. Pieces of 2 MB are
# 4 % quicker than of 1 MB on Wikipedia: each has words of its own to look up once.
BLOCK_BYTES = 2**21


@dataclass(frozen=True)
class Source:
    """One stream of bytes.

    Attributes:
        name: what to call it in messages.
        path: the file, or None for standard input.
        size: bytes of text it will give, or None where that is not known before (compressed, records, a pipe).
        once: it can be read only once (standard input, a pipe).
    """

    name: str
    path: Path | None
    size: int | None
    once: bool = False

    @property
    def format(self) -> str:
        """What it holds: TEXT, or records: JSON_LINES, PARQUET or ARROW (streams, not files)."""
        return TEXT if self.path is None else _format_of(self.path)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the decompressed stream."""
        return nullcontext(decompressed(sys.stdin.buffer, self.name)) if self.path is None else open_file(self.path)

    def blocks(self) -> Iterator[bytes]:
        """Read blocks of `BLOCK_BYTES` bytes, the last one shorter.

        Raises:
            DataError: the file cannot be read, its compressed data is damaged or cut off, or it is no text.
            MissingExtraError: it is Zstandard data and zstandard is not installed.
        """
        try:
            with self.open() as stream:
                block = stream.read(BLOCK_BYTES)
                self._check(block[:START_BYTES])
                while block:
                    yield block
                    block = stream.read(BLOCK_BYTES)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{self.name}: damaged or incomplete gzip data ({error}).") from error
        except OSError as error:
            raise DataError(f"{self.name}: cannot be read ({error.strerror or error}).") from error

    def _check(self, start: bytes) -> None:
        """Refuse what is known to be something else than text."""
        found = recognise(start)
        if found is not None:
            packed = found.kind in COMPRESSED or (self.path is not None and self.path.suffix.lower() in COMPRESSIONS)
            raise DataError(found.refusal(f"{self.name}, decompressed," if packed else self.name, "text"))


def find_sources(
    paths: Sequence[str | os.PathLike[str]], left_out: list[str] | None = None, encoding: str = UTF8
) -> list[Source]:
    """List the streams that `paths` stand for, in their order.

    A path is one of

    - a file, compressed or not,
    - `-` for standard input,
    - a directory: the text and records below it, sorted by path; see `directories`,
    - a directory written by `Dataset.save_to_disk` of Hugging Face's datasets: its files, in their order,
    - a pattern, where there is no file of that name: the files that fit it, sorted by path; `**` stands for any
      directories.

    `left_out` gets a sentence for each directory of which something is left out; text is expected in `encoding`.

    Raises:
        UsageError: a path is not there or an address, no file fits a pattern, a directory holds several saved
            datasets, or standard input is given twice.
        DataError: a directory has no such file or cannot be read.
    """
    names = [os.fspath(path) for path in paths]
    if "" in names:  # of a shell's variable that is not set; it would be the current folder
        raise UsageError("A path of a corpus is empty. Got ''; . is the current folder.")
    if names.count(STANDARD_INPUT) > 1:
        raise UsageError("Standard input (-) can be read only once. Got it twice; give - one time.")
    said: list[str] = [] if left_out is None else left_out
    return [source for name in names for source in _sources_of(name, said, encoding)]


def _sources_of(name: str, left_out: list[str], encoding: str) -> list[Source]:
    if name == STANDARD_INPUT:
        return [Source("standard input", None, None, once=True)]
    path = Path(name)
    try:
        is_directory = stat.S_ISDIR(path.stat().st_mode)
    except PermissionError as error:
        raise DataError(f"{name}: cannot be read ({error.strerror}).") from error
    except (OSError, ValueError):  # ValueError: a NUL character in the name
        return [_file_source(file) for file in _fitting(name)]
    if not is_directory:
        return [_file_source(path)]
    saved = dataset_files(path)
    if saved is not None:
        return [_file_source(file) for file in saved]
    files, others = files_below(path, lambda start: _is_text(start, encoding))
    if others:
        left_out.append(f"Left out of {name}: {listed(others)}. A file that is named, or fits a pattern, is read.")
    return [_source(file) for file in files]


def _is_text(start: bytes, encoding: str) -> bool:
    """Whether first bytes are text: UTF-8, what a byte order mark names, or the encoding expected."""
    if looks_like_text(start):
        return True
    name = marked(start) or encoding
    try:
        text = codecs.getincrementaldecoder(name)().decode(start)
    except UnicodeError:
        return False
    return name != UTF8 and start != b"" and not any(control in text for control in map(chr, range(9)))


def _fitting(pattern: str) -> list[Path]:
    refuse_address(pattern)
    if "\0" in pattern or not glob.has_magic(pattern):
        _raise_missing(pattern)
    found = [path for path in map(Path, glob.glob(pattern, recursive=True)) if not path.is_dir()]  # noqa: PTH207
    if not found:
        raise UsageError(f"No file fits the pattern {_shortened(pattern)!r}; check it with: ls {_shortened(pattern)}")
    return sorted(found)


def _file_source(path: Path) -> Source:
    return _source(look(path, inside=_is_plain(path)))


def _is_plain(path: Path) -> bool:
    return _format_of(path) == TEXT and path.suffix.lower() not in COMPRESSIONS


def _source(seen: Look) -> Source:
    size = None
    if seen.start is not None:
        found = recognise(seen.start)
        # Sizes are those of the text as UTF-8.
        if (found is None or found.kind not in COMPRESSED) and marked(seen.start) in (None, UTF8):
            size = seen.status.st_size
    return Source(str(seen.path), seen.path, size, once=not stat.S_ISREG(seen.status.st_mode))


def reads_as(path: Path) -> str:
    """Return what a file of that name is read as: its format, and how it is compressed."""
    suffix = path.suffix.lower()
    return _format_of(path) + (suffix if suffix in COMPRESSIONS else "")


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in COMPRESSIONS and path.with_suffix("").suffix.lower() in (".jsonl", ".ndjson"):
        return JSON_LINES
    return _FORMATS.get(suffix, TEXT)


def _raise_missing(name: str) -> NoReturn:
    message = f"There is no file or directory {_shortened(name)!r}"
    try:
        neighbours = os.listdir(Path(name).parent)  # noqa: PTH208 (names are wanted, not paths)
    except (OSError, ValueError):
        neighbours = []
    close = difflib.get_close_matches(Path(name).name, neighbours, n=1)
    raise MissingFileError(
        f"{message}; did you mean {str(Path(name).with_name(close[0]))!r}?" if close else f"{message}."
    )


def _shortened(name: str) -> str:
    return name if len(name) <= 100 else name[:100] + "..."
