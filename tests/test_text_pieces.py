"""Pieces of text hold the documents that iterating gives, cut only where that changes no word."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import AnyStr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fastw2v.errors import DataError
from fastw2v.text import MARKER, StoriesCorpus, TextCorpus, decoding, open_corpus, sources
from fastw2v.text import pieces as pieces_module
from fastw2v.text.documents import DocumentStream
from fastw2v.text.limits import Limit
from fastw2v.text.pieces import to_pieces, whole_documents
from fastw2v.text.sources import Source
from fastw2v.text.tokenise import words
from fastw2v.text.transcoding import Decoding


@dataclass(frozen=True)
class Memory(Source):
    """A source whose bytes are given."""

    data: bytes = b""

    def blocks(self) -> Iterator[bytes]:
        size = sources.BLOCK_BYTES
        return (self.data[start : start + size] for start in range(0, len(self.data), size))


def memory(data: bytes) -> Memory:
    return Memory("memory", None, None, data=data)


def joined(pieces: list[bytes]) -> list[str]:
    """The documents in pieces, found the slow way, after checking the pieces' form; those with words."""
    for piece in pieces:
        assert piece.endswith(b"\0") or piece.decode()[-1].isspace()
    *documents, rest = b"".join(pieces).decode().split("\0")
    assert rest == ""
    return [document for document in documents if document and not document.isspace()]


def outcome(texts: Iterator[AnyStr]) -> list[AnyStr] | str:
    try:
        return list(texts)
    except DataError as error:
        return str(error)


SNIPPETS = [
    "a",
    "bc",
    "é",
    "漢",
    "😀",
    "\u0301",
    "’",
    "'",
    " ",
    "\t",
    "\r",
    "\n",
    "\n\n",
    "\r\n",
    "\f",
    "\u00a0",
    "\u3000",
]
MARKERS = [MARKER, MARKER[:7], MARKER[7:], f"\n{MARKER}\n"]
BYTES = [codecs.BOM_UTF8, b"\xff", "漢".encode()[:2], b"\0", *(text.encode() for text in SNIPPETS + MARKERS)]
DATA = st.lists(st.sampled_from(BYTES)).map(b"".join)
LIMITS = st.none() | st.integers(1, 80).map(lambda n: Limit(bytes=n)) | st.integers(1, 5).map(lambda n: Limit(docs=n))


@given(
    data=st.lists(DATA, min_size=1, max_size=3),
    mode=st.sampled_from(["auto", "line", "blank", "marker"]),
    limit=LIMITS,
    errors=st.sampled_from(["strict", "replace", "replace"]),
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 20), st.integers(1, 20)),
)
@example([b"x\n \t\ny\n \n z"], "blank", None, "strict", (1, 1, 1))
@example([b"x\n\xe3\x80\x80 \xe3\x80\x80 \ny"], "blank", None, "strict", (2, 1, 1))
@example([b"a b\nc\n\n d"], "blank", None, "strict", (1, 1, 1))
@example([b"a b" + MARKER.encode() + b"  " + MARKER.encode() + b"c d"], "marker", Limit(docs=1), "strict", (3, 1, 1))
@example([b"ab cd"], "line", Limit(bytes=4), "strict", (1, 1, 1))
@example([b"x\n\na b\nc d\ne f\n"], "blank", Limit(bytes=9), "strict", (4, 1, 1))
@example([codecs.BOM_UTF8 + b"\0\n" + MARKER.encode() + b"\n"], "auto", Limit(bytes=1), "replace", (1, 1, 1))
@settings(deadline=None, max_examples=600)
def test_pieces_and_iteration_give_the_same_documents(
    data: list[bytes], mode: str, limit: Limit | None, errors: str, sizes: tuple[int, int, int]
) -> None:
    def stream() -> DocumentStream:
        return DocumentStream([memory(part) for part in data], mode, limit, Decoding(errors=errors))

    whole = outcome(iter(stream()))  # read in large blocks: nothing is cut
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "BLOCK_BYTES", sizes[0])
        patch.setattr(decoding, "LONG_LINE_BYTES", sizes[1])
        patch.setattr(pieces_module, "PIECE_CHARS", sizes[2])
        cut, pieces = outcome(iter(stream())), outcome(stream().pieces())
    if isinstance(cut, str) or isinstance(pieces, str):
        assert cut == pieces
        # Invalid bytes after the last document of the limit are met in small blocks, which are put together first.
        assert isinstance(whole, str) or (limit is not None and limit.docs == len(whole))
        return
    assert [words(document) for document in joined(pieces)] == [words(document) for document in cut]
    assert [document.split() for document in joined(pieces)] == [document.split() for document in cut]
    if isinstance(whole, str):  # invalid bytes that come after the last document of the limit, but in its block
        assert limit is not None
        assert limit.docs == len(cut)
    else:
        assert [document.split() for document in cut] == [document.split() for document in whole]


PARTS = st.lists(st.lists(st.sampled_from(["", " ", "a ", "bb ", "\n"]), min_size=1, max_size=4))


