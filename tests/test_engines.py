"""Every engine of the registry: gradients and steps by hand, as slopes of the loss, and equal to the reference.

Two classes of equality: bit for bit where weights are dyadic (every score is 0, every derivative +-1/2, every sum
exact in any order), and within `tolerances` elsewhere. Batches are built here, so that everything repeats in them.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import pair_arrays

from fastw2v import Settings, engines
from fastw2v.batches.windows import Windows
from fastw2v.engines import numpy_engine, reference
from fastw2v.engines.base import Engine, Gradients, RowGradients
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.objectives.logistic import STEP_LIMIT
from fastw2v.registry import ENGINES
from fastw2v.system import threads
from fastw2v.verify import tolerances
from fastw2v.verify.checks import compare
from fastw2v.verify.made_batches import duplicates_batch, dyadic_weights, random_weights

NAMES = list(ENGINES)
FAST = NAMES[1:]
DTYPES = ["float32", "float64"]
LN2, LN3 = math.log(2), math.log(3)
# One number of noise words wherever it does not matter: kernels are compiled for each.
K = 2


def made(name: str, **changes: Any) -> Engine:
    return engine_of(name, Settings(**{"negative": K, **changes}))


def engine_of(name: str, options: Settings, words: int = 7) -> Engine:
    return engines.make(replace(options, engine=name), np.ones(words, dtype=np.int64))[0]


def windows_of(
    tokens: list[int],
    left: list[int],
    right: list[int],
    noise: list[list[int]],
    *,
    first: int = 0,
    per_pair: bool = False,
    noise_of: list[int] | None = None,
) -> Windows:
    rows, negative = len(noise), len(noise[0]) if noise else K
    return Windows(
        np.array(tokens, dtype=np.int32), first, np.array(left, dtype=np.int32), np.array(right, dtype=np.int32),
        np.array(noise, dtype=np.int32).reshape(rows, negative), np.arange(len(left), dtype=np.int64), per_pair,
        None if noise_of is None else np.array(noise_of, dtype=np.int64),
    )  # fmt: skip


def one_pair(*noise: int) -> Windows:
    """The pair (input 0, output 1): the centre is the second token, the first one no centre."""
    return windows_of([0, 1], [1], [0], [list(noise)], first=1)


def weights_of(w_in: list[list[float]], w_out: list[list[float]], dtype: str = "float64") -> Weights:
    options = Settings(vector_size=len(w_in[0]), dtype=dtype)  # type: ignore[arg-type]
    weights = initial_weights(len(w_in), options)
    weights.input_vectors[:], weights.output_vectors[:] = w_in, w_out
    return weights


def rows_of(part: Any) -> dict[int, list[float]]:
    return dict(zip(part.rows.tolist(), part.sums.tolist(), strict=True))


def terms_of(part: Any) -> dict[int, int]:
    return dict(zip(part.rows.tolist(), part.terms.tolist(), strict=True))


def same_bits(one: Weights, other: Weights) -> bool:
    return np.array_equal(one.w_in, other.w_in) and np.array_equal(one.w_out, other.w_out)


# ---------------------------------------------------------------------------------- by hand: sigma(+-ln 3) = 3/4, 1/4


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_of_one_pair_by_hand(name: str, dtype: str) -> None:
    # v = (ln 3, 0); output (1, 2), noise (-1, 4) and (1, 0): scores ln 3, -ln 3, ln 3.
    # Derivatives 3/4 - 1 = -1/4, 1/4, 3/4. Loss -log(3/4) - log(3/4) - log(1/4) = log(64/9).
    # dv = -1/4 (1, 2) + 1/4 (-1, 4) + 3/4 (1, 0) = (1/4, 1/2).
    # d output = -1/4 v; d noise = 1/4 v and 3/4 v.
    weights = weights_of([[LN3, 0]] * 4, [[9, 9], [1, 2], [-1, 4], [1, 0]], dtype)
    found = made(name, dtype=dtype).gradients(weights, one_pair(2, 3))
    close = 1e-6 if dtype == "float32" else 1e-14
    assert found.loss == pytest.approx(math.log(64 / 9), rel=close)
    assert found.w_in.rows.tolist() == [0]
    assert found.w_in.sums[0] == pytest.approx([0.25, 0.5], rel=close)
    assert found.w_out.rows.tolist() == [1, 2, 3]
    assert found.w_out.sums[:, 0] == pytest.approx([-LN3 / 4, LN3 / 4, LN3 * 3 / 4], rel=close)
    assert not found.w_out.sums[:, 1].any()
    assert (found.w_in.terms.tolist(), found.w_out.terms.tolist()) == ([1], [1, 1, 1])


@pytest.mark.parametrize("name", NAMES)
def test_a_noise_word_drawn_twice_counts_twice(name: str) -> None:
    # v = ln 3, output 1, noise -1 twice: dv = -1/4 - 1/4 - 1/4; d noise = 2 * 1/4 ln 3.
    found = made(name, dtype="float64").gradients(weights_of([[LN3]] * 3, [[0], [1], [-1]]), one_pair(2, 2))
    assert found.loss == pytest.approx(3 * math.log(4 / 3))
    assert rows_of(found.w_in)[0] == pytest.approx([-0.75])
    assert rows_of(found.w_out)[2] == pytest.approx([LN3 / 2])
    assert terms_of(found.w_out) == {1: 1, 2: 2}


@pytest.mark.parametrize("name", NAMES)
def test_a_noise_word_equal_to_the_output_adds_nothing(name: str) -> None:
    weights = weights_of([[LN3]] * 3, [[0], [1], [-1]])
    both = made(name, dtype="float64").gradients(weights, one_pair(1, 1))
    assert both.loss == pytest.approx(math.log(4 / 3))
    assert rows_of(both.w_in)[0] == pytest.approx([-0.25])
    assert rows_of(both.w_out)[1] == pytest.approx([-LN3 / 4])
    assert terms_of(both.w_out) == {1: 1}
    one = made(name, dtype="float64").gradients(weights, one_pair(1, 2))
    assert one.loss == pytest.approx(2 * math.log(4 / 3))
    assert terms_of(one.w_out) == {1: 1, 2: 1}


@pytest.mark.parametrize("name", NAMES)
def test_a_noise_word_equal_to_the_input_counts(name: str) -> None:
    # Word 0 is the context, and its own output vector stands at -1.
    found = made(name, dtype="float64").gradients(weights_of([[LN3]] * 2, [[-1], [1]]), one_pair(0, 1))
    assert terms_of(found.w_out) == {0: 1, 1: 1}
    assert rows_of(found.w_out)[0] == pytest.approx([LN3 / 4])


@pytest.mark.parametrize("name", NAMES)
def test_a_repeated_context_sums(name: str) -> None:
    # Centre 1 between the word 0 twice on each side, noise -1: four pairs of dv = -1/4 - 1/4.
    batch = windows_of([0, 0, 1, 0, 0], [2], [2], [[2, 1]], first=2)
    found = made(name, dtype="float64").gradients(weights_of([[LN3]] * 3, [[0], [1], [-1]]), batch)
    assert rows_of(found.w_in)[0] == pytest.approx([-2.0])
    assert rows_of(found.w_out)[1] == pytest.approx([-LN3])
    assert rows_of(found.w_out)[2] == pytest.approx([LN3])
    assert (terms_of(found.w_in), terms_of(found.w_out)) == ({0: 4}, {1: 4, 2: 4})


@pytest.mark.parametrize("name", NAMES)
def test_a_word_may_be_its_own_context(name: str) -> None:
    # A batch of one word repeated: three centres, pairs 2 + 2 + 2 in windows of 2. Noise is word 1 and itself.
    batch = windows_of([0, 0, 0], [0, 1, 2], [2, 1, 0], [[1, 0]] * 3)
    found = made(name, dtype="float64").gradients(weights_of([[LN3]] * 2, [[1], [-1]]), batch)
    assert rows_of(found.w_in)[0] == pytest.approx([6 * -0.5])
    assert rows_of(found.w_out)[0] == pytest.approx([6 * -LN3 / 4])
    assert rows_of(found.w_out)[1] == pytest.approx([6 * LN3 / 4])
    assert (terms_of(found.w_in), terms_of(found.w_out)) == ({0: 6}, {0: 6, 1: 6})


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_is_zero_where_the_pulls_cancel(name: str, dtype: str) -> None:
    # Score 0 for both: (1/2 - 1) u + 1/2 u = 0, u the vector of output and noise word alike.
    weights = weights_of([[0, 3]] * 3, [[9, 9], [2, 0], [2, 0]], dtype)
    found = made(name, dtype=dtype).gradients(weights, one_pair(2, 1))
    assert found.w_in.sums.tolist() == [[0, 0]]
    assert found.w_out.sums.tolist() == [[0, -1.5], [0, 1.5]]


@pytest.mark.parametrize("name", NAMES)
def test_loss_and_derivative_use_the_clipped_score(name: str) -> None:
    # Score 100 clipped to ln 3: derivative -1/4, loss log(4/3); noise -100 clipped to -ln 3: 1/4, log(4/3).
    engine = made(name, dtype="float64", sigmoid_clip=LN3)
    found = engine.gradients(weights_of([[10]] * 3, [[0], [10], [-10]]), one_pair(2, 1))
    assert found.loss == pytest.approx(2 * math.log(4 / 3))
    assert rows_of(found.w_in)[0] == pytest.approx([-2.5 - 2.5])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_score_that_overflows_is_clipped_like_any_other(name: str, dtype: str) -> None:
    # Both products are beyond the largest number of the dtype. Output -inf: clipped to -16, loss 16; noise -inf: 0.
    big = 1e30 if dtype == "float32" else 1e200
    weights = weights_of([[big]] * 3, [[0], [-big], [-big]], dtype)
    with np.errstate(over="ignore"):
        found = made(name, dtype=dtype).gradients(weights, one_pair(2, 1))
    assert found.loss == pytest.approx(16, abs=1e-5)
    # d output = (sigma(-16) - 1) v, almost -v.
    assert rows_of(found.w_out)[1] == pytest.approx([-big], rel=1e-5)


# -------------------------------------------------------------------------------------------- what holds no pairs


EMPTY = {
    "a centre alone": windows_of([1], [0], [0], [[0, 2]]),
    "three centres alone": windows_of([1, 1, 2], [0] * 3, [0] * 3, [[0, 2]] * 3),
    "per pair": windows_of([1, 2], [0] * 2, [0] * 2, [], per_pair=True),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", EMPTY)
def test_centres_without_context_have_no_loss_no_gradient_and_no_step(name: str, dtype: Any, which: str) -> None:
    batch = EMPTY[which]
    options = Settings(dtype=dtype, vector_size=5, negative=K, noise="per-pair" if batch.per_pair else "shared")
    weights = random_weights(3, options)
    found = engine_of(name, options).gradients(weights, batch)
    assert found.loss == 0
    for part in (found.w_in, found.w_out):
        assert part.rows.shape == part.terms.shape == (0,)
        assert part.sums.shape == (0, 5)
        assert part.sums.dtype == dtype
    before = weights.copy()
    assert engine_of(name, options).step(weights, batch, 0.5) == 0
    assert same_bits(weights, before)


@pytest.mark.parametrize("name", NAMES)
def test_a_centre_without_context_in_a_batch_changes_nothing(name: str) -> None:
    # Centres: 0 and 1 of one document, 2 alone, 1 and 0 of another.
    whole = windows_of([0, 1, 2, 1, 0], [0, 1, 0, 0, 1], [1, 0, 0, 1, 0], [[2, 0], [0, 0], [1, 0], [2, 2], [1, 2]])
    without = windows_of([0, 1, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [[2, 0], [0, 0], [2, 2], [1, 2]])
    options = Settings(dtype="float64", vector_size=5, negative=K)
    weights = dyadic_weights(3, options)
    found, wanted = (engine_of(name, options).gradients(weights, batch) for batch in (whole, without))
    assert compare(found, wanted) == 0
    assert found.loss == pytest.approx(wanted.loss)


# ------------------------------------------------------------------------------------------ slopes of the loss


def assert_slopes_of_the_loss(loss: Callable[[], float], gradients: Gradients, weights: Weights) -> None:
    step = 1e-5
    for matrix, part in ((weights.input_vectors, gradients.w_in), (weights.output_vectors, gradients.w_out)):
        found = rows_of(part)
        for (row, column), middle in np.ndenumerate(matrix.copy()):
            matrix[row, column] = middle + step
            above = loss()
            matrix[row, column] = middle - step
            slope = (above - loss()) / (2 * step)
            matrix[row, column] = middle
            assert found.get(row, [0.0] * matrix.shape[1])[column] == pytest.approx(slope, abs=1e-7)


def slopes_case(noise: Any) -> tuple[Settings, Windows, Weights]:
    options = Settings(dtype="float64", vector_size=3, negative=K, noise=noise)
    weights = random_weights(7, options)
    # Far enough from 0 that both signs matter.
    weights.w_in[:] *= 2
    return options, duplicates_batch(options, 10), weights


@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_the_slopes_of_the_loss(name: str, noise: str) -> None:
    options, batch, weights = slopes_case(noise)
    engine = engine_of(name, options)
    assert_slopes_of_the_loss(lambda: engine.gradients(weights, batch).loss, engine.gradients(weights, batch), weights)


@pytest.mark.parametrize("name", NAMES)
def test_a_turned_second_sign_does_not_pass_for_the_slopes(name: str) -> None:
    """The gradient without noise is G_o (noise equal to the output is skipped), so 2 G_o - G turns the noise's sign."""
    options, batch, weights = slopes_case("shared")
    engine = engine_of(name, options)
    whole = engine.gradients(weights, batch)
    outputs = batch.tokens[: len(batch), None]
    alone = engine.gradients(weights, replace(batch, noise=np.repeat(outputs, K, axis=1)))

    def turn(part: Any, output: Any) -> Any:
        sums = [2 * np.array(rows_of(output).get(row, [0.0] * 3)) - total for row, total in rows_of(part).items()]
        return replace(part, sums=np.array(sums))

    turned = replace(whole, w_in=turn(whole.w_in, alone.w_in), w_out=turn(whole.w_out, alone.w_out))
    with pytest.raises(AssertionError):
        assert_slopes_of_the_loss(lambda: engine.gradients(weights, batch).loss, turned, weights)


