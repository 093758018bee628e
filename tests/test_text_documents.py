"""What a document is, for every block size and every limit, against slow splitting of the whole text."""

from __future__ import annotations

import codecs
import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fastw2v.errors import DataError
from fastw2v.text import documents as documents_module
from fastw2v.text import sources
from fastw2v.text.decoding import MARKER
from fastw2v.text.documents import DocumentStream
from fastw2v.text.limits import Limit
from fastw2v.text.sources import Source
from fastw2v.text.transcoding import Decoding

MODES = ("line", "blank", "marker")


@dataclass(frozen=True)
class Stub(Source):
    """A source whose blocks come from a function."""

    give: Callable[[], Iterator[bytes]] = field(kw_only=True)

    def blocks(self) -> Iterator[bytes]:
        return self.give()


def stub(give: Callable[[], Iterator[bytes]]) -> Stub:
    return Stub("memory", None, None, give=give)


def memory(text: bytes | str) -> Stub:
    data = text.encode() if isinstance(text, str) else text
    size = sources.BLOCK_BYTES
    return stub(lambda: (data[start : start + size] for start in range(0, len(data), size)))


def read(
    *texts: bytes | str,
    mode: str,
    block: int = 2**20,
    limit: Limit | None = None,
    encoding_errors: str = "strict",
    encoding: str = "utf-8",
) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "BLOCK_BYTES", block)
        how = Decoding(encoding, encoding_errors)
        stream = DocumentStream([memory(text) for text in texts], mode, limit, how)
        return [document.strip() for document in stream]


def slow_documents(text: str, mode: str) -> list[tuple[str, int]]:
    """Each document with the byte it ends at, found by going through `text` a line or character at a time."""
    found, piece, at = [], "", 0

    def end() -> None:
        nonlocal piece
        begin = at - len(piece)
        if piece.strip():
            found.append((piece.strip(), len(text[: begin + len(piece.rstrip())].encode())))
        piece = ""

    if mode == "marker":
        while at < len(text):
            if text.startswith(MARKER, at):
                end()
                at += len(MARKER)
            else:
                piece += text[at]
                at += 1
    else:
        text = text.replace(MARKER, " " * len(MARKER))
        for line in re.findall(r"[^\n]*\n|[^\n]+$", text):
            if mode == "blank" and not line.strip():
                end()
                at += len(line)
                continue
            piece += line
            at += len(line)
            if mode == "line":
                end()
    end()
    return found


PIECES = [
    "a",
    "bc",
    "é",
    "漢",
    "😀",
    "\u0301",
    " ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\f",
]
TEXTS = st.lists(st.sampled_from([*PIECES, MARKER, MARKER[:7], MARKER[7:], "\n" + MARKER + "\n"])).map("".join)


@given(TEXTS, st.sampled_from(MODES), st.integers(1, 40))
@example(f"a{MARKER}b", "marker", 8)
@example("a\n \r\n\nb\n\n", "blank", 3)
@settings(deadline=None, max_examples=400)
def test_documents_are_the_same_for_every_block_size(text: str, mode: str, block: int) -> None:
    assert read(text, mode=mode, block=block) == [document for document, _ in slow_documents(text, mode)]


@given(TEXTS, TEXTS, st.sampled_from(MODES), st.integers(1, 40), st.integers(1, 120))
@example("ab", "", "line", 1, 2)
@example("a漢b", "", "line", 1, 3)
@example(f"ab {MARKER} \n c", "", "line", 5, 2)
@example(f"ab{MARKER}c", "", "marker", 6, 2)
@example(" ", "a", "line", 1, 1)
@example(" ", "\n", "line", 1, 2)
@settings(deadline=None, max_examples=400)
def test_a_byte_limit_reads_the_first_bytes_and_no_part_of_a_character(
    first: str, second: str, mode: str, block: int, limit: int
) -> None:
    kept = []
    for text in (first, second):
        size = len(text.encode())
        kept += slow_documents(text.encode()[: max(0, limit)].decode("utf-8", "ignore"), mode)
        limit -= size
    limit += len(first.encode()) + len(second.encode())
    assert read(first, second, mode=mode, block=block, limit=Limit(bytes=limit)) == [text for text, _ in kept]


def test_the_end_of_a_file_ends_a_document_in_every_mode() -> None:
    for mode in MODES:
        assert read("one", "two", mode=mode) == ["one", "two"]


def test_a_marker_is_not_put_together_from_two_files() -> None:
    assert read("a<|endof", "text|>b", mode="marker") == ["a<|endof", "text|>b"]
    stream = DocumentStream([memory("a<|endof"), memory("text|>b")])
    assert len(list(stream)) == 2
    assert stream.mode == "line"


def test_blank_lines_are_not_documents() -> None:
    assert read("\n\na\n \t\n\nb\n\n", mode="line") == ["a", "b"]


def test_carriage_returns_before_line_ends_are_white_space() -> None:
    assert read("a b\r\n\r\nc\r\n", mode="line") == ["a b", "c"]
    assert read("a\r\nb\r\n \r\nc\r\n", mode="blank") == ["a\r\nb", "c"]


