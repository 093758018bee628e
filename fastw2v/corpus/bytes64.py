"""Unaligned loads of 8 and 64 bytes, and which of the bytes belong to words, in a few instructions.

Bytes are numbered from the lowest of a 64-bit word, and bits of a mask from its lowest: the order of a little-endian
processor, on any. The vectors are of 64 bytes whatever the processor has; the compiler splits them.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from fastw2v.jit.compiler import inline_llvm

_SWAP = sys.byteorder == "big"


# The bit that is set in small letters, and in digits too.
_SMALL = 0x20
_CASE = np.uint64(_SMALL * 0x0101010101010101)


@intrinsic
def load(typing: Any, address: Any) -> Any:
    """Return the 8 bytes at an address."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        value = builder.load(builder.inttoptr(arguments[0], word.as_pointer()), align=1)
        return builder.bswap(value) if _SWAP else value

    return types.uint64(types.intp), emit


@intrinsic
def store(typing: Any, address: Any, value: Any) -> Any:
    """Write 8 bytes to an address."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        value = builder.bswap(arguments[1]) if _SWAP else arguments[1]
        builder.store(value, builder.inttoptr(arguments[0], word.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(types.intp, types.uint64), emit


@intrinsic
def lowest(typing: Any, marks: Any) -> Any:
    """Return the number of the lowest bit that is set; 64 if there is none."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.intp(types.uint64), emit


_BYTES = ir.VectorType(ir.IntType(8), 64)


def _all(byte: int) -> ir.Constant:
    return ir.Constant(_BYTES, [byte] * 64)


def _within(builder: Any, text: Any, low: int, high: int) -> Any:
    """Return for each byte whether it is from low to high."""
    return builder.icmp_unsigned("<=", builder.sub(text, _all(low)), _all(high - low))


def _masks(judge: Any) -> Any:
    """Return what compiles to: load 64 bytes, judge them, and give the three answers as 64 bits each."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        text = builder.load(builder.inttoptr(arguments[0], _BYTES.as_pointer()), align=1)
        answers = [builder.bitcast(answer, ir.IntType(64)) for answer in judge(builder, text)]
        if _SWAP:
            answers = [builder.bitreverse(answer) for answer in answers]
        return context.make_tuple(builder, signature.return_type, answers)

    return types.containers.UniTuple(types.uint64, 3)(types.intp), emit


@intrinsic
def in_words(typing: Any, address: Any) -> Any:
    """Look at the 64 bytes at an address as the tokeniser `words` does; return three masks.

    The bytes that may belong to words; those of them that need a closer look, which are apostrophes and whatever is
    not ASCII; and NULs.
    """

    def judge(builder: Any, text: Any) -> tuple[Any, Any, Any]:
        letters = _within(builder, builder.or_(text, _all(_SMALL)), ord("a"), ord("z"))
        special = builder.or_(_within(builder, text, 0x80, 0xFF), _within(builder, text, 0x27, 0x27))
        simple = builder.or_(letters, _within(builder, text, ord("0"), ord("9")))
        return builder.or_(simple, special), special, _within(builder, text, 0, 0)

    return _masks(judge)


@intrinsic
def visible(typing: Any, address: Any) -> Any:
    """Return the same three masks as the tokeniser `whitespace` sees it: special is what is not visible ASCII."""

    def judge(builder: Any, text: Any) -> tuple[Any, Any, Any]:
        spaces = builder.or_(_within(builder, text, 0x09, 0x0D), _within(builder, text, 0x1C, 0x20))
        nul = _within(builder, text, 0, 0)
        run = builder.not_(builder.or_(spaces, nul))
        return run, builder.and_(run, builder.not_(_within(builder, text, 0x21, 0x7F))), nul

    return _masks(judge)


@inline_llvm
def first_bytes(word, count):
    """Return the lowest `count` bytes of a word, 1 to 8, and zeros above."""
    return word & np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - 8 * count)


@inline_llvm
def lower_case(word):
    """Return a word of ASCII letters and digits in lower case."""
    return word | _CASE
