"""Vectors as tables: Arrow and pandas in memory, Parquet and Feather files.

    word     string; int64 where every word is an integer that fits
    count    int64; absent where counts are not known
    vector   a fixed-size list of d float32 or float64

pyarrow reads and writes. What it says of a file is held against the file's size before the table is made. Knows
`vectors` and the errors.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import DataError, MissingFileError
from fastw2v.files.atomic import write_atomically
from fastw2v.formats.named_arrays import check_words, vectors_read
from fastw2v.formats.vector_reader import LARGEST_DIMENSION, MOST_INFLATED
from fastw2v.messages.printable import plural
from fastw2v.system.optional import load
from fastw2v.vectors.keyed import WordVectors

WORD, COUNT, VECTOR = "word", "count", "vector"


def to_arrow(vectors: WordVectors) -> Any:
    """Return a `pyarrow.Table` with the columns word, count (where known) and vector.

    The numbers are shared where rows follow each other in memory, and copied where they are padded.

    Raises:
        MissingExtraError: pyarrow is not installed.
        DataError: a word that is neither str nor int, or two that are one once written as text.
    """
    pyarrow = load("pyarrow", "to_arrow", "formats")
    values = pyarrow.array(np.ascontiguousarray(vectors.vectors).reshape(-1))
    columns = {WORD: pyarrow.array(_column(vectors.index_to_key))}
    if vectors.counts is not None:
        columns[COUNT] = pyarrow.array(vectors.counts, type=pyarrow.int64())
    columns[VECTOR] = pyarrow.FixedSizeListArray.from_arrays(values, vectors.vector_size)
    return pyarrow.table(columns)


def to_pandas(vectors: WordVectors) -> Any:
    """Return a `pandas.DataFrame` of V rows: the words as its index, a column count (where known), and v0 to v(d-1).

    The numbers are copied, so that the table may be changed. Words keep their type.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    pandas = load("pandas", "to_pandas", "pandas")
    index = pandas.Index(vectors.index_to_key, name=WORD, tupleize_cols=False)
    names = [f"v{number}" for number in range(vectors.vector_size)]
    table = pandas.DataFrame(vectors.vectors, index=index, columns=names, copy=True)
    if vectors.counts is not None:
        table.insert(0, COUNT, vectors.counts)
    return table


def from_arrow(table: Any, where: str) -> WordVectors:
    """Return the vectors of a table with such columns; others are left out.

    Raises:
        DataError: a column is missing or of another type, a null, a repeated word, a value that is not finite, or a
            count below 0; `where` is named.
    """
    pyarrow = load("pyarrow", "from_arrow", "formats")
    _check_schema(pyarrow, table.schema, table.num_rows, where)
    names = [name for name in (WORD, COUNT, VECTOR) if name in table.schema.names]
    if any(table.column(name).null_count for name in names):
        raise DataError(f"{where}: a row has no value in one of the columns {', '.join(names)}.")
    column = table.column(VECTOR)
    # A number that is missing becomes NaN, which is refused.
    numbers = np.concatenate([chunk.flatten().to_numpy(zero_copy_only=False) for chunk in column.chunks])
    rows = numbers.reshape(table.num_rows, column.type.list_size)
    counts = table.column(COUNT).to_numpy() if COUNT in names else None
    return vectors_read(table.column(WORD).to_pylist(), rows, counts, where)


