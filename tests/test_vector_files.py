"""Vector files of other programs: word2vec binary and GloVe, compressed, damaged, hostile; equality with gensim."""

from __future__ import annotations

import bz2
import codecs
import gzip
import inspect
import logging
import lzma
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.cli.convert import convert
from fastw2v.errors import DataError, UsageError
from fastw2v.formats.vector_files import FORMATS, format_of, read_vectors
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.saved_model.storage import save_model

WORDS = ["one", "zwölf", "三", "<unk>"]
VECTORS = np.random.default_rng(0).normal(size=(4, 25)).astype(np.float32)
Options = dict[str, Any]
FORMS: list[tuple[str, Options, Options]] = [
    ("v.txt", {}, {}),
    ("v.txt.gz", {}, {}),
    ("v.bin", {"binary": True}, {"binary": True}),
    ("v.bin.gz", {"binary": True}, {"binary": True}),
    ("v.glove", {"no_header": True}, {"write_header": False}),
    ("v.glove.gz", {"no_header": True}, {"write_header": False}),
]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def in_binary(*rows: tuple[bytes, list[float]], end: bytes = b"", size: int | None = None) -> bytes:
    """Return a file as word2vec.c (end: a line break) or gensim (end: nothing) lays it out."""
    header = b"%d %d\n" % (len(rows) if size is None else size, len(rows[0][1]))
    return header + b"".join(word + b" " + struct.pack(f"<{len(row)}f", *row) + end for word, row in rows)


TWO = ((b"a", [1.0, 2.0]), ("é".encode(), [3.0, 4.0]))
load = KeyedVectors.load_word2vec_format


# Round trips


@pytest.mark.parametrize(("name", "reading", "writing"), FORMS)
def test_words_order_and_bits_survive_every_form(tmp_path: Path, name: str, reading: Options, writing: Options) -> None:
    KeyedVectors(WORDS, VECTORS).save_word2vec_format(tmp_path / name, **writing)
    again = load(tmp_path / name, **reading)
    assert again.index_to_key == WORDS
    assert again.vectors.dtype == np.float32
    assert again.vectors.tobytes() == VECTORS.tobytes()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # gensim leaves a file without a header open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("name", "reading", "writing"), FORMS)
def test_gensim_and_we_read_each_other(tmp_path: Path, name: str, reading: Options, writing: Options) -> None:
    gensim = pytest.importorskip("gensim.models").KeyedVectors
    KeyedVectors(WORDS, VECTORS).save_word2vec_format(tmp_path / f"ours-{name}", **writing)
    theirs = gensim.load_word2vec_format(str(tmp_path / f"ours-{name}"), **reading)
    assert theirs.index_to_key == WORDS
    assert theirs.vectors.tobytes() == VECTORS.tobytes()
    theirs.save_word2vec_format(str(tmp_path / f"theirs-{name}"), **writing)
    ours = load(tmp_path / f"theirs-{name}", **reading)
    assert ours.index_to_key == WORDS
    assert ours.vectors.tobytes() == VECTORS.tobytes()


def test_a_binary_file_is_gensims_byte_for_byte(tmp_path: Path) -> None:
    gensim = pytest.importorskip("gensim.models").KeyedVectors
    theirs = gensim(25)
    theirs.add_vectors(WORDS, VECTORS)
    theirs.save_word2vec_format(str(tmp_path / "theirs"), binary=True)
    KeyedVectors(WORDS, VECTORS).save_word2vec_format(tmp_path / "ours", binary=True)
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_binary_files_are_read_with_and_without_line_breaks(tmp_path: Path, end: bytes) -> None:
    vectors = load(write(tmp_path / "v", in_binary(*TWO, end=end)), binary=True)
    assert vectors.index_to_key == ["a", "é"]
    assert vectors.vectors.tolist() == [[1, 2], [3, 4]]


def test_numbers_whose_bytes_are_spaces_and_line_breaks_are_read(tmp_path: Path) -> None:
    row = np.frombuffer(b"    \n\n\n\n \n \n", dtype="<f4").tolist()
    rows = [(b"w%d" % number, row) for number in range(40)]
    for end in (b"", b"\n"):
        vectors = load(write(tmp_path / "v", in_binary(*rows, end=end)), binary=True)
        assert len(vectors) == 40
        assert (vectors.vectors == np.array(row, np.float32)).all()


