"""Read settings from a file (`--config`) or from a model's directory (`--continue-from`).

Each error begins with the option and the path. What is wrong with a user's own file is wrong usage (exit code 2); a
model whose settings cannot be read is damaged data (1).
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastw2v.errors import DataError, UsageError
from fastw2v.files.content import START_BYTES, recognise
from fastw2v.messages.addresses import refuse_address

_SETTINGS = "settings.json"
_MOST_BYTES = 10**6
# A first line, after comments, that gives a value with a colon.
_YAML = re.compile(r"(?:\s*#.*\n|\s*\n|---\s*\n)*\w+\s*:(?:\s|$)")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKS = 'A .toml file with lines such as epochs = 5 or a .json file such as {"epochs": 5} would work.'


def read_config(path: Path, option: str = "--config") -> dict[str, Any]:
    """Return the settings in a file, or in a model's directory, by name; `option` is the one that gave it.

    A file whose name ends neither in .toml nor in .json is JSON where it begins with a brace, else TOML.

    Raises:
        UsageError: there is no such file or model, or the file does not hold settings by name.
        DataError: the file in a model's directory does not.
    """
    path, place = (path / _SETTINGS, path) if path.is_dir() else (path, path)
    kind = UsageError if path == place else DataError
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        refuse_address(place)
        raise UsageError(_missing(place, option)) from None
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror or error}.") from None
    if len(data) > _MOST_BYTES:
        raise kind(f"{option} {path}: more than {_MOST_BYTES:,} bytes; settings are a few lines. {_WORKS}")
    try:
        return _parsed(path, data)
    except UnicodeDecodeError as error:
        problem = _not_utf8(data, error)
    except (ValueError, RecursionError) as error:
        problem = str(error)[:300]
    raise kind(f"{option} {path}: {_other_content(path, data) or problem}")


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    """Return the settings in these bytes. Raises ValueError or RecursionError, with the end of the message."""
    text = data.decode("utf-8-sig")
    as_json = path.suffix == ".json" or (path.suffix != ".toml" and text.lstrip().startswith("{"))
    try:
        values = json.loads(text, object_pairs_hook=_each_once) if as_json else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        form, example = ("JSON", '{"epochs": 5}') if as_json else ("TOML", "lines such as epochs = 5")
        raise ValueError(f"this cannot be read as {form}: {error!s:.200}. Expected {example}.") from None
    if not isinstance(values, dict):
        raise ValueError('expected settings by name, such as {"epochs": 5}.')
    tables = [name for name, value in values.items() if isinstance(value, dict)]
    if tables:
        raise ValueError(f"settings stand by themselves. Got the table {tables[0]!r:.60}; move its lines out of it.")
    return values


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON. Raises ValueError for a name that stands twice: the last value would win in silence."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise ValueError(f"{name!r:.60} is given twice")
        values[name] = value
    return values


def _missing(path: Path, option: str) -> str:
    if path.is_dir():
        return f"{option} {path}: this directory holds no model, there is no {_SETTINGS} in it."
    wanted = "the directory of a model"
    if option == "--config":
        wanted = f"a .toml or .json file of settings, or {wanted}"
    return f"{option} {path}: no such file or directory; give {wanted}."


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> str:
    if data.startswith(_UTF16):
        return "this is UTF-16 text; save it as UTF-8: iconv -f UTF-16 -t UTF-8."
    return f"byte {error.start:,} ({error.object[error.start]:#04x}) is not UTF-8; save it as UTF-8."


def _other_content(path: Path, data: bytes) -> str | None:
    """Say what a file holds in place of settings; None: nothing that has a name. YAML is common for them elsewhere."""
    content = recognise(data[:START_BYTES])
    if content is not None:
        return f"this is {content.what}, not settings. {_WORKS}"
    if not data.strip():
        return f"this file is empty. {_WORKS}"
    text = data.decode("utf-8-sig", "replace")
    if path.suffix in (".yaml", ".yml") or _YAML.match(text):
        return f"this looks like YAML, which is not read. {_WORKS}"
    return None
