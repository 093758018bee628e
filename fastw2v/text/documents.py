r"""Split text into documents, and iterate over the documents of several sources, whole or in pieces.

- line:   a document is a line; it ends at "\n" and nowhere else (a "\r" before it is white space).
- blank:  a document ends at one or more lines with only white space.
- marker: a document ends at <|endoftext|>, wherever that stands.
- auto:   for each source by itself: marker, if <|endoftext|> occurs in its first megabyte (10^6 decompressed bytes),
          else line. A limit does not change this.

In each of them the end of a source ends a document, a document has at least one character that is not white
space, and it is kept whole however long it is. In line and blank mode a marker counts as white space, so it
is never a token. In sources of records each record is a document, whatever the mode; of a byte limit it takes its
UTF-8 bytes and one line end. A source with "\r" and no "\n" in its first megabyte is taken for one whose lines end with
"\r" (old Macs). U+0085, U+2028 and U+2029 are white space. Knows the sources, their decoding, records, pieces, limits,
notes and the errors.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import AnyStr, NamedTuple

from fastw2v.errors import DataError
from fastw2v.text.decoding import (
    BLANK,
    MARKER,
    PEEK_BYTES,
    Block,
    Chunk,
    blocks_of,
    checked,
    decode,
    start_of,
    stop_after,
    with_line_feeds,
)
from fastw2v.text.limits import Limit
from fastw2v.text.pieces import END_BYTE, Part, gathered, to_pieces, whole_documents
from fastw2v.text.records import FIELD, record_documents
from fastw2v.text.sources import TEXT, Source
from fastw2v.text.transcoding import Decoding

DOCUMENT_MODES = ("auto", "line", "blank", "marker")

_SEPARATORS = {
    "line": re.compile(r"\n"),
    # With the line end before it: a pattern that begins with a plain character is found 20 times as fast.
    "blank": re.compile(r"\n(?:[^\S\n]*\n)+"),
    "marker": re.compile(re.escape(MARKER)),
}


class DocumentStream:
    """The documents of `sources`, in order: to be iterated once, or read once as pieces.

    Attributes:
        bytes_read: decompressed bytes of text and bytes of records read so far, at most the limit's.
        notes: what is to be said of what was read so far.

    Raises (while iterating):
        DataError: a source cannot be read or decoded, or no document fits in the limit.
        MissingExtraError: a library that a source needs is not installed.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        mode: str = "auto",
        limit: Limit | None = None,
        how: Decoding | None = None,
        field: str = FIELD,
        as_tokens: bool = False,
    ) -> None:
        self.bytes_read = 0
        self._how = how or Decoding()
        self.notes = self._how.notes
        self._mode = mode
        self._sources = sources
        self._unread = len(sources)
        self._limit = limit or Limit()
        self._field = field
        self._as_tokens = as_tokens
        self._position = 0  # as bytes_read, with what was read past the limit
        self._too_long: DataError | None = None  # about the document that ended the reading, if it is the first

    @property
    def mode(self) -> str:
        """What a document is; "auto" until the first text is read, "mixed" where files differ."""
        return self._mode if self._mode != "auto" else self.notes.mode

    def __iter__(self) -> Iterator[str]:
        return self._some(itertools.islice(whole_documents(self._parts()), self._limit.docs))

    def pieces(self) -> Iterator[bytes]:
        """Give the same documents as pieces of text; see `pieces`. Some more may have only white space.

        A document is cut only where it is long and no limit in bytes asks for whole ones; a record is never cut.
        """
        if self._limit == Limit():
            return gathered(self._unlimited())
        return self._some(to_pieces(self._parts(), self._limit.docs, self._limit.bytes is not None))

    def _unlimited(self) -> Iterator[bytes]:
        """Give pieces of any size, with nothing taken apart that need not be: four times as fast as by documents."""
        for source in self._sources:
            if source.format != TEXT:
                yield from to_pieces(self._record_parts(source), None, keep_whole=False)
            elif self._mode == "blank":
                yield from to_pieces(self._text_parts(source), None, keep_whole=False)
            else:
                mode, blocks = self._begun(source)
                for text, ends_source in checked(blocks, mode == "marker", self._how):
                    yield _ended(text, mode) + (END_BYTE if ends_source else b"")

    def _some(self, texts: Iterable[AnyStr]) -> Iterator[AnyStr]:
        text = None
        for text in texts:
            yield text
        if text is None and self._too_long is not None:
            raise self._too_long
        if text is None and self._unread:
            raise DataError(f"limit {self._limit} ends before the first document; raise it.")

    def _parts(self) -> Iterator[Part]:
        for source in self._sources:
            yield from self._text_parts(source) if source.format == TEXT else self._record_parts(source)
            if self._too_long is not None or self._position >= (self._limit.bytes or math.inf):
                return

    def _text_parts(self, source: Source) -> Iterator[Part]:
        start, room = self._position, None
        if self._limit.bytes is not None:
            room = self._limit.bytes - start
        mode, blocks = self._begun(source, room)
        if room is not None:
            blocks = stop_after(blocks, room)
        chunks = decode(blocks, mode == "marker", room, self._how, cut_long_lines=room is None)
        for part, needed, is_exact in _split(chunks, mode):
            if needed:
                self._too_long = _nothing_fits(start + needed, is_exact, mode, self._limit)
            yield part

    def _begun(self, source: Source, room: int | None = None) -> tuple[str, Iterator[Block]]:
        """Look at a source's first megabyte: what a document is in it, and all its blocks from the start."""
        start, blocks = start_of(self._blocks(source, room), PEEK_BYTES)
        mode = self._mode
        if mode == "auto":
            mode = "marker" if MARKER.encode() in start else "line"
        self.notes.begins(source.name, start, mode)
        return mode, self._watched(source.name, with_line_feeds(start, blocks))

    def _watched(self, name: str, blocks: Iterator[Block]) -> Iterator[Block]:
        """Pass blocks on; note CR alone after a block's last LF: lines may have come to end so after the start."""
        for source, block in blocks:
            if b"\r" in block[block.rfind(b"\n") + 1 : -1]:
                self.notes.has_lone_returns(name)
            yield source, block

    def _blocks(self, source: Source, room: int | None) -> Iterator[Block]:
        for _, block in blocks_of(source, self._how, room):
            self._count(len(block))
            self._unread -= not block
            yield source, block

    def _record_parts(self, source: Source) -> Iterator[Part]:
        for documents in record_documents(source, self._field, self._how, as_tokens=self._as_tokens):
            fitting = self._count_fitting(documents)
            yield [*documents[:fitting], ""]
            if fitting < len(documents) or self._position >= (self._limit.bytes or math.inf):
                return
        self._unread -= 1

    def _count_fitting(self, documents: Sequence[str]) -> int:
        """Count documents as read, up to the first that goes beyond the limit; return how many there are."""
        for number, document in enumerate(documents):
            size = len(document.encode())
            if self._position + size > (self._limit.bytes or math.inf):
                needed = self._position + size
                self._too_long = DataError(
                    f"limit {self._limit} is less than the first record, which needs {needed}B; raise it."
                )
                return number
            self._count(size + 1)
        return len(documents)

    def _count(self, size: int) -> None:
        self._position += size
        self.bytes_read = min(self._position, self._limit.bytes or self._position)


