"""Split blocks of bytes into chunks of text at document separators or line ends.

Positions are kept in bytes of the decompressed files, so that an error names the exact byte and a limit is exact.
"""

from __future__ import annotations

import codecs
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastw2v.errors import DataError
from fastw2v.files.encodings import UTF8
from fastw2v.text.sources import Source
from fastw2v.text.transcoding import Decoding, UndecodableError, binary, decoded_counting, undecodable, utf8_blocks

MARKER = "<|endoftext|>"
# How much of a source's start decides what ends its lines, and what `auto` stands for in it.
PEEK_BYTES = 10**6
# As long as the marker, so that replacing it moves no position.
BLANK = " " * len(MARKER)
# Where more than this waits for its line's end, the line may be cut at white space.
LONG_LINE_BYTES = 4 * 2**20
# What cannot be cut is held, up to so much: a few megabytes of compressed data may stand for any number of letters.
MOST_HELD_BYTES = 2**30
_MARKER_BYTES = MARKER.encode()

# The bytes of one source in pieces; b"" says that the source ends here.
Block = tuple[Source, bytes]


@dataclass(frozen=True)
class Chunk:
    """Consecutive text of one source.

    Attributes:
        text: the text.
        start: its first byte, counted from the start of the first source.
        ends_source: nothing follows in this source.
        room: how many of its characters lie within the byte limit; None for all of them.
    """

    text: str
    start: int
    ends_source: bool
    room: int | None


@dataclass(frozen=True)
class _RawChunk:
    source: Source
    data: bytes
    offset: int  # of data in its source
    start: int  # of data in the whole corpus
    ends_source: bool


def stop_after(blocks: Iterable[Block], limit: int) -> Iterator[Block]:
    """Pass blocks on until they show which documents end within `limit` bytes, then read no further.

    What follows the limit matters only where it begins with white space (NUL may stand for it) or a (cut) marker. So
    reading goes on past the limit through these, and through what could be the start of one more marker.
    """
    position = 0
    tail = b""  # what was read past the limit, and before that a marker's length of what leads up to it
    for source, block in blocks:
        yield source, block
        position += len(block)
        past = position - limit
        if not block:
            tail = b""
            if past >= 0:
                return
            continue
        tail = (tail + block)[-(max(past, 0) + len(MARKER)) :]
        if past > 0:
            unread = tail.replace(_MARKER_BYTES, BLANK.encode()).replace(b"\0", b" ")[-past:]
            if len(unread.decode("utf-8", "ignore").lstrip()) > len(MARKER):
                return


def start_of(blocks: Iterator[Block], size: int) -> tuple[bytes, Iterator[Block]]:
    """Return the first `size` bytes of a source, and all its blocks from the start."""
    seen: list[Block] = []
    left = size
    for source, block in blocks:
        seen.append((source, block))
        left -= len(block)
        if left <= 0:
            break
    return b"".join(block for _, block in seen)[:size], itertools.chain(seen, blocks)


def with_line_feeds(start: bytes, blocks: Iterator[Block]) -> Iterator[Block]:
    """Pass on the blocks of a source that begins with `start`; with LF for CR, if CR alone ends lines there."""
    if not ends_lines_by_cr(start):
        return blocks
    return ((source, block.replace(b"\r", b"\n")) for source, block in blocks)


def ends_lines_by_cr(start: bytes) -> bool:
    """Whether a source with this first megabyte has lines that end by CR alone, as on old Macs."""
    return b"\r" in start and b"\n" not in start


def blocks_of(source: Source, how: Decoding, limit: int | None = None) -> Iterator[Block]:
    """Give a source's text in blocks of UTF-8, and the block that ends it; see `utf8_blocks`."""
    for block in utf8_blocks(source, how, limit):
        yield source, block
    yield source, b""


def decode(
    blocks: Iterable[Block],
    marked: bool,
    limit: int | None,
    how: Decoding,
    cut_long_lines: bool = False,
) -> Iterator[Chunk]:
    """Decode blocks of UTF-8, in chunks that end at a line's or source's end or, if `marked`, at a marker.

    With `cut_long_lines` a line of more than LONG_LINE_BYTES is not held whole: chunks may then also end after
    ASCII white space inside it.

    A byte order mark at a source's start is dropped. If `how` is not strict, each invalid sequence becomes U+FFFD and a
    NUL becomes a space. Bytes after the limit are never complained about. An error comes after the lines before it in
    its block, so that a reader that stops among them never meets it.

    Raises:
        DataError: bytes that are not UTF-8, or a NUL byte; the message has the byte's offset in its source. Without a
            limit also more than MOST_HELD_BYTES that cannot be cut.
    """
    if how.strict:
        blocks = _refuse_binary(blocks, limit)
    for raw in _whole_lines(blocks, marked, cut_long_lines, MOST_HELD_BYTES if limit is None else None):
        inside = len(raw.data) if limit is None else max(limit - raw.start, 0)
        try:
            text = _decode(raw, inside, how)
        except UndecodableError:
            # Lines before it come first: a limit in documents or of records may end among them.
            before = _valid_lines(raw.data)
            if before:
                yield Chunk(before.decode(), raw.start, ends_source=False, room=None)
            raise
        yield Chunk(text, raw.start, raw.ends_source, None if inside >= len(raw.data) else _room(raw.data, inside))


