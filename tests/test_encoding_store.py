"""Encoded corpora on disk: what is written, every kind of damage, and faults while writing: whole, or not there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fastw2v
from fastw2v import Settings, Word2Vec
from fastw2v.cli.app import run
from fastw2v.corpus import reading, sinks, snapshot, store
from fastw2v.corpus.cache import Cache
from fastw2v.corpus.encoder import encode_pieces
from fastw2v.corpus.interfaces import NO_WORD, Numbered
from fastw2v.corpus.sinks import FileSink, smallest_dtype
from fastw2v.corpus.snapshot import Snapshot
from fastw2v.errors import DataError, Fastw2vError, UsageError
from fastw2v.files import digest, locks
from fastw2v.files.locks import locked
from fastw2v.text import TextCorpus, open_corpus

ROOT = Path(fastw2v.__file__).parents[1]
PIECES = ["the cat saw the dog\0the dog ran\0\0", "a cat\0"]
DOCUMENTS = [["the", "cat", "saw", "the", "dog"], ["the", "dog", "ran"], ["a", "cat"]]
FILES = ("ids.bin", "offsets.bin", "words.txt", "counts.bin", "manifest.json")
POSIX = pytest.mark.skipif(os.name != "posix", reason="locks, kills and limits of POSIX systems")


def fill_from(pieces: Iterable[str | bytes], **how: Any) -> store.Fill:
    def fill(sink: FileSink) -> tuple[list[str], Any, dict[str, Any]]:
        utf8 = (piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
        words, counts = encode_pieces(utf8, "words", sink, **how)
        return (
            words,
            counts,
            {"text": {"source": "text", "documents": "line", "name": "t"}, "max_vocab_size": None, "sources": []},
        )

    return fill


def written(directory: Path, pieces: Iterable[str | bytes] = PIECES) -> Path:
    store.write(directory, fill_from(pieces))
    return directory


def documents_of(stored: store.StoredCorpus) -> list[list[Any]]:
    corpus = stored.corpus
    parts = np.split(np.asarray(corpus.ids), np.asarray(corpus.offsets[1:-1]))
    named = [*corpus.items, "(forgotten)"]
    return [[named[i] for i in part] for part in parts]


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return written(tmp_path / "corpus")


# --------------------------------------------------------------------------------------------------- what is written


def test_what_was_written_is_read_again(corpus: Path) -> None:
    stored = store.open_corpus(corpus)
    assert documents_of(stored) == DOCUMENTS
    assert stored.corpus.items == ["the", "cat", "saw", "dog", "ran", "a"]
    assert stored.corpus.mapped_from == corpus
    assert np.fromfile(corpus / "counts.bin", dtype="<i8").tolist() == [3, 2, 1, 2, 1, 1]
    # Mapped, not read: what lies under the arrays is the file.
    for array in (stored.corpus.ids, stored.corpus.offsets):
        assert isinstance(array.base, np.memmap)
        assert not array.flags.writeable


def test_the_manifest_can_be_read_by_people_and_has_everything_that_says_what_this_is(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_bytes(b"The cat.\nA cat!\n")
    stored = reading.encode_text(text, Settings(tokenizer="whitespace", documents="line"), tmp_path / "corpus")
    manifest = json.loads((tmp_path / "corpus" / "manifest.json").read_text())
    assert manifest == stored.manifest
    assert manifest["format"] == "fastw2v encoded corpus"
    assert manifest["format_version"] == 1
    assert manifest["fastw2v"] == fastw2v.__version__
    assert [manifest[name] for name in ("tokens", "documents", "words", "tokens_forgotten", "ids")] == [
        4,
        2,
        4,
        0,
        "uint8",
    ]
    assert manifest["text"] == {
        "source": "text", "documents": "line", "limit": None, "tokenizer": "whitespace", "encoding_errors": "strict",
        "name": "text.txt",
    }  # fmt: skip
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    assert manifest["sources"] == [{"name": "text.txt", "bytes": 16, "sha256": digest}]
    for name in FILES[:-1]:
        content = (tmp_path / "corpus" / name).read_bytes()
        assert manifest["files"][name] == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    # No path of this machine is in it: a corpus is given away.
    assert str(tmp_path) not in (tmp_path / "corpus" / "manifest.json").read_text()
    assert {path.name for path in (tmp_path / "corpus").iterdir()} == set(FILES)


def test_a_corpus_encoded_with_an_older_tokeniser_trains_with_a_notice_of_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("the cat saw the dog\nthe dog saw a cat\n" * 300)  # enough for a run without warnings
    for tokenizer, heard in (("words", 1), ("whitespace", 0)):
        corpus, train = tmp_path / tokenizer, ("--engine", "numpy", "--epochs", "1", "--sample", "0")
        assert run(["encode", str(text), "-o", str(corpus), "--tokenizer", tokenizer]) == 0
        manifest = json.loads((corpus / "manifest.json").read_text())
        assert manifest["tokenizer_version"] == 2
        assert run(["train", str(corpus), "-o", str(tmp_path / "new"), "--overwrite", *train]) == 0
        assert caplog.messages == []
        # Version 1 did not say which it was.
        edit(corpus, seal=True, tokenizer_version=...)
        assert run(["train", str(corpus), "-o", str(tmp_path / "old"), "--overwrite", *train]) == 0
        assert len(caplog.messages) == heard
        assert (
            Word2Vec.load(tmp_path / "old").wv.vectors.tobytes() == Word2Vec.load(tmp_path / "new").wv.vectors.tobytes()
        )
        for message in caplog.messages:
            assert message.startswith(
                f"{corpus} was encoded with version 1 of the tokenizer words, and is used as it is"
            )
            assert "`fastw2v encode` would" in message
        caplog.clear()


def test_more_files_than_a_manifest_can_list_are_described_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "LISTED", 2)
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"{name} word\n")
    files = [tmp_path / f"{name}.txt" for name in "abc"]
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    few = reading.encode_text(files[:2], Settings(), tmp_path / "few").manifest["sources"]
    assert [source["sha256"] for source in few] == hashes[:2]
    many = reading.encode_text(files, Settings(), tmp_path / "many").manifest["sources"]
    together = hashlib.sha256("".join(f"{digest}\n" for digest in hashes).encode()).hexdigest()
    assert many == [{"name": "3 files", "bytes": 21, "sha256": together}]


@pytest.mark.parametrize(
    ("words", "name"),
    [(1, "uint8"), (255, "uint8"), (256, "uint16"), (257, "uint16"),
     (65535, "uint16"), (65536, "uint32"), (65537, "uint32")],
)  # fmt: skip
def test_ids_have_the_smallest_type_that_also_holds_the_one_of_forgotten_words(words: int, name: str) -> None:
    assert smallest_dtype(words) == name


@pytest.mark.parametrize("forgotten", [False, True])
@pytest.mark.parametrize("words", [254, 255, 256, 257, 65535, 65536, 65537])
def test_the_highest_ids_survive_the_smallest_type(words: int, forgotten: bool, tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "ids", tmp_path / "offsets")
    first = np.arange(words, dtype=np.int32)
    sink.add(Numbered(first, np.array([words])))
    if forgotten:
        # One word goes; all above it move down, and one more comes.
        sink.renumber(np.concatenate((first[:7], [NO_WORD], first[7:-1])).astype(np.int32))
        sink.add(Numbered(np.array([words - 1], dtype=np.int32), np.array([1])))
    dtype = sink.finish(words)
    ids = np.fromfile(tmp_path / "ids", dtype=dtype.newbyteorder("<"))
    expected = [*range(7), words, *range(7, words - 1), words - 1] if forgotten else list(range(words))
    assert ids.tolist() == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ids", "offsets"]


@settings(deadline=None, max_examples=50)
@given(
    sizes=st.lists(st.integers(0, 9), min_size=1, max_size=20),
    at_once=st.integers(1, 7),
    renumber_after=st.sets(st.integers(0, 19)),
)
def test_ids_are_converted_in_parts_of_any_size(sizes: list[int], at_once: int, renumber_after: set[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sinks, "_AT_ONCE", at_once)
        file = FileSink(Path(name, "ids"), Path(name, "offsets"))
        memory = sinks.MemorySink()
        for number, size in enumerate(sizes):
            for sink in (file, memory):
                sink.add(Numbered(np.arange(size, dtype=np.int32) % 5, np.array([size // 2, size])))
                if number in renumber_after:
                    sink.renumber(np.array([1, NO_WORD, 2, 0, 3], dtype=np.int32))
        dtype = file.finish(5)
        ids, offsets = memory.arrays(5)
        assert np.fromfile(Path(name, "ids"), dtype=dtype).tolist() == ids.tolist()
        assert np.fromfile(Path(name, "offsets"), dtype="<i8").tolist() == offsets.tolist()


def test_words_of_any_characters_are_kept_one_a_line(tmp_path: Path) -> None:
    words = ["\u2028x\x85y".replace("\u2028", "\u00b7"), "\x01", "\ufeffa", "\U0001f600", "\x7f", "a\u200db", "\ud7ff"]
    store.write(tmp_path / "c", fill_whitespace(" ".join(words) + "\0"))
    assert store.open_corpus(tmp_path / "c").corpus.items == [word for part in words for word in part.split()]


def fill_whitespace(text: str) -> store.Fill:
    def fill(sink: FileSink) -> tuple[list[str], Any, dict[str, Any]]:
        words, counts = encode_pieces([text.encode()], "whitespace", sink)
        return words, counts, {"text": {"documents": "line"}, "max_vocab_size": None}

    return fill


@pytest.mark.parametrize("words", [["a", "b\nc"], ["a\n"], ["\n", "b"], ["a", "b\n\n"]])
def test_a_token_with_a_line_end_is_refused_and_leaves_nothing(words: list[str], tmp_path: Path) -> None:
    def fill(sink: FileSink) -> tuple[list[str], Any, dict[str, Any]]:
        found, counts = encode_pieces([b"x\0"], lambda _: words, sink)
        return found, counts, {"text": {}}

    with pytest.raises(DataError, match=r"holds a line end"):
        store.write(tmp_path / "corpus", fill)
    assert list(tmp_path.iterdir()) == []


def test_empty_words_and_words_that_end_in_a_carriage_return_of_one_s_own_tokeniser_come_back(tmp_path: Path) -> None:
    def fill(sink: FileSink) -> tuple[list[str], Any, dict[str, Any]]:
        words, counts = encode_pieces([b"x\0"], lambda text: ["", "b\r", "\u2028", ""] if text else [], sink)
        return words, counts, {"text": {"documents": "line"}}

    store.write(tmp_path / "corpus", fill)
    assert documents_of(store.open_corpus(tmp_path / "corpus")) == [["", "b\r", "\u2028", ""]]


def test_training_on_an_encoded_corpus_is_training_on_its_text(text: Path, tmp_path: Path) -> None:
    quick: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 1, "min_count": 2}
    reading.encode_text(text, Settings(), tmp_path / "corpus")
    from_text = Word2Vec(**quick).fit(text)
    from_disk = Word2Vec(**quick).fit(tmp_path / "corpus")
    assert from_disk.wv.vectors.tobytes() == from_text.wv.vectors.tobytes()
    assert from_disk.wv.index_to_key == from_text.wv.index_to_key
    one_worker = contents(tmp_path / "corpus")
    reading.encode_text(text, Settings(workers=2), tmp_path / "again")
    assert contents(tmp_path / "again") == one_worker


# ------------------------------------------------------------------------------------------------------------ damage


def refused(directory: Path, *mentioned: str) -> str:
    """Assert one clear line that names the file, from the store and from whoever trains."""
    with pytest.raises(DataError) as caught:
        store.open_corpus(directory)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    for part in mentioned:
        assert part in message
    with pytest.raises(DataError):
        reading.read(directory, Settings())
    return message


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str, corpus: Path) -> None:
    (corpus / name).unlink()
    refused(corpus, str(corpus / name), "missing")


@pytest.mark.parametrize("change", ["emptied", "a byte less", "a byte more", "half"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_size_is_named(name: str, change: str, corpus: Path) -> None:
    content = (corpus / name).read_bytes()
    if name == "manifest.json":
        content = content.rstrip()  # a line end less at the end of JSON changes nothing
    new = {
        "emptied": b"",
        "a byte less": content[:-1],
        "a byte more": content + b"x",
        "half": content[: len(content) // 2],
    }
    (corpus / name).write_bytes(new[change])
    refused(corpus, str(corpus / name))


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_anywhere_is_found(name: str, corpus: Path) -> None:
    content = (corpus / name).read_bytes()
    for place in range(len(content)):
        for bit in (0, 5, 7) if len(content) < 200 else (place % 8,):
            damaged = bytearray(content)
            damaged[place] ^= 1 << bit
            (corpus / name).write_bytes(damaged)
            if name == "manifest.json" and same_json(content, bytes(damaged)):
                continue
            with pytest.raises(DataError) as caught:
                store.open_corpus(corpus)
            assert str(corpus / name) in str(caught.value)
            assert "\n" not in str(caught.value)


def same_json(one: bytes, other: bytes) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def test_a_file_that_is_a_folder_is_refused(corpus: Path) -> None:
    for name in FILES:
        shutil.copytree(corpus, corpus.with_name("damaged"))
        (corpus.with_name("damaged") / name).unlink()
        (corpus.with_name("damaged") / name).mkdir()
        refused(corpus.with_name("damaged"), name)
        shutil.rmtree(corpus.with_name("damaged"))


def edit(directory: Path, seal: bool = False, **values: Any) -> None:
    """Change the manifest by hand; `seal`: as somebody would who knows how its checksum is made."""
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text())
    for name, value in values.items():
        if value is ...:
            del manifest[name]
        else:
            manifest[name] = value
    if seal:
        manifest["sha256"] = store._seal(manifest)
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize(
    "value", [0, -1, 3, 10**9, 2**53, 2**64, 10**30, True, "10", 10.0, 1e300, None, [], {}, [10], {"10": 10}, ...]
)
@pytest.mark.parametrize("name", ["tokens", "documents", "words"])
def test_a_size_edited_by_hand_is_refused(name: str, value: Any, seal: bool, corpus: Path) -> None:
    before = json.loads((corpus / "manifest.json").read_text())[name]
    if type(value) is int and value == before:
        value = 4
    edit(corpus, seal, **{name: value})
    refused(corpus, str(corpus))


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize("value", ["uint16", "uint32", "uint64", "int8", "", None, 8, ["uint8"], {"uint8": 1}, ...])
def test_another_type_of_ids_is_refused(value: Any, seal: bool, corpus: Path) -> None:
    edit(corpus, seal, ids=value)
    refused(corpus, str(corpus))


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize("value", [0, 2, -1, 1.0, True, "1", None, [1], 10**40, ...])
def test_an_unknown_version_is_named(value: Any, seal: bool, corpus: Path) -> None:
    edit(corpus, seal, format_version=value)
    refused(corpus, "manifest.json", "unknown format version", "reads version 1")


@pytest.mark.parametrize(
    "name", ["files", "text", "sources", "max_vocab_size", "sha256", "fastw2v", "tokens_forgotten"]
)
@pytest.mark.parametrize("value", [7, "x", [0], {}, [[]], {"ids.bin": 1}, {"ids.bin": {"sha256": None}}, ...])
def test_anything_else_edited_by_hand_is_refused(name: str, value: Any, corpus: Path) -> None:
    edit(corpus, **{name: value})
    refused(corpus, "manifest.json", "SHA-256")


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"7", b"[]", b'[["format", "fastw2v encoded corpus"]]', b'"fastw2v encoded corpus"', b"\xff\xfe",
     b'{"format": "fastw2v encoded corpus"}', b"[" * 5_000_000, b'{"format": ' * 3000, b"1" * 10_000, b"NaN",
     b'{"format": "fastw2v encoded corpus", "format_version": 1' + b"0" * 5000 + b"}", b"\0" * 100],
    ids=range(14),
)  # fmt: skip
def test_a_manifest_that_is_anything_else_is_refused(content: bytes, corpus: Path) -> None:
    (corpus / "manifest.json").write_bytes(content)
    refused(corpus, str(corpus / "manifest.json"))


@pytest.mark.parametrize("depth", [100, 500, 900, 990, 2000, 50_000])
def test_a_deeply_nested_manifest_is_refused(depth: int, corpus: Path) -> None:
    content = (corpus / "manifest.json").read_text().rstrip("}\n ")
    (corpus / "manifest.json").write_text(content + ', "deep": ' + "[" * depth + "]" * depth + "}")
    refused(corpus, str(corpus / "manifest.json"))


def put(directory: Path, name: str, content: bytes, **values: Any) -> None:
    """Replace a file, and correct its checksum and the manifest's: whoever did this meant to."""
    (directory / name).write_bytes(content)
    files = json.loads((directory / "manifest.json").read_text())["files"]
    files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    edit(directory, seal=True, files=files, **values)


