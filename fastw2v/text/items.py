"""Token lists made in Python as a corpus: sessions, walks, text tokenised elsewhere.

Knows limits and the errors.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from fastw2v.errors import UsageError
from fastw2v.text.limits import Limit

_INSTEAD = "pass a list of token lists, an object whose __iter__ starts anew each time, or the path of a file"


class ItemCorpus:
    """Documents of any hashable items, from a re-iterable of lists of them.

    Raises:
        UsageError: it can be iterated only once, or the limit is in bytes; while iterating: a document is a
            str, has no order or can be iterated only once, or an item is not hashable.
    """

    name = "token lists"
    documents_mode = "list"
    bytes_read = 0
    total_bytes = None

    def __init__(self, documents: Iterable[Iterable[Hashable]], limit: Limit | None = None) -> None:
        try:
            one_shot = iter(documents) is documents
        except TypeError:
            raise UsageError(f"A corpus of type {type(documents).__name__} cannot be iterated; {_INSTEAD}.") from None
        if one_shot:
            kind = type(documents).__name__
            raise UsageError(f"A corpus is read more than once, and a {kind} can be read only once; {_INSTEAD}.")
        if limit is not None and limit.bytes is not None:
            raise UsageError(f"Token lists have no size in bytes. Got limit {limit}; 100000docs works.")
        self._documents = documents
        self._limit = limit or Limit()

    def __iter__(self) -> Iterator[list[Hashable]]:
        for number, document in enumerate(itertools.islice(self._documents, self._limit.docs)):
            yield _checked(number, document)

    def describe(self) -> dict[str, str | None]:
        """What a model records of its corpus."""
        return {"source": "items", "documents": self.documents_mode, "limit": str(self._limit) or None}


def _checked(number: int, document: Any) -> list[Hashable]:
    kind = type(document).__name__
    if isinstance(document, str | bytes | set | frozenset):
        why = "has no order" if isinstance(document, set | frozenset) else "is not a list of tokens"
        raise UsageError(f"Document {number} is a {kind}, which {why}; pass a list, for example text.split().")
    try:
        one_shot = iter(document) is document
    except TypeError:
        raise UsageError(f"Document {number} is of type {kind}; each document must be a list of tokens.") from None
    if one_shot:
        raise UsageError(f"Document {number} is a {kind}, which can be read only once; pass a list of tokens.")
    items = list(document)
    try:
        frozenset(items)
    except TypeError:
        raise _unhashable(number, items) from None
    return items


def _unhashable(number: int, items: list[Any]) -> UsageError:
    for position, item in enumerate(items):
        try:
            hash(item)
        except TypeError:
            kind = type(item).__name__
            return UsageError(
                f"Document {number}, item {position} is a {kind}, which is not hashable; items may be "
                "strings, numbers or tuples."
            )
    return UsageError(f"Document {number} has items that cannot be compared; items may be strings, numbers or tuples.")
