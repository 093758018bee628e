"""word2vec text format: exact round trips, files of others, damaged and hostile files; whole-file writing."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import DataError, UsageError
from fastw2v.files.atomic import Staging, remove_abandoned, write_atomically
from fastw2v.formats.word2vec_text import read_word2vec_text, write_word2vec_text
from fastw2v.keyed_vectors import KeyedVectors

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda word: word.split() == [word]
)
FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


def bits(array: Any) -> Any:
    return np.ascontiguousarray(array, dtype=np.float32).view(np.uint32)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Round trips


@settings(deadline=None)
@given(st.data(), st.lists(WORDS, min_size=1, max_size=6, unique=True), st.integers(1, 4))
def test_words_and_float32_bits_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, words: list[str], size: int
) -> None:
    row = st.lists(FLOAT32, min_size=size, max_size=size)
    vectors = np.array(data.draw(st.lists(row, min_size=len(words), max_size=len(words))), dtype=np.float32)
    path = tmp_path_factory.mktemp("round") / "vectors.txt"
    write_word2vec_text(path, KeyedVectors(words, vectors))
    again = read_word2vec_text(path)
    assert again.index_to_key == words
    assert again.vectors.dtype == np.float32
    assert (bits(again.vectors) == bits(vectors)).all()


@pytest.mark.parametrize("pattern", [0x15AE43FD, 0x95AE43FD, 1, 0x007FFFFF, 0x7F7FFFFF, 0x80000000])
def test_float32_values_that_are_hard_to_round_survive(tmp_path: Path, pattern: int) -> None:
    # The first two are the only ones whose shortest digits, read through a double, give their neighbour.
    vectors = np.array([[pattern]], dtype=np.uint32).view(np.float32)
    write_word2vec_text(tmp_path / "v", KeyedVectors(["a"], vectors))
    assert bits(read_word2vec_text(tmp_path / "v").vectors)[0, 0] == pattern


def test_the_file_is_the_one_written_by_hand(tmp_path: Path) -> None:
    vectors = np.array([[0.1, -2.0, 1e-10], [1 / 3, 0.0, 1024.5]], dtype=np.float32)
    write_word2vec_text(tmp_path / "v", KeyedVectors(["naïve", 17], vectors))
    expected = "2 3\nnaïve 0.1 -2.0 1e-10\n17 0.33333334 0.0 1024.5\n"
    assert (tmp_path / "v").read_bytes() == expected.encode()


# What the format cannot hold


@pytest.mark.parametrize("word", ["", "New York", "a\tb", "a\n", "\u00a0", "a\u2028b", True, 1.5, ("a",), "\ud800"])
def test_words_the_format_cannot_hold_are_refused_before_writing(tmp_path: Path, word: Any) -> None:
    path = write(tmp_path / "v", "the old file")
    with pytest.raises(DataError):
        write_word2vec_text(path, KeyedVectors(["good", word], np.ones((2, 1))))
    assert path.read_text() == "the old file"
    assert list(tmp_path.iterdir()) == [path]


def test_an_integer_and_its_digits_cannot_both_be_written(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'7' and 7 are one word"):
        write_word2vec_text(tmp_path / "v", KeyedVectors(["7", 7], np.ones((2, 1))))


# Reading what others wrote

GOOD = "3 2\na 1 2\nb 3 4\nc 5 6\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", " \n"),
        GOOD + "\n",
        GOOD + " \r\n\n",
        GOOD.rstrip(),
        GOOD.replace("\n", "\r\n").rstrip(),
        GOOD.replace("3 2", "3\t 2 "),
        "3 2\na 1e0 +2\nb 3. 04\nc 5 6\n",
    ],
)
def test_common_variants_of_the_format_are_read(tmp_path: Path, content: str) -> None:
    vectors = read_word2vec_text(write(tmp_path / "v", content))
    assert vectors.index_to_key == ["a", "b", "c"]
    assert vectors.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: expected the number of words"),
        ("a 1 2\nb 3 4\n", "line 1: expected the number of words"),
        ("3\n", "line 1: expected"),
        ("-3 2\n", "line 1: expected"),
        ("0 2\n", "line 1: both numbers must be at least 1"),
        ("999999999999 300\na 1\n", "line 1: 999,999,999,999 vectors of size 300 need at least"),
        ("1 999999999\na 1\n", "line 1: 1 vector of size 999,999,999 needs at least"),
        ("4 2\na 1 2\nb 3 4\nc 5.0000000 6.000000\n", "line 5: the file ends after 3 of the 4"),
        ("2 2\na 1 2\nb 3 4\nc 5 6\n", "3 lines follow where its header says 2"),
        ("3 2\na 1 2\nb 3 4\nc 5.25", "line 4: expected a word and 2 numbers. Got 2 columns"),
        ("3 2\na 1 2\nb 3 4\nc 5.000000 6e", "line 4: expected 2 numbers"),
        ("3 2\na 1 2\nb 3\nc 5 6.25\n", "line 3: expected a word and 2 numbers. Got 2 columns"),
        ("3 2\na 1 2\nb 3 4 5\nc 5 6\n", "line 3: expected a word and 2 numbers. Got 4 columns"),
        ("3 2\na 1 2\nNew York 3 4\nc 5 6\n", "line 3: expected a word and 2 numbers. Got 4 columns"),
        ("3 2\na 1 2\n 3 4\nc 5 6.25\n", "line 3: expected a word and 2 numbers"),
        ("3 2\na 1 2\nb 3 x\nc 5 6\n", "line 3: expected 2 numbers"),
        ("3 2\na 1 2\nb 3 nan\nc 5 6\n", "line 3: the vector of 'b' holds a value that is not finite"),
        ("3 2\na 1 2\nb 3 1e39\nc 5 6\n", "line 3: the vector of 'b' holds a value that is not finite"),
        ("3 2\na 1 2\nb 3 4\na 5 6\n", "line 4: the word 'a' occurred before, in line 2"),
        (b"3 2\na 1 2\n\xff 3 4\nc 5 6\n", r"line 3: the word b'\xff' is not UTF-8"),
        (b"2 1\n\xc3\xa9\xc3 3\nb 5\n", "line 2: the word b'\\xc3\\xa9\\xc3' is not UTF-8, at its byte 3"),
        ("1 70000\na" + " 0" * 70_000, "line 1: vectors may have 65,536 numbers. Got 70,000"),
        ("1 2", "line 1: expected"),
        (b"1 1\n" + b"x" * 70_000 + b" 1\n", "line 2: the line is too long"),
    ],
)
def test_a_damaged_file_names_file_line_and_fault(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = write(tmp_path / "v.txt", content)
    with pytest.raises(DataError) as caught:
        read_word2vec_text(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 2))
def test_a_file_cut_off_anywhere_but_at_its_last_line_break_is_refused(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    path = write(tmp_path_factory.mktemp("cut") / "v", GOOD[:length])
    with pytest.raises(DataError):
        read_word2vec_text(path)


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_foreign_bytes_never_raise_anything_but_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, place: int
) -> None:
    content = GOOD.encode()
    path = write(tmp_path_factory.mktemp("junk") / "v", content[:place] + junk + content[place:])
    with contextlib.suppress(DataError):
        vectors = read_word2vec_text(path)
        assert len(vectors) == len(set(vectors.index_to_key)) <= 3 + len(junk)
        assert np.isfinite(vectors.vectors).all()


def test_an_absent_file_is_a_file_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No such file"):
        read_word2vec_text(tmp_path / "absent")


# gensim


def test_gensim_reads_what_we_write_and_we_read_what_gensim_writes(tmp_path: Path) -> None:
    models = pytest.importorskip("gensim.models")
    words = ["one", "zwölf", "三", "<unk>"]
    vectors = np.random.default_rng(0).normal(size=(4, 25)).astype(np.float32)
    write_word2vec_text(tmp_path / "ours", KeyedVectors(words, vectors))
    theirs = models.KeyedVectors.load_word2vec_format(str(tmp_path / "ours"))
    assert theirs.index_to_key == words
    assert (bits(theirs.vectors) == bits(vectors)).all()
    theirs.save_word2vec_format(str(tmp_path / "theirs"))
    ours = read_word2vec_text(tmp_path / "theirs")
    assert ours.index_to_key == words
    assert (bits(ours.vectors) == bits(vectors)).all()


# Whole files or none


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path / "file", "old")

    def fail(file: BinaryIO) -> None:
        file.write(b"half of the new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_line_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = write(tmp_path / "file", "old")

    def fail(file: BinaryIO) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match=r"^Cannot write .*file: No space left on device\.$"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_data_is_on_disk_before_the_rename_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        steps.append("sync folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "sync file")  # noqa: PTH112
        sync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc to tell what a descriptor is")
    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_rename)
    write_atomically(tmp_path / "file", lambda file: file.write(b"new"))
    assert steps == ["sync file", "rename", "sync folder"]


def test_the_old_file_is_whole_until_the_new_one_is(tmp_path: Path) -> None:
    path = write(tmp_path / "file", "old")

    def look(file: BinaryIO) -> None:
        file.write(b"new")
        file.flush()
        assert path.read_text() == "old"

    write_atomically(path, look)
    assert path.read_text() == "new"


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    write(tmp_path / "plain", "")
    write_atomically(tmp_path / "atomic", lambda _: None)
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target = write(tmp_path / "folder" / "target", "old")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_atomically(link, lambda file: file.write(b"new"))
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_missing_folder_or_a_folder_as_target_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        write_atomically(tmp_path / "absent" / "file", lambda _: None)
    with pytest.raises(UsageError, match="it is a folder"):
        write_atomically(tmp_path, lambda _: None)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere one cannot ask whether a process is there")
def test_temporary_files_go_only_when_the_process_that_wrote_them_is_no_more(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    write(tmp_path / f".fastw2v-{ended.pid}-0.tmp", "half")
    others = [write(tmp_path / name, "half") for name in (f".fastw2v-{os.getpid()}-0.tmp", ".fastw2v-mine-0.tmp")]
    remove_abandoned(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_staged_files_appear_together_in_order_or_not_at_all(tmp_path: Path) -> None:
    with Staging() as staging:
        staging.stage(tmp_path / "a", lambda file: file.write(b"1"))
        staging.stage(tmp_path / "b", lambda file: file.write(b"2"))
    assert list(tmp_path.iterdir()) == []
    with Staging() as staging:
        staging.stage(tmp_path / "a", lambda file: file.write(struct.pack("<I", 7)))
        assert not (tmp_path / "a").exists()
        staging.commit()
    assert (tmp_path / "a").read_bytes() == b"\x07\0\0\0"
    assert len(list(tmp_path.iterdir())) == 1
