"""JSON of bounded size and depth: written readably, read with NaN and infinities refused."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from fastw2v.errors import DataError
from fastw2v.messages.printable import plural

# Larger JSON is not ours: parsing it could take many times its size in memory.
LARGEST_JSON = 16 * 2**20
# Far above any of ours, and far below what Python's own limit on calls within calls allows whoever walks through it.
DEEPEST_JSON = 64


def json_bytes(value: Any, name: str) -> bytes:
    """Readable JSON in UTF-8, a line break at the end; NumPy scalars become plain numbers.

    Raises:
        DataError: a value that JSON does not have (NaN too), or more bytes than `read_json` accepts.
    """
    try:
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=_plain)
        encoded = text.encode("utf-8") + b"\n"
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} must hold JSON values only: {error!s:.200}.") from error
    except RecursionError:
        raise DataError(f"{name} is nested too deeply; {DEEPEST_JSON} levels can be read back.") from None
    _check_depth(value, name)
    if len(encoded) > LARGEST_JSON:
        raise DataError(f"{name} would take {plural(len(encoded), 'byte')}; at most {LARGEST_JSON:,} can be read back.")
    return encoded


def read_json(path: Path) -> Any:
    """Parse a file of at most 16 MiB; NaN and infinities are refused. Raises DataError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > LARGEST_JSON:
            raise DataError(f"{path}: larger than the {LARGEST_JSON:,} bytes that a model's JSON may have.")
        content = file.read(size)
    return parsed(content, str(path))


def parsed(content: bytes, where: str) -> Any:
    """Return the value of a JSON text. Raises DataError that begins with `where`."""
    try:
        value = json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise DataError(f"{where}: JSON nested too deeply.") from None
    except ValueError as error:  # malformed JSON, text that is not UTF-8, an integer of thousands of digits
        raise DataError(f"{where}: not valid JSON: {error!s:.100}.") from None
    _check_depth(value, where)
    return value


def _check_depth(value: Any, where: str) -> None:
    """Raise DataError where lists and objects lie in each other more than so many levels deep."""
    level = [value]
    for _ in range(DEEPEST_JSON):
        level = [inner for outer in level if isinstance(outer, (dict, list, tuple)) for inner in _values(outer)]
        if not level:
            return
    raise DataError(f"{where}: JSON nested too deeply; {DEEPEST_JSON} levels can be read.")


def _values(outer: dict[str, Any] | list[Any] | tuple[Any, ...]) -> Iterable[Any]:
    return outer.values() if isinstance(outer, dict) else outer


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{value!r:.60} has type {type(value).__name__}")
