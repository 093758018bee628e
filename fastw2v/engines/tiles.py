"""The two inner loops of the kernels as explicit vector code: scores of a tile, gradients of a tile.

A tile is one or two input vectors (contexts of a window) against a group of output vectors (the output word and the
noise words): every loaded chunk serves several multiply-adds, and the sums stay in registers. LLVM's own vectorising
of plain loops took about twice the time. The code is written for chunks of 64 bytes; LLVM splits them on processors
with narrower registers.

Both are numba intrinsics: functions that emit LLVM instructions. Numbers of rows and terms are the lengths of tuple
arguments, so that they are known when compiling. Knows nothing of the batch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

CHUNK_BYTES = 64
# Products and sums may be fused; sums of a register's lanes may be reordered.
_FLAGS = ("contract", "reassoc", "nsz")


class _Emitter:
    """Emits the instructions of one tile over vectors of a dtype."""

    def __init__(self, context: Any, builder: Any, dtype: Any) -> None:
        self.builder = builder
        self.scalar = context.get_value_type(dtype)
        self.size = context.get_abi_sizeof(self.scalar)
        self.vector = ir.VectorType(self.scalar, CHUNK_BYTES // self.size)
        self.word = context.get_value_type(types.intp)
        self.zero = ir.Constant(self.vector, None)

    def term_slots(self, place: Any, count: int) -> list[Any]:
        """Load `count` row numbers, int32, from the address `place`."""
        number = ir.IntType(32)
        table = self.builder.inttoptr(place, number.as_pointer())
        places = [self.builder.gep(table, [ir.Constant(self.word, i)]) for i in range(count)]
        return [self.builder.sext(self.builder.load(place), self.word) for place in places]

    def rows(self, base: Any, slots: list[Any], row_bytes: Any) -> list[Any]:
        """Return pointers to the rows with these numbers."""
        places = [self.builder.add(base, self.builder.mul(slot, row_bytes)) for slot in slots]
        return [self.builder.inttoptr(place, self.vector.as_pointer()) for place in places]

    def load(self, pointer: Any, chunk: Any) -> Any:
        return self.builder.load(self.builder.gep(pointer, [chunk]), align=CHUNK_BYTES)

    def store(self, value: Any, pointer: Any, chunk: Any) -> None:
        self.builder.store(value, self.builder.gep(pointer, [chunk]), align=CHUNK_BYTES)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        return self.builder.fadd(self.builder.fmul(a, b, flags=_FLAGS), c, flags=_FLAGS)

    def score_pointer(self, scores: Any, stride: Any, term: int, row: int) -> Any:
        """Return the place of a score: scores[term * stride + row]."""
        before = self.builder.mul(ir.Constant(self.word, term), stride)
        index = self.builder.add(before, ir.Constant(self.word, row))
        return self.builder.gep(self.builder.inttoptr(scores, self.scalar.as_pointer()), [index])

    def broadcast(self, value: Any) -> Any:
        empty = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), self.vector.count), [0] * self.vector.count)
        return self.builder.shuffle_vector(one, empty, lanes)

    def lanes_sum(self, value: Any) -> Any:
        name = f"llvm.vector.reduce.fadd.v{self.vector.count}f{8 * self.size}"
        kind = ir.FunctionType(self.scalar, [self.scalar, self.vector])
        function = cgutils.get_or_insert_function(self.builder.module, kind, name)
        return self.builder.call(function, [ir.Constant(self.scalar, 0.0), value], fastmath=_FLAGS)

    def at_least_lowest(self, value: Any) -> Any:
        """Return the value, but the lowest finite number for -inf, which marks terms that do not count; NaN stays."""
        lowest = ir.Constant(self.scalar, float(np.finfo(f"f{self.size}").min))
        return self.builder.select(self.builder.fcmp_ordered("<", value, lowest), lowest, value)


@intrinsic
def score_tile(
    typing: Any, like: Any, group: Any, inputs: Any, terms: Any, scores: Any, stride: Any, vectors_in: Any,
    vectors_out: Any, row_bytes: Any,
) -> Any:  # fmt: skip
    """Write the dot products of input rows with term rows: of input a and term k to scores[k * stride + a].

    like: a scalar of the dtype. group: a tuple as long as the terms are many. inputs: a tuple of row numbers. terms:
    address of the terms' row numbers, int32. scores: address. vectors_in, vectors_out: addresses of blocks of rows
    of row_bytes each, aligned to CHUNK_BYTES.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, _, inputs_, terms_, scores_, stride_, in_, out_, bytes_ = arguments
        tile = _Emitter(context, builder, like)
        rows_in = tile.rows(in_, cgutils.unpack_tuple(builder, inputs_), bytes_)
        rows_out = tile.rows(out_, tile.term_slots(terms_, group.count), bytes_)
        sums = [[cgutils.alloca_once_value(builder, tile.zero) for _ in rows_out] for _ in rows_in]
        # A tile stands in a loop: its sums start at zero every time.
        for total in (total for row in sums for total in row):
            builder.store(tile.zero, total)
        chunks = builder.udiv(bytes_, ir.Constant(tile.word, CHUNK_BYTES))
        with cgutils.for_range(builder, chunks) as loop:
            loaded = [tile.load(pointer, loop.index) for pointer in rows_in]
            for k, pointer in enumerate(rows_out):
                v_w = tile.load(pointer, loop.index)
                for a, v_c in enumerate(loaded):
                    builder.store(tile.multiply_add(v_c, v_w, builder.load(sums[a][k])), sums[a][k])
        for a, row in enumerate(sums):
            for k, total in enumerate(row):
                score = tile.at_least_lowest(tile.lanes_sum(builder.load(total)))
                builder.store(score, tile.score_pointer(scores_, stride_, k, a))
        return context.get_dummy_value()

    return types.void(like, group, inputs, terms, scores, stride, vectors_in, vectors_out, row_bytes), emit


