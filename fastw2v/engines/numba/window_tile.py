"""Updates between the contexts of a window and a group of terms, for wide and narrow registers.

For context a and term k: into(a) += factor(a, k) * from(k), into(k) += the same factor * from(a).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numba.core import cgutils

from fastw2v.engines.numba.simd_emitter import Emitter

# Contexts and terms whose factors stay in registers, and terms whose vectors do: with three sums and two vectors of a
# context they are the 16 that most processors have. 2 x 3 took 1.02 times as long, 4 x 2, 5 x 2 and 3 x 2 1.03 to
# 1.08, 2 x 6 1.28; no vector held 1.05.
_CONTEXTS, _TERMS, _HELD = 3, 3, 2


class Window(NamedTuple):
    """The arguments of `tiles_simd.window_tile`, as LLVM's values; terms_count: a number known when compiling."""

    pairs: Any
    contexts: Any
    terms_count: int
    terms: Any
    from_in: Any
    from_out: Any
    into_in: Any
    into_out: Any
    factors: Any
    stride: Any
    low: Any
    high: Any
    half: Any


def by_lines(tile: Emitter, window: Window) -> None:
    """Line by line: the terms' vectors and sums stay in registers over all contexts. For registers of a whole line."""
    builder = tile.builder
    slots = tile.slots(window.terms, window.terms_count)
    rows = [tile.row(window.from_out, slot) for slot in slots]
    into_rows = [tile.row(window.into_out, slot) for slot in slots]

    def update(tile: Emitter, offset: Any) -> None:
        v_w = [tile.load(row, offset) for row in rows]
        sums = [cgutils.alloca_once(builder, tile.vector) for _ in slots]
        for row, total in zip(into_rows, sums, strict=True):
            builder.store(tile.load(row, offset), total)
        with cgutils.for_range(builder, window.pairs) as loop:
            slot = tile.slot(window.contexts, loop.index)
            v_c, into_row = tile.load(tile.row(window.from_in, slot), offset), tile.row(window.into_in, slot)
            into = tile.load(into_row, offset)
            first = builder.mul(loop.index, window.stride)
            for k, total in enumerate(sums):
                factor = tile.broadcast(window.factors, builder.add(first, tile.constant(k)))
                into = tile.multiply_add(factor, v_w[k], into)
                builder.store(tile.multiply_add(factor, v_c, builder.load(total)), total)
            tile.store(into, into_row, offset)
        for row, total in zip(into_rows, sums, strict=True):
            tile.store(builder.load(total), row, offset)

    with tile.chunks(window.low, builder.sub(window.high, window.half)) as (offset, _):
        update(tile, offset)
    with builder.if_then(cgutils.is_not_null(builder, window.half)):
        narrow = tile.narrow()
        for offset in narrow.half_line(builder.sub(window.high, tile.constant(1))):
            update(narrow, offset)


def by_blocks(tile: Emitter, window: Window) -> None:
    """Block by block of few contexts and terms, whose factors stay in registers over all of a row's vectors.

    With vectors of 32 bytes a row has many. Line by line, each loads all factors, and moves the pointers of all rows
    on, as there are too few registers; this took 0.85 of the time, and 0.8 beside another thread on the same core.
    """
    builder = tile.builder
    left = builder.srem(window.pairs, tile.constant(_CONTEXTS))
    whole = builder.sub(window.pairs, left)
    start, step = tile.constant(0), tile.constant(_CONTEXTS)
    with cgutils.for_range_slice(builder, start, whole, step, tile.word) as (first, _):
        _contexts_block(tile, window, first, _CONTEXTS)
    for count in range(1, _CONTEXTS):
        with builder.if_then(builder.icmp_signed("==", left, tile.constant(count))):
            _contexts_block(tile, window, whole, count)


def _contexts_block(tile: Emitter, window: Window, first: Any, count: int) -> None:
    """Take `count` contexts from the first-th on, with all terms of the group."""
    contexts = [tile.builder.add(first, tile.constant(a)) for a in range(count)]
    slots = [tile.slot(window.contexts, context) for context in contexts]
    rows = [tile.row(window.from_in, slot) for slot in slots]
    into_rows = [tile.row(window.into_in, slot) for slot in slots]
    factors_at = [tile.builder.mul(context, window.stride) for context in contexts]
    for k in range(0, window.terms_count, _TERMS):
        terms = [tile.constant(term) for term in range(k, min(k + _TERMS, window.terms_count))]
        _block(tile, window, rows, into_rows, factors_at, terms)


def _block(
    tile: Emitter, window: Window, rows_in: list[Any], into_in: list[Any], factors_at: list[Any], terms: list[Any]
) -> None:
    slots = [tile.slot(window.terms, term) for term in terms]
    rows_out = [tile.row(window.from_out, slot) for slot in slots]
    into_out = [tile.row(window.into_out, slot) for slot in slots]
    factors = [
        [tile.broadcast(window.factors, tile.builder.add(first, term)) for term in terms] for first in factors_at
    ]
    with tile.chunks(window.low, window.high, window.half) as (loop_offset, _):
        offset = tile.opaque(loop_offset)
        held = [tile.load(row, offset) for row in rows_out[:_HELD]]
        sums = [tile.load(row, offset) for row in into_out]
        for row, into_row, mine in zip(rows_in, into_in, factors, strict=True):
            # A context may be there twice: each is stored before the next is loaded.
            v_c, into = tile.load(row, offset), tile.load(into_row, offset)
            for k, factor in enumerate(mine):
                v_w = held[k] if k < _HELD else tile.load(rows_out[k], offset)
                into = tile.multiply_add(factor, v_w, into)
                sums[k] = tile.multiply_add(factor, v_c, sums[k])
            tile.store(into, into_row, offset)
        for row, total in zip(into_out, sums, strict=True):
            tile.store(total, row, offset)
