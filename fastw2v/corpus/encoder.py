"""Encode pieces of text into a sink of ids, on one or several threads with the same result.

Threads scan pieces, each by itself; pieces are numbered in order. So no id depends on who scanned what.
"""

from __future__ import annotations

import collections
import itertools
import logging
import queue
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.encoded import EncodedCorpus, encode
from fastw2v.corpus.interfaces import Ids, Lexicon, Numbered, Scanner
from fastw2v.corpus.python_twin import PlainLexicon, PlainScanner, Tokens
from fastw2v.corpus.sinks import MemorySink
from fastw2v.errors import DataError, NothingToTrainError
from fastw2v.system.scalars import plain
from fastw2v.system.threads import submitting
from fastw2v.text.tokenise import Tokeniser, tokeniser

# Items of token lists counted before any is forgotten: about as many as words of a piece of text.
ITEMS_AT_ONCE = 1 << 16

logger = logging.getLogger(__name__)


class Sink(Protocol):
    """Where ids go."""

    @property
    def tokens(self) -> int:
        """Tokens so far."""

    def add(self, numbered: Numbered) -> None:
        """Take the ids of the next piece."""

    def renumber(self, ids: Ids) -> None:
        """Let all ids so far be those of this array; NO_WORD: a word that was forgotten."""


def encode_pieces(
    pieces: Iterable[bytes],
    tokenizer: str | Tokeniser,
    sink: Sink,
    workers: int = 1,
    max_vocab_size: int | None = None,
    watch: Callable[[int], None] | None = None,
    compiled: bool = True,
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Encode pieces of UTF-8 (NUL ends a document) into a sink; return the words by id, and their counts (V,) int64.

    Where there are more than `max_vocab_size` words after a piece, the rarest are forgotten as gensim does it: those
    that occurred once so far, the next time twice, and so on. Counts are then approximate: of words that occurred,
    were forgotten, and occurred again. `watch` is called with the tokens so far after each piece.
    Without `compiled` the plain twin does it.

    Raises:
        DataError: there is no token at all, or all words were forgotten.
    """
    if watch:
        watch(0)
    make_scanner, lexicon = _twins(tokenizer, compiled)
    # A last end, for a document that has none.
    scanned = _scanned(itertools.chain(pieces, [b"\0"]), make_scanner, workers)
    _number(scanned, lexicon, sink, max_vocab_size, watch)
    return lexicon.words(), lexicon.counts.copy()


def encode_items(documents: Iterable[Sequence[Hashable]], max_vocab_size: int | None = None) -> EncodedCorpus:
    """Number the items of token lists, as `encoded.encode` does; the rarest are forgotten as in `encode_pieces`.

    Raises:
        DataError: see `encode_pieces`.
    """
    if max_vocab_size is None:
        return encode(documents)
    lexicon, sink = PlainLexicon(), MemorySink()
    _number(_together(documents), lexicon, sink, max_vocab_size, None)
    items: list[Hashable] = [plain(item) for item in lexicon.words()]
    return EncodedCorpus(*sink.arrays(len(items)), items)


def _together(documents: Iterable[Sequence[Hashable]]) -> Iterator[Tokens]:
    """Yield documents as pieces of at least ITEMS_AT_ONCE items, but for the last."""
    tokens: list[Any] = []
    ends: list[int] = []
    for document in documents:
        tokens += document
        ends.append(len(tokens))
        if len(tokens) >= ITEMS_AT_ONCE:
            yield Tokens(tokens, ends)
            tokens, ends = [], []
    yield Tokens(tokens, ends)


def _number(
    scanned: Iterable[Any],
    lexicon: Lexicon,
    sink: Sink,
    max_vocab_size: int | None,
    watch: Callable[[int], None] | None,
) -> None:
    """Number pieces into the sink; see `encode_pieces`."""
    forgotten_below = 1
    for piece in scanned:
        sink.add(lexicon.number(piece))
        while max_vocab_size is not None and len(lexicon) > max_vocab_size:
            forgotten_below += 1
            sink.renumber(lexicon.keep(lexicon.counts >= forgotten_below))
        if watch:
            watch(sink.tokens)
    if sink.tokens and not len(lexicon):
        raise DataError(
            f"max_vocab_size {max_vocab_size} leaves no word: all {sink.tokens:,} tokens were of words forgotten while "
            "counting. A larger one would keep some; without it all words are counted."
        )
    if not len(lexicon):
        raise NothingToTrainError("The corpus holds no token. Expected at least one document with words.")


def _twins(tokenizer: str | Tokeniser, compiled: bool) -> tuple[Callable[[], Scanner], Lexicon]:
    """Return what scans and what numbers: compiled where the tokeniser has tables and numba can be imported."""
    tokenise = tokeniser(tokenizer)
    if not compiled:
        return lambda: PlainScanner(tokenise), PlainLexicon()
    try:
        from fastw2v.corpus.char_classes import characters
        from fastw2v.corpus.numba_twin import CompiledLexicon, CompiledScanner
    except ImportError as error:
        logger.warning("text is read without compiled code, some times slower (%s)", error)
        return lambda: PlainScanner(tokenise), PlainLexicon()
    tables = characters(tokenizer) if isinstance(tokenizer, str) else None
    if tables is None:
        return lambda: PlainScanner(tokenise), PlainLexicon()
    return lambda: CompiledScanner(tables), CompiledLexicon(tokenise)


def _scanned(pieces: Iterable[bytes], make_scanner: Callable[[], Scanner], workers: int) -> Iterator[Any]:
    """Yield what scanning finds, piece by piece in order."""
    if workers == 1:
        yield from map(make_scanner().scan, pieces)
        return
    scanners: queue.SimpleQueue[Scanner] = queue.SimpleQueue()
    for _ in range(workers):
        scanners.put(make_scanner())

    def scan(piece: bytes) -> Any:
        scanner = scanners.get()
        try:
            return scanner.scan(piece)
        finally:
            scanners.put(scanner)

    running: collections.deque[Future[Any]] = collections.deque()
    with submitting(workers) as submit:
        for piece in pieces:
            running.append(submit(scan, piece))
            if len(running) > workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
