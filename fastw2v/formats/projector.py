"""Vectors for TensorBoard's projector: the folder that `tensorboard --logdir FOLDER` reads.

    vectors.tsv             a line a word: its numbers, tabs between them
    metadata.tsv            a line a word, under the heading "word count"; without counts only the word, no heading
    projector_config.pbtxt  names the two

The page projector.tensorflow.org takes the first two by hand. Numbers have nine digits, which bring back a float32, and
integers become text.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, UsageError
from fastw2v.files.atomic import Staging
from fastw2v.formats.named_arrays import vectors_read
from fastw2v.formats.vector_reader import LARGEST_DIMENSION, Rows, Source, check_dimension, opened
from fastw2v.formats.word2vec_text import numbers_of
from fastw2v.formats.word_bytes import LONGEST_WORD, decoded_word
from fastw2v.messages.printable import plural
from fastw2v.vectors.keyed import WordVectors

# Room for a number, and for what else may stand beside a word.
_LONGEST_ROW = 64 * LARGEST_DIMENSION
_LONGEST_METADATA = LONGEST_WORD + 65_536
_MOST_COLUMNS = 1000
_LONGEST_COUNT = 18
VECTORS, METADATA, CONFIG = "vectors.tsv", "metadata.tsv", "projector_config.pbtxt"
_CONFIG = f"""\
embeddings {{
  tensor_name: "words"
  tensor_path: "{VECTORS}"
  metadata_path: "{METADATA}"
}}
"""


def write_projector(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write the three files into the folder `path`, made if it is not there; files of these names are replaced.

    Raises:
        DataError: a word with a tab or a line break, which would shift the lines, or one of nothing but white space.
            No file is written then.
        UsageError: `path` is a file, or the folder that it is to lie in is not there.
    """
    folder = Path(path)
    lines = _metadata(vectors)
    with _made(folder), Staging() as staging:
        staging.stage(folder / METADATA, lambda file: file.write("".join(lines).encode("utf-8")))
        staging.stage(folder / VECTORS, lambda file: _write_vectors(file, vectors))
        staging.stage(folder / CONFIG, lambda file: file.write(_CONFIG.encode("ascii")))
        staging.commit()


def is_projector(folder: Path) -> bool:
    """Whether the files that hold words and vectors are in the folder."""
    return all((folder / name).is_file() for name in (VECTORS, METADATA))


def read_projector(path: str | os.PathLike[str]) -> WordVectors:
    """Read the words, their counts where there are some, and the vectors, as float32, of a folder.

    Raises:
        DataError: files whose lines do not fit together, what is no finite number, a repeated word; file and line are
            named.
    """
    folder = Path(path)
    words, counts = _read_metadata(folder / METADATA)
    with opened(folder / VECTORS) as source:
        rows: Rows | None = None
        for number, line in enumerate(_lines(source, _LONGEST_ROW), start=1):
            # Counted, not split: a line of nothing but tabs would take fifty times its size.
            columns = line.count(b"\t") + 1
            if rows is None:
                dimension = columns
                check_dimension(dimension, source)
                rows = Rows(source, dimension, "line", unicode_errors="backslashreplace")
            if columns != dimension or number > len(words):
                wanted = (
                    f"{plural(dimension, 'number')} in each of {plural(len(words), 'line')}, as many as {METADATA} has"
                )
                raise DataError(f"{rows.where(number)}: expected {wanted}. Got {plural(columns, 'column')}.")
            rows.add(words[number - 1], numbers_of(line.split(b"\t"), rows.where(number)), number)
        if rows is None or len(rows) < len(words):
            raise DataError(
                f"{source.name}: {plural(len(rows or ()), 'line')} for the {plural(len(words), 'word')} of {METADATA}."
            )
        read = rows.finish()
    return vectors_read(read.index_to_key, read.vectors, counts, str(folder))


def _read_metadata(path: Path) -> tuple[list[bytes], npt.NDArray[np.int64] | None]:
    """Return the words, and their counts where a column is called so.

    As the projector takes it: several columns have a heading, a single one has none.
    """
    words, counts = [], []
    column: int | None = None
    with opened(path) as source:
        for number, line in enumerate(_lines(source, _LONGEST_METADATA), start=1):
            where = f"{source.name}, line {number}"
            fields = line.split(b"\t", _MOST_COLUMNS)
            if number == 1 and len(fields) > 1:
                column = fields.index(b"count") if b"count" in fields else None
                continue
            decoded_word(fields[0], "backslashreplace", where)
            words.append(fields[0])
            if column is not None:
                count = fields[column] if column < len(fields) else b""
                if not count.isdigit() or len(count) > _LONGEST_COUNT:
                    raise DataError(f"{where}: expected a count, such as 12. Got {count[:40]!r}.")
                counts.append(int(count))
    return words, np.array(counts, dtype=np.int64) if column is not None else None


def _lines(source: Source, longest: int) -> Iterator[bytes]:
    """Yield lines without their ends; DataError for one that is too long."""
    number = 0
    while line := source.file.readline(longest):
        number += 1
        if len(line) == longest:
            raise DataError(f"{source.name}, line {number}: the line is too long.")
        yield line.rstrip(b"\r\n")


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder; where the block fails, take away one that was not there before."""
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error
    try:
        yield
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _metadata(vectors: WordVectors) -> list[str]:
    words = [_word(word) for word in vectors]
    if vectors.counts is None:
        return [f"{word}\n" for word in words]
    counted = zip(words, vectors.counts.tolist(), strict=True)
    return ["word\tcount\n", *(f"{word}\t{count}\n" for word, count in counted)]


def _word(word: Hashable) -> str:
    text = str(word)
    if not text.strip() or "\t" in text or text.splitlines() != [text]:
        raise DataError(
            f"The word {text!r:.60} is empty or holds a tab or a line break, which the projector's lines cannot."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise DataError(f"The word {text!r:.60} is not valid Unicode and cannot be written as UTF-8.") from None
    return text


def _write_vectors(file: BinaryIO, vectors: WordVectors) -> None:
    # Nine digits bring back a float32. The fewest that do so took three times as long to find.
    line = "\t".join(["%.9g"] * vectors.vector_size) + "\n"
    for row in vectors.vectors:
        file.write((line % tuple(row.tolist())).encode("ascii"))
