"""Look up the row of a word of a test file, as written or normalised.

Ours: as the word is written, else as the vectors' corpus would have it: composed, in lower case (`spelling`). gensim's
`case_insensitive` compares upper-case forms, and of several words with one form takes the first; `GENSIM` does so here,
so that results can be held against gensim's.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastw2v.errors import UsageError
from fastw2v.vectors.keyed import WordVectors

_CASES = ("lower", "upper", "exact")


@dataclass(frozen=True)
class WordRules:
    """How words are found, and what becomes of those that are not.

    Attributes:
        case: "lower", as written, else as the corpus would have it, in lower case; "upper", by upper-case form, where
            words of one form count as the first of them (gensim's case_insensitive=True); "exact", as written (its
            False).
        restrict_vocab: only the first so many rows exist, by custom the most frequent words. gensim's default is
            300,000, ours all.
        dummy4unknown: a pair with an unknown word has cosine 0, a question with one is wrong, in place of being left
            out. gensim's name.
        float32: cosines of pairs are taken of unit vectors of float32, as gensim does, and rank by its rounding.

    Raises:
        UsageError: another case, or a number below 1.
    """

    case: str = "lower"
    restrict_vocab: int | None = None
    dummy4unknown: bool = False
    float32: bool = False

    def __post_init__(self) -> None:
        if self.case not in _CASES:
            raise UsageError(f"case must be one of {', '.join(_CASES)}. Got {self.case!r:.40}.")
        if self.restrict_vocab is not None and self.restrict_vocab < 1:
            raise UsageError(f"restrict_vocab must be an integer >= 1. Got {self.restrict_vocab!r}; 30000 would work.")


OURS = WordRules()
GENSIM = WordRules(case="upper", restrict_vocab=300_000, float32=True)


class WordRows:
    """Rows of words by some rules.

    Attributes:
        limit: how many rows there are to be found, and to be searched.
        variants: row of the first word of an upper-case form -> rows of the others of that form; only for "upper".
    """

    def __init__(self, vectors: WordVectors, rules: WordRules = OURS) -> None:
        self.limit = min(rules.restrict_vocab or len(vectors), len(vectors))
        self.variants: dict[int, list[int]] = {}
        self._case = rules.case
        self._vectors = vectors
        self._rows: Mapping[Hashable, int] = vectors.key_to_index
        if rules.case == "upper":
            self._rows = dict(self._upper_forms(vectors))

    def find(self, word: str) -> int | None:
        """Row of the word, or None."""
        row = self._rows.get(word.upper() if self._case == "upper" else word)
        if row is None and self._case == "lower" and (known := self._vectors.known_as(word)) is not None:
            row = self._rows[known]
        return row if row is None or row < self.limit else None

    def _upper_forms(self, vectors: WordVectors) -> Iterator[tuple[str, int]]:
        first: dict[str, int] = {}
        for row, word in enumerate(vectors.index_to_key[: self.limit]):
            if isinstance(word, str):  # items may be numbers
                form = word.upper()
                if form in first:
                    self.variants.setdefault(first[form], []).append(row)
                else:
                    first[form] = row
                    yield form, row


def respelling(name: str, vectors: WordVectors, words: Iterable[str]) -> str | None:
    """Return what to say of a set's words that are found in another spelling, where nothing records the corpus's own.

    None: there are none, or the vectors' tokeniser is known to lower-case.
    """
    if vectors.tokenizer == "words":
        return None
    found = sorted(word for word in set(words) if word not in vectors and vectors.known_as(word) not in (None, word))
    if not found:
        return None
    count = f"{len(found):,} words are" if len(found) > 1 else "1 word is"
    return (
        f"{name}: {count} not in the vocabulary as written and found in lower case or composed, such as {found[0]!r}."
    )
