"""Refuse iterables that are no corpus of token lists, naming what to pass instead.

Iterating a dict or a table gives its keys or columns, and iterating a text its letters: a model would be trained on
those. Libraries are known by the attributes of their tables and arrays; none is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from fastw2v.errors import UsageError, WrongTypeError

_INSTEAD = "pass a list of token lists, an object whose __iter__ starts anew each time, or the path of a file"
_MOST_NAMES = 8
# A class of anybody else's that has columns is taken for what it gives when it is iterated.
_LIBRARIES = frozenset({"pandas", "polars", "pyarrow", "datasets"})


def check_corpus(documents: Any) -> None:
    """Refuse what is no re-iterable of documents.

    Raises:
        WrongTypeError: it is a table, a mapping, a text or an iterator; the message says what to pass.
    """
    kind = type(documents).__name__
    if isinstance(documents, Mapping):
        raise WrongTypeError(
            f"A {kind} is iterated by its keys ({_names(documents)}), which are no documents; pass the token lists "
            "that it holds."
        )
    columns = _columns(documents)
    if columns is not None:
        raise WrongTypeError(
            f"A corpus of type {kind} is a table with the columns {_names(columns)}; pass the token lists of one of "
            f"them, for example [text.split() for text in corpus[{_likely(columns)!r}]]."
        )
    if isinstance(documents, set | frozenset):
        raise WrongTypeError(f"A {kind} has no order, and a corpus has one; {_INSTEAD}.")
    if isinstance(documents, bytes | bytearray | memoryview):
        raise WrongTypeError(f"A corpus of type {kind} is not a list of documents; {_INSTEAD}.")
    if hasattr(documents, "to_pylist"):  # pyarrow's arrays
        raise WrongTypeError(f"A corpus of type {kind} holds items of pyarrow's types; pass corpus.to_pylist().")
    try:
        one_shot = iter(documents) is documents
    except TypeError:
        raise WrongTypeError(f"A corpus of type {kind} cannot be iterated; {_INSTEAD}.") from None
    if one_shot:
        raise WrongTypeError(f"A corpus is read more than once, and a {kind} can be read only once; {_INSTEAD}.")


def check_document(number: int, document: Any) -> None:
    """Refuse what is no list of tokens.

    Raises:
        WrongTypeError: it is a mapping, a missing value or a text; the message has the document's number.
    """
    kind = type(document).__name__
    if isinstance(document, Mapping):
        _refuse_mapping(number, document, kind)
    if isinstance(document, str | bytes | bytearray | memoryview | set | frozenset):
        why = "has no order" if isinstance(document, set | frozenset) else "is not a list of tokens"
        raise WrongTypeError(f"Document {number} is a {kind}, which {why}; pass a list, for example text.split().")
    columns = _columns(document)
    if columns is not None:
        raise WrongTypeError(
            f"Document {number} is a {kind} with the columns {_names(columns)}; each document must be a list of tokens."
        )
    if hasattr(document, "to_pylist"):  # pyarrow's arrays
        raise WrongTypeError(f"Document {number} is a {kind} of pyarrow's; pass document.to_pylist().")
    if hasattr(document, "as_py"):  # pyarrow's scalars
        raise WrongTypeError(f"Document {number} is a {kind} of pyarrow's; pass document.as_py().")
    try:
        one_shot = iter(document) is document
    except TypeError:
        if is_missing(document):
            raise WrongTypeError(
                f"Document {number} is {_shown(document)}, a missing value; leave it out (pandas: dropna())."
            ) from None
        raise WrongTypeError(f"Document {number} is of type {kind}; each document must be a list of tokens.") from None
    if one_shot:
        raise WrongTypeError(f"Document {number} is a {kind}, which can be read only once; pass a list of tokens.")


def is_missing(item: Any) -> bool:
    """Whether the item stands for a value that is not there: None, NaN, pandas's NA and NaT."""
    if item is None:
        return True
    try:
        return bool(item != item)  # only NaN and its like differ from themselves
    except TypeError:  # NA is neither equal to itself nor not
        return True


def missing_item(number: int, position: int, item: Any) -> UsageError:
    """Return the error for an item that is a missing value."""
    return UsageError(
        f"Document {number}, item {position} is {_shown(item)}, a missing value, which would become a word; leave it "
        "out, or pass a word of your own for it."
    )


def undecoded_item(number: int, position: int, item: bytes) -> UsageError:
    """Return the error for an item of bytes, which equals no text, and which no model could be saved with."""
    return WrongTypeError(f"Document {number}, item {position} is bytes, {item!r:.40}; pass text: item.decode().")


def foreign_item(number: int, position: int, item: Any) -> UsageError:
    """Return the error for an item that is a scalar of pyarrow's, which no text equals."""
    kind = type(item).__name__
    return WrongTypeError(f"Document {number}, item {position} is a {kind} of pyarrow's; pass item.as_py().")


def unhashable(number: int, items: Iterable[Any]) -> UsageError:
    """Return the error for the first item that is not hashable."""
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


def _refuse_mapping(number: int, document: Mapping[Any, Any], kind: str) -> NoReturn:
    name = _likely([key for key, value in document.items() if isinstance(value, str | list)] or list(document))
    tokens = f"record[{name!r:.40}]" + ("" if isinstance(document.get(name), list) else ".split()")
    raise WrongTypeError(
        f"Document {number} is a {kind}, whose keys ({_names(document)}) would be its words; pass the tokens, for "
        f"example [{tokens} for record in corpus]."
    )


def _columns(table: Any) -> list[Any] | None:
    """Return the names of a table's columns; None: it is no table of a library that is known."""
    names = getattr(getattr(table, "dtype", None), "names", None)  # NumPy's records
    if names is None and _LIBRARIES.intersection(base.__module__.partition(".")[0] for base in type(table).__mro__):
        names = getattr(table, "column_names", None) or getattr(table, "columns", None)
    return None if names is None else list(names)


def _likely(names: Sequence[Any]) -> Any:
    """Return the name that most likely stands for text."""
    return "text" if "text" in names or not names else names[0]


def _names(names: Iterable[Any]) -> str:
    shown = [f"{name!r:.40}" for name in names]
    return ", ".join(shown[:_MOST_NAMES]) + (", ..." if len(shown) > _MOST_NAMES else "")


def _shown(item: Any) -> str:
    return "NaN" if isinstance(item, float) else f"{item!s:.40}"
