"""The report says what was measured, marks every promise that is not kept, and leaves no losing case out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks import compare
from fastw2v.bench import candidates as timed
from fastw2v.bench import report
from fastw2v.bench.candidates import Candidate, Material
from fastw2v.bench.comparison import SETTINGS, Comparison
from fastw2v.bench.promises import USEFUL_OPERATIONS, cores_gain, losing, promised, ratio, useful_share
from fastw2v.bench.results import Results, Row, Timing
from fastw2v.bench.sections import read_section, write_section
from fastw2v.errors import DataError, UsageError

# Seconds of two rounds. By hand: gensim takes 8 and 9 times ours, 8.5 at the median; and so on.
SECONDS = {
    timed.MATRIX: [0.5, 0.5],
    timed.MATRIX_2: [0.5, 1.0],
    timed.OURS: [1.0, 2.0],
    timed.RACY: [0.5, 1.0],
    timed.DETERMINISTIC: [0.625, 1.25],
    timed.PER_PAIR: [2.0, 4.0],
    timed.GENSIM: [8.0, 18.0],
    timed.GENSIM_2: [4.0, 8.0],
    timed.WHOLE_OURS: [3.0, 3.0],
    timed.WHOLE_GENSIM: [9.0, 12.0],
}
KINDS = {
    timed.MATRIX: timed.PRODUCT,
    timed.MATRIX_2: timed.PRODUCT,
    timed.WHOLE_OURS: timed.WHOLE,
    timed.WHOLE_GENSIM: timed.WHOLE,
}
FLOPS = {timed.MATRIX: 100.0, timed.MATRIX_2: 200.0, timed.OURS: 120.0}


def comparison(seconds: Mapping[str, Sequence[float]], name: str = "tinystories.txt") -> Comparison:
    """Return a comparison with these times; each run's name tells what it is."""
    results = Results({"command": "a command"})
    for candidate, times in seconds.items():
        for number, one in enumerate(times, start=1):
            results.append(Row(one, 0.25, FLOPS.get(candidate, 0.0), candidate=candidate, round=number))
    chosen = [
        Candidate(
            one,
            KINDS.get(one, timed.TRAINING),
            one.startswith("fastw2v"),
            2 if "2 workers" in one else 1,
            Timing,
        )
        for one in seconds
    ]
    material = Material(None, Path(), (), SETTINGS, Path())  # type: ignore[arg-type]
    corpus = {"name": name, "words": 1000, "documents": 10, "vocabulary": 50, "longest_document": 2000}
    return Comparison(material, chosen, results, corpus, cold=True)


def changed(**seconds: Sequence[float]) -> Comparison:
    names = {name: getattr(timed, name) for name in seconds}
    return comparison({**SECONDS, **{names[name]: times for name, times in seconds.items()}})


def lost(one: Comparison) -> list[str]:
    return losing(one.results, one.candidates, "tinystories")


def test_ratios_are_taken_within_rounds() -> None:
    results = comparison(SECONDS).results
    assert ratio(results, timed.OURS, timed.GENSIM) == [8.0, 9.0]
    assert ratio(results, timed.GENSIM, timed.OURS) == [1 / 8, 1 / 9]


def test_a_round_that_only_one_of_two_finished_has_no_ratio() -> None:
    results = changed(GENSIM=[8.0]).results
    assert ratio(results, timed.OURS, timed.GENSIM) == [8.0]
    assert ratio(results, timed.OURS, "no such candidate") == []


def test_useful_operations_are_a_share_of_the_products() -> None:
    assert useful_share(comparison(SECONDS).results) == [120 / 1 / (100 / 0.5), 120 / 2 / (100 / 0.5)]


def test_what_a_second_core_gains_is_said_where_it_was_measured() -> None:
    assert cores_gain(comparison(SECONDS).results) == [200 / 0.5 / (100 / 0.5), 200 / 1.0 / (100 / 0.5)]
    assert "Two cores at once do 1.50 [1.00 - 2.00] times the products of one" in report.whole(comparison(SECONDS))
    assert "Two cores" not in report.whole(comparison({name: SECONDS[name] for name in (timed.MATRIX, timed.OURS)}))


def test_every_promise_is_judged_on_its_median() -> None:
    one = comparison(SECONDS)
    found = {(each.faster, each.slower): each for each in promised(one.results, one.candidates, "tinystories")}
    assert {pair: (each.spread.median, each.promised, each.kept) for pair, each in found.items()} == {
        (timed.OURS, timed.GENSIM): (8.5, 8, True),
        (timed.RACY, timed.OURS): (2, 1.7, True),
        (timed.RACY, timed.GENSIM_2): (8, 7, True),
        (timed.DETERMINISTIC, timed.OURS): (1.6, 1.4, True),
        (timed.PER_PAIR, timed.GENSIM): (4.25, 3, True),
        (USEFUL_OPERATIONS, timed.MATRIX): (pytest.approx(0.45), 0.5, False),
    }


def test_wikipedia_is_promised_more() -> None:
    one = comparison(SECONDS, "wiki.txt")
    (found,) = (
        each
        for each in promised(one.results, one.candidates, "wiki")
        if each.slower == timed.GENSIM and each.faster == timed.OURS
    )
    assert (found.promised, found.kept) == (9, False)


def test_two_deterministic_workers_are_judged_against_our_fastest_worker_of_any_mode() -> None:
    one = changed(PER_PAIR=[0.5, 0.5])
    (found,) = (each for each in promised(one.results, one.candidates, "") if each.faster == timed.DETERMINISTIC)
    assert (found.slower, found.by_round, found.kept) == (timed.PER_PAIR, [0.8, 0.4], False)


def test_promises_of_what_was_not_timed_are_not_judged() -> None:
    one = comparison({timed.OURS: [1.0]})
    assert promised(one.results, one.candidates, "tinystories") == []


def test_slower_modes_of_ours_and_promises_not_kept_are_losing_cases() -> None:
    assert lost(comparison(SECONDS)) == [
        f"{USEFUL_OPERATIONS} / {timed.MATRIX}: 0.45 [0.30 - 0.60]; promised >= 0.5: NOT KEPT.",
        f"{timed.DETERMINISTIC}: {timed.RACY} is 1.25 [1.25 - 1.25] times as fast.",
        f"{timed.PER_PAIR}: {timed.OURS} is 2.00 [2.00 - 2.00] times as fast.",
    ]


def test_a_faster_peer_is_a_losing_case_of_every_mode_it_beats() -> None:
    lines = lost(changed(GENSIM=[1.5, 3.0]))
    assert f"{timed.PER_PAIR}: {timed.GENSIM} is 1.33 [1.33 - 1.33] times as fast." in lines
    assert not [line for line in lines if line.startswith(f"{timed.OURS}: ")]


def test_more_workers_of_a_peer_do_not_count_against_one_of_ours() -> None:
    lines = lost(changed(GENSIM_2=[0.75, 1.5]))
    assert [line for line in lines if f"{timed.GENSIM_2} is" in line] == []
    assert [line for line in lost(changed(GENSIM_2=[0.25, 0.25])) if f"{timed.GENSIM_2} is" in line] == [
        f"{timed.RACY}: {timed.GENSIM_2} is 3.00 [2.00 - 4.00] times as fast.",
        f"{timed.DETERMINISTIC}: {timed.GENSIM_2} is 3.75 [2.50 - 5.00] times as fast.",
    ]


def test_two_workers_slower_than_one_are_a_losing_case() -> None:
    assert f"{timed.RACY}: {timed.OURS} is 2.00 [2.00 - 2.00] times as fast." in lost(changed(RACY=[2.0, 4.0]))


def test_a_faster_whole_program_is_a_losing_case() -> None:
    expected = f"{timed.WHOLE_OURS}: {timed.WHOLE_GENSIM} is 3.00 [3.00 - 3.00] times as fast."
    assert expected in lost(changed(WHOLE_GENSIM=[1.0, 1.0]))


def test_the_report_has_speeds_spread_ratios_promises_and_losing_cases() -> None:
    text = report.whole(comparison(SECONDS))
    # 1,000 words, 5 epochs, 1 and 2 seconds; gensim 8 and 18.
    lines = {line.split("  ")[0]: " ".join(line.split()) for line in text.splitlines()}
    assert lines[timed.OURS] == "fastw2v, 1 worker 3,750 2,500 - 5,000"
    assert lines[timed.GENSIM] == "gensim, 1 worker 451 278 - 625 8.50 [8.00 - 9.00] x"
    assert lines[timed.WHOLE_GENSIM] == "gensim, text to vectors 10.5 9.0 - 12.0 3.50 [3.00 - 4.00] x"
    assert "45.0 [30.0 - 60.0] %" in text
    assert "promised >= 8: kept" in text
    assert "promised >= 0.5: NOT KEPT" in text
    assert "2 complete rounds" in text
    assert lost(comparison(SECONDS))[0] in text.partition("Losing cases")[2]


