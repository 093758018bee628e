"""Documents from columns: Parquet files and the Arrow streams of saved datasets, read by pyarrow a batch at a time.

Knows the sources and the errors, and pyarrow once such a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastw2v.errors import DataError
from fastw2v.extras import load
from fastw2v.text.sources import PARQUET, Source

# Rows made into Python strings at once.
ROWS = 128
_READ_BYTES = 2**20


def table_documents(source: Source, column: str, encoding_errors: str) -> Iterator[list[str]]:
    """Give the texts of a column, some at a time; nulls are left out.

    Raises:
        DataError: the file is damaged, has no such column (the message lists them), or it does not hold strings.
        MissingExtraError: pyarrow is not installed.
    """
    pyarrow = load("pyarrow", f"{source.name}: reading it", "formats")
    batches = _parquet_batches if source.format == PARQUET else _arrow_batches
    try:
        for values in batches(pyarrow, source, column):
            for start in range(0, len(values), ROWS):
                yield _texts(pyarrow, source, column, values.slice(start, ROWS), encoding_errors)
    except (pyarrow.ArrowException, OSError) as error:
        first_line = str(error).partition("\n")[0]
        raise DataError(f"{source.name}: cannot be read as {source.format} data ({first_line}).") from error


def _parquet_batches(pyarrow: Any, source: Source, column: str) -> Iterator[Any]:
    # With a buffer, filled when it is needed, a column of a row group is read little by little: of one of 175 MB,
    # 6 MB were held instead of all.
    parquet = load("pyarrow.parquet", f"{source.name}: reading it", "formats")
    with parquet.ParquetFile(source.path, buffer_size=_READ_BYTES, pre_buffer=False) as file:
        _check_column(pyarrow, source, column, file.schema_arrow)
        for batch in file.iter_batches(ROWS, columns=[column], use_threads=False):
            yield batch.column(column)


def _arrow_batches(pyarrow: Any, source: Source, column: str) -> Iterator[Any]:
    with pyarrow.memory_map(str(source.path)) as file, pyarrow.ipc.open_stream(file) as reader:
        _check_column(pyarrow, source, column, reader.schema)
        for batch in reader:
            yield batch.column(column)


def _check_column(pyarrow: Any, source: Source, column: str, schema: Any) -> None:
    texts = [field.name for field in schema if _is_text(pyarrow, field.type)]
    works = f"--field {texts[0]} would work" if texts else "none of them holds strings"
    if column not in schema.names:
        raise DataError(f"{source.name}: no column {column!r}. Got the columns {', '.join(schema.names)}; {works}.")
    if schema.names.count(column) > 1:
        raise DataError(
            f"{source.name}: {schema.names.count(column)} columns are called {column!r}; rename all but one."
        )
    if column not in texts:
        kind = schema.field(column).type
        raise DataError(f"{source.name}: the column {column!r} must hold strings. Got {kind}; {works}.")


def _is_text(pyarrow: Any, kind: Any) -> bool:
    types = pyarrow.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _texts(pyarrow: Any, source: Source, column: str, values: Any, encoding_errors: str) -> list[str]:
    try:
        return [text for text in values.to_pylist() if text is not None]
    except UnicodeDecodeError:
        if encoding_errors == "strict":
            raise DataError(
                f"{source.name}: the column {column!r} holds text that is not UTF-8; convert the file, or go on with "
                "--encoding-errors replace."
            ) from None
    if pyarrow.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    values = values.cast(pyarrow.large_binary())
    return [text.decode("utf-8", "replace") for text in values.to_pylist() if text is not None]
