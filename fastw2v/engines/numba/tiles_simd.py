"""The inner loops of the kernels as explicit SIMD code, behind seven named operations.

    score_tile      scores of one or two contexts against a group of terms
    window_tile     updates between all contexts of a window and a group of terms
    pull_row        updates of one row by any number of others
    copy_row, clear_row, add_row, prefetch_row    one row of a matrix

They are numba intrinsics: functions that emit LLVM instructions. Numbers that decide what is emitted are the lengths of
tuple arguments, so that they are known when compiling. Rows are given by address, aligned to 64 bytes and padded; `low`
and `high` count lines of 64 bytes of a row. `half` is 1 where the second half of line high-1 is padding, which is left
alone: with 100 dimensions that saves one instruction in 14. `tiles_scalar` is the twin in plain loops.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from fastw2v.engines.numba.simd_emitter import Emitter
from fastw2v.engines.numba.window_tile import Window, by_blocks, by_lines
from fastw2v.jit.simd_width import LINE_BYTES

# Vectors of a row whose sums stay in registers: half of the 16 that most processors have.
_SUMS = 8


@intrinsic
def score_tile(
    typing: Any, like: Any, group: Any, pair: Any, contexts: Any, terms: Any, from_in: Any, from_out: Any, scores: Any,
    stride: Any, low: Any, middle: Any, high: Any, half: Any,
) -> Any:  # fmt: skip
    """Write the dot products of contexts with terms: of context a and term k to scores[a * stride + k].

    like: a scalar of the dtype. group: a tuple as long as the terms are many; pair: one as long as the contexts.
    contexts, terms: addresses of row numbers, int32. from_in, from_out: addresses of the rows' addresses. scores:
    address. A dot product is the sum over the lines low..middle-1 plus the sum over middle..high-1.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, _, _, contexts_, terms_, in_, out_, scores_, stride_, low_, middle_, high_, half_ = arguments
        tile = Emitter(context, builder, like)
        rows_in = [tile.row(in_, slot) for slot in tile.slots(contexts_, pair.count)]
        rows_out = [tile.row(out_, slot) for slot in tile.slots(terms_, group.count)]

        def products(tile: Emitter, offset: Any, sums: list[Any]) -> None:
            v_c = [tile.load(row, offset) for row in rows_in]
            for k, row in enumerate(rows_out):
                v_w = tile.load(row, offset)
                for total, one in zip(sums[k :: group.count], v_c, strict=True):
                    builder.store(tile.multiply_add(one, v_w, builder.load(total)), total)

        def dot_products(start: Any, stop: Any, half: Any) -> list[Any]:
            sums = [cgutils.alloca_once(builder, tile.vector) for _ in range(pair.count * group.count)]
            for total in sums:  # a tile stands in a loop: its sums start at zero every time
                builder.store(tile.zero, total)
            if tile.bytes < LINE_BYTES:
                with tile.chunks(start, stop, half) as (offset, _):
                    products(tile, tile.opaque(offset), sums)
            else:
                # The half line first: widening its sums costs nothing.
                with builder.if_then(cgutils.is_not_null(builder, half)):
                    half_line_products(stop, sums)
                with tile.chunks(start, builder.sub(stop, half)) as (offset, _):
                    products(tile, offset, sums)
            return [tile.at_least_lowest(value) for value in tile.sums([builder.load(total) for total in sums])]

        def half_line_products(stop: Any, sums: list[Any]) -> None:
            narrow = tile.narrow()
            narrow_sums = [cgutils.alloca_once(builder, narrow.vector) for _ in sums]
            for total in narrow_sums:
                builder.store(narrow.zero, total)
            for offset in narrow.half_line(builder.sub(stop, tile.constant(1))):
                products(narrow, offset, narrow_sums)
            for total, some in zip(sums, narrow_sums, strict=True):
                builder.store(tile.widen(builder.load(some), narrow), total)

        ends = builder.icmp_signed("==", middle_, high_)
        found = dot_products(low_, middle_, builder.select(ends, half_, tile.constant(0)))
        places = [cgutils.alloca_once_value(builder, tile.zero) for _ in found]
        for place, value in zip(places, found, strict=True):
            builder.store(value, place)
        with builder.if_then(builder.not_(ends)):
            for place, value in zip(places, dot_products(middle_, high_, half_), strict=True):
                builder.store(builder.fadd(builder.load(place), value), place)
        final = [builder.load(place) for place in places]
        for a in range(pair.count):
            at = builder.add(scores_, builder.mul(stride_, tile.constant(a * tile.size)))
            tile.store_lanes(final, a * group.count, group.count, at)
        return context.get_dummy_value()

    signature = types.void(
        like, group, pair, contexts, terms, from_in, from_out, scores, stride, low, middle, high, half
    )
    return signature, emit


