"""Make text from models and files safe to print: no control characters, no direction marks."""

from __future__ import annotations

# Persian is misspelt without the one, and families of emoji fall apart without the other.
_JOINERS = "\u200c\u200d"
_LINES = "\n\t"


def shown(value: object, longest: int | None = None) -> str:
    """Return a value as text on one line, cut where it has more than `longest` letters.

    What is not printable becomes U+FFFD: control characters, line breaks, marks of direction, lone surrogates.
    """
    text = str(value)
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    return _cleaned(text, "")


def shown_lines(text: str) -> str:
    """Return a text of several lines so."""
    return _cleaned(text, _LINES)


def plural(number: int, what: str) -> str:
    """Return a number with what it counts: 1 document, 2,000 documents."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _cleaned(text: str, kept: str) -> str:
    if text.isprintable():
        return text
    kept += _JOINERS
    return "".join(letter if letter.isprintable() or letter in kept else "\N{REPLACEMENT CHARACTER}" for letter in text)
