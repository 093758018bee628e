"""Split blocks of bytes into chunks of text at document separators or line ends.

Positions are kept in bytes of the decompressed files, so that an error names the exact byte.
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
        ends_source: nothing follows in this source.
    """

    text: str
    ends_source: bool


@dataclass(frozen=True)
class _RawChunk:
    source: Source
    data: bytes
    offset: int  # of data in its source
    ends_source: bool


def first_bytes(blocks: Iterable[Block], size: int) -> Iterator[Block]:
    """Pass on the first `size` bytes of a source, without a character that ends behind them; read no further."""
    held = b""  # the start of such a character
    for source, block in blocks:
        taken = block[:size]
        size -= len(taken)
        data = held + taken
        held = _cut_character(data) if block else b""
        whole = data[: len(data) - len(held)]
        if whole:
            yield source, whole
        if not block or size == 0:
            yield source, b""
            return


def _cut_character(data: bytes) -> bytes:
    """Return the bytes at the end of UTF-8 that are the start of a character whose end is not there."""
    end = data[-4:]
    return end[codecs.utf_8_decode(end, "ignore", False)[1] :]


def start_of(blocks: Iterator[Block], size: int) -> tuple[bytes, Iterator[Block]]:
    """Return the first `size` bytes of a source, and all its blocks from the start.

    An error while looking comes behind the blocks before it: a limit may end among them.
    """
    seen: list[Block] = []
    left = size
    try:
        for source, block in blocks:
            seen.append((source, block))
            left -= len(block)
            if left <= 0:
                break
    except DataError as error:
        return b"".join(block for _, block in seen)[:size], _raising_after(seen, error)
    return b"".join(block for _, block in seen)[:size], itertools.chain(seen, blocks)


def _raising_after(blocks: list[Block], error: DataError) -> Iterator[Block]:
    yield from blocks
    raise error


def with_line_feeds(start: bytes, blocks: Iterator[Block]) -> Iterator[Block]:
    """Pass on the blocks of a source that begins with `start`; with LF for CR, if CR alone ends lines there."""
    if not ends_lines_by_cr(start):
        return blocks
    return ((source, block.replace(b"\r", b"\n")) for source, block in blocks)


def ends_lines_by_cr(start: bytes) -> bool:
    """Whether a source with this first megabyte has lines that end by CR alone, as on old Macs."""
    return b"\r" in start and b"\n" not in start


def blocks_of(source: Source, how: Decoding) -> Iterator[Block]:
    """Give a source's text in blocks of UTF-8, and the block that ends it; see `utf8_blocks`."""
    for block in utf8_blocks(source, how):
        yield source, block
    yield source, b""


def decode(blocks: Iterable[Block], marked: bool, how: Decoding, cut_long_lines: bool = False) -> Iterator[Chunk]:
    """Decode blocks of UTF-8, in chunks that end at a line's or source's end or, if `marked`, at a marker.

    With `cut_long_lines` a line of more than LONG_LINE_BYTES is not held whole: chunks may then also end after
    ASCII white space inside it.

    A byte order mark at a source's start is dropped. If `how` is not strict, each invalid sequence becomes U+FFFD and a
    NUL becomes a space. An error comes after the lines before it in its block, so that a reader that stops among them
    never meets it.

    Raises:
        DataError: bytes that are not UTF-8, or a NUL byte; the message has the byte's offset in its source. Also more
            than MOST_HELD_BYTES that cannot be cut.
    """
    if how.strict:
        blocks = _refuse_binary(blocks)
    for raw in _whole_lines(blocks, marked, cut_long_lines):
        try:
            text = _decode(raw, how)
        except UndecodableError:
            # Lines before it come first: a limit in documents or of records may end among them.
            before = _valid_lines(raw.data)
            if before:
                yield Chunk(before.decode(), ends_source=False)
            raise
        yield Chunk(text, raw.ends_source)


def checked(blocks: Iterable[Block], marked: bool, how: Decoding) -> Iterator[tuple[bytes, bool]]:
    """Give the same text, all of it, as UTF-8 that is valid and without NUL, and whether each part ends its source.

    Long lines are cut. Raises DataError as `decode` does.
    """
    if how.strict:
        blocks = _refuse_binary(blocks)
    for raw in _whole_lines(blocks, marked, cut_long_lines=True):
        text = _decode(raw, how)
        yield raw.data if how.strict else text.encode(), raw.ends_source


def _refuse_binary(blocks: Iterable[Block]) -> Iterator[Block]:
    # Before decoding: of a block that is not UTF-8 either, this is the more useful thing to say.
    offset = 0
    for source, block in blocks:
        nul = block.find(b"\0")
        if nul >= 0:
            before = block[: block.rfind(b"\n", 0, nul) + 1]
            if before and before == _valid_lines(before):
                yield source, before
            raise binary(source.name, offset + nul, block)
        yield source, block
        offset = offset + len(block) if block else 0


def _valid_lines(data: bytes) -> bytes:
    """Return the lines of `data` before the first that is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data[: data.rfind(b"\n", 0, error.start) + 1]
    return data


def _whole_lines(blocks: Iterable[Block], marked: bool, cut_long_lines: bool) -> Iterator[_RawChunk]:
    pending: list[bytes] = []  # a list: a line of many blocks is joined once
    size, space = 0, 0  # of what is pending, and where the last white space seen in it ends
    offset = 0
    for source, block in blocks:
        end = _last_cut(block, marked)
        cut = size + end
        if block and not end:
            space = size + found if (found := _last_space(block)) else space
            cut = space if cut_long_lines and size + len(block) > LONG_LINE_BYTES else 0
            if not cut:
                pending.append(block)
                size += len(block)
                if size > MOST_HELD_BYTES:
                    raise _without_end(source, offset, size, cut_long_lines)
                continue
        data, ends = b"".join([*pending, block]), not block
        yield _without_mark(_RawChunk(source, data[:cut], offset, ends))
        pending, size, space, offset = ([], 0, 0, 0) if ends else ([data[cut:]], len(data) - cut, 0, offset + cut)


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
    return _RawChunk(raw.source, raw.data[size:], size, raw.ends_source)


def _last_cut(block: bytes, marked: bool) -> int:
    """Where the last line or marked document in `block` ends, 0 if none does: never inside a character."""
    cut = block.rfind(b"\n") + 1
    marker = block.rfind(_MARKER_BYTES, cut) if marked else -1
    return cut if marker < 0 else marker + len(_MARKER_BYTES)


def _last_space(block: bytes) -> int:
    """Where the last ASCII white space in `block`, a part of a line, ends; 0 if there is none."""
    return max(map(block.rfind, (b" ", b"\t", b"\r", b"\v", b"\f"))) + 1


def _decode(raw: _RawChunk, how: Decoding) -> str:
    if how.strict:
        try:
            return raw.data.decode("utf-8")
        except UnicodeDecodeError as error:
            bad = error.start
        raise undecodable(raw.source.name, UTF8, raw.data, bad, raw.offset + bad, how.several)
    text, replaced = decoded_counting(raw.data)
    nuls = text.count("\0")
    how.notes.replaced(raw.source.name, replaced + nuls)
    return text.replace("\0", " ") if nuls else text