def test_a_correct_checksum_is_really_correct(corpus: Path) -> None:
    # Else what follows would prove nothing.
    put(corpus, "ids.bin", (corpus / "ids.bin").read_bytes())
    assert documents_of(store.open_corpus(corpus)) == DOCUMENTS


@pytest.mark.parametrize("highest", [7, 100, 255])
def test_ids_beyond_the_words_are_refused_whatever_the_checksum(highest: int, corpus: Path) -> None:
    ids = bytearray((corpus / "ids.bin").read_bytes())
    ids[3] = highest
    put(corpus, "ids.bin", bytes(ids))
    refused(corpus, str(corpus / "ids.bin"), f"id {highest} of 6 words")


def test_the_id_of_forgotten_words_is_no_id_beyond_them(corpus: Path) -> None:
    ids = bytearray((corpus / "ids.bin").read_bytes())
    ids[-1] = 6
    put(corpus, "ids.bin", bytes(ids))
    stored = store.open_corpus(corpus)
    assert stored.corpus.ids[-1] == len(stored.corpus.items)


@pytest.mark.parametrize(
    "offsets",
    [[0, 5, 5, 10], [0, 8, 5, 10], [1, 5, 8, 10], [-1, 5, 8, 10], [0, 5, 8, 9], [0, 5, 8, 11], [0, 5, 2**62, 10],
     [0, -(2**62), 8, 10], [-(2**63), 5, 8, 10], [2**63 - 1, -(2**63), -5, 10], [0, 2**63 - 1, -(2**63), 10]],
)  # fmt: skip
def test_documents_that_do_not_follow_each_other_are_refused_whatever_the_checksum(
    offsets: list[int], corpus: Path
) -> None:
    put(corpus, "offsets.bin", np.array(offsets, dtype="<i8").tobytes())
    refused(corpus, str(corpus / "offsets.bin"))


