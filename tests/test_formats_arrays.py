"""NumPy and safetensors files of vectors: what a stranger reads, round trips, damage, memory."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from fastw2v.errors import DataError
from fastw2v.formats.npz import read_npz, write_npz
from fastw2v.formats.safetensors import read_safetensors, write_safetensors
from fastw2v.formats.vector_files import read_vectors
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.vectors.keyed import WordVectors

# What other forms cannot hold: white space, the empty word, half a surrogate pair, numbers as numbers.
WORDS = ["one", "zwölf", "New York\n\t", "", "\ud800", 7, "7", -(10**30)]
VECTORS = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
COUNTS = np.arange(8, 0, -1, dtype=np.int64)
NAMES = ["v.npz", "v.safetensors"]
WRITE: dict[str, Callable[..., None]] = {"v.npz": write_npz, "v.safetensors": write_safetensors}
READ: dict[str, Callable[..., WordVectors]] = {"v.npz": read_npz, "v.safetensors": read_safetensors}

both = pytest.mark.parametrize("name", NAMES)


def arrays(**replaced: Any) -> dict[str, Any]:
    """Return the arrays of a good file, some replaced; None leaves one out."""
    words = np.frombuffer(b'["a", "b"]', np.uint8)
    found = {"vectors": np.ones((2, 3), np.float32), "words": words, "counts": np.array([2, 1]), **replaced}
    return {name: array for name, array in found.items() if array is not None}


def saved(path: Path, **replaced: Any) -> Path:
    """Write such a file by the libraries' own functions."""
    if path.suffix == ".npz":
        np.savez(path, **arrays(**replaced))
    else:
        pytest.importorskip("safetensors.numpy").save_file(arrays(**replaced), path)
    return path


def packed(words: bytes) -> Any:
    return np.frombuffer(words, np.uint8)


# Round trips


@both
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("counts", [COUNTS, None])
def test_words_of_any_kind_counts_and_bits_survive(tmp_path: Path, name: str, dtype: Any, counts: Any) -> None:
    WRITE[name](tmp_path / name, KeyedVectors(WORDS, VECTORS.astype(dtype), counts))
    again = read_vectors(tmp_path / name)
    assert again.index_to_key == WORDS
    assert [type(word) for word in again] == [type(word) for word in WORDS]
    assert again.vectors.dtype == dtype
    assert again.vectors.tobytes() == VECTORS.astype(dtype).tobytes()
    assert (again.counts is None) == (counts is None)
    assert counts is None or (again.counts == counts).all()


@both
def test_rows_that_are_padded_or_stand_by_columns_are_written_as_they_are(tmp_path: Path, name: str) -> None:
    padded = np.zeros((8, 16), np.float32)
    padded[:, :5] = VECTORS
    for vectors in (padded[:, :5], np.asfortranarray(VECTORS)):
        WRITE[name](tmp_path / name, KeyedVectors(WORDS, vectors))
        assert (READ[name](tmp_path / name).vectors == VECTORS).all()


@both
def test_equal_vectors_make_equal_files(tmp_path: Path, name: str) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        WRITE[name](tmp_path / folder / name, KeyedVectors(WORDS, VECTORS, COUNTS))
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_stranger_reads_the_npz_with_numpy_alone(tmp_path: Path) -> None:
    write_npz(tmp_path / "v.npz", KeyedVectors(WORDS, VECTORS, COUNTS))
    with np.load(tmp_path / "v.npz", allow_pickle=False) as found:
        assert set(found) == {"vectors", "words", "counts"}
        assert json.loads(found["words"].tobytes()) == WORDS
        assert (found["vectors"] == VECTORS).all()
        assert (found["counts"] == COUNTS).all()


def test_a_stranger_reads_the_safetensors_with_the_library_alone(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.numpy")
    write_safetensors(tmp_path / "v.safetensors", KeyedVectors(WORDS, VECTORS, COUNTS))
    found = library.load_file(tmp_path / "v.safetensors")
    assert set(found) == {"vectors", "words", "counts"}
    assert json.loads(found["words"].tobytes()) == WORDS
    assert (found["vectors"] == VECTORS).all()


@both
def test_what_the_libraries_write_is_read(tmp_path: Path, name: str) -> None:
    vectors = READ[name](saved(tmp_path / name))
    assert vectors.index_to_key == ["a", "b"]
    assert vectors.vectors.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert READ[name](saved(tmp_path / name, counts=None)).counts is None


def test_a_compressed_npz_is_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "v.npz", **arrays(vectors=np.zeros((2, 60_000))))
    assert (tmp_path / "v.npz").stat().st_size < 10_000
    assert read_npz(tmp_path / "v.npz").vectors.shape == (2, 60_000)


