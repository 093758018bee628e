"""`train --resume --output DIR` and nothing else: the run goes on with all that it was begun with, or is refused."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fastw2v.cli.app import run
from fastw2v.errors import InterruptedRunError
from fastw2v.training import checkpoint_file, resuming
from fastw2v.training.checkpoints import Checkpoints

QUICK = ["--engine", "numpy", "--vector-size", "8", "--epochs", "2", "--min-count", "1", "--seed", "7"]
FILES = ("weights.safetensors", "vocabulary.jsonl", "settings.json")
Cut = Callable[..., None]


@pytest.fixture
def folder(stories: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a text and a file of pairs."""
    (tmp_path / "text.txt").write_text("\n".join(stories[:60]) + "\n", encoding="utf-8")
    (tmp_path / "pairs.tsv").write_text("the\ta\t1\nand\tthe\t2\nshe\the\t9\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 997)
    return tmp_path


@pytest.fixture
def cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cut:
    """Begin a run and end it by its second checkpoint."""

    def begin(*arguments: str) -> None:
        with monkeypatch.context() as patch:
            save = Checkpoints.save

            def save_and_end(self: Checkpoints, *what: Any) -> None:
                save(self, *what)
                if len(self.newest_first()) == 2:
                    raise InterruptedRunError("interrupted.", signal.SIGINT)

            patch.setattr(Checkpoints, "save", save_and_end)
            assert run(["train", *arguments, "--checkpoint-every", "300words"]) == 130
        capsys.readouterr()

    return begin


def result(directory: Path) -> Any:
    """All that a run leaves, but for its times."""
    history = json.loads((directory / "history.json").read_text())
    for entry in history:
        entry.update(seconds=0, words_per_second=0)
    assert not (directory / "checkpoints").exists()
    return [(directory / name).read_bytes() for name in FILES], history


def test_the_directory_alone_is_enough_from_any_working_directory_and_gives_the_same_bits(
    folder: Path, cut_off: Cut, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "text.txt", *QUICK, "-o", "first"]) == 0
    for name, more in (
        ("plain", ["text.txt"]),
        ("several", ["text.txt", "text.t*", "--no-cache"]),
        ("continued", ["text.txt", "--continue-from", "first"]),
        ("given", ["text.txt", "--init-from", "first"]),
        ("stories", ["--limit", "60docs"]),
    ):
        settings = QUICK if name != "continued" else ["--epochs", "3"]
        assert run(["train", *more, *settings, "-o", f"{name}-whole"]) == 0
        cut_off(*more, *settings, "-o", name)
        (folder / "elsewhere").mkdir(exist_ok=True)
        monkeypatch.chdir(folder / "elsewhere")
        assert run(["train", "--resume", "-o", f"../{name}"]) == 0
        said = capsys.readouterr().out
        corpus = "the built-in stories" if name == "stories" else str(folder / "text.txt")
        assert f"Goes on from the last checkpoint in ../{name}/checkpoints. The corpus is {corpus}" in said
        monkeypatch.chdir(folder)
        assert result(folder / name) == result(folder / f"{name}-whole"), name


