"""Words in the formats of other programs: UTF-8, without spaces.

One place for what may be written and how bytes that are not UTF-8 are taken.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from fastw2v.errors import DataError, EncodingError, UsageError

LONGEST_WORD = 65_536
# What gensim calls unicode_errors. The last keeps words apart that the two before it may make equal.
UNICODE_ERRORS = ("strict", "replace", "ignore", "backslashreplace")


def encoded_words(words: Iterable[Hashable]) -> list[bytes]:
    """Return the words as bytes; integers in decimal.

    Raises:
        DataError: a word that a file cannot hold (empty, with white space, not a str or int, or equal to another
            once written).
    """
    written: dict[bytes, Hashable] = {}
    for word in words:
        encoded = _encoded_word(word)
        if encoded in written:
            raise DataError(
                f"The items {written[encoded]!r:.60} and {word!r:.60} are one word once written as text; rename one."
            )
        written[encoded] = word
    return list(written)


def _encoded_word(word: Hashable) -> bytes:
    if isinstance(word, bool) or not isinstance(word, (str, int)):
        raise DataError(
            f"The item {word!r:.60} of type {type(word).__name__} cannot be written to a word2vec or GloVe file; "
            "words must be str or int."
        )
    if isinstance(word, int) and word.bit_length() > 10_000:  # Python itself writes no number of 4300 digits
        raise DataError("An integer of more than 3,000 digits cannot be written as a word.")
    text = str(word)
    # Readers differ in what they take for white space, so whatever Unicode calls so is refused.
    if text.split() != [text]:
        what = "contains white space" if text else "is empty"
        raise DataError(f"The word {text!r:.60} {what}, which word2vec and GloVe files cannot hold; 'New_York' can.")
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        raise DataError(f"The word {text!r:.60} is not valid Unicode and cannot be written as UTF-8.") from None
    if len(encoded) > LONGEST_WORD:
        raise DataError(f"The word {text!r:.60} is longer than {LONGEST_WORD:,} bytes.")
    return encoded


def check_unicode_errors(unicode_errors: str) -> None:
    """Raise UsageError where this is no way to take bytes that are not UTF-8."""
    if unicode_errors not in UNICODE_ERRORS:
        raise UsageError(f"unicode_errors must be {', '.join(UNICODE_ERRORS)}. Got {unicode_errors!r:.60}.")


def decoded_word(raw: bytes, unicode_errors: str, where: str) -> str:
    """Return a word read at `where`.

    Raises:
        EncodingError: it is not UTF-8 and `unicode_errors` is strict.
        DataError: nothing is left of it.
    """
    try:
        word = raw.decode("utf-8", unicode_errors)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"{where}: the word {raw[:40]!r} is not UTF-8, at its byte {error.start + 1:,}; "
            "unicode_errors='backslashreplace' would read it.",
            error,
        ) from None
    if not word:
        raise DataError(f"{where}: expected a word. Got {raw[:40]!r}, of which nothing is UTF-8.")
    return word