@both
def test_one_long_word_takes_the_room_of_one_word(tmp_path: Path, name: str) -> None:
    words = [*(f"w{number}" for number in range(999)), "x" * 65_536]
    WRITE[name](tmp_path / name, KeyedVectors(words, np.zeros((1000, 1), np.float32)))
    assert (tmp_path / name).stat().st_size < 100_000
    assert READ[name](tmp_path / name).index_to_key == words


# What cannot be written


@both
@pytest.mark.parametrize("word", [1.5, True, ("a", "b"), pytest.param(10**5000, id="huge")])
def test_items_that_are_no_str_or_int_are_not_written(tmp_path: Path, name: str, word: Any) -> None:
    with pytest.raises(DataError):
        WRITE[name](tmp_path / name, KeyedVectors(["good", word], np.ones((2, 1))))
    assert list(tmp_path.iterdir()) == []


# Damaged files

BAD: list[tuple[dict[str, Any], str]] = [
    ({"words": None}, "must hold vectors and words, and may hold counts. Got counts, vectors."),
    ({"more": np.zeros(1)}, "Got counts, more, vectors, words."),
    ({"vectors": np.ones((2, 3), np.int64)}, "vectors must have 2 dimensions of float32 or float64"),
    ({"vectors": np.ones(2, np.float32)}, "vectors must have 2 dimensions"),
    ({"vectors": np.ones((0, 3), np.float32)}, "none of them empty. Got shape (0, 3)"),
    ({"vectors": np.ones((1, 70_000), np.float32)}, "vectors may have 65,536 numbers. Got 70,000"),
    ({"vectors": np.full((2, 3), np.nan)}, "The vector of 'a' (row 0) holds a value that is not finite"),
    ({"vectors": np.ones((3, 3)), "counts": None}, "2 words must have as many vectors. Got 3"),
    ({"counts": np.array([1, 2, 3])}, "2 vectors must have as many counts. Got 3"),
    ({"counts": np.array([1, -1])}, "counts must be >= 0. Got -1"),
    ({"words": packed(b'["a", "a"]')}, "The word 'a' occurs twice"),
    ({"words": packed(b'["a", 1.5]')}, "a word must be a string or an integer. Got 1.5 in row 1"),
    ({"words": packed(b'["a", true]')}, "Got True in row 1"),
    ({"words": packed(b'["a", "b"')}, "words must be a JSON list"),
    ({"words": packed(b'{"a": "b"}')}, "words must be a JSON list. Got dict"),
    ({"words": packed(b'["a", "\xff"]')}, "words must be a JSON list"),
    ({"words": packed(b"[" * 100_000)}, "words must be a JSON list"),
    ({"words": packed(b"[1, " + b"9" * 5000 + b"]")}, "words must be a JSON list"),
]


@both
@pytest.mark.parametrize(("replaced", "message"), BAD, ids=range(len(BAD)))
def test_a_file_of_wrong_arrays_is_refused_by_name(
    tmp_path: Path, name: str, replaced: dict[str, Any], message: str
) -> None:
    path = saved(tmp_path / name, **replaced)
    with pytest.raises(DataError) as caught:
        READ[name](path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@both
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=rf"{name}.*[Nn]o such file"):
        READ[name](tmp_path / name)


def test_words_that_numpy_would_unpickle_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "v.npz", **arrays(words=np.array(["a", "b"], dtype=object)))
    with pytest.raises(
        DataError, match="words: holds pickled Python objects, which are never loaded; words may have dtype=str"
    ):
        read_npz(tmp_path / "v.npz")


def test_types_of_others_are_converted_or_refused_by_their_own_name(tmp_path: Path) -> None:
    path, vectors, words = tmp_path / "v.npz", VECTORS[:2], np.array(["a", "b"])
    for own in (vectors.astype("<f2"), vectors.astype(">f4"), vectors.astype(">f8"), vectors.astype("<f8")):
        np.savez(path, vectors=own, words=words)
        read = read_npz(path)
        assert read.index_to_key == ["a", "b"]
        assert read.vectors.dtype == (np.float64 if own.dtype.itemsize == 8 else np.float32)
        assert np.array_equal(read.vectors, own)
    for wrong in (vectors.astype(np.int32), vectors.astype(np.complex64), vectors[:, 0], vectors[None]):
        np.savez(path, vectors=wrong, words=words)
        with pytest.raises(DataError, match=rf"vectors must have 2 dimensions.* Got shape .*, {wrong.dtype.name}\."):
            read_npz(path)
    np.savez(path, vectors=vectors, words=words, counts=np.ones(2, np.int32))
    with pytest.raises(DataError, match=r"counts must have 1 dimensions of int64.*Got shape \(2,\), int32"):
        read_npz(path)


