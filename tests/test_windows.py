"""The plan of an epoch against the oracle's document by document construction, at every block and batch size."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import pair_arrays

from fastw2v import Settings
from fastw2v.batches.windows import Windows, pair_offsets
from fastw2v.corpus.vocabulary import Stream
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.objectives.negative_sampling import group_noise, sharers, slot_counters
from fastw2v.training.plan import Plan

Pairs = list[tuple[int, int, tuple[int, ...]]]
# Word 0 is frequent enough to be dropped often at the samples below.
COUNTS = np.array([60, 20, 10, 5, 5], dtype=np.int64)
DOCUMENTS = st.lists(st.lists(st.integers(0, 4), max_size=25), min_size=1, max_size=10)
SETTINGS = st.builds(
    Settings,
    window=st.integers(1, 6),
    shrink_windows=st.booleans(),
    sample=st.sampled_from([0.0, 0.02, 0.1]),
    negative=st.integers(1, 3),
    noise=st.sampled_from(["grouped", "shared", "per-pair"]),
    batch_size=st.sampled_from([1, 2, 3, 7, 64, 1000]),
    alpha=st.sampled_from([0.01, 0.1, 0.2, 1.0]),
    seed=st.integers(0, 2**64 - 1),
)


def stream_of(documents: list[list[int]]) -> Stream:
    lengths = [len(document) for document in documents]
    ids = np.array([word for document in documents for word in document], dtype=np.int32)
    return Stream(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


def plan_of(documents: list[list[int]], options: Settings) -> Plan:
    return Plan(stream_of(documents), options, NumpyDraws(COUNTS, options))


def pairs_of(part: Windows) -> Pairs:
    inputs, outputs, noise = pair_arrays(part)
    rows = [tuple(row) for row in noise.tolist()]
    return list(zip(inputs.tolist(), outputs.tolist(), rows, strict=True))


def naive_centres(documents: list[list[int]], options: Settings, epoch: int) -> list[oracle.Centre]:
    position, tokens = 0, []
    for document in documents:
        tokens.append([oracle.Token(position + i, word) for i, word in enumerate(document)])
        position += len(document)
    kept = oracle.kept_documents(tokens, oracle.keep_thresholds(COUNTS.tolist(), options.sample), options.seed, epoch)
    thresholds = oracle.noise_thresholds(COUNTS.tolist(), options.ns_exponent)
    return oracle.pairs_of_epoch(kept, thresholds, options, epoch)


@settings(deadline=None, max_examples=150)
@given(DOCUMENTS, SETTINGS, st.integers(1, 40), st.integers(0, 5))
def test_the_batches_are_those_of_a_naive_construction_at_any_block_size(
    documents: list[list[int]], options: Settings, block: int, epoch: int
) -> None:
    centres = naive_centres(documents, options, epoch)
    expected = oracle.batches_of_epoch(centres, options.batch_size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fastw2v.training.plan.BLOCK", block)
        blocks = list(plan_of(documents, options).blocks(epoch))
    batches = [batch for part in blocks for batch in part.batches(options.batch_size)]
    assert [batch.positions.tolist() for batch in batches] == [[c.position for c in batch] for batch in expected]
    for found, wanted in zip(batches, expected, strict=True):
        assert pairs_of(found) == [tuple(pair) for centre in wanted for pair in centre.pairs]
        assert found.pairs == sum(len(centre.pairs) for centre in wanted)
        assert len(found) == len(wanted)
    # Whole batches but for the last, so that the blocks' borders show nowhere.
    assert all(len(part) % options.batch_size == 0 for part in blocks[:-1])
    assert all(len(part) > 0 for part in blocks)


@settings(deadline=None, max_examples=50)
@given(DOCUMENTS, SETTINGS, st.integers(1, 40), st.integers(0, 100))
def test_an_epoch_that_stops_early_is_that_of_the_stream_s_beginning(
    documents: list[list[int]], options: Settings, block: int, stop: int
) -> None:
    words = [word for document in documents for word in document][:stop]
    ends = np.cumsum([len(document) for document in documents])
    beginning = Stream(np.array(words, dtype=np.int32), np.minimum(np.concatenate(([0], ends)), stop))
    plan, draws = plan_of(documents, options), NumpyDraws(COUNTS, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fastw2v.training.plan.BLOCK", block)
        found = [pairs_of(part) for part in plan.blocks(0, stop=stop)]
        wanted = [pairs_of(part) for part in Plan(beginning, options, draws).blocks(0)]
    assert found == wanted


@settings(deadline=None, max_examples=50)
@given(DOCUMENTS, SETTINGS)
def test_windows_never_cross_documents(documents: list[list[int]], options: Settings) -> None:
    counts = np.ones(10, dtype=np.int64)
    # Document i holds the word i only.
    apart = [[i] * len(document) for i, document in enumerate(documents)]
    plan = Plan(stream_of(apart), options, NumpyDraws(counts, options))
    for part in plan.blocks(0):
        inputs, outputs, _ = pair_arrays(part)
        assert np.array_equal(inputs, outputs)


def everything(documents: list[list[int]], **changes: Any) -> list[Windows]:
    options = Settings(**{"sample": 0.0, "shrink_windows": False, "negative": 1, **changes})
    return [part for block in plan_of(documents, options).blocks(0) for part in block.batches(options.batch_size)]


def test_windows_reach_across_batches_and_a_pair_belongs_to_its_centre_s_batch() -> None:
    first, second = everything([[0, 1, 2, 3]], batch_size=2, window=1)
    assert [(i, o) for i, o, _ in pairs_of(first)] == [(1, 0), (0, 1), (2, 1)]
    assert [(i, o) for i, o, _ in pairs_of(second)] == [(1, 2), (3, 2), (2, 3)]


def test_the_context_is_the_input_and_the_centre_the_output_from_left_to_right() -> None:
    (batch,) = everything([[0, 1, 2, 3, 4]], window=2)
    pairs = [(i, o) for i, o, _ in pairs_of(batch)]
    assert pairs[:5] == [(1, 0), (2, 0), (0, 1), (2, 1), (3, 1)]
    assert pairs[5:9] == [(0, 2), (1, 2), (3, 2), (4, 2)]


def test_a_batch_may_span_documents_and_counts_centres_without_context() -> None:
    first, second = everything([[0], [1, 2], [], [3], [4]], batch_size=3, window=5)
    assert [(i, o) for i, o, _ in pairs_of(first)] == [(2, 1), (1, 2)]
    assert (len(first), len(second)) == (3, 2)
    assert pairs_of(second) == []
    assert second.pairs == 0


def test_shared_noise_is_one_row_a_centre_and_per_pair_noise_one_a_pair() -> None:
    (shared,) = everything([[0, 1, 2, 3] * 5], window=2, negative=3, noise="shared")
    (fresh,) = everything([[0, 1, 2, 3] * 5], window=2, negative=3, noise="per-pair")
    assert shared.noise.shape == (20, 3)
    assert fresh.noise.shape == (fresh.pairs, 3)
    of_centre: dict[int, set[tuple[int, ...]]] = {}
    centre, _ = pair_offsets(shared.left, shared.right)
    for i, (_, _, noise) in zip(centre.tolist(), pairs_of(shared), strict=True):
        of_centre.setdefault(i, set()).add(noise)
    assert all(len(rows) == 1 for rows in of_centre.values())
    assert len({noise for _, _, noise in pairs_of(fresh)[:4]}) > 1


def test_grouped_noise_is_one_row_for_eight_centres_of_a_batch_eight_apart() -> None:
    own, row = group_noise(270, 135, 8)  # two batches of two squares of 8 x 8 centres and of seven centres more
    first = [*range(8), *range(64, 72), *range(128, 135)]
    assert own.nonzero()[0].tolist() == [*first, *(135 + centre for centre in first)]
    square = [*range(8)] * 8
    rows = [*square, *(8 + place for place in square), *range(16, 23)]
    assert row.tolist() == [*rows, *(23 + number for number in rows)]


def test_fewer_centres_share_where_one_draw_would_reach_the_step_limit() -> None:
    # 1.6 / .025 = 64 pairs; a window has 6 or, not shrinking, 10.
    assert sharers(Settings()) == 8
    assert sharers(Settings(shrink_windows=False)) == 6
    assert sharers(Settings(window=10)) == 5
    assert sharers(Settings(alpha=0.1)) == 2
    assert sharers(Settings(alpha=1.0)) == 1
    assert sharers(Settings(alpha=1e-310, min_alpha=0)) == 8
    own, row = group_noise(40, 256, 2)
    assert own.nonzero()[0].tolist() == [*range(8), *range(16, 24), *range(32, 40)]
    assert row.tolist() == [*range(8)] * 2 + [*range(8, 16)] * 2 + [*range(16, 24)]


def test_the_noise_of_a_group_is_drawn_for_its_first_centre() -> None:
    (grouped,) = everything([[0, 1, 2, 3] * 20], negative=3, window=4)
    (shared,) = everything([[0, 1, 2, 3] * 20], negative=3, window=4, noise="shared")
    assert grouped.noise.shape == (16, 3)
    assert grouped.noise_of is not None
    assert np.array_equal(grouped.noise[grouped.noise_of[:64]], np.tile(shared.noise[:8], (8, 1)))
    assert np.array_equal(grouped.noise[grouped.noise_of[64:]], np.tile(shared.noise[64:72], (2, 1)))


def test_dropped_tokens_close_up_so_that_windows_reach_further() -> None:
    documents = [[0] * 40 + [1, 2] + [0] * 40]
    options = Settings(sample=1e-3, window=2, shrink_windows=False, seed=4)
    (block,) = plan_of(documents, options).blocks(0)
    assert len(block) < 82
    # Every centre has two contexts on both sides, but for the document's first and last ones.
    assert block.left.tolist() == [0, 1, *[2] * (len(block) - 2)]
    assert block.right.tolist() == [*[2] * (len(block) - 2), 1, 0]


def test_blocks_stay_small_however_long_the_stream_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 64)
    options = Settings(sample=0.0, window=5, batch_size=16)
    sizes = [len(block) for block in plan_of([[0, 1, 2, 3] * 250] * 5, options).blocks(0)]
    assert sum(sizes) == 5_000
    assert max(sizes) <= 64 + 16 + 5


def test_an_epoch_without_a_kept_token_has_no_batch() -> None:
    options = Settings(sample=1e-12)
    assert list(plan_of([[0] * 50], options).blocks(0)) == []


# -------------------------------------------------------------------------------------------------------- slices


@settings(deadline=None, max_examples=150)
@given(DOCUMENTS, SETTINGS, st.data())
def test_a_slice_keeps_the_pairs_and_noise_of_its_centres(
    documents: list[list[int]], options: Settings, data: st.DataObject
) -> None:
    for whole in plan_of(documents, options).blocks(2):
        start = data.draw(st.integers(0, len(whole)))
        stop = data.draw(st.integers(start, len(whole)))
        centre, _ = pair_offsets(whole.left, whole.right)
        chosen = (centre >= start) & (centre < stop)
        expected = [pair for pair, inside in zip(pairs_of(whole), chosen, strict=True) if inside]
        part = whole[start:stop]
        assert pairs_of(part) == expected
        assert len(part) == stop - start
        assert part.positions.tolist() == whole.positions[start:stop].tolist()
        if part.per_pair or part.noise_of is None:
            assert len(part.noise) == (len(expected) if part.per_pair else len(part))
        elif len(part):
            assert (part.noise_of.min(), part.noise_of.max()) == (0, len(part.noise) - 1)
        # A slice of a slice is a slice.
        low = data.draw(st.integers(0, len(part)))
        again, direct = part[low:], whole[start + low : stop]
        assert pairs_of(again) == pairs_of(direct)
        assert again.tokens.tolist() == direct.tokens.tolist()


def test_a_slice_holds_no_more_tokens_than_its_windows_reach() -> None:
    (batch,) = everything([[0, 1, 2, 3, 4] * 20], window=3, batch_size=100)
    assert batch[50:52].tokens.tolist() == batch.tokens[47:55].tolist()
    assert batch[50:52].first == 3


def test_slot_counters_by_hand() -> None:
    """With window 3, the centre at position p has the numbers 6 p .. 6 p + 5; its pairs have the inner ones."""
    left, right = np.array([0, 3, 1, 0], dtype=np.int32), np.array([1, 3, 0, 0], dtype=np.int32)
    counters = slot_counters(np.array([0, 2, 10, 11]), left, right, 3)
    assert counters.tolist() == [3, 12, 13, 14, 15, 16, 17, 62]


def test_pair_offsets_by_hand() -> None:
    centre, offset = pair_offsets(np.array([0, 2, 0, 1], dtype=np.int32), np.array([1, 1, 0, 0], dtype=np.int32))
    assert centre.tolist() == [0, 1, 1, 1, 3]
    assert offset.tolist() == [1, -2, -1, 1, -1]
