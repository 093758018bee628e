"""Files of vectors told by their content whatever their name, and what is none named as what it is."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.formats.recognising import form_of_file
from fastw2v.formats.vector_files import FORMATS, is_vector_file, read_vectors
from fastw2v.keyed_vectors import KeyedVectors

WORDS = ["cat", "zwölf", "三", "1999", "<unk>"]
VECTORS = np.random.default_rng(3).normal(size=(5, 12)).astype(np.float32)
BOM = b"\xef\xbb\xbf"
ROWS = b"cat 0.1 0.2 0.3\ndog 0.4 -1e-3 2\n"


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_every_form_is_told_by_its_content_under_any_name_compressed_and_with_a_mark(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for form in set(FORMATS) - {"projector"}:
        FORMATS[form].write(tmp_path / "v", KeyedVectors(WORDS, VECTORS))
        content = (tmp_path / "v").read_bytes()
        stored = [content]
        if FORMATS[form].gzip:
            stored += [gzip.compress(content), bz2.compress(content), lzma.compress(content), BOM + content]
            stored.append(pytest.importorskip("zstandard").compress(content))
        for one in stored:
            for name in ("v", "v.txt", "v.bin", "v.glove", "v.npz", "v.kv", "v.bin.gz"):
                assert form_of_file(put(tmp_path / name, one)) == form
            read = read_vectors(tmp_path / "v")
            assert read.index_to_key == WORDS
            assert read.vectors.tobytes() == VECTORS.tobytes()


def test_common_variants_of_text_are_read(tmp_path: Path) -> None:
    fasttext = b"2 3\ncat 0.1 0.2 0.3 \ndog 0.4 -1e-3 2 \n"
    for content in (fasttext, ROWS, ROWS.replace(b" ", b"\t"), BOM + ROWS, b"2 3\r\n" + ROWS.replace(b"\n", b"\r\n")):
        read = read_vectors(put(tmp_path / "cc.xx.3.vec", content))
        assert read.index_to_key == ["cat", "dog"]
        np.testing.assert_array_equal(read.vectors, np.array([[0.1, 0.2, 0.3], [0.4, -1e-3, 2]], np.float32))


def test_a_number_that_is_cut_where_looking_ends_counts_as_none(tmp_path: Path) -> None:
    # Of "-1" the "-" is the last of the 65,536 bytes that are looked at.
    for form, content in {"glove": b"ab" + b" -1" * 30_000, "text": b"1 30000\nabc" + b" -1" * 30_000}.items():
        assert content[:65_536].endswith(b" -")
        assert form_of_file(put(tmp_path / "v", content + b"\n")) == form
        assert read_vectors(tmp_path / "v").vector_size == 30_000


def test_a_word_with_spaces_of_a_glove_file_is_kept_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read = read_vectors(put(tmp_path / "v.txt", ROWS + b"at name@domain.com 1 2 3\n. . . 4 5 6\n"))
    assert read.index_to_key == ["cat", "dog", "at name@domain.com", ". . ."]
    assert read["at name@domain.com"].tolist() == [1, 2, 3]
    assert "v.txt: words with spaces in them: 2" in caplog.text
    for wrong in (b"a 7 1 2 3\n", b"a  1 2 3\n", b" a 1 2 3\n"):
        with pytest.raises(DataError, match=r"line 3: expected a word and 3 numbers. Got 5 columns"):
            read_vectors(put(tmp_path / "v.txt", ROWS + wrong))


def test_the_suffix_chooses_where_content_leaves_two_forms(tmp_path: Path) -> None:
    # One number a word: "5 2" is a header, or a word and its number.
    one = b"5 2\nb 3\n"
    assert read_vectors(put(tmp_path / "v.glove", one)).index_to_key == ["5", "b"]
    with pytest.raises(DataError, match=r"line 1: 5 vectors of size 2 need at least 29 bytes"):
        read_vectors(put(tmp_path / "v.txt", one))
    # The number's four bytes are those of letters.
    letters = b"1 1\na " + b"abcd"
    assert read_vectors(put(tmp_path / "v.bin", letters)).index_to_key == ["a"]
    with pytest.raises(DataError, match=r"line 2: expected 1 number:"):
        read_vectors(put(tmp_path / "v.txt", letters))
    assert form_of_file(put(tmp_path / "v.glove", b"a 1\nb 2\n")) == "glove"
    with pytest.raises(DataError, match="a word and two or more numbers"):
        read_vectors(put(tmp_path / "counts.txt", b"the 1200\nof 800\n"))


def test_pairs_and_analogies_of_integers_are_not_taken_for_vectors(tmp_path: Path) -> None:
    for content in (b"7\t33\t1\n7\t58\t2\n", b"7 33 1 2\n7 58 2 3\n", b"7\t33\t1\t0.5\t2\n"):
        assert not is_vector_file(put(tmp_path / "v.txt", content))
        assert is_vector_file(put(tmp_path / "v.glove", content))
    assert is_vector_file(put(tmp_path / "v.txt", b"7 33 1 2 3 4\n"))


def test_a_header_that_lies_is_refused_with_what_was_found(tmp_path: Path) -> None:
    lies = {
        b"3 3\n": r"line 4: the file ends after 2 of the 3 vectors its header says",
        b"1 3\n": r"2 lines follow where its header says 1",
        b"2 4\n": r"line 2: expected a word and 4 numbers\. Got 4 columns",
        b"2 2\n": r"line 2: expected a word and 2 numbers\. Got 4 columns",
        b"9999999 300\n": r"9,999,999 vectors of size 300 need at least 6,019,999,397 bytes, but only 32 follow",
    }
    for header, message in lies.items():
        with pytest.raises(DataError, match=message):
            read_vectors(put(tmp_path / "v.vec", header + ROWS))


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, ROWS)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("v.txt"), io.BytesIO(b""))
    return buffer.getvalue()


def saved(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def test_what_holds_no_vectors_is_named(tmp_path: Path) -> None:
    lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"
    known = {
        pickle.dumps(
            {"a": 1}
        ): "is a pickle, not vectors; pickles run code and are never loaded. In gensim, save_word2",
        struct.pack("<ii", 793712314, 12) + bytes(99): "is a fastText model (.bin), not vectors; give the .vec file",
        b"<!DOCTYPE html>\n<html><body>404</body></html>": "is a web page (HTML), not vectors; download the file",
        lfs: "is a Git LFS pointer, not vectors; fetch the file: git lfs pull",
        zipped("glove.6B.50d.txt"): "is a zip archive, not vectors; unpack it and give the file of vectors in it",
        tarred(): "is a tar archive, not vectors; unpack it and give the file of vectors in it",
        gzip.compress(tarred()): "is a tar archive, not vectors; unpack it",
        gzip.compress(zipped("vectors.npy")): "is a NumPy archive (.npz), compressed once more; decompress it first",
        saved(VECTORS): "is a NumPy array (.npy), not vectors; words come in an .npz beside their vectors",
        "cat 0.1\n".encode("utf-16"): "is UTF-16 text; convert it to UTF-8",
        b"": "is empty, and holds no vectors",
        b"Once upon a time\nthere was": "Got 'Once upon a time'. It looks like text, which `fastw2v train` takes.",
        b"cat,0.1,0.2\ndog,0.3,0.4\n": "Its first line must be the number of words and the vector size",
        bytes(99): "holds no vectors that can be read",
    }
    for content, message in known.items():
        for name in ("v.bin", "v.txt", "v.npz"):
            path = put(tmp_path / name, content)
            with pytest.raises(DataError) as caught:
                read_vectors(path)
            assert f"{path}: " in str(caught.value)
            assert message in str(caught.value)
            assert "\n" not in str(caught.value)
            assert not is_vector_file(path)


def test_a_models_weights_and_folders_are_named(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"input_vectors": VECTORS, "output_vectors": VECTORS}, tmp_path / "weights.safetensors")
    with pytest.raises(DataError, match="a model's weights without its words; give the model's directory"):
        read_vectors(tmp_path / "weights.safetensors")
    with pytest.raises(UsageError, match="is a folder; give a file of vectors"):
        read_vectors(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="pipe is a pipe or a device"):
        read_vectors(tmp_path / "pipe")
    with pytest.raises(UsageError, match="does not exist"):
        read_vectors(tmp_path / "absent.txt")


def test_a_projectors_folder_is_read_back_with_counts_and_without(tmp_path: Path) -> None:
    for counts in (None, [9, 7, 5, 3, 1]):
        own = KeyedVectors(["New York", *WORDS[1:]], VECTORS, counts)
        FORMATS["projector"].write(tmp_path / "p", own)
        assert is_vector_file(tmp_path / "p")
        read = read_vectors(tmp_path / "p")
        assert read.index_to_key == own.index_to_key
        assert read.vectors.tobytes() == VECTORS.tobytes()
        assert (None if read.counts is None else read.counts.tolist()) == counts


def test_counts_of_a_projectors_folder_are_found_by_their_heading(tmp_path: Path) -> None:
    put(tmp_path / "vectors.tsv", b"1\t2\n3\t4\n")
    others = {b"word\tcount\tgroup\na\t2\t7\nb\t1\t7\n": [2, 1], b"word\tgroup\na\t7\nb\t7\n": None}
    for metadata, counts in others.items():
        put(tmp_path / "metadata.tsv", metadata)
        read = read_vectors(tmp_path)
        assert read.index_to_key == ["a", "b"]
        assert (None if read.counts is None else read.counts.tolist()) == counts


def test_a_damaged_projectors_folder_is_refused_by_file_and_line(tmp_path: Path) -> None:
    whole = {"vectors.tsv": b"1\t2\n3\t4\n", "metadata.tsv": b"word\tcount\na\t2\nb\t1\n"}
    damaged = [
        ("vectors.tsv", b"1\t2\n", "vectors.tsv: 1 line for the 2 words of metadata.tsv"),
        ("vectors.tsv", b"1\t2\n3\t4\n5\t6\n", "vectors.tsv, line 3: expected 2 numbers in each of 2 lines"),
        ("vectors.tsv", b"1\t2\n3\n", "vectors.tsv, line 2: expected 2 numbers in each of 2 lines"),
        ("vectors.tsv", b"1\t2\n3\tx\n", "vectors.tsv, line 2: expected 2 numbers"),
        ("vectors.tsv", b"1\t2\n3\tnan\n", "vectors.tsv, line 2: the vector of 'b' holds a value that is not finite"),
        ("vectors.tsv", b"", "vectors.tsv: 0 lines for the 2 words"),
        ("vectors.tsv", b"\t" * 70_000, "vectors may have 65,536 numbers. Got 70,001"),
        ("metadata.tsv", b"word\tcount\na\t2\na\t1\n", "the word 'a' occurred before, in line 1"),
        ("metadata.tsv", b"word\tcount\na\t2\nb\n", "metadata.tsv, line 3: expected a count, such as 12. Got b''"),
        ("metadata.tsv", b"word\tcount\na\t2\n\t1\n", "metadata.tsv, line 3: expected a word"),
        ("metadata.tsv", b"x" * 200_000, "metadata.tsv, line 1: the line is too long"),
    ]
    for name, content, message in damaged:
        for file, good in whole.items():
            put(tmp_path / file, content if file == name else good)
        with pytest.raises(DataError) as caught:
            read_vectors(tmp_path)
        assert message in str(caught.value)
