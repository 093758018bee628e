r"""Group parts of text into documents, or into pieces for encoding.

A *part* is a list of texts, as splitting text at its separators gives it: between two of them a document ends;
the first goes on with the document that the part before left open, the last is left open. Wherever the text was
cut inside a document, white space stands at the end of what came before.

A *piece* is about two megabytes of text as UTF-8 in which a NUL ends a document; NUL stands nowhere else. Knows nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Part = list[str]

END = "\0"
END_BYTE = END.encode()
# An open document is given in pieces of at least this many characters; of whole documents, half of it is enough,
# so that a block of text, less the line it cuts, is one piece.
PIECE_CHARS = 2**21


def whole_documents(parts: Iterable[Part]) -> Iterator[str]:
    """Put the documents together, each whole; those with only white space are left out."""
    opened: list[str] = []
    for part in parts:
        opened.append(part[0])
        if len(part) > 1:
            yield from _filled(["".join(opened), *part[1:-1]])
            opened = [part[-1]]


def to_pieces(parts: Iterable[Part], most: int | None = None) -> Iterator[bytes]:
    """Put the documents, at most `most` of them, into pieces; a long one is given in several.

    White space before a document's first other character may be left out.
    """
    ready: list[str] = []  # ended documents, each with its END
    size = 0  # of them
    opened: list[str] = []  # the open document, as far as it was not given yet
    begun = False  # something of it is not white space
    left = most
    for part in parts:
        begun = _extend(opened, part[0], begun)
        if len(part) > 1:
            documents = _filled(part[1:-1])
            if begun:
                documents.insert(0, "".join(opened))
            if left is not None:
                documents = documents[:left]
                left -= len(documents)
            ready.append(END.join([*documents, ""]) if documents else "")
            size += len(ready[-1])
            opened = []
            begun = _extend(opened, part[-1], begun=False)
        if left == 0:
            break
        cut = sum(map(len, opened)) >= PIECE_CHARS
        if size and (cut or size >= PIECE_CHARS // 2):
            yield "".join(ready).encode()
            ready, size = [], 0
        if cut:
            yield "".join(opened).encode()
            opened = []
    if size:
        yield "".join(ready).encode()


def gathered(texts: Iterable[bytes]) -> Iterator[bytes]:
    """Join pieces that are small, such as those of small files, to some of a megabyte at least; large ones stay."""
    ready: list[bytes] = []
    size = 0
    for text in texts:
        ready.append(text)
        size += len(text)
        if size >= PIECE_CHARS // 2:
            yield b"".join(ready)
            ready, size = [], 0
    if ready:
        yield b"".join(ready)


def _extend(opened: list[str], text: str, begun: bool) -> bool:
    begun = begun or bool(text and not text.isspace())
    if begun:
        opened.append(text)
    return begun


def _filled(documents: list[str]) -> list[str]:
    return [document for document in documents if document and not document.isspace()]
