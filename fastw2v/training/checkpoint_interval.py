"""Parse how often to save: 30s, 5min, 500000words, epoch."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastw2v.errors import UsageError

_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|sec|min|h|words?)")
_UNITS = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Every:
    """How often to save: seconds, words trained on, or at the end of each epoch (neither)."""

    seconds: float | None = None
    words: float | None = None

    @classmethod
    def parse(cls, text: str) -> Every:
        """Read 30s, 5min, 2h, 500000words or epoch.

        Raises:
            UsageError: another form, or nothing (0).
        """
        form = _FORM.fullmatch(text.strip().lower())
        if text.strip().lower() == "epoch":
            return cls()
        if form is None or float(form[1]) <= 0:
            raise UsageError(
                f"checkpoint_every must be a time, a number of words, or epoch. Got {text!r}; "
                "30s, 5min, 500000words and epoch work."
            )
        amount = float(form[1])
        return cls(words=amount) if form[2].startswith("word") else cls(seconds=amount * _UNITS[form[2]])
