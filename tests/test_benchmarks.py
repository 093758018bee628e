"""The benchmarks run as anyone would run them, at tiny sizes, and print what they promise to print."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import engines as timing
from benchmarks import report
from benchmarks.writing import write_parts
from fastw2v import UsageError
from fastw2v.engines import available
from fastw2v.registry import ENGINES
from fastw2v.verify import checks

ROOT = Path(__file__).resolve().parents[1]


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def printed(pictures: Path) -> str:
    done = run("benchmarks.report", "--words", "10000", "--output", str(pictures))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def stories(printed: str) -> str:
    return printed.partition("the built-in stories: ")[2].partition("TinyStories")[0]


def losses_and_cosines(stories: str, name: str) -> tuple[list[float], list[float]]:
    lines = [re.search(rf"^{name}: {what} +(.*)$", stories, re.MULTILINE) for what in ("loss", "mean cosine")]
    first, second = ([float(value) for value in line[1].split()] for line in lines if line)
    return first, second


def test_the_report_states_machine_versions_and_command(printed: str) -> None:
    for name in ("processor", "cores", "python", "numpy", "fastw2v"):
        assert re.search(rf"^{name} +\S", printed, re.MULTILINE)
    assert "python -m benchmarks.report --words 10000" in printed


def test_every_finding_is_reported_on_every_text(printed: str) -> None:
    texts = printed.count("=====\n")
    assert texts == (2 if report.TINYSTORIES.exists() else 1)
    for letter in "abcdef":
        assert len(re.findall(rf"^\({letter}\) ", printed, re.MULTILINE)) == texts


def test_tinystories_is_used_or_said_to_be_skipped(printed: str) -> None:
    assert ("TinyStories: the first" in printed) == report.TINYSTORIES.exists()
    assert ("TinyStories is skipped" in printed) != report.TINYSTORIES.exists()


def test_the_sign_error_collapses_the_vectors_and_raises_the_loss(stories: str) -> None:
    losses, cosines = losses_and_cosines(stories, "sign error")
    assert losses[-1] > 5 * losses[0]
    assert cosines[-1] > 0.99


def test_the_right_gradient_keeps_vectors_apart_and_lowers_the_loss(stories: str) -> None:
    losses, cosines = losses_and_cosines(stories, "right gradient")
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.8 * losses[0]
    assert cosines[-1] < 0.6


def test_stop_words_leave_no_function_word_among_the_neighbours(stories: str) -> None:
    rows = {
        name: re.findall(rf"^{name} +\d+ +[\d,]+ +([\d.]+)  (.*)$", stories, re.MULTILINE)
        for name in ("neither", "both")
    }
    assert [len(found) for found in rows.values()] == [2, 2]
    assert float(rows["neither"][0][0]) > 0.2
    assert all(float(share) == 0 and "[" not in words for share, words in rows["both"])


def test_the_update_vanishes_with_the_pairs_and_the_package_refuses(stories: str) -> None:
    rows = re.findall(r"^sample (\S+), min_count 5 +[\d,]+ +([\d,]+) +(\S+) +(\w+)$", stories, re.MULTILINE)
    pairs = [int(row[1].replace(",", "")) for row in rows]
    assert pairs == sorted(pairs, reverse=True)
    assert float(rows[-1][2]) < float(rows[0][2]) / 100
    assert [rows[0][3], rows[-1][3]] == ["trains", "refuses"]
    assert "almost nothing to learn from" in stories


def test_each_picture_that_is_named_is_a_png(printed: str, pictures: Path) -> None:
    pytest.importorskip("matplotlib")
    named = {Path(name) for name in re.findall(r"^Picture: (.*)$", printed, re.MULTILINE)}
    assert named == set(pictures.iterdir())
    assert len(named) == 5 * printed.count("=====\n")
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in named)


def test_the_report_names_a_missing_corpus_in_one_line(tmp_path: Path) -> None:
    done = run("benchmarks.report", "--corpus", str(tmp_path / "none.txt"))
    assert done.returncode == 2
    assert done.stderr.startswith("benchmarks.report: ")
    assert done.stderr.count("\n") == 1


def test_engines_are_verified_then_timed_each_of_the_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "REFERENCE_TERMS", 4_000)
    monkeypatch.setattr(checks, "SCORES", 41)
    monkeypatch.setattr(checks, "DRAWN_POSITIONS", 10_000)
    assert timing.main(["--rounds", "2", "--words", "3000", "--json", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^verified +(\d+) of \1 checks", printed, re.MULTILINE)
    usable = [name for name, reason in available().items() if not reason]
    for name in usable:
        assert len(re.findall(rf"^{name}, batch \d+.*best$", printed, re.MULTILINE)) == 1
    found = json.loads((tmp_path / "out.json").read_text())
    assert {row["engine"] for row in found["timed"]} == set(usable)
    assert all(len(row["words_per_second"]) == 2 and row["median"] > 0 for row in found["timed"])
    assert all(check["passed"] for check in found["verified"])
    assert found["command"].startswith("python -m benchmarks.engines --rounds 2")
    assert {"processor", "numpy", "fastw2v"} <= set(found["machine"])


def test_every_promised_ratio_is_of_engines_in_the_registry() -> None:
    assert {name for faster, slower, _ in timing.PROMISED for name in (faster, slower)} <= set(ENGINES)


def test_ratios_are_taken_within_rounds() -> None:
    slow, fast = (timing.Candidate(timing.SETTINGS, None, speeds) for speeds in ([1.0, 2.0, 4.0], [30.0, 20.0, 80.0]))  # type: ignore[arg-type]
    (ratio,) = timing.ratios({"numpy": slow, "numba": fast})
    assert ratio.by_round == [30, 10, 20]
    assert "20.0 [10.0 - 30.0]; promised >= 25: NOT KEPT" in ratio.text


def test_an_engine_that_fails_verification_is_not_timed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = checks.Check("a check", "bit for bit", 1.0, 0.0)
    monkeypatch.setattr(checks, "verify", lambda *_: iter([wrong]))
    assert timing.main(["--words", "3000", "--rounds", "1"]) == 1
    printed = capsys.readouterr().out
    assert "FAILED   a check" in printed
    assert "words/s" not in printed


@pytest.mark.parametrize(("error", "code"), [(None, 0), (KeyboardInterrupt(), 130), (UsageError("no text"), 2)])
def test_a_section_of_several_parts_is_written_whole_or_not_at_all(
    error: BaseException | None, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def parts() -> Iterator[str]:
        yield "the first part"
        if error is not None:
            raise error

    assert write_parts("some", "Some title", parts(), tmp_path, ["--rounds", "1"]) == code
    assert "the first part" in capsys.readouterr().out
    path = tmp_path / "RESULTS.md"
    assert path.exists() == (error is None)
    if error is None:
        text = path.read_text(encoding="utf-8")
        assert "## Some title\n\n```text\nthe first part\n```" in text
        assert "python -m benchmarks.some --rounds 1" in text
