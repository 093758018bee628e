"""Libraries that come with an extra of the package, imported where they are needed. Knows only the errors."""

from __future__ import annotations

import importlib
from typing import Any

from fastw2v.errors import MissingExtraError


def load(module: str, doing: str, extra: str) -> Any:
    """Import `module`, which `doing` needs (the beginning of the error's sentence) and which `extra` installs.

    Raises:
        MissingExtraError: it cannot be imported; the message names the library and the extra.
    """
    library = module.partition(".")[0]
    try:
        importlib.import_module(library)
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"{doing} needs {library}, which is not installed: pip install 'fastw2v[{extra}]'."
        ) from None