def test_line_breaks_before_a_word_of_a_binary_file_are_as_many_as_there_are(tmp_path: Path) -> None:
    rows = [(b"\n" * 7 + b"a", [1.0]), (b"\n" * 300_000 + b"b", [2.0]), (b"c", [3.0])]
    vectors = load(write(tmp_path / "v", in_binary(*rows, end=b"\n\n")), binary=True)
    assert vectors.index_to_key == ["a", "b", "c"]
    assert vectors.vectors.tolist() == [[1.0], [2.0], [3.0]]


def test_a_binary_file_of_many_blocks_is_read_to_its_last_bit(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(3000)]
    vectors = np.random.default_rng(1).normal(size=(3000, 100)).astype(np.float32)
    KeyedVectors(words, vectors).save_word2vec_format(tmp_path / "v", binary=True)
    again = load(tmp_path / "v", binary=True)
    assert again.index_to_key == words
    assert again.vectors.tobytes() == vectors.tobytes()


def test_equal_vectors_make_equal_compressed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for now, name in ((1e9, "a.gz"), (2e9, "b.gz")):
        monkeypatch.setattr("time.time", lambda now=now: now)
        KeyedVectors(WORDS, VECTORS).save_word2vec_format(tmp_path / name)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_compressed_vectors_may_take_far_more_room_than_the_file(tmp_path: Path) -> None:
    words = [f"w{number}" for number in range(5000)]
    zeros = np.zeros((5000, 50), np.float32)
    for name, reading, writing in FORMS[1::2]:
        KeyedVectors(words, zeros).save_word2vec_format(tmp_path / name, **writing)
        assert (tmp_path / name).stat().st_size < zeros.nbytes / 10
        assert load(tmp_path / name, **reading).index_to_key == words


# Bytes that are not UTF-8

BAD = (b"caf\xc3", [1.0, 2.0]), (b"caf\xe9", [3.0, 4.0])


def bad_files(tmp_path: Path) -> list[tuple[Path, Options]]:
    rows = b"caf\xc3 1 2\ncaf\xe9 3 4\n"
    return [
        (write(tmp_path / "t", b"2 2\n" + rows), {}),
        (write(tmp_path / "b", in_binary(*BAD)), {"binary": True}),
        (write(tmp_path / "g", rows), {"no_header": True}),
    ]


def test_bad_bytes_are_refused_at_their_place_or_escaped(tmp_path: Path) -> None:
    for path, reading in bad_files(tmp_path):
        with pytest.raises(DataError, match=r"(line [12]|byte 4): the word b'caf\\xc3' is not UTF-8, at its byte 4"):
            load(path, **reading)
        vectors = load(path, **reading, unicode_errors="backslashreplace")
        assert vectors.index_to_key == ["caf\\xc3", "caf\\xe9"]
        for lossy in ("replace", "ignore"):
            with pytest.raises(DataError, match=r"occurred before, in .* unicode_errors='backslashreplace'"):
                load(path, **reading, unicode_errors=lossy)


@pytest.mark.parametrize(
    ("how", "word"), [("replace", "caf\ufffd"), ("ignore", "caf"), ("backslashreplace", "caf\\xc3")]
)
def test_bad_bytes_are_taken_as_gensim_takes_them(tmp_path: Path, how: str, word: str) -> None:
    path = write(tmp_path / "b", in_binary(BAD[0], TWO[0]))
    assert load(path, binary=True, unicode_errors=how).index_to_key == [word, "a"]
    gensim = pytest.importorskip("gensim.models").KeyedVectors
    assert gensim.load_word2vec_format(str(path), binary=True, unicode_errors=how).index_to_key == [word, "a"]


def test_files_of_any_form_are_read_with_escapes_and_say_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for path, _ in bad_files(tmp_path):
        caplog.clear()
        assert read_vectors(path).index_to_key == ["caf\\xc3", "caf\\xe9"]
        assert f"{path}: words that are not UTF-8: 2, such as 'caf\\\\xc3'." in caplog.text


