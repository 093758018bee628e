"""Where compiled kernels are kept: a folder of the user's own, named after the sources they were compiled from.

numba's cache holds pickles, so it never lies beside a model or a corpus; and numba notices edits only in the file a
kernel stands in, so the folder's name carries a hash of every file that kernels are compiled from.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numba


@contextmanager
def kernel_cache(*sources: ModuleType | str) -> Iterator[bool]:
    """Point numba's cache at our folder while kernels are declared; yield whether they can be cached.

    A folder chosen by the user through NUMBA_CACHE_DIR is left as it is.
    """
    before = numba.config.CACHE_DIR
    if before:
        yield True
        return
    folder = _user_cache() / "fastw2v" / f"kernels-{_digest(sources)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    numba.config.CACHE_DIR = str(folder) if writable else before
    try:
        yield writable
    finally:
        numba.config.CACHE_DIR = before


@functools.cache
def _digest(sources: tuple[ModuleType | str, ...]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        path = source if isinstance(source, str) else str(source.__file__)
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


def _user_cache() -> Path:
    chosen = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if chosen:
        return Path(chosen)
    home = Path.home()
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
