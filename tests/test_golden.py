"""Traces of ten steps, kept in files: whatever changes, every engine still comes to these losses.

`golden/make_golden.py` wrote the files from the oracle and says when they may be written anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Settings, engines
from fastw2v.corpus.encoded import encode
from fastw2v.corpus.vocabulary import preprocess
from fastw2v.engines.weights import initial_weights
from fastw2v.objectives.logistic import STEP_LIMIT
from fastw2v.objectives.negative_sampling import sharers
from fastw2v.registry import ENGINES
from fastw2v.training.plan import Plan
from fastw2v.training.schedule import learning_rates

FOLDER = Path(__file__).resolve().parent / "golden"
NAMES = list(ENGINES)
RUNS = ("ten_steps", "ten_steps_grouped")


@cache
def stored(run: str = RUNS[0]) -> dict[str, Any]:
    contents: dict[str, Any] = json.loads((FOLDER / f"{run}.json").read_text(encoding="utf-8"))
    return contents


def check(trace: dict[str, Any], wanted: dict[str, Any], limit: float) -> None:
    for name in ("losses", "learning_rates", "epoch_loss", "sum_of_squares"):
        assert trace[name] == pytest.approx(wanted[name], rel=limit), name
    # The sum cancels: judged beside the weights' length.
    assert trace["sum"] == pytest.approx(wanted["sum"], abs=limit * wanted["sum_of_squares"])


def traced(name: str, dtype: Any, run: str = RUNS[0]) -> dict[str, Any]:
    """The trace of an engine over a file's documents."""
    options = Settings(**stored(run)["settings"], engine=name, dtype=dtype, validation=0)
    data = preprocess(encode([document.split() for document in stored(run)["documents"]]), options)
    engine, draws = engines.make(options, data.vocabulary.counts)
    weights = initial_weights(len(data.vocabulary), options)
    losses: list[float] = []
    rates: list[float] = []
    pairs = 0
    for block in Plan(data.stream, options, draws).blocks(0):
        block_rates = learning_rates(options, 0, block.positions[:: options.batch_size], len(data.stream))
        losses += engine.train(weights, block, block_rates).tolist()
        rates += block_rates.tolist()
        pairs += block.pairs
    both = np.concatenate((weights.input_vectors, weights.output_vectors)).astype(np.float64)
    return {
        "losses": losses[:10],
        "learning_rates": rates[:10],
        "epoch_loss": sum(losses) / pairs,
        "sum": float(both.sum()),
        "sum_of_squares": float((both**2).sum()),
    }


# float32: measured 1e-7; the rounding of ten steps and of sums over some hundred terms.
@pytest.mark.parametrize(("dtype", "limit"), [("float64", 1e-11), ("float32", 1e-6)])
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", NAMES)
def test_the_first_ten_steps_have_the_stored_losses(name: str, run: str, dtype: str, limit: float) -> None:
    check(traced(name, dtype, run), stored(run), limit)


def test_eight_centres_share_noise_words_in_the_second_run() -> None:
    options = Settings(**stored("ten_steps_grouped")["settings"])
    assert (options.noise, sharers(options)) == ("grouped", 8)
    assert len(stored("ten_steps_grouped")["losses"]) == 10


def test_the_stored_trace_is_that_of_a_run_that_learns_and_meets_the_step_limit() -> None:
    losses, settings = stored()["losses"], stored()["settings"]
    assert len(losses) == 10
    assert stored()["step_limit"] == STEP_LIMIT
    # The first step sees log 2 a term, up to three terms a pair; ten steps later the mean is lower.
    assert stored()["epoch_loss"] < 0.97 * 3 * 0.6931
    # At the first rate a row is held back from so few terms on; a batch's windows have far more of a frequent word.
    assert STEP_LIMIT / settings["alpha"] < 4


def test_the_script_writes_the_stored_traces(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "make_golden.py"), str(tmp_path)], check=True)
    for run in RUNS:
        again, kept = json.loads((tmp_path / f"{run}.json").read_text(encoding="utf-8")), stored(run)
        same = ("documents", "settings", "step_limit")
        assert {name: again[name] for name in same} == {name: kept[name] for name in same}
        # Another machine's exp may differ in the last place.
        check(again, kept, 1e-12)


@pytest.mark.parametrize("change", [{"seed": 1}, {"batch_size": 17}, {"noise": "per-pair"}, {"alpha": 0.5001}])
def test_a_trace_of_another_run_is_seen(change: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {**stored(), "settings": {**stored()["settings"], **change}}
    wanted = stored()
    monkeypatch.setattr(sys.modules[__name__], "stored", lambda _: changed)
    with pytest.raises(AssertionError):
        check(traced("numpy", "float64"), wanted, 1e-6)
