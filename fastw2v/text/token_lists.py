"""Token lists from Python as a corpus: sessions, walks, tokenised text."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from fastw2v.errors import UsageError
from fastw2v.text import refusals
from fastw2v.text.limits import Limit

# Types of which no item is a missing value; where there are others, all are looked at.
_PLAIN = frozenset({str, int, tuple})


class ItemCorpus:
    """Documents of any hashable items, from a re-iterable of lists of them.

    Raises:
        UsageError: it is a dict or a table, has no order, can be iterated only once, or the limit is in bytes; while
            iterating: a document is so or is a str, or an item is not hashable, is bytes,
            or is None or NaN.
    """

    name = "token lists"
    documents_mode = "list"
    bytes_read = 0
    total_bytes = None

    def __init__(self, documents: Iterable[Iterable[Hashable]], limit: Limit | None = None) -> None:
        refusals.check_corpus(documents)
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
    if type(document) not in (list, tuple):
        refusals.check_document(number, document)
    items = list(document)
    try:
        distinct = frozenset(items)
    except TypeError:
        raise refusals.unhashable(number, items) from None
    if not _PLAIN.issuperset(map(type, distinct)):
        for position, item in enumerate(items):
            if refusals.is_missing(item):
                raise refusals.missing_item(number, position, item)
            if isinstance(item, bytes):
                raise refusals.undecoded_item(number, position, item)
            if hasattr(item, "as_py"):  # pyarrow's scalars
                raise refusals.foreign_item(number, position, item)
    return items
