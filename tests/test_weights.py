"""The matrices: aligned rows, padding, and initial values equal to the oracle's."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_randomness import chi_square, chi_square_limit

from fastw2v import Settings
from fastw2v.engines import weights
from fastw2v.engines.weights import Weights, aligned_zeros, initial_weights, padded_columns

SIZES = [1, 3, 16, 100, 130]
INITS = ["uniform", "xavier", "he"]
DTYPES = ["float32", "float64"]


def matrices(made: Weights) -> tuple[Any, Any]:
    return made.w_in, made.w_out


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES)
def test_every_row_starts_at_64_bytes_and_its_padding_is_zero(size: int, dtype: Any) -> None:
    made = initial_weights(5, Settings(vector_size=size, dtype=dtype))
    for matrix in (*matrices(made), *matrices(made.copy())):
        assert matrix.dtype == dtype
        assert matrix.flags.c_contiguous
        assert matrix.flags.writeable
        assert all(row.ctypes.data % 64 == 0 for row in matrix)
        assert (matrix[:, size:] == 0).all()
    assert made.input_vectors.shape == made.output_vectors.shape == (5, size)


def test_the_padded_columns_by_hand() -> None:
    # 64 bytes are 16 float32 or 8 float64.
    assert [padded_columns(size, np.float32) for size in SIZES] == [16, 16, 16, 112, 144]
    assert [padded_columns(size, np.float64) for size in SIZES] == [8, 8, 16, 104, 136]


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(1, 50), st.sampled_from(DTYPES))
def test_aligned_zeros_start_at_64_bytes_at_any_shape(rows: int, columns: int, dtype: str) -> None:
    made = aligned_zeros(rows, columns, dtype)
    assert made.shape == (rows, columns)
    assert made.ctypes.data % 64 == 0
    assert not made.any()


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 9), st.integers(1, 20), st.integers(0, 2**64 - 1), st.sampled_from(INITS))
def test_initial_values_are_the_oracle_s_and_the_output_vectors_zero(
    words: int, size: int, seed: int, init: Any
) -> None:
    made = initial_weights(words, Settings(vector_size=size, seed=seed, init=init, dtype="float64"))
    # (u - 1/2) / d and (2 u - 1) * (1/2 / d) round apart by an ulp or two.
    assert made.input_vectors == pytest.approx(np.array(oracle.initial_weights(words, size, seed, init)), rel=1e-15)
    assert not made.w_out.any()


@pytest.mark.parametrize("init", INITS)
def test_float32_values_are_the_float64_ones_rounded(init: Any) -> None:
    single, double = (initial_weights(50, Settings(vector_size=30, init=init, dtype=dtype)) for dtype in DTYPES)  # type: ignore[arg-type]
    assert np.array_equal(single.input_vectors, double.input_vectors.astype(np.float32))


@pytest.mark.parametrize(("init", "half"), [("uniform", 0.5 / 40), ("xavier", 240**-0.5 * 6**0.5), ("he", 0.15**0.5)])
def test_initial_values_are_uniform_within_the_bounds_of_each_kind(init: Any, half: float) -> None:
    # V = 200, d = 40: 1 / (2 * 40), sqrt(6 / 240), sqrt(6 / 40).
    made = initial_weights(200, Settings(vector_size=40, init=init, dtype="float64")).input_vectors
    found = np.histogram(made, bins=40, range=(-half, half))[0]
    assert found.sum() == 8_000
    assert chi_square(found, np.full(40, 200.0)) < chi_square_limit(39)


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_the_values_do_not_depend_on_how_many_rows_are_drawn_at_once(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = initial_weights(10, Settings(vector_size=7))
    monkeypatch.setattr(weights, "ROWS_AT_ONCE", rows)
    assert np.array_equal(initial_weights(10, Settings(vector_size=7)).w_in, plain.w_in)


def test_a_word_s_values_do_not_depend_on_how_many_words_there_are_but_in_xavier() -> None:
    few, many = (initial_weights(words, Settings(vector_size=7)).w_in for words in (3, 9))
    assert np.array_equal(few, many[:3])


def test_other_seeds_give_other_values_and_no_other_setting_does() -> None:
    first = initial_weights(4, Settings(vector_size=5)).w_in
    assert not np.array_equal(initial_weights(4, Settings(vector_size=5, seed=2)).w_in, first)
    for changes in ({"engine": "reference"}, {"workers": 3}, {"batch_size": 1, "epochs": 1, "alpha": 0.1}):
        assert np.array_equal(initial_weights(4, Settings(vector_size=5, **changes)).w_in, first)


def test_a_copy_has_values_of_its_own() -> None:
    made = initial_weights(3, Settings(vector_size=5))
    twin = made.copy()
    twin.w_in[0, 0], twin.w_out[2, 4] = 7, 8
    assert made.w_in[0, 0] != 7
    assert made.w_out[2, 4] == 0
    assert np.array_equal(made.w_in[1:], twin.w_in[1:])
    assert twin.size == 5


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_value_that_is_not_finite_is_seen_in_either_matrix(value: float) -> None:
    for matrix in (0, 1):
        made = initial_weights(30, Settings(vector_size=5))
        assert made.finite()
        matrices(made)[matrix][29, 4] = value
        assert not made.finite()


def test_a_value_that_is_not_finite_is_seen_in_whatever_rows_are_looked_at_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fastw2v.system.row_blocks.ROWS_AT_ONCE", 10)
    for row in (9, 10, 29):
        made = initial_weights(30, Settings(vector_size=5))
        made.w_out[row, 0] = np.nan
        assert not made.finite()
