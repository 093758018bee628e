"""What a file is, told by its first bytes: made by the programs whose formats they are, where these are at hand."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from fastw2v.files.content import START_BYTES, looks_like_text, recognise


def zipped(*names: str, content: str = "words") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def numpy_file(archive: bool) -> bytes:
    file = io.BytesIO()
    if archive:
        np.savez(file, vectors=np.zeros(3))
    else:
        np.save(file, np.zeros(3))
    return file.getvalue()


def test_a_file_is_recognised_by_its_first_bytes() -> None:
    made = {
        "gzip": gzip.compress(b"words"),
        "bzip2": bz2.compress(b"words"),
        "xz": lzma.compress(b"words"),
        "zip": zipped("a.txt", "b.txt"),
        "npz": numpy_file(archive=True),
        "npy": numpy_file(archive=False),
        "epub": zipped("mimetype", content="application/epub+zip"),
        "safetensors": save({"vectors": np.zeros(3, np.float32)}),
        "tar": tarred(),
        "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "pdf": b"%PDF-1.7\n%\xe2\xe3",
        "fasttext": b"\xba\x16\x4f\x2f\x0c\0\0\0",
        "wiki": b'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">',
        "xml": b'<?xml version="1.0"?><corpus>',
    }
    assert {kind: found.kind for kind, data in made.items() if (found := recognise(data))} == {k: k for k in made}
    for data in (b"<!DOCTYPE html>\n<html>", b"\xef\xbb\xbf\n <HTML lang=en>", b"<!-- saved -->\n<html>"):
        assert getattr(recognise(data), "kind", None) == "html"
    for names in (["[Content_Types].xml", "word/document.xml"], ["_rels/.rels"], ["word/document.xml"]):
        assert getattr(recognise(zipped(*names)), "kind", None) == "office"
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert getattr(recognise(pickle.dumps({"a": 1}, protocol)), "kind", None) == "pickle"
    assert getattr(recognise(zipped("archive/data.pkl")), "kind", None) == "pickle"


def test_an_sqlite_database_is_recognised(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("create table words (word text)")
    database.close()
    assert getattr(recognise((tmp_path / "a.db").read_bytes()), "kind", None) == "sqlite"


@pytest.mark.parametrize(
    "text",
    [
        "words and more\n",
        "PK is short for packed, BZh is not, GIF is",
        "<doc id=1>words of a dump that was extracted",
        "<i>some</i> markup <html>",
        '{"text": "a record"}',
        "漢字かな交じり文" * 1000,
        "BZh9 plays",
        "version 1",
    ],
)
def test_text_is_nothing_else(text: str) -> None:
    start = text.encode()[:START_BYTES]
    assert recognise(start) is None
    assert looks_like_text(start)


def test_what_is_no_text_does_not_look_like_it() -> None:
    for data in (b"", b"ab\0cd", b"caf\xe9 au lait", gzip.compress(b"words"), b"%PDF-1.4", "text".encode("utf-16")):
        assert not looks_like_text(data)


def test_a_refusal_is_one_line_that_names_the_file_and_what_to_do() -> None:
    found = recognise(zipped("a.txt"))
    assert found is not None
    assert found.refusal("a.txt", "text") == "a.txt is a zip archive, not text; unpack it and pass the files in it."