def test_only_the_newline_character_ends_a_line() -> None:
    assert read("a\u2028b\x0bc\fd\x85e\rf\n", mode="line") == ["a\u2028b\x0bc\fd\x85e\rf"]


def test_lines_with_only_unicode_white_space_are_blank() -> None:
    assert read("a\n\u3000\u00a0\nb", mode="blank") == ["a", "b"]


def test_a_marker_splits_inside_a_line_in_marker_mode() -> None:
    assert read(f"{MARKER}a b{MARKER}c\nd{MARKER}", mode="marker") == ["a b", "c\nd"]


@pytest.mark.parametrize("mode", ["line", "blank"])
def test_a_marker_is_white_space_in_the_other_modes(mode: str) -> None:
    assert read(f"a\n{MARKER}\nb", mode=mode) == ["a", "b"]
    (document,) = read(f"a{MARKER}b", mode=mode)
    assert document.split() == ["a", "b"]


def test_a_byte_order_mark_is_dropped_at_the_start_of_each_file_only() -> None:
    mark = codecs.BOM_UTF8
    assert read(mark + b"a\nb", mark + b"c", mode="line", block=2) == ["a", "b", "c"]
    assert read(b"a" + mark + b"b", mode="line") == ["a\ufeffb"]
    assert read(b"a\n" + mark + b"b", mode="line", block=2) == ["a", "\ufeffb"]


def test_a_byte_order_mark_counts_as_three_bytes_of_the_limit() -> None:
    text = codecs.BOM_UTF8 + b"ab\ncd"
    assert read(text, mode="line", limit=Limit(bytes=5)) == ["ab"]
    assert read(text, mode="line", limit=Limit(bytes=7)) == ["ab", "c"]
    assert read(text, mode="line", limit=Limit(bytes=8)) == ["ab", "cd"]


def test_a_document_of_many_blocks_is_kept_whole() -> None:
    for mode in MODES:
        (document,) = read("word " * 50_000, mode=mode, block=1000)
        assert document == ("word " * 50_000).strip()


@pytest.mark.parametrize(("before", "mode"), [(10**6 - len(MARKER), "marker"), (10**6 - len(MARKER) + 1, "line")])
def test_auto_looks_for_the_marker_in_the_first_megabyte(before: int, mode: str) -> None:
    text = "a" * (before - 1) + "\n" + MARKER + "b\nc"
    stream = DocumentStream([memory(text)])
    assert len(list(stream)) == (2 if mode == "marker" else 3)
    assert stream.mode == mode


@pytest.mark.parametrize("limit", [None, Limit(bytes=10**6), Limit(docs=100)])
def test_auto_is_decided_for_each_file_by_itself_and_differences_are_noted(limit: Limit | None) -> None:
    four = [f"a b\nc{MARKER}d\n", "", "e f\ng\n", f"h{MARKER}i\nj"]
    for texts, mode in ((four, "mixed"), (four[:2], "marker"), (four[1:3], "line"), (four[1:2], "line")):
        streams = [DocumentStream([memory(text) for text in texts], limit=limit) for _ in range(2)]
        assert streams[0].mode == "auto"
        expected = [d for text in texts for d, _ in slow_documents(text, "marker" if MARKER in text else "line")]
        assert [document.strip() for document in streams[0]] == expected
        pieces = b"".join(streams[1].pieces()).decode().split("\0")
        assert [piece.strip() for piece in pieces if piece.strip()] == expected
        for stream in streams:
            assert stream.mode == mode
            said = stream.notes.sentences(len(expected), stream.bytes_read, stream.mode)
            differ = "separates in 2 (such as memory), a line in 1 (such as memory)"
            assert [differ in sentence for sentence in said] == [True] * (mode == "mixed")


def test_a_file_whose_lines_end_with_carriage_returns_alone_is_read_by_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for block in (1, 3, 2**20):
        assert read("a b\rc\r\rd", "e\rf\ng", mode="line", block=block) == ["a b", "c", "d", "e\rf", "g"]
        assert read("a b\rc\r\rd", mode="blank", block=block) == ["a b\nc", "d"]
    stream = DocumentStream([memory("a b\rc"), memory("d\n")])
    assert b"".join(stream.pieces()) == b"a b\0c\0d\0\0"
    assert stream.notes.sentences(3, 8, "line") == [
        "memory: lines end with a carriage return (CR) alone; read as lines."
    ]
    monkeypatch.setattr(documents_module, "PEEK_BYTES", 4)
    assert read("ab\rcd\n", mode="line") == ["ab", "cd"]
    assert read("a\rb\ncd\n", mode="line") == ["a\rb", "cd"]


