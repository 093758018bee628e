r"""What a document is, and the stream of documents of a list of sources.

- line:   a document is a line; it ends at "\n" and nowhere else (a "\r" before it is white space).
- blank:  a document ends at one or more lines with only white space.
- marker: a document ends at <|endoftext|>, wherever that stands.
- auto:   marker, if <|endoftext|> occurs in the first megabyte (10^6 decompressed bytes of all sources
          together), else line. A limit does not change this.

In each of them the end of a source ends a document, a document has at least one character that is not white
space, and it is kept whole however long it is. In line and blank mode a marker counts as white space, so it
is never a token. Knows the sources, their decoding, limits and the errors.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fastw2v.errors import DataError
from fastw2v.text.decoding import BLANK, MARKER, Block, Chunk, decode, stop_after
from fastw2v.text.limits import Limit
from fastw2v.text.sources import Source

DOCUMENT_MODES = ("auto", "line", "blank", "marker")
# How much of the start decides what auto stands for.
PEEK_BYTES = 10**6

_SEPARATORS = {
    "line": re.compile(r"\n"),
    # With the line end before it: a pattern that begins with a plain character is found 20 times as fast.
    "blank": re.compile(r"\n(?:[^\S\n]*\n)+"),
    "marker": re.compile(re.escape(MARKER)),
}


class DocumentStream:
    """The documents of `sources`, in order, to be iterated once.

    Attributes:
        mode: what a document is; "auto" until the first document is asked for.
        bytes_read: decompressed bytes read so far, at most the limit's.

    Raises (while iterating):
        DataError: a source cannot be read or decoded, or no document fits in the limit.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        mode: str = "auto",
        limit: Limit | None = None,
        encoding_errors: str = "strict",
    ) -> None:
        self.mode = mode
        self.bytes_read = 0
        self._sources = sources
        self._unread = len(sources)
        self._limit = limit or Limit()
        self._encoding_errors = encoding_errors

    def __iter__(self) -> Iterator[str]:
        blocks = self._blocks()
        if self.mode == "auto":
            self.mode, blocks = _decide(blocks)
        if self._limit.bytes is not None:
            blocks = stop_after(blocks, self._limit.bytes)
        chunks = decode(blocks, self.mode == "marker", self._limit.bytes, self._encoding_errors)
        document = None
        for document in itertools.islice(_split(chunks, self.mode, self._limit), self._limit.docs):
            yield document
        if document is None and self._unread:
            raise DataError(f"limit {self._limit} ends before the first document; raise it.")

    def _blocks(self) -> Iterator[Block]:
        position = 0
        for source in self._sources:
            for block in source.blocks():
                position += len(block)
                self.bytes_read = min(position, self._limit.bytes or position)
                yield source, block
            self._unread -= 1
            yield source, b""


def _decide(blocks: Iterator[Block]) -> tuple[str, Iterator[Block]]:
    """Look at the first megabyte and put it back: what auto stands for, and all blocks from the start."""
    seen: list[Block] = []
    start: list[bytes] = []
    left = PEEK_BYTES
    for source, block in blocks:
        seen.append((source, block))
        start.append(block[:left] or b"\n")  # no marker is put together from two sources
        left -= len(block)
        if left <= 0:
            break
    mode = "marker" if MARKER.encode() in b"".join(start) else "line"
    return mode, itertools.chain(seen, blocks)


def _split(chunks: Iterable[Chunk], mode: str, limit: Limit) -> Iterator[str]:
    separator, lead = _SEPARATORS[mode], "\n" if mode == "blank" else ""
    opened: list[str] = []  # the document that no chunk has ended yet, in pieces
    none_kept = True
    for chunk in chunks:
        text = lead + (chunk.text if mode == "marker" else chunk.text.replace(MARKER, BLANK))
        misfit = None if chunk.room is None else _first_misfit(separator, text, chunk.room + len(lead))
        pieces = separator.split(text if misfit is None else text[: misfit.begin])
        opened.append(pieces[0][len(lead) :])
        ended = []
        if len(pieces) > 1:
            ended = ["".join(opened), *pieces[1:-1]]
            opened = [pieces[-1]]
        if chunk.ends_source and misfit is None:
            ended.append("".join(opened))
            opened = []
        documents = [document for document in ended if document and not document.isspace()]
        none_kept = none_kept and not documents
        yield from documents
        if misfit is not None:
            if none_kept:
                # Where invalid bytes were replaced this counts U+FFFD as 3 bytes: enough all the same.
                needed = chunk.start + len(text[len(lead) : misfit.end].encode())
                raise _nothing_fits(needed, misfit.ended or chunk.ends_source, mode, limit)
            return


class _Misfit(NamedTuple):
    begin: int
    end: int
    ended: bool


def _first_misfit(separator: re.Pattern[str], text: str, room: int) -> _Misfit | None:
    """The first document in `text`, or rest of one, that goes beyond `room` characters."""
    begin = 0
    for stop, following in [*(match.span() for match in separator.finditer(text)), (len(text), 0)]:
        document = text[begin:stop].rstrip()
        if document and begin + len(document) > room:
            return _Misfit(begin, begin + len(document), ended=stop < len(text))
        begin = following
    return None


def _nothing_fits(needed: int, is_exact: bool, mode: str, limit: Limit) -> DataError:
    return DataError(
        f"limit {limit} is less than the first document, which needs "
        f"{'' if is_exact else 'at least '}{needed}B; "
        f"raise it, or take smaller documents (documents is {mode}, one of {', '.join(DOCUMENT_MODES)})."
    )
