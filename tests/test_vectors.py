"""KeyedVectors: hand-worked answers, order at ties, zero vectors, what it refuses."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from fastw2v.errors import DataError, UnknownWordError, UsageError
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.messages.close_words import close_words
from fastw2v.model import Word2Vec
from fastw2v.vectors.keyed import paired_vectors


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


def test_a_zero_vector_is_similar_to_nothing_and_gives_no_nan(caplog: pytest.LogCaptureFixture) -> None:
    assert COMPASS.similarity("nowhere", "east") == 0
    assert COMPASS.similarity("nowhere", "nowhere") == 0
    assert COMPASS.most_similar("nowhere") == [
        ("east", 0.0),
        ("north", 0.0),
        ("northeast", 0.0),
        ("west", 0.0),
    ]
    assert caplog.messages == ["The vector of 'nowhere' is zero: every cosine is 0, and the order says nothing."]


def test_a_question_that_is_zero_is_refused() -> None:
    cancelled = "'east' + 'north' - 'north' - 'east'"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"positive": ["east"], "negative": ["east"]}, "'east' - 'east'"),
        ({"positive": ["east", "north"], "negative": ["north", "east"]}, cancelled),
        ({"positive": ["east", "west"]}, "'east' + 'west'"),
        ({"positive": [("east", 2), ("west", 2)]}, "2 'east' + 2 'west'"),
        ({"positive": [("east", 0)]}, "0 'east'"),
        ({"positive": ["nowhere", "nowhere"]}, "'nowhere' + 'nowhere'"),
        ({"positive": np.zeros(2)}, "a zero vector"),
        ({"positive": ["east", np.array([-1.0, 0.0])]}, "'east' + a vector"),
    ]
    for question, shown in cases:
        with pytest.raises(UsageError, match=rf"add up to zero: .* Got {re.escape(shown)}; another word"):
            COMPASS.most_similar(**question)
    with pytest.raises(UsageError, match="add up to zero"):
        COMPASS.similar_by_vector(np.zeros(2))
    with pytest.raises(UsageError, match="other negative words than positive ones"):
        COMPASS.most_similar_cosmul(["east", "north"], ["north", "east"])
    # What is only short has a direction.
    assert COMPASS.most_similar(np.array([1e-30, 0.0]), topn=1)[0][0] == "east"
    drawn = KeyedVectors("abcd", np.random.default_rng(1).normal(size=(4, 50)).astype(np.float32))
    with pytest.raises(UsageError, match="add up to zero"):
        drawn.most_similar(["a", "b", "c"], ["c", "a", "b"])


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


def test_analogy_by_multiplication_is_the_one_worked_by_hand() -> None:
    # Shifted cosines to b (0, 1), c (1, 0), a (-1, 0): x 1/2, 0, 1; y 0, 1/2, 1/2; z (1 + r)/2 twice, (1 - r)/2.
    vectors = plane(a=(-1, 0), b=(0, 1), c=(1, 0), x=(-2, 0), y=(0, -1), z=(1, 1))
    r = math.sqrt(0.5)
    answer = vectors.analogy("a", "b", "c", topn=3, method="3cosmul")
    assert [word for word, _ in answer] == ["z", "x", "y"]
    assert [score for _, score in answer] == pytest.approx([((1 + r) / 2) ** 2 / ((1 - r) / 2 + 1e-6), 0, 0])


def test_an_unknown_method_of_analogy_is_named_with_those_that_are_there() -> None:
    with pytest.raises(UsageError, match=r"must be one of 3cosadd, 3cosmul\. Got 'cosine'\."):
        COMPASS.analogy("east", "north", "west", method="cosine")


def test_multiplication_needs_a_positive_word_and_takes_no_weights() -> None:
    for question in (
        {"negative": "east"},
        {"positive": [("east", 2)]},
        {"positive": "east", "negative": [("west", 2)]},
    ):
        with pytest.raises(UsageError, match="most_similar_cosmul needs a positive word, and no weights"):
            COMPASS.most_similar_cosmul(**question)


def test_a_weight_counts_as_it_stands_and_a_vector_as_long_as_it_is() -> None:
    vectors = plane(east=(2, 0), north=(0, 5), low=(3, 1), high=(1, 3), low_south=(3, -1))
    assert vectors.most_similar([("east", 3), "north"], topn=1)[0][0] == "low"
    assert vectors.most_similar(["east", ("north", 3)], topn=1)[0][0] == "high"
    # As in gensim the sign of a weight is not turned for a negative word.
    assert vectors.most_similar(["east"], [("north", -1 / 3)], topn=1)[0][0] == "low_south"
    assert vectors.most_similar(["east", np.array([0.0, 3.0])], topn=1)[0][0] == "high"
    assert vectors.most_similar(np.array([3.0, 1.0]), topn=1)[0][0] == "low"
    assert vectors.most_similar(np.array([[1.0, 0.0], [2.0, 1.0]]), topn=1)[0][0] == "low"
    assert vectors.most_similar([(np.array([1.0, 0.0]), 2), ("north", 6)], topn=1)[0][0] == "high"


@pytest.mark.parametrize("weight", [math.nan, math.inf, True, "1", None])
def test_a_weight_must_be_a_finite_number(weight: Any) -> None:
    with pytest.raises(UsageError, match="A weight must be a finite number"):
        COMPASS.most_similar([("east", weight)])


def test_an_unknown_word_with_a_weight_is_named_without_it() -> None:
    with pytest.raises(UnknownWordError, match=r"^'norht' is not .* Close words: north"):
        COMPASS.most_similar([("norht", 2.0)])


@pytest.mark.parametrize(
    "vector", [np.zeros(3), np.zeros((1, 2)), np.array([1, np.nan]), np.array(["a", "b"]), np.array([1j, 0])]
)
def test_a_vector_that_is_none_of_this_space_is_refused(vector: npt.NDArray[Any]) -> None:
    with pytest.raises(UsageError, match="A vector must be 2 finite numbers"):
        COMPASS.similar_by_vector(vector)


def test_most_similar_can_answer_with_the_first_words_or_a_subset_alone() -> None:
    assert [word for word, _ in COMPASS.most_similar("west", restrict_vocab=3)] == ["north", "northeast", "east"]
    assert [word for word, _ in COMPASS.most_similar("west", among=["northeast", "north", "west"])] == [
        "north",
        "northeast",
    ]
    assert COMPASS.most_similar("west", among=[]) == []
    assert COMPASS.similar_by_word("west", 1, 1) == [("east", -1.0)]
    assert COMPASS.most_similar_cosmul("west", restrict_vocab=2) == [("north", pytest.approx(0.5)), ("east", 0.0)]


def test_words_to_answer_with_are_checked() -> None:
    with pytest.raises(UnknownWordError, match="'south'"):
        COMPASS.most_similar("west", among=["south"])
    with pytest.raises(UsageError, match="A list of words is needed"):
        COMPASS.most_similar("west", among="east")
    with pytest.raises(UsageError, match=r"restrict_vocab must be an integer >= 1\. Got 0; 10000 would work"):
        COMPASS.most_similar("west", restrict_vocab=0)
    with pytest.raises(UsageError, match="Got more than one of these"):
        COMPASS.most_similar("west", restrict_vocab=1, among=["east"])


def test_many_questions_at_once_get_the_answers_of_one_at_a_time_to_the_bit() -> None:
    words = [f"w{row}" for row in range(300)]
    vectors = KeyedVectors(words, np.random.default_rng(1).normal(size=(300, 12)).astype(np.float32))
    questions: list[Any] = [*words[:40], vectors["w7"], np.arange(12.0)]
    choices: list[dict[str, Any]] = [{}, {"restrict_vocab": 50}, {"among": words[90:20:-1]}]
    for chosen in choices:
        many = vectors.most_similar_many(questions, 6, **chosen)
        assert many == [vectors.most_similar([one], topn=6, **chosen) for one in questions]
    assert vectors.most_similar_many([]) == []


def test_distances_are_one_less_the_cosine() -> None:
    assert COMPASS.distance("east", "west") == pytest.approx(2)
    assert COMPASS.distances("east").tolist() == pytest.approx([0, 1, 1 - math.sqrt(0.5), 2, 1])
    assert COMPASS.distances(np.array([0.0, 1.0]), ["northeast", "west"]).tolist() == pytest.approx(
        [1 - math.sqrt(0.5), 1]
    )


def test_n_similarity_is_the_cosine_of_means_of_vectors_as_long_as_they_are() -> None:
    # east and north: (1, 2.5); northeast: (1, 1)
    assert COMPASS.n_similarity(["east", "north"], ["northeast"]) == pytest.approx(3.5 / math.sqrt(7.25 * 2))
    with pytest.raises(UsageError, match="n_similarity needs two lists"):
        COMPASS.n_similarity(["east"], [])
    with pytest.raises(UsageError, match="A list of words is needed"):
        COMPASS.n_similarity("east", ["north"])


def test_rank_and_closer_than_count_the_words_between() -> None:
    assert COMPASS.closer_than("east", "nowhere") == ["northeast"]  # north is as far
    assert COMPASS.rank("east", "northeast") == COMPASS.rank("east", "east") == 1
    assert COMPASS.rank("east", "nowhere") == 2
    assert COMPASS.rank("east", "west") == 4


def test_a_mean_vector_is_weighted_and_words_count_by_direction_unless_asked() -> None:
    assert COMPASS.get_mean_vector(["east", "north"]).tolist() == [0.5, 0.5]
    assert COMPASS.get_mean_vector(["east", "north"], pre_normalize=False).tolist() == [1, 2.5]
    assert COMPASS.get_mean_vector(["east", "north"], weights=[3, -1]).tolist() == [0.75, -0.25]
    assert COMPASS.get_mean_vector(["east", np.array([0.0, 4.0])]).tolist() == [0.5, 2]
    assert COMPASS.get_mean_vector(["east", "south"]).tolist() == [1, 0]
    assert COMPASS.get_mean_vector(["south"]).tolist() == [0, 0]
    assert COMPASS.get_mean_vector(["east", "north"], post_normalize=True).tolist() == pytest.approx([0.5**0.5] * 2)
    assert COMPASS.get_mean_vector(["east"]).dtype == np.float32
    with pytest.raises(UnknownWordError, match="'south'"):
        COMPASS.get_mean_vector(["south"], ignore_missing=False)
    for keys, weights in ([], None), (["east"], [1, 2]), (["east"], [math.nan]):
        with pytest.raises(UsageError, match="A mean needs keys, and a finite weight for each"):
            COMPASS.get_mean_vector(keys, weights)


def test_a_mean_of_very_long_vectors_does_not_overflow() -> None:
    huge = KeyedVectors(["a", "b"], np.array([[1.5e308, 0], [1.5e308, 1.5e308]]))
    assert huge.get_mean_vector(["a", "b"], pre_normalize=False).tolist() == [1.5e308, 0.75e308]
    assert huge.n_similarity(["a", "b"], ["a"]) == pytest.approx(2 / math.sqrt(5))


def test_doesnt_match_finds_the_word_farthest_from_the_mean() -> None:
    assert COMPASS.doesnt_match(["east", "northeast", "west"]) == "west"


@pytest.mark.parametrize("words", ["east", [], ["east"]])
def test_doesnt_match_needs_a_list_of_words(words: Any) -> None:
    with pytest.raises(UsageError, match="two or more"):
        COMPASS.doesnt_match(words)


@pytest.mark.parametrize("topn", [-1, 1.5, True, "3"])
def test_topn_must_be_an_integer_from_0_on(topn: Any) -> None:
    with pytest.raises(UsageError, match="topn must be an integer >= 0"):
        COMPASS.most_similar("east", topn=topn)


def test_counts_may_be_numpy_s_smallest_integers() -> None:
    words, best = list(COMPASS.index_to_key), COMPASS.most_similar("east", topn=5)
    kinds: tuple[Any, ...] = (np.int8, np.uint64, np.uint8)
    for kind in kinds:
        assert COMPASS.most_similar("east", topn=kind(5)) == best
        assert COMPASS.most_similar_cosmul("east", topn=kind(5)) == COMPASS.most_similar_cosmul("east", topn=5)
        assert COMPASS.most_similar_many(["east"], topn=kind(5)) == [best]
        few = kind(2)
        assert COMPASS.most_similar(words[2], restrict_vocab=few) == COMPASS.most_similar(words[2], among=words[:2])
        assert COMPASS.most_similar("east", topn=kind(0)) == []
    large = KeyedVectors(range(300), np.random.default_rng(0).normal(size=(300, 4)))
    assert large.most_similar(0, topn=kind(255)) == large.most_similar(0, topn=255)


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


def test_a_list_of_words_gives_their_vectors_and_a_slice_gives_words_with_vectors_and_counts() -> None:
    vectors = KeyedVectors(list("abcd"), np.arange(8, dtype=np.float32).reshape(4, 2), np.array([9, 5, 3, 1]))
    assert vectors[["c", "a", "c"]].tolist() == [[4, 5], [0, 1], [4, 5]]
    assert vectors[[]].shape == (0, 2)
    for part, words in ((vectors[1:3], "bc"), (vectors.subset(["c", "b"]), "cb"), (vectors[::-2], "db")):
        assert isinstance(part, KeyedVectors)
        assert part.index_to_key == list(words)
        assert part.counts is not None
        assert part.counts.tolist() == [dict(a=9, b=5, c=3, d=1)[word] for word in words]  # noqa: C408
        assert part.vectors.tolist() == vectors[list(words)].tolist()
    assert np.shares_memory(vectors[:2].vectors, vectors.vectors)
    assert COMPASS[:2].counts is None
    with pytest.raises(UnknownWordError, match="'e'"):
        vectors.subset(["a", "e"])
    with pytest.raises(DataError, match="'a' occurs twice"):
        vectors.subset(["a", "a"])


def test_gensims_names_look_words_up_too() -> None:
    assert COMPASS.get_vector("north").tolist() == [0, 5]
    assert COMPASS.get_vector("north", norm=True).tolist() == [0, 1]
    assert COMPASS.get_index("north") == 1
    assert COMPASS.get_index("south", -1) == -1
    assert (COMPASS.has_index_for("north"), COMPASS.has_index_for("south")) == (True, False)
    assert COMPASS.get_normed_vectors()[1].tolist() == [0, 1]
    with pytest.raises(UnknownWordError, match="'south'"):
        COMPASS.get_index("south")


def test_it_says_how_large_it_is() -> None:
    assert repr(COMPASS) == "KeyedVectors(5 words x 2, float32)"


def test_output_vectors_and_means_come_with_the_same_words_and_counts() -> None:
    wv = KeyedVectors(["a", "b"], np.array([[1, 2], [3, 4]], np.float32), np.array([2, 1]))
    output = np.array([[5, 6], [7, 9]], np.float32)
    for which, expected in ("output", [[5, 6], [7, 9]]), ("mean", [[3, 4], [5, 6.5]]):
        found = paired_vectors(wv, output, which)
        assert found.index_to_key == ["a", "b"]
        assert found.vectors.tolist() == expected
        assert found.vectors.dtype == np.float32
        assert found.counts is wv.counts
    with pytest.raises(UsageError, match=r"input, output or mean\. Got 'both'"):
        paired_vectors(wv, output, "both")


def test_a_model_gives_its_input_output_and_mean_vectors() -> None:
    model = Word2Vec(vector_size=4, min_count=1, epochs=1, sample=0, engine="numpy").fit([["a", "b", "a"], ["b", "c"]])
    assert model.vectors_of("input") is model.wv
    assert not np.array_equal(model.vectors_of("output").vectors, model.wv.vectors)
    mean = (model.wv.vectors + model.vectors_of("output").vectors) / 2
    np.testing.assert_allclose(model.vectors_of("mean").vectors, mean, rtol=1e-6)


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
    assert close_words("hapy", ["Happy", "happy"]) == ["Happy"]  # the more frequent one


def test_close_words_compare_a_bounded_number_of_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def matches(word: str, candidates: Any, **_: Any) -> list[str]:
        compared.append(len(candidates))
        return []

    monkeypatch.setattr("fastw2v.messages.close_words.difflib.get_close_matches", matches)
    close_words("wonders", (f"w{i:06d}" for i in range(100_000)))
    assert compared == [20_000]


def test_an_unhashable_word_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="must be hashable"):
        COMPASS[[{"east"}]]


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
    with pytest.raises(DataError, match="2 words must have as many counts"):
        KeyedVectors(["a", "b"], np.ones((2, 2)), np.array([1, 2, 3]))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_refused_by_name(value: float) -> None:
    with pytest.raises(DataError, match=r"'b' \(row 1\)"):
        KeyedVectors(["a", "b"], np.array([[1, 2], [3, value]]))


def test_neither_the_vectors_nor_their_units_can_be_changed_through_the_object() -> None:
    vectors = np.ones((1, 2), np.float32)
    keyed = KeyedVectors(["a"], vectors)
    for array in (keyed.vectors, keyed["a"], keyed.unit_vectors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    vectors[0] = 3  # the caller's own array stays writable


def test_missing_values_are_no_words_wherever_words_come_from() -> None:
    missing = r"Word 1 is (None|nan), a missing value; leave it out"
    for word in (None, float("nan")):
        with pytest.raises(UsageError, match=missing):
            KeyedVectors(["a", word], np.ones((2, 3), np.float32))
        with pytest.raises(UsageError, match=missing):
            KeyedVectors(3).add_vectors(["a", word], np.ones((2, 3)))
        with pytest.raises(UsageError, match=missing):
            Word2Vec(min_count=1).build_vocab_from_freq({"a": 3, word: 2})


def test_bytes_and_what_is_not_hashable_are_no_words() -> None:
    for word, message in (
        (b"x", r"Word 1 is bytes, b'x'; pass text: word.decode\(\)"),
        (["x"], "Word 1 is .*hashable"),
    ):
        with pytest.raises(UsageError, match=message):
            KeyedVectors(["a", word], np.ones((2, 3), np.float32))  # type: ignore[list-item]
    with pytest.raises(UsageError, match="Word 1 is bytes"):
        Word2Vec(min_count=1).build_vocab_from_freq({"a": 3, b"x": 2})
    with pytest.raises(UsageError, match="Word 0 is NaT, a missing value; leave"):
        KeyedVectors([np.datetime64("NaT")], np.ones((1, 3), np.float32))


def test_many_questions_refuse_a_zero_vector_as_one_does() -> None:
    vectors = KeyedVectors(["a", "b"], np.eye(2, 3, dtype=np.float32))
    for ask in (vectors.most_similar, vectors.most_similar_many):
        with pytest.raises(UsageError, match="add up to zero"):
            ask([np.zeros(3)])
