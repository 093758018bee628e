"""What people are shown of a stranger's text: letters, and nothing that works on a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fastw2v import Word2Vec
from fastw2v.messages.printable import shown, shown_lines

ROOT = Path(__file__).parents[1]
HOSTILE = ["\x1b[2Jclear", "\x1b]0;title\x07", "a\rb", "x\ny", "\x9b31m", "\u202egnp", "\ud800", "\x7f", "\u2066i"]
HARMLESS = ["don't", "café", "日本", "👩\u200d👧", "می\u200cخواهم", "a b", "e\u0301"]


@pytest.mark.parametrize("word", HOSTILE)
def test_what_works_on_a_terminal_is_replaced(word: str) -> None:
    assert shown(word).isprintable()
    assert "\N{REPLACEMENT CHARACTER}" in shown(word)
    assert shown_lines(f"{word}\nnext").endswith("\nnext")
    assert shown_lines(word).replace("\n", "").isprintable()


@pytest.mark.parametrize("word", HARMLESS)
def test_letters_stay_as_they_are(word: str) -> None:
    assert shown(word) == shown_lines(word) == word


def test_long_text_is_cut_and_items_are_shown_as_text() -> None:
    assert shown("a" * 31, 30) == "a" * 29 + "…"
    assert shown("a" * 30, 30) == "a" * 30
    assert shown(7) == "7"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    words = ["plain", "café", *HOSTILE]
    sentences = [words[start:] + words[:start] for start in range(len(words))] * 10
    Word2Vec(vector_size=4, min_count=1, sample=0, epochs=1, engine="numpy").fit(sentences, output=folder / "model")
    (folder / "classes.txt").write_text(": \x1b[31mred\nplain\ncafé\n: other\nplain\ncafé\n", encoding="utf-8")
    (folder / "pairs\x1b[1m.tsv").write_text("plain\tcafé\t1\ncafé\tplain\t2\nplain\tplain\t3\n", encoding="utf-8")
    return folder


def printed(folder: Path, *words: str, encoding: str = "utf-8") -> bytes:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "fastw2v", *words]
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, check=False)
    assert b"a bug" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["similar", "model", "plain"],
        ["similar", "model", "\x1b[2Jnone"],
        ["analogy", "model", "plain", "café", "plain"],
        ["evaluate", "model", "classes.txt", "pairs\x1b[1m.tsv"],
        ["info", "model"],
        ["evaluate", "no\x1b[1mmodel"],
        ["--debug", "similar", "model", "\x1b[2Jnone"],
    ],
    ids=lambda words: " ".join(words).encode("unicode_escape").decode(),
)
def test_no_command_passes_on_what_works_on_a_terminal(model: Path, words: list[str]) -> None:
    found = printed(model, *words).decode()
    assert any(known in found for known in ("plain", "Model", "vocabulary", "neither", "which is no directory"))
    assert "No module" not in found
    assert shown_lines(found) == found


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "utf-8"])
def test_every_encoding_can_be_printed_in_and_json_stays_json(model: Path, encoding: str) -> None:
    assert "caf" in printed(model, "similar", "model", "café", encoding=encoding).decode(encoding)
    answer = json.loads(printed(model, "similar", "model", "café", "--json", encoding=encoding).decode(encoding))
    assert {word for word, _ in answer["café"]} == {"plain", *HOSTILE}
