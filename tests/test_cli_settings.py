"""Settings as a user of the command line gives them: mistyped, in files that are none; numbers left to be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v.cli.app import run
from fastw2v.cli.options import read_config

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
    ):
        (tmp_path / name).write_text(content)
    (tmp_path / "empty").mkdir()
    wrong = {
        "--size 10": (2, "No such option: --size; did you mean --vector-size?"),
        "--iter 10": (2, "No such option: --iter; did you mean --epochs?"),
        "--overwite": (2, "No such option: --overwite; did you mean --overwrite?"),
        "--min-count 0": (2, "min_count must be an integer >= 1. Got 0; --min-count 1 keeps every word."),
        "--config old.toml": (2, "old.toml: unknown setting 'size'; did you mean vector_size?"),
        "--config model": (2, "--config model: no such file or directory; give a .toml or .json file of settings, or"),
        "--config empty": (2, "--config empty: this directory holds no model, there is no settings.json in it."),
        "--continue-from model": (2, "--continue-from model: no such file or directory; give the directory of a model"),
        "--continue-from empty": (2, "--continue-from empty: this directory holds no model"),
        "--continue-from a.yaml": (2, "--continue-from a.yaml: this is a file, and a model is a directory."),
        "--config a.yaml": (1, f"--config a.yaml: {YAML}"),
        "--config a.cfg": (1, f"--config a.cfg: {YAML}"),
        "--config colon.toml": (1, f"--config colon.toml: {YAML}"),
        "--config list.json": (1, '--config list.json: expected settings by name, such as {"epochs": 5}.'),
        "--config broken.json": (1, "--config broken.json: Expecting "),
        "--config broken.toml": (1, "Expected lines such as epochs = 5."),
    }
    for options, (code, message) in wrong.items():
        assert run(["train", *options.split()]) == code, options
        said = capsys.readouterr().err
        assert (message in said, said.count("\n")) == (True, 1), said
    assert not (tmp_path / "fastw2v-models").exists()


def test_a_file_of_settings_by_another_name_is_read(tmp_path: Path) -> None:
    for content in ("epochs = 3\n", '\n{"epochs": 3}'):
        (tmp_path / "run.conf").write_text(content)
        assert read_config(tmp_path / "run.conf") == {"epochs": 3}
