"""Guess the encoding of bytes, for error messages only."""

from __future__ import annotations

import codecs
import itertools
import re
from typing import NamedTuple

from fastw2v.files.encodings import UTF8


def likely_encoding(data: bytes) -> str | None:
    """Return the encoding that a sample of text is most likely in, judged by the letters that it would hold.

    "utf-8": nearly all of it is that. None: nothing fits. A character may be cut at the sample's end.
    """
    if b"\0" in data:
        return _wide(data)
    good, bad = _utf8_counts(data)
    if good > bad:
        return UTF8
    for candidate in _SEVERAL_BYTES:
        if _share(data, candidate) >= candidate.least:
            return candidate.name
    shares = {candidate.name: _share(data, candidate) for candidate in _ONE_BYTE}
    best = max(shares, key=lambda name: shares[name])
    least = next(candidate.least for candidate in _ONE_BYTE if candidate.name == best)
    return best if shares[best] >= least else None


class _Candidate(NamedTuple):
    """An encoding, the characters that text in it is made of, and the least share of them that makes it likely.

    `latin`: they stand beside letters of ASCII in the same word; those of other scripts do not.
    """

    name: str
    frequent: frozenset[str]
    least: float
    latin: bool = False


def _span(*ranges: tuple[str, str]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(ord(first), ord(last) + 1))


_MARKS_OF_SENTENCES = "–—‘’“”„«»…•€£§°"
# Without õ and û: in Hungarian text, which is cp1250, these two would be ő and ű.
_WESTERN = "äöüßéèêëàâáãåæçñóôòøúùíîïìœÄÖÜÉÈÀÇÑÅÆØÓÚÁÍ¿¡ºª" + _MARKS_OF_SENTENCES
_CENTRAL = "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäßăâîşţđĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰÖÜ" + _MARKS_OF_SENTENCES
_TURKISH = "çğıöşüâîÇĞİÖŞÜ" + _MARKS_OF_SENTENCES
_CYRILLIC = _span(("а", "я")) + "ёіїєґў" + _MARKS_OF_SENTENCES
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ" + _MARKS_OF_SENTENCES
_KANA = _span(("ぁ", "ん"), ("ァ", "ー")) + "、。「」"
# The most frequent characters of modern Chinese, and its punctuation.
_HAN = (
    "，。、：；！？“”（）的一是不了在人有我他中大上以到地你下就出要可也而子自之生能好看天如都把想"
    "后里去多小心本用日道作些没"
)
_SIMPLE = "这个们来说为时会对过学么国发经着动进开样家还当问两长无见点现前实"
_TRADITIONAL = "這個們來說為時會對過學麼國發經著動進開樣家還當問兩長無見點現前實後裡沒，。、：；！？「」"

# Those of several bytes first: text of one byte a letter can hardly be read as any of them.
_SEVERAL_BYTES = (
    _Candidate("euc_jp", frozenset(_KANA), 0.25),
    _Candidate("cp932", frozenset(_KANA), 0.25),
    _Candidate("cp949", frozenset(_span(("가", "힣"))), 0.85),
    _Candidate("gb18030", frozenset(_HAN + _SIMPLE), 0.2),
    _Candidate("big5", frozenset(_HAN + _TRADITIONAL), 0.2),
)
# Of equal shares the first counts: cp1252 holds all that ISO 8859-1 (Latin-1) has.
_ONE_BYTE = (
    _Candidate("cp1252", frozenset(_WESTERN), 0.5, latin=True),
    _Candidate("cp1250", frozenset(_CENTRAL), 0.7, latin=True),
    _Candidate("cp1254", frozenset(_TURKISH), 0.7, latin=True),
    _Candidate("mac-roman", frozenset(_WESTERN), 0.7, latin=True),
    _Candidate("cp850", frozenset(_WESTERN), 0.7, latin=True),
    _Candidate("iso8859-2", frozenset(_CENTRAL), 0.7, latin=True),
    # Before cp1251, which has letters at the same places.
    _Candidate("cp1255", frozenset(_span(("א", "ת"))), 0.6),
    _Candidate("cp1251", frozenset(_CYRILLIC), 0.6),
    _Candidate("koi8-r", frozenset(_CYRILLIC), 0.6),
    _Candidate("cp866", frozenset(_CYRILLIC), 0.6),
    _Candidate("cp1253", frozenset(_GREEK), 0.6),
    _Candidate("cp1256", frozenset(_span(("ء", "ي")) + "،؟"), 0.6),
    _Candidate("cp874", frozenset(_span(("ก", "ฺ"), ("เ", "๎"))), 0.6),
)
_BESIDE_ASCII = re.compile(r"(?:(?<=[a-zA-Z])[^\W\d_a-zA-Z]|[^\W\d_a-zA-Z](?=[a-zA-Z]))")
_OTHER_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
# Of letters beyond ASCII: so many stand beside one of ASCII in Latin scripts, and fewer in others.
_BESIDE = 0.3
_LEAST_NULS = 4


def _share(data: bytes, candidate: _Candidate) -> float:
    """Return how many of the characters beyond ASCII are frequent ones, 0 where the bytes are no such text."""
    try:
        text = codecs.getincrementaldecoder(candidate.name)().decode(data)
    except UnicodeError:
        return 0.0
    beyond = [character for character in text if character > "\x7f"]
    if any("\x80" <= character < "\xa0" for character in beyond):  # controls, which no text has
        return 0.0
    letters = len(_OTHER_LETTER.findall(text))
    if not beyond or (letters and (len(_BESIDE_ASCII.findall(text)) >= _BESIDE * letters) != candidate.latin):
        return 0.0
    misplaced = sum(_is_misplaced(one, two) for one, two in itertools.pairwise(text))
    return (sum(character in candidate.frequent for character in beyond) - misplaced) / len(beyond)


def _is_misplaced(one: str, two: str) -> bool:
    """Whether the second letter cannot follow the first: a capital inside a word, any after Hebrew's final letters."""
    return (one.islower() and two > "\x7f" and two.isupper()) or (one in "ךםןףץ" and two.isalpha())


def _utf8_counts(data: bytes) -> tuple[int, int]:
    """Return the characters beyond ASCII that are valid UTF-8, and the bytes that are not."""
    text = data.decode(UTF8, "ignore")
    size = len(text.encode())
    return len(text) - sum(map(str.isascii, text)), len(data) - size


def _wide(data: bytes) -> str | None:
    """Return which of UTF-16 and UTF-32 text without a mark is, by where its NULs are: of English, half the bytes."""
    if data.count(0) < _LEAST_NULS:
        return None
    whole = data[: len(data) - len(data) % 4]
    first, second, third, fourth = (whole[place::4].count(0) * 4 / max(1, len(whole)) for place in range(4))
    shares = {
        "utf-32-le": min(third, fourth) if first < 0.5 else 0,
        "utf-32-be": min(first, second) if fourth < 0.5 else 0,
        "utf-16-le": (second + fourth) / 2 if first + third < 0.1 else 0,
        "utf-16-be": (first + third) / 2 if second + fourth < 0.1 else 0,
    }
    likely = (name for name, share in shares.items() if share > (0.9 if "32" in name else 0.05))
    return next((name for name in likely if _decodes(whole, name)), None)


def _decodes(data: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(data)
    except UnicodeError:
        return False
    return True