def test_a_single_large_document_is_worth_a_note_that_says_what_cuts_it() -> None:
    large = "word " * 200_001
    for text, mode, expected in (
        (large, "line", "no line end within it"),
        (large + "\n", "line", "no line end within it"),
        ("a\u2028" + large, "line", "U+2028, which is white space here"),
        (large + "\n" + large, "blank", "documents='line' makes"),
        (large + "\n" + large, "marker", "documents='line' makes"),
        (large + "\n" + large, "line", None),
        (large[:-10], "line", None),
    ):
        stream = DocumentStream([memory(text)], mode)
        said = stream.notes.sentences(len(list(stream)), stream.bytes_read, mode)
        assert (
            (expected in said[0] and f"All {len(text.encode()):,} bytes are 1 document" in said[0])
            if expected
            else not said
        )


def test_a_limit_does_not_change_what_auto_stands_for() -> None:
    stream = DocumentStream([memory(f"a b\nc\n{MARKER}\nd")], limit=Limit(bytes=5))
    assert list(stream) == ["a b\nc"]
    assert stream.mode == "marker"


def test_a_limit_in_documents_counts_documents() -> None:
    assert read("a\n\nb\nc\n", mode="line", limit=Limit(docs=2)) == ["a", "b"]
    assert read("a", "b", "c", mode="line", limit=Limit(docs=2)) == ["a", "b"]


def test_a_limit_stops_the_reading_inside_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents_module, "PEEK_BYTES", 100)

    def endless() -> Iterator[bytes]:
        for number in range(1000):
            asked.append(number)
            yield b"word " * 20

    for read_all in (list, lambda stream: list(stream.pieces())):
        asked: list[int] = []
        stream = DocumentStream([stub(endless)], "line", Limit(bytes=250))
        assert len(read_all(stream)) == 1
        assert asked == [0, 1, 2]
        assert stream.bytes_read == 250


def test_files_after_the_limit_are_not_opened() -> None:
    def record() -> Iterator[bytes]:
        opened.append(True)
        yield b"cd"

    opened: list[bool] = []
    for limit, documents in ((3, ["ab"]), (5, ["ab", "cd"])):
        assert list(DocumentStream([memory("ab\n"), stub(record)], "line", Limit(bytes=limit))) == documents
        assert bool(opened) == (limit == 5)


@pytest.mark.parametrize("block", [1, 2, 3, 5, 2**20])
@pytest.mark.parametrize(
    ("data", "offset", "byte"),
    [
        (b"ab\ncd\xffef", 5, "ff"),
        (b"caf\xe9 au lait", 3, "e9"),
        ("漢字".encode() + b"\xe6\xbc\n", 6, "e6"),
        (b"ok\n" + "😀".encode()[:3], 3, "f0"),
        (codecs.BOM_UTF8 + b"a\n\x80", 5, "80"),
    ],
)
def test_bytes_that_are_not_utf8_are_an_error_with_their_offset(
    data: bytes, offset: int, byte: str, block: int
) -> None:
    with pytest.raises(DataError, match=rf"^memory: byte {offset} \(0x{byte}\) is not UTF-8; .*replace"):
        read("x\n", data, mode="line", block=block)


def test_offsets_count_decompressed_bytes_of_the_file_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.gz", tmp_path / "b.gz"
    good.write_bytes(gzip.compress(b"fine\n" * 1000))
    bad.write_bytes(gzip.compress(b"fine\n" * 1000 + b"\xc0"))
    with pytest.raises(DataError, match=r"b\.gz: byte 5000 \(0xc0\)"):
        list(DocumentStream(sources.find_sources([tmp_path]), "line"))


def test_replace_goes_on_with_the_replacement_character() -> None:
    assert read(b"caf\xe9 a\0b\n\xff\n", mode="line", encoding_errors="replace") == [
        "caf\ufffd a b",
        "\ufffd",
    ]


@given(st.binary(max_size=60), st.sampled_from(MODES), st.integers(1, 20))
@settings(deadline=None)
def test_replace_gives_the_same_documents_for_every_block_size(data: bytes, mode: str, block: int) -> None:
    whole = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").replace("\0", " ")
    whole = whole if "\n" in whole else whole.replace("\r", "\n")
    expected = [document for document, _ in slow_documents(whole, mode)]
    assert read(data, mode=mode, block=block, encoding_errors="replace") == expected


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text".encode("utf-16-le"), b"ab\0\n"])
def test_a_file_with_a_nul_is_called_binary_with_the_offset(data: bytes) -> None:
    for block in (1, 2**20) if data.isascii() else (2**20,):
        with pytest.raises(DataError, match=rf"looks binary, with a NUL at byte {data.index(0)}"):
            read("a file before it\n", data, mode="line", block=block)


def test_bytes_after_the_limit_are_not_complained_about() -> None:
    for bad in (b"\xff", b"\0"):
        data = b"ab\ncd\n" + bad * 3
        for limit in (Limit(bytes=6), Limit(docs=2)):
            assert read(data, mode="line", limit=limit) == ["ab", "cd"]
        for limit in (Limit(bytes=7), Limit(docs=3)):
            with pytest.raises(DataError, match="byte 6"):
                read(data, mode="line", limit=limit)
    # Of what is binary from its first line on, that is said, and not which byte is no UTF-8.
    with pytest.raises(DataError, match="looks binary"):
        read(b"\xff\n\0", mode="line", limit=Limit(docs=1))
