"""Character classes of the tokeniser, as tables for compiled code.

Made from Python's own Unicode data and from the tokeniser's definition (`text.tokenise`), not restated. Where one
character alone does not decide, it is HARD: the run it stands in goes to the tokeniser itself.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.text.tokenise import APOSTROPHES, DROPPED, JOINERS, lower_case

# END separates too: NUL, which ends a document.
SEPARATOR, END, LETTER, APOSTROPHE, HARD = range(5)
# The first byte of a character that is not ASCII: look it up whole.
LONGER = 5
_BMP = 0x10000
# Letters of Hangul that compose with the one before.
_JAMO = range(0x1100, 0x1200)
# A capital whose lower case depends on what stands around it.
_SIGMA = 0x3A3


class Characters(NamedTuple):
    """Classes of characters, and what becomes of letters.

    first: (256,) uint8, by a character's first byte. classes: (65536,) uint8, lower: (65536,) uint16, by
    code point. beyond: the class of all characters above. folds: whether letters become lower case.
    """

    first: npt.NDArray[np.uint8]
    classes: npt.NDArray[np.uint8]
    lower: npt.NDArray[np.uint16]
    beyond: int
    folds: bool


@functools.cache
def characters(tokenizer: str) -> Characters | None:
    """Return the tables of a tokeniser; None for one that has none."""
    if tokenizer not in ("words", "whitespace"):
        return None
    classes = np.empty(_BMP, dtype=np.uint8)
    lower = np.arange(_BMP, dtype=np.uint16)
    for code in range(_BMP):
        if tokenizer == "words":
            classes[code], lower[code] = _of_words(code)
        else:
            classes[code] = SEPARATOR if chr(code).isspace() else LETTER
    classes[0] = END
    first = np.full(256, LONGER, dtype=np.uint8)
    first[:128] = classes[:128]
    words = tokenizer == "words"
    return Characters(first, classes, lower, HARD if words else LETTER, words)


def _of_words(code: int) -> tuple[int, int]:
    """Return a character's class for `tokenise.words`, and what a letter becomes."""
    character = chr(code)
    if character in APOSTROPHES:
        return APOSTROPHE, code
    if unicodedata.category(character).startswith("M") or code in _JAMO or code == _SIGMA:
        return HARD, code
    if character in JOINERS or DROPPED.match(character):
        return HARD, code
    changed = lower_case(unicodedata.normalize("NFC", character))
    if len(changed) != 1 or ord(changed) >= _BMP or changed in APOSTROPHES:
        return HARD, code
    return (LETTER, ord(changed)) if changed.isalnum() else (SEPARATOR, code)
