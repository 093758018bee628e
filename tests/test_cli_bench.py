"""`fastw2v bench` and `benchmarks.compare`: what they print, write and refuse. Tiny texts, few rounds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import compare
from fastw2v.bench import end_to_end, flops
from fastw2v.bench import run as running
from fastw2v.bench.peers import EXTRA, PEERS
from fastw2v.bench.results import Timing
from fastw2v.bench.sections import read_section
from fastw2v.cli.app import run
from fastw2v.stories import generate
from fastw2v.verify import checks


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip what takes seconds: the verification, and whole programs and matrix products, which are processes."""
    monkeypatch.setattr(running, "verified", lambda *_: [])
    monkeypatch.setattr(end_to_end, "ours", lambda *_: Timing(2.0, compile_seconds=0.5))
    monkeypatch.setattr(flops, "product_seconds", lambda cores: 0.1 / cores)


def test_the_stories_are_verified_then_timed_beside_the_peers() -> None:
    command = [sys.executable, "-W", "error", "-m", "fastw2v", "bench", "--words", "3000", "--rounds", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["corpus"]["name"] == "the built-in stories"
    # The first stories that hold 3,000 words; each word is trained on.
    assert found["corpus"]["words"] == sum(len(story.split()) for story in generate(3000))
    peers = {peer.name for peer in PEERS.values() if peer.installed}
    assert {name.partition(",")[0] for name in found["candidates"]} >= {"fastw2v", "matrix product", *peers}
    assert [row["candidate"] for row in found["rows"]] == found["candidates"]
    assert re.search(r"^verified +(\d+) of \1 checks", done.stderr, re.MULTILINE)
    for title in ("Training only", "Against the machine", "Raw text file", "Promised", "Losing cases", "Notes"):
        assert re.search(f"^{title}", done.stderr, re.MULTILINE), title


@pytest.mark.usefixtures("quick")
def test_a_report_and_rows_are_written_without_the_folders_of_files(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--words", "0", "--rounds", "2", "--epochs", "2", "--no-peers"]
    files = ["--results", str(tmp_path / "rows.jsonl"), "--report", str(tmp_path / "report.md")]
    assert run(["bench", str(text), *options, *files]) == 0
    printed = capsys.readouterr().out
    assert "2 complete rounds" in printed
    header, *rows = map(json.loads, (tmp_path / "rows.jsonl").read_text().splitlines())
    assert header["command"] == "fastw2v bench stories.txt --rounds 2 --words 0 --epochs 2 --no-peers"
    assert header["settings"]["epochs"] == 2
    assert {row["round"] for row in rows} == {1, 2}
    assert "### stories.txt" in str(read_section(tmp_path / "report.md", "fastw2v bench"))
    for path in ("rows.jsonl", "report.md"):
        assert str(text.parent) not in (tmp_path / path).read_text()


@pytest.mark.usefixtures("quick")
def test_rows_of_other_settings_are_refused(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["--no-peers", "--rounds", "1", "--results", str(tmp_path / "rows.jsonl")]
    assert run(["bench", str(text), *rows]) == 0
    before = (tmp_path / "rows.jsonl").read_bytes()
    capsys.readouterr()
    assert run(["bench", str(text), *rows, "--epochs", "3"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("fastw2v: ")
    assert "settings epochs was 1, here it is 3" in complaint
    assert complaint.count("\n") == 1
    assert (tmp_path / "rows.jsonl").read_bytes() == before


@pytest.mark.usefixtures("quick")
def test_a_peer_that_is_missing_is_said_with_the_extra(
    monkeypatch: pytest.MonkeyPatch, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("fastw2v.bench.peers.Peer.version", None)
    assert run(["bench", str(text), "--rounds", "1"]) == 0
    printed = capsys.readouterr().out
    for name in PEERS:
        assert f"{name} is not installed: {EXTRA}\n" in printed
        assert f"{name}, 1 worker" not in printed


def test_nothing_is_timed_when_an_engine_is_wrong(
    monkeypatch: pytest.MonkeyPatch, text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = checks.Check("a check", "bit for bit", 1.0, 0.0)
    monkeypatch.setattr(running, "verified", lambda *_: [wrong])
    assert run(["bench", str(text), "--rounds", "1", "--results", str(tmp_path / "rows.jsonl")]) == 1
    printed, complaint = capsys.readouterr()
    assert "FAILED   a check" in printed
    assert "words/s" not in printed
    assert complaint.startswith("fastw2v: Not timed: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.txt"], "There is no file or directory 'none.txt'"),
        (["-"], "Got - (standard input); a file would work."),
        (["--rounds", "0"], "'--rounds'"),
        (["--epochs", "many"], "'--epochs'"),
        (["--words", "-1"], "'--words'"),
        (["--words", "3000", "--results", "none/rows.jsonl"], "the folder none does not exist"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: Sequence[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["bench", *arguments]) == 2
    printed, complaint = capsys.readouterr()
    assert printed == ""
    assert complaint.startswith("fastw2v: ")
    assert said in complaint
    assert complaint.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_compare_writes_its_section_and_goes_on_from_its_rows(
    monkeypatch: pytest.MonkeyPatch, text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare, "CORPORA", {"one": text, "two": text})
    monkeypatch.setattr(compare, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr("fastw2v.bench.peers.Peer.version", None)
    folder = ["--folder", str(tmp_path)]
    assert compare.main([*folder, "--rounds", "1", "--epochs", "1", "--words", "3000"]) == 0
    rows = {name: (tmp_path / "results" / f"{name}.jsonl").read_text() for name in ("one", "two")}
    section = str(read_section(tmp_path / "RESULTS.md", "speed"))
    assert section.count("### stories.txt") == 2
    assert "python -m benchmarks.compare --corpora one two --rounds 1 --epochs 1 --words 3000\n" in section
    assert str(text.parent) not in section + rows["one"]

    capsys.readouterr()
    assert compare.main([*folder, "--rounds", "1", "--epochs", "1", "--words", "3000"]) == 0
    assert "round" not in capsys.readouterr().err
    assert {name: (tmp_path / "results" / f"{name}.jsonl").read_text() for name in rows} == rows

    assert compare.main([*folder, "--page"]) == 0
    assert read_section(tmp_path / "page.md", "speed table") == read_section(tmp_path / "RESULTS.md", "speed table")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--words", "10"], "Give it a --folder DIR of its own"), (["--corpora", "one"], "There is no text none.txt")],
)
def test_compare_refuses_in_one_line(
    arguments: Sequence[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare, "CORPORA", {"one": Path("none.txt")})
    assert compare.main(arguments) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("benchmarks.compare: ")
    assert said in complaint
    assert complaint.count("\n") == 1


def test_an_interrupted_compare_says_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compare, "CORPORA", {"one": text})
    monkeypatch.setattr(compare, "compare", interrupted)
    assert compare.main(["--folder", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "benchmarks.compare: interrupted; the same command goes on.\n"
    assert not (tmp_path / "RESULTS.md").exists()
