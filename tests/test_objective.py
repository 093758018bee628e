"""The objective's functions by hand, as slopes of each other, and at their limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.objectives.logistic import (
    STEP_LIMIT,
    clip_score,
    clipped_rate,
    row_rate,
    score_derivative,
    sigmoid,
    term_loss,
    wrong_score,
)

LN3 = math.log(3)
SCORES = st.floats(-30, 30)
LABELS = st.sampled_from([0.0, 1.0])


# sigma(ln 3) = 1 / (1 + 1/3) = 3/4; sigma(-ln 3) = 1 / (1 + 3) = 1/4; sigma(0) = 1/2.


def test_sigmoid_by_hand() -> None:
    assert sigmoid(np.array([LN3, -LN3, 0.0])) == pytest.approx([0.75, 0.25, 0.5], rel=1e-15)


def test_term_loss_by_hand() -> None:
    # Output word: -log(3/4), -log(1/4), log 2. Noise word: -log(1 - 3/4), -log(1 - 1/4), log 2.
    scores = np.array([LN3, -LN3, 0.0])
    assert term_loss(scores, 1) == pytest.approx([math.log(4 / 3), math.log(4), math.log(2)], rel=1e-15)
    assert term_loss(scores, 0) == pytest.approx([math.log(4), math.log(4 / 3), math.log(2)], rel=1e-15)


def test_score_derivatives_are_sigma_minus_1_for_the_output_and_sigma_for_noise() -> None:
    scores = np.array([LN3, -LN3, 0.0])
    assert score_derivative(sigmoid(scores), 1) == pytest.approx([-0.25, -0.75, -0.5], rel=1e-15)
    assert score_derivative(sigmoid(scores), 0) == pytest.approx([0.75, 0.25, 0.5], rel=1e-15)


def test_the_loss_of_a_pair_with_two_noise_words_by_hand() -> None:
    # s_o = ln 3, noise ln 3 and -ln 3: log(4/3) + log 4 + log(4/3) = log(64/9).
    total = term_loss(LN3, 1) + term_loss(LN3, 0) + term_loss(-LN3, 0)
    assert total == pytest.approx(math.log(64 / 9), rel=1e-15)


def assert_slopes_of_the_loss(derivative: Callable[[Any, Any], Any]) -> None:
    step = 1e-5
    for label in (0.0, 1.0):
        for score in np.linspace(-10, 10, 41):
            slope = (term_loss(score + step, label) - term_loss(score - step, label)) / (2 * step)
            assert derivative(sigmoid(score), label) == pytest.approx(slope, abs=1e-9)


def test_the_score_derivative_is_the_slope_of_the_term_loss() -> None:
    assert_slopes_of_the_loss(score_derivative)


def turned(probability: Any, label: Any) -> Any:
    """The error of which the project's report tells: the second sign the other way round."""
    return probability - 1 if label else -probability


def without_label(probability: Any, label: Any) -> Any:
    return probability


