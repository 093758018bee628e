"""Recognise what a file is by its first bytes, for reading and for messages.

The signatures are those of the formats' own specifications.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# As many bytes from the start as are looked at: a tar header has 512, a page may begin with comments.
START_BYTES = 4096

_TEXT_INSTEAD = "save it as plain text"
_UNPACK = "unpack it and pass the files in it"
_NO_CODE = "pickles run code and are never loaded; write what it holds in another format, such as text or .npz"


@dataclass(frozen=True)
class Content:
    """A kind of file.

    Attributes:
        kind: its short name, such as "gzip" or "html".
        what: what to call it in a sentence, with its article.
        instead: what to do with it where something else was expected: the end of such a sentence.
    """

    kind: str
    what: str
    instead: str

    def refusal(self, name: str, expected: str) -> str:
        """Return the line that says so, begun by `name`: `expected` is what was wanted, such as "text"."""
        return f"{name} is {self.what}, not {expected}; {self.instead}."


# Streams of compressed bytes: whoever can decompress them reads what is within.
COMPRESSED = {
    "gzip": Content("gzip", "gzip data", "decompress it: gunzip -k FILE"),
    "bzip2": Content("bzip2", "bzip2 data", "decompress it: bunzip2 -k FILE"),
    "xz": Content("xz", "xz data", "decompress it: unxz -k FILE"),
    "zstd": Content("zstd", "Zstandard data", "decompress it: unzstd FILE"),
}
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")

_STARTS: tuple[tuple[bytes, Content], ...] = (
    (b"\x1f\x8b\x08", COMPRESSED["gzip"]),
    (b"\xfd7zXZ\0", COMPRESSED["xz"]),
    (b"\x28\xb5\x2f\xfd", COMPRESSED["zstd"]),
    (b"PAR1", Content("parquet", "a Parquet file", "give it a name that ends in .parquet")),
    (b"ARROW1\0\0", Content("arrow", "an Arrow file", "write it as Parquet")),
    (b"\x93NUMPY", Content("npy", "a NumPy array (.npy)", "words come in an .npz beside their vectors")),
    (b"\x89HDF\r\n\x1a\n", Content("hdf5", "an HDF5 file", "write what it holds as text or .npz")),
    (b"SQLite format 3\0", Content("sqlite", "an SQLite database", "export its text, one document a line")),
    (b"version https://git-lfs.github.com/spec/", Content("lfs", "a Git LFS pointer", "fetch the file: git lfs pull")),
    (b"%PDF-", Content("pdf", "a PDF document", "extract its text: pdftotext FILE")),
    (b"%!PS", Content("postscript", "a PostScript document", "extract its text: ps2ascii FILE")),
    (b"{\\rtf", Content("rtf", "a rich text document (RTF)", _TEXT_INSTEAD)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content("office", "an old Word or Office document", _TEXT_INSTEAD)),
    (b"\xba\x16\x4f\x2f", Content("fasttext", "a fastText model (.bin)", "its vectors are in the .vec file beside it")),
    (b"7z\xbc\xaf\x27\x1c", Content("7z", "a 7z archive", _UNPACK)),
    (b"Rar!\x1a\x07", Content("rar", "a RAR archive", _UNPACK)),
    (b"\x7fELF", Content("program", "a program", "pass a file of text")),
    (b"\x89PNG\r\n\x1a\n", Content("image", "a PNG image", "pass a file of text")),
    (b"\xff\xd8\xff", Content("image", "a JPEG image", "pass a file of text")),
    (b"GIF8", Content("image", "a GIF image", "pass a file of text")),
    # Protocols 2 to 5, and how those of protocol 0 usually begin.
    *((start, Content("pickle", "a pickle", _NO_CODE)) for start in (b"\x80\2", b"\x80\3", b"\x80\4", b"\x80\5")),
    *((start, Content("pickle", "a pickle", _NO_CODE)) for start in (b"(lp0\n", b"(dp0\n", b"ccopy_reg\n")),
)
# With those of bzip2 and zip. Most text begins with none of them, and is told at once.
_FIRST_BYTES = {b"B", b"P", *(start[:1] for start, _ in _STARTS)}
_ZIP = Content("zip", "a zip archive", _UNPACK)
# By the name of the first file in an archive, 30 bytes from its start, and what follows that name.
_ZIPPED: tuple[tuple[str, Content], ...] = (
    (r"\[Content_Types\]|_rels/|docProps/|word/", Content("office", "a Word or Office document", _TEXT_INSTEAD)),
    (r"mimetypeapplication/vnd\.oasis", Content("office", "an OpenDocument file (.odt, ...)", _TEXT_INSTEAD)),
    (r"mimetypeapplication/epub", Content("epub", "an e-book (EPUB)", _TEXT_INSTEAD)),
    (r"[\w./ -]+data\.pkl", Content("pickle", "a PyTorch file, which is a pickle", _NO_CODE)),
    (r"[\w./ -]+\.npy", Content("npz", "a NumPy archive (.npz)", "it holds arrays")),
)
_ZIP_NAME = 30
_TAR = Content("tar", "a tar archive", "unpack it and pass the files in it: tar xf FILE")
_SAFETENSORS = Content("safetensors", "a safetensors file", "it holds arrays")
_HTML = Content(
    "html", "a web page (HTML)", "download the file itself, or save the page's text; often it is an error page"
)
_WIKI = Content("wiki", "a MediaWiki dump (XML)", "extract its text, for example with wikiextractor")
_XML = Content("xml", "XML", "extract its text")


def recognise(start: bytes) -> Content | None:
    """Return what a file is that begins with these bytes, START_BYTES of them or all it has.

    None: nothing that has a signature; it may be text. An archive of gzip data (.tar.gz) is gzip data.
    """
    if start[:1] in _FIRST_BYTES:
        for signature, content in _STARTS:
            if start.startswith(signature):
                return content
        if _BZIP2.match(start):
            return COMPRESSED["bzip2"]
        if start[:4] in (b"PK\3\4", b"PK\5\6"):
            return next((content for name, content in _ZIPPED if re.match(name.encode(), start[_ZIP_NAME:])), _ZIP)
    if start[257:262] == b"ustar":
        return _TAR
    if start[8:10] == b'{"' and 2 < int.from_bytes(start[:8], "little") < 2**32:
        return _SAFETENSORS
    return _markup(start)


def looks_like_text(start: bytes) -> bool:
    """Whether these first bytes of a file are UTF-8 without NUL, of no format with a signature.

    A character that the last byte cuts counts as whole. No bytes at all are not text.
    """
    if not start or b"\0" in start or recognise(start) is not None:
        return False
    try:
        codecs.utf_8_decode(start, "strict", False)  # not the end: a cut character is fine
    except UnicodeDecodeError:
        return False
    return True


def _markup(start: bytes) -> Content | None:
    begin = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if not begin.startswith(b"<"):
        return None
    begin = begin[:START_BYTES].lower()
    if not begin.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<mediawiki", b"<!--")):
        return None
    if b"<mediawiki" in begin:
        return _WIKI
    if b"<html" in begin or begin.startswith((b"<!doctype html", b"<head")):
        return _HTML
    return _XML if begin.startswith((b"<?xml", b"<!doctype")) else None
