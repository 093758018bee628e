"""A message advises what its reader can do: options on the command line, arguments in Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fastw2v import Settings, Word2Vec
from fastw2v.cli.app import run
from fastw2v.corpus import reading
from fastw2v.errors import Fastw2vError
from fastw2v.messages.callers import by_caller, given, named, on_command_line
from fastw2v.messages.printable import plural


def test_settings_are_written_as_the_caller_gives_them() -> None:
    assert [given("min_count", 1), given("field", "a b"), given("overwrite", True), given("shrink_windows", False)] == [
        "min_count=1", "field='a b'", "overwrite=True", "shrink_windows=False"
    ]  # fmt: skip
    with on_command_line():
        assert [given("min_count", 1), given("field", "a b"), given("overwrite", True), named("max_vocab_size")] == [
            "--min-count 1", "--field 'a b'", "--overwrite", "--max-vocab-size"
        ]  # fmt: skip
        assert given("shrink_windows", False) == "--no-shrink-windows"
    assert (named("max_vocab_size"), by_caller("a", "b")) == ("max_vocab_size", "b")


def test_a_command_that_fails_leaves_python_s_way_to_write_settings(tmp_path: Path) -> None:
    assert run(["train", str(tmp_path / "none.txt")]) == 2
    assert given("min_count", 1) == "min_count=1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("rare.txt").write_text("a b c d\n" * 3)
    Path("stop.txt").write_text("the of cat\n" * 9)
    Path("latin.txt").write_bytes(b"caf\xe9 or tea\n" * 9)
    Path("one.jsonl").write_text('{"body": "a b c"}\n' * 9)
    return tmp_path


def train(corpus: Any, **settings: Any) -> Callable[[], Any]:
    return lambda: Word2Vec(engine="numpy", vector_size=4, epochs=1, **settings).fit(corpus)


def test_what_would_work_can_be_typed_by_who_reads_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both: list[tuple[list[str], Callable[[], Any], str, str]] = [
        (["train", "rare.txt"], train("rare.txt"), "--min-count 3 would keep", "min_count=3 would keep"),
        (["train", "stop.txt", "--stop-words", "english"], train("stop.txt", stop_words="english"),
         "--stop-words none would", "stop_words='none' would"),
        (["train", "latin.txt"], train("latin.txt"), "--encoding-errors replace", "encoding_errors='replace'"),
        (["train", "one.jsonl"], train("one.jsonl"), "--field body", "field='body'"),
        (["train", "rare.txt", "--early-stopping", "1", "--validation", "0"],
         train("rare.txt", early_stopping=1, validation=0), "--validation 10000 would", "validation=10000 would"),
        (["encode", "rare.txt", "-o", "."], lambda: reading.encode_text("rare.txt", Settings(), "."),
         "give another --output", "give another directory"),
    ]  # fmt: skip
    for command, python, typed, written in both:
        assert run(command) != 0
        message = capsys.readouterr().err
        assert typed in message, (command, message)
        assert message.count("\n") == 1
        assert written not in message
        with pytest.raises(Fastw2vError) as caught:
            python()
        assert written in str(caught.value)
        assert "--" not in str(caught.value)


def test_token_lists_are_told_of_arguments(folder: Path) -> None:
    sentences = [["a", "b", "c"]] * 4
    choices: list[dict[str, Any]] = [{"sample": 1e-9, "min_count": 1}, {"min_count": 5}]
    for settings in choices:
        with pytest.raises(Fastw2vError) as caught:
            Word2Vec(engine="numpy", vector_size=4, **settings).fit(sentences)
        assert re.search(r"[a-z_]+=[0-9.e-]+ would", str(caught.value)), str(caught.value)
        assert "--" not in str(caught.value)


def test_a_model_to_go_on_from_that_is_none_is_named_as_what_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, wrong in (("nomodel", "nomodel does not exist"), ("rare.txt", "is a file"), (".", "holds no model")):
        assert run(["train", "rare.txt", "--continue-from", path]) == 2
        message = capsys.readouterr().err
        assert wrong in message
        assert "--config" not in message


def test_a_count_of_one_is_followed_by_one_thing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [plural(number, "training pair") for number in (0, 1, 2, 1000)] == [
        "0 training pairs", "1 training pair", "2 training pairs", "1,000 training pairs"
    ]  # fmt: skip
    Path("line.txt").write_text("a b c d " * 50 + "\n")
    assert run(["encode", "line.txt", "-o", "encoded"]) == 0
    assert run(["train", "encoded", "-o", "model", "--engine", "numpy", "--epochs", "1", "--sample", "0"]) == 0
    assert run(["convert", "model", "one.vec", "--top", "1"]) == 0
    printed = capsys.readouterr().out
    for line in ("1 document, 200 tokens", ": 1 document (a document is a line), 200 words", "1 vector written"):
        assert line in printed
    Path("few.txt").write_text("a b c d\n")
    assert run(["train", "few.txt"]) == 1
    assert "(the most frequent occurs 1 time)" in capsys.readouterr().err
