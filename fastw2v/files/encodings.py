"""Encodings of text: their names, and the byte order marks at a file's start."""

from __future__ import annotations

import codecs
import difflib
import encodings.aliases

from fastw2v.errors import UsageError

UTF8 = "utf-8"
WHAT = "the name of one of Python's text encodings, such as cp1252"
# The longer ones first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, UTF8),
)
LONGEST_MARK = 4
# Of names that are as close, these are meant.
_USUAL = ("utf_8", "cp1252", "latin_1")
# What Windows calls its encodings.
_ON_WINDOWS = {"ansi": "cp1252", "unicode": "utf_16", "oem": "cp850"}


def canonical(name: str) -> str | None:
    """Return Python's own name of a text encoding, None where it has none of that name: utf8 is utf-8."""
    try:
        found = codecs.lookup(name).name
        b"a".decode(name)  # not every codec is one of text
    except UnicodeDecodeError:  # of two bytes a letter, for example
        return found
    except (LookupError, ValueError):  # none of that name, or, as "undefined", one that decodes nothing
        return None
    return UTF8 if found == "utf-8-sig" else found


def did_you_mean(name: object) -> str:
    """Return words in brackets that name the encoding spelt most like this one, if any is."""
    if not isinstance(name, str):
        return ""
    known = {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}
    spelt = {form: form.replace("_", "-") for form in known if canonical(form)}
    plain = name.lower().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(plain, spelt, n=8)
    meant = next((form for form in _USUAL if form in close), *close[:1]) if close else None
    meant = _ON_WINDOWS.get(plain, meant)
    return f" (did you mean {spelt[meant]!r}?)" if meant else ""


def known_encoding(name: object) -> str:
    """Return Python's own name of an encoding.

    Raises:
        UsageError: it has none of that name.
    """
    found = canonical(name) if isinstance(name, str) else None
    if found is None:
        raise UsageError(f"encoding must be {WHAT}. Got {name!r:.60}{did_you_mean(name)}; the default is {UTF8!r}.")
    return found


def marked(start: bytes) -> str | None:
    """Return the encoding that a byte order mark at a file's start names."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)
