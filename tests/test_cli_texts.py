"""Text files as users have them, through the commands that read text, in this process."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from fastw2v.cli.app import run

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
        return out, "\n".join([*self._caplog.messages, err])


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
    said = "Files differ in what a document is: what <|endoftext|> separates in 1, a line in 1 without it."
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
