"""How many epochs a text needs: what is trained and judged, by hand, and the table that the page is given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import choosing, epochs, judging, quality
from benchmarks.choosing import Part
from fastw2v.bench.sections import read_section
from fastw2v.keyed_vectors import KeyedVectors


def test_agreement_is_the_correlation_of_cosines_of_the_words_that_both_know() -> None:
    # Cosines: a and b .995, b and c .1, a and c 0; the same turned by a right angle; with a and c exchanged.
    part = KeyedVectors(["a", "b", "c", "new"], np.array([[1, 0], [1, 0.1], [0, 1], [1, 1]], np.float32))
    turned = KeyedVectors(["c", "b", "x", "a"], np.array([[-1, 0], [-0.1, 1], [3, 3], [0, 1]], np.float32))
    exchanged = KeyedVectors(["c", "b", "a"], np.array([[1, 0], [1, 0.1], [0, 1]], np.float32))
    for other, expected in ((part, 1), (turned, 1), (exchanged, 0.5)):
        pairs, correlation = epochs.agreement(part, other)
        assert pairs == (6 if other is part else 3)
        assert correlation == pytest.approx(expected)


def test_the_command_trains_what_is_missing_and_puts_its_tables_into_the_page(
    stories: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "eval").mkdir()
    (tmp_path / "tiny.txt").write_text("\n".join(stories) + "\n", encoding="utf-8")
    for name, line in (
        ("SimLex-999", "a\tb\t1\n"),
        ("WordSim-353", "a\tb\t1\n"),
        ("Google analogies", ": s\na b c d\n"),
    ):
        (tmp_path / quality.SETS[name]).write_text(line)
    (tmp_path / "page.md").write_text("# Page\n\n<!-- epochs -->\n<!-- /epochs -->\n\nEnd\n")
    monkeypatch.setattr(quality, "DATA", tmp_path)
    monkeypatch.setattr(judging, "FEWEST_COVERED", 100)
    small = {**choosing.BASE, "engine": "numpy", "vector_size": 8}
    monkeypatch.setattr(choosing, "BASE", small)
    monkeypatch.setattr(choosing, "VALUES", {"min_count": (6,)})
    monkeypatch.setattr(epochs, "REFERENCE", {**small, "epochs": 2, "seed": 3})
    monkeypatch.setattr(epochs, "SIZES", {"tiny": (Part("tiny.txt", "10kB", 2, {}), (1, 2))})
    monkeypatch.setattr(epochs, "ROWS", tmp_path / "rows.jsonl")
    monkeypatch.setattr(epochs, "PAGE", tmp_path / "page.md")
    epochs._reference.cache_clear()
    assert epochs.main([]) == 0
    table = read_section(tmp_path / "page.md", "epochs")
    assert table is not None
    assert "| epochs | agreement (" in table
    assert "\n| 1 | " in table
    assert "\n| 2 | " in table
    trained = (tmp_path / "rows.jsonl").read_text()
    assert len(trained.splitlines()) == 4
    assert epochs.main(["--report"]) == 0
    assert (tmp_path / "rows.jsonl").read_text() == trained
    assert read_section(tmp_path / "page.md", "epochs") == table
