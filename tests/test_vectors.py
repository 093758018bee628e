"""KeyedVectors: hand-worked answers, order at ties, zero vectors, and what it refuses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import DataError, UnknownWordError, UsageError
from fastw2v.vectors import KeyedVectors, close_words, first_non_finite_row, top_rows, unit_rows


def plane(**vectors: tuple[float, float]) -> KeyedVectors:
    return KeyedVectors(list(vectors), np.array(list(vectors.values()), dtype=np.float32))


COMPASS = plane(east=(2, 0), north=(0, 5), northeast=(1, 1), west=(-3, 0), nowhere=(0, 0))


def test_similarity_is_the_cosine_whatever_the_lengths() -> None:
    assert COMPASS.similarity("east", "north") == pytest.approx(0)
    assert COMPASS.similarity("east", "northeast") == pytest.approx(math.sqrt(0.5))
    assert COMPASS.similarity("east", "west") == pytest.approx(-1)


def test_similarity_of_a_word_with_itself_never_exceeds_one() -> None:
    words = [str(row) for row in range(200)]
    vectors = KeyedVectors(words, np.random.default_rng(0).normal(size=(200, 7)).astype(np.float32))
    own = [vectors.similarity(word, word) for word in words]
    assert max(own) <= 1
    assert own == pytest.approx([1.0] * 200, abs=1e-6)


def test_a_zero_vector_is_similar_to_nothing_and_gives_no_nan() -> None:
    assert COMPASS.similarity("nowhere", "east") == 0
    assert COMPASS.similarity("nowhere", "nowhere") == 0
    assert COMPASS.most_similar("nowhere") == [
        ("east", 0.0),
        ("north", 0.0),
        ("northeast", 0.0),
        ("west", 0.0),
    ]


def test_most_similar_orders_by_cosine_and_leaves_the_question_out() -> None:
    answer = COMPASS.most_similar("east", topn=10)
    assert [word for word, _ in answer] == ["northeast", "north", "nowhere", "west"]
    assert answer[0][1] == pytest.approx(math.sqrt(0.5))


def test_one_word_and_a_list_of_that_word_ask_the_same() -> None:
    assert COMPASS.most_similar("east") == COMPASS.most_similar(["east"])


def test_equal_cosines_come_in_row_order() -> None:
    vectors = KeyedVectors(list("abcdef"), np.array([[1, 0], [0, 1], [1, 0], [0, 2], [2, 0], [0, 1]], np.float32))
    assert [word for word, _ in vectors.most_similar("a", topn=4)] == ["c", "e", "b", "d"]


def test_long_vectors_weigh_no_more_than_short_ones_in_a_mean() -> None:
    vectors = plane(long=(1000, 0), short=(0, 1), middle=(1, 1), beside=(5, 1))
    assert vectors.most_similar(["long", "short"], topn=1)[0][0] == "middle"


def test_negative_words_push_away() -> None:
    vectors = plane(a=(1, 0), b=(0, 1), minus_b=(0.1, -1), plus_b=(0.1, 1))
    assert [word for word, _ in vectors.most_similar("a", negative="b")] == ["minus_b", "plus_b"]


def test_analogy_is_b_minus_a_plus_c() -> None:
    vectors = plane(man=(1, 0.1), woman=(1, 1), king=(0.1, 0.02), queen=(-0.1, 1.2), other=(-1, -1))
    assert vectors.analogy("man", "woman", "king")[0][0] == "queen"


def test_doesnt_match_finds_the_word_farthest_from_the_mean() -> None:
    assert COMPASS.doesnt_match(["east", "northeast", "west"]) == "west"


@pytest.mark.parametrize("words", ["east", [], ["east"]])
def test_doesnt_match_needs_a_list_of_words(words: Any) -> None:
    with pytest.raises(UsageError, match="two or more"):
        COMPASS.doesnt_match(words)


@pytest.mark.parametrize("topn", [0, -1, 1.5, True, "3"])
def test_topn_must_be_a_positive_integer(topn: Any) -> None:
    with pytest.raises(UsageError, match="topn must be an integer >= 1"):
        COMPASS.most_similar("east", topn=topn)


def test_most_similar_without_words_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one word"):
        COMPASS.most_similar()


def test_a_vocabulary_of_one_word_has_no_neighbours() -> None:
    assert plane(only=(1, 0)).most_similar("only") == []


def test_it_is_a_collection_of_words() -> None:
    assert len(COMPASS) == 5
    assert list(COMPASS) == COMPASS.index_to_key == ["east", "north", "northeast", "west", "nowhere"]
    assert COMPASS.key_to_index["north"] == 1
    assert "north" in COMPASS
    assert "south" not in COMPASS
    assert COMPASS["north"].tolist() == [0, 5]
    assert COMPASS.vector_size == 2


def test_integer_and_tuple_words_are_words_and_not_rows() -> None:
    vectors = KeyedVectors([7, 0, "7", (1, 2)], np.array([[1, 0], [0, 1], [1, 1], [2, 0.1]], np.float32))
    assert vectors[0].tolist() == [0, 1]
    assert vectors["7"].tolist() == [1, 1]
    assert vectors.most_similar(7, topn=1)[0][0] == (1, 2)
    assert vectors.most_similar((1, 2), topn=1)[0][0] == 7
    assert vectors.most_similar((7, 0), topn=1)[0][0] == "7"
    with pytest.raises(UnknownWordError, match=r"^3 is not in the vocabulary of 4 words\.$"):
        vectors[3]


def test_an_unknown_word_is_named_with_close_ones() -> None:
    words = ["happy", "happily", "sad", *(f"w{i}" for i in range(5309))]
    vectors = KeyedVectors(words, np.ones((5312, 1), np.float32))
    with pytest.raises(UnknownWordError) as caught:
        vectors.most_similar("hapy")
    assert str(caught.value) == "'hapy' is not in the vocabulary of 5,312 words. Close words: happy, happily"


def test_an_unknown_word_with_none_close_is_named_alone() -> None:
    with pytest.raises(UnknownWordError) as caught:
        COMPASS["xylophone"]
    assert str(caught.value) == "'xylophone' is not in the vocabulary of 5 words."


def test_a_huge_unknown_word_does_not_fill_the_screen() -> None:
    with pytest.raises(UnknownWordError) as caught:
        COMPASS["x" * 1_000_000]
    assert len(str(caught.value)) < 150


def test_close_words_forgive_case_and_a_wrong_first_letter() -> None:
    assert close_words("Hapy", ["sad", "happy"]) == ["happy"]
    assert close_words("bappy", ["sad", "happy"]) == ["happy"]


def test_close_words_compare_a_bounded_number_of_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def matches(word: str, candidates: Any, **_: Any) -> list[str]:
        compared.append(len(candidates))
        return []

    monkeypatch.setattr("fastw2v.vectors.difflib.get_close_matches", matches)
    close_words("wonders", (f"w{i:06d}" for i in range(100_000)))
    assert compared == [20_000]


def test_an_unhashable_word_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="must be hashable"):
        COMPASS[["east"]]  # type: ignore[index]


def test_repeated_words_are_refused() -> None:
    with pytest.raises(DataError, match="'b' occurs twice"):
        KeyedVectors(["a", "b", "c", "b"], np.ones((4, 2), np.float32))


@pytest.mark.parametrize(
    "vectors",
    [
        np.ones(2, np.float32),
        np.ones((2, 2), np.int32),
        np.ones((2, 0)),
        np.ones((2, 2), np.float16),
        np.ones((3, 2)),
    ],
)
def test_vectors_of_a_wrong_shape_or_dtype_are_refused(vectors: npt.NDArray[Any]) -> None:
    with pytest.raises(DataError):
        KeyedVectors(["a", "b"], vectors)


def test_counts_must_be_as_many_as_words() -> None:
    with pytest.raises(DataError, match="2 words need 2 counts"):
        KeyedVectors(["a", "b"], np.ones((2, 2)), np.array([1, 2, 3]))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_refused_by_name(value: float) -> None:
    with pytest.raises(DataError, match=r"'b' \(row 1\)"):
        KeyedVectors(["a", "b"], np.array([[1, 2], [3, value]]))


def test_a_bad_row_is_found_beyond_the_first_block() -> None:
    vectors = np.zeros((70_000, 1), np.float32)
    vectors[66_000] = np.nan
    assert first_non_finite_row(vectors) == 66_000
    vectors[66_000] = 1
    assert first_non_finite_row(vectors) is None
    assert unit_rows(vectors)[66_000] == 1


def test_neither_the_vectors_nor_their_units_can_be_changed_through_the_object() -> None:
    vectors = np.ones((1, 2), np.float32)
    keyed = KeyedVectors(["a"], vectors)
    for array in (keyed.vectors, keyed["a"], keyed.unit_vectors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    vectors[0] = 3  # the caller's own array stays writable


@pytest.mark.parametrize("scale", [1e-44, 1e-30, 1.0, 1e30, 3e38])
def test_unit_vectors_survive_very_small_and_very_large_values(scale: float) -> None:
    units = unit_rows(np.array([[scale, -scale]], dtype=np.float32))
    assert np.allclose(units, [[math.sqrt(0.5), -math.sqrt(0.5)]], atol=1e-6)


@settings(deadline=None)
@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=30), st.integers(0, 30))
def test_top_rows_equals_a_stable_sort(values: list[float], count: int) -> None:
    count = min(count, len(values))
    expected = sorted(range(len(values)), key=lambda index: (-values[index], index))[:count]
    assert top_rows(np.array(values), count).tolist() == expected
