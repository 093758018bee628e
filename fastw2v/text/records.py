"""Documents from records: one field of JSON lines, one column of Parquet files and saved datasets.

A document is a record's text as it stands, but for NUL characters and <|endoftext|>, which become spaces.
Knows the sources, their decoding, tables and the errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from fastw2v.errors import DataError
from fastw2v.text.decoding import BLANK, MARKER, Block, decode
from fastw2v.text.sources import JSON_LINES, Source
from fastw2v.text.tables import table_documents

FIELD = "text"
# Halves of a pair that JSON can write alone; no text in UTF-8 has them.
_SURROGATES = re.compile("[\ud800-\udfff]")


def record_documents(source: Source, field: str, encoding_errors: str) -> Iterator[list[str]]:
    """Give the documents of a source of records, some at a time, with `field` the name of the field or column.

    Lines and columns are held in memory about a megabyte at a time, each single document whole. With
    `encoding_errors` "replace" what is not UTF-8 becomes U+FFFD.

    Raises:
        DataError: the file is damaged, has no such field, holds something other than strings in it, or is not UTF-8.
        MissingExtraError: pyarrow or zstandard is needed and not installed.
    """
    if source.format == JSON_LINES:
        batches = _json_documents(source, field, encoding_errors)
    else:
        batches = table_documents(source, field, encoding_errors)
    for batch in batches:
        yield [text.replace("\0", " ").replace(MARKER, BLANK) for text in batch]


def _json_documents(source: Source, field: str, encoding_errors: str) -> Iterator[list[str]]:
    lines_before = 0
    for chunk in decode(_blocks(source), marked=False, limit=None, encoding_errors=encoding_errors):
        lines = chunk.text.split("\n")
        yield [
            _text_of(line, field, encoding_errors, f"{source.name}, line {number}")
            for number, line in enumerate(lines, lines_before + 1)
            if line and not line.isspace()
        ]
        lines_before += len(lines) - 1


def _blocks(source: Source) -> Iterator[Block]:
    for block in source.blocks():
        yield source, block
    yield source, b""


def _text_of(line: str, field: str, encoding_errors: str, where: str) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        why = str(error).partition(":")[0]
        raise DataError(f"{where}: not JSON ({why}). Got {_shown(line)}; {_example(field)} would work.") from None
    text = record.get(field) if isinstance(record, dict) else None
    if not isinstance(text, str):
        _refuse_record(record, field, where)
    return text if text.isascii() else _without_surrogates(text, encoding_errors, where)


def _without_surrogates(text: str, encoding_errors: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        if encoding_errors == "strict":
            raise DataError(
                f"{where}: character {error.start} of the text (\\u{ord(text[error.start]):04x}) is half of a pair; "
                "correct it, or go on with --encoding-errors replace."
            ) from None
        return _SURROGATES.sub("\ufffd", text)
    return text


def _refuse_record(record: Any, field: str, where: str) -> NoReturn:
    if not isinstance(record, dict):
        raise DataError(f"{where}: must be an object. Got {_shown(record)}; {_example(field)} would work.")
    texts = [name for name, value in record.items() if isinstance(value, str)]
    works = f"{_example(field)} or --field {texts[0]}" if texts else _example(field)
    if field in record:
        raise DataError(f"{where}: field {field!r} must be a string. Got {_shown(record[field])}; {works} would work.")
    raise DataError(f"{where}: no field {field!r}. Got fields {_shown(list(record))}; {works} would work.")


def _example(field: str) -> str:
    return json.dumps({field: "some words"}, ensure_ascii=False)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:80] + "..."
