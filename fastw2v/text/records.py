"""Documents from records: a field of JSON lines, a column of Parquet or a dataset.

A document is a record's text as it stands, but for NUL characters and <|endoftext|>, which become spaces; or its list
of tokens (`tokens`). A null, or JSON's NaN, is no document: it is counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from fastw2v.errors import DataError, MissingExtraError
from fastw2v.files.encodings import UTF8
from fastw2v.messages.callers import given
from fastw2v.text.arrow_columns import holds_lists, table_values
from fastw2v.text.decoding import BLANK, MARKER, PEEK_BYTES, blocks_of, decode, start_of, with_line_feeds
from fastw2v.text.sources import JSON_LINES, Source
from fastw2v.text.tokens import joined
from fastw2v.text.transcoding import Decoding

FIELD = "text"
_ARRAY = "write the records of an array one a line, for example with: jq -c '.[]' FILE"
# Halves of a pair that JSON can write alone; no text in UTF-8 has them.
_SURROGATES = re.compile("[\ud800-\udfff]")


def record_documents(source: Source, field: str, how: Decoding, as_tokens: bool = False) -> Iterator[list[str]]:
    """Give the documents of a source of records, some at a time, with `field` the name of the field or column.

    Lines and columns are held in memory about a megabyte at a time, each single document whole. If `how`
    is not strict, what is not in the encoding becomes U+FFFD. With `as_tokens` the records hold lists of tokens,
    which are given as `tokens` joins them.

    Raises:
        DataError: the file is damaged, has no such field, holds something else in it, or is not UTF-8.
        MissingExtraError: pyarrow or zstandard is needed and not installed.
    """
    read = _json_values if source.format == JSON_LINES else table_values
    for values in read(source, field, how, as_tokens):
        found = [value for value in values if value is not None]
        how.notes.skips_nulls(len(values) - len(found))
        if as_tokens:
            yield found
        else:
            yield [text.replace("\0", " ").replace(MARKER, BLANK) for text in found]


def holds_tokens(source: Source, field: str, encoding: str = UTF8) -> bool | None:
    """Whether a source of records holds lists of tokens, as its first record shows; None: none shows it.

    What cannot be read shows nothing here: reading it will say what is wrong.
    """
    try:
        if source.format != JSON_LINES:
            return holds_lists(source, field)
        values = (_record(line, field, "").get(field) for _, line in _lines(source, Decoding(encoding, "replace")))
        found = next((value for value in values if not _is_null(value)), None)
    except (DataError, MissingExtraError):
        return None
    return None if found is None else isinstance(found, list)


def _json_values(source: Source, field: str, how: Decoding, as_tokens: bool) -> Iterator[list[str | None]]:
    for chunk in _chunks(source, how):
        yield [_text_of(line, field, how.errors, as_tokens, f"{source.name}, line {number}") for number, line in chunk]


def _lines(source: Source, how: Decoding) -> Iterator[tuple[int, str]]:
    for chunk in _chunks(source, how):
        yield from chunk


def _chunks(source: Source, how: Decoding) -> Iterator[list[tuple[int, str]]]:
    """Yield lines with their numbers, some at a time; those of white space are left out."""
    lines_before = 0
    blocks = with_line_feeds(*start_of(blocks_of(source, how), PEEK_BYTES))
    for chunk in decode(blocks, marked=False, how=how):
        lines = chunk.text.split("\n")
        yield [(number, line) for number, line in enumerate(lines, lines_before + 1) if line and not line.isspace()]
        lines_before += len(lines) - 1


def _text_of(line: str, field: str, encoding_errors: str, as_tokens: bool, where: str) -> str | None:
    record = _record(line, field, where)
    value = record.get(field)
    if _is_null(value) and field in record:
        return None
    if not isinstance(value, list if as_tokens else str):
        _refuse_record(record, field, as_tokens, where)
    text = joined(value, f"{where}, field {field!r}") if isinstance(value, list) else value
    return text if text.isascii() else _without_surrogates(text, encoding_errors, where)


def _record(line: str, field: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        why = str(error).partition(":")[0]
        works = _ARRAY if line.lstrip().startswith("[") else f"{_example(field)} would work"
        if "\r" in line.strip():
            works = "a carriage return (CR) alone ends no line where LF does; replace each by LF"
        raise DataError(f"{where}: not JSON ({why}). Got {_shown(line)}; {works}.") from None
    if isinstance(record, list):
        raise DataError(f"{where}: must be an object. Got {_shown(record)}; {_ARRAY}.")
    if not isinstance(record, dict):
        raise DataError(f"{where}: must be an object. Got {_shown(record)}; {_example(field)} would work.")
    return record


def _is_null(value: Any) -> bool:
    return value is None or value != value  # NaN differs from itself


def _without_surrogates(text: str, encoding_errors: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        if encoding_errors == "strict":
            raise DataError(
                f"{where}: character {error.start} of the text (\\u{ord(text[error.start]):04x}) is half of a pair; "
                f"correct it, or go on with {given('encoding_errors', 'replace')}."
            ) from None
        return _SURROGATES.sub("\ufffd", text)
    return text


def _refuse_record(record: dict[str, Any], field: str, as_tokens: bool, where: str) -> NoReturn:
    texts = [name for name, value in record.items() if isinstance(value, str | list)]
    works = f"{_example(field)} or {given('field', texts[0])}" if texts else _example(field)
    if field not in record:
        raise DataError(f"{where}: no field {field!r}. Got fields {_shown(list(record))}; {works} would work.")
    value = record[field]
    if as_tokens or isinstance(value, list):
        kind = "a list of tokens" if as_tokens else "a string"
        raise DataError(f"{where}: field {field!r} must be {kind}, as in the records before. Got {_shown(value)}.")
    raise DataError(f"{where}: field {field!r} must be a string. Got {_shown(value)}; {works} would work.")


def _example(field: str) -> str:
    return json.dumps({field: "some words"}, ensure_ascii=False)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:80] + "..."
