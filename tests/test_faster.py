"""The choice between two ways of doing the same, by the times they took; and racy threads, who choose so how to add."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fastw2v import Settings
from fastw2v.verify.made_batches import duplicates_batch, random_weights

pytest.importorskip("numba")

from fastw2v.engines.numba import engine as numba_engine
from fastw2v.engines.numba import work_queue
from fastw2v.engines.numba.engine import NumbaEngine
from fastw2v.engines.numba.pick_faster import AGAIN, LATEST, Faster
from fastw2v.system import threads


def chosen(ways: Faster, times: int, paces: tuple[float, float]) -> list[int]:
    """Choose so many times, where the ways take what `paces` says."""
    found = []
    for _ in range(times):
        found.append(ways.choose())
        ways.took(found[-1], paces[found[-1]])
    return found


@pytest.mark.parametrize("faster", [0, 1])
def test_both_ways_are_tried_and_then_the_faster_one_is_gone(faster: int) -> None:
    paces = (1.0, 2.0) if faster == 0 else (2.0, 1.0)
    found = chosen(Faster(), AGAIN, paces)
    assert found[: 2 * LATEST] == [0, 1, 1, 0, 0, 1]
    assert set(found[2 * LATEST :]) == {faster}


@pytest.mark.parametrize("way", [0, 1])
def test_times_that_were_held_up_change_nothing(way: int) -> None:
    ways = Faster()
    for number in range(LATEST):
        ways.took(way, 1.0 if number == 1 else 100.0)
        ways.took(1 - way, 2.0)
    assert ways.choose() == way


def test_the_slower_way_is_tried_again_now_and_then_and_gone_once_it_has_become_the_faster() -> None:
    ways = Faster()
    chosen(ways, AGAIN, (1.0, 2.0))
    assert chosen(ways, AGAIN, (1.0, 2.0)) == [1] + [0] * (AGAIN - 1)
    assert chosen(ways, AGAIN, (1.0, 0.5)) == [1] * AGAIN


def test_a_way_that_has_become_slower_is_left_at_once() -> None:
    ways = Faster()
    chosen(ways, 2 * LATEST, (1.0, 2.0))
    assert chosen(ways, 3 * LATEST, (4.0, 2.0)) == [0] * LATEST + [1] * (2 * LATEST)


@pytest.mark.parametrize(("clip", "wanted"), [(0.0, {False, True}), (0.5, {True})])
def test_racy_threads_add_either_way_but_where_clipping_needs_sums(
    clip: float, wanted: set[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    seen, kernel = [], work_queue.train_shared

    def train_shared(*arguments: Any) -> None:
        seen.append(arguments[5].sum_first)
        kernel(*arguments)

    monkeypatch.setattr(numba_engine, "train_shared", train_shared)
    options = Settings(vector_size=40, workers=2, batch_size=8, gradient_clip=clip)
    engine, weights = NumbaEngine(options), random_weights(7, options)
    before = weights.w_in.copy()
    for _ in range(4):
        engine.train(weights, duplicates_batch(options, 60), np.full(8, 0.1))
    assert set(seen) == wanted
    assert not np.array_equal(weights.w_in, before)


def test_racy_threads_are_judged_by_the_time_of_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    clock = SimpleNamespace(perf_counter=itertools.count().__next__)  # a second later whenever it is looked at
    monkeypatch.setattr(numba_engine, "time", clock)
    options = Settings(vector_size=40, workers=2, batch_size=8)
    engine: Any = NumbaEngine(options)
    paces: list[float] = []
    monkeypatch.setattr(engine._adding, "took", lambda _, pace: paces.append(pace))
    blocks = [duplicates_batch(options, count) for count in (16, 60)]
    for block in blocks:
        engine.train(random_weights(7, options), block, np.full(-(-len(block) // 8), 0.1))
    assert paces == [1 / block.pairs for block in blocks]