@intrinsic
def window_tile(
    typing: Any, like: Any, group: Any, pairs: Any, contexts: Any, terms: Any, from_in: Any, from_out: Any,
    into_in: Any, into_out: Any, factors: Any, stride: Any, low: Any, high: Any, half: Any,
) -> Any:  # fmt: skip
    """Add factor x vector to the rows of a window's contexts and of a group of terms, in the lines low..high-1.

    For context a and term k: into(a) += factors[a * stride + k] * from(k), into(k) += the same factor * from(a).
    Arguments as in `score_tile`; pairs: the number of contexts. No row of `from` may be one of `into`, and terms must
    differ, as sums stay in registers; but for a row of zeros whose factors are 0.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (
            _, _, pairs_, contexts_, terms_, in_, out_, into_in_, into_out_, factors_, stride_, low_, high_, half_,
        ) = arguments  # fmt: skip
        tile = Emitter(context, builder, like)
        window = Window(
            pairs_, contexts_, group.count, terms_, in_, out_, into_in_, into_out_, factors_, stride_, low_, high_,
            half_,
        )  # fmt: skip
        if tile.bytes < LINE_BYTES:
            by_blocks(tile, window)
        else:
            by_lines(tile, window)
        return context.get_dummy_value()

    signature = types.void(
        like, group, pairs, contexts, terms, from_in, from_out, into_in, into_out, factors, stride, low, high, half
    )
    return signature, emit


@intrinsic
def pull_row(
    typing: Any, like: Any, count: Any, slots: Any, places: Any, table: Any, factors: Any, into: Any, low: Any,
    high: Any, half: Any,
) -> Any:  # fmt: skip
    """Add factors[places[i]] x the row table[slots[i]] to the row at `into` for i < count, in the lines low..high-1.

    slots, places: addresses of numbers, int32. table: address of the rows' addresses. factors: address. The row is
    loaded and stored once: it stays in registers, or as much of it as there is room for.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, count_, slots_, places_, table_, factors_, into_, low_, high_, half_ = arguments
        tile = Emitter(context, builder, like)
        row = tile.pointer(into_)

        def pull(line: Any, lines: int, half: int) -> None:
            pieces = [(tile, offset) for offset in tile.vectors_of(line, lines * tile.in_line)]
            if half:
                narrow = tile.narrow()
                pieces += [(narrow, offset) for offset in narrow.half_line(builder.add(line, tile.constant(lines)))]
            sums = [cgutils.alloca_once(builder, kind.vector) for kind, _ in pieces]
            for total, (kind, offset) in zip(sums, pieces, strict=True):
                builder.store(kind.load(row, offset), total)
            with cgutils.for_range(builder, count_) as loop:
                source = tile.row(table_, tile.slot(slots_, loop.index))
                place = tile.slot(places_, loop.index)
                for total, (kind, offset) in zip(sums, pieces, strict=True):
                    factor, value = kind.broadcast(factors_, place), kind.load(source, offset)
                    builder.store(kind.multiply_add(factor, value, builder.load(total)), total)
            for total, (kind, offset) in zip(sums, pieces, strict=True):
                kind.store(builder.load(total), row, offset)

        most = max(1, _SUMS // tile.in_line)
        stop = builder.sub(high_, half_)
        left = builder.srem(builder.sub(stop, low_), tile.constant(most))
        whole = builder.sub(stop, left)
        with cgutils.for_range_slice(builder, low_, whole, tile.constant(most), tile.word) as (line, _):
            pull(line, most, 0)
        rest = builder.add(builder.mul(left, tile.constant(2)), half_)
        for number in range(1, 2 * most):
            with builder.if_then(builder.icmp_signed("==", rest, tile.constant(number))):
                pull(whole, *divmod(number, 2))
        return context.get_dummy_value()

    return types.void(like, count, slots, places, table, factors, into, low, high, half), emit


@intrinsic
def copy_row(typing: Any, like: Any, source: Any, target: Any, low: Any, high: Any) -> Any:
    """Copy the lines low..high-1 of the row at the address `source` to `target`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, source_, target_, low_, high_ = arguments
        tile = Emitter(context, builder, like)
        with tile.chunks(low_, high_) as (offset, _):
            tile.store(tile.load(tile.pointer(source_), offset), tile.pointer(target_), offset)
        return context.get_dummy_value()

    return types.void(like, source, target, low, high), emit


@intrinsic
def clear_row(typing: Any, like: Any, target: Any, low: Any, high: Any) -> Any:
    """Set the lines low..high-1 of the row at the address `target` to zero."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, target_, low_, high_ = arguments
        tile = Emitter(context, builder, like)
        with tile.chunks(low_, high_) as (offset, _):
            tile.store(tile.zero, tile.pointer(target_), offset)
        return context.get_dummy_value()

    return types.void(like, target, low, high), emit


@intrinsic
def add_row(typing: Any, like: Any, factor: Any, source: Any, target: Any, low: Any, high: Any) -> Any:
    """Add factor x the row at the address `source` to the row at `target`, in the lines low..high-1."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, factor_, source_, target_, low_, high_ = arguments
        tile = Emitter(context, builder, like)
        factors = tile.spread(factor_)
        with tile.chunks(low_, high_) as (offset, _):
            into = tile.load(tile.pointer(target_), offset)
            value = tile.multiply_add(factors, tile.load(tile.pointer(source_), offset), into)
            tile.store(value, tile.pointer(target_), offset)
        return context.get_dummy_value()

    return types.void(like, like, source, target, low, high), emit


@intrinsic
def prefetch_row(typing: Any, row: Any, low: Any, high: Any) -> Any:
    """Begin to load the lines low..high-1 of the row at an address, without waiting for them."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row_, low_, high_ = arguments
        byte, number = ir.IntType(8), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        word = context.get_value_type(types.intp)
        with cgutils.for_range_slice(builder, low_, high_, ir.Constant(word, 1), word) as (line, _):
            place = builder.add(row_, builder.mul(line, ir.Constant(word, LINE_BYTES)))
            # To be read (0), kept in the caches beyond the first (2), data (1).
            how = [ir.Constant(number, value) for value in (0, 2, 1)]
            builder.call(prefetch, [builder.inttoptr(place, byte.as_pointer()), *how])
        return context.get_dummy_value()

    return types.void(row, low, high), emit
