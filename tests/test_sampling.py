"""The sampler: thresholds by hand, distributions by chi-square, and every engine's draws equal in every bit."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_randomness import chi_square, chi_square_limit, joint_chi_square

from fastw2v import Settings, engines
from fastw2v.draws import numba_draws, numpy_draws
from fastw2v.draws.numpy_draws import Draws, NumpyDraws, keep_thresholds, noise_thresholds
from fastw2v.registry import ENGINES

ALL = 2**32
NAMES = list(ENGINES)


def draws_of(name: str, counts: list[int] | npt.NDArray[Any], **changes: Any) -> Draws:
    return engines.make(Settings(engine=name, **changes), np.array(counts, dtype=np.int64))[1]


def as_threshold(share: Fraction) -> int:
    return math.floor(share * ALL + Fraction(1, 2))


def noise_of(drawn: Draws, centres: int, epoch: int = 0) -> npt.NDArray[np.int32]:
    return drawn.noise(np.arange(centres, dtype=np.int64), epoch)


# ------------------------------------------------------------------------------------------ thresholds by hand


def test_keep_thresholds_are_sqrt_t_over_f_plus_t_over_f_of_all_draws() -> None:
    # t = 1/64. f = 9/16: t/f = 1/36, kept 1/6 + 1/36 = 7/36. f = 4/16: t/f = 1/16, kept 1/4 + 1/16 = 5/16.
    # f = 3/16: t/f = 1/12, kept sqrt(1/12) + 1/12 = 0.288675 + 0.083333 = 0.372008.
    found = keep_thresholds(np.array([9, 4, 3]), 1 / 64).tolist()
    assert found[:2] == [as_threshold(Fraction(7, 36)), as_threshold(Fraction(5, 16))]
    assert found[2] / ALL == pytest.approx(0.372008, abs=1e-6)


def test_a_word_rare_enough_is_always_kept() -> None:
    # t = 1/16, f = 1/16: t/f = 1, kept 1 + 1, at most 1. f = 15/16: t/f = 1/15.
    found = keep_thresholds(np.array([15, 1]), 1 / 16).tolist()
    assert found[1] == ALL
    assert found[0] / ALL == pytest.approx(15**-0.5 + 1 / 15, abs=1e-9)


def test_sample_0_keeps_every_token() -> None:
    assert keep_thresholds(np.array([10**9, 1]), 0.0).tolist() == [ALL, ALL]


def test_noise_thresholds_accumulate_count_to_the_power_of_three_quarters() -> None:
    # 81^.75 = 27, 16^.75 = 8, 1: of 36. count * 0.75 would give 81/98, 97/98, 1.
    expected = [as_threshold(Fraction(27, 36)), as_threshold(Fraction(35, 36)), ALL]
    assert noise_thresholds(np.array([81, 16, 1]), 0.75).tolist() == expected == [3221225472, 4175662649, ALL]


@pytest.mark.parametrize(
    ("exponent", "first"),
    [(1.0, Fraction(3, 4)), (0.0, Fraction(1, 2)), (-1.0, Fraction(1, 4)), (2.0, Fraction(9, 10))],
)
def test_noise_thresholds_follow_the_exponent(exponent: float, first: Fraction) -> None:
    # Counts 3 and 1: 3 of 4, 1 of 2, 1/3 of 4/3, 9 of 10.
    assert noise_thresholds(np.array([3, 1]), exponent).tolist() == [as_threshold(first), ALL]


COUNTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=50)


@settings(deadline=None)
@given(COUNTS, st.floats(0, 1))
def test_keep_thresholds_are_the_oracle_s_and_rarer_words_are_kept_more(counts: list[int], sample: float) -> None:
    found = keep_thresholds(np.array(sorted(counts, reverse=True)), sample).tolist()
    assert found == oracle.keep_thresholds(sorted(counts, reverse=True), sample)
    assert found == sorted(found)
    assert all(0 <= threshold <= ALL for threshold in found)


@settings(deadline=None)
@given(COUNTS, st.floats(-10, 10))
def test_noise_thresholds_rise_to_all_draws_and_are_the_oracle_s(counts: list[int], exponent: float) -> None:
    found = noise_thresholds(np.array(counts), exponent).tolist()
    assert found == sorted(found)
    assert found[-1] == ALL
    expected = oracle.noise_thresholds(counts, exponent)
    # A power may differ by one unit in its last place between libraries: up to 2^32 * 50 * 2^-52, rounded.
    assert np.abs(np.array(found) - np.array(expected)).max() <= 1


# ------------------------------------------------------------------------------------- from a draw to a decision


MODULES = {"numpy": numpy_draws, "numba": numba_draws}


@pytest.mark.parametrize("name", MODULES)
def test_a_token_stays_where_its_draw_is_strictly_below_the_threshold(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = oracle.draw(9, 1, oracle.KEEP, 6)
    for threshold, kept in ((drawn, []), (drawn + 1, [6])):
        table = np.array([threshold], dtype=np.uint64)
        monkeypatch.setattr(MODULES[name], "keep_thresholds", lambda *_, table=table: table)
        found = draws_of(name, [1], seed=9).keep(np.zeros(1, dtype=np.int32), 1, 6)
        assert found.tolist() == kept


@pytest.mark.parametrize("name", MODULES)
def test_the_noise_word_is_the_first_whose_threshold_exceeds_the_draw(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = oracle.draw(9, 1, oracle.NOISE, 6)
    # Words 1 and 2 have no share at all: their thresholds are those of the word before.
    for threshold, word in ((drawn, 3), (drawn + 1, 0)):
        table = np.array([threshold, threshold, threshold, ALL], dtype=np.uint64)
        monkeypatch.setattr(MODULES[name], "noise_thresholds", lambda *_, table=table: table)
        found = draws_of(name, [1, 1, 1, 1], seed=9, negative=1).noise(np.array([6]), 1)
        assert found.tolist() == [[word]]


@pytest.mark.parametrize("name", NAMES)
def test_every_draw_has_the_oracle_s_counter(name: str) -> None:
    counts, start = [50, 30, 20, 10, 5, 5], 2**34 + 3
    own = draws_of(name, counts, seed=2**40 + 5, window=7, negative=3, sample=0.05)
    ids = np.arange(200, dtype=np.int32) % 6
    tokens = [oracle.Token(start + i, int(word)) for i, word in enumerate(ids)]
    kept = oracle.kept_documents([tokens], oracle.keep_thresholds(counts, 0.05), 2**40 + 5, 4)[0]
    assert own.keep(ids, 4, start).tolist() == [token.position for token in kept]
    positions = np.array([0, 5, 6, 2**33 + 2])
    radii = [oracle.window_radius(2**40 + 5, 4, position, 7, True) for position in positions.tolist()]
    assert own.radius(positions, 4).tolist() == radii
    thresholds = oracle.noise_thresholds(counts, 0.75)
    expected = [
        [oracle.noise_word(thresholds, oracle.draw(2**40 + 5, 4, 3, 3 * position + k)) for k in range(3)]
        for position in positions.tolist()
    ]
    assert own.noise(positions, 4).tolist() == expected


# ------------------------------------------------------------------------------------------------- distributions


@pytest.mark.parametrize("name", NAMES)
def test_noise_follows_count_to_the_power_of_three_quarters_and_not_count_times_it(name: str) -> None:
    counts = np.array([1000, 300, 100, 30, 10, 3])
    found = np.bincount(noise_of(draws_of(name, counts, negative=5), 12_000).ravel(), minlength=6)
    right, wrong = counts**0.75, counts * 0.75
    assert found.sum() == 60_000
    assert chi_square(found, 60_000 * right / right.sum()) < chi_square_limit(5)
    assert chi_square(found, 60_000 * wrong / wrong.sum()) > 100 * chi_square_limit(5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("exponent", [0.0, 1.0, -0.5])
def test_noise_follows_any_exponent(name: str, exponent: float) -> None:
    counts = np.array([1000, 300, 100, 30, 10, 3])
    shares = counts**exponent / (counts**exponent).sum()
    found = np.bincount(noise_of(draws_of(name, counts, ns_exponent=exponent), 12_000).ravel(), minlength=6)
    assert chi_square(found, 60_000 * shares) < chi_square_limit(5)


@pytest.mark.parametrize("name", NAMES)
def test_each_word_is_kept_at_its_own_rate(name: str) -> None:
    # Ten thousand tokens of each word, whatever the counts say: the rate is the word's, not the text's.
    counts, sample = np.array([8000, 4000, 2000, 1000, 10]), 1e-2
    ids = np.tile(np.arange(5, dtype=np.int32), 10_000)
    kept = draws_of(name, counts, sample=sample).keep(ids, 0, 0)
    found = np.bincount(ids[kept], minlength=5)
    ratio = sample * counts.sum() / counts
    rates = np.minimum(1, np.sqrt(ratio) + ratio)
    assert found[4] == 10_000
    deviations = (found - 10_000 * rates)[:4] / np.sqrt(10_000 * rates * (1 - rates))[:4]
    assert float((deviations**2).sum()) < chi_square_limit(4)
    # word2vec's other formula, without the second t/f, would be seen.
    without = (found - 10_000 * np.sqrt(ratio))[:4] / np.sqrt(10_000 * rates * (1 - rates))[:4]
    assert float((without**2).sum()) > 10 * chi_square_limit(4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("window", [1, 2, 5, 12])
def test_radii_are_uniform_from_1_to_the_window(name: str, window: int) -> None:
    radii = draws_of(name, [1, 1], window=window).radius(np.arange(24_000), 3)
    found = np.bincount(radii, minlength=window + 1)
    assert len(found) == window + 1
    assert found[0] == 0
    assert chi_square(found[1:], np.full(window, 24_000 / window)) < chi_square_limit(max(1, window - 1))


@pytest.mark.parametrize("name", NAMES)
def test_windows_that_do_not_shrink_have_the_radius_of_the_window(name: str) -> None:
    radii = draws_of(name, [1, 1], window=4, shrink_windows=False).radius(np.arange(9), 0)
    assert radii.tolist() == [4] * 9
    assert radii.dtype == np.int32


@pytest.mark.parametrize("name", NAMES)
def test_kept_tokens_radii_and_noise_words_are_independent_of_each_other(name: str) -> None:
    # Eight noise words equally likely, radii 1..8, tokens kept or not: all with the same positions.
    own = draws_of(name, [5] * 8, window=8, negative=2, ns_exponent=0.0, sample=0.01)
    positions = np.arange(32_768)
    noise, radius = own.noise(positions, 0), own.radius(positions, 0) - 1
    limit = chi_square_limit(63)
    assert joint_chi_square(noise[:, 0], radius) < limit
    assert joint_chi_square(noise[:, 0], noise[:, 1]) < limit
    assert joint_chi_square(noise[1:, 0], noise[:-1, 1]) < limit
    kept = own.keep(np.zeros(len(positions), dtype=np.int32), 0, 0)
    for values in (noise[kept, 0], noise[kept, 1], radius[kept]):
        assert chi_square(np.bincount(values, minlength=8), np.full(8, len(kept) / 8)) < chi_square_limit(7)


@pytest.mark.parametrize("name", NAMES)
def test_other_epochs_and_seeds_draw_other_noise_radii_and_tokens(name: str) -> None:
    positions, ids = np.arange(32_768), np.zeros(32_768, dtype=np.int32)
    options: dict[str, Any] = {"window": 8, "negative": 1, "ns_exponent": 0.0, "sample": 0.01}
    first, other = draws_of(name, [5] * 8, seed=1, **options), draws_of(name, [5] * 8, seed=2, **options)
    for one, two in (((first, 0), (first, 1)), ((first, 0), (other, 0))):
        noise = [own.noise(positions, epoch)[:, 0] for own, epoch in (one, two)]
        radii = [own.radius(positions, epoch) - 1 for own, epoch in (one, two)]
        assert joint_chi_square(noise[0], noise[1]) < chi_square_limit(63)
        assert joint_chi_square(radii[0], radii[1]) < chi_square_limit(63)
        kept = [set(own.keep(ids, epoch, 0).tolist()) for own, epoch in (one, two)]
        rate = len(kept[0]) / len(ids)
        together, sigma = len(kept[0] & kept[1]), math.sqrt(len(ids) * rate**2 * (1 - rate**2))
        assert abs(together - len(ids) * rate**2) < 4 * sigma


# ------------------------------------------------------------------------- the engines' draws, equal in every bit


OTHERS = [name for name, (_, draws) in ENGINES.items() if not draws.endswith(":NumpyDraws")]


def same_draws(
    name: str, counts: npt.NDArray[np.int64], options: Settings, start: int, length: int, epoch: int
) -> None:
    plain, own = NumpyDraws(counts, options), engines.make(replace(options, engine=name), counts)[1]
    ids = (np.arange(length, dtype=np.int64) * 7919 % len(counts)).astype(np.int32)
    positions = start + 3 * np.arange(length, dtype=np.int64) ** 2
    for found, wanted in (
        (own.keep(ids, epoch, start), plain.keep(ids, epoch, start)),
        (own.radius(positions, epoch), plain.radius(positions, epoch)),
        (own.noise(positions, epoch), plain.noise(positions, epoch)),
    ):
        assert found.dtype == wanted.dtype
        assert found.shape == wanted.shape
        assert np.array_equal(found, wanted)


@pytest.mark.parametrize("name", OTHERS)
@settings(deadline=None, max_examples=150)
@given(
    counts=st.lists(st.integers(1, 10**6), min_size=1, max_size=9),
    seed=st.integers(0, 2**64 - 1),
    epoch=st.integers(0, 2**31),
    start=st.one_of(st.integers(0, 9), st.integers(2**32 - 9, 2**32 + 9), st.integers(0, 2**57)),
    length=st.integers(0, 40),
    window=st.integers(1, 1000),
    negative=st.integers(1, 9),
    exponent=st.sampled_from([0.75, 0.0, 1.0, -1.0, 10.0, -10.0]),
    sample=st.sampled_from([0.0, 1e-5, 1e-2, 1.0]),
)
def test_compiled_draws_equal_numpy_s_in_every_bit(
    name: str, counts: list[int], seed: int, epoch: int, start: int, length: int, window: int, negative: int,
    exponent: float, sample: float,
) -> None:  # fmt: skip
    options = Settings(seed=seed, window=window, negative=negative, ns_exponent=exponent, sample=sample)
    same_draws(name, np.array(counts, dtype=np.int64), options, start, length, epoch)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("words", [1, 2, 3, 65_537, 100_000])
@pytest.mark.parametrize("exponent", [0.75, 0.0, 1.0, -1.0, 10.0])
def test_compiled_draws_equal_numpy_s_for_any_vocabulary(name: str, words: int, exponent: float) -> None:
    # Zipf's law; at the power 10 the first word takes nearly all and thousands of words share one threshold.
    counts = (10**7 // np.arange(1, words + 1)).astype(np.int64)
    same_draws(name, counts, Settings(ns_exponent=exponent, sample=1e-3), 2**33 + 1, 20_000, 2)


@pytest.mark.parametrize("name", NAMES)
def test_a_vocabulary_of_one_word_draws_that_word(name: str) -> None:
    assert np.unique(noise_of(draws_of(name, [7]), 100)).tolist() == [0]
