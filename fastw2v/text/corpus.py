"""Corpora: re-iterable sources that yield one token list per document.

Three kinds: text from files (`TextCorpus`), the built-in stories (`StoriesCorpus`), token lists made in
Python (`token_lists.ItemCorpus`). `open_corpus` tells them apart.
"""

from __future__ import annotations

import functools
import itertools
import logging
import os
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, AnyStr, Protocol

from fastw2v.errors import DataError, UsageError
from fastw2v.files.encodings import UTF8, known_encoding
from fastw2v.messages.callers import by_caller
from fastw2v.text import tokens
from fastw2v.text.documents import DOCUMENT_MODES, DocumentStream
from fastw2v.text.limits import Limit, parse_limit
from fastw2v.text.notes import Note, said
from fastw2v.text.pieces import to_pieces
from fastw2v.text.records import FIELD, holds_tokens
from fastw2v.text.sources import ARROW, PARQUET, TEXT, find_sources
from fastw2v.text.token_lists import ItemCorpus
from fastw2v.text.tokenise import Tokeniser, tokeniser
from fastw2v.text.transcoding import Decoding

logger = logging.getLogger(__name__)

ENCODING_ERRORS = ("strict", "replace")
AnyPath = str | os.PathLike[str]


class Corpus(Protocol):
    """A re-iterable of documents, each a sequence of hashable items."""

    @property
    def name(self) -> str:
        """What to call it when printing."""

    @property
    def documents_mode(self) -> str:
        """What a document is, with "auto" resolved once iteration has begun."""

    @property
    def bytes_read(self) -> int:
        """Decompressed bytes read so far by the latest iteration; 0 for token lists."""

    @property
    def total_bytes(self) -> int | None:
        """What `bytes_read` will come to at most; None where that is not known before."""

    def __iter__(self) -> Iterator[Sequence[Hashable]]: ...

    def describe(self) -> dict[str, str | None]:
        """What a model records of its corpus: how it was read, without paths."""


