"""Convert blocks of bytes in any encoding to UTF-8; report bytes that do not fit.

UTF-8 passes as it is; it is `decoding` that checks it.
"""

from __future__ import annotations

import codecs
import itertools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastw2v.errors import DataError
from fastw2v.files.encodings import LONGEST_MARK, UTF8, marked
from fastw2v.messages.callers import given, named
from fastw2v.text.notes import Notes
from fastw2v.text.sources import Source

# How much of the text around a byte is judged.
_AROUND = 2**16
_REPLACE = "fastw2v.replace"
# The first line of vectors in word2vec's binary form.
_VECTORS = re.compile(rb"\d{1,12} \d{1,6}\n")
_NEED_MARKS = ("utf-16", "utf-32")


@dataclass(frozen=True)
class Decoding:
    """How bytes become text.

    Attributes:
        encoding: of the files, by Python's own name; one with a byte order mark is in what that names.
        errors: "strict" refuses what is not in it, and NUL; "replace" reads it as U+FFFD, and NUL as a space.
        notes: hear of what was met.
        several: whether other files are read in the same encoding; messages say what to do with this one alone.
    """

    encoding: str = UTF8
    errors: str = "strict"
    notes: Notes = field(default_factory=Notes)
    several: bool = False

    @property
    def strict(self) -> bool:
        """Whether bytes that are not in the encoding are refused."""
        return self.errors == "strict"


class UndecodableError(DataError):
    """Bytes that are not in the encoding.

    Attributes:
        what: the message without what would read them.
        at: where the first stands in its source.
    """

    def __init__(self, what: str, advice: str, at: int = 0) -> None:
        super().__init__(f"{what}; {advice}.")
        self.what = what
        self.at = at


def utf8_blocks(source: Source, how: Decoding) -> Iterator[bytes]:
    """Give a source's text in blocks of UTF-8, none of them empty; what was UTF-8 before is not checked.

    Raises:
        DataError: see `Source.blocks`; also for what is not in an encoding that is not UTF-8, and a NUL in it.
    """
    blocks = source.blocks()
    start = b""
    for block in blocks:
        start += block
        if len(start) >= LONGEST_MARK:
            break
    mark = marked(start)
    if mark is not None and mark != how.encoding:
        how.notes.marked(source.name, mark)
    whole: Iterator[bytes] = itertools.chain([start] if start else [], blocks)
    encoding = mark or how.encoding
    if encoding == UTF8:
        return whole
    if mark is None:
        whole = _watched(source.name, whole, how)
    return _transcoded(source.name, whole, encoding, how)


def _watched(name: str, blocks: Iterator[bytes], how: Decoding) -> Iterator[bytes]:
    """Pass blocks on, and note whether what is to be read in another encoding is UTF-8 all the same."""
    decoder = codecs.getincrementaldecoder(UTF8)()
    is_ascii_in_it = "a".encode(how.encoding) == b"a"
    for block in blocks:
        try:
            decoder.decode(block)
            fits = is_ascii_in_it or b"\0" not in block  # text in UTF-16 has NULs
        except UnicodeDecodeError:
            fits = False
        if not fits or not is_ascii_in_it or not block.isascii():
            how.notes.is_utf8(name, how.encoding, fits)
        yield block
        if not fits:
            yield from blocks


def _transcoded(name: str, blocks: Iterator[bytes], encoding: str, how: Decoding) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict" if how.strict else _REPLACE)
    before = 0
    for block in itertools.chain(blocks, [b""]):
        state = decoder.getstate()
        try:
            data = _decoded(name, decoder, encoding, how, block, before)
        except UndecodableError as error:
            # What comes before it, first: a limit may end there.
            decoder.setstate(state)
            if readable := decoder.decode(block[: max(0, error.at - before)]).encode():
                yield readable
            raise
        before += len(block)
        if data:
            yield data


def _decoded(
    name: str, decoder: codecs.IncrementalDecoder, encoding: str, how: Decoding, block: bytes, before: int
) -> bytes:
    """Return a block as UTF-8, with `before` bytes of the source before it; b"" ends the source."""
    state = decoder.getstate()
    _replaced.bytes = 0
    try:
        data = decoder.decode(block, not block).encode()
    except UnicodeError as error:
        raise _refusal(name, encoding, error, block, before, how.several) from None
    how.notes.replaced(name, _replaced.bytes)
    if how.strict and b"\0" in data:
        decoder.setstate(state)
        raise binary(name, before + _first_nul(decoder, block), block)
    return data