def _ended(text: bytes, mode: str) -> bytes:
    """Put NUL in place of what ends a document."""
    if mode == "marker":
        return text.replace(MARKER.encode(), END_BYTE)
    # A single byte is found ten times as fast; most text has none. That is 3 % of encoding Wikipedia.
    if b"|" in text:
        text = text.replace(MARKER.encode(), BLANK.encode())
    return text.replace(b"\n", END_BYTE)


def _split(chunks: Iterable[Chunk], mode: str) -> Iterator[tuple[Part, int, bool]]:
    """Split chunks into parts, up to the first document that does not fit.

    With that one comes how many bytes it and all before it need, else 0, and whether that is its whole length.
    """
    # In blank mode a line end stands before each line, so that a pattern can begin with it. It does not stand before
    # the rest of a line that was cut, unless what came of that line is white space.
    lead = "\n" if mode == "blank" else ""
    for chunk in chunks:
        text = lead + (chunk.text if mode == "marker" else chunk.text.replace(MARKER, BLANK))
        misfit = None if chunk.room is None else _first_misfit(_SEPARATORS[mode], text, chunk.room + len(lead))
        part = _split_text(text if misfit is None else text[: misfit.begin], mode)
        part[0] = part[0][len(lead) :]
        if misfit is not None:
            # Where invalid bytes were replaced this counts U+FFFD as 3 bytes: enough all the same.
            needed = chunk.start + len(text[len(lead) : misfit.end].encode())
            yield part, needed, misfit.ended or chunk.ends_source
            return
        yield [*part, ""] if chunk.ends_source else part, 0, False
        if mode == "blank":
            line = text.rfind("\n")
            lead = "\n" if chunk.ends_source or (line >= 0 and not text[line:].strip()) else ""


def _split_text(text: str, mode: str) -> Part:
    # str.split is several times as fast as a pattern.
    if mode == "blank":
        return _SEPARATORS[mode].split(text)
    return text.split("\n" if mode == "line" else MARKER)


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
