"""`Word2Vec`: every kind of corpus, saving and loading, and refusals before time is spent on training."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Callback, DataError, Fastw2vError, Settings, UsageError, Word2Vec, engines
from fastw2v.training.preparation import Prepared

QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 1, "min_count": 1}


class NeverTrain(Callback):
    def on_compile(self) -> None:
        raise AssertionError("training began")


class Lists:
    """A re-iterable of token lists."""

    def __init__(self, stories: list[str]) -> None:
        self._stories = stories

    def __iter__(self) -> Iterator[list[str]]:
        return (line.lower().replace(".", " ").split() for line in self._stories)


def vectors_of(corpus: Any, **changes: Any) -> np.ndarray[Any, Any]:
    return Word2Vec(**{**QUICK, **changes}).fit(corpus).wv.vectors


def test_a_path_several_paths_and_the_stories_are_read_alike(text: Path, stories: list[str], tmp_path: Path) -> None:
    whole = vectors_of(text)
    assert np.array_equal(whole, vectors_of(str(text)))
    assert np.array_equal(whole, vectors_of(None, limit=f"{len(stories)}docs"))
    half = len(stories) // 2
    for name, part in (("a", stories[:half]), ("b", stories[half:])):
        (tmp_path / f"{name}.txt").write_text("\n".join(part), encoding="utf-8")
    assert np.array_equal(whole, vectors_of([tmp_path / "a.txt", tmp_path / "b.txt"]))
    assert np.array_equal(whole, vectors_of(tmp_path))


def test_token_lists_from_any_re_iterable_are_read_alike(stories: list[str]) -> None:
    lists = list(Lists(stories))
    assert np.array_equal(vectors_of(lists), vectors_of(Lists(stories)))
    assert np.array_equal(vectors_of(lists), vectors_of(tuple(tuple(document) for document in lists)))


def test_the_vocabulary_of_token_lists_is_bounded_while_counting() -> None:
    lists = [[f"w{place}" for place in range(first)] for first in range(1, 30)]
    found = Word2Vec(lists, **QUICK, sample=0, validation=0, max_vocab_size=10).wv
    # 29 words at the end of the only piece: those that occur often enough for at most ten to stay.
    assert found.index_to_key == [f"w{place}" for place in range(10)]
    assert len(Word2Vec(lists, **QUICK, sample=0, validation=0).wv) == 29


def test_items_may_be_any_hashable_things() -> None:
    sessions = [[("shop", 1), 7, 2.5, "x"] * 3] * 20
    model = Word2Vec(**QUICK, sample=0).fit(sessions)
    assert set(model.wv.index_to_key) == {("shop", 1), 7, 2.5, "x"}
    assert {item for item, _ in model.wv.most_similar(("shop", 1))} == {7, 2.5, "x"}


def test_items_that_cannot_be_saved_are_refused_before_training_only_where_saving_was_asked_for(
    tmp_path: Path,
) -> None:
    sessions = [[("shop", 1), ("cart", 2), "x"] * 3] * 20
    with pytest.raises(UsageError, match=r"words of type str or int. Got \('shop', 1\) of type tuple"):
        Word2Vec(**QUICK, sample=0).fit(sessions, output=tmp_path / "m", callbacks=[NeverTrain()])
    assert not (tmp_path / "m").exists()
    model = Word2Vec(**QUICK, sample=0).fit(sessions)
    with pytest.raises(UsageError, match="str or int"):
        model.save(tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_one_shot_generator_is_refused_before_training(stories: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a generator can be read only once; pass a list of token lists"):
        Word2Vec(**QUICK).fit((line.split() for line in stories), output=tmp_path / "m", callbacks=[NeverTrain()])
    assert not (tmp_path / "m").exists()


def test_a_saved_model_comes_back_whole(text: Path, tmp_path: Path) -> None:
    model = Word2Vec(**QUICK, seed=3).fit(text, output=tmp_path / "m")
    loaded = Word2Vec.load(tmp_path / "m")
    assert np.array_equal(loaded.wv.vectors, model.wv.vectors)
    assert list(loaded.wv.index_to_key) == list(model.wv.index_to_key)
    assert loaded.settings == model.settings == Settings(**QUICK, seed=3)
    assert loaded.history == model.history
    assert loaded.provenance == model.provenance
    assert loaded.provenance["engine"] == "numpy"
    assert loaded.provenance["corpus"]["documents"] == "line"
    loaded.save(tmp_path / "again")
    for name in ("weights.safetensors", "vocabulary.jsonl", "settings.json", "history.json"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "m" / name).read_bytes()


def test_the_same_seed_gives_the_same_file_and_another_seed_another(text: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        Word2Vec(**QUICK, seed=seed).fit(text, output=tmp_path / name)
    a, b, c = ((tmp_path / name / "weights.safetensors").read_bytes() for name in "abc")
    assert a == b
    assert a != c


def test_an_output_with_a_model_is_refused_before_reading_and_kept(text: Path, tmp_path: Path) -> None:
    Word2Vec(**QUICK).fit(text, output=tmp_path / "m")
    before = {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()}
    with pytest.raises(UsageError, match="already holds a model"):
        Word2Vec(**QUICK, seed=2).fit("no such file", output=tmp_path / "m")
    assert {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()} == before
    Word2Vec(**QUICK, seed=2).fit(text, output=tmp_path / "m", overwrite=True)
    assert Word2Vec.load(tmp_path / "m").settings.seed == 2


def test_an_engine_that_is_not_here_is_refused_before_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "available", lambda *_: {"reference": "", "numpy": "", "numba": "not installed"})
    with pytest.raises(Fastw2vError, match=r"engine numba cannot be used here: not installed.*'numpy' would"):
        Word2Vec(engine="numba").fit("no such file")


def test_without_numba_the_numpy_engine_trains_and_says_so_once(
    text: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engines, "available", lambda *_: {"reference": "", "numpy": "", "numba": "not installed"})
    model = Word2Vec(**{**QUICK, "engine": "auto"}).fit(text)
    assert model.provenance["engine"] == "numpy"
    assert [record.message for record in caplog.records if "numba" in record.message] == [
        "engine numba cannot be imported (not installed): numpy trains, which is slower"
    ]


def test_training_is_told_through_logging(text: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="fastw2v")
    Word2Vec(**{**QUICK, "epochs": 2}).fit(text)
    assert [record.message.split(":")[0] for record in caplog.records[:2]] == ["epoch 1", "epoch 2"]


def test_watch_and_on_prepared_hear_of_reading_and_preparation(text: Path) -> None:
    tokens: list[int] = []
    prepared: list[Prepared] = []
    model = Word2Vec(**QUICK).fit(text, watch=lambda _, count: tokens.append(count), on_prepared=prepared.append)
    assert tokens[0] == 0
    assert tokens == sorted(tokens)
    assert prepared == [model.prepared]
    assert prepared[0].preprocessed.tokens_read == tokens[-1]


def test_an_untrained_model_says_what_to_call() -> None:
    with pytest.raises(UsageError, match=r"not trained yet. Call fit\(corpus\) or Word2Vec.load"):
        Word2Vec().vectors_of("input")
    with pytest.raises(UsageError, match="not trained yet"):
        Word2Vec().save("nowhere")


def test_a_model_is_saved_even_if_an_epoch_had_no_pair(tmp_path: Path) -> None:
    """With few tokens and strong subsampling an epoch may keep no two neighbours: its loss is no number."""
    model = Word2Vec(**{**QUICK, "epochs": 60}, sample=0.002, validation=0)
    model.fit([["aa", "bb", "cc"]] * 50, output=tmp_path / "m")
    losses = [entry["loss"] for entry in model.history]
    assert None in losses
    assert any(losses)
    assert Word2Vec.load(tmp_path / "m").history == model.history


def test_a_model_with_a_setting_unknown_here_is_a_data_error(text: Path, tmp_path: Path) -> None:
    model = Word2Vec(**QUICK).fit(text)
    known = model.settings.as_dict()

    class Newer(Settings):
        def as_dict(self) -> dict[str, Any]:
            return {**known, "warmth": 3}

    model.settings = Newer(**known)
    model.save(tmp_path / "m")
    assert json.loads((tmp_path / "m" / "settings.json").read_text())["warmth"] == 3
    with pytest.raises(DataError, match="m: unknown setting 'warmth'"):
        Word2Vec.load(tmp_path / "m")


def test_the_queries_of_the_documentation_work(text: Path) -> None:
    wv = Word2Vec(**QUICK).fit(text).wv
    word, other = wv.index_to_key[:2]
    assert word in wv
    assert wv[word].shape == (8,)
    assert len(wv.most_similar(word, topn=3)) == 3
    assert -1 <= wv.similarity(word, other) <= 1
    assert wv.doesnt_match([word, other, wv.index_to_key[2]]) in wv
