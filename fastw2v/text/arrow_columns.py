"""Documents from Arrow columns: Parquet and saved datasets, read in batches."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from fastw2v.errors import DataError
from fastw2v.messages.callers import given
from fastw2v.system.optional import load
from fastw2v.text.sources import PARQUET, Source
from fastw2v.text.tokens import joined
from fastw2v.text.transcoding import Decoding, decoded_counting

# Rows made into Python strings at once.
ROWS = 128
_READ_BYTES = 2**20


def table_values(source: Source, column: str, how: Decoding, as_tokens: bool = False) -> Iterator[list[str | None]]:
    """Give the texts of a column, or with `as_tokens` its lists of tokens as `tokens` joins them, some at a time.

    A null is None.

    Raises:
        DataError: the file is damaged, has no such column (the message lists them), or it holds neither strings nor
            lists of tokens.
        MissingExtraError: pyarrow is not installed.
    """
    row = 0
    with _readable(source):
        for values in _batches(source, column):
            for start in range(0, len(values), ROWS):
                found = _python_values(source, column, values.slice(start, ROWS), how)
                if as_tokens:
                    found = [
                        None if tokens is None else joined(tokens, f"{source.name}, row {number}, column {column!r}")
                        for number, tokens in enumerate(found, row)
                    ]
                row += len(found)
                yield found


def holds_lists(source: Source, column: str) -> bool | None:
    """Whether a column holds lists of tokens; None: it has only nulls, or no row.

    Raises:
        DataError, MissingExtraError: see `table_values`.
    """
    with _readable(source):
        values = next(_batches(source, column), None)
        return None if values is None or str(values.type) == "null" else _is_list(values.type)


@contextlib.contextmanager
def _readable(source: Source) -> Iterator[None]:
    """Raise DataError where pyarrow cannot read the file."""
    pyarrow = load("pyarrow", f"{source.name}: reading it", "formats")
    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        first_line = str(error).partition("\n")[0]
        raise DataError(f"{source.name}: cannot be read as {source.format} data ({first_line}).") from error


def _batches(source: Source, column: str) -> Iterator[Any]:
    pyarrow = load("pyarrow", f"{source.name}: reading it", "formats")
    return (_parquet_batches if source.format == PARQUET else _arrow_batches)(pyarrow, source, column)


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
    usable = [field.name for field in schema if _is_usable(pyarrow, field.type)]
    usable += [field.name for field in schema if _is_binary(field.type)]
    works = f"{given('field', usable[0])} would work" if usable else "none of them holds strings"
    if column not in schema.names:
        raise DataError(f"{source.name}: no column {column!r}. Got the columns {', '.join(schema.names)}; {works}.")
    if schema.names.count(column) > 1:
        raise DataError(
            f"{source.name}: {schema.names.count(column)} columns are called {column!r}; rename all but one."
        )
    if column not in usable and not pyarrow.types.is_null(schema.field(column).type):
        kind = schema.field(column).type
        raise DataError(
            f"{source.name}: the column {column!r} must hold strings or lists of them. Got {kind}; {works}."
        )


def _is_usable(pyarrow: Any, kind: Any) -> bool:
    if _is_list(kind):
        kind = kind.value_type
        return _is_text(pyarrow, kind) or bool(pyarrow.types.is_integer(kind))
    return _is_text(pyarrow, kind)


def _is_list(kind: Any) -> bool:
    return str(kind).startswith(("list<", "large_list<", "fixed_size_list<"))


def _is_text(pyarrow: Any, kind: Any) -> bool:
    types = pyarrow.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    # By its name: older pyarrow has no string_view.
    return bool(types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view")


def _is_binary(kind: Any) -> bool:
    """Whether a column holds bytes, or lists of them: writers that do not mark text as such leave strings so."""
    return str(kind.value_type if _is_list(kind) else kind) in ("binary", "large_binary")


def _python_values(source: Source, column: str, values: Any, how: Decoding) -> list[Any]:
    """Return strings, lists or None."""
    pyarrow = load("pyarrow", "reading a table", "formats")
    try:
        texts = _cast(values, pyarrow.large_string()) if _is_binary(values.type) else values
        found: list[Any] = texts.to_pylist()
        return found
    except (UnicodeDecodeError, pyarrow.ArrowInvalid):
        if how.strict:
            raise DataError(
                f"{source.name}: the column {column!r} holds text that is not UTF-8; convert the file, or go on with "
                f"{given('encoding_errors', 'replace')}."
            ) from None
    return [_replaced(value, source.name, how) for value in _as_bytes(values).to_pylist()]


def _as_bytes(values: Any) -> Any:
    pyarrow = load("pyarrow", "reading a table", "formats")
    if pyarrow.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return _cast(values, pyarrow.large_binary())


def _cast(values: Any, kind: Any) -> Any:
    """Return values, or lists of them, as values of this kind."""
    pyarrow = load("pyarrow", "reading a table", "formats")
    return values.cast(pyarrow.large_list(kind) if _is_list(values.type) else kind)


def _replaced(value: Any, name: str, how: Decoding) -> Any:
    """Return bytes, or a list of them, as text."""
    if isinstance(value, list):
        return [_replaced(item, name, how) for item in value]
    if not isinstance(value, bytes):
        return value
    text, replaced = decoded_counting(value)
    how.notes.replaced(name, replaced)
    return text
