"""Files of counts, as word2vec.c and gensim (`fvocab`) write them beside vectors: lines "word count", in UTF-8."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError
from fastw2v.formats.vector_reader import opened, write_whole
from fastw2v.formats.word_bytes import LONGEST_WORD, check_unicode_errors, decoded_word, encoded_words
from fastw2v.messages.printable import plural

_LONGEST_NUMBER = 32


def write_word_counts(
    path: str | os.PathLike[str], words: Sequence[Hashable], counts: npt.NDArray[np.int64] | Sequence[int]
) -> None:
    """Write V words with their counts; a name that ends in .gz is compressed.

    Raises:
        DataError: a word that a file cannot hold; see `word_bytes.encoded_words`. Nothing is written then.
    """
    lines = [
        word + f" {int(count)}\n".encode("ascii") for word, count in zip(encoded_words(words), counts, strict=True)
    ]
    write_whole(path, lambda file: file.writelines(lines))


def read_word_counts(path: str | os.PathLike[str], *, unicode_errors: str = "strict") -> dict[str, int]:
    """Read words with their counts.

    Raises:
        DataError: a line that is no word and an integer >= 0, a repeated word, or text that is not UTF-8; file and line
            are named.
        MissingFileError: no such file.
        UsageError: unknown `unicode_errors`.
    """
    check_unicode_errors(unicode_errors)
    counts: dict[str, int] = {}
    with opened(path) as source:
        number = 0
        while line := source.file.readline(LONGEST_WORD + _LONGEST_NUMBER):
            number += 1
            where = f"{source.name}, line {number}"
            fields = line.split()
            if not fields:
                continue
            if len(fields) != 2 or not fields[1].isdigit() or len(fields[1]) > 18:
                raise DataError(f"{where}: expected a word and its count, such as 'happy 17'. Got {line[:40]!r}.")
            word = decoded_word(fields[0], unicode_errors, where)
            if word in counts:
                raise DataError(f"{where}: the word {word!r:.60} occurred before; words must differ.")
            counts[word] = int(fields[1])
    return counts


def counts_of(words: Sequence[Hashable], counts: dict[str, int], path: str | os.PathLike[str]) -> list[int]:
    """Return the counts of some words, in their order.

    Raises:
        DataError: the file of counts, at `path`, has none for one of them.
    """
    missing = [word for word in words if word not in counts]
    if missing:
        raise DataError(
            f"{path}: no count for {len(missing):,} of the {plural(len(words), 'word')}, such as {missing[0]!r:.60}; "
            "is it the file that was written with the vectors?"
        )
    return [counts[str(word)] for word in words]