@intrinsic
def gradient_tile(
    typing: Any, like: Any, group: Any, inputs: Any, terms: Any, scores: Any, stride: Any, vectors_in: Any,
    vectors_out: Any, sums_in: Any, sums_out: Any, row_bytes: Any, low: Any, high: Any,
) -> Any:  # fmt: skip
    """Add derivative x vector to the sums of the tile's input and term rows, in the chunks low..high-1.

    Arguments as in `score_tile`, with derivatives in place of scores; the sums' blocks are numbered like the vectors'.
    Input rows must differ: their sums are read together. Term rows may repeat: their sums are written one by one.
    """

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, _, inputs_, terms_, scores_, stride_, in_, out_, into_in, into_out, bytes_, low_, high_ = arguments
        tile = _Emitter(context, builder, like)
        slots_in = cgutils.unpack_tuple(builder, inputs_)
        slots_out = tile.term_slots(terms_, group.count)
        rows_in, rows_out = tile.rows(in_, slots_in, bytes_), tile.rows(out_, slots_out, bytes_)
        totals_in, totals_out = tile.rows(into_in, slots_in, bytes_), tile.rows(into_out, slots_out, bytes_)
        factors = [
            [tile.broadcast(builder.load(tile.score_pointer(scores_, stride_, k, a))) for k in range(group.count)]
            for a in range(inputs.count)
        ]
        one = ir.Constant(tile.word, 1)
        with cgutils.for_range_slice(builder, low_, high_, one, tile.word) as (chunk, _):
            loaded = [tile.load(pointer, chunk) for pointer in rows_in]
            totals = [tile.load(pointer, chunk) for pointer in totals_in]
            for k, (output, into) in enumerate(zip(rows_out, totals_out, strict=True)):
                v_w, total = tile.load(output, chunk), tile.load(into, chunk)
                for a, v_c in enumerate(loaded):
                    totals[a] = tile.multiply_add(factors[a][k], v_w, totals[a])
                    total = tile.multiply_add(factors[a][k], v_c, total)
                tile.store(total, into, chunk)
            for total, into in zip(totals, totals_in, strict=True):
                tile.store(total, into, chunk)
        return context.get_dummy_value()

    signature = types.void(
        like, group, inputs, terms, scores, stride, vectors_in, vectors_out, sums_in, sums_out, row_bytes, low, high
    )
    return signature, emit
