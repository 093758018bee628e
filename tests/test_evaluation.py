"""Evaluation: hand-worked correlations, analogies and class shares; files; equality with gensim and SciPy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import evaluation
from fastw2v.errors import DataError, UsageError
from fastw2v.evaluation import (
    AnalogiesResult,
    PairsResult,
    class_share,
    evaluate_analogies,
    evaluate_file,
    evaluate_stories,
    evaluate_word_pairs,
    pearson,
    spearman,
)
from fastw2v.formats.evaluation_files import read_analogies, read_evaluation, read_word_pairs
from fastw2v.vectors import KeyedVectors


def floats(*values: float) -> Any:
    return np.array(values, dtype=np.float64)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Correlations


def test_spearman_by_hand() -> None:
    # Rank differences 0, 1, 1, 1, 1: 1 - 6 * 4 / (5 * 24).
    assert spearman(floats(1, 2, 3, 4, 5), floats(10, 30, 20, 60, 40)) == pytest.approx(0.8)
    assert spearman(floats(1, 2, 3), floats(9, 5, 1)) == pytest.approx(-1)


def test_spearman_with_ties_by_hand() -> None:
    # Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: deviations (-1.5, 0, 0, 1.5) and (-1.5, .5, -.5, 1.5), so
    # 4.5 / sqrt(4.5 * 5) = sqrt(0.9).
    assert spearman(floats(1, 2, 2, 3), floats(10, 30, 20, 40)) == pytest.approx(np.sqrt(0.9), abs=1e-15)


def test_spearman_with_ties_on_both_sides_by_hand() -> None:
    # Ranks 1.5, 1.5, 3 and 1, 2.5, 2.5: deviations (-.5, -.5, 1) and (-1, .5, .5): 0.75 / 1.5.
    assert spearman(floats(7, 7, 8), floats(0, 2, 2)) == pytest.approx(0.5)


def test_pearson_by_hand() -> None:
    # Deviations (-1, 0, 1) and (-1, -1, 2): 3 / sqrt(2 * 6).
    assert pearson(floats(1, 2, 3), floats(4, 4, 7)) == pytest.approx(3 / np.sqrt(12))


@pytest.mark.parametrize(("x", "y"), [((), ()), ((1,), (2,)), ((1, 1), (1, 2)), ((1, 2), (3, 3))])
def test_an_undefined_correlation_is_none(x: tuple[float, ...], y: tuple[float, ...]) -> None:
    assert spearman(floats(*x), floats(*y)) is None
    assert pearson(floats(*x), floats(*y)) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40))
def test_spearman_equals_ranks_counted_one_by_one(pairs: list[tuple[int, int]]) -> None:
    def ranks(values: list[int]) -> list[float]:
        return [sum(b < a for b in values) + (1 + sum(b == a for b in values)) / 2 for a in values]

    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    got = spearman(floats(*x), floats(*y))
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert got is None
    else:
        assert got == pytest.approx(np.corrcoef(ranks(x), ranks(y))[0, 1], abs=1e-12)


def test_correlations_equal_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=300).round(1), rng.normal(size=300).round(1)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y)[0], abs=1e-12)
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y)[0], abs=1e-12)


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


@pytest.mark.parametrize(
    "line", ["old\tnew\t1.58", "old,new,1.58", "old new 1.58", " old , new , 1.58 ", "old  new 1.58"]
)
def test_pairs_may_be_separated_by_tabs_commas_or_spaces(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "pairs", f"# a comment\r\n\r\n{line}\r\n")
    assert read_word_pairs(path) == [("old", "new", 1.58)]
    assert read_evaluation(path) == [("old", "new", 1.58)]


def test_a_byte_order_mark_is_not_part_of_the_first_word(tmp_path: Path) -> None:
    assert read_word_pairs(write(tmp_path / "p", b"\xef\xbb\xbfold new 1"))[0].first == "old"


@pytest.mark.parametrize("line", ["old new", "old new much", "old new nan", "old new inf", "old\t\t1.0", "a b c d 1"])
def test_a_malformed_pair_names_file_line_and_form(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "pairs.tsv", f"# c\ntiger cat 7.35\n{line}\n")
    with pytest.raises(DataError) as caught:
        read_evaluation(path)
    assert f"{path}, line 3: expected two words and a number" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf8_name_the_place(tmp_path: Path) -> None:
    path = write(tmp_path / "p", b"old new 1\nd\xe9j\xe0 vu 2\n")
    with pytest.raises(DataError, match=r"p, line 2: not UTF-8 at byte 2 of the line \(0xe9\)"):
        read_word_pairs(path)


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: longer than"):
        read_evaluation(write(tmp_path / "p", b"x" * 100_000))


def test_a_file_that_is_absent_or_empty_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_evaluation(tmp_path / "absent")
    with pytest.raises(DataError, match="no word pairs or analogies"):
        read_evaluation(write(tmp_path / "empty", "# only this\n\n"))


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


def test_the_three_question_words_are_never_the_answer() -> None:
    # Without the exclusion b itself would be nearest to b - a + c.
    vectors = KeyedVectors(list("abcd"), np.array([[0.1, 1], [1, 0], [0.1, 0.99], [0.5, -0.5]], dtype=np.float32))
    result = evaluate_analogies(vectors, {"": [("a", "b", "c", "d"), ("a", "b", "c", "b")]})
    assert result.total.correct == 1


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
    for scores in (1, 50 * 7, 2**24):
        monkeypatch.setattr(evaluation, "_BLOCK_SCORES", scores)
        assert evaluate_analogies(vectors, {"all": questions}).total.correct == 40


def test_analogies_are_recognised_with_and_without_a_section(tmp_path: Path) -> None:
    assert read_evaluation(write(tmp_path / "a", ": s\n")) == {"s": []}
    assert read_evaluation(write(tmp_path / "b", "a b c d\n")) == {"": [("a", "b", "c", "d")]}
    assert read_evaluation(write(tmp_path / "c", "New York\tUSA\t7\n")) == [("New York", "USA", 7.0)]


def test_a_malformed_analogy_names_file_line_and_form(tmp_path: Path) -> None:
    path = write(tmp_path / "q.txt", ": s\nAthens Greece Oslo\n")
    with pytest.raises(DataError, match=r"q\.txt, line 2: expected four words"):
        read_analogies(path)


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


# Equality with gensim on real data; the hand-worked tests above always run.


def test_evaluation_equals_gensim_on_real_sets(shared_data: Path) -> None:
    models = pytest.importorskip("gensim.models")
    with (shared_data / "tinystories.txt").open(encoding="utf-8") as file:
        text = file.read(1_000_000).lower().replace(".", " ").replace(",", " ")
    sentences = [line.split() for line in text.split("\n")]
    model = models.Word2Vec(sentences, vector_size=30, min_count=3, epochs=1, workers=1, seed=1, sg=1).wv
    vectors = KeyedVectors(model.index_to_key, model.vectors)
    options = {"restrict_vocab": len(vectors), "case_insensitive": True, "dummy4unknown": False}
    for name in ("wordsim353.tsv", "simlex999.txt"):
        path = shared_data / "eval" / name
        theirs, theirs_ranked, unknown = model.evaluate_word_pairs(str(path), **options)
        ours = evaluate_file(vectors, path)
        assert isinstance(ours, PairsResult)
        assert ours.pearson == pytest.approx(theirs[0], abs=1e-6)
        assert ours.spearman == pytest.approx(theirs_ranked[0], abs=1e-6)
        assert 100 * ours.out_of_vocabulary / ours.pairs == pytest.approx(unknown)
    path = shared_data / "eval" / "questions-words.txt"
    accuracy, sections = model.evaluate_word_analogies(str(path), **options)
    result = evaluate_file(vectors, path)
    assert isinstance(result, AnalogiesResult)
    assert result.total.accuracy == pytest.approx(accuracy, abs=1e-6)
    assert [section.correct for section in result.sections] == [len(s["correct"]) for s in sections[:-1]]
    assert result.total.asked + result.total.out_of_vocabulary == 19_544


def test_evaluation_equals_gensim_on_a_small_made_up_set(tmp_path: Path) -> None:
    models = pytest.importorskip("gensim.models")
    rng = np.random.default_rng(9)
    words = [f"w{i}" for i in range(60)]
    theirs = models.KeyedVectors(12)
    theirs.add_vectors(words, rng.normal(size=(60, 12)).astype(np.float32))
    ours = KeyedVectors(words, theirs.vectors)
    scored = rng.integers(0, 70, size=(200, 3)).tolist()
    # A word with itself is left out: in float32 it is 1 only up to rounding, and gensim ranks the rounding.
    pairs = "".join(f"w{a}\tw{b}\t{score}\n" for a, b, score in scored if a != b)
    questions = "".join(" ".join(f"w{i}" for i in row) + "\n" for row in rng.integers(0, 61, size=(500, 4)).tolist())
    # A few that the vectors get right, lest both only agree on nothing.
    for a, b, c in rng.permutation(60).reshape(20, 3).tolist():
        answer = theirs.most_similar(positive=[f"w{b}", f"w{c}"], negative=[f"w{a}"], topn=1)[0][0]
        questions += f"w{a} w{b} w{c} {answer}\n"
    pair_file = write(tmp_path / "pairs", pairs)
    question_file = write(tmp_path / "questions", ": all\n" + questions)
    scores = evaluate_file(ours, pair_file)
    linear, ranked, _ = theirs.evaluate_word_pairs(str(pair_file))
    assert isinstance(scores, PairsResult)
    assert scores.pearson == pytest.approx(linear[0], abs=1e-6)
    assert scores.spearman == pytest.approx(ranked[0], abs=1e-6)
    answers = evaluate_file(ours, question_file)
    assert isinstance(answers, AnalogiesResult)
    assert answers.total.correct >= 20
    assert answers.total.accuracy == pytest.approx(theirs.evaluate_word_analogies(str(question_file))[0], abs=1e-6)