@given(PARTS, st.none() | st.integers(1, 4), st.integers(1, 6))
@settings(deadline=None, max_examples=500)
def test_parts_make_the_same_documents_whole_and_in_pieces(parts: list[list[str]], most: int | None, size: int) -> None:
    parts = [*parts, ["", ""]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces_module, "PIECE_CHARS", size)
        pieces = list(to_pieces(parts, most))
    assert [d.split() for d in joined(pieces)] == [d.split() for d in whole_documents(parts)][:most]


def test_a_corpus_can_be_read_as_pieces_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(codecs.BOM_UTF8 + b"The cat.\r\n\r\n \nsat\n")
    corpus = TextCorpus([path])
    for _ in range(2):
        assert list(corpus.pieces()) == [b"The cat.\r\0\r\0 \0sat\0\0"]
        assert (corpus.documents_mode, corpus.bytes_read) == ("line", 21)


def test_small_files_share_a_piece_and_large_ones_are_cut_at_two_megabytes(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number:03}.txt").write_text(f"{number}\n")
    assert list(TextCorpus([tmp_path]).pieces()) == [b"".join(b"%d\0\0" % number for number in range(100))]
    (tmp_path / "large.txt").write_text("a line of text\n" * 300_000)
    sizes = [len(piece) for piece in TextCorpus([tmp_path / "large.txt"]).pieces()]
    assert sum(sizes) == 15 * 300_000 + 1
    assert len(sizes) == 3
    assert max(sizes) <= 2**21 + 1


def test_pieces_are_cut_at_the_same_places_however_the_text_comes(tmp_path: Path) -> None:
    data = b"some words in a line \xc3\xa9\n" * 100_000 + b"and a long line " * 600_000
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "a.gz").write_bytes(gzip.compress(data, 1))
    plain, compressed = (list(TextCorpus([tmp_path / name]).pieces()) for name in ("a.txt", "a.gz"))
    assert plain == compressed
    assert len(plain) > 2


def endless(block: bytes, asked: list[int]) -> Iterator[bytes]:
    for number in range(1000):
        asked.append(number)
        yield block


@pytest.mark.parametrize(("mode", "block"), [("line", b"word " * 200_000), ("marker", b"word\n" * 200_000)])
def test_a_document_of_a_gigabyte_is_given_in_pieces_while_it_is_read(mode: str, block: bytes) -> None:
    @dataclass(frozen=True)
    class Endless(Source):
        def blocks(self) -> Iterator[bytes]:
            return endless(block, asked)

    asked: list[int] = []
    pieces = DocumentStream([Endless("endless", None, None)], mode).pieces()
    for number in range(20):
        piece = next(pieces)
        assert b"\0" not in piece
        assert len(piece) < 8 * 2**20
        assert piece.split() == [b"word"] * (len(piece) // 5)
        assert len(asked) <= 6 * (number + 1)


def test_a_limit_in_bytes_cuts_a_long_line_where_it_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BLOCK_BYTES", 4)
    monkeypatch.setattr(decoding, "LONG_LINE_BYTES", 4)
    monkeypatch.setattr(pieces_module, "PIECE_CHARS", 4)
    data = memory(b"a b c\nd e f g h i j k l m n o p\n")
    for limit in (6, 7, 20, 31, 99):
        pieces = b"".join(DocumentStream([data], "line", Limit(bytes=limit)).pieces())
        assert pieces == data.data[:limit].replace(b"\n", b"\0") + b"\0"


def test_ten_million_empty_lines_give_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\n" * 10_000_000 + b"end\n")
    assert b"".join(TextCorpus([path]).pieces()) == b"\0" * 10_000_000 + b"end\0\0"


def test_pieces_raise_what_iteration_raises(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    with pytest.raises(DataError, match=r"a\.txt is empty \(0 bytes\)"):
        list(TextCorpus([path]).pieces())
    path.write_bytes(b"ab\xff")
    with pytest.raises(DataError, match=r"a\.txt: byte 2 \(0xff\) is not UTF-8"):
        list(TextCorpus([path]).pieces())


def test_the_stories_come_in_pieces_within_their_limit() -> None:
    for limit in ("20docs", "4kB"):
        corpus = StoriesCorpus(limit)
        assert [words(story) for story in joined(list(corpus.pieces()))] == list(corpus)
    pieces = list(StoriesCorpus("3MB").pieces())
    assert 2 <= len(pieces) <= 3
    assert max(map(len, pieces)) < 2**21


@pytest.mark.parametrize(("name", "mode"), [("tinystories.txt", "marker"), ("wiki.txt", "line"), ("wiki.txt", "blank")])
def test_pieces_of_real_text_hold_its_documents(name: str, mode: str, shared_data: Path) -> None:
    corpus = open_corpus(shared_data / name, documents=mode, limit="9MB", tokenizer="whitespace")
    assert isinstance(corpus, TextCorpus)
    pieces = list(corpus.pieces())
    assert max(map(len, pieces)) < 2 * 2**21
    assert [document.split() for document in joined(pieces)] == list(corpus)
