"""Evaluation: word pairs, analogies and class shares worked by hand; rules for words; the figures of a history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.evaluation import (
    AnalogiesResult,
    WordRules,
    analogies,
    check_covered,
    class_share,
    evaluate_analogies,
    evaluate_file,
    evaluate_stories,
    evaluate_word_pairs,
    read_set,
    score,
)
from fastw2v.evaluation.analogies import Sections
from fastw2v.evaluation.word_lookup import WordRows
from fastw2v.keyed_vectors import KeyedVectors


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Word pairs

PLANE = KeyedVectors(
    ["east", "north", "northeast", "west"], np.array([[1, 0], [0, 2], [3, 3], [-1, 0]], dtype=np.float32)
)


def test_word_pairs_by_hand_with_a_tie_and_unknown_words() -> None:
    # Cosines 1/sqrt 2, 1/sqrt 2 (a tie), -1, 0; "south" is unknown.
    pairs = [
        ("east", "northeast", 8.0),
        ("north", "northeast", 9.0),
        ("east", "west", 1.0),
        ("east", "north", 2.0),
        ("east", "south", 5.0),
    ]
    result = evaluate_word_pairs(PLANE, pairs)
    # Ranks 3.5, 3.5, 1, 2 and 3, 4, 1, 2: 4.5 / sqrt(4.5 * 5) = sqrt(0.9).
    assert result.spearman == pytest.approx(np.sqrt(0.9), abs=1e-6)
    assert (result.pairs, result.used, result.out_of_vocabulary) == (5, 4, 1)


def test_words_paired_with_themselves_tie_at_one() -> None:
    words = [f"w{i}" for i in range(30)]
    vectors = KeyedVectors(words, np.random.default_rng(4).normal(size=(30, 9)).astype(np.float32))
    pairs = [(word, word, float(score)) for score, word in enumerate(words)]
    assert evaluate_word_pairs(vectors, pairs).spearman is None


def test_no_usable_pair_gives_none_and_valid_json() -> None:
    result = evaluate_word_pairs(PLANE, [("up", "down", 1.0)])
    assert json.loads(json.dumps(result.as_dict(), allow_nan=False)) == {
        "spearman": None,
        "pearson": None,
        "pairs": 1,
        "used": 0,
        "out_of_vocabulary": 1,
    }


def test_a_word_is_lower_cased_only_where_its_own_case_is_unknown() -> None:
    vectors = KeyedVectors(["US", "us", "paris"], np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32))
    exact = evaluate_word_pairs(vectors, [("US", "Paris", 1.0), ("us", "Paris", 2.0), ("US", "us", 3.0)])
    assert exact.used == 3
    assert exact.pearson == pytest.approx(np.corrcoef([1, 0, 0], [1, 2, 3])[0, 1])


# Analogies


def family() -> KeyedVectors:
    words = ["man", "woman", "king", "queen", "boy", "girl", "car"]
    rows = [
        [1, 0, 0, 0],
        [1, 0, 0, 1],
        [1, 1, 0, 0],
        [1, 1, 0, 1],
        [1, 0, 1, 0],
        [1, 0, 1, 1],
        [-1, 1, -1, 0],
    ]
    return KeyedVectors(words, np.array(rows, dtype=np.float32))


def test_analogies_by_section_and_in_total(tmp_path: Path) -> None:
    path = write(
        tmp_path / "questions",
        ": royal\nman woman king queen\nMan Woman King Queen\nking queen man duchess\n: young\n"
        "man woman boy girl\nman woman boy car\n: none\n",
    )
    result = evaluate_file(family(), path)
    assert isinstance(result, AnalogiesResult)
    royal, young, none = result.sections
    assert (royal.section, royal.correct, royal.asked, royal.out_of_vocabulary) == ("royal", 2, 2, 1)
    assert (young.correct, young.asked, young.accuracy) == (1, 2, 0.5)
    assert (none.asked, none.accuracy) == (0, None)
    assert (result.total.correct, result.total.asked, result.total.out_of_vocabulary) == (3, 4, 1)
    assert result.total.accuracy == 0.75
    assert json.loads(json.dumps(result.as_dict()))["sections"][1]["accuracy"] == 0.5


def test_each_of_several_answers_is_right_and_the_first_that_is_known_is_asked_with() -> None:
    some: Sections = {
        "right": [("man", ("unknown", "woman", "car"), "king", ("car", "queen"))],
        "wrong": [("man", ("woman",), "king", ("car", "boy"))],
        "own": [("man", ("woman",), "king", ("woman", "king"))],
        "unknown": [("man", ("woman",), "king", ("duchess", "duke")), ("man", ("unknown",), "king", ("queen",))],
    }
    found = {part.section: part for part in evaluate_analogies(family(), some).sections}
    assert {name: (part.correct, part.asked) for name, part in found.items()} == {
        "right": (1, 1),
        "wrong": (0, 1),
        "own": (0, 1),
        "unknown": (0, 0),
    }
    assert found["unknown"].out_of_vocabulary == 2


def test_the_three_question_words_are_never_the_answer() -> None:
    # Without the exclusion b itself would be nearest to b - a + c.
    vectors = KeyedVectors(list("abcd"), np.array([[0.1, 1], [1, 0], [0.1, 0.99], [0.5, -0.5]], dtype=np.float32))
    result = evaluate_analogies(vectors, {"": [("a", "b", "c", "d"), ("a", "b", "c", "b")]})
    assert result.total.correct == 1


def test_where_all_words_are_in_the_question_there_is_no_answer() -> None:
    vectors = KeyedVectors(list("abc"), np.eye(3, dtype=np.float32))
    assert evaluate_analogies(vectors, {"": [("a", "b", "c", word) for word in "abc"]}).total.correct == 0


def test_the_lowest_row_of_equals_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.array([[1, 0], [1, 1], [1, 0], [1, 1], [1, 1]], dtype=np.float32)
    vectors = KeyedVectors(["a", "b", "c", "first", "second"], rows)
    for block in (1, 2048):
        monkeypatch.setattr(analogies, "_BLOCK_ROWS", block)
        total = evaluate_analogies(vectors, {"": [("a", "b", "c", "second"), ("a", "b", "c", "first")]}).total
        assert (total.correct, total.asked) == (1, 2)
        assert evaluate_analogies(vectors, {"": [("a", "b", "c", "first")]}).total.correct == 1


def test_every_answer_equals_most_similar_however_it_is_cut_into_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = [f"w{i}" for i in range(50)]
    vectors = KeyedVectors(words, np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32))
    asked = np.random.default_rng(2).integers(0, 50, size=(40, 3))
    questions = []
    for a, b, c in asked.tolist():
        answer = vectors.analogy(words[a], words[b], words[c])[0][0]
        questions.append((words[a], words[b], words[c], str(answer)))
    for rows, at_once in ((1, 1), (7, 3), (50, 40), (2048, 128)):
        monkeypatch.setattr(analogies, "_BLOCK_ROWS", rows)
        monkeypatch.setattr(analogies, "_BLOCK_QUESTIONS", at_once)
        assert evaluate_analogies(vectors, {"all": questions}).total.correct == 40


# Classes


def test_class_share_by_hand() -> None:
    # Two clusters of three; "stray" belongs to the class "up" but lies among "right".
    words = ["r1", "r2", "r3", "u1", "u2", "stray"]
    rows = np.array([[1, 0], [1, 0.1], [1, 0.2], [0, 1], [0.05, 1], [1, 0.3]], dtype=np.float32)
    vectors = KeyedVectors(words, rows)
    result = class_share(vectors, {"right": ["r1", "r2", "r3", "absent"], "up": ["u1", "u2", "stray"]}, topn=2)
    right, up = result.classes
    # r1: r2 r3; r2: two of r1, r3, stray - r1 and r3 are nearest; r3: stray is nearer than r1.
    assert right.share == pytest.approx((1 + 1 + 0.5) / 3)
    assert (right.words, right.out_of_vocabulary) == (3, 1)
    # u1: u2 and stray; u2: u1 and stray; stray: r3 and r2.
    assert up.share == pytest.approx(2 / 3)
    assert right.chance == up.chance == pytest.approx(2 / 5)
    assert result.overall.share == pytest.approx((2.5 + 2) / 6)
    assert result.overall.chance == pytest.approx(2 / 5)
    assert (result.overall.words, result.overall.out_of_vocabulary) == (6, 1)


def test_overall_is_the_mean_over_words_and_not_over_classes() -> None:
    vectors = KeyedVectors(["a", "b", "c", "d"], np.array([[1, 0], [1, 0.1], [1, 0.2], [0, 1]], dtype=np.float32))
    result = class_share(vectors, {"big": ["a", "b", "c"], "lone": ["d"], "absent": ["x"]}, topn=1)
    assert [one.share for one in result.classes] == [1.0, 0.0, None]
    assert result.overall.share == pytest.approx(3 / 4)
    assert result.overall.chance == pytest.approx((3 * (2 / 3) + 0) / 4)


def test_random_vectors_score_about_the_chance_value() -> None:
    words = [f"w{i}" for i in range(2000)]
    vectors = KeyedVectors(words, np.random.default_rng(5).normal(size=(2000, 20)).astype(np.float32))
    result = class_share(vectors, {"first": words[:600], "second": words[600:1000]})
    assert result.overall.share == pytest.approx(result.overall.chance, abs=0.03)


def test_one_word_in_all_has_no_share() -> None:
    vectors = KeyedVectors(["a"], np.ones((1, 2), np.float32))
    assert class_share(vectors, {"c": ["a"]}).overall.share is None


def test_the_built_in_stories_are_judged_by_their_own_truth() -> None:
    truth = pytest.importorskip("fastw2v.stories.truth")
    classes = truth.word_classes()
    axis = {name: row for row, name in enumerate(classes)}
    words = list(dict.fromkeys(word for members in classes.values() for word in members))
    rows = np.zeros((len(words), len(axis)), dtype=np.float32)
    for name, members in classes.items():
        for word in members:
            rows[words.index(word), axis[name]] = 1
    result = evaluate_stories(KeyedVectors(words, rows), topn=1)
    large = [one for one in result.classes.classes if one.words > 1]
    assert large
    assert all(one.share == 1 for one in large)
    assert [section.section for section in result.analogies.sections] == list(truth.analogies())


# Rules for words, the other method, and the few figures of a history


def test_upper_case_forms_stand_for_their_first_word_and_limits_hide_rows() -> None:
    vectors = KeyedVectors(["Us", "US", "us", 7], np.eye(4, 2, dtype=np.float32))
    find = {case: WordRows(vectors, WordRules(case)).find for case in ("lower", "upper", "exact")}
    assert [find["upper"](word) for word in ("us", "uS", "7")] == [0, 0, None]
    assert [find["lower"](word) for word in ("us", "uS", "US")] == [2, 2, 1]
    assert [find["exact"](word) for word in ("us", "uS", "US")] == [2, None, 1]
    first_two = WordRows(vectors, WordRules(restrict_vocab=2))
    assert [first_two.find(word) for word in ("US", "us")] == [1, None]


@pytest.mark.parametrize("wrong", [{"case": "title"}, {"restrict_vocab": 0}])
def test_rules_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="must be"):
        WordRules(**wrong)


def test_unknown_words_count_as_wrong_if_asked_for() -> None:
    rules = WordRules(dummy4unknown=True)
    result = evaluate_word_pairs(
        PLANE, [("east", "northeast", 3.0), ("east", "south", 2.0), ("east", "west", 1.0)], rules
    )
    assert (result.used, result.out_of_vocabulary) == (3, 1)
    assert result.spearman == pytest.approx(1)  # the unknown pair's cosine is 0, between the others
    questions = {"": [("man", "woman", "king", "queen"), ("man", "woman", "king", "duchess")]}
    total = evaluate_analogies(family(), questions, rules).total
    assert (total.correct, total.asked, total.out_of_vocabulary) == (1, 2, 1)


def test_no_answer_lies_beyond_the_restricted_vocabulary() -> None:
    rows = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 0.5], [1, 1, 1]], dtype=np.float32)
    vectors = KeyedVectors(["a", "b", "c", "near", "nearest"], rows)
    questions = {"": [("a", "b", "c", "near"), ("a", "b", "c", "nearest")]}
    every = evaluate_analogies(vectors, questions).total
    assert (every.correct, every.asked, every.out_of_vocabulary) == (1, 2, 0)
    first_four = evaluate_analogies(vectors, questions, WordRules(restrict_vocab=4)).total
    assert (first_four.correct, first_four.asked, first_four.out_of_vocabulary) == (1, 1, 1)


def test_answers_by_3cosmul_are_those_of_the_vectors_own_method() -> None:
    words = [f"w{i}" for i in range(60)]
    vectors = KeyedVectors(words, np.random.default_rng(1).normal(size=(60, 5)).astype(np.float32))
    asked = [[words[i] for i in row] for row in np.random.default_rng(2).integers(0, 60, size=(80, 3)).tolist()]
    answers = {
        method: [(a, b, c, str(vectors.analogy(a, b, c, method=method)[0][0])) for a, b, c in asked]
        for method in ("3cosadd", "3cosmul")
    }
    assert evaluate_analogies(vectors, {"": answers["3cosmul"]}, method="3cosmul").total.accuracy == 1
    assert evaluate_analogies(vectors, {"": answers["3cosadd"]}, method="3cosmul").total.accuracy != 1
    with pytest.raises(UsageError, match="method must be one of 3cosadd, 3cosmul"):
        evaluate_analogies(vectors, {"": answers["3cosadd"]}, method="3cosdiv")


def test_intervals_are_there_only_if_asked_for() -> None:
    questions = {"": [("man", "woman", "king", "queen"), ("man", "woman", "boy", "car")]}
    with_one = evaluate_analogies(family(), questions, intervals=True).total.as_dict()
    assert with_one["interval"] == pytest.approx((0.09453, 0.90547), abs=1e-5)  # Wilson, 1 of 2
    assert "interval" not in evaluate_analogies(family(), questions).total.as_dict()
    pairs = [("east", "northeast", 3.0), ("east", "north", 2.0), ("east", "west", 1.0)]
    assert evaluate_word_pairs(PLANE, pairs, intervals=True).spearman_interval is None  # of three, none tells anything
    result = evaluate_word_pairs(PLANE, [*pairs, ("north", "northeast", 3.0)], intervals=True)
    assert result.spearman_interval is not None
    assert result.spearman_interval[1] == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "east northeast 3\neast north 2\neast west 1\neast south 1\n",
            {"spearman": 1.0, "pearson": None, "used": 3, "out_of_vocabulary": 1},
        ),
        (": s\neast north west west\neast north up down\n", {"accuracy": 0.0, "used": 1, "out_of_vocabulary": 1}),
        (
            ": s\neast\nnorth\nnortheast\nup\n: t\nwest\n",
            {"share": None, "chance": None, "outliers_detected": 1.0, "opp": 1.0, "used": 4, "out_of_vocabulary": 1},
        ),
    ],
)
def test_the_score_of_a_file_is_a_few_plain_numbers(tmp_path: Path, content: str, expected: dict[str, Any]) -> None:
    path = write(tmp_path / "set", content)
    got = score(PLANE, path)
    assert list(got) == list(expected)
    for name, value in expected.items():
        if value is not None:
            assert got[name] == pytest.approx(value), name
    again = read_set(path)
    path.unlink()  # read once
    assert again.score(PLANE) == got
    assert json.loads(json.dumps(got, allow_nan=False)) == got


def test_a_file_of_classes_is_no_file_of_pairs_or_analogies(tmp_path: Path) -> None:
    path = write(tmp_path / "classes.txt", ": s\neast\n")
    with pytest.raises(DataError, match=r"classes\.txt holds word classes"):
        evaluate_file(PLANE, path)


def test_results_that_rest_on_nothing_are_refused() -> None:
    nothing, something = (
        evaluate_word_pairs(PLANE, [("up", "down", 1.0)]),
        evaluate_word_pairs(PLANE, [("east", "west", 1.0)]),
    )
    check_covered({"a": nothing, "b": something})
    with pytest.raises(DataError, match="no words in common with a, b"):
        check_covered({"a": nothing, "b": nothing})
