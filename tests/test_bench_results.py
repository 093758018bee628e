"""Rows survive interruptions, are gone on with, and are never mixed with those of another comparison."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fastw2v.bench import comparison
from fastw2v.bench.results import Results, Row
from fastw2v.errors import DataError, UsageError

HEADER = {"command": "one", "date": "today", "settings": {"epochs": 5}, "machine": {"numpy": "2", "cores": "2"}}
ROWS = [Row(1.5, candidate="a", round=1), Row(2.5, 0.5, 12.0, candidate="b", round=1), Row(1.0, candidate="a", round=2)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    results = Results(HEADER, tmp_path / "rows.jsonl")
    for row in ROWS:
        results.append(row)
    return tmp_path / "rows.jsonl"


def test_rows_are_read_back_as_they_were_written(path: Path) -> None:
    found = Results(HEADER, path)
    assert found.rows == ROWS
    assert found.of("a") == {1: ROWS[0], 2: ROWS[2]}
    assert found.has("b", 1)
    assert not found.has("b", 2)


def test_each_row_is_in_the_file_before_the_next_is_timed(path: Path) -> None:
    results = Results(HEADER, path)
    before = path.read_text()
    results.append(Row(3.0, candidate="b", round=2))
    assert path.read_text().startswith(before)
    assert json.loads(path.read_text().splitlines()[-1])["seconds"] == 3.0


def test_each_row_is_on_the_disk_before_the_next_is_timed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results, synced = Results(HEADER, path), list[str]()
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.read_text()))
    results.append(Row(3.0, candidate="b", round=2))
    assert synced == [path.read_text()]


def test_a_line_torn_by_a_crash_is_dropped_and_the_file_is_whole_again(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seconds": 3.')
    results = Results(HEADER, path)
    assert results.rows == ROWS
    results.append(Row(3.0, candidate="b", round=2))
    assert Results(HEADER, path).rows == [*ROWS, Row(3.0, candidate="b", round=2)]


def test_nothing_is_written_before_there_is_a_row(tmp_path: Path) -> None:
    Results(HEADER, tmp_path / "rows.jsonl")
    assert list(tmp_path.iterdir()) == []
    assert Results(HEADER).rows == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"settings": {"epochs": 1}}, "settings epochs was 5, here it is 1"),
        ({"machine": {"numpy": "2", "cores": "8"}}, "machine cores was 2, here it is 8"),
        ({"machine": {"numpy": "2", "cores": "2", "gensim": "4"}}, "machine gensim was None, here it is 4"),
        ({"corpus": {"sha256": "x"}}, "corpus was None"),
    ],
)
def test_rows_of_another_comparison_are_refused_by_what_differs(
    path: Path, changes: dict[str, Any], named: str
) -> None:
    before = path.read_bytes()
    with pytest.raises(DataError) as error:
        Results({**HEADER, **changes}, path)
    assert named in str(error.value)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before


def test_every_file_of_the_package_counts_to_the_source_that_rows_are_of(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def read_bytes(path: Path) -> bytes:
        read.append(f"{path.parent.name}/{path.name}")
        return b""

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    comparison._source_hash.__wrapped__()
    assert set(read) >= {"training/trainer.py", "numba/kernels.py", "corpus/scan_kernels.py", "bench/comparison.py"}


def test_another_date_or_command_may_go_on(path: Path) -> None:
    assert Results({**HEADER, "command": "two", "date": "tomorrow"}, path).rows == ROWS


@pytest.mark.parametrize("text", ["not JSON\n", "[1]\n", '{"command": "one"}\n{"neither": "row"}\n', "no line end"])
def test_another_kind_of_file_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "other").write_text(text)
    with pytest.raises(DataError, match="other"):
        Results(HEADER, tmp_path / "other")
    assert (tmp_path / "other").read_text() == text


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        Results(HEADER, tmp_path / "none" / "rows.jsonl")


# Verification and whole programs take seconds, and are tested elsewhere.
BENCH = """
import sys
from fastw2v.bench import candidates, run
from fastw2v.cli.app import run as fastw2v
run.verified = lambda *_: []
candidates._whole = lambda *_: iter(())
sys.exit(fastw2v(["bench", *sys.argv[1:]]))
"""


def started(text: Path, path: Path, rounds: int) -> subprocess.Popen[str]:
    options = ["--words", "0", "--no-peers", "--rounds", str(rounds), "--results", str(path)]
    command = [sys.executable, "-W", "error", "-c", BENCH, str(text), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def timed_in(path: Path) -> list[tuple[str, int]]:
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    return [(row["candidate"], row["round"]) for row in map(json.loads, lines)]


def test_an_interrupted_comparison_shows_what_is_done_and_goes_on_from_there(text: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    process = started(text, path, rounds=1000)
    while len(timed_in(path)) < 7 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    printed, complaint = process.communicate()
    assert process.returncode == 130, complaint
    assert complaint == "fastw2v: interrupted.\n"
    assert "fastw2v, 1 worker" in printed.partition("Training only")[2]
    done, kept = timed_in(path), path.read_bytes()
    assert len(done) >= 7

    rounds = max(number for _, number in done) + 1
    again = started(text, path, rounds)
    printed, complaint = again.communicate()
    assert again.returncode == 0, complaint
    assert f"{rounds} complete rounds" in printed
    assert path.read_bytes().startswith(kept)
    found, names = timed_in(path), {name for name, _ in done}
    assert sorted(found) == sorted((name, number) for name in names for number in range(1, rounds + 1))
