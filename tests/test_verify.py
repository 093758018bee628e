"""`verify` holds on right engines, and fails where one is broken: each guard is shown the fault it is for."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pairs import pair_arrays

from fastw2v import Fastw2vError, Settings, engines
from fastw2v.cli.app import run
from fastw2v.engines import numpy_engine, reference
from fastw2v.engines.base import Gradients, RowGradients
from fastw2v.registry import ENGINES
from fastw2v.stories import generate
from fastw2v.training.preparation import Prepared
from fastw2v.verify import checks as verify_checks
from fastw2v.verify import tolerances
from fastw2v.verify.checks import Check
from fastw2v.verify.made_batches import duplicates_batch


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same checks on a smaller slice, so that they can be run often."""
    less = {"REFERENCE_TERMS": 4_000, "DRAWN_POSITIONS": 10_000, "MOVED_COLUMNS": 3, "SCORES": 41}
    for name, number in less.items():
        monkeypatch.setattr(verify_checks, name, number)


@cache
def prepared(**changes: Any) -> Prepared:
    return verify_checks.prepare(None, Settings(limit="100kB", **changes))


def checks(**changes: Any) -> list[Check]:
    return list(verify_checks.verify(prepared(**changes), Settings(limit="100kB", **changes)))


def failing(**changes: Any) -> list[str]:
    return [check.what for check in checks(**changes) if not check.passed]


# ----------------------------------------------------------------------------------------------------- what is right


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"noise": "per-pair", "shrink_windows": False, "window": 2},
        {"dtype": "float64", "workers": 3, "deterministic": True},
        {"gradient_clip": 0.01, "sigmoid_clip": 0.5, "schedule": "exponential"},
        {"vector_size": 1, "batch_size": 1, "negative": 1, "epochs": 1},
        {"sample": 0.0, "validation": 0, "min_count": 1, "init": "he", "alpha": 0.5},
        {"batch_size": 2**20, "epochs": 30, "early_stopping": 1, "engine": "numpy"},
    ],
    ids=lambda changes: " ".join(changes) or "defaults",
)
def test_every_check_holds_whatever_the_settings(changes: dict[str, Any]) -> None:
    found = checks(**changes)
    assert [check for check in found if not check.passed] == []
    assert len(found) > 20


def test_every_engine_and_both_classes_of_equality_are_checked() -> None:
    found = checks()
    for name in ENGINES:
        assert any(check.what.startswith(f"{name}: ") for check in found)
    assert {check.equality for check in found} == {"bit for bit", "within rounding"}
    assert all(check.limit == 0 for check in found if check.equality == "bit for bit")
    assert all(0 < check.limit < 1e-3 for check in found if check.equality == "within rounding")
    assert len({check.what for check in found}) == len(found)


def test_each_dtype_is_judged_by_its_own_rounding() -> None:
    assert tolerances.rounding("float32", 100) == 400 * 2.0**-23
    assert tolerances.rounding("float64", 100) == 400 * 2.0**-52


def test_the_batch_of_duplicates_has_every_kind_of_them() -> None:
    for noise in ("grouped", "shared", "per-pair"):
        inputs, outputs, words = pair_arrays(duplicates_batch(Settings(noise=noise, negative=3)))
        assert len(np.unique(inputs)) < len(inputs)
        assert len(np.unique(outputs)) < len(outputs)
        assert (words[:, 0] == words[:, -1]).any()
        assert (words == outputs[:, None]).any()
        assert (words[0] == outputs[0]).all()


def test_only_the_first_tokens_of_a_large_corpus_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_checks, "READ_TOKENS", 5_000)
    assert 5_000 <= verify_checks.prepare(None, Settings()).preprocessed.tokens_read < 6_000


# ------------------------------------------------------------------------------------------------------ broken engines


def turned(probability: Any, label: Any) -> Any:
    """The sign of the noise words' derivative, turned."""
    return (probability - label) * (2 * label - 1)


