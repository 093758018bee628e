"""Quality beside gensim's: the statistics by hand, which runs are trained and which are not, the verdict both ways."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import judging, quality, quality_rows
from benchmarks.judging import Comparison
from benchmarks.quality_rows import Row, Store, Task
from fastw2v.bench import peers
from fastw2v.bench.sections import read_section
from fastw2v.errors import DataError, MissingExtraError
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.settings import Settings

Trained = list[tuple[str, int]]


def rows_of(system: str, *scores: float, covered: int = 100, small: float | None = 0.0) -> dict[int, Row]:
    """Return a system's rows for seeds 1, 2, ..., with a set of `covered` pairs and one of 99."""
    return {
        seed: Row(
            corpus="text",
            tokens="",
            system=system,
            trainer="",
            sources=None,
            settings={"seed": seed},
            scores={"large": score, "small": small},
            covered={"large": covered, "small": 99},
            machine={},
        )
        for seed, score in enumerate(scores, start=1)
    }


def compared(ours: dict[int, Row], peer: dict[int, Row]) -> str:
    return judging.report("text", {"gensim": peer, "default": ours}, ("gensim", "default"))


# Statistics


def test_the_interval_is_students_worked_by_hand() -> None:
    # mean 3, variance 10 / 4; half = 2.7764 x sqrt(2.5 / 5)
    found = judging.interval([1, 2, 3, 4, 5])
    assert found.mean == 3
    assert found.half == pytest.approx(1.96321, abs=1e-5)
    assert found.text() == "3.0000 ± 1.9632"


def test_a_single_seed_has_no_interval() -> None:
    assert judging.interval([0.5]).text() == "0.5000"


def test_the_quantiles_are_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    for freedom, quantile in enumerate(judging.T_975, start=1):
        assert quantile == pytest.approx(stats.t.ppf(0.975, freedom), abs=5e-5)


def test_the_difference_is_paired_over_common_seeds_worked_by_hand() -> None:
    # differences .1, .2, .3: mean .2, deviation .1; half = 4.3027 x .1 / sqrt(3). The seeds 7 and 8 have no partner.
    found = judging.difference({3: 0.9, 1: 0.5, 2: 0.7, 7: 9.0}, {1: 0.4, 2: 0.5, 3: 0.6, 8: 9.0})
    assert found.mean == pytest.approx(0.2)
    assert found.half == pytest.approx(0.43027 / math.sqrt(3))


def test_not_below_reaches_down_to_the_intervals_low_end() -> None:
    peer = {seed: float(seed) for seed in range(1, 6)}  # 3 ± 1.9632
    assert judging.not_below(dict.fromkeys(peer, 1.0369), peer)
    assert not judging.not_below(dict.fromkeys(peer, 1.0367), peer)


# Report


def test_the_verdict_is_not_below_where_the_default_is_as_good() -> None:
    text = compared(rows_of("default", 0.40, 0.42), rows_of("gensim", 0.40, 0.42))
    assert "**text, default: not below gensim's interval.** Mean over large, 2 seeds: 0.4100 against" in text
    assert "| default | +0.0000 ± 0.0000 |" in text
    assert "BELOW" not in text


def test_the_verdict_is_below_where_the_default_is_worse() -> None:
    text = compared(rows_of("default", 0.20, 0.21), rows_of("gensim", 0.40, 0.42))
    assert "**text, default: BELOW gensim's interval.** Mean over large, 2 seeds: 0.2050 against" in text
    assert text.count("BELOW") == 2


def test_a_set_with_few_pairs_is_shown_and_does_not_weigh() -> None:
    ours, peer = rows_of("default", 0.40, 0.42, small=0.1), rows_of("gensim", 0.40, 0.42, small=0.9)
    text = compared(ours, peer)
    assert "| large (100) | small (99, not judged) |" in text
    assert "| 0.1000 ± 0.0000 |" in text
    assert "default: not below" in text
    assert Comparison({"default": ours}).means("default") == {1: 0.40, 2: 0.42}


def test_the_mean_is_over_all_judged_sets() -> None:
    ours = rows_of("default", 0.40, small=0.1)
    ours[1].covered["small"] = 100
    assert Comparison({"default": ours}).means("default") == {1: pytest.approx(0.25)}


def test_an_undefined_score_is_a_dash() -> None:
    assert "| default | 0.4000 | - | 0.4000 | 1 |" in compared(
        rows_of("default", 0.4, small=None), rows_of("gensim", 0.4)
    )