@pytest.mark.parametrize(
    "content", [b"", b"the\ncat\n", b"the\ncat\nsaw\ndog\nran\na\nb\n", b"\n" * 5, b"\n" * 7, b"x" * 99]
)
def test_too_few_or_too_many_words_are_refused_whatever_the_checksum(content: bytes, corpus: Path) -> None:
    put(corpus, "words.txt", content)
    refused(corpus, str(corpus / "words.txt"), "not 6")


@pytest.mark.parametrize("block", [1, 2, 3])
def test_bounds_are_checked_across_blocks(block: int, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_BLOCK", block)
    assert documents_of(store.open_corpus(corpus)) == DOCUMENTS
    put(corpus, "offsets.bin", np.array([0, 5, 4, 10], dtype="<i8").tobytes())
    refused(corpus, "offsets.bin")


@pytest.mark.parametrize("path", ["nowhere", ".", "file"])
def test_what_is_no_corpus_at_all_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(UsageError, match="holds no encoded corpus"):
        store.open_corpus(tmp_path / path)
    assert not store.holds_corpus(tmp_path / path)


def test_somebody_else_s_manifest_is_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "an app", "format": "3"}')
    assert not store.holds_corpus(tmp_path)


def test_a_damaged_corpus_is_never_taken_for_text(corpus: Path) -> None:
    # Its words.txt would be.
    for name in ("manifest.json", "counts.bin"):
        (corpus / name).unlink()
        with pytest.raises(DataError):
            reading.read(corpus, Settings(min_count=1))


