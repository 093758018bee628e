"""What each setting does: which runs are trained, what counts as a difference by hand, what the page is given."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import choosing, judging, quality
from benchmarks.choosing import DEFAULT, Corpus, Part
from benchmarks.quality_rows import Store, Task
from fastw2v.bench.sections import read_section
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.settings import Settings
from fastw2v.training import preparation

ROOT = Path(__file__).resolve().parents[1]


# Statistics


def test_the_spread_is_pooled_over_settings_worked_by_hand() -> None:
    # Squares about the means: .02 + .08 + 0 with 1 + 1 + 2 degrees of freedom.
    scores = {DEFAULT: [0.1, 0.3], "a": [0.2, 0.6], "b": [0.5, 0.5, 0.5]}
    assert choosing.spread(scores) == pytest.approx(math.sqrt(0.1 / 4))


def test_a_difference_counts_from_three_standard_errors_on() -> None:
    # Each has the variance .02: the standard error of a difference of two means of two is sqrt(.02) = .1414.
    near, far = [0.52, 0.72], [0.53, 0.73]
    scores = {DEFAULT: [0.1, 0.3], "near": near, "far": far, "below": [0.1 - 0.43, 0.3 - 0.43]}
    for name, expected, counts in (("near", 0.42, False), ("far", 0.43, True), ("below", -0.43, True)):
        apart, counted = choosing.difference(scores, name)
        assert apart == pytest.approx(expected)
        assert counted == counts


def test_a_cell_is_bold_where_the_difference_counts() -> None:
    scores = {DEFAULT: [0.10, 0.12], "a": [0.50, 0.52], "b": [0.11, 0.13]}
    assert choosing._cell(scores, DEFAULT) == "0.110"
    assert choosing._cell(scores, "a") == "0.510 **+0.400**"
    assert choosing._cell(scores, "b") == "0.120 +0.010"


# Which settings


def test_each_row_changes_one_setting_to_a_value_that_is_not_the_default() -> None:
    for part in choosing.CORPORA.values():
        for change in list(choosing.changes(part).values())[1:]:
            ((name, value),) = change.items()
            assert value != getattr(Settings(), name)
            Settings(**{**choosing.BASE, **change})


def test_the_page_tells_a_default_for_each_setting_it_speaks_of() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in choosing.VALUES:
        assert f"| `{name}` | {getattr(Settings(), name)} |" in page, name


def test_the_page_concludes_only_from_differences_that_count() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    table = read_section(ROOT / "docs" / "settings.md", "choosing")
    assert table is not None
    concluded = re.findall(r"[+-]0\.\d{3}", page.replace(table, ""))
    assert len(concluded) > 5
    assert [difference for difference in concluded if f"**{difference}**" not in table] == []


# Training and the page


@pytest.fixture
def small(stories: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a tiny corpus, evaluation sets of its words and a page in the place of the real ones."""
    folder = tmp_path / "data"
    (folder / "eval").mkdir(parents=True)
    (folder / "tiny.txt").write_text("\n".join(stories) + "\n", encoding="utf-8")
    monkeypatch.setattr(choosing, "CORPORA", {"tiny": Part("tiny.txt", "1MB", 2, {"epochs": (3,)})})
    monkeypatch.setattr(choosing, "VALUES", {"min_count": (1, 6), "epochs": (1,)})
    monkeypatch.setattr(choosing, "BASE", {**choosing.BASE, "engine": "numpy", "vector_size": 8})
    monkeypatch.setattr(choosing, "ROWS", tmp_path / "results" / "choosing.jsonl")
    monkeypatch.setattr(choosing, "PAGE", tmp_path / "settings.md")
    monkeypatch.setattr(quality, "DATA", folder)
    (tmp_path / "settings.md").write_text("# Page\n\n<!-- choosing -->\n<!-- /choosing -->\n\nEnd\n", encoding="utf-8")
    words = list(dict.fromkeys(" ".join(stories).lower().replace(".", " ").split()))
    pairs = [f"{a}\t{b}\t{(i * 7) % 10}" for i, (a, b) in enumerate(itertools.pairwise(words))]
    (folder / quality.SETS["SimLex-999"]).write_text("\n".join(pairs) + "\n", encoding="utf-8")
    (folder / quality.SETS["WordSim-353"]).write_text("\n".join(pairs[:9]) + "\n", encoding="utf-8")
    questions = (" ".join(words[i : i + 4]) for i in range(40))
    (folder / quality.SETS["Google analogies"]).write_text("\n".join((": some", *questions)) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def corpus(small: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setattr(judging, "FEWEST_COVERED", 1)
    return choosing.read("tiny")


def test_all_rows_are_judged_on_the_words_that_every_row_knows(corpus: Corpus) -> None:
    found = {}
    for task in choosing.tasks(corpus):
        vectors = choosing.train(corpus, task)
        assert set(vectors.index_to_key) == corpus.judged
        found[task.system] = choosing.judge(vectors)[1]
    assert list(found) == [DEFAULT, "min_count 1", "min_count 6", "epochs 1", "epochs 3"]
    assert len(set(map(str, found.values()))) == 1
    assert found[DEFAULT]["SimLex-999"] > 0


def test_the_vectors_judged_are_those_of_their_words(corpus: Corpus) -> None:
    task = next(choosing.tasks(corpus))
    vectors = choosing.train(corpus, task)
    data = preparation.prepare(corpus.encoded, corpus.about, Settings(**task.settings)).preprocessed
    whole = quality._train(quality.Corpus("tiny", data, ""), task)
    assert len(whole) > len(vectors)
    for word in vectors.index_to_key:
        assert np.array_equal(vectors[word], whole[word])


def test_an_interrupted_command_goes_on_where_it_stopped(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def train(corpus: Corpus, task: Task) -> KeyedVectors:
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append((task.system, task.seed))
        return KeyedVectors(sorted(corpus.judged), np.random.default_rng(1).normal(size=(len(corpus.judged), 4)))

    monkeypatch.setattr(choosing, "train", train)
    store = Store(choosing.ROWS)
    with pytest.raises(KeyboardInterrupt):
        choosing.train_missing(corpus, store)
    assert "not run yet" in choosing.report([corpus], store)
    assert asked == [(DEFAULT, 1), ("min_count 1", 1), ("min_count 6", 1)]
    left = [task.system for task in choosing.tasks(corpus) if store.find(task) is None]
    assert left == ["epochs 1", "epochs 3", DEFAULT, "min_count 1", "min_count 6", "epochs 1", "epochs 3"]


def test_the_command_trains_and_puts_its_tables_into_the_page(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert choosing.main([]) == 0
    table = read_section(choosing.PAGE, "choosing")
    assert table is not None
    assert "**tiny**: the first 1MB of tiny.txt" in table
    for row in (DEFAULT, "min_count 1", "min_count 6", "epochs 1", "epochs 3", "between seeds"):
        assert f"\n| {row} | " in table
    assert choosing.PAGE.read_text(encoding="utf-8").endswith("\n\nEnd\n")
    trained = choosing.ROWS.read_text(encoding="utf-8")
    assert len(trained.splitlines()) == 10
    # All is there now: nothing is trained again, and the tables are the same.
    assert choosing.main(["--report"]) == 0
    assert choosing.ROWS.read_text(encoding="utf-8") == trained
    assert read_section(choosing.PAGE, "choosing") == table
    assert table in capsys.readouterr().out


def test_a_missing_corpus_is_one_line(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "tiny.txt").unlink()
    assert choosing.main([]) == 2
    error = capsys.readouterr().err
    assert error.startswith("benchmarks.choosing: There is no corpus ")
    assert error.count("\n") == 1
