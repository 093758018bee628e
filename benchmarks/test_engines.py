"""Small pieces under pytest-benchmark, over the registry: one batch's step, and the plan of an epoch.

Skipped in a normal run of the tests; `pytest benchmarks --benchmark-only` times them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.engines import SETTINGS
from fastw2v import engines
from fastw2v.corpus import reading
from fastw2v.corpus.vocabulary import Preprocessed, preprocess
from fastw2v.engines.weights import initial_weights
from fastw2v.registry import ENGINES
from fastw2v.training.plan import Plan

WORDS = 50_000
CENTRES = 256
RATE = 0.025


@pytest.fixture(scope="module")
def data() -> Preprocessed:
    """Return the beginning of the built-in stories, preprocessed."""
    return preprocess(reading.read(None, SETTINGS, most_tokens=WORDS)[0], SETTINGS)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return each engine of the registry in turn; one that cannot run here is skipped, saying why."""
    name = str(request.param)
    reason = engines.available()[name]
    if reason:
        pytest.skip(f"engine {name} cannot be imported: {reason}")
    return name


def test_step_of_one_batch(benchmark: BenchmarkFixture, engine_name: str, data: Preprocessed) -> None:
    """Time the step of 256 centres; the first call, which compiles, is not timed."""
    settings = dataclasses.replace(SETTINGS, engine=engine_name, batch_size=CENTRES)
    engine, draws = engines.make(settings, data.vocabulary.counts)
    batch = next(Plan(data.stream, settings, draws).blocks(0))[:CENTRES]
    weights = initial_weights(len(data.vocabulary), settings)
    engine.step(weights, batch, RATE)
    loss = benchmark(engine.step, weights, batch, RATE)
    assert np.isfinite(loss)
    assert weights.finite()


def test_plan_of_an_epoch(benchmark: BenchmarkFixture, engine_name: str, data: Preprocessed) -> None:
    """Time the draws of an epoch: kept tokens, windows, noise words."""
    settings = dataclasses.replace(SETTINGS, engine=engine_name)
    plan = Plan(data.stream, settings, engines.make(settings, data.vocabulary.counts)[1])

    def pairs() -> int:
        return sum(block.pairs for block in plan.blocks(0))

    assert pairs() == benchmark(pairs) > 0
