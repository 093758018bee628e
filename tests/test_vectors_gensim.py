"""KeyedVectors beside gensim's on the same vectors: the same words, the same numbers to 1e-6, method by method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fastw2v.keyed_vectors import KeyedVectors

models = pytest.importorskip("gensim.models")


@pytest.fixture(params=["float32", "float64"])
def both(request: pytest.FixtureRequest) -> tuple[KeyedVectors, Any]:
    """Return the same vectors as ours and as gensim's, anew: its `similarity` changes float64 vectors in place."""
    rng = np.random.default_rng(11)
    centres = rng.normal(size=(40, 25))
    vectors = centres[rng.integers(40, size=900)] + rng.normal(size=(900, 25))
    vectors = (vectors * rng.uniform(0.1, 8, size=(900, 1))).astype(request.param)
    words = [f"w{row}" for row in range(900)]
    theirs = models.KeyedVectors(25, dtype=request.param)
    theirs.add_vectors(words, vectors)
    return KeyedVectors(words, vectors), theirs


VECTOR = np.random.default_rng(12).normal(size=25).astype(np.float32)

NEAREST: dict[str, Any] = {
    "one word": lambda wv: wv.most_similar("w3"),
    "positive and negative": lambda wv: wv.most_similar(positive=["w1", "w2"], negative=["w5"], topn=20),
    "negative alone": lambda wv: wv.most_similar(negative=["w5", "w6"]),
    "weights": lambda wv: wv.most_similar([("w1", 2.5), "w8", (VECTOR, 0.3)], [("w9", -0.5), ("w4", 0.25), VECTOR]),
    "vectors": lambda wv: wv.most_similar(positive=[VECTOR, "w2"], topn=7),
    "array of vectors": lambda wv: wv.most_similar(np.stack([VECTOR, 2 * VECTOR])),
    "the most frequent": lambda wv: wv.most_similar("w3", "w880", topn=15, restrict_vocab=100),
    "more than there are": lambda wv: wv.most_similar("w3", topn=5000),
    "a word": lambda wv: wv.similar_by_word("w33", 4, 200),
    "a vector": lambda wv: wv.similar_by_vector(VECTOR, topn=6),
    "a word's vector": lambda wv: wv.similar_by_vector(wv["w44"], topn=6),
    "product": lambda wv: wv.most_similar_cosmul(positive=["w1", "w2"], negative=["w5"], topn=20),
    "product of one": lambda wv: wv.most_similar_cosmul("w1"),
    "product of many": lambda wv: wv.most_similar_cosmul(["w1", "w2", "w3"], ["w5", "w6"]),
}


# gensim's own call of a method that it advises against.
@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`:DeprecationWarning")
@pytest.mark.parametrize("name", NEAREST)
def test_nearest_words_equal_gensims(both: tuple[KeyedVectors, Any], name: str) -> None:
    ours, theirs = (NEAREST[name](wv) for wv in both)
    assert [word for word, _ in ours] == [word for word, _ in theirs]
    np.testing.assert_allclose([value for _, value in ours], [value for _, value in theirs], rtol=1e-6, atol=1e-6)


NUMBERS: dict[str, Any] = {
    "similarity": lambda wv: wv.similarity("w1", "w2"),
    "distance": lambda wv: wv.distance("w1", "w2"),
    "distances to all": lambda wv: wv.distances("w1"),
    "distances to some": lambda wv: wv.distances("w1", ["w4", "w1", "w9"]),
    "distances of a vector": lambda wv: wv.distances(VECTOR, ["w4", "w1", "w9"]),
    "n_similarity": lambda wv: wv.n_similarity(["w1", "w2", "w1"], ["w3", "w4"]),
    "rank": lambda wv: [wv.rank("w1", f"w{row}") for row in range(0, 900, 60)],
    "vector": lambda wv: wv.get_vector("w1"),
    "unit vector": lambda wv: wv.get_vector("w1", norm=True),
    "vectors of words": lambda wv: wv[["w5", "w1", "w5"]],
    "unit vectors": lambda wv: wv.get_normed_vectors(),
    "mean": lambda wv: wv.get_mean_vector(["w1", "w2", VECTOR, "nowhere"], weights=[1, -2, 0.5, 9]),
    "mean as they are": lambda wv: wv.get_mean_vector(["w1", "w2"], pre_normalize=False),
    "unit mean": lambda wv: wv.get_mean_vector(["w1", "w2", "w3"], post_normalize=True),
    "index": lambda wv: [wv.get_index("w7"), wv.get_index("nowhere", 5), wv.key_to_index["w8"]],
    "known": lambda wv: [wv.has_index_for("w7"), wv.has_index_for("nowhere"), "w7" in wv, "nowhere" in wv],
    "sizes": lambda wv: [len(wv), wv.vector_size, len(wv.index_to_key)],
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_equal_gensims(both: tuple[KeyedVectors, Any], name: str) -> None:
    ours, theirs = (NUMBERS[name](wv) for wv in both)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_the_odd_one_out_and_closer_words_equal_gensims(both: tuple[KeyedVectors, Any]) -> None:
    for start in range(0, 890, 50):
        words = [f"w{row}" for row in range(start, start + 6)]
        assert both[0].doesnt_match(words) == both[1].doesnt_match(words)
        assert both[0].closer_than(words[0], words[1]) == both[1].closer_than(words[0], words[1])
