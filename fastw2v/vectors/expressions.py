"""Parse queries as people type them: words, or sums such as king - man + woman.

A "+" or "-" that stands alone with a word behind it adds or subtracts that word. Words without one between them are
questions of their own. Double quotes make anything a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(r'"([^"]*)"(?!\S)|(\S+)')
_SIGNS = {"+": 1, "-": -1, "\N{MINUS SIGN}": -1}
_GLUED = re.compile(r"([-+\N{MINUS SIGN}])")

Known = Callable[[str], bool]


class Expression(NamedTuple):
    """A question: words, each with 1 or -1, to be added or subtracted; at least one."""

    terms: tuple[tuple[str, int], ...]

    @property
    def positive(self) -> list[str]:
        """The words to add."""
        return [word for word, sign in self.terms if sign > 0]

    @property
    def negative(self) -> list[str]:
        """The words to subtract."""
        return [word for word, sign in self.terms if sign < 0]

    def __str__(self) -> str:
        return " ".join(f"{'+' if sign > 0 else '-'} {word}" for word, sign in self.terms).removeprefix("+ ")


class _Token(NamedTuple):
    text: str
    sign: int = 0  # of a "+" or "-"


def expressions(texts: Iterable[str], known: Known) -> list[Expression]:
    """Return the questions in some texts, such as the arguments of a command line, or one line that was typed.

    Args:
        texts: one after another; a text that is a word is taken as that word, whatever is in it.
        known: whether a text is a word.
    """
    tokens = [token for text in texts for token in _tokens(text, known)]
    found: list[list[tuple[str, int]]] = []
    sign = 0
    for place, token in enumerate(tokens):
        if token.sign and place + 1 < len(tokens):
            sign = token.sign
            continue
        if not found or not sign:
            found.append([])
        found[-1].append((token.text, sign or 1))
        sign = 0
    return [Expression(tuple(terms)) for terms in found]


def _tokens(text: str, known: Known) -> Iterator[_Token]:
    """Yield words and signs."""
    if known(text):  # with its white space, which other words of the vocabulary may have
        yield _Token(text, _SIGNS.get(text, 0))
        return
    text = text.strip()
    if text in _SIGNS or known(text):
        yield _Token(text, _SIGNS.get(text, 0))
        return
    for match in _TOKEN.finditer(text):
        quoted, plain = match.groups()
        yield from [_Token(quoted)] if plain is None else _parts(plain, known)


def _parts(token: str, known: Known) -> list[_Token]:
    """Return a token, cut at its signs where it is no word and all of its parts are: king-man+woman."""
    parts = _GLUED.split(token)
    if len(parts) > 1 and not known(token) and all(part in _SIGNS or known(part) for part in parts):
        return [_Token(part, _SIGNS.get(part, 0)) for part in parts]
    return [_Token(token, _SIGNS.get(token, 0))]
