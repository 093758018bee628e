"""Tokenisers: from a document to its tokens.

`words` is the default, and one regular expression says what a word is, over text in Unicode's composed form (NFC, so
that both spellings of é are one word):

    WORD  =  PART (' MARK* PART)*
    PART  =  a letter or digit, then any number of letters, digits and MARKs
    MARK  =  a combining mark, or one of the joiners U+200C, U+200D and U+180E

- Letters and digits are Unicode's, so 1990 is a word, and 3.14 is two. - An apostrophe between two parts joins them:
don't. At a word's edge it is dropped: dogs' gives dogs. The curly U+2019 and the letter U+02BC are taken for the
straight one, so don’t and don't are the same word. - Each word is lower-cased by itself: what stands around it changes
nothing, in Greek neither. The capital İ becomes i, as in Turkish; so does an i with a dot above, which is how Python
writes the lower case of İ. - Joiners choose the shape of letters (Sinhala, Bengali, Malayalam, Persian, Mongolian):
they stay as they are. - What is invisible and says nothing about letters is dropped wherever it stands (`DROPPED`):
soft hyphens, word joiners, byte order marks, marks of direction. - Everything else separates: the underscore, hyphens,
the zero-width space U+200B. - A run of Chinese, Japanese or Thai letters is one word: no dictionary is used. Cut such
text into words beforehand and choose `whitespace`, or give a function.

No word is cut where Unicode's word boundaries (UAX #29, https://www.unicode.org/reports/tr29/, rule WB4) see none
because of a joiner, a mark or a dropped character. `fastw2v.corpus.scan_kernels` is the compiled twin.

`whitespace` splits at white space and changes nothing else; text tokenised beforehand keeps its tokens.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from fastw2v.errors import UsageError

Tokeniser = Callable[[str], list[str]]

# Raised whenever `words` cuts text otherwise. 1: cut words at joiners and soft hyphens, kept the dot of İ.
VERSION = 2

# All are taken for the first one.
APOSTROPHES = "'\u2019\u02bc"
# Zero-width non-joiner and joiner, Mongolian vowel separator; variation selectors are combining marks.
JOINERS = "\u200c\u200d\u180e"
# Soft hyphen, word joiner and invisible operators, byte order mark; marks, embeddings and isolates of direction.
DROPPED = re.compile("[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
# What `str.lower` makes of İ, also where more marks follow.
_DOTTED_I = re.compile("i\u0307+")
# What stands between ASCII characters that are in no word: most runs are ASCII, also in a line that is not.
_RUN = re.compile(r"[0-9A-Za-z'\x80-\U0010ffff]+")
# WORD where the text is ASCII, the usual case in English: 8 million words/s, the full one 5 million.
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_LAST_MARK = 0x1FFFF
_VARIATION_SELECTORS = range(0xE0100, 0xE01F0)


@functools.cache
def word_pattern() -> re.Pattern[str]:
    r"""WORD, for text without underscores: `\w` would take them for letters (`words` cuts there).

    Made when the first text that is not ASCII comes by: to look up all combining marks takes about 10 ms.
    """
    # Letters, then marks and letters. To look for marks only where no ASCII character follows, as one does at
    # almost every word's end, made this 1.5 times as fast.
    mark = rf"(?![\x00-\x7f])[{JOINERS}{_combining_marks()}]"
    part = rf"\w+(?:{mark}+\w*)*"
    return re.compile(rf"{part}(?:'(?:{mark})*{part})*")


def _combining_marks() -> str:
    """The characters of category M as ranges of a character class."""
    codes = [code for code in range(0x300, _LAST_MARK + 1) if unicodedata.category(chr(code)).startswith("M")]
    codes += _VARIATION_SELECTORS
    # Neighbours in a run have the same difference from their rank.
    runs: dict[int, list[int]] = {}
    for rank, code in enumerate(codes):
        runs.setdefault(code - rank, []).append(code)
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs.values())


def words(text: str) -> list[str]:
    """The words of `text`, in order, as the module's head defines them."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return list(itertools.chain.from_iterable(map(_words_of_run, _RUN.findall(text))))


def _words_of_run(run: str) -> list[str]:
    if run.isascii():
        return _ASCII_WORD.findall(run.lower())
    return [lower_case(word) for word in word_pattern().findall(_composed(run))]


def _composed(text: str) -> str:
    """Drop what is dropped, compose, and make apostrophes straight."""
    text = unicodedata.normalize("NFC", DROPPED.sub("", text))
    for apostrophe in APOSTROPHES[1:]:
        text = text.replace(apostrophe, APOSTROPHES[0])
    return text


def lower_case(word: str) -> str:
    """The lower case of a composed word, composed."""
    word = word.lower()
    if "\u0307" in word:
        word = _DOTTED_I.sub("i", word)
    return unicodedata.normalize("NFC", word)


def normalise_word(word: str, tokenizer: str) -> str:
    """`word` with its characters as a corpus of this tokeniser has them, but not cut: `words` or `whitespace`.

    For words that are asked for. `words` composes them, drops soft hyphens and other invisible characters, makes
    apostrophes straight and letters small; `whitespace`, and any name that is not known, changes nothing.
    """
    return lower_case(_composed(word)) if tokenizer == "words" else word


TOKENISERS: Mapping[str, Tokeniser] = MappingProxyType({"words": words, "whitespace": str.split})


def tokeniser(choice: str | Tokeniser) -> Tokeniser:
    """The tokeniser of that name, or the callable itself (text to a list of tokens).

    Raises:
        UsageError: no such name.
    """
    if callable(choice):
        return choice
    try:
        return TOKENISERS[choice]
    except (KeyError, TypeError):
        raise UsageError(
            f"tokenizer must be {' or '.join(TOKENISERS)}, or a function from a text to a list of tokens. "
            f"Got {choice!r}; 'words' is the default."
        ) from None
