"""What a person sees while training runs: figures that move on a terminal, a plain line an epoch elsewhere."""

from __future__ import annotations

import io
import logging
import math
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from short_runs import all_but_few_pairs

import fastw2v
from fastw2v.cli.watching import Watching
from fastw2v.training.callbacks import Progress
from fastw2v.training.run_state import EpochRecord
from fastw2v.views.display import Board, duration, flowed

ROOT = Path(fastw2v.__file__).parents[1]
FIGURES = ["1,234,567 words/s", "loss 2.5691", "validation loss 2.5154", "learning rate 0.01762", "memory 227 MB"]
PROGRESS = Progress(2, 5, 0.25, 2.5691, 0.01762, 1_234_567.0, 83.4)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def console(file: io.StringIO, width: int = 80) -> Console:
    return Console(file=file, width=width, force_terminal=file.isatty(), highlight=False, soft_wrap=True, markup=False)


def drawn(board: Board, width: int) -> list[str]:
    """The lines of a board, without colours."""
    file = io.StringIO()
    Console(file=file, width=width).print(board)
    return file.getvalue().splitlines()


def record(**changes: Any) -> EpochRecord:
    values = {"epoch": 1, "loss": 2.557, "validation_loss": 2.5154, "learning_rate": 0.02, "pairs": 9, "seconds": 1.5,
              "words_per_second": 1_329_720.0, **changes}  # fmt: skip
    return EpochRecord(**values)


# ---------------------------------------------------------------------------------------------------------- the board


@pytest.mark.parametrize("width", [120, 80, 40, 25])
def test_at_any_width_every_figure_is_whole_and_no_line_too_long(width: int) -> None:
    board = Board()
    board.show("epoch 2/5", 1.25, 5, FIGURES, "1:23 left")
    lines = drawn(board, width)
    assert all(len(line) <= width for line in lines)
    for text in ("epoch 2/5", "25%", "1:23 left", *FIGURES):
        assert sum(text in line for line in lines) == 1, text
    assert len(lines) == {120: 2, 80: 3, 40: 4, 25: 6}[width]


@pytest.mark.parametrize("width", [1, 5, 12, 20])
def test_on_a_terminal_too_narrow_for_it_lines_are_cut(width: int) -> None:
    board = Board()
    board.show("epoch 2/5", 1.25, 5, FIGURES, "1:23 left")
    lines = drawn(board, width)
    assert all(len(line) <= width for line in lines)
    assert lines[0] == "epoch 2/5  25%  1:23 left"[:width]


def test_the_bar_is_as_long_as_what_is_done_and_what_is_behind_it_stays_where_it_is() -> None:
    board, places = Board(), set()
    for done in (0.0, 0.5, 2.5, 5.0):
        board.show("epoch 2/5", done, 5, left="1:23 left")
        (line,) = drawn(board, 80)
        assert line.count("━") == done / 5 * 40
        places.add(line.index("left"))
    assert len(places) == 1


def test_what_has_no_end_in_sight_shows_the_time_since_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("fastw2v.views.display.time.monotonic", lambda: clock[0])
    board = Board()
    assert drawn(board, 80) == []
    board.show("compiling", 0, None, ["some seconds"])
    clock[0] = 165.0
    board.show("compiling", 0, None, ["some seconds"])
    assert [line.split("━")[-1].strip() for line in drawn(board, 80)] == ["1:05", "some seconds"]
    board.show("reading", 0, None)
    assert drawn(board, 80)[0].endswith(" 0:00")
    board.show("", 0, None)
    assert drawn(board, 80) == []


def test_figures_flow_into_lines() -> None:
    assert flowed(["abc", "de", "fghi"], 7) == ["abc  de", "fghi"]
    assert flowed(["abc", "de", "fghi"], 6) == ["abc", "de", "fghi"]
    assert flowed(["abcdef", "gh"], 4) == ["abcd", "gh"]
    assert flowed([], 80) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (7.4, "0:07"), (59.7, "1:00"), (754, "12:34"), (18_062, "5:01:02"), (360_000, "100:00:00"),
     (-1, "0:00")],
)  # fmt: skip
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


# ----------------------------------------------------------------------------------------------------- on a terminal


def test_a_terminal_shows_all_figures_and_nothing_of_them_stays() -> None:
    file = Terminal()
    with Watching(console(file, 120)) as seen:
        seen.on_compile()
        seen.on_epoch_end(record(), None)  # type: ignore[arg-type]
        seen.on_progress(PROGRESS)
    text = file.getvalue()
    for figure in ("epoch 2/5", "25%", "1:23 left", *FIGURES[:4]):
        assert figure in text
    assert re.search(r"memory [0-9.]+ [MG]B", text)
    last = text[text.rindex("words/s  loss") :]
    # The cursor goes up and each line is cleared; the cursor is shown again.
    assert last.count("\x1b[2K") >= 2
    assert "\x1b[?25h" in last


