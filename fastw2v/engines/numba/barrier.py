"""Atomic counters and a barrier for threads inside compiled code.

They do so once a batch, many thousand times a second, which Python's locks are too slow for.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from fastw2v.jit.compiler import callee

# Loads of a counter before the thread yields the processor between loads: some hundred microseconds.
_LOOKS = 1 << 14


@intrinsic
def store_release(typing: Any, place: Any, value: Any) -> Any:
    """Store an int64 at an address, after everything that was written before."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        builder.store_atomic(arguments[1], builder.inttoptr(arguments[0], word.as_pointer()), "release", 8)
        return context.get_dummy_value()

    return types.void(place, types.int64), emit


@intrinsic
def load_acquire(typing: Any, place: Any) -> Any:
    """Load an int64 from an address, before everything that is read after."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        return builder.load_atomic(builder.inttoptr(arguments[0], word.as_pointer()), "acquire", 8)

    return types.int64(place), emit


@intrinsic
def fetch_add(typing: Any, place: Any, count: Any) -> Any:
    """Add count to the int64 at an address, after everything written before; return what it was.

    No two threads are given the same.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        counter = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.atomic_rmw("add", counter, arguments[1], "release")

    return types.int64(place, types.int64), emit


if hasattr(os, "sched_yield"):
    _give_way = types.ExternalFunction("sched_yield", types.int32())
else:

    @callee
    def _give_way():
        """Do nothing: there is no sched_yield here, and the loop goes on."""


@callee
def wait_for(counter, count):
    """Spin until the int64 at an address has reached `count`."""
    looks = 0
    while load_acquire(counter) < count:
        looks += 1
        if looks % _LOOKS == 0:
            _give_way()


@callee
def barrier_wait(mine, other, count):
    """Wait at barrier number `count` until the other thread has reached it too.

    mine, other: addresses of int64 counters, on cache lines of their own.
    """
    store_release(mine, np.int64(count))
    wait_for(other, count)