def test_an_encoded_corpus_among_texts_or_to_be_encoded_is_refused(corpus: Path, text: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is an encoded corpus, not text"):
        reading.read([corpus, text], Settings())
    with pytest.raises(UsageError, match="is an encoded corpus, not text"):
        reading.encode_text([corpus], Settings(), tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    "changes", [{"tokenizer": "whitespace"}, {"documents": "blank"}, {"limit": "1kB"}, {"max_vocab_size": 9}]
)
def test_how_it_was_read_cannot_be_changed_afterwards(changes: dict[str, Any], text: Path, tmp_path: Path) -> None:
    reading.encode_text(text, Settings(), tmp_path / "corpus")
    with pytest.raises(UsageError, match=f"{next(iter(changes))} is part of how .* was encoded"):
        reading.read(tmp_path / "corpus", Settings(**changes))
    reading.encode_text(text, Settings(**changes), tmp_path / "other")
    reading.read(tmp_path / "other", Settings(**changes))
    reading.read(tmp_path / "other", Settings())


# ------------------------------------------------------------------------------------------------- where it is written


def test_a_corpus_that_is_there_is_replaced_only_when_asked(corpus: Path) -> None:
    before = contents(corpus)
    with pytest.raises(UsageError, match=r"already holds an encoded corpus; .*overwrite=True"):
        store.write(corpus, fill_from(["x y\0"]))
    assert contents(corpus) == before
    stored = store.write(corpus, fill_from(["x y\0"]), overwrite=True)
    assert documents_of(stored) == [["x", "y"]]
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_other_files_in_the_way_are_never_touched(overwrite: bool, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("a file")
    for name, message in (
        ("there", "are no encoded corpus"),
        ("file", "is not a folder"),
        ("file/x", "is not a folder"),
    ):
        with pytest.raises(UsageError, match=message):
            store.write(tmp_path / name, fill_from(PIECES), overwrite)
    assert (tmp_path / "there" / "thesis.txt").read_text() == "years of work"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "there"]


def test_a_file_of_somebody_s_beside_the_corpus_s_own_is_not_removed_with_them(corpus: Path) -> None:
    (corpus / "notes.md").write_text("mine")
    with pytest.raises(UsageError, match=r"more than an encoded corpus \(notes.md\)"):
        store.write(corpus, fill_from(PIECES), overwrite=True)
    assert (corpus / "notes.md").read_text() == "mine"


def test_an_empty_folder_a_deep_path_a_relative_one_and_a_link_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for place in (Path("empty"), Path("a/b/c"), tmp_path / "link", Path("empty/../plain/")):
        for overwrite in (False, True):
            store.write(place, fill_from(PIECES), overwrite)
            assert documents_of(store.open_corpus(place)) == DOCUMENTS
    assert (tmp_path / "link").is_symlink()
    assert store.holds_corpus(tmp_path / "target")
    monkeypatch.chdir(tmp_path / "here")
    store.write(".", fill_from(PIECES))
    assert documents_of(store.open_corpus(tmp_path / "here")) == DOCUMENTS
    assert not list(tmp_path.rglob(".*"))


def test_a_parent_that_may_not_be_written_is_refused_before_any_reading(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    if os.access(tmp_path / "closed", os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(UsageError, match="is not a folder that may be written"):
        store.write(tmp_path / "closed" / "corpus", fill_from(PIECES))


def test_a_parent_that_may_not_be_written_is_asked_for_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match=f"Cannot write {tmp_path}/corpus: {tmp_path} is not a folder that may be"):
        store.write(tmp_path / "corpus", fill_from(PIECES))


# ------------------------------------------------------------------------------------------------------ faults: disk


class Disk:
    """Counts what may fail, and fails at one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fail_at: int) -> None:
        self.calls, self.fail_at = 0, fail_at
        self._wrap(monkeypatch, Path, "write_bytes")
        self._wrap(monkeypatch, Path, "mkdir")
        self._wrap(monkeypatch, Path, "rename")
        self._wrap(monkeypatch, Path, "open")
        self._wrap(monkeypatch, os, "fsync")
        self._wrap(monkeypatch, sinks.FileSink, "add")
        self._wrap(monkeypatch, sinks, "_convert")
        self._wrap(monkeypatch, np, "fromfile")

    def _wrap(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def wrapped(*arguments: Any, **more: Any) -> Any:
            self.calls += 1
            if self.calls == self.fail_at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return original(*arguments, **more)

        monkeypatch.setattr(owner, name, wrapped)


def many_pieces() -> Iterator[str]:
    for number in range(6):
        yield " ".join(f"w{number}x{i}" for i in range(30)) + " a b\0"


def calls_of_a_write(directory: Path) -> int:
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, -1)
        store.write(directory, fill_from(many_pieces(), max_vocab_size=40))
        return disk.calls


def test_the_disk_full_at_any_call_leaves_nothing_and_the_old_corpus_as_it_was(tmp_path: Path) -> None:
    calls = calls_of_a_write(tmp_path / "counted")
    assert calls > 30
    shutil.rmtree(tmp_path / "counted")
    failures = 0
    # One more call where there is an old corpus: it moves away.
    for fail_at in range(1, calls + 8):
        for old in (False, True):
            place = tmp_path / "corpus"
            if old:
                written(place)
                before = contents(place)
            with pytest.MonkeyPatch.context() as patch:
                Disk(patch, fail_at)
                try:
                    store.write(place, fill_from(many_pieces(), max_vocab_size=40), overwrite=old)
                    error = None
                except DataError as caught:
                    error = caught
            if error is None:
                assert store.holds_corpus(place)
            elif (place / "manifest.json").is_file() and (not old or contents(place) != before):
                # All was on disk, and only what came after the rename failed: opening it.
                assert len(documents_of(store.open_corpus(place))) == 6
            else:
                failures += 1
                assert "No space left on device" in str(error)
                assert str(tmp_path) in str(error)
                assert [path.name for path in tmp_path.iterdir()] == (["corpus"] if old else [])
            shutil.rmtree(place, ignore_errors=True)
            assert list(tmp_path.iterdir()) == []
    assert failures > 50


def test_a_corpus_is_on_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.rename

    def note_sync(descriptor: int) -> None:
        steps.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        steps.append(f"{target.name} is there")
        return rename(path, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc to tell what a descriptor is")
    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    written(tmp_path / "corpus")
    assert steps == [*FILES, ".corpus.draft", "corpus is there", tmp_path.name]


def test_a_folder_that_cannot_be_synced_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "open", refuse)
    assert documents_of(store.write(tmp_path / "corpus", fill_from(PIECES))) == DOCUMENTS


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "a b\0"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(tmp_path / "corpus", fill_from(pieces()))
    assert list(tmp_path.iterdir()) == []


ENCODE = """
import resource, sys
from fastw2v.cli.app import run
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.exit(run(["encode", sys.argv[1], "--output", sys.argv[2], "--overwrite"]))
"""


def encode_process(text: Path, output: Path, *more: Any) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", ENCODE, *map(str, (text, output, *more))]
    return subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@POSIX
@pytest.mark.parametrize("room", [1, 1000, 10_000])
def test_a_real_process_whose_files_may_not_grow_fails_in_one_line_and_leaves_nothing(
    room: int, text: Path, tmp_path: Path
) -> None:
    process = encode_process(text, tmp_path / "corpus", room)
    _, shown = process.communicate()
    assert process.returncode == 1
    assert shown.count("\n") == 1
    assert f"Cannot write {tmp_path / 'corpus'}: File too large" in shown
    assert list(tmp_path.iterdir()) == []


def test_a_real_full_disk_fails_in_one_line_and_leaves_nothing(text: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "none", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("a small disk of its own needs a superuser and mount")
    try:
        written(disk / "corpus")
        before = contents(disk / "corpus")
        process = encode_process(text, disk / "corpus")
        _, shown = process.communicate()
        assert process.returncode == 1
        assert "No space left on device" in shown
        assert shown.count("\n") == 1
        assert contents(disk / "corpus") == before
        assert [path.name for path in disk.iterdir()] == ["corpus"]
    finally:
        subprocess.run(["umount", disk], check=True)


# ------------------------------------------------------------------------------------------------------ faults: kills

ENCODE_OFTEN = """
import sys
from pathlib import Path
from fastw2v import Settings
from fastw2v.corpus import reading
print("ready", flush=True)
texts, output = sys.argv[1:3], Path(sys.argv[3])
for number in range(10**6):
    reading.encode_text(texts[number % 2], Settings(), output, overwrite=True)
"""


@POSIX
@pytest.mark.parametrize("seed", range(3))
def test_a_process_killed_at_any_moment_never_leaves_a_corpus_that_opens_and_differs(
    seed: int, stories: list[str], tmp_path: Path
) -> None:
    texts = []
    for number in range(2):
        texts.append(tmp_path / f"text{number}.txt")
        texts[-1].write_text("\n".join(stories[number::2]) + "\n", encoding="utf-8")
        reading.encode_text(texts[-1], Settings(), tmp_path / f"expected{number}")
    allowed = [contents(tmp_path / f"expected{number}") for number in range(2)]
    random_moments = random.Random(seed)
    place = tmp_path / "where" / "corpus"
    process = None
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", ENCODE_OFTEN, *map(str, texts), str(place)],
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random_moments.uniform(0, 0.35))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if store.holds_corpus(place):
            assert contents(place) in allowed
            store.open_corpus(place)
    # What was left does not stand in the way, and goes.
    reading.encode_text(texts[0], Settings(), place, overwrite=True)
    assert contents(place) == allowed[0]
    assert [path.name for path in place.parent.iterdir()] == ["corpus"]


def test_a_corpus_that_a_killed_process_had_moved_away_is_put_back(corpus: Path) -> None:
    before = contents(corpus)
    corpus.rename(corpus.with_name(".corpus.old"))
    corpus.with_name(".corpus.draft").mkdir()
    (corpus.with_name(".corpus.draft") / "ids.bin").write_bytes(b"half")
    with pytest.raises(UsageError, match=r"already holds an encoded corpus"):
        store.write(corpus, fill_from(["x y\0"]))
    assert contents(corpus) == before
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus"]


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    for name in (".corpus.draft", ".corpus.old", ".corpus.removed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ids.bin").write_bytes(b"half")
    written(tmp_path / "corpus")
    store.write(tmp_path / "corpus", fill_from(PIECES), overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


# ----------------------------------------------------------------------------------------- faults: sources that change


def test_a_source_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"

    def changed(change: Callable[[], object]) -> str:
        text.write_text("a b c\n" * 1000)
        opened = TextCorpus([text])
        before = Snapshot.of(opened.sources)
        assert before is not None
        before.check_unchanged()
        change()
        with pytest.raises(DataError) as caught:
            before.check_unchanged()
        return str(caught.value)

    def rewrite() -> None:
        # Same size, other content, and a clock that may not have ticked: the time is set.
        text.write_text("x y z\n" * 1000)
        os.utime(text, ns=(1, 1))

    def replace() -> None:
        status = text.stat()
        (tmp_path / "new").write_text("x y z\n" * 1000)
        os.utime(tmp_path / "new", ns=(status.st_atime_ns, status.st_mtime_ns))
        (tmp_path / "new").rename(text)

    assert "changed while it was read (6,000 bytes then, 6,002 now)" in changed(
        lambda: text.write_text("a b c\n" * 1000 + "d\n")
    )
    assert "(6,000 bytes then, 3 now)" in changed(lambda: os.truncate(text, 3))
    assert "start again" in changed(rewrite)
    assert "changed while it was read" in changed(replace)
    assert "gone while it was read" in changed(text.unlink)


@pytest.mark.parametrize("what", ["grows", "shrinks", "goes"])
def test_an_encode_of_a_file_that_changes_meanwhile_leaves_nothing(what: str, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    heard: list[int] = []
    text.write_text("a b c d\n" * 400_000)

    def meanwhile(corpus: Any, tokens: int) -> None:
        # After the first piece.
        heard.append(tokens)
        if sum(map(bool, heard)) != 1 or not tokens:
            return
        if what == "grows":
            with text.open("a") as file:
                file.write("more\n")
        elif what == "shrinks":
            os.truncate(text, 1_500_000)
        else:
            text.unlink()

    with pytest.raises(DataError, match=r"text.txt: (changed|gone) while it was read"):
        reading.encode_text(text, Settings(), tmp_path / "corpus", meanwhile)
    assert sum(map(bool, heard)) > 1
    assert [path.name for path in tmp_path.iterdir() if path != text] == []


@pytest.mark.parametrize("way", ["encode", "cache"])
def test_the_watch_hears_of_the_corpus_before_its_files_are_hashed(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.txt").write_text("a b\n")
    monkeypatch.setenv("FASTW2V_CACHE_DIR", str(tmp_path / "cache"))
    heard: list[object] = []
    original = digest.file_sha256

    def hashed(path: Path) -> str:
        heard.append(path.name)
        return original(path)

    monkeypatch.setattr(snapshot, "file_sha256", hashed)

    def watch(_: object, tokens: int) -> None:
        heard.append(tokens)

    if way == "encode":
        reading.encode_text(tmp_path / "text.txt", Settings(), tmp_path / "corpus", watch)
    else:
        reading.read(tmp_path / "text.txt", Settings(), watch, cache=Cache())
    assert heard[:2] == [0, "text.txt"]


def test_a_source_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.txt").write_text("a b")
    opened = open_corpus(tmp_path / "text.txt")
    (tmp_path / "text.txt").unlink()
    with pytest.raises(DataError, match=r"text.txt: cannot be read \(No such file"):
        Snapshot.of(opened.sources)  # type: ignore[attr-defined]


def test_what_can_be_read_only_once_has_no_snapshot_and_is_encoded_all_the_same(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    os.mkfifo(tmp_path / "pipe")
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write('a b c\\nb c\\n')", tmp_path / "pipe"]
    )
    stored = reading.encode_text(tmp_path / "pipe", Settings(), tmp_path / "corpus")
    assert writer.wait() == 0
    assert documents_of(stored) == [["a", "b", "c"], ["b", "c"]]
    assert stored.manifest["sources"] == []


# --------------------------------------------------------------------------------------------------------------- locks

HOLD = """
import sys
from pathlib import Path
from fastw2v.files.locks import locked
with locked(Path(sys.argv[1]), "encodes"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(lock: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, lock], env=environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@POSIX
def test_a_second_encode_to_the_same_output_is_refused_while_the_first_one_runs(tmp_path: Path) -> None:
    with holder(tmp_path / ".corpus.lock") as process:
        with pytest.raises(DataError, match=r"Another process encodes to .*corpus .*wait for it, or give another name"):
            store.write(tmp_path / "corpus", fill_from(PIECES))
        assert [path.name for path in tmp_path.iterdir()] == [".corpus.lock"]
        process.communicate("")
    written(tmp_path / "corpus")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


@POSIX
def test_the_first_encode_s_draft_survives_the_second_one_s_refusal(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield PIECES[0]
        with pytest.raises(DataError, match="Another process"):
            store.write(tmp_path / "corpus", fill_from(["x y\0"]))
        yield PIECES[1]

    assert documents_of(store.write(tmp_path / "corpus", fill_from(pieces()))) == DOCUMENTS


@POSIX
def test_the_lock_of_a_killed_process_does_not_block(tmp_path: Path) -> None:
    with holder(tmp_path / ".corpus.lock") as process:
        process.kill()
    assert (tmp_path / ".corpus.lock").exists()
    written(tmp_path / "corpus")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


@POSIX
def test_whoever_waits_gets_the_lock_when_the_holder_ends_however_it_ends(tmp_path: Path) -> None:
    for killed in (False, True):
        with holder(tmp_path / "lock") as process:
            waiter = subprocess.Popen(
                [sys.executable, "-c", HOLD.replace('"encodes"', '"encodes", wait=True'), tmp_path / "lock"],
                env=environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            if killed:
                process.kill()
            else:
                process.communicate("")
        assert waiter.communicate("")[0] == "held\n"
        assert waiter.returncode == 0
    assert not list(tmp_path.iterdir())


@POSIX
def test_a_lock_on_a_file_that_its_holder_removed_meanwhile_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our opening and our locking it: whoever comes next locks another file of that name."""
    usual = locks._lock
    tried: list[Path] = []

    def lock(file: Any, path: Path, *given: Any) -> None:
        if not tried:
            path.unlink()
        tried.append(path)
        usual(file, path, *given)

    monkeypatch.setattr(locks, "_lock", lock)
    with locked(tmp_path / "lock", "works"):
        assert len(tried) == 2
        with pytest.raises(DataError, match="Another process works"), locked(tmp_path / "lock", "works"):
            pass


def test_a_lock_is_released_when_the_work_fails(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(Fastw2vError, match="no"), locked(tmp_path / "lock", "works"):
            raise UsageError("no")
    assert not list(tmp_path.iterdir())
