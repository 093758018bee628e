"""Questions as people type them, at a prompt, in a pipe and on the command line."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import command, environment

from fastw2v.cli.app import run
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.vectors.expressions import Expression, expressions

WORDS = ["king", "man", "woman", "queen", "dog", "New York", "well-known", "-", "help"]
VECTORS = np.array(
    [[1, 0, 1, 0], [0, 0, 1, 0.1], [0, 1, 0, 0.1], [1, 1, 0, 0], [-1, 0, 0, 3], [0, 0, 0, 1]] + [[1, 2, 3, 4]] * 3,
    np.float32,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    KeyedVectors(WORDS, VECTORS).save(tmp_path / "v.kv")
    return tmp_path / "v.kv"


def test_what_is_typed_is_cut_into_questions() -> None:
    queen, dog, cat = [("king", 1), ("man", -1), ("woman", 1)], [("dog", 1)], [("cat", 1)]
    cases: list[tuple[list[str], list[list[tuple[str, int]]]]] = [
        (["dog"], [dog]),
        (["dog cat"], [dog, cat]),
        (["dog", "cat"], [dog, cat]),
        (["king - man + woman"], [queen]),
        (["king", "-", "man", "+", "woman"], [queen]),
        (["king-man+woman"], [queen]),
        (["king \N{MINUS SIGN} man + woman dog"], [queen, dog]),
        (["- man"], [[("man", -1)]]),
        (["New York"], [[("New York", 1)]]),
        (['"New York" - man'], [[("New York", 1), ("man", -1)]]),
        (["well-known"], [[("well-known", 1)]]),
        (["king-unknown"], [[("king-unknown", 1)]]),
        (["-"], [[("-", 1)]]),
        (['king - "-"'], [[("king", 1), ("-", -1)]]),
        (["don't"], [[("don't", 1)]]),
        ([" ", ""], []),
    ]
    for texts, expected in cases:
        assert [list(one.terms) for one in expressions(texts, WORDS.__contains__)] == expected, texts
    assert str(Expression(tuple(queen))) == "king - man + woman"
    assert str(Expression((("man", -1),))) == "- man"


def test_sums_are_answered_on_the_command_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = [list(pair) for pair in KeyedVectors(WORDS, VECTORS).most_similar(["king", "woman"], ["man"], topn=2)]
    assert expected[0][0] == "queen"
    for words in (["king - man + woman"], ["king", "-", "man", "+", "woman"]):
        assert run(["similar", str(file), *words, "--topn", "2", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"king - man + woman": expected}
    assert run(["similar", str(file), "dog - dog"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "add up to zero: no word is nearer than another. Got 'dog' - 'dog'; another word" in said.err
    assert run(["similar", str(file), " "]) == 2
    assert "A word is needed" in capsys.readouterr().err


def test_lines_of_standard_input_are_questions_and_one_that_fails_does_not_end_them(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "\ufeffdog\n\nkign\nking - man + woman\nhelp\nNew York\n".encode() + b"\xff\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines), encoding="utf-8"))
    assert run(["similar", str(file), "--json", "--topn", "1"]) == 1
    out, err = capsys.readouterr()
    answers = [json.loads(line) for line in out.splitlines()]
    assert [next(iter(answer)) for answer in answers] == ["dog", "king - man + woman", "help", "New York"]
    assert err.splitlines()[0] == "fastw2v: 'kign' is not in the vocabulary of 9 words. Close words: king"
    assert len(err.splitlines()) == 2
    for text, code in (("dog", 0), ("kign\ndog", 1)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        assert run(["similar", str(file)]) == code
        assert "New York" in capsys.readouterr().out


def test_a_reader_that_has_seen_enough_ends_it(file: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        command("similar", file),
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"dog\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"dog\n"
        process.stdout.close()
        # As many as there may be: it ends by itself, and nobody takes the rest.
        with suppress(BrokenPipeError):
            for _ in iter(int, 1):
                process.stdin.write(b"dog\n" * 1000)
        with suppress(BrokenPipeError):
            process.stdin.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait() == 0


class Terminal:
    """The command at a pseudo terminal."""

    def __init__(self, *arguments: Any) -> None:
        self._own, theirs = os.openpty()
        self.process = subprocess.Popen(
            command(*arguments), env={**environment(), "TERM": "dumb"}, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)

    def until(self, text: str) -> str:
        """Return what is shown up to a text."""
        shown = ""
        while text not in shown:
            shown += os.read(self._own, 1).decode("utf-8", "replace")
        return shown

    def type(self, text: str) -> None:
        os.write(self._own, text.encode())

    def ended(self) -> int:
        code = self.process.wait()
        os.close(self._own)
        return code


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo terminal")
def test_the_prompt_answers_goes_on_after_errors_and_ends_with_0(file: Path) -> None:
    for end in ("quit\n", "\x04", signal.SIGINT):
        terminal = Terminal("similar", file, "--topn", "1")
        assert "v.kv: 9 words of 4 dimensions. Words, or king - man + woman; help, quit." in terminal.until("similar> ")
        if end == "quit\n":
            terminal.type("king - man + woman\n")
            assert "queen" in terminal.until("similar> ")
            terminal.type("kign\n")
            assert "Close words: king" in terminal.until("similar> ")
            terminal.type("help\n")
            assert "quotes make anything a word" in terminal.until("similar> ")
            terminal.type('"help"\n')
            assert "cosine" in terminal.until("similar> ")
            # The line before the last, by the arrow key.
            terminal.type("\x1b[A\x1b[A\n")
            assert "quotes make anything a word" in terminal.until("similar> ")
        if isinstance(end, str):
            terminal.type(end)
        else:
            terminal.process.send_signal(end)
            # Python keeps a signal that comes between the prompt and its wait for a key until the next key. Alone, a
            # blank line is passed over.
            terminal.type("\n")
        assert terminal.ended() == 0
