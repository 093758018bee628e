"""The benchmark of what limits deterministic threads: its bound by hand, and a run at a tiny size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import columns
from benchmarks.columns import BOTH, FIRST, NUMBER, ONE, PARTS, PLAN, SECOND, TWO
from benchmarks.runs import read


def seconds(plan: float, number: float, both: float) -> dict[str, float]:
    return {ONE: 10.0, PLAN: plan, NUMBER: number, FIRST: 3.0, SECOND: 4.0, BOTH: both, TWO: 8.0}


def test_the_bound_is_that_found_by_hand() -> None:
    # One thread plans for 1 s, the other numbers meanwhile; the second left over is shared: 1.5 s, then 5 s.
    assert columns.bound_of(seconds(1, 2, 5)) == pytest.approx(10 / 6.5)
    # The numbering is over before the plan is.
    assert columns.bound_of(seconds(2, 1, 5)) == pytest.approx(10 / 7)


def test_each_part_stands_as_its_share_of_one_workers_epoch() -> None:
    text = read(None, "a text", "a text", 100)
    shown = columns.shares_text(text, [seconds(1, 2, 5), seconds(2, 1, 5)])
    lines = {line.split("  ")[0]: line for line in shown.splitlines()}
    assert lines[PLAN].endswith("0.15 [0.10 - 0.20]")
    assert lines[SECOND].endswith("0.40 [0.40 - 0.40]")
    assert lines[TWO].endswith("0.80 [0.80 - 0.80]")
    assert lines["If nothing had to be exchanged, two would be 1.48 [1.43 - 1.54] times as fast as one."]
    assert lines["They are 1.25 [1.25 - 1.25] times as fast."]


def test_a_run_times_every_part_and_writes_its_section(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("numba")
    assert columns.main(["--corpora", str(text), "--rounds", "1", "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    written = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    for part in PARTS:
        share = re.search(rf"^{re.escape(part)} +([\d.]+) \[", printed, re.MULTILINE)
        assert share is not None
        assert float(share[1]) >= 0
        assert share[0] in written
    assert "command    python -m benchmarks.columns" in written


def test_a_text_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert columns.main(["--corpora", str(tmp_path / "none.txt"), "--output", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("benchmarks.columns: ")
    assert error.count("\n") == 1
    assert not (tmp_path / "RESULTS.md").exists()
