"""Find the vocabulary's spelling of a word that was typed or stands in an evaluation file.

An exact match wins. Else the word is looked for as a corpus would have it: composed (NFC), with straight apostrophes,
without soft hyphens, in lower case. A custom tokeniser may have kept any of these, so its words are matched exactly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Hashable

from fastw2v.text.tokenise import TOKENISERS, normalise_word

# The longest that Python turns from digits into an integer without a limit of its own is far above.
_NUMBER = re.compile(r"-?[0-9]{1,18}")


def find(vocabulary: Collection[Hashable], word: Hashable, tokenizer: str | None) -> Hashable | None:
    """Return the word of the vocabulary that `word` means; None: there is none.

    Args:
        vocabulary: what is looked in; a set or a dict.
        word: a text also finds the integer that it writes.
        tokenizer: the name of the tokeniser that cut the corpus; None: not known, as for a file of vectors.
    """
    if word in vocabulary:
        return word
    if not isinstance(word, str):
        return None
    if _NUMBER.fullmatch(word) and int(word) in vocabulary:
        return int(word)
    return next((form for form in _forms(word, tokenizer) if form in vocabulary), None)


def _forms(word: str, tokenizer: str | None) -> list[str]:
    if tokenizer is not None and tokenizer not in TOKENISERS:
        return []
    composed = unicodedata.normalize("NFC", word)
    # Python's own lower case of U+0130 differs from the tokeniser's, and files of vectors have it.
    return [composed, normalise_word(word, "words"), composed.lower()]