def test_a_turned_sign_in_the_objective_fails_against_central_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    """All interpreted engines call one objective: they agree with each other, and only the mathematics can tell."""
    for module in (reference, numpy_engine):
        monkeypatch.setattr(module, "score_derivative", turned)
    failed = failing()
    assert "objective: gradient of W_in against central differences" in failed
    assert "objective: gradient of W_out against central differences" in failed
    assert "numpy: score derivatives, float64" in failed
    assert "reference: score derivatives, float64" in failed


def test_a_turned_sign_in_one_engine_fails_that_engine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_engine, "score_derivative", turned)
    failed = failing()
    assert [what for what in failed if not what.startswith("numpy: ")] == []
    for what in (
        "score derivatives",
        "gradients with forced",
        "step with forced",
        "gradients of your text",
        "whole run",
    ):
        assert any(f"numpy: {what}" in line for line in failed), what


def last_one_wins(words: npt.NDArray[np.int32], vectors: npt.NDArray[Any]) -> RowGradients:
    """The fault that NumPy's `sums[place] += vectors` is: of equal places the last one wins."""
    rows, place, terms = np.unique(words, return_inverse=True, return_counts=True)
    sums = np.zeros((len(rows), vectors.shape[1]), dtype=vectors.dtype)
    sums[place] += vectors
    return RowGradients(rows.astype(np.int64), sums, terms.astype(np.int64))


def test_lost_duplicates_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_engine, "_sum_rows", last_one_wins)
    failed = failing()
    assert [what for what in failed if not what.startswith("numpy: ")] == []
    # Neither the objective nor the derivative of a single pair can show it.
    assert not any("score derivatives" in what for what in failed)
    for what in ("gradients with forced", "step with forced", "gradients of your text", "whole run"):
        assert any(f"numpy: {what}" in line for line in failed), what


def numba_classes() -> list[type]:
    """The numba engine and its draws, from wherever the registry says they are."""
    places = [place.split(":") for place in ENGINES["numba"]]
    return [getattr(importlib.import_module(module), name) for module, name in places]


def wrapped(method: str, fault: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the numba engine's method go through `fault(right, engine, *arguments)`."""
    engine = numba_classes()[0]
    right = getattr(engine, method)
    monkeypatch.setattr(engine, method, lambda *arguments: fault(right, *arguments))


def lost_row(right: Any, *arguments: Any) -> Gradients:
    found: Gradients = right(*arguments)
    terms = found.w_out.terms
    sums = found.w_out.sums.copy()
    if len(terms) and terms.max() > 1:
        sums[terms.argmax()] *= 1 - 1 / terms.max()
    return replace(found, w_out=replace(found.w_out, sums=sums))


def test_one_lost_term_of_the_numba_engine_s_gradients_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped("gradients", lost_row, monkeypatch)
    failed = failing()
    assert failed
    assert [what for what in failed if not what.startswith("numba: gradients")] == []
    assert {"grouped", "shared", "per-pair"} == {what.split()[-2] for what in failed if "forced" in what}


def test_a_wrong_step_of_the_numba_engine_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped("step", lambda right, self, weights, batch, rate: right(self, weights, batch, 1.01 * rate), monkeypatch)
    failed = failing()
    assert [what for what in failed if not what.startswith("numba: ")] == []
    for what in ("step with forced", "whole run, step by step", "whole run, free running"):
        assert any(what in line for line in failed), what


def test_a_wrong_loss_of_the_numba_engine_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(right: Any, *arguments: Any) -> Gradients:
        found: Gradients = right(*arguments)
        return replace(found, loss=2 * found.loss)

    wrapped("gradients", doubled, monkeypatch)
    failed = failing()
    assert failed == ["numba: loss of your text, float32", "numba: loss of your text, float64"]


def test_workers_whose_number_changes_the_result_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def train(right: Any, self: Any, weights: Any, block: Any, rates: Any) -> Any:
        return right(self, weights, block, rates * (1 + 1e-6 * self.settings.workers))

    wrapped("train", train, monkeypatch)
    failed = failing(dtype="float64")
    assert failed
    assert [what for what in failed if not what.startswith("numba: workers 1 and 4, deterministic")] == []


@pytest.mark.parametrize("method", ["keep", "radius", "noise"])
def test_a_wrong_draw_of_the_numba_engine_fails(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draws = numba_classes()[1]
    right = getattr(draws, method)

    def drawn(self: Any, first: Any, epoch: int, *rest: Any) -> Any:
        found = right(self, first, epoch, *rest)
        if method == "keep":
            return found[1:]
        found = found.copy()
        found.flat[0] = found.flat[0] % 2 + 1
        return found

    monkeypatch.setattr(draws, method, drawn)
    assert failing() == ["numba: kept tokens, windows and noise words of your text"]


def test_draws_that_end_early_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_checks, "DRAWN_POSITIONS", 10**6)
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 4_000)
    draws = numba_classes()[1]
    right = draws.keep  # type: ignore[attr-defined]

    def keep(self: Any, ids: Any, epoch: int, start: int) -> Any:
        return right(self, ids, epoch, start)[: 0 if start > 8_000 else None]

    monkeypatch.setattr(draws, "keep", keep)
    assert failing() == ["numba: kept tokens, windows and noise words of your text"]


