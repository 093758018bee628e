"""`--help` of every command, and completion by the shell: what they print, at the usual widths."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from fastw2v.cli.app import app, run
from fastw2v.views.projection import PROJECTIONS

GROUP: Any = typer.main.get_command(app)


def commands() -> Iterator[tuple[str, ...]]:
    """The words of every command, and of every group of commands."""
    yield ()
    for name, command in GROUP.commands.items():
        yield (name,)
        yield from ((name, inner) for inner in getattr(command, "commands", {}))


def help_of(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert run([*words, "--help"]) == 0
    return capsys.readouterr().out.splitlines()


def parsed(line: str) -> Any:
    """Parse a command line as the command does; nothing is run."""
    words = shlex.split(line, comments=True)
    words = words[next(place for place, word in enumerate(words) if "=" not in word) :]
    assert words.pop(0) == "fastw2v"
    command = GROUP
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    return command.make_context("fastw2v", words)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_each_page_fits_its_width_shows_no_type_for_a_switch_and_ends_with_two_examples_that_parse(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for words in commands():
        page = help_of(words, capsys)
        end = page.index("Examples:")
        assert max(map(len, page[:end])) <= width, words
        text = "\n".join(page)
        for odd in ("<bool>", "BOOLEAN", "list[", "[/dim]", "\\["):
            assert odd not in text, (words, odd)
        assert len(page) == end + 3, words
        for line in page[end + 1 :]:
            parsed(line.strip())


def test_the_options_of_train_are_on_two_screens_in_groups_and_each_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = help_of(("train",), capsys)
    assert len(page) <= 100  # of 50 lines each
    heads = [line.split()[1] for line in page if line.startswith(("╭", "+"))]
    assert heads[:4] == ["Arguments", "Options", "Output", "Begin"]
    assert {"Reading", "Vocabulary", "Model", "Training", "Engine"} <= set(heads)
    text = "\n".join(page)
    for param in GROUP.commands["train"].params:
        if param.param_type_name == "option":
            assert param.opts[0].removeprefix("--") in text
    assert "--[no-]deterministic" in text
    assert text.count("<N|auto>") == 2
    assert "[default: off]" in text


def test_each_shell_gets_a_script_that_completes_commands_and_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for shell, part in {"bash": "complete -o default", "zsh": "#compdef fastw2v", "fish": "complete --command"}.items():
        monkeypatch.setenv("_FASTW2V_COMPLETE", f"source_{shell}")
        with pytest.raises(SystemExit) as ended:
            run([])
        assert ended.value.code == 0
        assert part in capsys.readouterr().out


def completed(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What bash is told where the cursor stands at the end of a line."""
    monkeypatch.setenv("_FASTW2V_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    with pytest.raises(SystemExit):
        run([])
    return capsys.readouterr().out.split()


def test_commands_and_options_are_completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert completed("fastw2v si", monkeypatch, capsys) == ["similar"]
    assert completed("fastw2v train --ini", monkeypatch, capsys) == ["--init-from", "--init"]


def test_the_names_of_choices_are_completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for line, found in (
        ("fastw2v train --engine nu", ["numpy", "numba"]),
        ("fastw2v train --noise ", ["grouped", "shared", "per-pair"]),
        ("fastw2v download w", ["wordsim353"]),
        ("fastw2v download tinystories --split v", ["valid"]),
        ("fastw2v plot m --kind ", ["loss", "map"]),
        ("fastw2v explore m --projection ", [*PROJECTIONS]),
        ("fastw2v similar m --vectors o", ["output"]),
        ("fastw2v analogy m a b c --method 3cosm", ["3cosmul"]),
        ("fastw2v convert m v --format f", ["feather"]),
    ):
        assert completed(line, monkeypatch, capsys) == found, line


def test_where_a_model_is_wanted_models_files_of_vectors_and_folders_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("models/first", "models/.hidden", "more"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("models/first/model.json", "models/x.vec", "models/x.BIN", "models/x.txt.gz", "models/x.py", "more/y"):
        (tmp_path / file).touch()
    for line, found in (
        ("fastw2v similar mo", ["models/", "more/"]),
        ("fastw2v similar models/", ["models/first", "models/x.BIN", "models/x.txt.gz", "models/x.vec"]),
        ("fastw2v info models/f", ["models/first"]),
        ("fastw2v explore models/.", ["models/.hidden/"]),
        ("fastw2v plot ./more/", []),
        ("fastw2v plot nowhere/", []),
        (f"fastw2v analogy {tmp_path}/models/x.v", [f"{tmp_path}/models/x.vec"]),
    ):
        assert completed(line, monkeypatch, capsys) == found, line
