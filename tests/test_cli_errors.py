"""Bad input: one clear line on stderr, exit code 2 for usage and 1 for data, nothing written, nothing replaced."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from unittest.mock import Mock

import pytest
from commands import QUICK, QUICKLY, called, fastw2v_does

from fastw2v import Word2Vec, errors
from fastw2v.cli.app import run
from fastw2v.stories import generate


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"directory"
        for path in folder.rglob("*")
    }


def complaint(
    folder: Path, code: int, *arguments: Any, stdin: str = "", by: Callable[..., CompletedProcess[str]] = called
) -> str:
    """Run a command that must fail with `code`, one line and no trace in `folder`; return the line."""
    before = contents(folder)
    done = by(folder, *arguments, stdin=stdin)
    assert done.returncode == code, done.stderr
    assert re.fullmatch(r"fastw2v: [^\n]+\n", done.stderr), done.stderr
    assert "a bug" not in done.stderr
    assert done.stdout == ""
    assert contents(folder) == before
    return done.stderr.removeprefix("fastw2v: ").rstrip("\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with good and bad texts."""
    (tmp_path / "good.txt").write_text("\n".join(generate(3_000)), encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\n \n")
    (tmp_path / "binary.txt").write_bytes(b"text and\n" * 10 + b"\x00\x01\xff" * 50)
    (tmp_path / "latin.txt").write_bytes(b"one two\n" * 10 + b"caf\xe9\n")
    (tmp_path / "broken.gz").write_bytes(b"this is no gzip")
    (tmp_path / "no-text").mkdir()
    (tmp_path / "no-text" / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "one-word.txt").write_text("word word word\n" * 20)
    (tmp_path / "the.txt").write_text("the and of it\n" * 30)
    (tmp_path / "few.txt").write_text("the cat sat\n" * 50)
    (tmp_path / "bad.toml").write_text("epoch = 5\n")
    (tmp_path / "worse.toml").write_text("epochs : 5\n")
    (tmp_path / "zero.toml").write_text("epochs = 0\n")
    return tmp_path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "model"
    Word2Vec(**QUICKLY, limit="40docs").fit(output=directory)
    return directory


def shown(part: object) -> str:
    """The name of a case: its command line."""
    return " ".join(part).encode("unicode_escape").decode() if isinstance(part, list) else ""


USAGE: list[tuple[Sequence[str], str]] = [
    (["train", "god.txt"], "There is no file or directory 'god.txt'; did you mean 'good.txt'?"),
    (["train", "-", "-"], "Standard input (-) can be read only once"),
    (["train", "good.txt", "--no-such-option"], "No such option: --no-such-option"),
    (
        ["train", "good.txt", "--epochs", "0"],
        "epochs must be an integer >= 1 and <= 2147483648, or auto. Got 0; the default is auto.",
    ),
    (["train", "good.txt", "--window", "x"], "window must be an integer >= 1 and <= 1000. Got 'x'; the default is 5."),
    (["train", "good.txt", "--alpha", "nan"], "alpha must be a number > 0. Got nan; the default is 0.025."),
    (["train", "good.txt", "--noise", "own"], "noise must be one of grouped, shared, per-pair. Got 'own'; the default"),
    (["train", "good.txt", "--engine", "cuda"], "engine must be one of auto, reference, numpy, numba. Got 'cuda'"),
    (["train", "good.txt", "--limit", "lots"], "limit must be a size in B, kB, MB or GB"),
    (
        ["train", "good.txt", "--config", "none.toml"],
        "--config none.toml: no such file or directory; give a .toml or .json file of settings, or the directory of a",
    ),
    (["train", "good.txt", "--config", "bad.toml"], "bad.toml: unknown setting 'epoch'; did you mean epochs?"),
    (["train", "good.txt", "--config", "zero.toml"], "zero.toml: epochs must be an integer >= 1"),
    (["train", "good.txt", "--stop-words", "none.txt"], "Got 'none.txt', which is no file; did you mean"),
    (["train", "good.txt", "-o", "good.txt"], "good.txt is not a directory; give another --output."),
    (["train", "--documents", "line"], "documents does not apply to the built-in stories. Got 'line'"),
    (["verify", "good.txt", "--window", "0"], "window must be an integer >= 1"),
    (["verify", "god.txt"], "There is no file or directory 'god.txt'"),
    (["no-such-command"], "No such command 'no-such-command'."),
    (["similar", "x\x1b[2J\nfastw2v: done", "dog"], "x\ufffd[2J\ufffdfastw2v: done does not exist"),
    (["similar", "no-text", "dog"], "no-text holds no model: there is no model.json in it."),
    (["info", "nowhere"], "nowhere does not exist; give a model's directory or a file of vectors."),
    (["convert", "nowhere", "new.txt"], "nowhere does not exist; give a model's directory or a file of vectors."),
    (["plot", "nowhere", "-o", "a.png", "--projection", "umap"], "projection is for a map, and a loss curve has none."),
    (["convert", "nowhere", "vectors.xyz"], "Got 'vectors.xyz'; vectors.txt would work."),
    (["convert", "nowhere", "good.txt"], "good.txt is already there; give another name, or --overwrite to replace it."),
    (["similar"], "Missing argument"),
]
DATA: list[tuple[Sequence[str], str]] = [
    (["train", "empty.txt"], "empty.txt is empty (0 bytes); pass a file with text."),
    (["train", "blank.txt"], "The corpus holds no token."),
    (["train", "-"], "standard input is empty (0 bytes); pass a file with text."),
    (["train", "binary.txt"], "binary.txt: looks binary, with a NUL at byte 90;"),
    (["train", "latin.txt"], "latin.txt: byte 83 (0xe9) is not UTF-8; the text looks like cp1252"),
    (["train", "broken.gz"], "broken.gz: damaged or incomplete gzip data"),
    (["train", "no-text"], "no-text: no text in this directory; looked for files named *.txt, *.text, *.gz, "),
    (["train", "one-word.txt"], "The corpus holds 1 distinct word; training needs at least two."),
    (["train", "the.txt", "--stop-words", "english"], "stop_words english leaves 0 of 4 words: it removed"),
    (["train", "few.txt"], "sample 0.001 keeps 8 of 150 tokens"),
    (["train", "good.txt", "--min-count", "100000"], "min_count 100000 leaves 0 of"),
    (["train", "good.txt", "--sample", "1e-12"], "sample 1e-12 keeps 0 of"),
    (
        ["train", "good.txt", "--limit", "5B"],
        "The corpus holds 1 distinct word; training needs at least two.",
    ),
    (["train", "good.txt", "--stop-words", "empty.txt"], "empty.txt: has no stop words"),
    (["verify", "empty.txt"], "empty.txt is empty"),
    (["verify", "few.txt"], "sample 0.001 keeps 8 of 150 tokens"),
    (
        ["convert", "good.txt", "new.bin"],
        "holds no vectors that can be read. Its first line must be the number of words",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=shown)
def test_wrong_usage_exits_2_with_one_line(arguments: Sequence[str], message: str, folder: Path) -> None:
    assert message in complaint(folder, 2, *arguments)


@pytest.mark.parametrize(("arguments", "message"), DATA, ids=shown)
def test_bad_data_exits_1_with_one_line(arguments: Sequence[str], message: str, folder: Path) -> None:
    output = ("-o", "new") if arguments[0] == "train" else ()
    assert message in complaint(folder, 1, *arguments, *output)


@pytest.mark.parametrize(
    ("corpus", "setting"), [("few.txt", "sample"), ("good.txt", "min-count"), ("the.txt", "stop-words")]
)
def test_the_value_that_an_error_suggests_works(corpus: str, setting: str, folder: Path) -> None:
    bad = {"sample": "1e-9", "min-count": "9999", "stop-words": "english"}[setting]
    options = ["--engine", "numpy", "--vector-size", "8", "--epochs", "1", f"--{setting}", bad]
    options += [] if setting == "sample" else ["--sample", "0"]
    found = re.search(rf"--{setting} (\S+) would", complaint(folder, 1, "train", corpus, *options))
    assert found
    fastw2v_does(folder, "train", corpus, *options, f"--{setting}", found[1])


def test_without_arguments_the_help_is_shown_as_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for words, last in ((), "fastw2v similar model happy dog"), (("cache",), "fastw2v cache clear"):
        assert run(words) == 2
        out, err = capsys.readouterr()
        assert ("Usage:" in out, out.splitlines()[-1].strip(), err) == (True, last, ""), words
        run([*words, "--help"])
        assert capsys.readouterr().out == out


def test_an_output_that_holds_a_model_is_refused_before_the_corpus_is_read(folder: Path, model: Path) -> None:
    before = contents(model)
    line = complaint(folder, 2, "train", "empty.txt", "-o", model)
    remedy = "give another --output, or --overwrite to replace it."
    assert line == f"{model} already holds a model; {remedy}"
    # With leave to replace it, a run that fails still leaves it as it is.
    complaint(folder, 1, "train", "empty.txt", "-o", model, "--overwrite")
    assert contents(model) == before


def test_an_output_inside_a_file_is_refused_and_nothing_is_left(folder: Path) -> None:
    before = contents(folder)
    done = called(folder, "train", "good.txt", *QUICK, "-o", "good.txt/model")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("fastw2v: ")
    assert "good.txt/model" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder) == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everything is writable")
def test_an_output_in_a_read_only_directory_is_refused_and_nothing_is_left(folder: Path) -> None:
    shut = folder / "shut"
    shut.mkdir(mode=0o500)
    done = called(folder, "train", "good.txt", *QUICK, "-o", "shut/model")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(shut.iterdir()) == []


def test_an_unknown_word_gets_close_words_and_exit_1(folder: Path, model: Path) -> None:
    word = next(word for word in map(str, Word2Vec.load(model).wv.index_to_key) if len(word) > 5)
    misspelt = word[:-1] + "q"
    for question in (["similar", model, misspelt], ["similar", model, word, misspelt]):
        line = complaint(folder, 1, *question)
        assert line.startswith(f"'{misspelt}' is not in the vocabulary of ")
        assert word in line.partition("Close words: ")[2]
    assert complaint(folder, 1, "analogy", model, word, word, misspelt) == line


def test_bad_questions_are_refused(folder: Path, model: Path) -> None:
    (folder / "odd.txt").write_text("one two three\n")
    assert "odd.txt, line 1: expected two words and a number" in complaint(folder, 1, "evaluate", model, "odd.txt")
    assert "none.txt: No such file" in complaint(folder, 2, "evaluate", model, "none.txt")
    word = Word2Vec.load(model).wv.index_to_key[0]
    assert "topn must be an integer >= 1. Got 0" in complaint(folder, 2, "similar", model, word, "--topn", "0")


@pytest.mark.parametrize(
    "file", ["weights.safetensors", "vocabulary.jsonl", "settings.json", "history.json", "model.json"]
)
def test_a_damaged_model_is_refused_by_its_file(file: str, folder: Path) -> None:
    Word2Vec(**QUICKLY, limit="40docs").fit(output=folder / "m")
    path = folder / "m" / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x15
    path.write_bytes(data)
    # In the manifest any file may be the one whose checksum no longer fits.
    assert complaint(folder, 1, "info", "m").startswith("m/" if file == "model.json" else f"m/{file}: ")
    path.write_bytes(data[: len(data) // 2])
    assert f"m/{file}" in complaint(folder, 1, "similar", "m", "dog")
    path.unlink()
    line = complaint(folder, 2 if file == "model.json" else 1, "evaluate", "m")
    assert file in line


def test_debug_shows_the_traceback_wherever_it_stands(folder: Path) -> None:
    for arguments in (["train", "empty.txt", "--debug"], ["--debug", "train", "empty.txt"]):
        done = called(folder, *arguments)
        assert done.returncode == 1
        assert "Traceback (most recent call last)" in done.stderr
        assert done.stderr.count("Traceback") == 1
        assert done.stderr.splitlines()[-1] == "fastw2v: empty.txt is empty (0 bytes); pass a file with text."


def every_error(kind: type[errors.Fastw2vError] = errors.Fastw2vError) -> Iterator[errors.Fastw2vError]:
    """An error of each class."""
    undecoded = UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "wrong")
    more: dict[type[Any], tuple[Any, ...]] = {errors.EncodingError: (undecoded,), errors.InterruptedRunError: (15,)}
    yield kind("So it is.", *more.get(kind, ()))
    for inner in kind.__subclasses__():
        if inner.__module__ == errors.__name__:
            yield from every_error(inner)


def test_an_error_that_is_one_of_python_s_own_too_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error in every_error():
        monkeypatch.setattr("fastw2v.cli.queries.open_model", Mock(side_effect=error))
        assert run(["info", "m"]) == error.exit_code
        assert capsys.readouterr() == ("", "fastw2v: So it is.\n"), type(error)


def test_a_bug_says_that_it_is_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: Any, **named: Any) -> Any:
        raise RuntimeError("something else")

    monkeypatch.setattr(Word2Vec, "fit", broken)
    assert run(["train", str(folder / "good.txt")]) == 1
    assert capsys.readouterr().err == (
        "fastw2v: RuntimeError: something else (a bug: please report it with the output of --debug).\n"
    )
    with pytest.raises(RuntimeError, match="something else"):
        run(["train", str(folder / "good.txt"), "--debug"])
