"""Eight bytes at a time: unaligned loads, and which of them are letters, in a few instructions without branches.

Bytes are numbered from the lowest of a 64-bit word: the order of a little-endian processor, on any.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from fastw2v.engines.jit import part

_SWAP = sys.byteorder == "big"


def _each(byte: int) -> np.uint64:
    """Return a word of eight times this byte."""
    return np.uint64(byte * 0x0101010101010101)


_HIGH = _each(0x80)
_LOW_SEVEN = _each(0x7F)
_CASE = _each(0x20)
# Added to a byte below 128, these set its highest bit from this character on.
_FROM_0 = _each(0x80 - ord("0"))
_AFTER_9 = _each(0x7F - ord("9"))
_FROM_A = _each(0x80 - ord("a"))
_AFTER_Z = _each(0x7F - ord("z"))
_AFTER_SPACE = _each(0x7F - ord(" "))


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
def lowest_byte(typing: Any, marks: Any) -> Any:
    """Return the number of the lowest byte with a bit set; 8 if there is none."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zeros = builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))
        return builder.lshr(zeros, ir.Constant(ir.IntType(64), 3))

    return types.intp(types.uint64), emit


@part
def not_in_words(word):
    """Return the highest bit of each byte that is not an ASCII letter or digit."""
    seven = word & _LOW_SEVEN
    folded = seven | _CASE
    letters = (folded + _FROM_A) & ~(folded + _AFTER_Z)
    digits = (seven + _FROM_0) & ~(seven + _AFTER_9)
    return (~(letters | digits) | word) & _HIGH


@part
def not_visible(word):
    """Return the highest bit of each byte that is not visible ASCII."""
    return (~((word & _LOW_SEVEN) + _AFTER_SPACE) | word) & _HIGH


@part
def before(marks):
    """Return ones in all bytes below the lowest mark; marks are highest bits of bytes."""
    lowest = marks & (~marks + np.uint64(1))
    return (lowest >> np.uint64(7)) - np.uint64(1)


@part
def lower_case(word):
    """Return a word of ASCII letters and digits in lower case."""
    return word | _CASE