def decoded_counting(data: bytes) -> tuple[str, int]:
    """Decode UTF-8 with U+FFFD for what is not; return the text, and how many bytes that stands for."""
    _replaced.bytes = 0
    return data.decode(UTF8, _REPLACE), _replaced.bytes


def undecodable(name: str, encoding: str, data: bytes, bad: int, offset: int, several: bool = False) -> DataError:
    """Return the error of a byte that is not in the encoding: data[bad], the source's byte number `offset`.

    `several`: see `Decoding`.
    """
    from fastw2v.files.likely_encoding import likely_encoding  # its tables are for errors alone

    # From a line's beginning, so that no character is cut there.
    begin = data.rfind(b"\n", 0, max(0, bad - _AROUND // 2)) + 1
    likely = likely_encoding(data[begin : bad + _AROUND])
    what = "UTF-8" if encoding == UTF8 else encoding
    goes_on = f"{given('encoding_errors', 'replace')} would read U+FFFD in its place"
    if offset == bad and _VECTORS.match(data):
        advice = _vectors(name)
    elif likely == encoding:
        advice = f"the rest is, so it is damaged there; {goes_on}"
    elif likely is not None:
        line = data.rfind(b"\n", 0, bad) + 1
        shown = data[max(line, bad - 12) : bad + 12].partition(b"\n")[0].decode(likely, "ignore").strip()
        reads = f"{given('encoding', likely)} would read it"
        if several:
            reads = f"convert this file to {what}, or, if all files are {likely}, give {given('encoding', likely)}"
        advice = f"the text looks like {likely} ({shown!r}): {reads}; {goes_on}"
    elif encoding == UTF8:
        advice = f"give its encoding by {named('encoding')}, or convert the file; {goes_on}"
    else:
        advice = f"the file is damaged there, or in another encoding; {goes_on}"
    return UndecodableError(f"{name}: byte {offset} (0x{data[bad]:02x}) is not {what}", advice, offset)


def binary(name: str, offset: int, block: bytes) -> DataError:
    """Return the error of a NUL, the source's byte number `offset`, in a block of it."""
    from fastw2v.files.likely_encoding import likely_encoding

    likely = likely_encoding(block[:_AROUND])
    advice = "it must be text"
    if block[offset : offset + 1] == b"\0" and _VECTORS.match(block):
        advice = _vectors(name)
    elif likely is not None:
        advice = f"text in {likely} without a byte order mark has such: {given('encoding', likely)} would read it"
    return UndecodableError(f"{name}: looks binary, with a NUL at byte {offset}", advice, offset)


def _vectors(name: str) -> str:
    return f"it looks like word2vec's binary vectors; {given('init_from', name)} begins with them"


def _refusal(name: str, encoding: str, error: UnicodeError, block: bytes, before: int, several: bool) -> DataError:
    if before == 0 and encoding in _NEED_MARKS and marked(block) is None:
        return _without_mark(name, encoding, block)
    if not isinstance(error, UnicodeDecodeError) or not error.object:
        return DataError(f"{name}: not {encoding}, after byte {before} ({error}).")
    # The object begins with bytes that the decoder held back from the block before.
    held = len(error.object) - len(block)
    return undecodable(name, encoding, error.object, error.start, before - held + error.start, several)


def _without_mark(name: str, encoding: str, block: bytes) -> DataError:
    """Return the error of what should be UTF-16 or UTF-32 and does not say which order its bytes have."""
    from fastw2v.files.likely_encoding import likely_encoding  # its tables are for errors alone

    likely = likely_encoding(block[:_AROUND]) or (UTF8 if block.isascii() and b"\0" not in block else None)
    advice = f"give {given('encoding', encoding + '-le')} or {given('encoding', encoding + '-be')}"
    if likely is not None:
        advice = f"it looks like {likely}: {given('encoding', likely)} would read it"
    return UndecodableError(f"{name}: has no byte order mark, which {encoding} needs", advice)


def _first_nul(decoder: codecs.IncrementalDecoder, block: bytes) -> int:
    """Return which byte of the block completes the first NUL; as slow as it is only met in an error."""
    return next((at for at in range(len(block)) if "\0" in decoder.decode(block[at : at + 1])), 0)


class _Replaced(threading.local):
    bytes = 0


_replaced = _Replaced()


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _replaced.bytes += error.end - error.start
    return "\ufffd", error.end


codecs.register_error(_REPLACE, _replace)