def checked(blocks: Iterable[Block], marked: bool, how: Decoding) -> Iterator[tuple[bytes, bool]]:
    """Give the same text, all of it, as UTF-8 that is valid and without NUL, and whether each part ends its source.

    Long lines are cut. Raises DataError as `decode` does.
    """
    if how.strict:
        blocks = _refuse_binary(blocks, None)
    for raw in _whole_lines(blocks, marked, cut_long_lines=True, most=MOST_HELD_BYTES):
        text = _decode(raw, len(raw.data), how)
        yield raw.data if how.strict else text.encode(), raw.ends_source


def _refuse_binary(blocks: Iterable[Block], limit: int | None) -> Iterator[Block]:
    # Before decoding: of a block that is not UTF-8 either, this is the more useful thing to say.
    offset, start = 0, 0
    for source, block in blocks:
        nul = block.find(b"\0", 0, None if limit is None else max(limit - start, 0))
        if nul >= 0:
            before = block[: block.rfind(b"\n", 0, nul) + 1]
            if before and before == _valid_lines(before):
                yield source, before
            raise binary(source.name, offset + nul, block)
        yield source, block
        offset = offset + len(block) if block else 0
        start += len(block)


def _valid_lines(data: bytes) -> bytes:
    """Return the lines of `data` before the first that is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data[: data.rfind(b"\n", 0, error.start) + 1]
    return data


def _room(data: bytes, inside: int) -> int:
    """Characters of `data` that end within its first `inside` bytes."""
    cut_character = 0x80 <= data[inside] < 0xC0
    return len(codecs.utf_8_decode(data[:inside], "replace", not cut_character)[0])


def _whole_lines(blocks: Iterable[Block], marked: bool, cut_long_lines: bool, most: int | None) -> Iterator[_RawChunk]:
    pending: list[bytes] = []  # a list: a line of many blocks is joined once
    size, space = 0, 0  # of what is pending, and where the last white space seen in it ends
    source, offset, start = None, 0, 0
    for source, block in blocks:
        end = _last_cut(block, marked)
        cut = size + end
        if block and not end:
            space = size + found if (found := _last_space(block)) else space
            cut = space if cut_long_lines and size + len(block) > LONG_LINE_BYTES else 0
            if not cut:
                pending.append(block)
                size += len(block)
                if most is not None and size > most:
                    raise _without_end(source, offset, size, cut_long_lines)
                continue
        data, ends = b"".join([*pending, block]), not block
        yield _without_mark(_RawChunk(source, data[:cut], offset, start, ends))
        start += cut
        pending, size, space, offset = ([], 0, 0, 0) if ends else ([data[cut:]], len(data) - cut, 0, offset + cut)
    if source is not None and any(pending):  # reading stopped at the limit
        yield _without_mark(_RawChunk(source, b"".join(pending), offset, start, ends_source=False))


def _without_end(source: Source, offset: int, size: int, cut_long_lines: bool) -> DataError:
    what = "a space or line end" if cut_long_lines else "a line end"
    return DataError(
        f"{source.name}: {size:,} bytes from byte {offset} on without {what}, which have to fit in memory; it must be "
        "text with shorter lines."
    )


def _without_mark(raw: _RawChunk) -> _RawChunk:
    if raw.offset > 0 or not raw.data.startswith(codecs.BOM_UTF8):
        return raw
    size = len(codecs.BOM_UTF8)
    return _RawChunk(raw.source, raw.data[size:], size, raw.start + size, raw.ends_source)


def _last_cut(block: bytes, marked: bool) -> int:
    """Where the last line or marked document in `block` ends, 0 if none does: never inside a character."""
    cut = block.rfind(b"\n") + 1
    marker = block.rfind(_MARKER_BYTES, cut) if marked else -1
    return cut if marker < 0 else marker + len(_MARKER_BYTES)


def _last_space(block: bytes) -> int:
    """Where the last ASCII white space in `block`, a part of a line, ends; 0 if there is none."""
    return max(map(block.rfind, (b" ", b"\t", b"\r", b"\v", b"\f"))) + 1


def _decode(raw: _RawChunk, inside: int, how: Decoding) -> str:
    if how.strict:
        try:
            return raw.data.decode("utf-8")
        except UnicodeDecodeError as error:
            bad = error.start
        if bad < inside:
            raise undecodable(raw.source.name, UTF8, raw.data, bad, raw.offset + bad, how.several)
    text, replaced = _replaced(raw.data)
    if replaced and inside < len(raw.data):
        replaced = _replaced(raw.data[:inside])[1]
    how.notes.replaced(raw.source.name, replaced)
    return text


def _replaced(data: bytes) -> tuple[str, int]:
    """Decode with U+FFFD for invalid bytes and a space for NUL; return the text, and how many bytes that was."""
    text, replaced = decoded_counting(data)
    nuls = text.count("\0")
    return text.replace("\0", " ") if nuls else text, replaced + nuls
