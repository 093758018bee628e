"""Text in any encoding gives what the same text in UTF-8 gives, however its bytes are cut into blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.text import Limit, TextCorpus, open_corpus, sources

CODECS = ("cp1252", "utf-16", "utf-16-le", "utf-32", "shift_jis", "gb18030", "iso2022_jp", "utf-7", "koi8-r", "hz")
TEXT = {
    "cp1252": "Der Löwe\nläuft – schön",
    "koi8-r": "Собака бежит\nи спит",
    "hz": "狗跑过桥\n睡了 ok",
    "gb18030": "狗跑过桥 😀\n睡了 ok",
}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("block", [1, 3, 7, 2**20])
def test_text_in_any_encoding_is_read_as_its_utf8_is(
    codec: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "BLOCK_BYTES", block)
    text = TEXT.get(codec, "犬が橋の上を\n走って、早く ok")
    (tmp_path / "a.txt").write_bytes(text.encode(codec))
    (tmp_path / "b.txt").write_text(text, encoding="utf-8")
    corpus, utf8 = TextCorpus([tmp_path / "a.txt"], encoding=codec), TextCorpus([tmp_path / "b.txt"])
    assert list(corpus) == list(utf8)
    assert b"".join(corpus.pieces()) == b"".join(utf8.pieces())
    assert corpus.bytes_read == len(text.encode())
    assert corpus.total_bytes is None
    first = len(text.partition("\n")[0].encode())
    assert len(list(TextCorpus([tmp_path / "a.txt"], encoding=codec, limit=Limit(bytes=first)))) == 1
    (tmp_path / "c.jsonl").write_bytes('{"text": "é"}\n'.encode("utf-16"))
    assert list(TextCorpus([tmp_path / "c.jsonl"])) == [["é"]]


def test_a_byte_order_mark_wins_and_is_noted(tmp_path: Path) -> None:
    for name, codec in (("a.txt", "utf-16"), ("b.txt", "utf-8-sig"), ("c.txt", "cp1252"), ("d.txt", "utf-32")):
        (tmp_path / name).write_bytes("é ü\n".encode(codec))
    corpus = TextCorpus([tmp_path], encoding="cp1252")
    assert list(corpus) == [["é", "ü"]] * 4
    assert corpus.notes(4) == [
        "a.txt: read as UTF-16, which the byte order mark names.",
        "d.txt: read as UTF-32, which the byte order mark names.",
        "b.txt: read as UTF-8, which the byte order mark names.",
    ]
    assert corpus.describe()["encoding"] == "cp1252"
    corpus = TextCorpus([tmp_path / "b.txt"])
    assert list(corpus) == [["é", "ü"]]
    assert corpus.notes(1) == []
    assert "encoding" not in corpus.describe()
    (tmp_path / "no suffix").write_bytes("Größe".encode("utf-16"))
    (tmp_path / "no suffix either").write_bytes("Größe".encode("cp1252"))
    assert len(TextCorpus([tmp_path]).sources) == 5
    assert len(TextCorpus([tmp_path], encoding="cp1252").sources) == 6


@pytest.mark.parametrize("block", [1, 5, 2**20])
def test_what_is_not_in_the_encoding_is_refused_with_its_offset_or_counted(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "BLOCK_BYTES", block)
    path = tmp_path / "a.txt"
    for codec, data, bad, said in (
        ("cp1252", b"caf\xe9 \x81 ok", 5, "(0x81) is not cp1252; the file is damaged there, or in another encoding;"),
        ("shift_jis", "犬が橋の".encode("shift_jis") + b"\xff ok", 8, "(0xff) is not shift_jis"),
        ("utf-16-le", "ab\n".encode("utf-16-le") + b"\0\xdc a", 6, "(0x00) is not utf-16-le"),
        ("gb18030", "狗跑".encode("gb18030") + b"\x81", 4, "(0x81) is not gb18030"),
        (
            "utf-8",
            b"caf\xe9 au lait, s'il vous pla\xeet",
            3,
            "(0xe9) is not UTF-8; the text looks like cp1252 ('café",
        ),
        (
            "utf-8",
            "Löwe läuft früh ".encode() + b"\xff",
            19,
            "(0xff) is not UTF-8; the rest is, so it is damaged",
        ),
        ("ascii", "a Löwe läuft".encode("cp1252"), 3, "(0xf6) is not ascii; the text looks like cp1252 ('a Löwe"),
    ):
        path.write_bytes(data)
        with pytest.raises(DataError) as caught:
            list(TextCorpus([path], encoding=codec))
        message = str(caught.value)
        if not (block < 100 and "looks like" in said):  # what surrounds the byte lies in other blocks
            assert message.startswith(f"{path}: byte {bad} {said}"), message
        assert f"byte {bad} (" in message
        assert "encoding_errors='replace' would read U+FFFD" in message
        corpus = TextCorpus([path], encoding=codec, encoding_errors="replace")
        documents = list(corpus)
        assert corpus.notes(len(documents))[0].startswith("Replaced ")
        assert b"".join(corpus.pieces()).decode().count("\ufffd") >= 1


def test_a_nul_is_refused_where_it_is_and_likely_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for codec, data, said in (
        ("utf-8", "The dog runs over it".encode("utf-16-le"), "NUL at byte 1; text in utf-16-le without"),
        ("utf-8", b"ab\0\xff", "NUL at byte 2; it must be text."),
        ("cp1252", "The dog runs over it".encode("utf-16-be"), "NUL at byte 0; text in utf-16-be without"),
        ("shift_jis", "犬が\0".encode("shift_jis"), "NUL at byte 4; it must be text."),
        ("utf-16-le", "犬\0".encode("utf-16-le"), "NUL at byte 3; it must be text."),
    ):
        path.write_bytes(data)
        with pytest.raises(DataError) as caught:
            list(TextCorpus([path], encoding=codec))
        assert f"looks binary, with a {said}" in str(caught.value)


@pytest.mark.parametrize("block", [5, 2**20])
def test_replaced_bytes_are_counted_by_file_within_the_limit(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "BLOCK_BYTES", block)
    (tmp_path / "a.txt").write_bytes(b"caf\xe9 \xff\xfe\nok\0\n")
    (tmp_path / "b.txt").write_bytes(b"fine\n")
    (tmp_path / "c.txt").write_bytes(b"\xe6\xbc\n")
    replaced = "bytes that are not in the encoding, in"
    for limit, said in (
        (None, f"Replaced 6 {replaced} 2 files: a.txt and 1 more."),
        (Limit(bytes=8), f"Replaced 3 {replaced} 1 file: a.txt."),
    ):
        corpus = TextCorpus([tmp_path], encoding_errors="replace", limit=limit)
        for _ in range(2):
            documents = list(corpus)
            assert corpus.notes(len(documents)) == [said]
        list(corpus.pieces())
        assert corpus.notes(3) == [said]


def test_encoding_applies_to_text_alone_and_its_name_is_checked(tmp_path: Path) -> None:
    for corpus in (None, [["a", "b"]]):
        with pytest.raises(UsageError, match="encoding does not apply to"):
            open_corpus(corpus, encoding="cp1252")
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(UsageError, match=r"Got 'cp125' \(did you mean 'cp1252'"):
        open_corpus(tmp_path / "a.txt", encoding="cp125")


def test_bytes_after_the_limit_are_not_complained_about_in_any_encoding(tmp_path: Path) -> None:
    path, text = tmp_path / "a.txt", "der Löwe läuft\n"
    for codec, bad in (("cp1252", b"\x81"), ("shift_jis", b"\xff"), ("utf-16-le", b"\0\xdc a"), ("utf-8", b"\xff")):
        text = "犬が橋の上\n" if codec == "shift_jis" else text
        size = len(text.encode())
        path.write_bytes(text.encode(codec) * 4 + bad + text.encode(codec))
        for limit in (size, size * 2, size * 4):
            corpus = TextCorpus([path], encoding=codec, limit=Limit(bytes=limit))
            assert len(list(corpus)) == limit // size
            assert corpus.notes(9) == []
        corpus = TextCorpus([path], encoding=codec, encoding_errors="replace", limit=Limit(bytes=size * 5 + 9))
        assert len(list(corpus)) == 5
        assert corpus.notes(9)[0].startswith("Replaced ")
        with pytest.raises(DataError, match=f"is not {codec if codec != 'utf-8' else 'UTF-8'}"):
            list(TextCorpus([path], encoding=codec, limit=Limit(bytes=size * 5 + 9)))


def test_utf8_read_in_another_encoding_is_said(tmp_path: Path) -> None:
    german = "der Löwe läuft\n"
    for name, codec in (("a", "utf-8"), ("b", "cp1252"), ("c", "utf-8"), ("d", "ascii")):
        (tmp_path / f"{name}.txt").write_bytes(german.encode(codec, "ignore"))
    with pytest.raises(DataError, match="convert this file to UTF-8, or, if all files are cp1252, give encoding='cp1"):
        list(TextCorpus([tmp_path]))
    valid = ": read as cp1252, but valid UTF-8, which text in cp1252 hardly ever is. If so, "
    for names, said in (
        ("abcd", [f"a.txt and 1 more{valid}convert b.txt to UTF-8 and leave out encoding='cp1252'."]),
        ("a", [f"a.txt{valid}leave out encoding='cp1252'."]),
        ("bd", []),
    ):
        corpus = TextCorpus([tmp_path / f"{name}.txt" for name in names], encoding="cp1252")
        list(corpus)
        assert corpus.notes(4) == said
    for codec, name, expected in (("utf-16-le", "d", True), ("utf-16-le", "wide", False), ("iso2022_jp", "jp", False)):
        (tmp_path / "wide.txt").write_bytes(german.encode("utf-16-le"))
        (tmp_path / "jp.txt").write_bytes("犬が橋の\n".encode("iso2022_jp"))
        corpus = TextCorpus([tmp_path / f"{name}.txt"], encoding=codec, encoding_errors="replace")
        list(corpus)
        assert any("but valid UTF-8" in note for note in corpus.notes(4)) == expected


def test_advice_on_encodings_helps(tmp_path: Path) -> None:
    path, german = tmp_path / "a.txt", "der Löwe läuft über die Brücke\n" * 3
    for codec, data, said in (
        ("utf-16", german.encode("utf-16-le"), "has no byte order mark, which utf-16 needs; it looks like utf-16-le: "),
        ("utf-16", b"plain ASCII", "it looks like utf-8: encoding='utf-8' would read it"),
        ("utf-32", bytes([9, 0, 1, 5] * 3), "encoding='utf-32-le' or encoding='utf-32-be'"),
        ("utf-8", german.encode("utf-16") + b"\n", "is not utf-16; the file is damaged there"),
    ):
        path.write_bytes(data)
        with pytest.raises(DataError) as caught:
            list(TextCorpus([path], encoding=codec))
        assert said in str(caught.value)
    for name, said in (("undefined", ""), ("ansi", r" \(did you mean 'cp1252'\?\)"), ("Unicode", r".*'utf-16'")):
        with pytest.raises(UsageError, match=f"^encoding must be .*Got '{name}'{said}"):
            TextCorpus([path], encoding=name)
