"""The inner loops of the kernels as explicit vector code, behind six named operations.

    score_tile      scores of one or two contexts against a group of terms
    window_tile     updates between all contexts of a window and a group of terms
    copy_row, clear_row, add_row, prefetch_row    one row of a matrix

They are numba intrinsics: functions that emit LLVM instructions. Numbers that decide what is emitted are the lengths
of tuple arguments, so that they are known when compiling. Rows are given by address, aligned to 64 bytes and padded;
`low` and `high` count lines of 64 bytes of a row. Knows nothing of the batch. `plain` is the twin in plain loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from fastw2v.engines.width import LINE_BYTES, vector_bytes

_QUAD_BYTES = 16  # shuffles within 16 bytes are the cheap ones


class _Emitter:
    """Emits instructions over vectors of a dtype, as wide as the processor's registers."""

    def __init__(self, context: Any, builder: Any, dtype: Any) -> None:
        self.builder = builder
        self.scalar = context.get_value_type(dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.bytes = vector_bytes()
        self.lanes = self.bytes // self.size
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.word = context.get_value_type(types.intp)
        self.number = ir.IntType(32)
        self.zero = ir.Constant(self.vector, None)

    def constant(self, value: int) -> Any:
        return ir.Constant(self.word, value)

    def slots(self, place: Any, count: int) -> list[Any]:
        """Load `count` row numbers, int32, from the address `place`."""
        return [self.slot(place, self.constant(i)) for i in range(count)]

    def slot(self, place: Any, index: Any) -> Any:
        table = self.builder.inttoptr(place, self.number.as_pointer())
        return self.builder.sext(self.builder.load(self.builder.gep(table, [index])), self.word)

    def row(self, table: Any, slot: Any) -> Any:
        """Return a pointer to the row whose address stands in table[slot]."""
        addresses = self.builder.inttoptr(table, self.word.as_pointer())
        return self.pointer(self.builder.load(self.builder.gep(addresses, [slot])))

    def pointer(self, address: Any) -> Any:
        return self.builder.inttoptr(address, self.vector.as_pointer())

    def chunks(self, low: Any, high: Any) -> Any:
        """Return a loop over the vectors of the lines low..high-1; it yields their index in the row."""
        ratio = self.constant(LINE_BYTES // self.bytes)
        start, stop = self.builder.mul(low, ratio), self.builder.mul(high, ratio)
        return cgutils.for_range_slice(self.builder, start, stop, self.constant(1), self.word)

    def load(self, pointer: Any, chunk: Any) -> Any:
        return self.builder.load(self.builder.gep(pointer, [chunk]), align=self.bytes)

    def store(self, value: Any, pointer: Any, chunk: Any) -> None:
        self.builder.store(value, self.builder.gep(pointer, [chunk]), align=self.bytes)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """Return a * b + c, fused where the processor can, always or never."""
        name = f"llvm.fmuladd.v{self.lanes}f{8 * self.size}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, name), [a, b, c])

    def broadcast(self, place: Any, index: Any) -> Any:
        """Return the number at place[index] in all lanes."""
        numbers = self.builder.inttoptr(place, self.scalar.as_pointer())
        return self.spread(self.builder.load(self.builder.gep(numbers, [index])))

    def spread(self, value: Any) -> Any:
        """Return the number in all lanes."""
        empty = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(empty, value, ir.Constant(self.number, 0))
        return self.shuffle(one, empty, [0] * self.lanes)

    def shuffle(self, a: Any, b: Any, lanes: Sequence[int]) -> Any:
        mask = ir.Constant(ir.VectorType(self.number, len(lanes)), list(lanes))
        return self.builder.shuffle_vector(a, b, mask)

    def sums(self, vectors: list[Any]) -> list[Any]:
        """Return the sums of the lanes of each vector, in order, as lanes of as few vectors as hold them.

        One tree for all: a step adds the even to the odd units of two vectors, first single lanes within 16 bytes,
        then 16 bytes within the vector. A reduction for each vector took twice the time of the whole tile.
        """
        quad = _QUAD_BYTES // self.size
        steps = [(1, quad)] * (quad.bit_length() - 1) + [(quad, self.lanes)] * ((self.lanes // quad).bit_length() - 1)
        found = []
        for start in range(0, len(vectors), self.lanes):
            part = vectors[start : start + self.lanes]
            for unit, span in steps:
                part += [ir.Constant(self.vector, ir.Undefined)] * (len(part) % 2)
                part = [self.fold(a, b, unit, span) for a, b in zip(part[::2], part[1::2], strict=True)]
            found += part
        return found

    def fold(self, a: Any, b: Any, unit: int, span: int) -> Any:
        """Within every span of lanes, put a's units before b's and add the even units to the odd ones."""
        both = [
            source + base + lane
            for base in range(0, self.lanes, span)
            for source in (0, self.lanes)
            for lane in range(span)
        ]
        units = [both[i : i + unit] for i in range(0, len(both), unit)]
        even = [lane for one in units[::2] for lane in one]
        odd = [lane for one in units[1::2] for lane in one]
        return self.builder.fadd(self.shuffle(a, b, even), self.shuffle(a, b, odd))

    def at_least_lowest(self, value: Any) -> Any:
        """Return the value, but half the lowest number for less; NaN stays.

        -inf marks terms that do not count; so no sum of two of these may be that.
        """
        lowest = ir.Constant(self.vector, [float(np.finfo(f"f{self.size}").min) / 2] * self.lanes)
        return self.builder.select(self.builder.fcmp_ordered("<", value, lowest), lowest, value)

    def store_lanes(self, values: list[Any], start: int, count: int, place: Any) -> None:
        """Store the lanes start..start+count-1 of a list of vectors at an address, without alignment."""
        done = 0
        while done < count:
            vector, lane = divmod(start + done, self.lanes)
            size = 1 << (min(count - done, self.lanes - lane).bit_length() - 1)
            piece = self.shuffle(values[vector], values[vector], range(lane, lane + size))
            address = self.builder.add(place, self.constant(done * self.size))
            pointer = self.builder.inttoptr(address, ir.VectorType(self.scalar, size).as_pointer())
            self.builder.store(piece, pointer, align=self.size)
            done += size


@intrinsic
def score_tile(
    typing: Any, like: Any, group: Any, pair: Any, contexts: Any, terms: Any, from_in: Any, from_out: Any, scores: Any,
    stride: Any, low: Any, middle: Any, high: Any,
) -> Any:  # fmt: skip
    """Write the dot products of contexts with terms: of context a and term k to scores[a * stride + k].

    like: a scalar of the dtype. group: a tuple as long as the terms are many; pair: one as long as the contexts.
    contexts, terms: addresses of row numbers, int32. from_in, from_out: addresses of the rows' addresses. scores:
    address. A dot product is the sum over the lines low..middle-1 plus the sum over middle..high-1.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, _, _, contexts_, terms_, in_, out_, scores_, stride_, low_, middle_, high_ = arguments
        tile = _Emitter(context, builder, like)
        rows_in = [tile.row(in_, slot) for slot in tile.slots(contexts_, pair.count)]
        rows_out = [tile.row(out_, slot) for slot in tile.slots(terms_, group.count)]

        def dot_products(start: Any, stop: Any) -> list[Any]:
            sums = [cgutils.alloca_once_value(builder, tile.zero) for _ in range(pair.count * group.count)]
            for total in sums:  # a tile stands in a loop: its sums start at zero every time
                builder.store(tile.zero, total)
            with tile.chunks(start, stop) as (chunk, _):
                v_c = [tile.load(row, chunk) for row in rows_in]
                for k, row in enumerate(rows_out):
                    v_w = tile.load(row, chunk)
                    for total, one in zip(sums[k :: group.count], v_c, strict=True):
                        builder.store(tile.multiply_add(one, v_w, builder.load(total)), total)
            return [tile.at_least_lowest(value) for value in tile.sums([builder.load(total) for total in sums])]

        found = dot_products(low_, middle_)
        places = [cgutils.alloca_once_value(builder, tile.zero) for _ in found]
        for place, value in zip(places, found, strict=True):
            builder.store(value, place)
        with builder.if_then(builder.icmp_signed("<", middle_, high_)):
            for place, value in zip(places, dot_products(middle_, high_), strict=True):
                builder.store(builder.fadd(builder.load(place), value), place)
        final = [builder.load(place) for place in places]
        for a in range(pair.count):
            at = builder.add(scores_, builder.mul(stride_, tile.constant(a * tile.size)))
            tile.store_lanes(final, a * group.count, group.count, at)
        return context.get_dummy_value()

    signature = types.void(like, group, pair, contexts, terms, from_in, from_out, scores, stride, low, middle, high)
    return signature, emit


@intrinsic
def window_tile(
    typing: Any, like: Any, group: Any, pairs: Any, contexts: Any, terms: Any, from_in: Any, from_out: Any,
    into_in: Any, into_out: Any, factors: Any, stride: Any, low: Any, high: Any,
) -> Any:  # fmt: skip
    """Add factor x vector to the rows of a window's contexts and of a group of terms, in the lines low..high-1.

    For context a and term k: into(a) += factors[a * stride + k] * from(k), into(k) += the same factor * from(a).
    Arguments as in `score_tile`; pairs: the number of contexts. All vectors are read from `from`, and the terms' sums
    stay in registers: rows of `from` that occur more than once may not be rows of `into`, and terms must differ.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, _, pairs_, contexts_, terms_, in_, out_, into_in_, into_out_, factors_, stride_, low_, high_ = arguments
        tile = _Emitter(context, builder, like)
        slots = tile.slots(terms_, group.count)
        rows = [tile.row(out_, slot) for slot in slots]
        into_rows = [tile.row(into_out_, slot) for slot in slots]
        sums = [cgutils.alloca_once_value(builder, tile.zero) for _ in slots]
        with tile.chunks(low_, high_) as (chunk, _):
            v_w = [tile.load(row, chunk) for row in rows]
            for row, total in zip(into_rows, sums, strict=True):
                builder.store(tile.load(row, chunk), total)
            with cgutils.for_range(builder, pairs_) as loop:
                slot = tile.slot(contexts_, loop.index)
                v_c, into_row = tile.load(tile.row(in_, slot), chunk), tile.row(into_in_, slot)
                into = tile.load(into_row, chunk)
                first = builder.mul(loop.index, stride_)
                for k, total in enumerate(sums):
                    factor = tile.broadcast(factors_, builder.add(first, tile.constant(k)))
                    into = tile.multiply_add(factor, v_w[k], into)
                    builder.store(tile.multiply_add(factor, v_c, builder.load(total)), total)
                tile.store(into, into_row, chunk)
            for row, total in zip(into_rows, sums, strict=True):
                tile.store(builder.load(total), row, chunk)
        return context.get_dummy_value()

    signature = types.void(
        like, group, pairs, contexts, terms, from_in, from_out, into_in, into_out, factors, stride, low, high
    )
    return signature, emit


@intrinsic
def copy_row(typing: Any, like: Any, source: Any, target: Any, low: Any, high: Any) -> Any:
    """Copy the lines low..high-1 of the row at the address `source` to `target`."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, source_, target_, low_, high_ = arguments
        tile = _Emitter(context, builder, like)
        with tile.chunks(low_, high_) as (chunk, _):
            tile.store(tile.load(tile.pointer(source_), chunk), tile.pointer(target_), chunk)
        return context.get_dummy_value()

    return types.void(like, source, target, low, high), emit


@intrinsic
def clear_row(typing: Any, like: Any, target: Any, low: Any, high: Any) -> Any:
    """Set the lines low..high-1 of the row at the address `target` to zero."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, target_, low_, high_ = arguments
        tile = _Emitter(context, builder, like)
        with tile.chunks(low_, high_) as (chunk, _):
            tile.store(tile.zero, tile.pointer(target_), chunk)
        return context.get_dummy_value()

    return types.void(like, target, low, high), emit


@intrinsic
def add_row(typing: Any, like: Any, factor: Any, source: Any, target: Any, low: Any, high: Any) -> Any:
    """Add factor x the row at the address `source` to the row at `target`, in the lines low..high-1."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, factor_, source_, target_, low_, high_ = arguments
        tile = _Emitter(context, builder, like)
        factors = tile.spread(factor_)
        with tile.chunks(low_, high_) as (chunk, _):
            into = tile.load(tile.pointer(target_), chunk)
            value = tile.multiply_add(factors, tile.load(tile.pointer(source_), chunk), into)
            tile.store(value, tile.pointer(target_), chunk)
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
