"""Outlier detection: positions by hand, and against the definition written out; groups made of classes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from fastw2v.evaluation import outlier_detection, outlier_groups
from fastw2v.evaluation.outliers import OutlierGroup, outlier_items
from fastw2v.keyed_vectors import KeyedVectors

# Cosines: a b 0.8, a c 0.6, b c 0; near a 0.96, b 0.936, c 0.352; far -0.28, 0.352, -0.936... of unit length all.
WORDS = ["a", "b", "c", "near", "opposite"]
ROWS = np.array([[1, 0], [0.8, 0.6], [0.6, -0.8], [0.96, 0.28], [-1, 0]])
VECTORS = KeyedVectors(WORDS, 3 * ROWS)


def test_the_position_of_an_outlier_by_hand() -> None:
    # Sums of cosines to the others, with "near": a 0.8 + 0.6 + 0.96 = 2.36, b 1.736, c 0.952, near 2.248. Only a's is
    # larger, so only the group without a is less compact than that without "near": position 1 of 3.
    # With "opposite": a 0.4, b 0, c 0, opposite -2.4: position 3 of 3, detected.
    result = outlier_detection(VECTORS, [OutlierGroup("abc", ("a", "b", "c"), ("near", "opposite", "unknown"))], True)
    (only,) = result.classes
    assert (only.name, only.asked, only.out_of_vocabulary) == ("abc", 2, 1)
    assert only.accuracy == result.total.accuracy == 0.5
    assert only.opp == result.total.opp == pytest.approx((1 / 3 + 1) / 2)
    assert only.accuracy_interval == pytest.approx((0.09453, 0.90547), abs=1e-5)  # Wilson, 1 of 2
    assert only.opp_interval == pytest.approx((1 / 3, 1))


def test_positions_equal_the_definition_written_out() -> None:
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(40)]
    vectors = KeyedVectors(words, rng.normal(size=(40, 4)) + 0.5)

    def compactness(group: list[str]) -> float:
        pairs = list(itertools.permutations(group, 2))
        return sum(vectors.similarity(a, b) for a, b in pairs) / len(pairs)

    def position(group: tuple[str, ...], outlier: str) -> float:
        every = [*group, outlier]
        without = {word: compactness([other for other in every if other != word]) for word in every}
        return sum(without[word] < without[outlier] for word in group) / len(group)

    groups = [OutlierGroup(str(n), tuple(words[8 * n : 8 * n + 8]), tuple(words[32:])) for n in range(4)]
    result = outlier_detection(vectors, groups)
    positions = [[position(group.words, outlier) for outlier in group.outliers] for group in groups]
    assert [part.opp for part in result.classes] == pytest.approx([float(np.mean(own)) for own in positions])
    assert result.total.accuracy == np.mean(np.array(positions) == 1)
    assert result.total.accuracy not in (None, 0, 1)
    assert np.array_equal(outlier_items(vectors, groups).values, (np.array(positions) == 1).ravel())


def test_at_equal_compactness_the_outlier_is_not_detected() -> None:
    same = KeyedVectors(["a", "b", "c", "d"], np.ones((4, 3), dtype=np.float32))
    total = outlier_detection(same, [OutlierGroup("", ("a", "b", "c"), ("d",))]).total
    assert (total.accuracy, total.opp) == (0, 0)


def test_a_group_of_which_two_words_are_known_asks_nothing() -> None:
    total = outlier_detection(VECTORS, [OutlierGroup("", ("a", "b", "x", "y"), ("near", "opposite"))], True).total
    assert (total.asked, total.out_of_vocabulary, total.accuracy, total.opp) == (0, 2, None, None)
    assert total.as_dict() == {"name": "total", "accuracy": None, "opp": None, "asked": 0, "out_of_vocabulary": 2}


def test_groups_are_eight_words_each_with_one_outlier_from_each_other_class() -> None:
    digits = [f"d{i}" for i in range(11)]
    groups = outlier_groups({"digits": digits, "ab": ["a", "b"], "none": [], "xyz": ["x", "y", "z", "d0"]})
    assert groups == [
        OutlierGroup("digits", tuple(digits[:8]), ("a", "x")),
        OutlierGroup("digits", tuple(digits[8:]), ("b", "y")),
        # d0 would be the first of digits, but is of the class, too; ab is too small for a group.
        OutlierGroup("xyz", ("x", "y", "z", "d0"), ("a",)),
    ]


def test_the_stories_truth_makes_groups_of_every_larger_class() -> None:
    from fastw2v.stories import truth

    classes = truth.word_classes()
    groups = outlier_groups(classes)
    assert {group.name for group in groups} == {name for name, words in classes.items() if len(words) >= 3}
    for group in groups:
        assert len(group.outliers) == 8
        assert not set(group.outliers) & set(classes[group.name])