@pytest.mark.parametrize(
    ("ours", "peer", "reason"),
    [
        (rows_of("default", 0.4), rows_of("gensim", 0.4, 0.5), "fewer than 2 seeds of both"),
        (rows_of("default", 0.4, 0.5), {}, "fewer than 2 seeds of both"),
        (rows_of("default", 0.4, 0.5, covered=99), rows_of("gensim", 0.4, 0.5), "no set covers 100 pairs"),
    ],
)
def test_what_cannot_be_judged_says_why(ours: dict[int, Row], peer: dict[int, Row], reason: str) -> None:
    rows = {"default": ours} | ({"gensim": peer} if peer else {})
    assert f"**text, default: not judged: {reason}.**" in judging.report("text", rows, ("gensim", "default"))


def test_systems_without_a_run_are_named() -> None:
    text = judging.report("text", {"default": rows_of("default", 0.4)}, ("gensim", "default", "racy"))
    assert text.endswith("No run by the present code and settings: gensim, racy.")


# Which runs are trained


@pytest.fixture
def data(stories: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a tiny corpus and evaluation sets made of its words, in the place of the shared data."""
    folder = tmp_path / "data"
    (folder / "eval").mkdir(parents=True)
    (folder / "tiny.txt").write_text("\n".join(stories) + "\n", encoding="utf-8")
    monkeypatch.setattr(quality, "CORPORA", {"tiny": "tiny.txt"})
    monkeypatch.setattr(quality, "DATA", folder)
    monkeypatch.setattr(quality, "ROWS", tmp_path / "results" / "quality.jsonl")
    monkeypatch.setattr(quality, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setitem(quality.FASTW2V, "engine", "numpy")
    words = [str(word) for word in quality.read("tiny", folder / "tiny.txt").data.vocabulary.words]
    pairs = [f"{a}\t{b}\t{(i * 7) % 10}" for i, (a, b) in enumerate(itertools.pairwise(words))]
    for name, lines in zip(quality.SETS.values(), (pairs[:100], pairs[:20]), strict=False):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    questions = (" ".join(words[i : i + 4]) for i in range(100))
    (folder / quality.SETS["Google analogies"]).write_text("\n".join((": some", *questions)) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def corpus(data: Path) -> quality.Corpus:
    return quality.read("tiny", data / "tiny.txt")


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Trained:
    """Replace both trainers by random vectors; return the list of what is asked of them."""
    asked: Trained = []

    def train(corpus: quality.Corpus, task: Task) -> KeyedVectors:
        asked.append((task.system, task.seed))
        words = corpus.data.vocabulary.words
        return KeyedVectors(words, np.random.default_rng(task.seed).normal(size=(len(words), 8)))

    monkeypatch.setattr(quality, "_train", train)
    monkeypatch.setattr(quality, "_train_gensim", train)
    monkeypatch.setattr(quality, "_versions", lambda _: {"python": "3"})
    return asked


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results" / "quality.jsonl")


def test_a_second_command_trains_only_what_is_missing(
    corpus: quality.Corpus, trained: Trained, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    quality.train_missing(corpus, ("gensim", "racy"), 2, store)
    assert trained == [("gensim", 1), ("racy", 1), ("gensim", 2), ("racy", 2)]
    quality.train_missing(corpus, ("gensim", "racy", "per-pair"), 3, store)
    assert trained[4:] == [("per-pair", 1), ("per-pair", 2), ("gensim", 3), ("racy", 3), ("per-pair", 3)]
    assert capsys.readouterr().out.count("tiny, ") == 9


def test_an_interruption_keeps_what_is_done(
    corpus: quality.Corpus, trained: Trained, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(corpus: quality.Corpus, task: Task) -> KeyedVectors:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(quality, "_train", interrupted)
        with pytest.raises(KeyboardInterrupt):
            quality.train_missing(corpus, ("gensim", "racy"), 1, store)
    quality.train_missing(corpus, ("gensim", "racy"), 1, store)
    assert trained == [("gensim", 1), ("racy", 1)]


def test_one_run_under_two_names_is_trained_once(corpus: quality.Corpus, trained: Trained, store: Store) -> None:
    same = f"batch-{Settings().batch_size}"
    assert same in quality.SYSTEMS
    quality.train_missing(corpus, ("default", same), 1, store)
    assert trained == [("default", 1)]
    assert f"| {same} |" in quality.report([corpus], 1, store)


def test_other_code_makes_our_rows_stale_and_leaves_gensims(
    corpus: quality.Corpus, trained: Trained, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    quality.train_missing(corpus, ("gensim", "default"), 1, store)
    monkeypatch.setattr(quality, "engine_sources", lambda: "other code")
    assert "No run by the present code and settings: default" in quality.report([corpus], 1, store)
    quality.train_missing(corpus, ("gensim", "default"), 1, store)
    assert trained == [("gensim", 1), ("default", 1), ("default", 1)]


def test_another_default_makes_rows_stale(
    corpus: quality.Corpus, trained: Trained, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    quality.train_missing(corpus, ("default",), 1, store)
    monkeypatch.setitem(quality.FASTW2V, "sigmoid_clip", 6.0)
    quality.train_missing(corpus, ("default",), 1, store)
    assert trained == [("default", 1), ("default", 1)]


def test_other_tokens_make_all_rows_stale(corpus: quality.Corpus, data: Path, trained: Trained, store: Store) -> None:
    quality.train_missing(corpus, ("gensim", "default"), 1, store)
    text = (data / "tiny.txt").read_text(encoding="utf-8")
    (data / "tiny.txt").write_text(text.replace("\n", " ", 1), encoding="utf-8")
    joined = quality.read("tiny", data / "tiny.txt")
    quality.train_missing(joined, ("gensim", "default"), 1, store)
    assert trained == [("gensim", 1), ("default", 1)] * 2


def test_a_damaged_line_is_named(corpus: quality.Corpus, trained: Trained, store: Store) -> None:
    quality.train_missing(corpus, ("gensim",), 1, store)
    with store.path.open("a", encoding="utf-8") as file:
        file.write('{"corpus": \n')
    with pytest.raises(DataError, match=r"quality\.jsonl, line 2: not a row"):
        quality.train_missing(corpus, ("gensim",), 1, store)


def test_comments_and_docstrings_make_nothing_stale() -> None:
    bare = "def f(x: int) -> int:\n    return x + 1\n"
    told = '"""Told."""\n\n\ndef f(x: int) -> int:  # told\n    """Told."""\n    return (x + 1)\n'
    assert quality_rows.code_of(told) == quality_rows.code_of(bare)
    assert quality_rows.code_of(bare.replace("1", "2")) != quality_rows.code_of(bare)


def test_the_hash_of_the_sources_covers_engines_and_what_decides_their_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def reading(self: Path, encoding: str) -> str:
        read.append(self.name)
        return ""

    monkeypatch.setattr(Path, "read_text", reading)
    quality_rows.engine_sources.__wrapped__()
    assert {"kernels.py", "numpy_engine.py", "logistic.py", "trainer.py", "windows.py", "plan.py"} <= set(read)


# Peer and command


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what puts another trainer in gensim's place."""

    def replace(distribution: str, train: Any = None) -> None:
        peer = peers.Peer("gensim", distribution, train, (1,), 10_000, "")
        monkeypatch.setattr(peers, "PEERS", {"gensim": peer})

    return replace


def test_a_missing_gensim_names_the_extra(corpus: quality.Corpus, store: Store, replaced: Callable[..., None]) -> None:
    replaced("no-such-distribution")
    with pytest.raises(MissingExtraError, match=r"gensim.*pip install '\.\[bench\]'"):
        quality.train_missing(corpus, ("gensim",), 1, store)


def test_a_gensim_that_finds_other_words_is_not_compared(
    corpus: quality.Corpus, store: Store, replaced: Callable[..., None]
) -> None:
    replaced("numpy", lambda *_: peers.Trained(0.0, ["other"], np.zeros((1, 2), np.float32)))
    with pytest.raises(DataError, match="tiny: gensim finds other words"):
        quality.train_missing(corpus, ("gensim",), 1, store)


def test_the_command_trains_compares_and_writes(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("gensim")
    assert quality.main(["--systems", "gensim", "default", "--seeds", "2"]) == 0
    printed = capsys.readouterr().out
    section = printed[printed.index("## ") :].rstrip()
    assert read_section(quality.RESULTS, "quality") == section
    assert "**tiny, default: " in section
    assert "SimLex-999 (100) | WordSim-353 (20, not judged) | Google analogies (100) |" in section
    lines = quality.ROWS.read_text(encoding="utf-8").splitlines()
    assert [(row["system"], row["settings"]["seed"]) for row in map(json.loads, lines)] == [
        ("gensim", 1),
        ("default", 1),
        ("gensim", 2),
        ("default", 2),
    ]
    assert all(name in section for name in ("processor", "numpy", "gensim"))
    # All is there now: the report alone says the same, and trains nothing.
    assert quality.main(["--report", "--seeds", "2"]) == 0
    assert section in capsys.readouterr().out
    assert quality.ROWS.read_text(encoding="utf-8").splitlines() == lines


def test_both_trainers_are_given_the_same_settings(corpus: quality.Corpus) -> None:
    peer, ours = (task.settings for task in quality.tasks(corpus, ("gensim", "default"), 1))
    assert {name: ours[name] for name in peer} == peer
    assert peer == {**quality.SHARED, "workers": 1, "seed": 1}


def test_a_missing_corpus_is_one_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "tiny.txt").unlink()
    assert quality.main([]) == 2
    error = capsys.readouterr().err
    assert error.startswith("benchmarks.quality: There is no corpus ")
    assert error.count("\n") == 1
