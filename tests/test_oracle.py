"""The oracle judged on its own, against published vectors and values worked by hand in the comments.

Knows nothing but `oracle`: what proves the package may not be proved by the package.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import oracle
import pytest
from oracle import Pair, Token

LN2, LN3 = math.log(2), math.log(3)

# Random123, kat_vectors: the three lines "philox4x32 10" as (counter, key, output).
PHILOX_VECTORS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def settings(**changes: Any) -> Any:
    """One epoch of everything at its plainest: all kept, fixed windows of 1, no clip that bites."""
    plain = SimpleNamespace(
        vector_size=4, window=1, negative=1, ns_exponent=0.75, min_count=1, sample=0.0, alpha=0.5,
        min_alpha=0.0, epochs=1, seed=0, batch_size=1, schedule="constant", decay=0.5, gradient_clip=0.0,
        init="uniform", sigmoid_clip=16.0, noise="shared", shrink_windows=False,
    )  # fmt: skip
    return SimpleNamespace(**(vars(plain) | changes))


def words32(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


def tokens(*words: int) -> list[Token]:
    return [Token(position, word) for position, word in enumerate(words)]


# Randomness.


@pytest.mark.parametrize(("counter", "key", "expected"), PHILOX_VECTORS)
def test_philox_gives_the_published_vectors(counter: str, key: str, expected: str) -> None:
    assert oracle.philox(words32(counter), words32(key)) == words32(expected)


def test_draws_count_through_the_words_of_a_block() -> None:
    assert tuple(oracle.draw(0, 0, 0, n) for n in range(4)) == words32(PHILOX_VECTORS[0][2])


def test_a_draw_splits_seed_and_counter_into_low_and_high_words() -> None:
    # The third published vector as (seed, epoch, stream, n): block is the counter's words 1 and 0.
    block, seed = 0x85A308D3_243F6A88, 0x299F31D0_A4093822
    drawn = tuple(oracle.draw(seed, 0x13198A2E, 0x03707344, 4 * block + word) for word in range(4))
    assert drawn == words32(PHILOX_VECTORS[2][2])


def test_initial_weights_of_seed_0_are_the_first_published_vector() -> None:
    u = [word / 2**32 for word in words32(PHILOX_VECTORS[0][2])]
    # V = 2, d = 2: row 0 takes words 0 and 1, row 1 words 2 and 3.
    uniform = oracle.initial_weights(2, 2, 0, "uniform")
    assert uniform == [[(u[0] - 0.5) / 2, (u[1] - 0.5) / 2], [(u[2] - 0.5) / 2, (u[3] - 0.5) / 2]]
    # V = 3, d = 1: the scales are sqrt(6/(3+1)) and sqrt(6/1).
    xavier, he = oracle.initial_weights(3, 1, 0, "xavier"), oracle.initial_weights(3, 1, 0, "he")
    assert xavier[2][0] == pytest.approx((2 * u[2] - 1) * 1.5**0.5, rel=1e-15)
    assert he[2][0] == pytest.approx((2 * u[2] - 1) * 6**0.5, rel=1e-15)


# Vocabulary and subsampling.


def test_words_stand_by_count_then_by_first_appearance() -> None:
    documents = [["z", "the", "y", "b"], [], ["b", "y", "b", "the", "the", "the"]]
    # the 4, b 3, y 2, z 1; without the stop word: b 3, y 2, z 1.
    assert oracle.build_vocabulary(documents, 1) == (["the", "b", "y", "z"], [4, 3, 2, 1])
    assert oracle.build_vocabulary(documents, 2, {"the"}) == (["b", "y"], [3, 2])
    assert oracle.build_vocabulary([["q", "c", "a"], ["a", "c"]], 1)[0] == ["c", "a", "q"]  # c comes before a


def test_positions_count_only_words_in_the_vocabulary_and_documents_stay() -> None:
    stream = oracle.encode([["x", "a", "b"], ["x"], ["b", "x", "a"]], ["b", "a"])
    assert stream == [[(0, 1), (1, 0)], [], [(2, 0), (3, 1)]]


def test_keep_thresholds_by_hand() -> None:
    # t = 1/16. f = 1: 1/4 + 1/16 = 5/16. f = 1/4: 1/2 + 1/4 = 3/4. f = 1/16: 1 + 1, capped at 1.
    assert oracle.keep_thresholds([7], 1 / 16) == [5 * 2**28]
    assert oracle.keep_thresholds([12, 4], 1 / 16)[1] == 3 * 2**30
    assert oracle.keep_thresholds([15, 1], 1 / 16)[1] == 2**32


def test_sample_0_keeps_every_token() -> None:
    assert oracle.keep_thresholds([1000, 1], 0.0) == [2**32, 2**32]
    assert oracle.kept_documents([tokens(0, 1, 0)], [2**32, 2**32], seed=5, epoch=2) == [tokens(0, 1, 0)]


def test_a_token_is_kept_iff_its_draw_is_strictly_below_the_threshold() -> None:
    drawn = oracle.draw(9, 1, 1, 2)  # stream 1, epoch 1, position 2
    document = [[Token(2, 0)]]
    assert oracle.kept_documents(document, [drawn], seed=9, epoch=1) == [[]]
    assert oracle.kept_documents(document, [drawn + 1], seed=9, epoch=1) == [[Token(2, 0)]]


def test_a_run_keeps_about_the_share_it_should() -> None:
    # f = 1, t = 1/16: p = 5/16 of 4,000 = 1,250 with standard deviation sqrt(4000 * 5/16 * 11/16) = 29.3.
    kept = oracle.kept_documents([tokens(*[0] * 4000)], [5 * 2**28], seed=1, epoch=0)
    assert abs(len(kept[0]) - 1250) < 4 * 29.3


# Pairs.


def test_noise_thresholds_by_hand() -> None:
    # Counts 81, 16, 1 to the power 0.75 are 27, 8, 1: shares 27/36, 35/36, 1.
    # 27/36 * 2^32 = 3221225472; 35/36 * 2^32 = 4175662648.89, rounded up.
    assert oracle.noise_thresholds([81, 16, 1], 0.75) == [3221225472, 4175662649, 2**32]
    assert oracle.noise_thresholds([3, 1], 1.0) == [3 * 2**30, 2**32]
    assert oracle.noise_thresholds([3, 1], 0.0) == [2**31, 2**32]


def test_the_noise_word_is_the_first_whose_threshold_is_above_the_draw() -> None:
    words = [oracle.noise_word([10, 20, 2**32], drawn) for drawn in (0, 9, 10, 19, 20, 2**32 - 1)]
    assert words == [0, 0, 1, 1, 2, 2]


def test_noise_follows_count_to_the_power_of_three_quarters() -> None:
    thresholds = oracle.noise_thresholds([81, 16, 1], 0.75)
    noise = [oracle.noise_word(thresholds, oracle.draw(3, 0, 3, n)) for n in range(3600)]
    expected = [2700, 800, 100]
    chi_square = sum((noise.count(i) - expected[i]) ** 2 / expected[i] for i in range(3))
    assert chi_square < 13.8  # 2 degrees of freedom, p = 0.001; shares of count * 0.75 would give about 150


def test_radii_are_uniform_from_1_to_the_window_or_fixed() -> None:
    radii = [oracle.window_radius(1, 0, position, 5, True) for position in range(2000)]
    assert set(radii) == {1, 2, 3, 4, 5}
    assert all(abs(radii.count(r) - 400) < 4 * 17.9 for r in range(1, 6))  # sqrt(2000 * 1/5 * 4/5) = 17.9
    assert oracle.window_radius(1, 0, 0, 5, False) == 5


def test_a_centre_has_the_radius_of_its_position_in_the_stream_and_its_epoch() -> None:
    # 20 kept tokens at positions 100, 103, ..: those 5 or more from both ends have 2 r pairs. Stream 2.
    document = [Token(100 + 3 * i, 0) for i in range(20)]
    centres = oracle.pairs_of_epoch([document], [2**32], settings(window=5, shrink_windows=True), 7)
    draws = [oracle.draw(0, 7, 2, 100 + 3 * i) for i in range(20)]
    assert [len(c.pairs) for c in centres[5:15]] == [2 * (1 + drawn * 5 // 2**32) for drawn in draws[5:15]]


def test_the_input_of_a_pair_is_the_context_word_and_the_output_the_centre() -> None:
    pairs = oracle.pairs_of_centre(tokens(0, 1, 2, 3, 4), 1, 2, [2**32], settings(window=2), 0, 1)
    assert [(pair.input, pair.output) for pair in pairs] == [(0, 1), (2, 1), (3, 1)]


def test_windows_reach_over_dropped_tokens_and_never_over_documents() -> None:
    kept = [[Token(0, 7), Token(3, 8)], [], [Token(4, 9)]]
    centres = oracle.pairs_of_epoch(kept, [2**32], settings(), 0)
    assert [(c.position, [(p.input, p.output) for p in c.pairs]) for c in centres] == [
        (0, [(8, 7)]), (3, [(7, 8)]), (4, []),
    ]  # fmt: skip


def test_shared_noise_is_one_set_a_centre_and_per_pair_noise_one_a_slot() -> None:
    # A threshold every 2^20, so that a noise word is its draw's upper 12 bits and tells which draw it was.
    thresholds = [(i + 1) << 20 for i in range(4096)]
    document = [Token(10 + i, 0) for i in range(5)]

    def noise(kind: str) -> list[tuple[int, ...]]:
        plan = settings(window=3, negative=2, noise=kind)
        return [pair.noise for pair in oracle.pairs_of_centre(document, 1, 2, thresholds, plan, 6, 10)]

    def drawn(*counters: int) -> tuple[int, ...]:
        return tuple(oracle.draw(0, 6, 3, n) >> 20 for n in counters)

    # Centre at position 11, K = 2: 11 * 2 + k, for each of the offsets -1, 1, 2.
    assert noise("shared") == [drawn(22, 23)] * 3
    # The same with the position of another centre, 10.
    assert noise("grouped") == [drawn(20, 21)] * 3
    # Slots of window 3: offset -1 is 2, 1 is 3, 2 is 4. (11 * 6 + 2) * 2 = 136, then 138 and 140.
    assert noise("per-pair") == [drawn(136, 137), drawn(138, 139), drawn(140, 141)]


def test_batches_count_centres_without_context_and_the_last_is_shorter() -> None:
    centres = [oracle.Centre(position, []) for position in range(5)]
    assert [len(batch) for batch in oracle.batches_of_epoch(centres, 2)] == [2, 2, 1]


# Gradients and step. sigma(ln 3) = 3/4 and sigma(-ln 3) = 1/4.


def test_the_gradient_of_one_pair_by_hand() -> None:
    # v = ln 3, output 1, noise -1: s_o = ln 3, s_k = -ln 3. L = -log(3/4) - log(1 - 1/4).
    # dv = (3/4 - 1) * 1 + 1/4 * -1 = -1/2; d output = -1/4 ln 3; d noise = 1/4 ln 3.
    g = oracle.gradients([[LN3]], [[1.0], [-1.0]], [Pair(0, 0, (1,))], 16.0)
    assert g.loss == pytest.approx(2 * math.log(4 / 3))
    assert g.w_in[0] == pytest.approx([-0.5])
    assert g.w_out[0] + g.w_out[1] == pytest.approx([-LN3 / 4, LN3 / 4])


def test_noise_drawn_twice_counts_twice_and_noise_equal_to_the_output_not_at_all() -> None:
    g = oracle.gradients([[LN3]], [[1.0], [-1.0]], [Pair(0, 0, (1, 0, 1))], 16.0)
    assert g.loss == pytest.approx(3 * math.log(4 / 3))
    assert g.w_in[0] == pytest.approx([-0.75])  # -1/4 - 1/4 - 1/4
    assert g.w_out[0] + g.w_out[1] == pytest.approx([-LN3 / 4, LN3 / 2])
    assert (g.n_in, g.n_out) == ({0: 1}, {0: 1, 1: 2})


def test_repeated_pairs_sum() -> None:
    w_in, w_out, pair = [[LN3]], [[1.0], [-1.0]], Pair(0, 0, (1,))
    g = oracle.gradients(w_in, w_out, [pair, pair, pair], 16.0)
    assert g.w_in[0] == pytest.approx([-1.5])
    assert g.w_out[1] == pytest.approx([0.75 * LN3])
    assert (g.n_in, g.n_out) == ({0: 3}, {0: 3, 1: 3})


def test_loss_and_derivative_both_use_the_clipped_score() -> None:
    # Score 100 clipped to ln 3: loss log(4/3), derivative -1/4; dv = -1/4 * 10.
    g = oracle.gradients([[10.0]], [[10.0]], [Pair(0, 0, ())], LN3)
    assert g.loss == pytest.approx(math.log(4 / 3))
    assert g.w_in[0] == pytest.approx([-2.5])


def test_gradients_are_the_slopes_of_the_loss() -> None:
    w_in = [[0.3, -0.2], [0.5, 0.9]]
    w_out = [[-0.4, 0.1], [0.8, -0.7], [0.2, 0.6]]
    pairs = [Pair(0, 1, (2, 0)), Pair(1, 1, (1, 0)), Pair(0, 2, (0, 0)), Pair(0, 1, (2, 2))]
    g = oracle.gradients(w_in, w_out, pairs, 16.0)
    h = 1e-5
    for weights, grads in ((w_in, g.w_in), (w_out, g.w_out)):
        for row, vector in grads.items():
            for column, slope in enumerate(vector):
                middle = weights[row][column]
                weights[row][column] = middle + h
                above = oracle.gradients(w_in, w_out, pairs, 16.0).loss
                weights[row][column] = middle - h
                below = oracle.gradients(w_in, w_out, pairs, 16.0).loss
                weights[row][column] = middle
                assert (above - below) / (2 * h) == pytest.approx(slope, abs=1e-8)


def test_cap_comes_first_then_clip() -> None:
    assert oracle.capped_and_clipped([6.0, 8.0], 4, 4.0, 0.0) == [6.0, 8.0]  # n at the cap: untouched
    assert oracle.capped_and_clipped([6.0, 8.0], 8, 4.0, 0.0) == [3.0, 4.0]  # times 4/8
    assert oracle.capped_and_clipped([6.0, 8.0], 8, 4.0, 5.0) == [3.0, 4.0]  # capped norm 5 is not above 5
    assert oracle.capped_and_clipped([6.0, 8.0], 8, 4.0, 2.5) == pytest.approx([1.5, 2.0])  # norm 5 to 2.5


def test_a_step_caps_input_rows_by_pairs_and_output_rows_by_terms() -> None:
    # Two pairs, each with its noise word twice. Sums: dv = 2 * -3/4, n = 2; d output = 2 * -1/4 ln 3, n = 2;
    # d noise = 4 * 1/4 ln 3, n = 4. Cap 1: dv = -3/4, d output = -1/4 ln 3, d noise = 1/4 ln 3. lr = 2.
    w_in, w_out = [[LN3]], [[1.0], [-1.0]]
    loss = oracle.step(w_in, w_out, [Pair(0, 0, (1, 1))] * 2, 2.0, 1.0, settings())
    assert loss == pytest.approx(6 * math.log(4 / 3))
    assert w_in[0] == pytest.approx([LN3 + 1.5])
    assert w_out[0] + w_out[1] == pytest.approx([1 + LN3 / 2, -1 - LN3 / 2])


def test_a_step_clips_each_row_after_the_cap() -> None:
    # As above, capped: dv = -3/4, d output = -1/4 ln 3 = -0.275, d noise = 0.275. Clip 1/2 shortens dv alone.
    w_in, w_out = [[LN3]], [[1.0], [-1.0]]
    oracle.step(w_in, w_out, [Pair(0, 0, (1, 1))] * 2, 2.0, 1.0, settings(gradient_clip=0.5))
    assert w_in[0] == pytest.approx([LN3 + 1.0])
    assert w_out[0] + w_out[1] == pytest.approx([1 + LN3 / 2, -1 - LN3 / 2])


# Training.


def test_learning_rates_by_hand() -> None:
    # Epoch 1 of 4, position 5 of 10: progress 15/40 = 3/8.
    linear = settings(schedule="linear", alpha=0.5, min_alpha=0.1, epochs=4)
    assert oracle.learning_rate(linear, 1, 5, 10) == pytest.approx(0.35)  # 0.5 - 0.4 * 3/8
    exponential = settings(schedule="exponential", alpha=0.5, min_alpha=0.1, decay=0.5, epochs=4)
    rates = [oracle.learning_rate(exponential, epoch, 5, 10) for epoch in range(4)]
    assert rates == [0.5, 0.25, 0.125, 0.1]  # 0.0625 is below the floor
    assert oracle.learning_rate(settings(schedule="constant", alpha=0.5), 0, 5, 10) == 0.5


def one_word_start() -> list[float]:
    """Row 0 of W_in for seed 0 and d = 4: the first published Philox vector, u to (u - 1/2) / 4."""
    return [(word / 2**32 - 0.5) / 4 for word in words32(PHILOX_VECTORS[0][2])]


def test_a_corpus_of_one_word_in_one_batch_by_hand() -> None:
    # "a a": two pairs (a, a); the only noise word equals the output, so there are no noise terms. W_out = 0:
    # scores 0, sigma 1/2, W_in stays. d output = 2 * (1/2 - 1) v = -v, lr 1/2: W_out = v / 2. Loss 2 ln 2.
    v = one_word_start()
    run = oracle.train([["a", "a"]], settings(batch_size=2), step_limit=math.inf)
    assert (run.words, run.counts, run.pairs, run.kept_positions) == (["a"], [2], [2], [[0, 1]])
    assert run.batch_losses == pytest.approx([2 * LN2])
    assert run.losses == pytest.approx([LN2])
    assert run.w_in[0] == v
    assert run.w_out[0] == pytest.approx([x / 2 for x in v])
    capped = oracle.train([["a", "a"]], settings(batch_size=2), step_limit=0.5)  # cap 1, n = 2: half of it
    assert capped.w_out[0] == pytest.approx([x / 4 for x in v])


def test_the_epoch_loss_is_the_mean_over_pairs_not_centres() -> None:
    # "a a a", window 2: 3 centres, 6 pairs, each of loss ln 2, all in one batch.
    run = oracle.train([["a"] * 3], settings(window=2, batch_size=3), step_limit=32.0)
    assert run.pairs == [6]
    assert run.losses == pytest.approx([LN2])


def test_a_run_uses_min_count_stop_words_and_init() -> None:
    # Left after the stop word and the word seen once: "a a" at positions 0 and 1. Scale of he: sqrt(6/4).
    documents = [["rare", "a", "the", "a", "the"]]
    run = oracle.train(documents, settings(min_count=2), step_limit=32.0, stop_words={"the"})
    assert (run.words, run.counts, run.kept_positions) == (["a"], [2], [[0, 1]])
    u = words32(PHILOX_VECTORS[0][2])[0] / 2**32
    first = oracle.train([["a"]], settings(init="he"), step_limit=32.0)  # no pair: the weights as drawn
    assert first.w_in[0][0] == pytest.approx((2 * u - 1) * 1.5**0.5)


def test_a_second_batch_sees_the_weights_and_the_rate_after_the_first() -> None:
    # Batch 1, linear from 1/2 to 0: rates 1/2 (progress 0) and 1/4 (progress 1/2).
    # After the first, W_out = 1/2 * 1/2 v = v / 4. Second: s = v.v / 4, e = sigma(s) - 1.
    # W_in = v - 1/4 e v / 4; W_out = v / 4 - 1/4 e v.
    v = one_word_start()
    s = sum(x * x for x in v) / 4
    e = 1 / (1 + math.exp(-s)) - 1
    run = oracle.train([["a", "a"]], settings(schedule="linear"), step_limit=32.0)
    assert run.learning_rates == [0.5, 0.25]
    assert run.batch_losses == pytest.approx([LN2, math.log(1 + math.exp(-s))])
    assert run.w_in[0] == pytest.approx([x * (1 - e / 16) for x in v])
    assert run.w_out[0] == pytest.approx([x * (1 / 4 - e / 4) for x in v])


def test_two_words_with_noise_by_hand() -> None:
    # "a b", one batch: pairs (b, a) and (a, b), W_out = 0, all scores 0, all slopes +-1/2, W_in stays.
    # K = 3, lr = 1/2. Noise is a or b: m_a of centre a's draws and m_b of centre b's hit the other word.
    # W_out of a: lr/2 of b's vector from its pair, minus lr/2 m_b of a's from the pair (a, b); b likewise.
    # Equal counts: a draw below 2^31 is a. Shared noise of centre a (position 0): draws 0..2; of b: 3..5.
    m_a = sum(oracle.draw(0, 0, 3, n) >= 2**31 for n in (0, 1, 2))
    m_b = sum(oracle.draw(0, 0, 3, n) < 2**31 for n in (3, 4, 5))
    assert m_a + m_b > 0  # or the noise would not be tested
    run = oracle.train([["a", "b"]], settings(negative=3, batch_size=2), step_limit=math.inf)
    a, b = oracle.initial_weights(2, 4, 0, "uniform")
    assert run.w_in == [a, b]
    assert run.w_out[0] == pytest.approx([0.25 * y - 0.25 * m_b * x for x, y in zip(a, b, strict=True)])
    assert run.w_out[1] == pytest.approx([0.25 * x - 0.25 * m_a * y for x, y in zip(a, b, strict=True)])
    assert run.losses == pytest.approx([(2 + m_a + m_b) * LN2 / 2])


def test_the_rate_follows_the_stream_position_of_the_first_kept_centre() -> None:
    # One word, f = 1, t = 1/16: 5/16 kept. N = 40, two epochs; linear from 1/2 to 0.
    plan = settings(sample=1 / 16, schedule="linear", epochs=2, batch_size=3)
    run = oracle.train([["a"] * 40], plan, step_limit=32.0)
    expected = [[p for p in range(40) if oracle.draw(0, epoch, 1, p) < 5 * 2**28] for epoch in range(2)]
    assert run.kept_positions == expected
    assert expected[0] != expected[1]
    firsts = expected[0][::3] + [40 + p for p in expected[1][::3]]
    assert run.learning_rates == pytest.approx([0.5 - 0.5 * p / 80 for p in firsts])
    assert run.pairs == [2 * (len(kept) - 1) for kept in expected]  # both neighbours, but at the two ends


def test_an_epoch_without_pairs_has_no_loss_and_moves_nothing() -> None:
    run = oracle.train([["a"], ["b"]], settings(), step_limit=32.0)
    assert run.pairs == [0]
    assert math.isnan(run.losses[0])
    assert run.w_in == oracle.initial_weights(2, 4, 0, "uniform")


@pytest.mark.parametrize("noise", ["grouped", "shared", "per-pair"])
def test_training_lowers_the_loss_and_parts_words_that_never_meet(noise: str) -> None:
    documents = [["sun", "moon"] * 4, ["salt", "soup"] * 4] * 6
    plan = settings(window=2, negative=2, noise=noise, epochs=30, alpha=0.05, seed=4, shrink_windows=True)
    run = oracle.train(documents, plan, step_limit=32.0)
    index = {word: i for i, word in enumerate(run.words)}

    def dot(word: str, output: str) -> float:
        return sum(a * b for a, b in zip(run.w_in[index[word]], run.w_out[index[output]], strict=True))

    assert run.losses[-1] < 0.75 * run.losses[0]
    assert dot("sun", "moon") > 0 > dot("sun", "soup")
