"""The user's cache folder, for compiled kernels and encoded corpora."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """Return the folder for caches.

    Raises:
        RuntimeError: the user has no home folder.
    """
    chosen = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if chosen:
        return Path(chosen)
    home = Path.home()
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
