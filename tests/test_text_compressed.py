"""Compressed text by its content: any name, standard input, several frames, damage, and data that claims too much."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from fastw2v.errors import DataError
from fastw2v.text import TextCorpus, decoding, sources
from fastw2v.text.compressed import decompressed
from fastw2v.text.sources import find_sources

PACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
DATA = b"".join(b"%d bottles of beer\n" % number for number in range(5000))


def contents(path: Path) -> bytes:
    (source,) = find_sources([path])
    return b"".join(source.blocks())


@pytest.mark.parametrize("suffix", PACKERS)
def test_what_is_compressed_is_read_under_any_name_and_from_a_pipe(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = PACKERS[suffix](DATA)
    for name in (f"A.TXT{suffix.upper()}", "a.txt", "a", "a.gz", "a.bz2"):
        (tmp_path / name).write_bytes(packed)
        assert contents(tmp_path / name) == DATA
        assert find_sources([tmp_path / name])[0].size is None
    reading, writing = os.pipe()
    os.write(writing, packed[:30])
    os.write(writing, packed[30:])
    os.close(writing)
    with open(reading, encoding="utf-8") as stream:  # noqa: PTH123 - a file descriptor
        monkeypatch.setattr("sys.stdin", stream)
        assert b"".join(find_sources(["-"])[0].blocks()) == DATA
        assert not stream.closed


@pytest.mark.parametrize("suffix", PACKERS)
def test_frames_follow_each_other_and_damage_anywhere_is_one_line(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, path = PACKERS[suffix], tmp_path / f"a{suffix}"
    padding = b"\0" * 8 if suffix in (".xz", ".gz") else b""
    path.write_bytes(pack(DATA[:40_000]) + padding + pack(b"") + pack(DATA[40_000:]) + padding)
    assert contents(path) == DATA
    with monkeypatch.context() as patch:
        patch.setattr(sources, "BLOCK_BYTES", 999)
        assert contents(path) == DATA
    packed = pack(os.urandom(3000))
    for broken in (
        packed[:-1],
        packed[:-30],
        packed[:40],
        packed[:300] + b"\xff" * 200 + packed[500:],
        packed + pack(DATA)[:30],
        packed + b"some text",
    ):
        path.write_bytes(broken)
        with pytest.raises(DataError, match=r"^\S+: damaged or incomplete \w+ data \([^\n]*\)\.$"):
            contents(path)
    for wrong, name in ((b"plain text", path.name), (b"", path.name)):
        (tmp_path / name).write_bytes(wrong)
        with pytest.raises(DataError, match=r"damaged or incomplete|is empty"):
            list(TextCorpus([tmp_path / name]))


def test_what_stands_for_far_more_is_decompressed_in_bounded_steps() -> None:
    for suffix, pack in PACKERS.items():
        stream = decompressed(io.BytesIO(pack(bytes(6_000_000))), "a")
        assert len(stream.read(1000)) == 1000
        held = getattr(getattr(stream, "raw", None), "_ready", b"")
        assert len(held) <= 2**20, suffix
    # The header of the first block, after 12 bytes, asks for a dictionary of 2 GiB: code 38 of the format's table.
    data = lzma.compress(b"words")
    header = bytearray(data[12 : 12 + 4 * data[12]])
    header[4] = 38
    forged = data[:12] + header + zlib.crc32(header).to_bytes(4, "little") + data[16 + 4 * data[12] :]
    with pytest.raises(DataError, match=r"damaged or incomplete xz data \(Memory usage limit"):
        decompressed(io.BytesIO(forged), "a").read()


def test_letters_without_end_are_refused_before_they_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "MOST_HELD_BYTES", 5 * 2**20)
    for name, data, what in (
        ("a.xz", b"ok\n" + b"a" * 8_000_000, "a space or line end"),
        ("a.jsonl.xz", b'{"text": "' + b"a " * 4_000_000, "a line end"),
    ):
        (tmp_path / name).write_bytes(lzma.compress(data, preset=0))
        for way in (list, lambda corpus: list(corpus.pieces())):
            with pytest.raises(DataError, match=rf"[0-9,]+ bytes from byte [03] on without {what}, which have to fit"):
                way(TextCorpus([tmp_path / name]))
    (tmp_path / "spaces.xz").write_bytes(lzma.compress(b"a " * 4_000_000, preset=0))
    assert sum(map(len, TextCorpus([tmp_path / "spaces.xz"]).pieces())) == 8_000_001


def test_what_is_no_text_is_named_with_what_to_do(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("a.txt"))
    for name, data, said in (
        ("a.txt", b"<!DOCTYPE html><html>404", "a.txt is a web page (HTML), not text; download the file itself"),
        ("a.txt", b"%PDF-1.7", "a.txt is a PDF document, not text; extract its text: pdftotext FILE."),
        ("a.txt.gz", gzip.compress(archive.getvalue()), "a.txt.gz, decompressed, is a tar archive, not text; unpack"),
        ("a.gz", gzip.compress(gzip.compress(b"words")), "a.gz, decompressed, is gzip data, not text; decompress it"),
        (
            "a.jsonl",
            b"version https://git-lfs.github.com/spec/v1\n",
            "a Git LFS pointer, not text; fetch the file: git",
        ),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DataError) as caught:
            list(TextCorpus([tmp_path / name]))
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)