def test_a_word_of_nothing_but_bad_bytes_is_refused_where_they_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "b", in_binary((b"\xff", [1.0])))
    with pytest.raises(DataError, match="byte 4: expected a word"):
        load(path, binary=True, unicode_errors="ignore")


def test_a_file_of_another_form_than_was_said_is_named(tmp_path: Path) -> None:
    rows = b"a 1 2\nb 3 4\n"
    binary = in_binary((b"a", [1.1, 2.2]), (b"b", [3.3, 4.4]))
    cases: list[tuple[bytes, Options, str]] = [
        (b"2 2\n" + rows, {"binary": True}, "It looks like text: binary=False would read it; KeyedVectors.load tells"),
        (b"2 2\n" + rows, {"no_header": True}, "It looks like text: no_header=False would read it"),
        (binary, {}, "It looks like binary: binary=True would read it"),
        (rows * 1, {"binary": True}, "It looks like glove: no_header=True would read it"),
        (b"PK\x03\x04" + bytes(40), {}, "is a zip archive, not vectors; unpack it"),
        (struct.pack("<ii", 793712314, 12) + bytes(99), {"binary": True}, "is a fastText model (.bin), not vectors"),
    ]
    for content, reading, message in cases:
        with pytest.raises(DataError) as caught:
            load(write(tmp_path / "v", content), **reading)
        assert message in str(caught.value)
    with pytest.raises(DataError, match=r"expected 2 numbers: could not convert.*: b?'x'\.$"):
        load(write(tmp_path / "v", b"2 2\na 1 2\nb 3 x\n"))


def test_wrong_usage_is_told_before_a_file_is_opened(tmp_path: Path) -> None:
    for options in ({"binary": True, "no_header": True}, {"unicode_errors": "surrogateescape"}):
        with pytest.raises(UsageError):
            load(tmp_path / "absent", **options)
    with pytest.raises(UsageError, match="always has a header"):
        KeyedVectors(WORDS, VECTORS).save_word2vec_format(tmp_path / "v", binary=True, write_header=False)


# Damaged binary files


DAMAGED = [
    (b"", "line 1: expected the number of words"),
    (b"\x80\x04\x95" * 50, "is a pickle, not vectors; pickles run code and are never loaded"),
    (b"0 2\n", "both numbers must be at least 1"),
    (b"999999999999 300\na ", "need at least 1,201,999,999,998,797 bytes"),
    (b"1 999999999\na ", "1 vector of size 999,999,999 needs at least"),
    (b"1 70000\na " + bytes(280_000), "vectors may have 65,536 numbers. Got 70,000"),
    (in_binary(*TWO)[:-1], "byte 17: the file ends within vector 2 of the 2"),
    (in_binary((b"abcdefghijklmnopq", [1.0]), size=3), "byte 26: the file ends after 1 of the 3"),
    (in_binary(*TWO) + b"x", "byte 25: more bytes follow than the 2 vectors"),
    (codecs.BOM_UTF8 + in_binary(*TWO) + b"x", "byte 28: more bytes follow than the 2 vectors"),
    (in_binary(*TWO, size=1), "byte 14: more bytes follow than the 1 vector"),
    (in_binary((b"a", [1.0]), (b"b", [1.0]), (b"a", [2.0])), "byte 16: the word 'a' occurred before, in byte 4"),
    (in_binary(TWO[0], (b"b", [1.0, float("nan")])), "byte 14: the vector of 'b' holds a value that is not finite"),
    (in_binary((b"a", [float("inf")])), "byte 4: the vector of 'a' holds a value that is not finite"),
    (in_binary((b"", [1.0])) + b"xx", "byte 4: expected a word. Got a space"),
    (in_binary((b"x" * 70_000, [1.0])), "byte 4: no word ends within 65,536 bytes"),
    (b"1 1\n" + b"x" * 70_000, "byte 4: no word ends within 65,536 bytes"),
]


