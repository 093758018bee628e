"""The operations of `tiles_simd` in plain loops: for processors without known vector registers, and as its slow twin.

Loads and stores by address are the only instructions stated; the rest is left to the compiler.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from fastw2v.jit.compiler import inline_llvm
from fastw2v.jit.simd_width import LINE_BYTES


@intrinsic
def _load(typing: Any, like: Any, address: Any, index: Any) -> Any:
    """Return the number of the type of `like` at address[index]."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = context.get_value_type(like)
        place = builder.gep(builder.inttoptr(arguments[1], kind.as_pointer()), [arguments[2]])
        return builder.load(place)

    return like(like, types.intp, types.intp), emit


@intrinsic
def _store(typing: Any, value: Any, address: Any, index: Any) -> Any:
    """Store a number at address[index]."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = builder.gep(builder.inttoptr(arguments[1], arguments[0].type.as_pointer()), [arguments[2]])
        builder.store(arguments[0], place)
        return context.get_dummy_value()

    return types.void(value, types.intp, types.intp), emit


@intrinsic
def _lanes(typing: Any, like: Any) -> Any:
    """Return how many numbers of the type of `like` a line holds."""
    lanes = LINE_BYTES // np.dtype(str(like)).itemsize

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.Constant(context.get_value_type(types.intp), lanes)

    return types.intp(like), emit


@intrinsic
def _lowest(typing: Any, like: Any) -> Any:
    """Return half the lowest number of the type of `like`."""
    lowest = float(np.finfo(str(like)).min) / 2

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.Constant(context.get_value_type(like), lowest)

    return like(like), emit


@inline_llvm
def _row(table, numbers, index):
    """Return the address in table[number], the number standing at numbers[index]."""
    return _load(np.int64(0), table, np.intp(_load(np.int32(0), numbers, index)))


@inline_llvm
def _dot(like, a, b, low, high):
    lanes, lowest = _lanes(like), _lowest(like)
    total = like - like
    for q in range(low * lanes, high * lanes):
        total += _load(like, a, q) * _load(like, b, q)
    # As in `tiles_simd`: -inf marks terms that do not count. NaN stays.
    return lowest if total < lowest else total


@inline_llvm
def score_tile(like, group, pair, contexts, terms, from_in, from_out, scores, stride, low, middle, high, half):
    """See `tiles_simd.score_tile`."""
    for a in range(len(pair)):
        v_c = _row(from_in, contexts, a)
        for k in range(len(group)):
            v_w = _row(from_out, terms, k)
            _store(_dot(like, v_c, v_w, low, middle) + _dot(like, v_c, v_w, middle, high), scores, a * stride + k)


@inline_llvm
def window_tile(
    like, group, pairs, contexts, terms, from_in, from_out, into_in, into_out, factors, stride, low, high, half
):  # fmt: skip
    """See `tiles_simd.window_tile`."""
    lanes = _lanes(like)
    for q in range(low * lanes, high * lanes):
        for a in range(pairs):
            into = _load(like, _row(into_in, contexts, a), q)
            for k in range(len(group)):
                into += _load(like, factors, a * stride + k) * _load(like, _row(from_out, terms, k), q)
            _store(into, _row(into_in, contexts, a), q)
        for k in range(len(group)):
            total = _load(like, _row(into_out, terms, k), q)
            for a in range(pairs):
                total += _load(like, factors, a * stride + k) * _load(like, _row(from_in, contexts, a), q)
            _store(total, _row(into_out, terms, k), q)


@inline_llvm
def pull_row(like, count, slots, places, table, factors, into, low, high, half):
    """See `tiles_simd.pull_row`."""
    lanes = _lanes(like)
    for q in range(low * lanes, high * lanes):
        total = _load(like, into, q)
        for i in range(count):
            factor = _load(like, factors, np.intp(_load(np.int32(0), places, i)))
            total += factor * _load(like, _row(table, slots, i), q)
        _store(total, into, q)


@inline_llvm
def copy_row(like, source, target, low, high):
    """See `tiles_simd.copy_row`."""
    lanes = _lanes(like)
    for q in range(low * lanes, high * lanes):
        _store(_load(like, source, q), target, q)


@inline_llvm
def clear_row(like, target, low, high):
    """See `tiles_simd.clear_row`."""
    lanes = _lanes(like)
    for q in range(low * lanes, high * lanes):
        _store(like - like, target, q)


@inline_llvm
def add_row(like, factor, source, target, low, high):
    """See `tiles_simd.add_row`."""
    lanes = _lanes(like)
    for q in range(low * lanes, high * lanes):
        _store(_load(like, target, q) + factor * _load(like, source, q), target, q)


@inline_llvm
def prefetch_row(row, low, high):
    """See `tiles_simd.prefetch_row`; nothing here."""
