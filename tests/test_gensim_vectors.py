"""Vectors and models pass between gensim and us, in memory and in files, bit for bit, with their counts."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import DataError, KeyedVectors, UsageError, Word2Vec
from fastw2v.errors import MissingExtraError
from fastw2v.gensim_compat.exchange import from_gensim, to_gensim

WORDS = ["süß", "日本", "a_b", "don't", "🙂", "x"]
SENTENCES = [["süß", "日本", "a_b", "süß"], ["don't", "🙂", "x", "süß", "日本"]] * 30
CHOSEN: dict[str, Any] = {"vector_size": 12, "min_count": 1, "epochs": 2, "sample": 0}


@pytest.fixture
def models() -> Any:
    return pytest.importorskip("gensim.models")


@pytest.fixture
def ours() -> Word2Vec:
    return Word2Vec(SENTENCES, **CHOSEN, engine="numpy", alpha=0.05)


@pytest.fixture
def theirs(models: Any) -> Any:
    return models.Word2Vec(SENTENCES, **CHOSEN, sg=1, window=3, negative=7, workers=1, alpha=0.04)


def some_vectors(columns: int, dtype: str = "float32") -> KeyedVectors:
    values = np.random.default_rng(1).normal(size=(len(WORDS), columns)).astype(dtype)
    return KeyedVectors(WORDS, values, np.arange(60, 54, -1))


# ------------------------------------------------------------------------------------------------------------ vectors


def test_our_vectors_become_gensims_with_bits_counts_and_answers(models: Any, ours: Word2Vec) -> None:
    keyed = ours.to_gensim()
    assert type(keyed) is models.KeyedVectors
    assert keyed.index_to_key == ours.wv.index_to_key
    assert keyed.vectors.tobytes() == ours.wv.vectors.tobytes()
    assert ours.wv.counts is not None
    assert [keyed.get_vecattr(word, "count") for word in keyed.index_to_key] == ours.wv.counts.tolist()
    (theirs, same) = keyed.most_similar("süß", topn=5), ours.wv.most_similar("süß", topn=5)
    assert [word for word, _ in theirs] == [word for word, _ in same]
    assert [cosine for _, cosine in theirs] == pytest.approx([cosine for _, cosine in same], abs=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_there_and_back_nothing_is_changed_or_copied(models: Any, dtype: str) -> None:
    before = some_vectors(16, dtype)
    after = from_gensim(to_gensim(before))
    assert after.index_to_key == before.index_to_key
    assert after.vectors.dtype == dtype
    assert np.shares_memory(after.vectors, before.vectors)
    assert after.counts is not None
    assert after.counts.tolist() == [60, 59, 58, 57, 56, 55]


def test_padded_rows_are_copied_to_dense_ones(models: Any, ours: Word2Vec) -> None:
    assert not ours.wv.vectors.flags.c_contiguous  # 12 columns of 16
    assert ours.to_gensim().vectors.flags.c_contiguous


def test_what_gensim_does_to_its_vectors_leaves_ours_alone(models: Any) -> None:
    ours = some_vectors(16)
    before = ours.vectors.copy()
    keyed = to_gensim(ours)
    with pytest.raises(ValueError, match="read-only"):
        keyed.vectors[0] = 1
    keyed.add_vectors(["new"], np.ones((1, 16), dtype=np.float32))
    keyed.set_vecattr("süß", "count", 7)
    assert len(keyed) == len(ours) + 1
    assert "new" not in ours
    assert np.array_equal(ours.vectors, before)
    assert ours.counts is not None
    assert ours.counts[0] == 60


def test_words_that_are_numbers_and_vectors_without_counts_come_over(models: Any) -> None:
    ours = KeyedVectors([7, 3, 0], np.eye(3, dtype=np.float32))
    keyed = to_gensim(ours)
    assert keyed[0].tolist() == [0, 0, 1]
    again = from_gensim(keyed)
    assert again.index_to_key == [7, 3, 0]
    assert again.counts is None


def test_something_else_than_vectors_is_refused(models: Any) -> None:
    with pytest.raises(UsageError, match=r"takes gensim's KeyedVectors. Got list; model.wv would work"):
        from_gensim([[1.0, 2.0]])
    keyed = models.KeyedVectors(2)
    keyed.add_vectors(["a"], np.array([[np.nan, 1]], dtype=np.float32))
    with pytest.raises(DataError, match="not finite"):
        from_gensim(keyed)


# -------------------------------------------------------------------------------------------------------------- files


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("name", ["vectors", "vectors.gz"])
def test_trained_vectors_saved_by_either_load_in_the_other(
    tmp_path: Path, models: Any, ours: Word2Vec, theirs: Any, name: str, binary: bool
) -> None:
    ours.wv.save_word2vec_format(tmp_path / f"ours-{name}", binary=binary)
    there = models.KeyedVectors.load_word2vec_format(str(tmp_path / f"ours-{name}"), binary=binary)
    assert there.index_to_key == ours.wv.index_to_key
    assert there.vectors.tobytes() == ours.wv.vectors.tobytes()
    theirs.wv.save_word2vec_format(str(tmp_path / f"theirs-{name}"), binary=binary)
    here = KeyedVectors.load_word2vec_format(tmp_path / f"theirs-{name}", binary=binary)
    assert here.index_to_key == theirs.wv.index_to_key
    assert here.vectors.tobytes() == theirs.wv.vectors.tobytes()
    assert set(here) == set(there.index_to_key) == set(WORDS)


# ------------------------------------------------------------------------------------------------------------- models


def test_a_gensim_model_comes_over_with_vectors_counts_and_settings(theirs: Any) -> None:
    model = Word2Vec.from_gensim(theirs)
    assert np.shares_memory(model.wv.vectors, theirs.wv.vectors)
    assert model.syn1neg.tobytes() == theirs.syn1neg.tobytes()
    assert model.wv.counts is not None
    assert model.wv.counts.tolist() == [theirs.wv.get_vecattr(word, "count") for word in model.wv.index_to_key]
    counts = model.wv.counts.copy()
    theirs.wv.set_vecattr("süß", "count", 7)
    assert np.array_equal(model.wv.counts, counts)
    settings = model.settings
    assert (settings.vector_size, settings.window, settings.negative, settings.min_count) == (12, 3, 7, 1)
    assert (settings.alpha, settings.sample, settings.epochs, settings.workers) == (0.04, 0, 2, 1)
    assert model.provenance == {"gensim": pytest.importorskip("gensim").__version__}


def test_a_gensim_model_is_saved_queried_and_goes_on_training(tmp_path: Path, theirs: Any) -> None:
    model = Word2Vec.from_gensim(theirs)
    model.save(tmp_path / "m")
    loaded = Word2Vec.load(tmp_path / "m")
    assert loaded.wv.vectors.tobytes() == theirs.wv.vectors.tobytes()
    assert loaded.wv.most_similar("süß", topn=1)[0][0] == theirs.wv.most_similar("süß", topn=1)[0][0]
    more = [["süß", "new", "日本"]] * 40
    chosen: dict[str, Any] = {"vector_size": 12, "sample": 0, "engine": "numpy"}
    joined = Word2Vec(**chosen).fit(more, continue_from=loaded)
    assert set(joined.wv) == {*WORDS, "new"}
    assert np.array_equal(joined.wv["🙂"], theirs.wv["🙂"])
    assert joined.provenance["continues"] == model.provenance
    kept = theirs.wv.vectors.copy()
    model.train(more, total_examples=40, epochs=1)
    assert set(model.wv) == set(WORDS)
    assert not np.array_equal(model.wv.vectors, kept)
    assert np.array_equal(theirs.wv.vectors, kept)


def test_our_model_becomes_gensims_which_trains_on_and_comes_back(models: Any, ours: Word2Vec) -> None:
    model = ours.to_gensim_model()
    assert type(model) is models.Word2Vec
    assert model.wv.index_to_key == ours.wv.index_to_key
    assert model.wv.vectors.tobytes() == ours.wv.vectors.tobytes()
    again = Word2Vec.from_gensim(model)
    assert again.syn1neg.tobytes() == ours.syn1neg.tobytes()
    names = ("vector_size", "window", "negative", "min_count", "alpha", "sample", "seed", "max_final_vocab")
    assert [getattr(again, name) for name in names] == [getattr(ours, name) for name in names]
    kept = ours.wv.vectors.copy()
    model.train(SENTENCES, total_examples=len(SENTENCES), epochs=2)
    assert np.abs(model.wv.vectors - kept).max() > 1e-3
    assert np.array_equal(ours.wv.vectors, kept)


def test_words_beyond_max_final_vocab_which_continuing_may_bring_stay(models: Any, ours: Word2Vec) -> None:
    ours.settings = dataclasses.replace(ours.settings, max_final_vocab=3, min_count=50)
    model = ours.to_gensim_model()
    assert set(model.wv.index_to_key) == set(WORDS)
    assert (model.max_final_vocab, model.min_count) == (3, 50)


def test_gensim_trains_float32_alone(models: Any) -> None:
    model = Word2Vec(SENTENCES, **CHOSEN, engine="numpy", dtype="float64")
    assert model.to_gensim().vectors.dtype == np.float64
    with pytest.raises(UsageError, match=r"gensim trains float32 vectors. Got float64"):
        model.to_gensim_model()


@pytest.mark.parametrize(
    ("changes", "what"), [({"sg": 0}, "CBOW"), ({"sg": 1, "hs": 1, "negative": 0}, "hierarchical softmax")]
)
def test_cbow_and_hierarchical_softmax_are_refused_with_what_would_work(
    models: Any, changes: dict[str, Any], what: str
) -> None:
    model = models.Word2Vec(SENTENCES, **CHOSEN, **changes)
    with pytest.raises(UsageError, match=rf"trained by {what}.*KeyedVectors.from_gensim\(model.wv\) takes"):
        Word2Vec.from_gensim(model)
    assert set(from_gensim(model.wv)) == set(WORDS)


def test_other_models_of_gensim_are_refused(models: Any, theirs: Any) -> None:
    fasttext = models.FastText(SENTENCES, **CHOSEN, sg=1, bucket=100)
    for other in (fasttext, theirs.wv, "model"):
        with pytest.raises(UsageError, match=rf"takes gensim's Word2Vec. Got {type(other).__name__};"):
            Word2Vec.from_gensim(other)
    with pytest.raises(UsageError, match="no vocabulary yet"):
        Word2Vec.from_gensim(models.Word2Vec(sg=1))


def test_without_gensim_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, ours: Word2Vec) -> None:
    monkeypatch.setitem(sys.modules, "gensim", None)
    with pytest.raises(MissingExtraError, match=r"to_gensim needs gensim.*pip install '\.\[gensim\]'"):
        ours.to_gensim()
