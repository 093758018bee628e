"""Timing in alternation, ratios within rounds, and operations counted: checked by hand."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from fastw2v.bench import flops
from fastw2v.bench.candidates import MATRIX, MATRIX_2, OURS, PER_PAIR, PRODUCT, Material, candidates
from fastw2v.bench.comparison import SETTINGS
from fastw2v.bench.programs import output_of
from fastw2v.bench.rounds import WARM_UP, Ratio, Spread, alternate, label, without_warnings
from fastw2v.corpus import reading
from fastw2v.engines import make
from fastw2v.errors import TrainingError
from fastw2v.training import preparation
from fastw2v.training.plan import Plan


def test_a_spread_is_the_median_with_smallest_and_largest() -> None:
    assert Spread.of([5.0, 1.0, 2.0]) == Spread(2, 1, 5)
    assert Spread.of([4.0, 1.0]).text(2) == "2.50 [1.00 - 4.00]"


def test_a_ratio_is_kept_when_its_median_reaches_the_promise() -> None:
    kept, missed = (Ratio("a", "b", [9.0, 1.0, 2.0], promised) for promised in (2.0, 2.01))
    assert kept.kept
    assert kept.text == "a / b: 2.00 [1.00 - 9.00]; promised >= 2: kept"
    assert not missed.kept
    assert missed.text.endswith("promised >= 2.01: NOT KEPT")


def test_every_round_has_all_candidates_after_one_to_warm_up() -> None:
    assert list(alternate("ab", 2)) == [(WARM_UP, ["a", "b"]), (1, ["a", "b"]), (2, ["a", "b"])]
    assert [label(number, 2) for number, _ in alternate("ab", 2)] == ["warming up", "round 1 of 2", "round 2 of 2"]


def test_what_is_done_is_neither_timed_nor_warmed_up_again() -> None:
    done = {("a", 1), ("b", 1), ("a", 2), ("a", 3)}
    assert list(alternate("ab", 3, lambda one, at: (one, at) in done)) == [(WARM_UP, ["b"]), (2, ["b"]), (3, ["b"])]
    assert list(alternate("ab", 1, lambda one, at: (one, at) in done)) == []


def test_warnings_of_the_package_are_held_back_and_come_back() -> None:
    package = logging.getLogger("fastw2v")
    before = package.level
    with without_warnings():
        assert not package.isEnabledFor(logging.WARNING)
    assert package.level == before


def test_a_term_is_a_score_and_two_updates() -> None:
    """In one dimension, for a word c and another o: the product of the score and its sum, then two of each."""
    one_term = dataclasses.replace(SETTINGS, vector_size=1, negative=1)
    assert flops.useful_flops(1, one_term) == 2 * (2 + 2 + 2)
    assert flops.useful_flops(3, SETTINGS) == 3 * 6 * 6 * 100


def test_the_matrix_product_is_given_one_thread_of_every_blas(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, str] = {}

    def output_of(_name: str, command: list[str], more: dict[str, str]) -> str:
        assert command[-1] == "2"
        threads.update(more)
        return "0.25\n"

    monkeypatch.setattr(flops, "output_of", output_of)
    assert flops.product_seconds(2) == 0.25
    assert {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"} <= set(threads)
    assert set(threads.values()) == {"1"}


def test_what_a_program_says_is_not_shown_unless_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    """As a traceback where Ctrl-C, or that nobody reads it any more, ends it."""
    script = "import sys; print(7); print('oh', file=sys.stderr); sys.exit({})"
    assert output_of("seven", [sys.executable, "-c", script.format(0)]) == "7\n"
    assert capfd.readouterr() == ("", "")
    with pytest.raises(TrainingError, match=r"^seven failed: oh$"):
        output_of("seven", [sys.executable, "-c", script.format(1)])


def test_a_program_is_ended_where_we_are_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[str]] = []

    def interrupted(process: subprocess.Popen[str]) -> None:
        begun.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        output_of("a nap", [sys.executable, "-c", "import time; time.sleep(2)"])
    assert begun[0].returncode not in (None, 0)  # neither at work nor at its end by itself


@pytest.fixture(scope="module")
def material(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    data = preparation.prepare(*reading.read([text], SETTINGS), SETTINGS).preprocessed
    folder = tmp_path_factory.mktemp("material")
    return Material(data, folder / "documents.txt", (text,), SETTINGS, folder)


def test_a_run_counts_the_operations_of_the_pairs_it_trained(material: Material) -> None:
    ours = next(one for one in candidates(material, with_peers=False) if one.name == OURS)
    plan = Plan(material.data.stream, SETTINGS, make(SETTINGS, material.data.vocabulary.counts)[1])
    pairs = sum(block.pairs for epoch in range(2) for block in plan.blocks(epoch))
    timing = ours.run(2)
    assert timing.flops == flops.useful_flops(pairs, SETTINGS)
    assert timing.seconds > 0


def test_products_count_their_own_operations(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastw2v.bench.candidates.processors", lambda: 2)
    products = [one for one in candidates(material, with_peers=False) if one.kind == PRODUCT]
    assert [(one.name, one.workers) for one in products] == [(MATRIX, 1), (MATRIX_2, 2)]
    timings = [one.run(1) for one in products]
    assert [timing.flops for timing in timings] == [2 * 1024 * 1024 * 1024, 4 * 1024 * 1024 * 1024]
    assert all(timing.seconds > 0 for timing in timings)


def test_more_workers_than_cores_are_left_out(material: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastw2v.bench.candidates.processors", lambda: 1)
    alone = candidates(material)
    assert {one.workers for one in alone} == {1}
    assert {OURS, PER_PAIR, MATRIX} <= {one.name for one in alone}
    monkeypatch.setattr("fastw2v.bench.candidates.processors", lambda: 2)
    assert {one.workers for one in candidates(material)} == {1, 2}