def test_nan_is_a_failure_wherever_it_comes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Check("x", "bit for bit", math.nan, 1.0).passed
    assert Check("x", "bit for bit", math.nan, 1.0).as_dict()["deviation"] is None

    def poisoned(words: npt.NDArray[np.int32], vectors: npt.NDArray[Any]) -> RowGradients:
        found = right(words, vectors)
        found.sums[-1, -1] = np.nan
        return found

    right = numpy_engine._sum_rows
    monkeypatch.setattr(numpy_engine, "_sum_rows", poisoned)
    failed = failing()
    for what in (
        "gradients with forced",
        "step with forced",
        "gradients of your text",
        "whole run, step",
        "whole run, free",
    ):
        assert any(f"numpy: {what}" in line for line in failed), what


# ------------------------------------------------------------------------------------------------------- the command


def test_the_command_shows_fail_names_the_first_and_exits_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(numpy_engine, "_sum_rows", last_one_wins)
    assert run(["verify", "--limit", "100kB"]) == 1
    shown = capsys.readouterr().out
    rows = [line for line in shown.splitlines() if line.startswith("│")]
    bad = [row for row in rows if "FAIL" in row]
    assert bad
    assert all(row.split("│")[1].strip().startswith("numpy: ") for row in bad)
    assert (
        f"{len(bad)} of {len(failing()) + sum(' ok ' in row for row in rows)} checks FAILED; the first: numpy: "
        in shown
    )


def test_a_check_that_fails_is_in_the_json_and_exits_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = Check("numpy: draws", "bit for bit", 1.0, 0.0)
    monkeypatch.setattr(verify_checks, "verify", lambda *_: iter([wrong]))
    assert run(["verify", "--limit", "100kB", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"failed": 1, "checks": [wrong.as_dict()]}


def test_the_command_takes_a_file_and_train_s_options_and_answers_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "stories.txt"
    path.write_text("\n".join(generate(8_000)), encoding="utf-8")
    options = ["--noise", "per-pair", "--window", "3", "--workers", "2", "--stop-words", "english", "--seed", "5"]
    assert run(["verify", str(path), "--json", *options]) == 0
    shown = capsys.readouterr()
    assert shown.out.count("\n") == 1
    answer = json.loads(shown.out)
    assert answer["failed"] == 0
    assert {"what", "equality", "deviation", "limit", "passed"} == set(answer["checks"][0])
    assert all(check["passed"] for check in answer["checks"])
    assert f"Verified on {path}" in shown.err
    assert f"All {len(answer['checks'])} checks hold." in shown.err


def test_an_engine_that_is_not_here_is_refused_and_auto_says_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engines, "available", lambda *_: {"reference": "", "numpy": "", "numba": "not installed"})
    with pytest.raises(Fastw2vError, match="engine numba cannot be used here: not installed"):
        checks(engine="numba")
    found = checks(engine="auto")
    assert all(check.passed for check in found)
    assert not any("numba" in check.what for check in found)
    assert "engine numba cannot be imported (not installed)" in caplog.text
