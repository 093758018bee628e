"""Compile and cache kernels: the one place for numba's flags.

Compiled kernels lie in a folder of the user's own: numba's cache holds pickles, so it never lies beside a model or a
corpus. numba notices edits only in the file a kernel stands in, so the folder's name carries a hash of every file
that kernels are compiled from, and the width of vectors.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba

from fastw2v.files.user_cache import user_cache
from fastw2v.jit.simd_width import vector_bytes

if numba.config.DISABLE_JIT:
    raise ImportError("NUMBA_DISABLE_JIT is set, and kernels only run compiled")

logger = logging.getLogger(__name__)

# Every file that kernels are compiled from, by its path in the package, and no other: an edit compiles them all anew.
SOURCES = (
    "jit/*.py",
    "objectives/logistic.py",
    "draws/randomness.py",
    "draws/numba_draws.py",
    "engines/numba/*.py",
    "corpus/scan_kernels.py",
    "corpus/bytes64.py",
    "corpus/char_classes.py",
)
# Sums may be reordered and multiply-adds fused, so that loops become vector code; NaN and infinity stay what they are.
_FASTMATH = {"reassoc", "contract", "nsz", "arcp"}
_CALLEE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def jit(function: Any) -> Any:
    """Declare a kernel, which Python calls."""
    return _compiled(function)


def callee(function: Any) -> Any:
    """Declare a function that only kernels call: calling it from Python segfaults.

    It has no wrapper that unpacks its dozens of arrays from Python, which took a quarter of the compile time.
    """
    return _compiled(function, **_CALLEE)


def inline_llvm(function: Any) -> Any:
    """Declare a function that LLVM inlines into its callers; calling it from Python segfaults.

    A call with dozens of arguments took 50 ns. Whatever adds floating-point numbers in a loop must be inlined: a
    function that stays a call is optimised twice, alone and with its caller, and a process that compiles calls one copy
    while a process that finds the kernels in the cache calls the other. They add in different orders.
    """
    return _compiled(function, forceinline=True, **_CALLEE)


def inline_source(function: Any) -> Any:
    """Declare a function whose statements numba inserts into its callers before compiling them.

    For functions that only order what others do. An `inline_llvm` function is compiled with all that it calls, and
    again with each caller; two levels fewer save a quarter of the compile time. With those that do the work inserted,
    `number_row` and the tiles or `philox`, training took 1.3 times as long. Python may call it: it is compiled alone.
    """
    return _compiled(function, inline="always")


def _compiled(function: Any, **options: Any) -> Any:
    with _own_cache() as cached:
        kernel = numba.njit(nogil=True, cache=cached, error_model="numpy", fastmath=_FASTMATH, **options)(function)
    # No part of numba's interface; where it is called otherwise, only the errors are as they were.
    cache = getattr(kernel, "_cache", None)
    for name in ("load_overload", "save_overload"):
        if cached and hasattr(cache, name):
            setattr(cache, name, _never_fatal(getattr(cache, name)))
    return kernel


def _never_fatal(use_cache: Any) -> Any:
    """Have a kernel compiled and not kept where the system cannot read or write the cache: numba would end the call."""

    @functools.wraps(use_cache)
    def attempt(*arguments: Any) -> Any:
        try:
            return use_cache(*arguments)
        except OSError as error:
            _warn(str(error))
            return None

    return attempt


@functools.cache
def _warn(reason: str) -> None:
    """Say, once for each reason, that kernels are not kept."""
    logger.warning("kernels are compiled anew in every run (%s): NUMBA_CACHE_DIR can name another folder", reason)


@contextmanager
def _own_cache() -> Iterator[bool]:
    """Point numba's cache at our folder while a kernel is declared; yield whether it can be kept."""
    before, folder = numba.config.CACHE_DIR, _folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)
    try:
        yield folder is not None
    finally:
        numba.config.CACHE_DIR = before


@functools.cache
def _folder() -> Path | None:
    """Return the folder of these kernels, within what the user chose through NUMBA_CACHE_DIR, if anything.

    None, and a warning, where nothing can be written.
    """
    chosen = numba.config.CACHE_DIR
    try:
        folder = (Path(chosen) if chosen else user_cache()) / "fastw2v" / f"kernels-{_digest()}-{vector_bytes()}"
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
        reason = f"{folder} may not be written"
    except (OSError, RuntimeError) as error:  # RuntimeError: a user without a home folder
        reason = str(error)
    _warn(reason)
    return None


@functools.cache
def _digest() -> str:
    """Return a hash of the sources of all kernels."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        files = sorted(Path(__file__).parents[1].glob(pattern))
        if not files:
            raise LookupError(f"no file of kernels matches {pattern}")
        for source in files:
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