def test_half_floats_of_safetensors_are_converted_or_refused_by_their_own_name(tmp_path: Path) -> None:
    path, halves = tmp_path / "v.safetensors", VECTORS[:2].astype(np.float16)
    save_file(arrays(vectors=halves), path)
    read = read_safetensors(path)
    assert read.vectors.dtype == np.float32
    assert np.array_equal(read.vectors, halves)
    with pytest.raises(DataError, match="vectors of float16 cannot be mapped, float32 and float64 can"):
        read_safetensors(path, mmap=True)
    content = path.read_bytes().replace(b'"dtype":"F16"', b'"dtype":"BF16"')
    length = int.from_bytes(content[:8], "little") + 1
    path.write_bytes(length.to_bytes(8, "little") + content[8:])
    with pytest.raises(DataError, match=r"Got shape .*, bfloat16"):
        read_safetensors(path)


def npy(descr: str, shape: str, data: bytes) -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


HOSTILE_NPY = [
    npy("<f4", "(99999999999, 60000)", b""),
    npy("<f4", "(2, 3)", bytes(23)),
    npy("<f4", "(2, 3)", bytes(25)),
    npy("<f4", "(-2, 3)", bytes(24)),
    npy("<f4", "(" * 900, bytes(24)),
    npy("|O", "(2, 3)", bytes(24)),
    npy("<U9999999", "(2, 3)", bytes(24)),
    b"\x93NUMPY\x03\x00" + bytes(100),
    b"\x80\x04\x95" * 50,
    b"",
]


@pytest.mark.parametrize("member", HOSTILE_NPY, ids=range(len(HOSTILE_NPY)))
def test_an_array_that_promises_what_is_not_there_is_refused(tmp_path: Path, member: bytes) -> None:
    path = tmp_path / "v.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("vectors.npy", member)
        archive.writestr("words.npy", npy("|u1", "(10,)", b'["a", "b"]'))
    with pytest.raises(DataError, match=r"v\.npz: vectors"):
        read_npz(path)
    assert peak_of(read_npz, path) < 1_000_000


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("vectors.npy", npy("<f4", "(500, 6000)", bytes(4 * 500 * 6_000)))
        archive.writestr("words.npy", npy("|u1", "(10,)", b'["a", "b"]'))
    assert path.stat().st_size < 200_000
    with pytest.raises(DataError, match="compressed in a way that is not NumPy's, or too large"):
        read_npz(path)
    assert peak_of(read_npz, path) < 1_000_000


@pytest.mark.parametrize("there", [0, 12])
def test_a_member_that_claims_more_than_it_holds_is_refused(tmp_path: Path, there: int) -> None:
    path = tmp_path / "v.npz"
    member = npy("<f4", "(2, 3)", bytes(there))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("words.npy", npy("|u1", "(10,)", b'["a", "b"]'))
        archive.writestr("vectors.npy", member)
    # In the directory at the end: the size stored, then the size claimed.
    sizes = struct.pack("<II", len(member), len(member))
    front, end = path.read_bytes().rsplit(sizes, 1)
    path.write_bytes(front + struct.pack("<II", len(member), len(member) + 24 - there) + end)
    with pytest.raises(DataError, match=f"the file ends after {there} of 24 bytes"):
        read_npz(path)


def test_two_arrays_of_one_name_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "v.npz")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("words", b"")
    with pytest.raises(DataError, match="two arrays have one name"):
        read_npz(path)


@both
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    WRITE[name](folder / name, KeyedVectors(["a", "b"], np.ones((2, 3), np.float32), np.array([2, 1])))
    content = bytearray((folder / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / name).write_bytes(content[: data.draw(st.sampled_from([len(content), data.draw(st.integers(0, 900))]))])
    try:
        found = READ[name](folder / name)
    except DataError as error:
        refused = str(error)
    else:
        refused = f"none, in {folder}"
        assert len(found) == len(set(found)) > 0
        assert np.isfinite(found.vectors).all()
    assert str(folder) in refused
    assert "\n" not in refused


# Memory


@both
def test_memory_while_reading_is_within_a_constant_of_the_file(tmp_path: Path, name: str) -> None:
    words = [f"word{number}" for number in range(20_000)]
    vectors = np.random.default_rng(1).normal(size=(20_000, 50)).astype(np.float32)
    WRITE[name](tmp_path / name, KeyedVectors(words, vectors))
    assert peak_of(READ[name], tmp_path / name) < 3 * (tmp_path / name).stat().st_size + 1_500_000


@both
def test_padded_vectors_are_not_copied_to_be_written(tmp_path: Path, name: str) -> None:
    # Enough of them for NumPy, which writes 16 MB at a time.
    vectors = KeyedVectors(list(range(300_000)), np.zeros((300_000, 64), np.float32)[:, :50])
    assert peak_of(WRITE[name], tmp_path / name, vectors) < 0.7 * 300_000 * 50 * 4


def peak_of(function: Callable[..., object], *given: Any) -> int:
    """Return the most bytes that were held, refused or not."""
    tracemalloc.start()
    try:
        function(*given)
    except DataError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak
