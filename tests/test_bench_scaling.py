"""The scaling benchmark at tiny sizes: its synthetic corpus, its cliffs, what it writes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks import scaling, sweeps
from benchmarks.sweeps import SETTINGS, SWEEPS, Candidate, Row, Sweep, candidates, cliffs, evenness
from benchmarks.zipf import write_tokens, zipf_corpus, zipf_counts
from fastw2v.corpus import reading
from fastw2v.corpus.vocabulary import preprocess
from fastw2v.settings import Settings


def rows(*costs: float) -> list[Row]:
    """Return rows of values 1, 2, ... that cost so many seconds a useful flop."""
    return [
        Row(value, words=1, terms=1, flops=1, seconds=(cost / 2, cost, 9.0))
        for value, cost in enumerate(costs, start=1)
    ]


def printed_without_drawing(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(scaling, "_can_draw", lambda: False)
    return scaling.main(arguments)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "STORY_WORDS", 3_000)
    monkeypatch.setattr(sweeps, "ZIPF_WORDS", 2_000)
    for name, values in {"size": (1_000, 2_000, 4_000), "window": (1, 3), "vocabulary": (30, 500)}.items():
        monkeypatch.setitem(SWEEPS, name, dataclasses.replace(SWEEPS[name], values=values))


@pytest.mark.parametrize(
    ("vocabulary", "tokens", "counts"),
    [(4, 25, [12, 6, 4, 3]), (4, 26, [13, 6, 4, 3]), (3, 3, [1, 1, 1]), (6, 10, [4, 2, 1, 1, 1, 1]), (1, 7, [7])],
)
def test_zipf_counts_are_those_found_by_hand(vocabulary: int, tokens: int, counts: list[int]) -> None:
    assert zipf_counts(vocabulary, tokens).tolist() == counts


def test_zipf_counts_are_in_proportion_to_one_over_rank() -> None:
    counts = zipf_counts(1_000, 500_000)
    ranks = np.arange(1, 1_001)
    assert counts.sum() == 500_000
    np.testing.assert_allclose(counts * ranks / counts[0], 1, atol=0.02)


def test_fewer_tokens_than_words_are_refused() -> None:
    with pytest.raises(ValueError, match="Got 3 tokens for 4 words; 4 would do"):
        zipf_counts(4, 3)


def test_the_synthetic_corpus_has_exactly_the_vocabulary_and_the_counts_asked_for() -> None:
    corpus = zipf_corpus(700, 9_000)
    data = preprocess(corpus, Settings(min_count=1, validation=0))
    assert (corpus.tokens, len(corpus.items), len(data.vocabulary)) == (9_000, 700, 700)
    assert data.vocabulary.counts.tolist() == zipf_counts(700, 9_000).tolist()
    assert (corpus.offsets[0], corpus.offsets[-1]) == (0, 9_000)
    assert np.diff(corpus.offsets).min() > 0


def test_the_order_of_the_synthetic_corpus_is_drawn_from_the_seed() -> None:
    one, same, other = (zipf_corpus(50, 2_000, seed=seed).ids for seed in (1, 1, 2))
    assert one.tolist() == same.tolist() != other.tolist()
    assert one.tolist() != sorted(one.tolist())


def test_a_written_synthetic_corpus_is_read_as_the_same_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.zipf._LINES_AT_ONCE", 2)
    corpus = zipf_corpus(40, 2_700)
    write_tokens(corpus, tmp_path / "text")
    read, _ = reading.read(tmp_path / "text", Settings(tokenizer="whitespace"))
    assert read.offsets.tolist() == corpus.offsets.tolist()
    assert [read.items[i] for i in read.ids] == [corpus.items[i] for i in corpus.ids]


@pytest.mark.parametrize(
    ("costs", "found"),
    [
        ((1.0, 1.3, 1.0), {2: 1.3}),
        ((1.0, 1.25, 1.0), {}),  # not more than 25 %
        ((1.0, 3.0, 2.0), {2: 1.5}),  # over the dearer neighbour
        ((1.0, 2.0, 2.0, 1.0), {}),  # a plateau has no value worse than both
        ((1.0, 1.2, 1.4, 1.6), {}),  # a slope
        ((2.0, 1.0, 1.0, 3.0), {1: 2.0, 4: 3.0}),  # at the ends there is one neighbour
        ((1.0, 1.5, 1.0, 1.5, 1.0), {2: 1.5, 4: 1.5}),
        ((5.0,), {}),
    ],
)
def test_cliffs_are_those_found_by_hand(costs: Sequence[float], found: dict[int, float]) -> None:
    assert cliffs(rows(*costs)) == pytest.approx(found)


def test_figures_of_a_row_are_those_found_by_hand() -> None:
    data = preprocess(zipf_corpus(20, 300), Settings(min_count=1, validation=0))
    trial = Candidate(7, dataclasses.replace(SETTINGS, vector_size=10, negative=4), data)
    row = sweeps.row(trial, pairs=2_000, seconds=(0.5, 0.25, 1.0))
    assert (row.value, row.words, row.terms, row.flops) == (7, 300, 10_000, 600_000)
    assert row.words_per_second.text(0) == "600 [300 - 1200]"
    assert row.term_ns.text(0) == "50000 [25000 - 100000]"
    assert row.gflops.median == pytest.approx(600_000 / 0.5 / 1e9)
    assert row.cost == pytest.approx(0.5 / 600_000)


def test_sizes_within_15_percent_are_told_from_others() -> None:
    even, uneven = rows(1.0, 1.17, 1.0), rows(1.0, 1.19, 1.1)
    assert evenness(even) == pytest.approx(1 / 1.17)
    assert scaling.sweep_text("size", even).endswith("as fast as the fastest; promised: within 15 %: kept.")
    assert scaling.sweep_text("size", uneven).endswith("promised: within 15 %: NOT KEPT.")


def test_a_sweep_of_a_setting_varies_that_setting_alone(tiny: None) -> None:
    for name, sweep in SWEEPS.items():
        if sweep.setting:
            trials = list(candidates(name, quick=True))
            assert [trial.value for trial in trials] == list(sweep.values)
            for trial in trials:
                assert trial.settings == dataclasses.replace(SETTINGS, **{sweep.setting: trial.value})  # type: ignore[arg-type]
                assert trial.data is trials[0].data


def test_sizes_are_beginnings_of_one_text(tiny: None) -> None:
    trials = list(candidates("size", quick=False))
    assert [trial.value for trial in trials] == [1_000, 2_000, 4_000]
    for trial in trials:
        assert trial.value <= trial.data.corpus_tokens < trial.value + 500
        assert trial.settings == SETTINGS
    whole, part = sweeps.stories(4_000), sweeps.first(sweeps.stories(4_000), 1_000)
    assert part.ids.tolist() == whole.ids[: part.tokens].tolist()
    assert part.offsets[-1] == part.tokens


def test_vocabularies_have_the_size_asked_for_and_equal_length(tiny: None) -> None:
    trials = list(candidates("vocabulary", quick=False))
    assert [len(trial.data.vocabulary) for trial in trials] == [30, 500]
    assert [trial.data.corpus_tokens for trial in trials] == [2_000, 2_000]
    assert all(trial.settings == dataclasses.replace(SETTINGS, min_count=1) for trial in trials)


def test_a_tiny_run_prints_a_line_a_value_and_writes_section_and_picture(
    tiny: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("numba")
    pytest.importorskip("matplotlib")
    arguments = ["--only", "vocabulary,window,size", "--rounds", "2", "--output", str(tmp_path)]
    assert scaling.main(arguments) == 0
    printed, written = capsys.readouterr().out, (tmp_path / "RESULTS.md").read_text()
    assert "<!-- scaling -->" in written
    for text in (printed, written):
        for line in ("window", "corpus size, story words", "vocabulary size, synthetic words", "processor", "numba"):
            assert re.search(rf"^{line} ", text, re.MULTILINE)
        assert "python -m benchmarks.scaling --only vocabulary,window,size --rounds 2" in text
        for value in ("1", "3", "1,000", "2,000", "4,000", "30", "500"):
            assert len(re.findall(rf"^{value} +[\d,]+ +[\d,]+ - [\d,]+ +[\d.]+ ", text, re.MULTILINE)) == 1
        assert "within 15 %" in text
        assert "Cliffs: values that cost over 25% more a useful flop" in text
    assert (tmp_path / "results" / "scaling.png").read_bytes().startswith(b"\x89PNG")
    assert "](results/scaling.png)" in written


def test_a_part_is_written_only_where_asked(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scaling, "HERE", tmp_path)
    monkeypatch.setattr(scaling, "measure", lambda *_: rows(1.0, 1.0))
    assert printed_without_drawing(monkeypatch, "--only", "window") == 0
    assert printed_without_drawing(monkeypatch, "--quick") == 0
    assert list(tmp_path.iterdir()) == []
    assert printed_without_drawing(monkeypatch) == 0
    assert "## Scaling" in (tmp_path / "RESULTS.md").read_text()
    assert "the picture is skipped: matplotlib is not installed" in capsys.readouterr().out


def test_an_interruption_keeps_the_parts_that_are_done(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(trials: Sequence[Candidate], *_: object) -> list[Row]:
        if trials[0].settings.window == 1:
            raise KeyboardInterrupt
        return rows(1.0, 1.0, 1.0)

    monkeypatch.setattr(scaling, "measure", measure)
    code = printed_without_drawing(monkeypatch, "--only", "size,window,negative", "--output", str(tmp_path))
    assert code == 130
    assert "Interrupted: 1 of 3 parts are done and kept." in capsys.readouterr().err
    written = (tmp_path / "RESULTS.md").read_text()
    assert "Interrupted: what is missing was not measured." in written
    assert "corpus size, story words" in written
    assert "noise words K" not in written


def test_a_cliff_is_listed_with_its_reason_or_as_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "EXPLAINED", {("window", 2): "Tiles of 7 waste 1 in 8."})
    steep = rows(1.0, 1.5, 1.0)
    lines = scaling.cliffs_text({"window": steep, "negative": steep, "d": rows(1.0, 1.0)}).splitlines()[1:]
    assert lines == [
        "- window 2: 1.50 times. Tiles of 7 waste 1 in 8.",
        "- noise words K 2: 1.50 times. NOT EXPLAINED YET.",
    ]
    assert scaling.cliffs_text({"d": rows(1.0, 1.0)}).endswith("each neighbour: none.")


def test_reasons_are_of_values_that_are_tried() -> None:
    assert [key for key in scaling.EXPLAINED if key[1] not in SWEEPS[key[0]].values] == []


def test_the_picture_has_two_panels_a_sweep_and_marks_cliffs() -> None:
    pytest.importorskip("matplotlib")
    figure = scaling.picture({"window": rows(1.0, 1.5, 1.0), "batch": rows(1.0, 1.0)})
    assert len(figure.axes) == 4
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel() in ("million words/s", "useful Gflop/s")
        assert axes.get_ylim()[0] == 0
    marked = [[len(line.get_xdata()) for line in axes.lines if line.get_marker() == "s"] for axes in figure.axes]  # type: ignore[arg-type]
    assert marked == [[], [1], [], [0]]


@pytest.mark.parametrize(
    ("value", "shown"), [(50, "50"), (1024, "1024"), (16_384, "16384"), (30_000, "30k"), (32_000_000, "32M")]
)
def test_values_are_shortened_where_nothing_is_lost(value: int, shown: str) -> None:
    assert scaling._short(value) == shown


def test_what_is_not_a_sweep_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        scaling.main(["--only", "window,colour"])
    assert refused.value.code == 2
    assert "Got 'colour'" in capsys.readouterr().err


def test_sweeps_are_ascending_and_hold_the_defaults() -> None:
    for sweep in SWEEPS.values():
        assert list(sweep.values) == sorted(set(sweep.values))
        if sweep.setting:
            assert getattr(SETTINGS, sweep.setting) in sweep.values
    assert Sweep("a title", (1,)).setting == ""
