"""The footprint benchmark: its arithmetic by hand, its processes on a tiny text, what it writes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import footprint, memory, start_up
from benchmarks.memory import Allowance, Corpus, Held
from benchmarks.process import ROOT, Finished, checked, own_cache, train
from fastw2v.errors import TrainingError, UsageError
from fastw2v.settings import Settings

MB = 10**6


def finished(**changes: Any) -> Finished:
    figures = {"train_seconds": 0.5, "compile_seconds": 0.25, "engine": "numba"}
    return Finished(**{"code": 0, "seconds": 2.0, "peak": 100 * MB, "figures": figures, "said": "", **changes})


def test_the_allowance_is_that_found_by_hand() -> None:
    found = Allowance.of(1_000, 50_000, 99, Settings(vector_size=100))
    # Rows of 100 float32 are padded to 448 bytes.
    assert (found.matrices, found.corpus, found.fixed, found.vocabulary) == (896_000, 200_800, 250_000_000, 200_000)
    assert found.total == 251_296_800
    # and of 100 float64 to 832.
    assert Allowance.of(1_000, 50_000, 99, Settings(vector_size=100, dtype="float64")).matrices == 1_664_000


def test_a_peak_over_the_allowance_is_said_not_to_be_kept() -> None:
    allowance = Allowance(10 * MB, 5 * MB, 250 * MB, 1 * MB)
    kept, over = (Held(Corpus(None), 9_000, 80, allowance, peak) for peak in (266 * MB, 269 * MB))
    first, second = memory.text([kept, over]).splitlines()[2:]
    assert re.search(r"^\(built-in stories\) +9,000 +80 +10.0 +5.0 +250.0 +1.0 +266.0 +266.0 +kept$", first)
    assert second.endswith("  266.0  269.0  NOT KEPT: 3 MB more")


def test_a_corpus_is_told_to_the_command_line_and_shown_without_folders(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "text.txt", Settings(min_count=1, tokenizer="whitespace"))
    assert corpus.arguments == [str(tmp_path / "text.txt"), "--tokenizer", "whitespace", "--min-count", "1"]
    assert corpus.shown == "text.txt --tokenizer whitespace --min-count 1"
    assert Corpus(None).arguments == []


def test_synthetic_texts_have_the_words_and_tokens_stated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ZIPF_WORDS", 200)
    monkeypatch.setattr(memory, "ZIPF_TOKENS", 1_500)
    monkeypatch.setattr(memory, "LONG_WORDS", 1_000)
    *_, stories, zipf, long = memory.corpora(tmp_path)
    assert stories.path is None
    assert zipf.path is not None
    assert long.path is not None
    words = zipf.path.read_text().split()
    assert (len(words), len(set(words))) == (1_500, 200)
    assert 1_000 <= len(long.path.read_text().split()) < 1_500


# More than a small run takes; held where that run is started.
BALLAST = 600 * MB


@pytest.fixture(scope="module")
def usual(text: Path) -> Finished:
    """Return a finished run of a process that a far larger one started."""
    pytest.importorskip("numba")
    ballast = np.ones(BALLAST, dtype=np.uint8)
    done = checked(train([str(text), "--epochs", "1"], {}))
    assert len(ballast) == BALLAST
    return done


def test_a_process_tells_its_peak_figures_and_messages(usual: Finished) -> None:
    assert usual.figures["epochs"] == 1
    assert 0 < usual.overhead < usual.seconds
    assert "Model saved in <model>" in usual.said
    assert "VmHWM" not in usual.said
    assert usual.peak > 50 * MB


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux counts a program's own peak")
def test_the_peak_of_a_process_is_not_its_parents(usual: Finished) -> None:
    assert usual.peak < BALLAST < usual.figures["peak_rss_bytes"]


def test_hidden_packages_are_not_there_for_the_process(usual: Finished, text: Path) -> None:
    pytest.importorskip("matplotlib")
    hidden = checked(train([str(text), "--epochs", "1"], {}, hidden=["matplotlib"]))
    assert "matplotlib" in hidden.said
    assert "loss.png" not in hidden.said
    assert "loss.png" in usual.said


def test_a_run_that_fails_is_not_measured(tmp_path: Path) -> None:
    done = train([str(tmp_path / "none.txt")], {})
    assert (done.code, done.figures) == (2, {})
    with pytest.raises(TrainingError, match="fastw2v train failed: fastw2v: There is no file"):
        checked(done)
    with pytest.raises(UsageError, match="Got numpy"):
        checked(finished(figures={"engine": "numpy"}))


def test_a_peak_that_is_not_known_is_not_taken_for_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "train", lambda *_: finished(peak=0))
    with pytest.raises(UsageError, match="does not say how much memory"):
        memory.measure(Corpus(None), {})


def test_overhead_is_what_was_not_training() -> None:
    spread = start_up.overhead([finished(seconds=seconds) for seconds in (2.0, 1.5, 4.0)])
    assert spread.text(2) == "1.50 [1.00 - 3.50]"


def test_import_times_are_summed_by_package() -> None:
    said = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:       100 |        100 |   numpy.core\n"
        "import time:       300 |        400 | numpy\n"
        "import time:   2000000 |    2000000 | numba.np\n"
        "Read a text: 3 documents.\n"
    )
    assert start_up.import_seconds(said) == {"numba": 2.0, "numpy": 0.0004}


def test_an_edit_of_a_kernels_source_changes_the_key_and_another_edit_does_not(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    sources = ("engines/numba/kernels.py", "objectives/logistic.py", "draws/randomness.py", "corpus/scan_kernels.py")
    assert start_up.edits(tmp_path, sources) == {**dict.fromkeys(sources, True), "settings/__init__.py": False}


def test_a_file_whose_edit_goes_unnoticed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_up, "edits", lambda _: {"a.py": True, "b.py": False, "settings/__init__.py": False})
    text = footprint.edits_text(tmp_path)
    assert "changes for 1 of 2: NOT KEPT: not for b.py." in text
    assert text.endswith("the key stays.")


def test_only_unusual_lines_are_shown_and_none_of_their_paths() -> None:
    usual = "Epoch 1: loss 2.50  1,000 words/s\nModel saved in <model>\n"
    said = "Epoch 1: loss 2.50  900,000 words/s\nCannot write /home/someone/.cache here.\nModel saved in <model>\n"
    assert start_up.unusual(said, usual) == ["Cannot write <path> here."]


def test_each_case_runs_where_its_folder_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, bool]] = []

    def writable(path: str, before: Sequence[str]) -> bool:
        code = f"import os, sys; sys.exit(not os.access({path!r}, os.W_OK))"
        return subprocess.run([*before, sys.executable, "-c", code], check=False).returncode == 0

    def fake(
        arguments: Sequence[str],
        environment: Mapping[str, str | None],
        package: Path = ROOT,
        before: Sequence[str] = (),
    ) -> Finished:
        folder = environment.get("NUMBA_CACHE_DIR") or environment["HOME"]
        if package != ROOT:
            assert not writable(str(package / "fastw2v" / "engines"), before)
        seen.append((package == ROOT, writable(str(folder), before) and Path(str(folder)).is_dir()))
        return finished(said="usual\n" if len(seen) == 1 else "usual\nsomething else\n")

    monkeypatch.setattr(start_up, "train", fake)
    cases = list(start_up.unwritable(tmp_path / "text.txt", tmp_path))
    if not cases:
        pytest.skip("this user may write anywhere, and nothing here takes that right away")
    assert seen[0] == (True, True)
    assert seen[1::2] == seen[2::2] == [(False, True), (True, False), (True, False), (True, False), (False, False)]
    assert {case.said for case in cases} == {("something else",)}


def test_compiling_and_start_up_are_judged_by_what_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(
        arguments: Sequence[str],
        environment: Mapping[str, str | None],
        hidden: Sequence[str] = (),
        python: Sequence[str] = (),
    ) -> Finished:
        if python:
            return finished(said="import time:   300000 |   300000 | numba\n")
        compiling = 21.0 if "float64" in arguments else 19.0
        figures = {"train_seconds": 0.5, "compile_seconds": compiling, "engine": "numba"}
        return finished(seconds=1.9 if hidden else 2.1, figures=figures)

    monkeypatch.setattr(start_up, "train", fake)
    text = footprint.compile_text(tmp_path)
    assert re.search(r"^\(defaults\) +19.0 +2.1 +kept$", text, re.MULTILINE)
    assert re.search(r"^--dtype float64 +21.0 +2.1 +NOT KEPT$", text, re.MULTILINE)
    assert re.search(r"^as installed here +1.60 \[1.60 - 1.60\] .* NOT KEPT$", text, re.MULTILINE)
    assert re.search(r"^without matplotlib and scipy +1.40 .* kept$", text, re.MULTILINE)
    assert text.endswith("numba 0.30 s.")


def test_a_tiny_run_prints_and_writes_its_section(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(memory, "corpora", lambda _: iter([Corpus(text, Settings(epochs=1))]))
    # Kernels that other tests compiled.
    monkeypatch.setattr(footprint, "own_cache", lambda _: {})
    assert footprint.main(["--only", "memory", "--output", str(tmp_path)]) == 0
    printed, written = capsys.readouterr().out, (tmp_path / "RESULTS.md").read_text()
    for shown in (printed, written):
        assert re.search(
            r"^stories.txt --epochs 1 +[\d,]+ +\d+ +[\d.]+ +0.0 +250.0 +.* (kept|NOT KEPT.*)$", shown, re.M
        )
        assert "python -m benchmarks.footprint --only memory" in shown
        assert str(text) not in shown
    assert "<!-- footprint -->" in written


def _measured(name: str, folder: Path) -> str:
    return f"measured {name}"


def test_a_part_is_written_only_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "HERE", tmp_path)
    for name in footprint.PARTS:
        monkeypatch.setitem(footprint.PARTS, name, partial(_measured, name))
    assert footprint.main(["--only", "edits"]) == 0
    assert list(tmp_path.iterdir()) == []
    assert footprint.main([]) == 0
    written = (tmp_path / "RESULTS.md").read_text()
    assert [name for name in footprint.PARTS if f"measured {name}" not in written] == []


def test_a_part_replaces_its_own_block_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "RESULTS.md"
    for name in footprint.PARTS:
        monkeypatch.setitem(footprint.PARTS, name, partial(_measured, name))
    # Begun with the last, they stand in their own order all the same.
    for only in ("unwritable", "memory,compile,edits"):
        assert footprint.main(["--only", only, "--output", str(tmp_path)]) == 0
    before = path.read_text()
    monkeypatch.setitem(footprint.PARTS, "edits", lambda _: "measured anew")
    assert footprint.main(["--only", "edits", "--output", str(tmp_path)]) == 0
    after = path.read_text()
    assert re.findall("measured (.*)", after) == ["memory", "compile", "anew", "unwritable"]
    commands = re.findall(r"^python -m benchmarks.footprint --only (\S+)", after, re.MULTILINE)
    assert commands == ["memory,compile,edits"] * 2 + ["edits", "unwritable"]
    assert _without_edits(after) == _without_edits(before)


def _without_edits(page: str) -> str:
    return page[: page.index("<!-- footprint edits -->")] + page[page.index("<!-- /footprint edits -->") :]


def test_an_interruption_keeps_the_parts_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Path) -> str:
        raise KeyboardInterrupt

    monkeypatch.setitem(footprint.PARTS, "memory", lambda _: "measured memory")
    monkeypatch.setitem(footprint.PARTS, "compile", interrupted)
    assert footprint.main(["--output", str(tmp_path)]) == 130
    assert "Interrupted: 1 of 4 parts are done and kept." in capsys.readouterr().err
    assert "measured memory" in (tmp_path / "RESULTS.md").read_text()


def test_nothing_kept_in_a_cache_of_its_own_comes_from_elsewhere(tmp_path: Path) -> None:
    environment = own_cache(tmp_path)
    assert {environment[name] for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")} == {str(tmp_path)}
