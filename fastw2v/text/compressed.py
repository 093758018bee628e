"""Decompress gzip, bzip2, xz and Zstandard streams, recognised by their first bytes.

Whatever the data claims, a step decompresses into a bounded number of bytes.
"""

from __future__ import annotations

import bz2
import contextlib
import functools
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from fastw2v.errors import DataError
from fastw2v.files.content import COMPRESSED, START_BYTES, recognise
from fastw2v.system.optional import load

# By suffix: what it stands for.
COMPRESSIONS = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
# A few kB of Zstandard data can stand for many MB, which are decompressed at once: at worst 130 MB for 4 kB.
_INPUT_BYTES = 4096
# Of the others, each step gives at most so many.
_OUTPUT_BYTES = 2**20
# What an xz stream may ask for: 65 MiB at level 9, as much as it likes in a forged header.
_XZ_MEMORY = 2**30


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file's bytes, decompressed; see `decompressed`."""
    with path.open("rb") as stream:
        yield decompressed(stream, str(path), path.suffix.lower())


def decompressed(stream: BinaryIO, name: str, suffix: str = "") -> BinaryIO:
    """Return what reads the decompressed bytes of a stream, or the stream's own where it is not compressed.

    What it is its first bytes tell; where they do not, a suffix of COMPRESSIONS does, and reading it then fails. The
    stream is not closed with what is returned.

    Raises:
        OSError: it cannot be read.
        MissingExtraError: it is Zstandard data and zstandard is not installed.
        DataError: while reading: the data is damaged or cut off.
    """
    start, stream = _peeked(stream)
    found = recognise(start)
    kind = found.kind if found is not None and found.kind in COMPRESSED else COMPRESSIONS.get(suffix)
    if kind == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
    return stream if kind is None else io.BufferedReader(_Frames(stream, name, _codec(kind, name)))


def _peeked(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return a stream's first bytes, and a stream that begins with them."""
    if not stream.seekable():
        start = stream.read(START_BYTES)
        return start, io.BufferedReader(_Rejoined(start, stream))
    if isinstance(stream, io.BufferedReader):
        return stream.peek(START_BYTES)[:START_BYTES], stream
    place = stream.tell()
    start = stream.read(START_BYTES)
    stream.seek(place)
    return start, stream


class _Rejoined(io.RawIOBase):
    """Bytes that were read already, and the rest of the stream that they came from."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        """Say that it can be read, as `io.RawIOBase` wants it."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as the next read does; 0 at the end."""
        room = memoryview(buffer).cast("B")
        data = self._start[: len(room)] or self._rest.read(len(room))
        self._start = self._start[len(room) :]
        room[: len(data)] = data
        return len(data)


@dataclass(frozen=True)
class _Codec:
    """How a format is decompressed: what begins a frame, what damage raises, and the rest of each step's arguments."""

    kind: str
    begin: Callable[[], Any]
    damage: tuple[type[Exception], ...]
    bound: tuple[int, ...] = (_OUTPUT_BYTES,)


def _codec(kind: str, name: str) -> _Codec:
    if kind == "bzip2":
        return _Codec(kind, bz2.BZ2Decompressor, (OSError, ValueError))
    if kind == "xz":
        begin = functools.partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, _XZ_MEMORY)
        return _Codec(kind, begin, (lzma.LZMAError,))
    library = load("zstandard", f"{name}: reading it", "formats")
    # 2^31: what `zstd --long=31` needs; the library's default is 2^27.
    decompressor = library.ZstdDecompressor(max_window_size=2**31)
    return _Codec(kind, decompressor.decompressobj, (library.ZstdError,), bound=())


class _Frames(io.RawIOBase):
    """The frames of compressed data (streams, in bzip2 and xz), one after another.

    The libraries' own readers take data that was cut off inside a frame, or follows one and is damaged, for the end;
    frame by frame, the end of each is seen.

    Raises:
        DataError: while reading: the data is damaged or cut off.
    """

    def __init__(self, stream: BinaryIO, name: str, codec: _Codec) -> None:
        self._stream = stream
        self._name = name
        self._codec = codec
        self._frame: Any = None
        self._unread = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read, as `io.RawIOBase` wants it."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as one step of decompression does; 0 at the end."""
        while not self._ready:
            if not self._step():
                return 0
        room = memoryview(buffer).cast("B")
        size = min(len(room), len(self._ready))
        room[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _step(self) -> bool:
        """Decompress some more; False at the end."""
        inside = self._frame is not None and not self._frame.eof
        # A frame may hold back what went beyond the bound of the last step.
        if not self._unread and not (inside and not getattr(self._frame, "needs_input", True)):
            self._unread = self._stream.read(_INPUT_BYTES)
            if not self._unread:
                if inside:
                    raise self._damaged("it ends inside a frame")
                return False
        if not inside:
            if self._frame is not None and self._codec.kind == "xz":
                self._unread = self._unread.lstrip(b"\0")  # what may stand between two streams
            if not self._unread:
                return True
            self._frame = self._codec.begin()
        try:
            self._ready = memoryview(self._frame.decompress(self._unread, *self._codec.bound))
        except self._codec.damage as error:
            raise self._damaged(str(error)) from error
        self._unread = self._frame.unused_data if self._frame.eof else b""
        return True

    def _damaged(self, why: str) -> DataError:
        return DataError(f"{self._name}: damaged or incomplete {self._codec.kind} data ({why}).")
