"""Text files as users have them, through the commands that read text, in this process."""

from __future__ import annotations

import bz2
import gzip
import json
import logging
import struct
from pathlib import Path
from typing import Any

import pytest
from short_runs import all_but_few_pairs

from fastw2v import Word2Vec
from fastw2v.cli.app import run
from fastw2v.errors import DataError

QUICK = ("--engine", "numpy", "--vector-size", "4", "--epochs", "1", "--min-count", "1", "--sample", "0")
LINES = "one two three four five six\nseven eight nine ten one two\n" * 20


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FASTW2V_CACHE_DIR", str(tmp_path / "cache"))


class Told:
    """What commands printed and warned of."""

    def __init__(self, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self._capsys, self._caplog = capsys, caplog

    def by(self, *words: Any, code: int = 0) -> tuple[str, str]:
        """Run a command; return stdout, and warnings with stderr."""
        self._caplog.clear()
        with self._caplog.at_level(logging.WARNING):
            assert run([str(word) for word in words]) == code
        out, err = self._capsys.readouterr()
        warned = [message for message in self._caplog.messages if all_but_few_pairs(message)]
        return out, "\n".join([*warned, all_but_few_pairs(err)])


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Told:
    return Told(capsys, caplog)


def recorded(model: str) -> dict[str, Any]:
    """What a model records of its corpus."""
    corpus = json.loads((Path(model) / "model.json").read_text())["provenance"]["corpus"]
    assert isinstance(corpus, dict)
    return corpus


def test_files_of_which_some_have_the_marker_are_cut_each_by_its_own_and_that_is_said_each_time(told: Told) -> None:
    Path("plain.txt").write_text(LINES)
    Path("stories.txt").write_text("a tale of one\nand two <|endoftext|>\nanother\nof three\n<|endoftext|>\n" * 20)
    said = "document is: what <|endoftext|> separates in 1 (such as stories.txt), a line in 1 (such as plain.txt). "
    for more in ((), (), ("--no-cache",)):  # read, found in the cache, read
        out, warned = told.by("train", "plain.txt", "stories.txt", "-o", "m", "--overwrite", *QUICK, *more)
        assert "80 documents (a document is a line, or what <|endoftext|> separates" in out
        assert said in warned
    assert recorded("m")["documents"] == "mixed"
    assert said in told.by("encode", "plain.txt", "stories.txt", "-o", "encoded")[1]
    out, warned = told.by("train", "encoded", "-o", "m", "--overwrite", *QUICK)
    assert "80 documents (a document is a line, or" in out
    assert said in warned
    _, warned = told.by("train", "encoded", "--documents", "line", code=2)
    assert "documents is part of how encoded was encoded ('mixed')" in warned
    out, warned = told.by("train", "plain.txt", "-o", "m", "--overwrite", *QUICK)
    assert "40 documents (a document is a line)" in out
    assert not warned.strip()


def test_old_line_ends_and_a_text_of_one_document_are_said(told: Told) -> None:
    Path("mac.txt").write_bytes(LINES.replace("\n", "\r").encode())
    out, warned = told.by("train", "mac.txt", "-o", "m", *QUICK)
    assert "40 documents" in out
    assert "mac.txt: lines end with a carriage return (CR) alone; read as lines." in warned
    Path("long.txt").write_text("one two three four five " * 42_000)
    _, warned = told.by("encode", "long.txt", "-o", "encoded")
    assert "All 1,008,000 bytes are 1 document" in warned


def test_a_folder_says_what_it_leaves_out_each_time(told: Told) -> None:
    folder = Path("folder")
    (folder / "AA").mkdir(parents=True)
    for name in ("a.txt", "B.TXT", "AA/wiki_00", "notes.md", "table.csv", ".hidden.txt"):
        (folder / name).write_text(LINES)
    (folder / "c.txt.bz2").write_bytes(bz2.compress(LINES.encode()))
    said = "Left out of folder: 1 .csv, 1 .md, 1 hidden. A file that is named, or fits a pattern, is read."
    for _ in range(2):
        out, warned = told.by("train", "folder", "-o", "m", "--overwrite", *QUICK)
        assert "160 documents" in out
        assert warned.strip() == said
    out, warned = told.by("train", "folder", "folder/*.md", "-o", "m", "--overwrite", *QUICK)
    assert "200 documents" in out


def test_what_is_no_text_is_refused_in_one_line(told: Told) -> None:
    Path("a.txt").write_bytes(b"PK\x03\x04" + bytes(100))
    for command in (["train", "a.txt", "-o", "m"], ["encode", "a.txt", "-o", "e"], ["verify", "a.txt"]):
        _, err = told.by(*command, code=1)
        assert err.strip() == "fastw2v: a.txt is a zip archive, not text; unpack it and pass the files in it."
        assert not Path(command[-1]).is_dir()


def test_an_encoding_is_named_by_the_error_and_read_by_the_option(told: Told) -> None:
    german = "der Löwe läuft über die Brücke – schläft früh\n" * 40
    Path("a.txt").write_bytes(german.encode("cp1252"))
    _, err = told.by("train", "a.txt", "-o", "m", *QUICK, code=1)
    assert err.strip() == (
        "fastw2v: a.txt: byte 5 (0xf6) is not UTF-8; the text looks like cp1252 ('der Löwe läuft üb'): "
        "--encoding cp1252 would read it; --encoding-errors replace would read U+FFFD in its place."
    )
    out, warned = told.by("train", "a.txt", "--encoding", "windows-1252", "-o", "m", *QUICK)
    assert "40 documents" in out
    assert not warned.strip()
    assert recorded("m")["encoding"] == "cp1252"
    assert "löwe" in told.by("similar", "m", "früh")[0]
    for _ in range(2):
        _, warned = told.by("train", "a.txt", "--encoding-errors", "replace", "-o", "m", "--overwrite", *QUICK)
        assert warned.strip() == "Replaced 280 bytes that are not in the encoding, in 1 file: a.txt."
    _, err = told.by("train", "a.txt", "--encoding", "cp125", code=2)
    assert err.strip() == (
        "fastw2v: encoding must be the name of one of Python's text encodings, such as cp1252. "
        "Got 'cp125' (did you mean 'cp1252'?); the default is 'utf-8'."
    )
    Path("b.txt").write_bytes(german.encode("utf-16"))
    for _ in range(2):
        _, warned = told.by("train", "b.txt", "-o", "m", "--overwrite", *QUICK)
        assert warned.strip() == "b.txt: read as UTF-16, which the byte order mark names."


def test_an_encoded_corpus_keeps_its_encoding(told: Told) -> None:
    Path("a.txt").write_bytes("Größe läuft über Brücken früh\n".encode("latin-1") * 40)
    told.by("encode", "a.txt", "--encoding", "latin-1", "-o", "e")
    told.by("train", "e", "-o", "m", *QUICK)
    assert recorded("m")["encoding"] == "iso8859-1"
    told.by("train", "e", "--encoding", "latin1", "-o", "m", "--overwrite", *QUICK)
    _, err = told.by("train", "e", "--encoding", "cp1252", "-o", "m", "--overwrite", code=2)
    assert "encoding is part of how e was encoded ('iso8859-1'). Got 'cp1252'" in err


def test_binary_vectors_given_as_text_are_named(told: Told) -> None:
    for number in (1.0, -3.7):  # with a NUL first, and with bytes that are no UTF-8
        row = b"".join(word + struct.pack("<4f", *[number] * 4) + b"\n" for word in (b"cat ", b"dog "))
        Path("v.bin").write_bytes(b"2 4\n" + row)
        _, refused = told.by("train", "v.bin", "-o", "m", code=1)
        assert "it looks like word2vec's binary vectors; --init-from v.bin begins with them." in refused


def test_json_given_as_text_is_said(told: Told) -> None:
    Path("a.txt").write_text('{"text": "one two three four"}\n' * 40)
    _, warned = told.by("train", "a.txt", "-o", "m", *QUICK)
    assert "a.txt: looks like JSON and is read as plain text, names of fields and all" in warned


def test_vectors_and_tables_given_as_text_are_said(told: Told) -> None:
    rows = "".join(f"w{row} 0.5 -1e-05 .25 3 4.0\n" for row in range(40))
    Path("st.vec").write_text("40 5\n" + rows)
    Path("glove.txt").write_text(rows)
    Path("w.csv").write_text("id,text\n" + "1,one two three four\n" * 40)
    Path("w.tsv.gz").write_bytes(gzip.compress(b"1\tone two three four\n" * 40))
    vectors = "looks like vectors and is read as plain text, numbers and all; --init-from takes vectors"
    for name, said in (
        ("st.vec", vectors),
        ("glove.txt", vectors),
        ("w.csv", "a table is read as plain text, header and all columns; write its text to a file"),
        ("w.tsv.gz", "or to .jsonl or Parquet, of which --field names the column."),
    ):
        warned = told.by("encode", name, "-o", f"encoded of {name}")[1]
        assert f"{name}: " in warned
        assert said in warned
    # Numbers among words, and a column without others, are text.
    Path("numbers.txt").write_text("2 3\nin 1999 were 1 2\nin 2001 3 4 5 and\n" * 40)
    Path("one.csv").write_text("one two three four\n" * 40)
    assert told.by("encode", "numbers.txt", "one.csv", "-o", "encoded")[1].strip() == ""


def test_a_json_array_and_lone_carriage_returns_are_said(told: Told) -> None:
    Path("a.json").write_text(json.dumps([{"text": "one two three four"}] * 40))
    _, warned = told.by("encode", "a.json", "-o", "e")
    assert "a.json: looks like a JSON array and is read as plain text, names of fields and all; write its" in warned
    Path("b.txt").write_bytes(LINES.replace("\n", "\r").encode() + LINES.encode())
    _, warned = told.by("encode", "b.txt", "-o", "f")
    assert "b.txt: some carriage returns (CR) stand alone, and are white space, since LF ends lines there" in warned
    Path("c.txt").write_bytes(LINES.replace("\n", "\r\n").encode())
    assert not told.by("encode", "c.txt", "-o", "g")[1].strip()
    later = LINES * 900  # a megabyte, so that the start has LF alone
    Path("d.txt").write_bytes(later.encode() + LINES.replace("\n", "\r").encode())
    for options in ((), ("--limit", "2MB")):
        _, warned = told.by("encode", "d.txt", "-o", "h", "--overwrite", *options)
        assert "d.txt: some carriage returns (CR) stand alone, and are white space, since LF ends lines" in warned
    Path("d.jsonl").write_bytes(b'{"text": "one two"}\n{"text": "three"}\r{"text": "four"}\r')
    _, refused = told.by("encode", "d.jsonl", "-o", "i", code=1)
    assert "d.jsonl, line 2: not JSON (Extra data)." in refused
    assert refused.strip().endswith("; a carriage return (CR) alone ends no line where LF does; replace each by LF.")


def test_backups_of_editors_are_left_out_of_a_folder_and_a_model_is_no_folder_of_text(told: Told) -> None:
    Path("texts").mkdir()
    for name in ("a.txt", "a.txt~", "b~"):
        Path("texts", name).write_text(LINES)
    Path("texts", "c.txt").write_text("one two <|endoftext|> three four\n" * 20)
    out, warned = told.by("train", "texts", "-o", "m", *QUICK)
    assert "Left out of texts: 2 backups." in warned
    assert "61 documents" in out
    note = "--documents line would treat all alike, and so would marker."
    assert note in " ".join(told.by("info", "m")[0].split())
    _, refused = told.by("train", "m", "-o", "n", code=1)
    assert refused.strip() == "fastw2v: m is a model, not text; --continue-from m trains it further."


def test_advice_on_short_documents_is_for_what_holds_them(told: Told) -> None:
    Path("a.txt").write_text("one two\nthree\n")
    Path("a.jsonl").write_text('{"text": "one two"}\n{"text": "three"}\n')
    for name, advice in (("a.txt", "work: --documents blank, or more text."), ("a.jsonl", "work, or more text.")):
        assert advice in told.by("train", name, "-o", "m", *QUICK, code=1)[1]


def test_what_a_command_recorded_speaks_to_python_in_its_own_terms(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    Path("plain.txt").write_text(LINES)
    Path("stories.txt").write_text("one two <|endoftext|>\nthree four <|endoftext|>\n" * 40)
    assert "--documents line would treat all alike" in told.by("encode", "plain.txt", "stories.txt", "-o", "e")[1]
    caplog.clear()
    Word2Vec(engine="numpy", vector_size=4, epochs=1, min_count=1, sample=0).fit("e")
    assert any("documents='line' would treat all alike" in message for message in caplog.messages)
    assert not any("--documents" in message for message in caplog.messages)


def test_a_picture_that_cannot_be_written_does_not_hide_the_model(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise DataError("Cannot write m/loss.png: No space left on device.")

    monkeypatch.setattr("fastw2v.views.plots.loss_curve_png", full)
    Path("a.txt").write_text(LINES)
    out, warned = told.by("train", "a.txt", "-o", "m", *QUICK)
    assert "Model saved in m\n" in out
    assert "The model is saved, without its loss curve: Cannot write m/loss.png: No space left on device." in warned
