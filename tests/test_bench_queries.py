"""The benchmark of queries at a tiny size: what it times answers alike, what it prints, what it writes."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import queries
from fastw2v.bench.sections import read_section

TINY = ("--words", "3000", "--size", "8", "--questions", "30", "--rounds", "2", "--index", "400")


def test_it_prints_ratios_with_their_spread_and_writes_its_section(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert queries.main([*TINY, "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    written = read_section(tmp_path / "RESULTS.md", "queries")
    assert written is not None
    for text in (printed, written):
        assert re.search(r"^fastw2v takes [0-9.]+ \[[0-9.]+ - [0-9.]+\] products; promised <= 2: ", text, re.MULTILINE)
        assert "30 questions to 3,000 words" in text
        assert "python -m benchmarks.queries --words 3000" in text
        if importlib.util.find_spec("gensim"):
            assert re.search(r"times as fast: fastw2v, all at once / gensim: .*; promised >= 5: ", text)
        if importlib.util.find_spec("usearch"):
            assert re.search(r"recall of the 10 nearest (0\.9|1\.)", text)
            assert "Questions to an index of 400 words" in text


def test_gensim_is_asked_what_we_are_asked() -> None:
    pytest.importorskip("gensim")
    vectors = queries.drawn(500, 6)
    (theirs,) = queries._gensim(vectors, ["w7", "w30"])
    answers: Any = theirs.run()
    for word, answer in zip(["w7", "w30"], answers, strict=True):
        ours = vectors.most_similar(word)
        assert [other for other, _ in answer] == [other for other, _ in ours]
        np.testing.assert_allclose([value for _, value in answer], [value for _, value in ours], atol=1e-6)


def test_without_the_library_the_index_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    options = queries._parse(["--index", "5"])
    assert queries.indexed(queries.drawn(10, 2), options).startswith("The index is left out: usearch is not installed")


def test_each_round_is_timed_and_the_warm_up_is_not_kept() -> None:
    calls: list[int] = []
    timed = queries.Candidate("x", 1000, lambda: calls.append(1))
    queries.measure([timed], 3, "nothing")
    assert len(calls) == 4
    assert len(timed.milliseconds) == 3
