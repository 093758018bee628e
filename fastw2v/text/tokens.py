"""Records of token lists: joined to one text for encoding, and split again."""

from __future__ import annotations

from typing import Any

from fastw2v.errors import DataError

# ASCII's unit separator.
_BETWEEN = "\x1f"
NAME = "tokens"


def joined(tokens: list[Any], where: str) -> str:
    """Return a list of tokens as one text. Integers become digits; NUL and U+001F in a token become spaces.

    Raises:
        DataError: an item is neither text nor an integer; the message begins with `where`.
    """
    for position, token in enumerate(tokens):
        if not isinstance(token, str | int) or isinstance(token, bool):
            raise DataError(
                f"{where}, item {position}: a token must be a string or an integer. Got {token!r:.60}; leave it out, "
                "or write a word for it."
            )
    return _BETWEEN.join(str(token).replace(_BETWEEN, " ") for token in tokens).replace("\0", " ")


def cut(text: str) -> list[str]:
    """Return the tokens of a text that `joined` made. Text of no token is no list of one."""
    return text.split(_BETWEEN) if text else []
