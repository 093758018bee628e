"""Emits LLVM instructions over vectors as wide as the processor's registers, for the operations of `vectors`.

Knows rows by their address, and how wide registers are; nothing of what is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types

from fastw2v.engines.width import LINE_BYTES, vector_bytes

_QUAD_BYTES = 16  # shuffles within 16 bytes are the cheap ones


class Emitter:
    """Emits instructions over vectors of a dtype, as wide as the processor's registers."""

    def __init__(self, context: Any, builder: Any, dtype: Any, most_bytes: int = LINE_BYTES) -> None:
        self.context, self.builder, self.dtype = context, builder, dtype
        self.scalar = context.get_value_type(dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.bytes = min(vector_bytes(), most_bytes)
        self.lanes = self.bytes // self.size
        self.in_line = LINE_BYTES // self.bytes
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.word = context.get_value_type(types.intp)
        self.number = ir.IntType(32)
        self.zero = ir.Constant(self.vector, None)

    def constant(self, value: int) -> Any:
        """Return a number known when compiling."""
        return ir.Constant(self.word, value)

    def slots(self, place: Any, count: int) -> list[Any]:
        """Load `count` row numbers, int32, from the address `place`."""
        return [self.slot(place, self.constant(i)) for i in range(count)]

    def slot(self, place: Any, index: Any) -> Any:
        """Load the row number, int32, at place[index]."""
        table = self.builder.inttoptr(place, self.number.as_pointer())
        return self.builder.sext(self.builder.load(self.builder.gep(table, [index])), self.word)

    def row(self, table: Any, slot: Any) -> Any:
        """Return a pointer to the row whose address stands in table[slot]."""
        addresses = self.builder.inttoptr(table, self.word.as_pointer())
        return self.pointer(self.builder.load(self.builder.gep(addresses, [slot])))

    def pointer(self, address: Any) -> Any:
        """Return a pointer to the vectors at an address."""
        return self.builder.inttoptr(address, self.vector.as_pointer())

    def chunks(self, low: Any, high: Any) -> Any:
        """Return a loop over the vectors of the lines low..high-1; it yields their index in the row."""
        ratio = self.constant(self.in_line)
        start, stop = self.builder.mul(low, ratio), self.builder.mul(high, ratio)
        return cgutils.for_range_slice(self.builder, start, stop, self.constant(1), self.word)

    def narrow(self) -> Emitter:
        """Return an emitter of vectors that are at most half a line."""
        return Emitter(self.context, self.builder, self.dtype, LINE_BYTES // 2)

    def half_line(self, line: Any) -> list[Any]:
        """Return the indices of the vectors in the first half of a line."""
        return self.vectors_of(line, self.in_line // 2)

    def vectors_of(self, line: Any, count: int) -> list[Any]:
        """Return the indices of the first `count` vectors from a line on."""
        first = self.builder.mul(line, self.constant(self.in_line))
        return [self.builder.add(first, self.constant(i)) for i in range(count)]

    def widen(self, value: Any, narrow: Emitter) -> Any:
        """Return a narrower emitter's vector as one of ours, with zeros behind."""
        if narrow.lanes == self.lanes:
            return value
        lanes = [min(lane, narrow.lanes) for lane in range(self.lanes)]
        return self.shuffle(value, narrow.zero, lanes)

    def load(self, pointer: Any, chunk: Any) -> Any:
        """Load the vector pointer[chunk]."""
        return self.builder.load(self.place(pointer, chunk), align=self.bytes)

    def store(self, value: Any, pointer: Any, chunk: Any) -> None:
        """Store a vector to pointer[chunk]."""
        self.builder.store(value, self.place(pointer, chunk), align=self.bytes)

    def place(self, pointer: Any, chunk: Any) -> Any:
        """Return a pointer to the vector pointer[chunk], whatever vectors the pointer was made for."""
        return self.builder.gep(self.builder.bitcast(pointer, self.vector.as_pointer()), [chunk])

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
        """Return these lanes of a, then b, as a vector."""
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