@pytest.mark.parametrize("module", [reference, numpy_engine])
def test_an_engine_with_the_second_sign_turned_is_caught(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options, batch, weights = slopes_case("shared")
    engine = (module.ReferenceEngine if module is reference else module.NumpyEngine)(options)
    right = engine.gradients(weights, batch)
    monkeypatch.setattr(module, "score_derivative", lambda p, label: (p - label) * (2 * label - 1))
    wrong = engine.gradients(weights, batch)
    assert compare(wrong, right) > 0.1
    with pytest.raises(AssertionError):
        assert_slopes_of_the_loss(lambda: engine.gradients(weights, batch).loss, wrong, weights)


# ------------------------------------------------------------------------------- bit for bit, where sums are exact


@st.composite
def batches(draw: Any, negative: int = K) -> tuple[Windows, int]:
    """Any windows over one to five words, so that everything repeats; noise often equal to the output."""
    words = draw(st.integers(1, 5))
    before, centres, after = draw(st.integers(0, 3)), draw(st.integers(1, 9)), draw(st.integers(0, 3))
    word = st.integers(0, words - 1)
    tokens = draw(st.lists(word, min_size=before + centres + after, max_size=before + centres + after))
    left = [draw(st.integers(0, min(4, before + i))) for i in range(centres)]
    right = [draw(st.integers(0, min(4, centres + after - 1 - i))) for i in range(centres)]
    per_pair = draw(st.booleans())
    noise_of = None
    rows = sum(left) + sum(right) if per_pair else centres
    if not per_pair and draw(st.booleans()):
        rows = draw(st.integers(1, centres))
        noise_of = draw(st.lists(st.integers(0, rows - 1), min_size=centres, max_size=centres))
    noise = draw(st.lists(st.lists(word, min_size=negative, max_size=negative), min_size=rows, max_size=rows))
    if not rows:
        noise = []
    batch = windows_of(tokens, left, right, noise, first=before, per_pair=per_pair, noise_of=noise_of)
    # The slice leaves out the tokens that no window reaches, as in any batch of a plan.
    return replace(batch, noise=batch.noise.reshape(rows, negative))[:], words


def noise_kind(batch: Windows) -> Any:
    return "per-pair" if batch.per_pair else "shared"


@pytest.mark.parametrize("name", FAST)
@settings(deadline=None, max_examples=100)
@given(batches(), st.sampled_from([1, 3, 16, 17]), st.sampled_from(DTYPES))
def test_gradients_equal_the_reference_s_in_every_bit(
    name: str, case: tuple[Windows, int], size: int, dtype: Any
) -> None:
    batch, words = case
    options = Settings(vector_size=size, dtype=dtype, negative=K, noise=noise_kind(batch))
    weights = dyadic_weights(words, options)
    before = weights.copy()
    wanted = engine_of("reference", options).gradients(weights, batch)
    found = engine_of(name, options).gradients(weights, batch)
    for mine, other in ((found.w_in, wanted.w_in), (found.w_out, wanted.w_out)):
        assert np.array_equal(mine.rows, other.rows)
        assert np.array_equal(mine.terms, other.terms)
        assert np.array_equal(mine.sums, other.sums)
    assert found.loss == pytest.approx(wanted.loss, rel=1e-6)
    assert same_bits(weights, before)


@pytest.mark.parametrize("name", FAST)
@settings(deadline=None, max_examples=100)
@given(batches(), st.sampled_from([1, 3, 16, 17]), st.sampled_from(DTYPES))
def test_steps_equal_the_reference_s_in_every_bit(name: str, case: tuple[Windows, int], size: int, dtype: Any) -> None:
    batch, words = case
    # At the rate 2^-9 the limit is at 1.6 * 512 terms, which no row here has: all that is left is sums and products.
    options = Settings(vector_size=size, dtype=dtype, negative=K, noise=noise_kind(batch))
    ends = [dyadic_weights(words, options) for _ in range(2)]
    for end, which in zip(ends, ("reference", name), strict=True):
        engine_of(which, options).step(end, batch, 2.0**-9)
    assert same_bits(*ends)


@pytest.mark.parametrize("name", FAST)
# numba compiles each number anew, which takes ten seconds.
@pytest.mark.parametrize(
    "negative", [1, 5, 10, pytest.param(2, marks=pytest.mark.slow), pytest.param(8, marks=pytest.mark.slow)]
)
def test_any_number_of_noise_words_gives_the_reference_s_bits(name: str, negative: int) -> None:
    for noise in ("grouped", "shared", "per-pair"):
        options = Settings(vector_size=20, negative=negative, noise=noise)
        batch, weights = duplicates_batch(options), dyadic_weights(7, options)
        wanted = engine_of("reference", options).gradients(weights, batch)
        assert compare(engine_of(name, options).gradients(weights, batch), wanted) == 0


@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
def test_lost_duplicates_would_be_seen(noise: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sums[place] += vectors` keeps one of several equal rows."""
    options = Settings(vector_size=4, negative=K, noise=noise)
    batch, weights = duplicates_batch(options), dyadic_weights(7, options)
    wanted = engine_of("reference", options).gradients(weights, batch)
    assert compare(engine_of("numpy", options).gradients(weights, batch), wanted) == 0

    def losing(words: npt.NDArray[Any], vectors: npt.NDArray[Any]) -> Any:
        rows, place, terms = np.unique(words, return_inverse=True, return_counts=True)
        sums = np.zeros((len(rows), vectors.shape[1]), dtype=vectors.dtype)
        sums[place] += vectors
        return RowGradients(rows.astype(np.int64), sums, terms.astype(np.int64))

    monkeypatch.setattr(numpy_engine, "_sum_rows", losing)
    assert compare(engine_of("numpy", options).gradients(weights, batch), wanted) > 0


# ------------------------------------------------------------------------------------------ within the tolerances


def limit_of(wanted: Gradients, options: Settings) -> float:
    longest = max(options.vector_size, *(int(part.terms.max(initial=0)) for part in (wanted.w_in, wanted.w_out)))
    return tolerances.rounding(options.dtype, longest)


@pytest.mark.parametrize("name", FAST)
@settings(deadline=None, max_examples=60)
@given(batches(), st.sampled_from([1, 3, 16, 100, 130]), st.sampled_from(DTYPES), st.sampled_from([16.0, 0.5]))
def test_gradients_agree_with_the_reference_at_any_weights(
    name: str, case: tuple[Windows, int], size: int, dtype: Any, clip: float
) -> None:
    batch, words = case
    options = Settings(vector_size=size, dtype=dtype, negative=K, noise=noise_kind(batch), sigmoid_clip=clip)
    weights = random_weights(words, options)
    wanted = engine_of("reference", options).gradients(weights, batch)
    found = engine_of(name, options).gradients(weights, batch)
    # A sum may cancel: what is small beside its terms is judged beside the largest weight.
    for mine, other in ((found.w_in, wanted.w_in), (found.w_out, wanted.w_out)):
        assert np.array_equal(mine.rows, other.rows)
        assert np.array_equal(mine.terms, other.terms)
        largest = other.terms.max(initial=1) * (1 + K) * float(np.abs(weights.w_in).max() + np.abs(weights.w_out).max())
        assert float(np.abs(mine.sums - other.sums).max(initial=0)) <= limit_of(wanted, options) * largest
    assert found.loss == pytest.approx(wanted.loss, rel=limit_of(wanted, options))


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=40)
@given(batches(), st.sampled_from([1, 3, 16]), st.sampled_from([0.0, 0.3]), st.sampled_from([0.025, 0.5, 2.0]))
def test_steps_agree_with_the_oracle_where_cap_and_clip_bite(
    name: str, case: tuple[Windows, int], size: int, clip: float, rate: float
) -> None:
    batch, words = case
    options = Settings(
        vector_size=size, dtype="float64", negative=K, noise=noise_kind(batch), gradient_clip=clip, engine=name
    )
    weights = random_weights(words, options)
    w_in, w_out = weights.input_vectors.tolist(), weights.output_vectors.tolist()
    inputs, outputs, noise = (part.tolist() for part in pair_arrays(batch))
    pairs = [oracle.Pair(i, o, tuple(n)) for i, o, n in zip(inputs, outputs, noise, strict=True)]
    loss = oracle.step(w_in, w_out, pairs, rate, STEP_LIMIT / rate, options)
    assert engine_of(name, options).step(weights, batch, rate) == pytest.approx(loss, abs=1e-12)
    assert weights.input_vectors == pytest.approx(np.array(w_in), abs=1e-12)
    assert weights.output_vectors == pytest.approx(np.array(w_out), abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_step_caps_each_row_by_its_own_terms_and_then_clips(name: str) -> None:
    # All scores are 0 but W_out of words 0 and 1 is e_2, W_in e_1: derivatives -1/2 and 1/2. Centre 0 between 4 + 4
    # words 2: 8 pairs. W_in[2]: sum 8 * (-1/2 e_2) + 8 * (1/2 * 0), n = 8. W_out[0]: 8 * -1/2 e_1, n = 8.
    # W_out[1], noise drawn twice: 16 * 1/2 e_1, n = 16. At the rate 0.5 the cap is 1.6 / 0.5 = 3.2 terms:
    # W_in[2] moves by 1.6 / 8 * 4 = 0.8, W_out[0] by 0.8, W_out[1] by 1.6 / 16 * 8 = 0.8.
    batch = windows_of([2] * 4 + [0] + [2] * 4, [4], [4], [[1, 1]], first=4)

    def weights() -> Weights:
        return weights_of([[0, 0], [0, 0], [1, 0]], [[0, 1], [0, 0], [0, 0]])

    moved = weights()
    assert made(name, dtype="float64").step(moved, batch, 0.5) == pytest.approx(8 * 3 * LN2)
    assert moved.input_vectors == pytest.approx(np.array([[0, 0], [0, 0], [1, 0.8]]))
    assert moved.output_vectors == pytest.approx(np.array([[0.8, 1], [-0.8, 0], [0, 0]]))
    # Below the cap, at the rate 0.1 (16 terms): 0.1 * 4, 0.1 * 4, 0.1 * 8.
    moved = weights()
    made(name, dtype="float64").step(moved, batch, 0.1)
    assert moved.input_vectors[2] == pytest.approx([1, 0.4])
    assert moved.output_vectors[:2] == pytest.approx(np.array([[0.4, 1], [-0.8, 0]]))
    # Capped norms are 4 * 3.2 / 8 = 1.6 for all three; clipped to 1 they move by 0.5 * 1.
    moved = weights()
    made(name, dtype="float64", gradient_clip=1.0).step(moved, batch, 0.5)
    assert moved.input_vectors[2] == pytest.approx([1, 0.5])
    assert moved.output_vectors[:2] == pytest.approx(np.array([[0.5, 1], [-0.5, 0]]))


# ------------------------------------------------------------------------------------------------- the sigmoid


def derivatives_of(name: str, dtype: Any, scores: npt.NDArray[Any], label: int) -> tuple[npt.NDArray[Any], float]:
    """Score derivatives out of gradients, one pair a score: v_c = s, the word of the other label has the vector 0.

    Tokens are context, centre, context, centre ...; only the centres have a window, of one word to the left.
    """
    count = len(scores)
    options = Settings(dtype=dtype, vector_size=1, negative=K)
    weights = initial_weights(count + 2, options)
    weights.w_in[:], weights.w_out[:] = 0, 0
    weights.w_in[:count, 0] = scores
    centre, other = count, count + 1
    weights.w_out[centre if label else other, 0] = 1
    tokens = np.stack((np.arange(count), np.full(count, centre)), axis=1).ravel().tolist()
    # The second noise word is the output, which adds nothing.
    batch = windows_of(tokens, [0, 1] * count, [0] * 2 * count, [[other, centre]] * 2 * count)
    found = engine_of(name, options).gradients(weights, batch)
    assert found.w_in.rows.tolist() == list(range(count))
    return found.w_in.sums[:, 0], found.loss


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("name", NAMES)
def test_float32_score_derivatives_are_within_3e_7_of_float64(name: str, label: int) -> None:
    scores = np.linspace(-20, 20, 4001).astype(np.float32)
    found, loss = derivatives_of(name, "float32", scores, label)
    exact = np.clip(scores.astype(np.float64), -16, 16)
    assert np.abs(found - (1 / (1 + np.exp(-exact)) - label)).max() <= 3e-7
    losses = np.log1p(np.exp(-exact if label else exact))
    assert loss == pytest.approx(losses.sum() + LN2 * len(scores), rel=1e-6)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("name", NAMES)
def test_float64_score_derivatives_are_those_of_the_mathematics(name: str, label: int) -> None:
    scores = np.linspace(-20, 20, 401)
    found, loss = derivatives_of(name, "float64", scores, label)
    exact = np.clip(scores, -16, 16)
    assert np.abs(found - (1 / (1 + np.exp(-exact)) - label)).max() <= 1e-15
    losses = np.log1p(np.exp(-exact if label else exact))
    assert loss == pytest.approx(losses.sum() + LN2 * len(scores), rel=1e-13)


# ---------------------------------------------------------------------------------------------- plain SGD, blocks


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def plain_sgd(weights: Weights, batch: Windows, rate: float) -> None:
    """One centre after another, as a textbook has it; in float64, without a cap."""
    w_in, w_out = weights.input_vectors, weights.output_vectors
    for i in range(len(batch)):
        at = batch.first + i
        output, moves = int(batch.tokens[at]), []
        for place in range(at - int(batch.left[i]), at + int(batch.right[i]) + 1):
            if place == at:
                continue
            word = int(batch.tokens[place])
            terms = [(output, 1.0)] + [(int(n), 0.0) for n in batch.noise[batch.noise_row(np.array(i))] if n != output]
            for other, label in terms:
                error = sigma(float(w_in[word] @ w_out[other])) - label
                moves.append((w_in, word, rate * error * w_out[other].copy()))
                moves.append((w_out, other, rate * error * w_in[word].copy()))
        for matrix, row, move in moves:
            matrix[row] -= move


@pytest.mark.parametrize("name", NAMES)
def test_batches_of_one_centre_are_plain_sgd(name: str) -> None:
    options = Settings(dtype="float64", vector_size=5, negative=K, batch_size=1)
    block = duplicates_batch(options, 60)
    found, wanted = random_weights(7, options), random_weights(7, options)
    plain_sgd(wanted, block, 0.05)
    engine_of(name, options).train(found, block, np.full(60, 0.05))
    assert found.input_vectors == pytest.approx(wanted.input_vectors, abs=1e-13)
    assert found.output_vectors == pytest.approx(wanted.output_vectors, abs=1e-13)
    # A larger batch is another thing: staler weights.
    other = random_weights(7, options)
    engine_of(name, replace(options, batch_size=10)).train(other, block, np.full(6, 0.05))
    assert np.abs(other.w_in - wanted.w_in).max() > 1e-4


@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_training_a_block_is_stepping_through_its_batches_in_order(name: str, dtype: Any, noise: Any) -> None:
    options = Settings(dtype=dtype, vector_size=20, negative=K, noise=noise, batch_size=7)
    block, rates = duplicates_batch(options, 40), np.array([0.3, 0.1, 0.0, 0.2, 0.5, 0.05])
    whole, stepped = random_weights(7, options), random_weights(7, options)
    losses = engine_of(name, options).train(whole, block, rates)
    assert losses.dtype == np.float64
    engine = engine_of(name, options)
    parts = list(block.batches(7))
    assert [len(part) for part in parts] == [7, 7, 7, 7, 7, 5]
    steps = [engine.step(stepped, part, rate) for part, rate in zip(parts, rates.tolist(), strict=True)]
    assert losses.tolist() == steps
    assert same_bits(whole, stepped)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=25)
@given(st.lists(batches(), min_size=2, max_size=5), st.sampled_from(DTYPES))
def test_an_engine_remembers_nothing_of_earlier_batches(
    name: str, cases: list[tuple[Windows, int]], dtype: Any
) -> None:
    """Kernels keep their working arrays from batch to batch, of any size and of other weights."""
    options = Settings(vector_size=3, dtype=dtype, negative=K)
    used = engine_of(name, options)
    for batch, words in cases:
        weights, fresh = random_weights(words, options), random_weights(words, options)
        assert used.step(weights, batch, 0.1) == engine_of(name, options).step(fresh, batch, 0.1)
        assert same_bits(weights, fresh)
        found, wanted = used.gradients(weights, batch), engine_of(name, options).gradients(weights, batch)
        assert compare(found, wanted) == 0


@pytest.mark.parametrize("gradient_clip", [0, 0.5])
@pytest.mark.parametrize("workers", [2, 3, 40])
@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
def test_deterministic_workers_give_the_bits_of_one(
    workers: int, noise: Any, gradient_clip: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Batches of any size are shared, among as many threads, whatever this machine has.
    monkeypatch.setattr(threads, "processors", lambda: workers)
    options = Settings(
        vector_size=40, negative=K, noise=noise, batch_size=16, deterministic=True, gradient_clip=gradient_clip
    )
    block, rates = duplicates_batch(options, 100), np.full(7, 0.2)
    alone, shared = random_weights(7, options), random_weights(7, options)
    losses = [
        engine_of(NAMES[-1], replace(options, workers=count)).train(weights, block, rates).tolist()
        for count, weights in ((1, alone), (workers, shared))
    ]
    assert losses[0] == losses[1]
    assert same_bits(alone, shared)


@pytest.mark.parametrize("gradient_clip", [0, 0.5])
@pytest.mark.parametrize("centres", [5, 16, 300])
@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
def test_racy_workers_do_every_batch_once(
    noise: Any, centres: int, gradient_clip: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the rate 0 no order matters, so the losses are those of one worker, bit for bit."""
    monkeypatch.setattr(threads, "processors", lambda: 3)
    options = Settings(vector_size=40, negative=K, noise=noise, batch_size=16, gradient_clip=gradient_clip)
    block, rates = duplicates_batch(options, centres), np.zeros(-(-centres // 16))
    weights = random_weights(7, options)
    before = weights.copy()
    alone, racy = (engine_of(NAMES[-1], replace(options, workers=count)) for count in (1, 3))
    assert (alone.racy, racy.racy) == (False, True)
    wanted = alone.train(weights, block, rates).tolist()
    assert len(set(wanted)) == len(wanted)
    for _ in range(20):
        assert racy.train(weights, block, rates).tolist() == wanted
    assert same_bits(weights, before)


@pytest.mark.parametrize("gradient_clip", [0, 1e6])
@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
def test_racy_workers_whose_batches_share_no_word_give_the_bits_of_one(
    noise: Any, gradient_clip: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They begin with adding to rows where they stand; with a limit never reached, all sum rows beside first.

    The rate is so low that no row reaches the step limit, which racing threads divide.
    """
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, negative=K, noise=noise, batch_size=24, gradient_clip=gradient_clip)
    block = side_by_side(duplicates_batch(options), 30)
    alone, shared = random_weights(210, options), random_weights(210, options)
    losses = [
        engine_of(NAMES[-1], replace(options, workers=workers), 210).train(weights, block, np.full(30, 0.001)).tolist()
        for workers, weights in ((1, alone), (2, shared))
    ]
    assert losses[0] == losses[1]
    assert same_bits(alone, shared)


def side_by_side(batch: Windows, count: int) -> Windows:
    """Return a batch over seven words so many times, each time with words of its own."""
    own = 7 * np.arange(count, dtype=np.int32)
    tokens, noise = (words[None] + own.reshape(-1, *[1] * words.ndim) for words in (batch.tokens, batch.noise))
    noise_of = batch.noise_of
    if noise_of is not None:
        noise_of = (noise_of + len(batch.noise) * np.arange(count)[:, None]).ravel()
    return Windows(
        tokens.ravel(), 0, np.tile(batch.left, count), np.tile(batch.right, count),
        noise.reshape(-1, noise.shape[-1]), np.arange(count * len(batch)), batch.per_pair, noise_of,
    )  # fmt: skip


def test_threads_that_share_batches_may_have_met_larger_ones_before_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gradients need the working arrays of one thread only, so these are the larger ones then."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, negative=K, noise="shared", batch_size=16, workers=2, deterministic=True)
    large, small = side_by_side(duplicates_batch(options), 50), duplicates_batch(options, 16)
    alone, shared = random_weights(350, options), random_weights(350, options)
    engine = engine_of(NAMES[-1], options)
    engine.gradients(shared, large)
    losses = [
        one.train(weights, small, np.full(1, 0.2)).tolist()
        for one, weights in ((engine_of(NAMES[-1], replace(options, workers=1)), alone), (engine, shared))
    ]
    assert losses[0] == losses[1]
    assert same_bits(alone, shared)


@pytest.mark.parametrize("rates", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_every_batch_needs_a_rate(name: str, rates: int) -> None:
    options = Settings(vector_size=4, negative=K, batch_size=16)
    with pytest.raises(ValueError, match=r"rate|argument"):
        engine_of(name, options).train(random_weights(7, options), duplicates_batch(options, 32), np.zeros(rates))


def test_tokens_beyond_every_window_are_no_trouble() -> None:
    """A block of a plan holds `window` tokens before its first centre, also where all its windows are shorter.

    In a process of its own: a kernel that counted on fewer tokens would write where nothing is its own. So many
    tokens that it would leave the process's memory and end it, instead of going on with memory in disorder.
    """
    script = (
        "import numpy as np; from fastw2v import Settings, engines; from fastw2v.batches.windows import Windows\n"
        "from fastw2v.verify.made_batches import dyadic_weights; from fastw2v.verify.checks import compare\n"
        "tokens, one = np.zeros(60_000_000, dtype=np.int32), np.ones(1, dtype=np.int32)\n"
        "tokens[199_999:200_002] = 1, 2, 4\n"
        f"noise, at = np.full((1, {K}), 3, dtype=np.int32), np.zeros(1, dtype=np.int64)\n"
        "batch = Windows(tokens, 200_000, one, one, noise, at, False)\n"
        f"options = [Settings(engine=name, negative={K}, vector_size=4) for name in ('reference', {NAMES[-1]!r})]\n"
        "weights = dyadic_weights(5, options[0])\n"
        "wanted, found = (engines.make(o, np.ones(5, dtype=np.int64))[0].gradients(weights, batch) for o in options)\n"
        "assert compare(found, wanted) == 0\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


# ------------------------------------------------------------------------------------------ padding and NaN


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 3, 16, 100, 130])
@pytest.mark.parametrize("name", NAMES)
def test_padding_stays_zero_and_rows_stay_where_they_are(name: str, size: int, dtype: Any) -> None:
    options = Settings(vector_size=size, dtype=dtype, negative=K, batch_size=8, gradient_clip=1.0)
    weights = random_weights(7, options)
    before, addresses = weights.copy(), (weights.w_in.ctypes.data, weights.w_out.ctypes.data)
    engine_of(name, options).train(weights, duplicates_batch(options, 40), np.full(5, 0.3))
    for matrix, old in ((weights.w_in, before.w_in), (weights.w_out, before.w_out)):
        assert not np.array_equal(matrix, old)
        assert not matrix[:, size:].any()
        assert matrix.strides[0] % 64 == 0
    assert (weights.w_in.ctypes.data, weights.w_out.ctypes.data) == addresses
    assert engine_of(name, options).gradients(weights, duplicates_batch(options)).w_in.sums.shape[1] == size


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", ["input", "output", "noise"])
def test_nan_in_any_row_that_a_batch_reads_shows_in_its_loss(name: str, dtype: Any, which: str) -> None:
    options = Settings(vector_size=5, dtype=dtype, negative=K)
    weights = random_weights(3, options)
    matrix, row = {"input": (weights.w_in, 0), "output": (weights.w_out, 1), "noise": (weights.w_out, 2)}[which]
    matrix[row, 3] = np.nan
    engine = engine_of(name, options)
    assert math.isnan(engine.gradients(weights, one_pair(1, 2)).loss)
    assert math.isnan(engine.step(weights, one_pair(1, 2), 0.1))


@pytest.mark.parametrize("name", NAMES)
def test_nan_in_a_row_that_no_term_reads_changes_nothing(name: str) -> None:
    options = Settings(vector_size=5, negative=K)
    weights, clean = random_weights(4, options), random_weights(4, options)
    weights.w_in[3], weights.w_out[3], weights.w_out[0] = np.nan, np.nan, np.nan
    assert engine_of(name, options).step(weights, one_pair(1, 2), 0.1) == engine_of(name, options).step(
        clean, one_pair(1, 2), 0.1
    )
    assert np.array_equal(weights.w_in[:3], clean.w_in[:3])
    assert np.array_equal(weights.w_out[1:3], clean.w_out[1:3])
