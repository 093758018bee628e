"""Settings as a user of the command line gives them: mistyped, in files that are none; numbers left to be chosen."""

from __future__ import annotations

import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from fastw2v.cli.app import run
from fastw2v.cli.config_files import read_config
from fastw2v.errors import DataError, UsageError
from fastw2v.saved_model import storage
from fastw2v.system import cores
from fastw2v.training.checkpoints import Checkpoints

YAML = "this looks like YAML, which is not read. A .toml file with lines such as epochs = 5 or a .json file such as"


def test_a_wrong_option_or_file_of_settings_gets_one_line_with_the_right_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in (
        ("a.yaml", "epochs: 5\n"),
        ("a.cfg", "# ours\n---\nepochs : 5\n"),
        ("colon.toml", "epochs: 5\n"),
        ("list.json", "[5]"),
        ("broken.json", '{"epochs": 5'),
        ("broken.toml", "epochs 5\n"),
        ("old.toml", "size = 5\n"),
        ("yaml.json", "epochs: 5\n"),
        ("empty.json", " \n"),
        ("page.json", "<!DOCTYPE html><html>"),
        ("page.toml", "<html><body>"),
        ("table.toml", "[train]\nepochs = 5\n"),
        ("twice.json", '{"epochs": 1, "epochs": 2}'),
        ("ten.toml", "epochs = 'ten'\n"),
    ):
        (tmp_path / name).write_text(content)
    (tmp_path / "packed.json").write_bytes(gzip.compress(b'{"epochs": 5}'))
    (tmp_path / "wide.toml").write_text("epochs = 5\n", encoding="utf-16")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    (tmp_path / "st.vec").write_text("1 2\na 1 2\n")
    (tmp_path / "old.model").write_bytes(pickle.dumps([1]))
    (tmp_path / "empty").mkdir()
    wrong = {
        "--size 10": (2, "No such option: --size; did you mean --vector-size?"),
        "--iter 10": (2, "No such option: --iter; did you mean --epochs?"),
        "--overwite": (2, "No such option: --overwite; did you mean --overwrite?"),
        "--min-count 0": (2, "min_count must be an integer >= 1. Got 0; --min-count 1 keeps every word."),
        "--config old.toml": (2, "--config old.toml: unknown setting 'size'; did you mean vector_size?"),
        "--config model": (2, "--config model: no such file or directory; give a .toml or .json file of settings, or"),
        "--version": (2, "No such option: --version of train; `fastw2v --version` would work."),
        "--epochs ten": (
            2,
            "epochs must be an integer >= 1 and <= 2147483648, or auto. Got 'ten'; the default is auto",
        ),
        "--epochs 1.5": (2, "or auto. Got '1.5'; the default is auto."),
        "--workers many": (2, "workers must be an integer >= 1 and <= 1024, or auto. Got 'many'; the default is 1."),
        "--config ten.toml": (2, "--config ten.toml: epochs must be an integer >= 1 and <= 2147483648, or auto. Got"),
        "--config https://a.b/c.toml": (2, "Addresses are not fetched. Got https://a.b/c.toml; download the file and"),
        "--output https://a.b/c": (2, "Addresses are not written to. Got https://a.b/c; give a path on this machine."),
        "--config empty": (2, "--config empty: this directory holds no model, there is no settings.json in it."),
        "--continue-from model": (2, "model does not exist; give the directory of a model."),
        "--continue-from empty": (2, "empty holds no model: there is no model.json in it."),
        "--continue-from st.vec": (2, "a model is a directory; --init-from st.vec begins with a file of vectors."),
        "--continue-from old.model": (2, "save_word2vec_format exports its vectors: --init-from takes them."),
        "--config a.yaml": (2, f"--config a.yaml: {YAML}"),
        "--config a.cfg": (2, f"--config a.cfg: {YAML}"),
        "--config colon.toml": (2, f"--config colon.toml: {YAML}"),
        "--config yaml.json": (2, f"--config yaml.json: {YAML}"),
        "--config empty.json": (2, "--config empty.json: this file is empty. A .toml file with lines such as"),
        "--config page.json": (2, "--config page.json: this is a web page (HTML), not settings. A .toml file with"),
        "--config page.toml": (2, "--config page.toml: this is a web page (HTML), not settings. A .toml file with"),
        "--config packed.json": (2, "--config packed.json: this is gzip data, not settings."),
        "--config wide.toml": (2, "--config wide.toml: this is UTF-16 text; save it as UTF-8"),
        "--config latin.toml": (2, "--config latin.toml: byte 5 (0xe9) is not UTF-8; save it as UTF-8."),
        "--config table.toml": (2, "--config table.toml: settings stand by themselves. Got the table 'train'; move"),
        "--config twice.json": (2, "--config twice.json: this cannot be read as JSON: 'epochs' is given twice."),
        "--config /dev/zero": (2, "--config /dev/zero: more than 1,000,000 bytes; settings are a few lines."),
        "--config list.json": (2, '--config list.json: expected settings by name, such as {"epochs": 5}.'),
        "--config broken.json": (2, "--config broken.json: this cannot be read as JSON: Expecting "),
        "--config broken.toml": (2, "Expected lines such as epochs = 5."),
    }
    for options, (code, message) in wrong.items():
        assert run(["train", *options.split()]) == code, options
        said = capsys.readouterr().err
        assert (message in said, said.count("\n")) == (True, 1), said
    assert not (tmp_path / "fastw2v-models").exists()
    assert run(["verify", "--epochs", "auto"]) == 2
    assert "epochs must be an integer >= 1 and <= 2147483648. Got 'auto'; the default is 5." in capsys.readouterr().err


