"""Kinds of command-line arguments that several benchmarks take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable


def positive(text: str) -> int:
    """Return the number that an argument is; for argparse, which reports what else it may be."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be an integer >= 1. Got {text!r}.")
    return int(text)


def names_of(known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    """Return what reads a list of these names, with commas between; the names come back in the order of `known`."""
    known = tuple(known)

    def read(text: str) -> tuple[str, ...]:
        asked = text.split(",")
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"must be of {', '.join(known)}. Got {unknown[0]!r}.")
        return tuple(name for name in known if name in asked)

    return read