@pytest.mark.parametrize(("content", "message"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_binary_file_names_file_byte_and_fault(tmp_path: Path, content: bytes, message: str) -> None:
    path = write(tmp_path / "v.bin", content)
    with pytest.raises(DataError) as caught:
        load(path, binary=True)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@settings(deadline=None)
@given(st.data())
def test_a_binary_file_cut_off_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = in_binary(*TWO)
    path = write(tmp_path_factory.mktemp("cut") / "v", content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(DataError):
        load(path, binary=True)


def test_values_that_float32_cannot_hold_are_not_written_in_binary(tmp_path: Path) -> None:
    path = write(tmp_path / "v", b"old")
    with pytest.raises(DataError, match="'b' holds a value that is not finite in float32"):
        KeyedVectors(["a", "b"], np.array([[1.0], [1e300]])).save_word2vec_format(path, binary=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "word", ["", "New York", "a\n", "\u00a0", "\ud800", 1.5, True, pytest.param(10**5000, id="huge")]
)
@pytest.mark.parametrize(("name", "reading", "writing"), FORMS[::2])
def test_words_that_no_file_can_hold_are_not_written(
    tmp_path: Path, word: Any, name: str, reading: Options, writing: Options
) -> None:
    with pytest.raises(DataError):
        KeyedVectors(["good", word], np.ones((2, 1))).save_word2vec_format(tmp_path / name, **writing)
    assert list(tmp_path.iterdir()) == []


# GloVe


@pytest.mark.parametrize(
    "content", [b"a 1 2\n, 3 4\n", b"a 1 2\r\n, 3 4\r\n", b"a 1 2\n, 3 4", b"a 1 2 \n, 3 4 \n\n\n"]
)
def test_common_variants_of_glove_files_are_read(tmp_path: Path, content: bytes) -> None:
    vectors = load(write(tmp_path / "v", content), no_header=True)
    assert vectors.index_to_key == ["a", ","]
    assert vectors.vectors.tolist() == [[1, 2], [3, 4]]


DAMAGED_GLOVE = [
    (b"", "line 1: expected a word and the numbers"),
    (b"\n\n", "line 1: expected a word and the numbers"),
    (b"word\n", "line 1: expected a word and the numbers"),
    (b"a" + b" 1" * 70_000, "line 1: vectors may have 65,536 numbers. Got 70,000"),
    (b"3 2\na 1 2\n", "line 2: expected a word and 1 number. Got 3 columns"),
    (b"a 1 2\nb 3\n", "line 2: expected a word and 2 numbers. Got 2 columns"),
    (b"a 1 2\nb 3 4 5\n", "line 2: expected a word and 2 numbers. Got 4 columns"),
    (b"a 1 2\n\nb 3 4\n", "line 2: a blank line, and more after it"),
    (b"a 1 2\na 3 4\n", "line 2: the word 'a' occurred before, in line 1"),
    (b"a 1 -inf\n", "line 1: the vector of 'a' holds a value that is not finite"),
    (b"x" * 5_000_000, "line 1: the line is too long"),
]


@pytest.mark.parametrize(("content", "message"), DAMAGED_GLOVE, ids=range(len(DAMAGED_GLOVE)))
def test_a_damaged_glove_file_names_file_line_and_fault(tmp_path: Path, content: bytes, message: str) -> None:
    path = write(tmp_path / "v.txt", content)
    with pytest.raises(DataError) as caught:
        load(path, no_header=True)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_last_line_without_its_line_break_is_read_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        load(write(tmp_path / "whole", b"a 1 2\nb 3 4\n"), no_header=True)
        assert not caplog.records
        load(write(tmp_path / "cut", b"a 1 2\nb 3 4"), no_header=True)
    assert "line 2: no line break at the end; was the file cut off there?" in caplog.text


# Compressed files


@pytest.mark.parametrize("cut", [1, 9, -9, -1])
def test_a_compressed_file_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path / "v.gz", gzip.compress(b"2 1\na 1\nb 2\n")[:cut])
    with pytest.raises(DataError, match=r"v\.gz"):
        load(path)


def test_what_is_compressed_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    content = b"2 1\na 1\nb 2\n"
    for stored in (content, gzip.compress(content), bz2.compress(content), lzma.compress(content)):
        for name in ("v.gz", "v.txt"):
            assert load(write(tmp_path / name, stored)).index_to_key == ["a", "b"]
    for damaged in (bz2.compress(content)[:-4], lzma.compress(content)[:-4], bz2.compress(content).replace(b"Y", b"Z")):
        with pytest.raises(DataError, match=r"v: damaged or incomplete|Cannot read|line 1: expected the number"):
            load(write(tmp_path / "v", damaged))


def test_what_decompresses_beyond_all_vectors_is_refused(tmp_path: Path) -> None:
    rows = b"".join(b"%d %s\n" % (number, b" ".join([b"0"] * 5_000)) for number in range(1_500))
    with pytest.raises(DataError, match=r"v: decompresses to more than 1,032 times its size\."):
        load(write(tmp_path / "v", lzma.compress(rows)), no_header=True)


# Memory


HOSTILE: list[tuple[str, bytes, Options]] = [
    ("v", b"99999 65536\na 1\n", {}),
    ("v", b"300000 1\n" + b"a 1\n" * 299_000, {}),
    ("v", b"a 1\n" + b" " * 500_000, {"no_header": True}),
    ("v", b"a" + b" 1" * 60_000 + b"\nb" + b" " * 500_000, {"no_header": True}),
    ("v", b"9999 10000\n" + b"a " * 1000, {"binary": True}),
    ("v", b"1 1\n" + b"\n" * 500_000, {"binary": True}),
    ("v.gz", gzip.compress(b"200 65536\na" + b" 1" * 500_000), {}),
    ("v.gz", gzip.compress(b"200 65536\na " + bytes(500_000)), {"binary": True}),
    ("v.gz", gzip.compress(b"99999999 1\na 1\n" + b"b" * 500_000), {}),
]


@pytest.mark.parametrize(("name", "content", "reading"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_takes_a_few_megabytes_at_most(
    tmp_path: Path, name: str, content: bytes, reading: Options
) -> None:
    path = write(tmp_path / name, content)
    peak = peak_of_reading(path, reading)
    assert peak < 10_000_000 + 8 * path.stat().st_size


@pytest.mark.parametrize(("name", "reading", "writing"), FORMS[::2])
def test_memory_while_reading_is_within_a_constant_of_the_file(
    tmp_path: Path, name: str, reading: Options, writing: Options
) -> None:
    words = [f"word{number}" for number in range(5_000)]
    vectors = np.random.default_rng(1).normal(size=(5_000, 50)).astype(np.float32)
    KeyedVectors(words, vectors).save_word2vec_format(tmp_path / name, **writing)
    assert peak_of_reading(tmp_path / name, reading) < 3 * (tmp_path / name).stat().st_size + 1_500_000


def test_even_the_shortest_lines_take_a_constant_times_their_size(tmp_path: Path) -> None:
    for name, reading, writing in FORMS[::2]:
        words = [np.base_repr(number, 36) for number in range(20_000)]
        KeyedVectors(words, np.zeros((20_000, 1), np.float32)).save_word2vec_format(tmp_path / name, **writing)
        assert peak_of_reading(tmp_path / name, reading) < 50 * (tmp_path / name).stat().st_size


def peak_of_reading(path: Path, reading: Options) -> int:
    """Return the most bytes that were held while reading, refused or not."""
    tracemalloc.start()
    try:
        load(path, **reading)
    except DataError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


# Which format a file gets


@pytest.mark.parametrize(
    ("name", "form"), [("v.txt", "text"), ("v.BIN", "binary"), ("v.glove", "glove"), ("v.bin.gz", "binary")]
)
def test_the_format_is_told_by_the_suffix_unless_it_is_named(name: str, form: str) -> None:
    assert format_of(Path(name)) is FORMATS[form]
    assert format_of(Path(name), "glove") is FORMATS["glove"]


@pytest.mark.parametrize("name", ["v", "v.csv", "v.gz", "v.txt.bz2"])
def test_an_unknown_suffix_or_format_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match="told by the file's suffix"):
        format_of(Path(name))
    with pytest.raises(UsageError, match="format must be text, binary, glove"):
        format_of(Path("v.txt"), "pickle")


def test_only_text_binary_and_glove_files_are_compressed() -> None:
    for name, known in FORMATS.items():
        if known.gzip:
            assert format_of(Path(f"v{known.suffixes[0]}.gz")) is known
        else:
            with pytest.raises(UsageError, match="leave out"):
                format_of(Path(f"v{known.suffixes[0]}.gz"))
            with pytest.raises(UsageError, match="leave out"):
                format_of(Path("v.gz"), name)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a model whose output vectors are not its input vectors."""
    parts = {"words": WORDS, "counts": np.array([4, 3, 2, 1]), "w_in": VECTORS, "w_out": -3 * VECTORS}
    save_model(tmp_path / "m", **parts, settings={}, history=[], provenance={})  # type: ignore[arg-type]
    return tmp_path / "m"


@pytest.mark.parametrize(("name", "reading"), [(name, reading) for name, reading, _ in FORMS])
def test_convert_writes_the_format_that_the_suffix_tells(
    tmp_path: Path, model: Path, name: str, reading: Options
) -> None:
    convert(model, tmp_path / name)
    assert load(tmp_path / name, **reading).vectors.tobytes() == VECTORS.tobytes()
    with pytest.raises(UsageError, match="is already there"):
        convert(model, tmp_path / name)
    convert(model, tmp_path / name, "glove", overwrite=True)
    assert load(tmp_path / name, no_header=True).index_to_key == WORDS


@pytest.mark.parametrize("form", FORMATS)
def test_whatever_convert_writes_is_read_and_converted_on(tmp_path: Path, model: Path, form: str) -> None:
    if form in ("parquet", "feather"):
        pytest.importorskip("pyarrow")
    path = tmp_path / f"v{FORMATS[form].suffixes[0]}"
    convert(model, path)
    again = read_vectors(path)
    assert again.index_to_key == WORDS
    assert again.vectors.tobytes() == VECTORS.tobytes()
    convert(path, tmp_path / "on.bin")
    assert read_vectors(tmp_path / "on.bin").vectors.tobytes() == VECTORS.tobytes()


def test_convert_writes_the_projectors_folder(tmp_path: Path, model: Path) -> None:
    convert(model, tmp_path / "v.projector")
    assert len(list((tmp_path / "v.projector").iterdir())) == 3
    with pytest.raises(UsageError, match="is already there"):
        convert(model, tmp_path / "v.projector")
    convert(model, tmp_path / "v.projector", overwrite=True)


def test_convert_writes_input_output_or_mean_vectors_of_the_most_frequent_words(tmp_path: Path, model: Path) -> None:
    expected = {"input": VECTORS, "output": -3 * VECTORS, "mean": -VECTORS}
    for which, vectors in expected.items():
        convert(model, tmp_path / f"{which}.npz", which=which, top=2)
        again = read_vectors(tmp_path / f"{which}.npz")
        assert again.index_to_key == WORDS[:2]
        assert again.counts is not None
        assert again.counts.tolist() == [4, 3]
        np.testing.assert_allclose(again.vectors, vectors[:2], rtol=1e-6)
    with pytest.raises(UsageError, match="A file has one vector a word"):
        convert(tmp_path / "input.npz", tmp_path / "v.txt", which="output")


def test_the_help_of_convert_names_every_form() -> None:
    texts = [str(kind) for kind in inspect.get_annotations(convert).values()]
    described = " ".join(texts)
    for name, known in FORMATS.items():
        assert name in described
        assert all(suffix in described for suffix in known.suffixes)


def test_a_carriage_return_before_a_binary_word_is_no_part_of_it(tmp_path: Path) -> None:
    row = np.ones(2, dtype="<f4").tobytes()
    (tmp_path / "a.bin").write_bytes(b"2 2\r\ncat " + row + b"\r\ndog " + row + b"\r\n")
    assert list(read_vectors(tmp_path / "a.bin").index_to_key) == ["cat", "dog"]
