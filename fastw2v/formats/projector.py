"""Vectors for TensorBoard's projector: a folder with what `tensorboard --logdir FOLDER` looks for.

    vectors.tsv             a line a word: its numbers, tabs between them
    metadata.tsv            a line a word, under the heading "word count"; without counts only the word, no heading
    projector_config.pbtxt  names the two

The page projector.tensorflow.org takes the first two by hand. Written only: numbers have nine digits, and integers
become text. Knows `vectors` and the errors.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import BinaryIO

from fastw2v.atomic import Staging
from fastw2v.errors import DataError, UsageError
from fastw2v.vectors import KeyedVectors

VECTORS, METADATA, CONFIG = "vectors.tsv", "metadata.tsv", "projector_config.pbtxt"
_CONFIG = f"""\
embeddings {{
  tensor_name: "words"
  tensor_path: "{VECTORS}"
  metadata_path: "{METADATA}"
}}
"""


def write_projector(path: str | os.PathLike[str], vectors: KeyedVectors) -> None:
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


def _metadata(vectors: KeyedVectors) -> list[str]:
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


def _write_vectors(file: BinaryIO, vectors: KeyedVectors) -> None:
    # Nine digits bring back a float32. The fewest that do so took three times as long to find.
    line = "\t".join(["%.9g"] * vectors.vector_size) + "\n"
    for row in vectors.vectors:
        file.write((line % tuple(row.tolist())).encode("ascii"))
