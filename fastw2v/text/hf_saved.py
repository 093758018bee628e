"""Find the data files of datasets saved by Hugging Face's `save_to_disk`.

A directory with `dataset_info.json` and `state.json` is one dataset; its state names the data files. A directory with
`dataset_dict.json` holds several, its splits, each in a directory of its own.
"""

from __future__ import annotations

import json
from pathlib import Path, PureWindowsPath
from typing import Any

from fastw2v.errors import DataError, UsageError


def dataset_files(directory: Path) -> list[Path] | None:
    """List the Arrow files of the dataset saved in `directory`, in its order; None if no dataset is saved there.

    Raises:
        UsageError: it holds several datasets; the message names them.
        DataError: its description is damaged, names a file outside the directory or one that is not there.
    """
    several = directory / "dataset_dict.json"
    if several.is_file():
        splits = _value(several, "splits")
        shown = ", ".join(map(str, splits))
        example = directory / str(splits[0]) if splits else directory
        raise UsageError(f"{directory}: holds several datasets: {shown}. Choose one, for example {example}.")
    state = directory / "state.json"
    if not state.is_file() or not (directory / "dataset_info.json").is_file():
        return None
    try:
        names = [file["filename"] for file in _value(state, "_data_files")]
    except (KeyError, TypeError):
        raise DataError(f"{state}: damaged (a data file without a name); save the dataset again.") from None
    return [_file(directory, name) for name in names]


def _value(path: Path, key: str) -> list[Any]:
    """The list that a JSON file holds under `key`."""
    try:
        value = json.loads(path.read_text("utf-8"))[key]
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        value = None
    if not isinstance(value, list):
        raise DataError(f"{path}: damaged (no list {key!r} in it); save the dataset again.")
    return value


def _file(directory: Path, name: object) -> Path:
    # Windows' rules refuse "/", "\\" and drives.
    if not isinstance(name, str) or not name.endswith(".arrow") or PureWindowsPath(name).name != name or "\0" in name:
        raise DataError(
            f"{directory / 'state.json'}: a data file must be an .arrow file of this directory. Got {name!r}; "
            "'data-00000-of-00001.arrow' would work."
        )
    if not (directory / name).is_file():
        raise DataError(f"{directory}: its data file {name} is missing; copy it here or save the dataset again.")
    return directory / name
