"""Files, compressed files, directories and standard input as streams of bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
from pathlib import Path

import pytest

import fastw2v
from fastw2v import KeyedVectors, Settings, Word2Vec
from fastw2v.corpus import store
from fastw2v.errors import DataError, UsageError
from fastw2v.text import sources
from fastw2v.text.sources import find_sources


def contents(*paths: str | os.PathLike[str]) -> list[bytes]:
    return [b"".join(source.blocks()) for source in find_sources(paths)]


def test_a_file_gives_its_bytes_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abcdefgh")
    monkeypatch.setattr(sources, "BLOCK_BYTES", 3)
    (source,) = find_sources([path])
    assert list(source.blocks()) == [b"abc", b"def", b"gh"]
    assert source.size == 8
    assert source.name == str(path)


def test_a_gz_file_gives_its_decompressed_bytes_and_no_size(tmp_path: Path) -> None:
    path = tmp_path / "a.TXT.GZ"
    path.write_bytes(gzip.compress(b"one\ntwo\n"))
    assert contents(path) == [b"one\ntwo\n"]
    assert find_sources([path])[0].size is None


def test_several_paths_keep_their_order(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    assert contents(tmp_path / "b", str(tmp_path / "a")) == [b"b", b"a"]


def test_a_directory_gives_its_text_files_sorted_by_path_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.TEXT", "a/b/c.txt", "notes.md", ".hidden.txt", ".git/x.txt", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"c.gz"))
    numbers = [f"d{number:02}.txt" for number in range(20)]
    for name in numbers[1::2] + numbers[::2]:
        (tmp_path / name).write_text(name)
    expected = ["a/b/c.txt", "a/z.TEXT", "a.txt", "b.txt", "c.gz", *numbers]
    assert contents(tmp_path) == [name.encode() for name in expected]


def test_a_directory_says_what_it_leaves_out_and_takes_text_without_a_suffix(tmp_path: Path) -> None:
    text, left_out = b"some words\n", {"1 .pdf.gz": "f.pdf.gz", "1 .tar.gz": "g.tar.gz", "3 .md": "n.md"}
    read = ["AA/wiki_00", "B.TXT", "a.txt", "c.txt.bz2", "d.XZ", "news.2009", "news.en-00001-of-00100", "packed"]
    for name in (*read, *left_out.values(), "AA/n.MD", "o.md", ".git/x", ".a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    (tmp_path / "c.txt.bz2").write_bytes(bz2.compress(text))
    (tmp_path / "d.XZ").write_bytes(lzma.compress(text))
    (tmp_path / "packed").write_bytes(gzip.compress(text))
    (tmp_path / "page.txt").write_bytes(b"<html>404 Not found")
    (tmp_path / "program").write_bytes(b"ab\0cd")
    (tmp_path / "nothing").write_bytes(b"")
    (tmp_path / "linked").symlink_to(tmp_path / "AA")
    said: list[str] = []
    found = find_sources([tmp_path], said)
    assert [str(source.path) for source in found] == [str(tmp_path / name) for name in read]
    assert {b"".join(source.blocks()) for source in found} == {text}
    (sentence,) = said
    assert sentence.startswith(f"Left out of {tmp_path}: 3 .md, 2 hidden, ")
    assert sentence.endswith(". A file that is named, or fits a pattern, is read.")
    for kind in (*left_out, "1 web page (HTML)", "1 linked folder", "1 binary", "1 empty without a suffix"):
        assert kind in sentence
    assert len(find_sources([tmp_path / "n.md", tmp_path / "*.md"], said)) == 3
    assert len(said) == 1


def test_models_and_encoded_corpora_in_a_directory_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("some words and some more words\n" * 50)
    fastw2v.encode_text(tmp_path / "a.txt", Settings(), tmp_path / "sub" / "corpus")
    model = Word2Vec(engine="numpy", vector_size=4, min_count=1, epochs=1, sample=0)
    model.fit(tmp_path / "a.txt").save(tmp_path / "sub" / "model")
    (tmp_path / "sub" / "words.txt").write_text("mine")
    assert [source.path for source in find_sources([tmp_path])] == [tmp_path / "a.txt", tmp_path / "sub" / "words.txt"]


def test_a_directory_without_text_is_an_error_that_names_the_suffixes(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    with pytest.raises(DataError, match=r"no text in this directory.*\*\.txt, \*\.text, \*\.gz.*; left out: 1 \.md\."):
        find_sources([tmp_path])


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"caf\xc3\xa9\n")))
    assert contents("-") == [b"caf\xc3\xa9\n"]


def test_standard_input_given_twice_is_an_error() -> None:
    with pytest.raises(UsageError, match="only once"):
        find_sources(["-", "-"])


def test_a_missing_path_is_an_error_that_suggests_a_close_name(tmp_path: Path) -> None:
    (tmp_path / "corpus.txt").write_text("x")
    with pytest.raises(UsageError, match=r"no file or directory .*corpsu\.txt'; did you mean .*/corpus\.txt'\?$"):
        find_sources([tmp_path / "corpsu.txt"])


@pytest.mark.parametrize("name", ["nothing-like-it", "no/such/folder/x.txt", "a\0b", "long " * 2000])
def test_a_path_that_cannot_exist_is_one_short_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="There is no file or directory") as caught:
        find_sources([name])
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["cut", "not gzip", "changed"])
def test_a_damaged_gz_file_is_an_error_that_names_it(damage: str, tmp_path: Path) -> None:
    data = gzip.compress(os.urandom(5000))
    broken = {
        "cut": data[:-2000],
        "not gzip": b"plain text",
        "changed": data[:50] + b"\xff" * 200 + data[250:],
    }
    path = tmp_path / "a.gz"
    path.write_bytes(broken[damage])
    with pytest.raises(DataError, match=r"a\.gz: damaged or incomplete gzip data"):
        contents(path)


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"a\.txt: cannot be read \(Permission denied\)"):
        contents(path)


def test_a_directory_that_cannot_be_listed_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match=r"cannot be read \(Permission denied\)"):
        find_sources([tmp_path])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_is_a_source_of_unknown_size_read_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (source,) = find_sources([tmp_path / "pipe"])
    assert source.once
    assert source.size is None


def test_an_address_is_not_fetched_and_says_so() -> None:
    for address in ("https://example.com/x.txt", "s3://bucket/x.txt?a=[1]"):
        for given in (address, Path(address)):
            with pytest.raises(UsageError, match="Addresses are not fetched") as caught:
                find_sources([given])
            assert f"Got {address}; download the file and give its path." in str(caught.value)
    words = KeyedVectors(["a", "b"], [[1.0, 2.0], [2.0, 1.0]])
    for refused in (
        Word2Vec.load,
        KeyedVectors.load,
        KeyedVectors.load_word2vec_format,
        words.evaluate_word_pairs,
        lambda path: Word2Vec().fit([["a", "b"]], init_from=path),
    ):
        with pytest.raises(UsageError, match="Addresses are not fetched"):
            refused(address)
    for written in (
        words.save,
        words.save_word2vec_format,
        lambda path: Word2Vec(engine="numpy", sample=0, min_count=1).fit([["a", "b"] * 9]).save(path),
        lambda path: store.check_output(path),
    ):
        with pytest.raises(UsageError, match=r"Addresses are not written to\. Got s3://bucket/x.txt"):
            written(address)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipes_and_broken_links_in_a_folder_are_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("some words")
    for name in ("p.txt", "p.jsonl", "p.gz", "p"):
        os.mkfifo(tmp_path / name)
    for name in ("dead", "dead.txt", "dead.gz"):
        (tmp_path / name).symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    said: list[str] = []
    assert [source.path for source in find_sources([tmp_path], said)] == [tmp_path / "a.txt"]
    assert said[0].startswith(f"Left out of {tmp_path}: 4 broken links, 4 no regular files. ")


def test_text_without_a_suffix_in_another_encoding_is_not_called_binary(tmp_path: Path) -> None:
    german = "der Löwe läuft über die Brücke\n" * 5
    (tmp_path / "a.txt").write_text("some words")
    (tmp_path / "western").write_bytes(german.encode("cp1252"))
    (tmp_path / "wide").write_bytes(german.encode("utf-16-le"))
    (tmp_path / "numbers").write_bytes(bytes([1, 0, 2, 0, 3, 0]) * 50)
    said: list[str] = []
    assert len(find_sources([tmp_path], said)) == 1
    for kind in ("1 binary", "in another encoding (looks like cp1252)", "in another encoding (looks like utf-16-le)"):
        assert kind in said[0]
    said.clear()
    assert len(find_sources([tmp_path], said, "cp1252")) == 2
    assert "cp1252" not in said[0]
