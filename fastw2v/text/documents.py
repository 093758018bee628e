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

from fastw2v.text.decoding import (
    BLANK,
    MARKER,
    PEEK_BYTES,
    Block,
    Chunk,
    blocks_of,
    checked,
    decode,
    first_bytes,
    start_of,
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
        bytes_read: decompressed bytes of text, as UTF-8, and bytes of records read so far.
        notes: what is to be said of what was read so far.

    Raises (while iterating):
        DataError: a source cannot be read or decoded.
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
        self._limit = limit or Limit()
        self._field = field
        self._as_tokens = as_tokens

    @property
    def mode(self) -> str:
        """What a document is; "auto" until the first text is read, "mixed" where files differ."""
        return self._mode if self._mode != "auto" else self.notes.mode

    def __iter__(self) -> Iterator[str]:
        return itertools.islice(whole_documents(self._parts()), self._limit.docs)

    def pieces(self) -> Iterator[bytes]:
        """Give the same documents as pieces of text; see `pieces`. Some more may have only white space.

        A long document is cut, a record is not.
        """
        if self._limit.docs is None:
            return gathered(self._texts())
        return to_pieces(self._parts(), self._limit.docs)

    def _texts(self) -> Iterator[bytes]:
        """Give pieces of any size, with nothing taken apart that need not be: four times as fast as by documents."""
        for source in self._wanted():
            if source.format != TEXT:
                yield from to_pieces(self._record_parts(source))
            elif self._mode == "blank":
                yield from to_pieces(self._text_parts(source))
            else:
                mode, blocks = self._begun(source)
                for text, ends_source in checked(blocks, mode == "marker", self._how):
                    yield _ended(text, mode) + (END_BYTE if ends_source else b"")

    def _wanted(self) -> Iterator[Source]:
        """Give the sources up to the limit."""
        return itertools.takewhile(lambda _: self._room > 0, self._sources)

    @property
    def _room(self) -> float:
        """How many bytes of the limit are left."""
        return (self._limit.bytes or math.inf) - self.bytes_read

    def _parts(self) -> Iterator[Part]:
        for source in self._wanted():
            yield from self._text_parts(source) if source.format == TEXT else self._record_parts(source)

    def _text_parts(self, source: Source) -> Iterator[Part]:
        mode, blocks = self._begun(source)
        return _split(decode(blocks, mode == "marker", self._how, cut_long_lines=True), mode)

    def _begun(self, source: Source) -> tuple[str, Iterator[Block]]:
        """Look at a source's first megabyte: what a document is in it, and all its blocks from the start."""
        start, blocks = start_of(blocks_of(source, self._how), PEEK_BYTES)
        mode = self._mode
        if mode == "auto":
            mode = "marker" if MARKER.encode() in start else "line"
        self.notes.begins(source.name, start, mode)
        most = None if self._limit.bytes is None else self._limit.bytes - self.bytes_read
        blocks = self._watched(with_line_feeds(start, blocks))
        return mode, blocks if most is None else first_bytes(blocks, most)

    def _watched(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Pass blocks on, and count what the limit leaves of them.

        CR alone after a block's last LF is noted: lines may have come to end so after the start.
        """
        for source, block in blocks:
            self.bytes_read += int(min(len(block), self._room))
            if b"\r" in block[block.rfind(b"\n") + 1 : -1]:
                self.notes.has_lone_returns(source.name)
            yield source, block

    def _record_parts(self, source: Source) -> Iterator[Part]:
        for documents in record_documents(source, self._field, self._how, as_tokens=self._as_tokens):
            taken = list(itertools.takewhile(self._count, documents))
            yield [*taken, ""]
            if len(taken) < len(documents) or self._room <= 0:
                return

    def _count(self, document: str) -> bool:
        """Count a record as read; False where the limit was reached before."""
        within = self._room > 0
        self.bytes_read += (len(document.encode()) + 1) * within
        return within


def _ended(text: bytes, mode: str) -> bytes:
    """Put NUL in place of what ends a document."""
    if mode == "marker":
        return text.replace(MARKER.encode(), END_BYTE)
    # A single byte is found ten times as fast; most text has none. That is 3 % of encoding Wikipedia.
    if b"|" in text:
        text = text.replace(MARKER.encode(), BLANK.encode())
    return text.replace(b"\n", END_BYTE)


def _split(chunks: Iterable[Chunk], mode: str) -> Iterator[Part]:
    """Split chunks into parts."""
    # In blank mode a line end stands before each line, so that a pattern can begin with it. It does not stand before
    # the rest of a line that was cut, unless what came of that line is white space.
    lead = "\n" if mode == "blank" else ""
    for chunk in chunks:
        text = lead + (chunk.text if mode == "marker" else chunk.text.replace(MARKER, BLANK))
        part = _split_text(text, mode)
        part[0] = part[0][len(lead) :]
        yield [*part, ""] if chunk.ends_source else part
        if mode == "blank":
            line = text.rfind("\n")
            lead = "\n" if chunk.ends_source or (line >= 0 and not text[line:].strip()) else ""


def _split_text(text: str, mode: str) -> Part:
    # str.split is several times as fast as a pattern.
    if mode == "blank":
        return _SEPARATORS[mode].split(text)
    return text.split("\n" if mode == "line" else MARKER)