def write_parquet(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write a Parquet file, whole or not at all. Raises as `to_arrow`."""
    parquet = load("pyarrow.parquet", "Writing Parquet", "formats")
    table = to_arrow(vectors)
    # Random numbers gain nothing from a dictionary.
    write_atomically(path, lambda file: parquet.write_table(table, file, use_dictionary=False))


def write_feather(path: str | os.PathLike[str], vectors: WordVectors) -> None:
    """Write a Feather (Arrow IPC) file, uncompressed, which maps into memory; whole or not at all. As `to_arrow`."""
    feather = load("pyarrow.feather", "Writing Feather", "formats")
    table = to_arrow(vectors)
    write_atomically(path, lambda file: feather.write_feather(table, file, compression="uncompressed"))


def read_parquet(path: str | os.PathLike[str]) -> WordVectors:
    """Read a Parquet file with the columns of this module. Raises MissingExtraError, DataError as `from_arrow`."""
    return _read(path, "Parquet")


def read_feather(path: str | os.PathLike[str]) -> WordVectors:
    """Read a Feather file with the columns of this module. Raises MissingExtraError, DataError as `from_arrow`."""
    return _read(path, "Feather")


def _read(path: str | os.PathLike[str], form: str) -> WordVectors:
    pyarrow = load("pyarrow", f"{os.fspath(path)}: reading it", "formats")
    tables = {"Parquet": _parquet_table, "Feather": _feather_table}
    where = os.fspath(path)
    try:
        table = tables[form](pyarrow, Path(path), where)
        table.validate(full=True)
        return from_arrow(table, where)
    except DataError:
        raise
    except FileNotFoundError as error:
        raise MissingFileError(f"Cannot read {where}: {error.strerror or 'there is no such file'}.") from None
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        first_line = str(error).partition("\n")[0]
        raise DataError(f"{where}: cannot be read as {form} data ({first_line:.200}).") from None


def _parquet_table(pyarrow: Any, path: Path, where: str) -> Any:
    parquet = load("pyarrow.parquet", f"{where}: reading it", "formats")
    with parquet.ParquetFile(path) as file:
        _check_schema(pyarrow, file.schema_arrow, file.metadata.num_rows, where, path.stat().st_size)
        names = [name for name in (WORD, COUNT, VECTOR) if name in file.schema_arrow.names]
        return file.read(columns=names, use_threads=False)


def _feather_table(pyarrow: Any, path: Path, where: str) -> Any:
    # From memory: what a damaged file says of lengths is then held against the bytes, and its owner may change it.
    with pyarrow.ipc.open_file(pyarrow.BufferReader(path.read_bytes())) as reader:
        return reader.read_all()


def _check_schema(pyarrow: Any, schema: Any, rows: int, where: str, stored: int | None = None) -> None:
    """Raise DataError where columns are missing or of another type, or hold more than `stored` bytes can."""
    types = pyarrow.types
    for name in (WORD, VECTOR, *(name for name in (COUNT,) if name in schema.names)):
        if schema.names.count(name) != 1:
            raise DataError(f"{where}: needs one column {name!r}. Got the columns {', '.join(schema.names)!s:.80}.")
    word, vector = schema.field(WORD).type, schema.field(VECTOR).type
    if not (types.is_string(word) or types.is_large_string(word) or types.is_int64(word)):
        raise DataError(f"{where}: the column {WORD!r} must hold strings or int64. Got {word!s:.60}.")
    if COUNT in schema.names and not types.is_int64(schema.field(COUNT).type):
        raise DataError(f"{where}: the column {COUNT!r} must hold int64. Got {schema.field(COUNT).type!s:.60}.")
    if not types.is_fixed_size_list(vector) or vector.value_type not in (pyarrow.float32(), pyarrow.float64()):
        raise DataError(f"{where}: the column {VECTOR!r} must hold fixed-size lists of float or double. Got {vector}.")
    if not 1 <= vector.list_size <= LARGEST_DIMENSION or rows < 1:
        raise DataError(
            f"{where}: needs rows, and vectors of 1 to {LARGEST_DIMENSION:,} numbers. Got {plural(rows, 'row')}."
        )
    if stored is not None and rows * vector.list_size * 4 > stored * MOST_INFLATED:
        raise DataError(f"{where}: {rows:,} vectors of size {vector.list_size:,} are more than its bytes can hold.")


def _column(words: Sequence[Hashable]) -> Sequence[Any] | npt.NDArray[np.int64]:
    """Return the words as one type: int64 where all are integers that fit, else text."""
    check_words(words)
    if all(isinstance(word, int) and -(2**63) <= word < 2**63 for word in words):
        return np.array(words, dtype=np.int64)
    written: dict[str, Hashable] = {}
    for word in words:
        if written.setdefault(str(word), word) is not word:
            raise DataError(
                f"The items {written[str(word)]!r:.60} and {word!r:.60} are one word once written as text; rename one."
            )
    return list(written)