def test_before_the_first_validation_none_is_shown() -> None:
    file = Terminal()
    with Watching(console(file)) as seen:
        seen.on_progress(PROGRESS)
    assert "loss 2.5691" in file.getvalue()
    assert "validation" not in file.getvalue()


def test_warnings_go_above_what_is_drawn_and_afterwards_where_they_went_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, errors = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stderr", errors)
    handler = logging.StreamHandler(errors)
    logging.getLogger().addHandler(handler)
    try:
        with Watching(console(file)) as seen:
            seen.on_progress(PROGRESS)
            logging.getLogger("fastw2v").warning("take care")
        logging.getLogger("fastw2v").warning("later")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "take care" in file.getvalue()
    assert errors.getvalue() == "later\n"
    assert sys.stderr is errors


def test_warnings_that_go_to_a_file_stay_there(monkeypatch: pytest.MonkeyPatch) -> None:
    file, errors = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    handler = logging.StreamHandler(errors)
    logging.getLogger().addHandler(handler)
    try:
        with Watching(console(file)) as seen:
            seen.on_progress(PROGRESS)
            logging.getLogger("fastw2v").warning("take care")
            print("said", file=sys.stderr)
    finally:
        logging.getLogger().removeHandler(handler)
    assert errors.getvalue() == "take care\nsaid\n"
    assert "take care" not in file.getvalue()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "t.txt").write_text("the cat saw the dog and a dog ran to the cat\n" * 400)
    return tmp_path / "t.txt"


def environment(**more: str) -> dict[str, str]:
    names = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", **more}


def command(text: Path) -> list[str]:
    quick = ("--engine", "numpy", "--vector-size", "8", "--epochs", "3", "--min-count", "1", "--no-cache")
    return [sys.executable, "-m", "fastw2v", "train", str(text), *quick, "-o", str(text.parent / "m")]


def on_a_terminal(text: Path, columns: int, **more: str) -> str:
    """What `train` writes to a terminal so wide."""
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 40, columns, 0, 0))
    with subprocess.Popen(
        command(text), stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**more)
    ) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    assert process.returncode == 0, b"".join(parts).decode()
    return b"".join(parts).decode()


def test_on_a_real_terminal_figures_move_and_no_color_means_none(text: Path) -> None:
    shown = on_a_terminal(text, 80, NO_COLOR="1")
    assert "\x1b[2K" in shown
    assert "memory " in shown
    colours = [code for code in CONTROL.findall(shown) if code.endswith("m") and re.search(r"[349][0-9]", code)]
    assert colours == []
    assert shown.rindex("\x1b[?25l") < shown.rindex("\x1b[?25h")
    assert [line for line in CONTROL.sub("", shown).splitlines() if line.startswith("Epoch ")] != []


# -------------------------------------------------------------------------------------------------- without a terminal


@pytest.mark.parametrize("more", [{}, {"TERM": "dumb"}, {"NO_COLOR": "1"}, {"TERM": ""}], ids=str)
def test_without_a_terminal_there_is_a_line_an_epoch_and_no_control_character(more: dict[str, str], text: Path) -> None:
    done = subprocess.run(command(text), env=environment(**more), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("Epoch ")]
    assert len(lines) == 3
    assert all(
        re.fullmatch(r"Epoch \d: loss \d\.\d{4}(  validation loss \d\.\d{4})?  [\d,]+ words/s", x) for x in lines
    )
    assert not [letter for letter in done.stdout if ord(letter) < 32 and letter != "\n"]
    assert "epoch 1/3" not in done.stdout
    assert all_but_few_pairs(done.stderr) == ""


def test_forced_colours_do_not_make_figures_move_where_there_is_no_terminal(text: Path) -> None:
    done = subprocess.run(command(text), env=environment(FORCE_COLOR="1"), capture_output=True, encoding="utf-8")
    assert {code[-1] for code in CONTROL.findall(done.stdout)} == {"m"}
    assert "epoch 1/3" not in done.stdout


def test_the_line_of_an_epoch_names_each_file_s_main_figure() -> None:
    file = io.StringIO()
    evaluation = {"ws.tsv": {"spearman": 0.61249, "used": 20.0}, "none.txt": {"accuracy": None}}
    with Watching(console(file, 200)) as seen:
        assert seen.on_epoch_end(record(evaluation=evaluation), None) is False  # type: ignore[arg-type]
    assert file.getvalue() == (
        "Epoch 1: loss 2.5570  validation loss 2.5154  1,329,720 words/s"
        "  ws.tsv: spearman 0.612  none.txt: accuracy -\n"
    )


def test_an_epoch_without_pairs_has_no_loss_and_says_so() -> None:
    file = io.StringIO()
    with Watching(console(file, 200)) as seen:
        seen.on_epoch_end(record(loss=math.nan, pairs=0, validation_loss=None), None)  # type: ignore[arg-type]
    assert file.getvalue() == "Epoch 1: no training pairs, nothing learned  1,329,720 words/s\n"
