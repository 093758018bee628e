"""What is said of runs on a few lines of text, as most tests have them: that they are too few for good vectors."""

from __future__ import annotations

import re

_FEW = re.compile(r"(warning: )?only [\d,]+ training pairs? a word: too few for good vectors; [^\n]*\n?")


def all_but_few_pairs(said: str) -> str:
    """Return messages without that one."""
    return _FEW.sub("", said)