class TextCorpus:
    """The documents of files, directories or standard input, tokenised.

    Args:
        paths: see `sources.find_sources`.
        documents: one of `DOCUMENT_MODES`, for text; see `documents`.
        limit: how much to read; see `limits`.
        encoding_errors: "strict" or "replace", for bytes that are not in the encoding.
        tokenizer: a name in `TOKENISERS` or a function from a text to a list of tokens.
        field: which field or column of records holds the text; see `records`.
        encoding: of text and JSON lines, one of Python's; files with a byte order mark are in what that names.

    Raises:
        UsageError: a setting is not one of its values or does not apply to these files, or a path is not there.
        DataError: a directory has no text; while iterating: see `DocumentStream`, the sources are empty, or
            standard input is iterated again.
        MissingExtraError: while iterating: a library that a file needs is not installed.

    Examples:
        >>> from fastw2v import TextCorpus
        >>> corpus = TextCorpus(["corpus.txt"], tokenizer=str.split)
        >>> next(iter(corpus))[:3]
        ['the', 'dog', 'ran']
    """

    def __init__(
        self,
        paths: Sequence[AnyPath],
        *,
        documents: str = "auto",
        limit: Limit | str | None = None,
        encoding_errors: str = "strict",
        tokenizer: str | Tokeniser = "words",
        field: str = FIELD,
        encoding: str = UTF8,
    ) -> None:
        _check_choice("documents", documents, DOCUMENT_MODES)
        _check_choice("encoding_errors", encoding_errors, ENCODING_ERRORS)
        self._limit = parse_limit(limit) if isinstance(limit, str) else limit
        self._given_tokenizer = tokenizer
        tokeniser(tokenizer)
        self._encoding_errors = encoding_errors
        self._encoding = known_encoding(encoding)
        left_out: list[str] = []
        self.sources = find_sources(paths, left_out, self._encoding)
        for sentence in left_out:
            logger.warning("%s", sentence)
        self._field = field
        is_text = [source.format == TEXT for source in self.sources]
        self._has_records = not (is_text and all(is_text))  # a saved dataset may have no files at all
        if not self._has_records:
            _check_unused("text", field=(field, FIELD))
        if not any(is_text):
            _check_unused("records", documents=(documents, "auto"))
            documents = "record"
        if self.sources and all(source.format in (PARQUET, ARROW) for source in self.sources):
            _check_unused("Parquet and datasets, which are UTF-8", encoding=(self._encoding, UTF8))
        names = [os.fspath(path) for path in paths]
        self.name = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]
        if names == ["-"]:
            self.name = self.sources[0].name
        self._documents = documents
        self._stream = self._new_stream(as_tokens=False)
        self._iterations = 0

    def _new_stream(self, as_tokens: bool) -> DocumentStream:
        how = Decoding(self._encoding, self._encoding_errors, several=len(self.sources) > 1)
        return DocumentStream(self.sources, self._documents, self._limit, how, self._field, as_tokens)

    @functools.cached_property
    def holds_tokens(self) -> bool:
        """Whether the documents are records that hold lists of tokens: they are taken as they are.

        Raises:
            DataError: some sources hold them, others text.
        """
        records = {
            source.name: None if source.once else holds_tokens(source, self._field, self._encoding)
            for source in self.sources
            if source.format != TEXT
        }
        lists = [name for name, found in records.items() if found]
        if not lists:
            return False
        texts = [source.name for source in self.sources if records.get(source.name, False) is False]
        if texts:
            raise DataError(
                f"{lists[0]} holds lists of tokens, and {texts[0]} text; encode or train on the two separately."
            )
        return True

    @property
    def tokenizer(self) -> str | Tokeniser:
        """What cuts a document into words: the name or function given, or what cuts lists of tokens apart."""
        return tokens.cut if self.holds_tokens else self._given_tokenizer

    def __iter__(self) -> Iterator[list[str]]:
        tokenise = tokeniser(self.tokenizer)
        for document in self._read(DocumentStream.__iter__):
            yield tokenise(document)

    def pieces(self) -> Iterator[bytes]:
        """Give the same documents, not tokenised, as pieces of a megabyte or two of UTF-8; NUL ends a document.

        Text is cut at white space only, and where it is cut depends on the files alone. Documents without tokens are
        there too; those with only white space are there or not.
        """
        yield from self._read(DocumentStream.pieces)

    def _read(self, way: Callable[[DocumentStream], Iterator[AnyStr]]) -> Iterator[AnyStr]:
        once = [source.name for source in self.sources if source.once]
        if once and self._iterations:
            raise DataError(f"{once[0]} can be read only once; save it to a file and pass that.")
        self._iterations += 1
        self._stream = stream = self._new_stream(self.holds_tokens)
        if self.holds_tokens and self._given_tokenizer != "words":
            stream.notes.ignores_tokenizer()
        yield from way(stream)
        if stream.bytes_read == 0 and self._has_records:
            nulls = f": {stream.notes.nulls:,} of its texts are null" if stream.notes.nulls else ""
            raise DataError(f"{self.name} has no documents{nulls}; pass a file with records.")
        if stream.bytes_read == 0:
            raise DataError(f"{self.name} is empty (0 bytes); pass a file with text.")

    @property
    def documents_mode(self) -> str:
        """What a document is; "auto" is resolved as files are read, "mixed" where they differ; "record" if all are."""
        return self._stream.mode

    @property
    def bytes_read(self) -> int:
        """Decompressed bytes read by the latest iteration."""
        return self._stream.bytes_read

    @property
    def total_bytes(self) -> int | None:
        """Bytes there are to read, at most the limit's; None if a source is compressed, records, a pipe, not UTF-8."""
        sizes = [source.size for source in self.sources if source.size is not None]
        if len(sizes) < len(self.sources) or self._encoding != UTF8:
            return None
        return sum(sizes) if self._limit is None else min(sum(sizes), self._limit.bytes or sum(sizes))

    def notes(self, documents: int) -> list[str]:
        """Return what is to be said of the latest iteration, which gave so many documents: a sentence each."""
        return [said(note) for note in self.recorded_notes(documents)]

    def recorded_notes(self, documents: int) -> list[Note]:
        """Return the same as it is kept with a corpus; see `notes.said`."""
        return self._stream.notes.recorded(documents, self.bytes_read, self.documents_mode)

    def describe(self) -> dict[str, str | None]:
        """What a model records of its corpus: how it was read, without paths."""
        description = {
            "source": "text",
            "documents": self.documents_mode,
            "limit": _shown(self._limit),
            "tokenizer": tokens.NAME if self.holds_tokens else _name_of(self._given_tokenizer),
            "encoding_errors": self._encoding_errors,
        }
        if self._encoding != UTF8:
            description["encoding"] = self._encoding
        return {**description, "field": self._field} if self._has_records else description


