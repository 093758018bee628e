"""Token lists made in Python as a corpus: sessions, walks, text tokenised elsewhere.

Knows limits, what is refused (`refusals`) and the errors.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from fastw2v.errors import UsageError
from fastw2v.text import refusals
from fastw2v.text.limits import Limit

# Types of which no item is a missing value, and which are kept as they are; any other type is looked at item by item.
_PLAIN = frozenset({str, int, tuple})


class ItemCorpus:
    """Documents of any hashable items, from a re-iterable of lists of them.

    NumPy's scalars become Python's, so that a model can be saved with them.

    Raises:
        UsageError: it is a dict or a table, has no order, can be iterated only once, or the limit is in bytes; while
            iterating: a document is so or is a str, or an item is not hashable or is None or NaN.
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
    if _PLAIN.issuperset(map(type, distinct)):
        return items
    return [_plain(number, position, item) for position, item in enumerate(items)]


def _plain(number: int, position: int, item: Any) -> Hashable:
    """Return the item, as Python's own type where it is a scalar of another library's."""
    if refusals.is_missing(item):
        raise refusals.missing_item(number, position, item)
    # NumPy's and PyTorch's scalars have both.
    if hasattr(item, "dtype") and hasattr(item, "item"):
        plain: Hashable = item.item()
        return plain
    return item  # type: ignore[no-any-return]