def test_a_file_of_settings_by_another_name_is_read(tmp_path: Path) -> None:
    for content in ("epochs = 3\n", '\n{"epochs": 3}', "\ufeffepochs = 3\r\n"):
        (tmp_path / "run.conf").write_text(content, encoding="utf-8")
        assert read_config(tmp_path / "run.conf") == {"epochs": 3}


def test_the_settings_of_a_damaged_model_are_damaged_data_and_those_of_a_file_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"epochs"')
    with pytest.raises(DataError, match=r"--continue-from .*settings\.json: this cannot be read as JSON"):
        read_config(tmp_path, "--continue-from")
    with pytest.raises(UsageError, match=r"--config .*settings\.json: this cannot be read as JSON"):
        read_config(tmp_path / "settings.json")


QUICK = ("--engine", "numpy", "--vector-size", "4", "--min-count", "2", "--no-cache")


def settings_of(model: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((model / "settings.json").read_text())
    return found


def trained(capsys: pytest.CaptureFixture[str], *words: Any) -> str:
    """Train; return what was shown on stdout."""
    capsys.readouterr()
    assert run(["train", *map(str, words), *QUICK]) == 0
    return capsys.readouterr().out


def test_epochs_are_chosen_by_the_text_unless_they_are_given(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = trained(capsys, text, "--limit", "60docs", "-o", tmp_path / "a")
    assert "\nEpochs: 15 (auto, for " in said
    assert settings_of(tmp_path / "a")["epochs"] == 15
    (tmp_path / "window.toml").write_text("window = 2\nlimit = '60docs'\n")
    (tmp_path / "auto.toml").write_text("epochs = 'auto'\nlimit = '60docs'\nworkers = 'auto'\n")
    cases: list[tuple[list[Any], int]] = [
        (["--config", tmp_path / "window.toml"], 15),
        (["--config", tmp_path / "window.toml", "--epochs", "2"], 2),
        (["--config", tmp_path / "auto.toml"], 15),
        (["--continue-from", tmp_path / "a", "--epochs", "1"], 1),
        (["--config", tmp_path / "b1"], 2),
        (["--config", tmp_path / "b1", "--epochs", "auto"], 15),
    ]
    for number, (options, epochs) in enumerate(cases):
        said = trained(capsys, text, "-o", tmp_path / f"b{number}", *options)
        found = settings_of(tmp_path / f"b{number}")
        assert (found["epochs"], "(auto" in said) == (epochs, epochs == 15), options
    assert settings_of(tmp_path / "b2")["workers"] == cores.usable()


def test_a_run_whose_epochs_were_chosen_goes_on_with_them(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = ("--limit", "60docs", "-o", tmp_path / "cut", "--checkpoint-every", "epoch")
    trained(capsys, text, "--limit", "60docs", "-o", tmp_path / "whole")

    def full(self: Checkpoints, *_: Any) -> None:
        saved(self, *_)
        raise DataError("No room.")

    saved = Checkpoints.save
    for again in ((), ("--resume",), ("--resume", "--epochs", "auto")):  # cut off three times
        monkeypatch.setattr(Checkpoints, "save", full)
        assert run(["train", str(text), *map(str, chosen), *again, *QUICK]) == 1
    monkeypatch.undo()
    assert run(["train", "--resume", "-o", str(tmp_path / "cut")]) == 0
    files = ("settings.json", storage.WEIGHTS)
    assert [(tmp_path / "cut" / name).read_bytes() for name in files] == [
        (tmp_path / "whole" / name).read_bytes() for name in files
    ]
    for options in ((), ("--epochs", "auto"), ("--epochs", "15")):  # finished: nothing is left to do
        assert "holds a finished model" in trained(capsys, text, *chosen, "--resume", *options)


def test_more_cores_than_are_used_are_told_once_and_auto_uses_them(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("train", "options"):
        monkeypatch.setattr(f"fastw2v.cli.{module}.usable", lambda: 3)
    some = ("--limit", "60docs", "--epochs", "1", "--overwrite", "-o", tmp_path / "a")
    hint = "One of 3 cores trains; --workers auto uses all.\n"
    assert trained(capsys, text, *some).count(hint) == 1
    assert hint not in trained(capsys, text, *some, "--workers", "auto")
    assert settings_of(tmp_path / "a")["workers"] == 3
    assert run(["train", str(text), *map(str, some), *QUICK, "--json"]) == 0
    assert hint not in capsys.readouterr().err


def test_quiet_prints_warnings_and_errors_alone(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("--quiet", "-q"):
        assert trained(capsys, text, "--epochs", "1", "--overwrite", "-o", tmp_path / "a", word) == ""
    assert run(["train", str(text), "--overwrite", "-o", str(tmp_path / "a"), *QUICK, "-q", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) != []
    assert run(["encode", str(text), "-o", str(tmp_path / "encoded"), "-q"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["train", "nowhere.txt", "-q"]) == 2
    assert capsys.readouterr().err == "fastw2v: There is no file or directory 'nowhere.txt'.\n"