class StoriesCorpus:
    """The built-in stories, made up as they are read: 2 million words, or as many as the limit allows.

    A story counts as its UTF-8 bytes and one line end; the one that reaches the limit is the last.

    Raises:
        UsageError: `limit` or `tokenizer` is not one of its values.
    """

    name = "the built-in stories"
    documents_mode = "story"

    def __init__(self, limit: Limit | str | None = None, seed: int = 1, tokenizer: str | Tokeniser = "words") -> None:
        self._limit = parse_limit(limit) if isinstance(limit, str) else limit
        self._seed = seed
        self.tokenizer = tokenizer
        self._tokenise = tokeniser(tokenizer)
        self._tokeniser_name = _name_of(tokenizer)
        self.bytes_read = 0

    def __iter__(self) -> Iterator[list[str]]:
        return map(self._tokenise, self._stories())

    def pieces(self) -> Iterator[bytes]:
        """Give the same stories, not tokenised, as pieces of a megabyte or two of UTF-8; NUL ends a story."""
        return to_pieces([story, ""] for story in self._stories())

    def _stories(self) -> Iterator[str]:
        # Imported here: the stories are a room of their own, and a user's text does not need them.
        from fastw2v.stories import DEFAULT_WORDS, generate

        limit = self._limit or Limit()
        stories = generate(DEFAULT_WORDS if self._limit is None else None, seed=self._seed)
        self.bytes_read = 0
        for story in itertools.islice(stories, limit.docs):
            if limit.bytes is not None and self.bytes_read >= limit.bytes:
                return
            self.bytes_read += len(story.encode()) + 1
            yield story

    @property
    def total_bytes(self) -> int | None:
        """The limit, if it is in bytes."""
        return None if self._limit is None else self._limit.bytes

    def describe(self) -> dict[str, str | None]:
        """What a model records of its corpus."""
        return {
            "source": "stories",
            "documents": self.documents_mode,
            "limit": _shown(self._limit),
            "tokenizer": self._tokeniser_name,
            "seed": str(self._seed),
        }


def open_corpus(
    corpus: Any = None,
    *,
    documents: str = "auto",
    limit: Limit | str | None = None,
    encoding_errors: str = "strict",
    tokenizer: str | Tokeniser = "words",
    field: str = FIELD,
    encoding: str = UTF8,
) -> Corpus:
    """The corpus that `corpus` stands for.

    Args:
        corpus: None for the built-in stories; a path, or a list or tuple of only paths (str or os.PathLike); a
            `TextCorpus` or `StoriesCorpus`, to which nothing else applies; anything else must be a re-iterable of
            token lists, to which only a limit in documents applies.
        documents: see `TextCorpus`, like those that follow.
        limit: how much of it to take.
        encoding_errors: for text files.
        tokenizer: for text files and stories.
        field: for records.
        encoding: for text files and JSON lines.

    Raises:
        UsageError: see the three kinds of corpus; also where a setting does not apply to this kind.
        DataError: see `TextCorpus`.
    """
    parsed = parse_limit(limit) if isinstance(limit, str) else limit
    of_files: dict[str, tuple[object, object]] = {
        "documents": (documents, "auto"),
        "field": (field, FIELD),
        "encoding": (known_encoding(encoding), UTF8),
        "encoding_errors": (encoding_errors, "strict"),
    }
    if corpus is None:
        _check_unused("the built-in stories", **of_files)
        return StoriesCorpus(parsed, tokenizer=tokenizer)
    if isinstance(corpus, TextCorpus | StoriesCorpus):
        _check_unused("a corpus that is open", **of_files, tokenizer=(tokenizer, "words"), limit=(limit, None))
        return corpus
    paths = _as_paths(corpus)
    if paths is None:
        _check_unused("token lists", **of_files, tokenizer=(tokenizer, "words"))
        return ItemCorpus(corpus, parsed)
    try:
        return TextCorpus(
            paths,
            documents=documents,
            limit=parsed,
            encoding_errors=encoding_errors,
            tokenizer=tokenizer,
            field=field,
            encoding=encoding,
        )
    except UsageError as error:
        if not str(error).startswith("There is no file"):
            raise
        hint = " Text and lists of str are taken for paths: for words, pass token lists, such as [text.split()]."
        raise UsageError(f"{error}{by_caller('', hint)}") from None


def _as_paths(corpus: Any) -> list[AnyPath] | None:
    if isinstance(corpus, str | os.PathLike):
        return [corpus]
    if isinstance(corpus, list | tuple) and corpus and all(isinstance(p, str | os.PathLike) for p in corpus):
        return list(corpus)
    return None


def _check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise UsageError(f"{name} must be one of {', '.join(choices)}. Got {value!r}; {choices[0]!r} is the default.")


def _check_unused(kind: str, **settings: tuple[object, object]) -> None:
    for name, (value, default) in settings.items():
        if value != default:
            raise UsageError(f"{name} does not apply to {kind}. Got {value!r}; leave it at {default!r}.")


def _name_of(choice: str | Tokeniser) -> str:
    return choice if isinstance(choice, str) else getattr(choice, "__name__", type(choice).__name__)


def _shown(limit: Limit | None) -> str | None:
    return None if limit is None else str(limit)
