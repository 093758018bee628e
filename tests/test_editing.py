"""Words that are added to vectors and vectors that are replaced: what is asked afterwards is asked of the new ones."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest

from fastw2v import ApproximateIndex, DataError, KeyedVectors, UnknownWordError, UsageError, Word2Vec

WORDS = ["sun", "moon", "star"]
VECTORS = np.array([[1, 0], [1, 1], [0, 2]], dtype=np.float32)


def vectors() -> KeyedVectors:
    return KeyedVectors(WORDS, VECTORS.copy(), np.array([5, 4, 3]))


def test_a_table_begins_empty_and_takes_words() -> None:
    for empty in (KeyedVectors(2), KeyedVectors(vector_size=2), KeyedVectors(2, dtype=np.float64)):
        assert (len(empty), empty.vector_size, empty.vectors.shape, list(empty)) == (0, 2, (0, 2), [])
        assert empty.similar_by_vector([1.0, 0.0]) == empty.most_similar_cosmul([np.ones(2)]) == []
        with pytest.raises(UsageError, match=r"no words yet to save in v\.txt; add_vectors adds some"):
            empty.save_word2vec_format("v.txt")
        with pytest.raises(UnknownWordError, match=r"no words yet.*add_vectors"):
            empty["sun"]
        empty.add_vectors(WORDS, VECTORS.astype(np.float64))
        assert empty.add_vector("sea", [3, 1]) == 3
        assert empty.vectors.tolist() == [*VECTORS.tolist(), [3, 1]]
        assert empty.most_similar("sun", topn=1)[0][0] == "sea"
    assert KeyedVectors(2, dtype=np.float64).vectors.dtype == np.float64
    items = KeyedVectors(vector_size=2)
    items.add_vectors([30, 10], VECTORS[:2])
    assert items.add_vector(1, VECTORS[2]) == 2
    assert items.index_to_key == [30, 10, 1]


def test_words_are_added_and_replaced_as_gensim_does_it() -> None:
    models = pytest.importorskip("gensim.models")
    theirs, ours = models.KeyedVectors(2), KeyedVectors(2)
    for table in (theirs, ours):
        table.add_vectors(WORDS, VECTORS)
        table["sea"] = np.array([2.0, 3.0])
        table[["moon", "mars", "venus"]] = [[1, 5], [6, 1], [2, 2]]
        table.add_vectors("pluto", [7.0, 0.5])
        table.add_vectors(["sun", "io"], [[9, 9], [0, 1]], replace=False)
        table.unit_normalize_all()
    assert ours.index_to_key == theirs.index_to_key
    np.testing.assert_allclose(ours.vectors, theirs.vectors, rtol=1e-6)
    assert [word for word, _ in ours.most_similar("sea")] == [word for word, _ in theirs.most_similar("sea")]


def test_what_was_asked_before_is_answered_anew() -> None:
    ours = vectors()
    before = ours.most_similar("sun"), ours.unit_vectors[2].tolist(), ours.norms.tolist(), ours[0].tolist()
    ours["star"] = [5, 0.1]
    ours["moon"] = [-1, -1]
    assert ours["moon"].tolist() == [-1, -1]
    assert ours.most_similar("sun")[0][0] == "star"
    assert ours.unit_vectors[2].tolist() != before[1]
    assert ours.norms[2] == pytest.approx(25.01**0.5)
    ours.vectors = VECTORS
    assert (ours.most_similar("sun"), ours.unit_vectors[2].tolist()) == before[:2]
    with pytest.raises(DataError, match="3 words must have as many vectors"):
        ours.vectors = VECTORS[:2]
    with pytest.raises(DataError, match=r"The vectors have 2 numbers\. Got 1"):
        ours.vectors = VECTORS[:, :1]


def test_arrays_and_parts_that_were_given_away_stay_as_they_are() -> None:
    given = VECTORS.copy()
    ours = KeyedVectors(WORDS, given)
    part, array, same = ours[:2], ours.vectors, KeyedVectors(WORDS, ours.vectors)
    for number in range(50):
        ours[f"w{number}"] = [number, 1]
        ours["sun"] = [number, number]
        if number == 20:
            later = ours.vectors
    assert given.tolist() == array.tolist() == same.vectors.tolist() == VECTORS.tolist()
    assert part.vectors.tolist() == VECTORS[:2].tolist()
    assert later[0].tolist() == [20, 20]
    assert ours.vectors.shape == (53, 2)
    assert ours["w49"].tolist() == [49, 1]
    for array in (ours.vectors, ours["sun"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_counts_of_new_words_are_those_given_or_0() -> None:
    ours = vectors()
    ours.add_vectors(["sea", "mars"], VECTORS[:2], extras={"count": [9, 8]})
    ours.add_vector("io", VECTORS[0])
    ours.set_vecattr("sun", "count", 7)
    assert ours.counts is not None
    assert ours.counts.tolist() == [7, 4, 3, 9, 8, 0]
    bare = KeyedVectors(WORDS, VECTORS)
    bare.add_vector("sea", VECTORS[0])
    assert bare.counts is None
    refused: dict[Any, str] = {
        lambda: ours.set_vecattr("sun", "colour", 7): "one attribute of a word is its count. Got 'colour'",
        lambda: ours.set_vecattr("sun", "count", -1): r"A count must be an integer >= 0. Got \[-1\]",
        lambda: ours.add_vectors("x", [1, 1], {"colour": [1]}): r"Got extras \['colour'\]",
        lambda: ours.add_vectors("x", [1, 1], {"count": [1, 2]}): "Each word to add needs a count, 1 in all. Got 2",
    }
    for call, message in refused.items():
        with pytest.raises(UsageError, match=message):
            call()


def test_words_that_stay_as_they_are_are_said(caplog: pytest.LogCaptureFixture) -> None:
    ours = vectors()
    ours.add_vectors(["sea", "sun"], [[3, 3], [9, 9]])
    assert ours["sun"].tolist() == [1, 0]
    assert caplog.messages == ["already there, with vectors that stay: 'sun'; replace=True would replace them"]


def test_what_cannot_be_added_is_refused_and_changes_nothing() -> None:
    ours = vectors()
    refused: list[tuple[Any, Any, str]] = [
        (["a", "a"], [[1, 1], [2, 2]], "Words to add must differ"),
        (["a", "b"], [[1, 1]], r"must be an array of \(2, 2\). Got \(1, 2\)"),
        ("a", [1, 2, 3], r"must be an array of \(1, 2\). Got \(1, 3\)"),
        ("a", [1, np.nan], "The vector of 'a' holds a value that is not finite"),
        ("a", ["x", "y"], r"A vector must be 2 finite numbers. Got .*\['x', 'y'\]"),
        (["a", {}], VECTORS[:2], "Word 1 is {}; a word must be hashable"),
        (["a", b"b"], VECTORS[:2], r"Word 1 is bytes, b'b'; pass text: word.decode\(\)"),
        (99, [1, 1], r"integers, and those are rows, 0 to 2. Got 99; '99' would be a word"),
        (1, [1, 1], r"Got 1; 'moon' is the word of that row, and '1' would be a word"),
        (["moon", np.int64(0)], [[1, 1], [2, 2]], "Got 0; 'sun' is the word of that row"),
    ]
    for words, rows, message in refused:
        with pytest.raises(UsageError, match=message):
            ours[words] = rows
        with pytest.raises(UsageError, match=message):
            ours.add_vectors(words, rows)
        assert (ours.index_to_key, ours.vectors.tolist()) == (WORDS, VECTORS.tolist())
    with pytest.raises(UsageError, match="Got 2; 'star' is the word of that row"):
        ours.add_vector(2, [1, 1])
    makers: dict[Any, str] = {
        lambda: KeyedVectors(0): "vector_size must be an integer >= 1. Got 0",
        lambda: KeyedVectors(): "takes words and vectors, or vector_size alone",
        lambda: KeyedVectors(["a"]): "Got 1 word, no vectors",
        lambda: KeyedVectors(["a"], [[1.0]], vector_size=1): "Got 1 word, some vectors, vector_size 1",
        lambda: KeyedVectors(5, dtype=np.float16): "dtype must be float32 or float64",
    }
    for make, message in makers.items():
        with pytest.raises(UsageError, match=message):
            make()


def test_the_vectors_of_a_model_change_and_take_no_new_words() -> None:
    model = Word2Vec([["a", "b", "c"]] * 20, min_count=1, sample=0, vector_size=4, epochs=1, engine="numpy")
    model.wv["a"] = np.ones(4)
    assert model.wv["a"].tolist() == [1, 1, 1, 1]
    with pytest.raises(UsageError, match=r"take no new words.*Got 'd'; vectors = model.wv\[:\] can take them"):
        model.wv["d"] = np.ones(4)
    with pytest.raises(UsageError, match="take no new words"):
        model.wv[["b", "d"]] = np.ones((2, 4))
    assert model.wv["b"].tolist() != [1, 1, 1, 1]
    if importlib.util.find_spec("gensim"):
        with pytest.raises(UsageError, match="take no new words"):
            Word2Vec.from_gensim(model.to_gensim_model()).wv.add_vector("d", np.ones(4))
    copy = model.wv[:]
    copy["d"] = np.ones(4)
    assert (len(model.wv), len(copy)) == (3, 4)
    model.train([["a", "b"]] * 20, epochs=1)
    assert model.wv["a"].tolist() != [1, 1, 1, 1]


def test_an_index_of_vectors_that_changed_is_refused() -> None:
    pytest.importorskip("usearch")
    for changed in ("star", "sea"):
        ours = vectors()
        index = ApproximateIndex(ours)
        assert index.most_similar("sun", topn=1)[0][0] == "moon"
        ours[changed] = [5, 0]
        with pytest.raises(UsageError, match="The vectors changed since the index was built"):
            index.most_similar("sun")
