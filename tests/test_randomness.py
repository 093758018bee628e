"""Draws: the generator's published vectors, equality with the oracle, uniformity, and streams that do not meet."""

from __future__ import annotations

import itertools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.draws import numba_draws, randomness
from fastw2v.draws.randomness import HELD_OUT, KEEP, NOISE, RADIUS, VALIDATION_EPOCH, WEIGHTS, draw_range, draws, philox

# Random123 (Salmon et al. 2011), kat_vectors, the lines "philox4x32 10": counter, key, output.
PHILOX_VECTORS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
SEEDS, EPOCHS = st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1)
STREAMS = (WEIGHTS, KEEP, RADIUS, NOISE, HELD_OUT)


def words32(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def chi_square_limit(freedom: int, z: float = 4.0) -> float:
    """The value that a chi-square variable stays below as often as a normal one stays below z (4: 31 in a million
    are above). Wilson and Hilferty, "The distribution of chi-square", 1931."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + z * spread**0.5) ** 3)


def chi_square(found: npt.NDArray[Any], expected: npt.NDArray[Any]) -> float:
    return float(((found - expected) ** 2 / expected).sum())


def joint_chi_square(one: npt.NDArray[Any], other: npt.NDArray[Any], bins: int = 8) -> float:
    """Chi-square of the pairs (one, other), each a draw in 0..bins-1, against all pairs being equally likely."""
    found = np.bincount(one.astype(np.int64) * bins + other.astype(np.int64), minlength=bins * bins)
    return chi_square(found, np.full(bins * bins, len(one) / bins**2))


def test_the_chi_square_limit_agrees_with_published_tables() -> None:
    # Normal quantiles 1.6449 and 3.0902 are p = 0.05 and p = 0.001; the tables say 18.31, 29.59, 124.34, 149.45.
    found = [chi_square_limit(freedom, z) for freedom in (10, 100) for z in (1.6449, 3.0902)]
    assert found == pytest.approx([18.31, 29.59, 124.34, 149.45], rel=6e-3)


# ------------------------------------------------------------------------------------------ the generator itself


@pytest.mark.parametrize(("counter", "key", "expected"), PHILOX_VECTORS)
def test_philox_on_arrays_gives_the_published_vectors(counter: str, key: str, expected: str) -> None:
    words = [np.array([word, word], dtype=np.uint64) for word in words32(counter) + words32(key)]
    assert [word.tolist() for word in philox(*words)] == [[word] * 2 for word in words32(expected)]


@pytest.mark.parametrize(("counter", "key", "expected"), PHILOX_VECTORS)
def test_philox_compiled_gives_the_published_vectors(counter: str, key: str, expected: str) -> None:
    words = [np.uint64(word) for word in words32(counter) + words32(key)]
    assert list(compiled_philox(*words)) == words32(expected)
    part_of_kernels = numba_draws.philox

    @numba.njit  # type: ignore[untyped-decorator]
    def as_kernels_use_it(a: Any, b: Any, c: Any, d: Any, k: Any, m: Any) -> Any:
        return part_of_kernels(a, b, c, d, k, m)

    assert list(as_kernels_use_it(*words)) == words32(expected)


compiled_philox = numba.njit(philox)


def test_a_draw_splits_seed_and_counter_into_low_and_high_words() -> None:
    # Four draws a block: the number of a block stays below 2^62. Both halves of block and seed are in use.
    block, seed = 0x05A308D3_243F6A88, 0x299F31D0_A4093822
    expected = oracle.philox((0x243F6A88, 0x05A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0))
    assert draw_range(seed, 0x13198A2E, 0x03707344, 4 * block, 4 * block + 4).tolist() == list(expected)
    # The first published vector as it is.
    assert draw_range(0, 0, 0, 0, 4).tolist() == words32(PHILOX_VECTORS[0][2])


@settings(deadline=None)
@given(SEEDS, EPOCHS, st.integers(0, 4), st.integers(0, 2**61), st.integers(0, 9))
def test_a_range_of_draws_is_that_of_the_oracle(seed: int, epoch: int, stream: int, start: int, length: int) -> None:
    expected = [oracle.draw(seed, epoch, stream, n) for n in range(start, start + length)]
    assert draw_range(seed, epoch, stream, start, start + length).tolist() == expected


@settings(deadline=None)
@given(SEEDS, EPOCHS, st.integers(0, 4), st.lists(st.integers(0, 2**62), min_size=1, max_size=8))
def test_draws_at_any_counters_are_those_of_the_oracle(seed: int, epoch: int, stream: int, counters: list[int]) -> None:
    expected = [oracle.draw(seed, epoch, stream, n) for n in counters]
    assert draws(seed, epoch, stream, np.array(counters)).tolist() == expected


def test_draws_keep_the_shape_of_the_counters() -> None:
    counters = np.array([[5, 2, 9], [2**33 + 1, 0, 5]])
    drawn = draws(7, 1, NOISE, counters)
    assert drawn.shape == (2, 3)
    assert drawn[0, 0] == drawn[1, 2] == oracle.draw(7, 1, NOISE, 5)
    assert drawn[1, 0] == oracle.draw(7, 1, NOISE, 2**33 + 1)


# --------------------------------------------------------------------------------------------------- the streams


def test_the_table_of_streams_is_the_oracle_s_and_no_two_are_equal() -> None:
    assert (WEIGHTS, KEEP, RADIUS, NOISE) == (oracle.INIT, oracle.KEEP, oracle.RADIUS, oracle.NOISE)
    assert len(set(STREAMS)) == len(STREAMS)


def test_no_training_epoch_meets_the_epoch_of_validation() -> None:
    # Settings allow 2^31 epochs, numbered from 0.
    assert VALIDATION_EPOCH >= 2**31


KEYS = [(1, 0, KEEP), (1, 1, KEEP), (2, 0, KEEP), (1 + 2**32, 0, KEEP), (1, 0, RADIUS), (1, 0, NOISE), (0, 1, KEEP)]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_draws_are_uniform(key: tuple[int, int, int]) -> None:
    drawn = draw_range(key[0], key[1], key[2], 0, 65_536)
    for bits in (drawn >> np.uint64(24), drawn & np.uint64(255), drawn >> np.uint64(12) & np.uint64(255)):
        found = np.bincount(bits.astype(np.int64), minlength=256)
        assert chi_square(found, np.full(256, 256.0)) < chi_square_limit(255)


@pytest.mark.parametrize("keys", list(itertools.combinations(KEYS, 2)), ids=str)
def test_other_seeds_epochs_and_streams_give_independent_draws(keys: Any) -> None:
    one, other = (draw_range(key[0], key[1], key[2], 0, 65_536) >> np.uint64(29) for key in keys)
    assert joint_chi_square(one, other) < chi_square_limit(63)


def test_neighbouring_draws_are_independent() -> None:
    drawn = draw_range(1, 0, NOISE, 0, 65_536) >> np.uint64(29)
    for lag in (1, 2, 3, 4, 5, 10):
        assert joint_chi_square(drawn[:-lag], drawn[lag:]) < chi_square_limit(63)


def test_the_independence_test_sees_streams_that_meet() -> None:
    drawn = draw_range(1, 0, NOISE, 0, 65_536) >> np.uint64(29)
    assert joint_chi_square(drawn, drawn) > 100 * chi_square_limit(63)


def test_a_draw_is_a_32_bit_number() -> None:
    drawn = draw_range(3, 2, WEIGHTS, 0, 100_000)
    assert int(drawn.max()) < randomness.SCALE == 2**32
    assert int(drawn.max()) > 0.999 * 2**32
