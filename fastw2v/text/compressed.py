"""Compressed files as streams of decompressed bytes: .gz and .zst, told by the name alone.

Knows the errors, and zstandard once a .zst file is opened.
"""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any, BinaryIO, cast

from fastw2v.errors import DataError
from fastw2v.extras import load

GZIP, ZSTD = ".gz", ".zst"
COMPRESSIONS = (GZIP, ZSTD)
# A few kB of compressed data can stand for many MB, which are decompressed at once: at worst 130 MB for 4 kB.
_INPUT_BYTES = 4096


def open_file(path: Path) -> BinaryIO:
    """Open a file's bytes, decompressed if its name says that they are compressed.

    Raises:
        OSError: it cannot be opened.
        MissingExtraError: it is a .zst file and zstandard is not installed.
    """
    kind = path.suffix.lower()
    if kind == GZIP:
        return cast("BinaryIO", gzip.open(path, "rb"))
    if kind == ZSTD:
        return io.BufferedReader(_ZstdFile(path))
    return path.open("rb")


class _ZstdFile(io.RawIOBase):
    """The frames of a .zst file, one after another.

    The library's own reader takes a file that was cut off inside a frame for a whole one; frame by frame, the
    end of each is seen.

    Raises:
        DataError: while reading: the data is damaged or cut off.
    """

    def __init__(self, path: Path) -> None:
        self._library = load("zstandard", f"{path}: reading it", "formats")
        # 2^31: what `zstd --long=31` needs; the library's default is 2^27.
        self._decompressor = self._library.ZstdDecompressor(max_window_size=2**31)
        self._frame: Any = None
        self._unread = b""
        self._ready = memoryview(b"")
        self._path = path
        self._file = path.open("rb")

    def readable(self) -> bool:
        """Say that it can be read, as `io.RawIOBase` wants it."""
        return True

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as one step of decompression does; 0 at the end."""
        while not self._ready:
            self._unread = self._unread or self._file.read(_INPUT_BYTES)
            if not self._unread:
                if self._frame is not None and not self._frame.eof:
                    raise self._damaged("it ends inside a frame")
                return 0
            self._decompress()
        room = memoryview(buffer).cast("B")
        size = min(len(room), len(self._ready))
        room[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _decompress(self) -> None:
        if self._frame is None or self._frame.eof:
            self._frame = self._decompressor.decompressobj()
        try:
            self._ready = memoryview(self._frame.decompress(self._unread))
        except self._library.ZstdError as error:
            raise self._damaged(str(error)) from error
        self._unread = self._frame.unused_data if self._frame.eof else b""

    def _damaged(self, why: str) -> DataError:
        return DataError(f"{self._path}: damaged or incomplete zstd data ({why}).")
