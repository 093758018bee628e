"""Learning rates by hand and against the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import Settings
from fastw2v.training.schedule import learning_rates


def rates(epoch: int, positions: list[int], length: int, **changes: Any) -> list[float]:
    found = learning_rates(Settings(**changes), epoch, np.array(positions, dtype=np.int64), length)
    return [float(rate) for rate in found]


def test_linear_falls_from_alpha_to_min_alpha_over_all_epochs() -> None:
    # alpha .04, min_alpha .02, two epochs of 100: progress 0, .25, .5, .75, and 1 only after the last token.
    options: dict[str, Any] = {"alpha": 0.04, "min_alpha": 0.02, "epochs": 2}
    assert rates(0, [0, 50], 100, **options) == pytest.approx([0.04, 0.035], rel=1e-15)
    assert rates(1, [0, 50], 100, **options) == pytest.approx([0.03, 0.025], rel=1e-15)
    assert rates(1, [99], 100, **options)[0] > 0.02


def test_exponential_falls_once_an_epoch() -> None:
    options: dict[str, Any] = {"schedule": "exponential", "alpha": 0.04, "decay": 0.5, "min_alpha": 0.006, "epochs": 4}
    assert [rates(epoch, [0, 99], 100, **options) for epoch in range(4)] == [
        [0.04, 0.04], [0.02, 0.02], [0.01, 0.01], [0.006, 0.006],
    ]  # fmt: skip


def test_constant_stays() -> None:
    assert rates(3, [0, 7, 99], 100, schedule="constant", alpha=0.04, min_alpha=0.0) == [0.04] * 3


def test_a_decay_of_1_is_constant_and_min_alpha_equal_to_alpha_is_too() -> None:
    assert rates(4, [50], 100, schedule="exponential", decay=1.0, alpha=0.04) == [0.04]
    assert rates(4, [50], 100, alpha=0.04, min_alpha=0.04) == [0.04]


@settings(deadline=None)
@given(
    st.sampled_from(["linear", "exponential", "constant"]),
    st.floats(1e-4, 1), st.floats(0, 1), st.floats(0.01, 1), st.integers(1, 50), st.integers(1, 10**9), st.data(),
)  # fmt: skip
def test_rates_are_the_oracle_s_and_stay_within_min_alpha_and_alpha(
    schedule: Any, alpha: float, share: float, decay: float, epochs: int, length: int, data: st.DataObject
) -> None:
    options = Settings(schedule=schedule, alpha=alpha, min_alpha=alpha * share, decay=decay, epochs=epochs)
    epoch = data.draw(st.integers(0, epochs - 1))
    positions = sorted(data.draw(st.lists(st.integers(0, length - 1), min_size=1, max_size=5)))
    found = learning_rates(options, epoch, np.array(positions, dtype=np.int64), length)
    assert found.dtype == np.float64
    expected = [oracle.learning_rate(options, epoch, position, length) for position in positions]
    assert found.tolist() == pytest.approx(expected, rel=1e-15)
    assert found.min() >= options.min_alpha
    assert found.max() <= alpha
    assert found.tolist() == sorted(found.tolist(), reverse=True)
