"""Import optional libraries, with an error that names the extra."""

from __future__ import annotations

import importlib
from typing import Any

from fastw2v.errors import MissingExtraError

# Packages that are named otherwise than what is imported from them.
_PACKAGES = {"umap": "umap-learn", "sklearn": "scikit-learn", "ot": "POT"}


def load(module: str, doing: str, extra: str) -> Any:
    """Import `module`, which `doing` needs (the beginning of the error's sentence) and which `extra` installs.

    Raises:
        MissingExtraError: it cannot be imported; the message names the package and, for a checkout, the extra.
    """
    library = module.partition(".")[0]
    try:
        importlib.import_module(library)
        return importlib.import_module(module)
    except ImportError:
        package = _PACKAGES.get(library, library)
        raise MissingExtraError(
            f"{doing} needs {package}, which is not installed: {installed_by(package, extra)}."
        ) from None


def installed_by(packages: str, extra: str) -> str:
    """Return the command that installs packages, and the one that does so in a checkout, which has the versions."""
    return f"pip install {packages} (in a checkout: pip install '.[{extra}]')"
