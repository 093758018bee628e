"""`limit`: the first bytes or documents of a corpus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from fastw2v.errors import UsageError

_BYTE_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)")


@dataclass(frozen=True)
class Limit:
    """The first `bytes` of the text (decompressed, as UTF-8), at most `docs` documents.

    Text ends where the limit falls, inside a document too. Records and stories are whole: the one that reaches the
    limit is the last.
    """

    bytes: int | None = None
    docs: int | None = None

    def __str__(self) -> str:
        parts = []
        if self.bytes is not None:
            unit, size = next((u, s) for u, s in _SHOWN_UNITS if self.bytes % s == 0)
            parts.append(f"{self.bytes // size}{unit}")
        if self.docs is not None:
            parts.append(f"{self.docs}docs")
        return " ".join(parts)


_SHOWN_UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3), ("B", 1))


def parse_limit(text: str) -> Limit:
    """Read a limit such as `50MB`, `1.5GB`, `200kB`, `5000B` (powers of ten, in any case) or `100000docs`.

    Raises:
        UsageError: another form, nothing at all (0), or a fraction of a byte or document.
    """
    form = _FORM.fullmatch(text.strip().lower())
    if form is not None:
        number, unit = Fraction(form[1]), form[2]
        amount = number * _BYTE_UNITS.get(unit, 1)
        if amount >= 1 and amount.denominator == 1:
            if unit in _BYTE_UNITS:
                return Limit(bytes=int(amount))
            if unit in ("docs", "doc"):
                return Limit(docs=int(amount))
    raise UsageError(
        "limit must be a size in B, kB, MB or GB (MB = 10^6 bytes) or a number of documents. "
        f"Got {text!r}; 50MB, 1.5GB and 100000docs work."
    )
