"""Suggest words that are spelt like an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable

from fastw2v.messages.printable import plural

# Close words: at most this many candidates are compared letter by letter, the most frequent first.
_MOST_CANDIDATES = 20_000
_LONGEST_HINTED_WORD = 40


def unknown_word(word: Hashable, vocabulary: list[Hashable], meant: Hashable | None = None) -> str:
    """Return the sentence that says so, with the word that is meant, or close words where there are any."""
    if not vocabulary:
        return (
            f"{word!r:.57} is not in the vocabulary: there are no words yet. A model gets them by fit(corpus), "
            "KeyedVectors by add_vectors(words, vectors)."
        )
    close = ", ".join(close_words(word, vocabulary))
    hint = f" Close words: {close}" if close else ""
    if meant is not None:
        hint = f" Did you mean {meant!r}?"
    shown = repr(word) if len(repr(word)) <= 60 else f"{word!r:.57}..."
    return f"{shown} is not in the vocabulary of {plural(len(vocabulary), 'word')}.{hint}"


def close_words(word: Hashable, vocabulary: Iterable[Hashable], most: int = 3) -> list[str]:
    """Up to `most` words of the vocabulary spelt much like `word`; none for words that are not strings.

    Only words of about its length with the same first letter or the same last two are compared, and only the
    first 20,000 of those: a million words take a fraction of a second.
    """
    if not isinstance(word, str) or not 1 <= len(word) <= _LONGEST_HINTED_WORD:
        return []
    shortest, longest = len(word) - 3, len(word) + 3
    first, last = word[0].lower(), word[-2:].lower()
    candidates: list[str] = []
    for other in vocabulary:
        if isinstance(other, str) and shortest <= len(other) <= longest:
            lower = other.lower()
            if lower[:1] == first or lower[-2:] == last:
                candidates.append(other)
                if len(candidates) == _MOST_CANDIDATES:
                    break
    by_lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    return [by_lower[match] for match in difflib.get_close_matches(word.lower(), by_lower, n=most, cutoff=0.7)]