@pytest.mark.parametrize("wrong", [turned, without_label])
def test_a_wrong_sign_does_not_pass_for_the_slope(wrong: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(AssertionError):
        assert_slopes_of_the_loss(wrong)


def test_a_word_that_is_output_and_noise_at_once_pulls_nowhere_at_score_0() -> None:
    # sigma(0) - 1 + sigma(0) = 0, and the loss log(1 + e^-s) + log(1 + e^s) is smallest there.
    assert score_derivative(sigmoid(0.0), 1) + score_derivative(sigmoid(0.0), 0) == 0
    both = [term_loss(score, 1) + term_loss(score, 0) for score in (-0.1, 0.0, 0.1)]
    assert min(both) == both[1]


@settings(deadline=None)
@given(SCORES)
def test_the_two_derivatives_of_opposite_scores_are_opposite(score: float) -> None:
    found = score_derivative(sigmoid(score), 1)
    assert found == pytest.approx(-score_derivative(sigmoid(-score), 0), abs=1e-15)
    assert term_loss(score, 1) == term_loss(-score, 0)


@settings(deadline=None)
@given(SCORES, LABELS)
def test_the_term_loss_keeps_its_digits_at_every_score(score: float, label: float) -> None:
    wanted = math.log1p(math.exp(-score if label else score))
    # Relative in the tail that is large, absolute where the loss itself is below an eps of 1.
    assert term_loss(score, label) == pytest.approx(wanted, rel=1e-14, abs=1e-15)


@settings(deadline=None)
@given(SCORES, LABELS)
def test_the_term_loss_is_the_wrong_score_and_a_bounded_rest(score: float, label: float) -> None:
    rest = term_loss(score, label) - wrong_score(score, label)
    assert -1e-14 <= rest <= math.log(2) + 1e-14
    assert wrong_score(score, label) == max(0.0, -score if label else score)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_functions_keep_the_dtype(dtype: Any) -> None:
    scores = np.array([-2, 0, 40], dtype=dtype)
    clipped = clip_score(scores, dtype(16))
    label = np.zeros(3, dtype=dtype)
    for values in (clipped, sigmoid(clipped), score_derivative(sigmoid(clipped), label), term_loss(clipped, label)):
        assert values.dtype == dtype


def test_scores_are_clipped_on_both_sides_and_nan_stays_nan() -> None:
    found = clip_score(np.array([-100.0, -16.0, 3.0, 16.0, 1e300, np.inf, -np.inf]), 16.0)
    assert found.tolist() == [-16, -16, 3, 16, 16, 16, -16]
    assert np.isnan(clip_score(np.nan, 16.0))


def test_at_the_largest_clip_nothing_overflows() -> None:
    # Settings allow 30; warnings are errors here.
    scores = np.array([-30, 30], dtype=np.float32)
    assert sigmoid(scores) == pytest.approx([math.exp(-30), 1.0], rel=1e-5)
    assert term_loss(scores, np.float32(1)) == pytest.approx([30, 0], abs=1e-5)


# ----------------------------------------------------------------------------------------------- the row's rate


def test_a_row_s_rate_falls_with_its_terms_from_the_step_limit_on() -> None:
    # At 0.025 a row is capped from 1.6 / 0.025 = 64 terms on.
    assert STEP_LIMIT == 1.6
    terms = np.array([1, 63, 64, 65, 128, 6400])
    expected = [0.025, 0.025, 0.025, 1.6 / 65, 0.0125, 0.00025]
    assert row_rate(0.025, terms) == pytest.approx(expected, rel=1e-15)


@settings(deadline=None)
@given(st.floats(1e-6, 2), st.integers(1, 10**7))
def test_no_row_moves_faster_than_the_rate_nor_than_the_step_limit(rate: float, terms: int) -> None:
    found = row_rate(rate, terms)
    assert found <= rate
    assert found * terms <= STEP_LIMIT * (1 + 1e-15)
    assert found == rate or found * terms == pytest.approx(STEP_LIMIT)


def test_clipping_shortens_the_capped_gradient_to_the_clip() -> None:
    # Norm 10, rate 0.1, not capped: clipped to 2.5, so 0.1 * 2.5 / 10.
    assert clipped_rate(0.1, 0.1, 10.0, 2.5) == pytest.approx(0.025)
    # Capped to 0.05: the gradient has the norm 5 then; 2.5 / 5 of 0.05 is the same 0.025.
    assert clipped_rate(0.05, 0.1, 10.0, 2.5) == pytest.approx(0.025)
    # Capped to 0.02: the norm is 2 then, below the clip.
    assert clipped_rate(0.02, 0.1, 10.0, 2.5) == 0.02


@settings(deadline=None)
@given(st.floats(1e-4, 1), st.floats(1e-3, 1), st.floats(1e-3, 1e6), st.floats(1e-3, 1e3))
def test_a_clipped_step_is_never_longer_than_rate_times_clip(rate: float, cap: float, norm: float, clip: float) -> None:
    found = clipped_rate(cap * rate, rate, norm, clip)
    assert found * norm <= rate * clip * (1 + 1e-12)
    assert found <= cap * rate