def test_each_epoch_is_judged_by_the_same_files_from_any_working_directory(
    folder: Path, cut_off: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ["text.txt", *QUICK, "--evaluate", "pairs.tsv"]
    assert run(["train", *line, "-o", "whole"]) == 0
    for name, place in (("here", folder), ("there", folder / "elsewhere")):
        cut_off(*line, "-o", name)
        place.mkdir(exist_ok=True)
        monkeypatch.chdir(place)
        assert run(["train", "--resume", "-o", str(folder / name)]) == 0
        monkeypatch.chdir(folder)
        assert result(folder / name) == result(folder / "whole")


def test_a_setting_or_a_corpus_that_is_given_must_be_that_of_the_run(
    folder: Path, cut_off: Cut, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off("text.txt", *QUICK, "-o", "m")
    (folder / "other.txt").write_text("another text altogether\n" * 60)
    for more, said in (
        (["--seed", "5"], "The run in m/checkpoints has seed 7, and this one 5: it cannot go on with that."),
        (["--epochs", "3"], "The run in m/checkpoints has epochs 2, and this one 3"),
        (["other.txt"], "The run in m/checkpoints is of another corpus, or its text was changed."),
    ):
        assert run(["train", *more, "--resume", "-o", "m"]) == 2
        assert said in capsys.readouterr().err
    assert run(["train", "text.txt", "--seed", "7", "--resume", "-o", "m"]) == 0


def test_what_is_gone_or_changed_is_named_with_the_line_to_type(
    folder: Path, cut_off: Cut, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off("text.txt", *QUICK, "--evaluate", "pairs.tsv", "-o", "m")
    (folder / "text.txt").rename(folder / "moved.txt")
    assert run(["train", "--resume", "-o", "m"]) == 2
    assert capsys.readouterr().err == (
        "fastw2v: The run in m was begun with text.txt, which is not there any more. Give it: "
        "fastw2v train CORPUS --resume --output m\n"
    )
    (folder / "text.txt").write_text("this text was changed\n" * 100)
    assert run(["train", "--resume", "-o", "m"]) == 2
    assert "or its text was changed" in capsys.readouterr().err
    assert run(["train", "moved.txt", "--resume", "-o", "m"]) == 0


def test_where_nothing_tells_what_a_run_was_begun_with_it_must_be_given(
    folder: Path, cut_off: Cut, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "--resume", "-o", "m"]) == 2
    assert capsys.readouterr().err == (
        "fastw2v: There is no checkpoint in m, and so nothing to go on with. Begin with: "
        "fastw2v train CORPUS --resume --output m\n"
    )
    assert not (folder / "m").exists()
    with monkeypatch.context() as patch:
        patch.setattr(resuming.Beginning, "as_text", lambda _: None)  # as older versions wrote it
        cut_off("text.txt", *QUICK, "-o", "m")
    assert run(["train", "--resume", "-o", "m"]) == 2
    assert "does not say what it was begun with. Give its corpus and settings: fastw2v" in capsys.readouterr().err
    assert run(["train", "text.txt", *QUICK, "--resume", "-o", "m"]) == 0


def test_standard_input_must_be_given_again(
    folder: Path, cut_off: Cut, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def standard_input() -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((folder / "text.txt").read_bytes())))

    standard_input()
    cut_off("-", *QUICK, "-o", "m")
    assert run(["train", "--resume", "-o", "m"]) == 2
    assert "read standard input. Give it the same text again: fastw2v train - --resume" in capsys.readouterr().err
    standard_input()
    assert run(["train", "-", "--resume", "-o", "m"]) == 0


def test_a_finished_run_is_left_as_it_is_and_nothing_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "text.txt", *QUICK, "-o", "m"]) == 0
    (folder / "text.txt").unlink()
    before = result(folder / "m")
    capsys.readouterr()
    assert run(["train", "--resume", "-o", "m"]) == 0
    assert capsys.readouterr().out == "m holds a finished model: nothing to do.\n"
    assert run(["train", "--resume", "-o", "m", "--seed", "8"]) == 2
    assert "The finished model in m has seed 7, and this one 8" in capsys.readouterr().err
    assert result(folder / "m") == before


@pytest.mark.skipif(os.name != "posix", reason="elsewhere one cannot ask whether a process is there")
def test_what_a_killed_process_has_half_written_goes(folder: Path) -> None:
    assert run(["train", "text.txt", *QUICK, "-o", "m"]) == 0
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    half = folder / "m" / f".fastw2v-{ended.pid}-0.tmp"
    half.touch()
    assert run(["train", "--resume", "-o", "m"]) == 0
    assert not half.exists()


@pytest.mark.parametrize(
    "changes",
    [{"corpus": 5}, {"corpus": [5]}, {"settings": {"epochs": "x"}}, {"settings": 1}, {"folder": None}, {"odd": 1},
     {"evaluate": [None]}, {"checkpoint_every": 5}],
    ids=str,
)  # fmt: skip
def test_a_malformed_record_is_an_error_of_one_line(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.loads(resuming.Beginning({}, str(tmp_path)).as_text())
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "00000001.safetensors").touch()
    texts = {Checkpoints.BEGINNING: json.dumps({**text, **changes})}
    monkeypatch.setattr(checkpoint_file, "read_texts", lambda _: texts)
    assert run(["train", "--resume", "-o", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "what the run was begun with is malformed; give it on the command line." in said