def test_without_losing_cases_the_report_says_none() -> None:
    one = comparison({timed.OURS: [1.0], timed.GENSIM: [10.0]})
    assert report.NO_LOSS in report.whole(one)
    assert report.NO_LOSS in report.summary([one])


def test_an_interrupted_comparison_is_shown_with_what_it_has() -> None:
    one = comparison({**SECONDS, timed.GENSIM: [], timed.OURS: [1.0]})
    text = report.whole(one)
    assert "0 complete rounds" in text
    assert any(line.split() == ["gensim,", "1", "worker", "-", "-", "-"] for line in text.splitlines())


@pytest.mark.parametrize(("longest", "noted"), [(10_001, True), (10_000, False)])
def test_documents_that_a_peer_cuts_are_noted(longest: int, noted: bool) -> None:
    one = comparison(SECONDS)
    one = dataclasses.replace(one, corpus={**one.corpus, "longest_document": longest})
    assert (
        f"gensim cuts documents after 10,000 words; the longest here has {longest:,}." in report.whole(one)
    ) == noted


def test_it_is_said_whether_the_text_was_cold() -> None:
    one = comparison(SECONDS)
    assert "The text was out of the page cache" in report.whole(one)
    assert "could not be dropped" in report.whole(dataclasses.replace(one, cold=False))


def test_the_summary_has_every_text_and_every_losing_case() -> None:
    both = [comparison(SECONDS), comparison({**SECONDS, "other, 1 worker": [20.0, 20.0]}, "wiki.txt")]
    text = report.summary(both)
    assert "other, 1 worker" in text
    for one in both:
        for line in losing(one.results, one.candidates, report.slug(one)):
            assert f"- {report.slug(one)}: {line}" in text


def test_what_a_program_may_read_has_rows_promises_and_losing_cases() -> None:
    found = report.as_json(comparison(SECONDS))
    assert found["command"] == "a command"
    assert len(found["rows"]) == 20
    assert [one["kept"] for one in found["promised"]] == [True] * 5 + [False]
    assert found["losing"] == lost(comparison(SECONDS))


def test_a_section_is_replaced_and_the_rest_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    for name, text in (("one", "first"), ("two", "second\n"), ("one", "third\n\nfourth")):
        write_section(path, name, text)
    assert path.read_text() == (
        "# Results\n\n<!-- one -->\nthird\n\nfourth\n<!-- /one -->\n\n<!-- two -->\nsecond\n<!-- /two -->\n"
    )
    assert read_section(path, "one") == "third\n\nfourth"
    assert read_section(path, "three") is None
    assert read_section(tmp_path / "none.md", "one") is None


def test_a_section_without_an_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "torn.md").write_text("<!-- one -->\ntext\n")
    with pytest.raises(DataError, match=r"<!-- one --> has no end"):
        write_section(tmp_path / "torn.md", "one", "new")
    assert (tmp_path / "torn.md").read_text() == "<!-- one -->\ntext\n"


def test_the_summary_can_be_read_out_of_the_report(tmp_path: Path) -> None:
    one = comparison(SECONDS)
    write_section(tmp_path / "RESULTS.md", "speed", report.markdown([one], "a command"))
    assert read_section(tmp_path / "RESULTS.md", report.SUMMARY) == report.summary([one])
    (tmp_path / "page.md").write_text("before\n\n<!-- speed table -->\nold\n<!-- /speed table -->\n\nafter\n")
    compare.write_page(tmp_path / "RESULTS.md", tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text()
    assert report.summary([one]) in text
    assert "old" not in text
    assert (text.startswith("before\n"), text.endswith("\nafter\n")) == (True, True)


def test_a_page_needs_results(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="python -m benchmarks"):
        compare.write_page(tmp_path / "RESULTS.md", tmp_path / "page.md")


def test_the_page_of_performance_has_the_table_of_the_results() -> None:
    table = read_section(compare.HERE / "RESULTS.md", report.SUMMARY)
    assert table is not None
    assert read_section(compare.PAGE, report.SUMMARY) == table
