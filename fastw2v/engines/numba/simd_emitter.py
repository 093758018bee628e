"""Emits LLVM instructions over vectors as wide as the processor's registers, for the operations of `tiles_simd`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types

from fastw2v.jit.simd_width import LINE_BYTES, vector_bytes

_QUAD_BYTES = 16  # shuffles within 16 bytes are the cheap ones
_BYTE = ir.IntType(8)


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

    def chunks(self, low: Any, high: Any, half: Any = None) -> Any:
        """Return a loop over the vectors of the lines low..high-1; it yields their offsets in the row, in bytes.

        half: if 1, without the last half line; only for vectors of at most that.
        """
        start, stop = (self.builder.mul(line, self.constant(LINE_BYTES)) for line in (low, high))
        if half is not None:
            stop = self.builder.sub(stop, self.builder.mul(half, self.constant(LINE_BYTES // 2)))
        return cgutils.for_range_slice(self.builder, start, stop, self.constant(self.bytes), self.word)

    def opaque(self, offset: Any) -> Any:
        """Return the offset as a number that nothing is known of.

        Else the compiler moves every row's pointer on by itself. They are more than there are registers, and on
        processors with 16 of them that took a fifth of the instructions of a tile.
        """
        kind = ir.FunctionType(self.word, [self.word])
        return self.builder.asm(kind, "", "=r,0", [offset], side_effect=False)

    def narrow(self) -> Emitter:
        """Return an emitter of vectors that are at most half a line."""
        return Emitter(self.context, self.builder, self.dtype, LINE_BYTES // 2)

    def half_line(self, line: Any) -> list[Any]:
        """Return the offsets of the vectors in the first half of a line."""
        return self.vectors_of(line, self.in_line // 2)

    def vectors_of(self, line: Any, count: int) -> list[Any]:
        """Return the offsets of the first `count` vectors from a line on."""
        first = self.builder.mul(line, self.constant(LINE_BYTES))
        return [self.builder.add(first, self.constant(i * self.bytes)) for i in range(count)]

    def widen(self, value: Any, narrow: Emitter) -> Any:
        """Return a narrower emitter's vector as one of ours, with zeros behind."""
        lanes = [min(lane, narrow.lanes) for lane in range(self.lanes)]
        return self.shuffle(value, narrow.zero, lanes)

    def load(self, pointer: Any, offset: Any) -> Any:
        """Load the vector `offset` bytes behind the pointer."""
        return self.builder.load(self.place(pointer, offset), align=self.bytes)

    def store(self, value: Any, pointer: Any, offset: Any) -> None:
        """Store a vector `offset` bytes behind the pointer."""
        self.builder.store(value, self.place(pointer, offset), align=self.bytes)

    def place(self, pointer: Any, offset: Any) -> Any:
        """Return a pointer to the vector `offset` bytes behind the pointer, which may be one to other vectors."""
        place = self.builder.gep(self.builder.bitcast(pointer, _BYTE.as_pointer()), [offset])
        return self.builder.bitcast(place, self.vector.as_pointer())

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

        One tree for all: a step folds two vectors into one, first within 16 bytes, then across the vector. A reduction
        for each vector took twice the time of the whole tile.
        """
        quad = _QUAD_BYTES // self.size
        steps = [(unit, quad) for unit in _powers(1, quad)] + [(unit, self.lanes) for unit in _powers(quad, self.lanes)]
        found = []
        for start in range(0, len(vectors), self.lanes):
            part = vectors[start : start + self.lanes]
            for unit, span in steps:
                part += [ir.Constant(self.vector, ir.Undefined)] * (len(part) % 2)
                part = [self.fold(a, b, unit, span) for a, b in zip(part[::2], part[1::2], strict=True)]
            found += part
        return found

    def fold(self, a: Any, b: Any, unit: int, span: int) -> Any:
        """Add the first half of every span of lanes of a and b to its second half; units of a and b take turns.

        With even and odd units instead, steps become `haddps`, which AMD's processors take apart: 3 % of scoring.
        """
        first: list[int] = []
        second: list[int] = []
        for base in range(0, self.lanes, span):
            for start, lanes in ((base, first), (base + span // 2, second)):
                for lane in range(start, start + span // 2, unit):
                    lanes += [*range(lane, lane + unit), *range(self.lanes + lane, self.lanes + lane + unit)]
        return self.builder.fadd(self.shuffle(a, b, first), self.shuffle(a, b, second))

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


def _powers(first: int, stop: int) -> Iterator[int]:
    """Yield first, twice, four times that ... below stop."""
    while first < stop:
        yield first
        first *= 2
