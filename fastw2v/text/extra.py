"""The libraries of the extra `formats`, imported when a file that needs them is read. Knows only the errors."""

from __future__ import annotations

import importlib
from typing import Any

from fastw2v.errors import MissingExtraError


def load(module: str, reading: str) -> Any:
    """Import `module` of pyarrow or zstandard, to read the file `reading`.

    Raises:
        MissingExtraError: it cannot be imported; the message names the extra.
    """
    library = module.partition(".")[0]
    try:
        importlib.import_module(library)
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"{reading}: reading it needs {library}, which is not installed: pip install 'fastw2v[formats]'."
        ) from None
