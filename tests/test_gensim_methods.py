"""gensim's way to train: the same bits as `fit`, a vocabulary that stays, runs that go on, and the attributes."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Callback, Settings, UnknownWordError, UsageError, Word2Vec
from fastw2v.corpus.encoded import encode
from fastw2v.engines.weights import Weights
from fastw2v.training.earlier_model import Earlier
from fastw2v.training.known_words import known_words_only
from fastw2v.training.run_state import EpochRecord

QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 2, "min_count": 1}
FIRST = [["a", "b", "c", "a", "b"], ["a", "b", "rare", "c"]] * 40
SECOND = [["a", "new", "b", "new", "other"], ["new", "a", "other", "b"]] * 40


@pytest.fixture
def sentences(stories: list[str]) -> list[list[str]]:
    """The sentences of a few stories: short ones, of which some are held out."""
    return [sentence.split() for story in stories for sentence in story.lower().split(".") if sentence.split()]


def built(corpus: Any, **changes: Any) -> Word2Vec:
    model = Word2Vec(**{**QUICK, **changes})
    model.build_vocab(corpus)
    return model


def assert_same(a: Word2Vec, b: Word2Vec) -> None:
    assert a.wv.index_to_key == b.wv.index_to_key
    assert a.wv.vectors.tobytes() == b.wv.vectors.tobytes()
    assert a.syn1neg.tobytes() == b.syn1neg.tobytes()
    assert a.wv.counts is not None
    assert np.array_equal(a.wv.counts, b.wv.counts)  # type: ignore[arg-type]
    assert [record["loss"] for record in a.history] == [record["loss"] for record in b.history]
    assert [record["validation_loss"] for record in a.history] == [record["validation_loss"] for record in b.history]


# -------------------------------------------------------------------------------------------------- three ways, one run


def test_training_at_once_and_step_by_step_gives_the_bits_of_fit(sentences: list[list[str]]) -> None:
    chosen = {**QUICK, "seed": 3, "min_count": 2, "validation": 10_000}
    fitted = Word2Vec(**chosen).fit(sentences)
    assert fitted.history[0]["validation_loss"] is not None
    assert_same(Word2Vec(sentences, **chosen), fitted)
    stepwise = Word2Vec(**chosen)
    stepwise.build_vocab(sentences)
    stepwise.train(sentences, total_examples=stepwise.corpus_count, epochs=stepwise.epochs)
    assert_same(stepwise, fitted)
    assert stepwise.corpus_count == fitted.corpus_count == len(sentences)
    assert stepwise.corpus_total_words == fitted.corpus_total_words == sum(map(len, sentences))


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz"])
def test_a_corpus_file_is_read_as_gensim_reads_it(tmp_path: Path, suffix: str) -> None:
    text = "Don't\u00a0STOP süß\u3000日本 x\n\n  e\u0301 é x\u2028x x_y\n" * 9
    path = tmp_path / f"text{suffix}"
    path.write_bytes(gzip.compress(text.encode()) if suffix.endswith("gz") else text.encode())
    lists = [line.split() for line in text.split("\n") if line.split()]
    chosen = {**QUICK, "sample": 0, "validation": 0}
    ours = Word2Vec(corpus_file=path, **chosen)
    assert_same(ours, Word2Vec(lists, **chosen))
    stepwise = Word2Vec(**chosen)
    stepwise.build_vocab(corpus_file=path)
    stepwise.train(corpus_file=path, total_words=stepwise.corpus_total_words, epochs=2)
    assert_same(stepwise, ours)
    assert (ours.settings.documents, ours.settings.tokenizer) == ("line", "whitespace")
    gensim = pytest.importorskip("gensim.models.word2vec")
    theirs = gensim.Word2Vec(sg=1, min_count=1)
    theirs.build_vocab(gensim.LineSentence(str(path)))  # compressed files are too much for gensim's corpus_file
    counts = {word: theirs.wv.get_vecattr(word, "count") for word in theirs.wv.index_to_key}
    assert counts == dict(zip(ours.wv.index_to_key, ours.wv.counts.tolist(), strict=True))  # type: ignore[union-attr]
    assert theirs.corpus_total_words == ours.corpus_total_words


def test_how_a_corpus_file_is_read_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("The cat. THE cat!\n" * 20)
    assert set(Word2Vec(corpus_file=tmp_path / "text.txt", tokenizer="words", **QUICK, sample=0).wv) == {"the", "cat"}


def test_a_sentence_of_25000_words_is_not_cut(tmp_path: Path) -> None:
    words = [f"w{number % 50}" for number in range(25_000)]
    (tmp_path / "text.txt").write_text(" ".join(words))
    chosen = {**QUICK, "epochs": 1, "window": 1, "sample": 0, "validation": 0}
    for model in (Word2Vec([words], **chosen), Word2Vec(corpus_file=tmp_path / "text.txt", **chosen)):
        assert model.history[0]["pairs"] == 2 * 24_999


# -------------------------------------------------------------------------------------------------- what `train` keeps


def test_words_order_and_counts_stay_the_models_in_hand_worked_numbers() -> None:
    rows = np.zeros((3, 2), dtype=np.float32)
    model = Earlier(["a", "b", "c"], np.array([9, 5, 1]), rows, rows)
    data = known_words_only(encode([["x", "c", "c", "b"], ["c", "x"], ["x"]]), model, Settings(min_count=4))
    assert (data.vocabulary.words, data.vocabulary.counts.tolist()) == (["a", "b", "c"], [9, 5, 1])
    assert data.stream.ids.tolist() == [2, 2, 1, 2]
    assert data.stream.offsets.tolist() == [0, 3, 4, 4]
    # Here c is the most frequent word of all, and its row stays the last.
    many = known_words_only(encode([["c", "b"] * 50]), model, Settings(validation=0))
    assert many.stream.ids.tolist() == [2, 1] * 50
    some = known_words_only(encode([["c", "b"]] * 100), model, Settings())
    assert some.held_out.ids.tolist() == [2, 1]
    assert some.stream.ids.tolist() == [2, 1] * 99


def test_words_that_are_not_in_the_vocabulary_are_left_out_of_the_text() -> None:
    known = [[word for word in sentence if word in "ab"] for sentence in SECOND]
    changes = {"sample": 0, "validation": 0}
    with_others, without = built(FIRST, **changes), built(FIRST, **changes)
    assert with_others.train(SECOND) == (2 * 160, 2 * 360)
    assert without.train(known) == (2 * 160, 2 * 160)
    assert_same(with_others, without)
    assert set(with_others.wv) == {"a", "b", "c", "rare"}


def test_a_second_train_goes_on_with_a_learning_rate_that_never_goes_below_min_alpha() -> None:
    rates: list[float] = []

    class Rates(Callback):
        def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
            rates.append(record.learning_rate)
            return False

    model = built(FIRST, sample=0, batch_size=64)
    model.train(FIRST, epochs=3, callbacks=[Rates()])
    first = model.history[0]["loss"]
    counts = model.wv.counts
    model.train(FIRST, total_examples=1, epochs=9, start_alpha=0.02, end_alpha=0.001, callbacks=[Rates()])
    assert model.history[0]["loss"] < first
    assert len(model.history) == 9
    assert all(later < earlier for earlier, later in pairwise(rates[3:]))
    assert min(rates) >= 1e-4
    assert min(rates[3:]) >= 0.001
    assert max(rates[3:]) <= 0.02
    assert (model.epochs, model.alpha, model.min_alpha) == (9, 0.02, 0.001)
    assert np.array_equal(model.wv.counts, counts)  # type: ignore[arg-type]


def test_each_further_call_draws_anew() -> None:
    model = built(FIRST, sample=0.05, seed=5)
    pairs = []
    for seed in (5, 6, 7):
        model.train(FIRST, epochs=1)
        assert model.seed == seed
        pairs.append(model.history[0]["pairs"])
    assert len(set(pairs)) == 3


def test_a_callback_stops_and_the_counts_are_of_what_was_trained() -> None:
    class Stop(Callback):
        def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
            return True

    model = built(FIRST, validation=0)
    assert model.train(FIRST, epochs=5, callbacks=[Stop()]) == (360, 360)


def test_update_adds_new_words_and_keeps_the_vectors_of_old_ones() -> None:
    model = Word2Vec(FIRST, **QUICK, sample=0, validation=0)
    before = {word: model.wv[word].copy() for word in model.wv}
    outputs = dict(zip(model.wv.index_to_key, model.syn1neg.copy(), strict=True))
    model.build_vocab(SECOND, update=True)
    assert set(model.wv) == {*before, "new", "other"}
    counts = dict(zip(model.wv.index_to_key, model.wv.counts.tolist(), strict=True))  # type: ignore[union-attr]
    assert counts == {"a": 120 + 80, "b": 120 + 80, "c": 80, "rare": 40, "new": 120, "other": 80}
    for word, row in model.wv.key_to_index.items():
        if word in before:
            assert np.array_equal(model.wv[word], before[word])
            assert np.array_equal(model.syn1neg[row], outputs[word])
        else:
            assert np.abs(model.wv[word]).max() > 0
            assert not model.syn1neg[row].any()
    drawn = model.wv["new"].copy()
    model.train(SECOND, total_examples=model.corpus_count, epochs=1)
    assert not np.array_equal(model.wv["new"], drawn)
    assert np.array_equal(model.wv["rare"], before["rare"])


def test_a_loaded_model_goes_on_and_says_what_it_continues(tmp_path: Path) -> None:
    model = Word2Vec(FIRST, **QUICK, sample=0)
    model.save(tmp_path / "one")
    for either in (model, Word2Vec.load(tmp_path / "one")):
        either.train(SECOND, epochs=1)
    loaded = Word2Vec.load(tmp_path / "one")
    loaded.train(SECOND, epochs=1)
    assert_same(loaded, model)
    for _ in range(3):
        loaded.train(SECOND, epochs=1)
    loaded.save(tmp_path / "two")
    provenance = json.loads((tmp_path / "two" / "model.json").read_text())["provenance"]
    # The run before, and not those before it: a thousand calls would nest a thousand times.
    assert provenance["continues"]["corpus"]["source"] == "items"
    assert "continues" not in provenance["continues"]


# ---------------------------------------------------------------------------------------------------- what is refused


def test_without_a_vocabulary_nothing_goes_on() -> None:
    with pytest.raises(UsageError, match=r"no vocabulary yet.*Call build_vocab\(corpus\) or fit"):
        Word2Vec(**QUICK).train(FIRST, total_examples=80, epochs=1)
    with pytest.raises(UsageError, match="no vocabulary yet"):
        Word2Vec(**QUICK).build_vocab(FIRST, update=True)
    with pytest.raises(UsageError, match="no vocabulary yet"):
        Word2Vec(**QUICK).predict_output_word(["a"])


def test_a_new_vocabulary_would_drop_what_was_trained_and_is_refused() -> None:
    model = built(FIRST)
    model.build_vocab(SECOND)
    model.train(SECOND)
    trained = model.wv.vectors.copy()
    with pytest.raises(UsageError, match=r"The model is trained.*update=True\) adds words"):
        model.build_vocab(FIRST)
    assert np.array_equal(model.wv.vectors, trained)


def test_a_corpus_without_a_known_word_changes_nothing_and_a_warning_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = built(FIRST)
    settings = model.settings
    (tmp_path / "text.txt").write_text("hello world\n\nhello\n")
    unknown = "None of the 2 words of the corpus is in the model's vocabulary. build_vocab(..., update=True) would"
    empty = "The corpus holds no token"
    calls: list[tuple[dict[str, Any], tuple[int, int], str]] = [
        ({"corpus_iterable": [["hello", "world"]], "total_examples": 1, "epochs": 1}, (0, 2), unknown),
        ({"corpus_file": tmp_path / "text.txt", "epochs": 3}, (0, 9), unknown),
        ({"corpus_iterable": []}, (0, 0), empty),
        ({"corpus_iterable": [[]]}, (0, 0), empty),
    ]
    for arguments, expected, warning in calls:
        caplog.clear()
        assert model.train(**arguments) == expected
        (message,) = caplog.messages
        assert message.startswith(warning)
        assert message.endswith("Nothing is trained.")
    assert model.settings is settings
    assert model.provenance == {}


def test_known_words_without_neighbours_train_nothing_and_a_warning_says_so(caplog: pytest.LogCaptureFixture) -> None:
    model = built(FIRST, sample=0)
    before = model.wv.vectors.copy()
    assert model.train([["hello", "a"]], epochs=3) == (3, 6)
    assert np.array_equal(model.wv.vectors, before)
    assert "nothing was learned; sample=0" in caplog.text


# --------------------------------------------------------------------------------------------- attributes and answers


def test_settings_are_read_under_their_names_and_those_of_the_next_run_can_be_set() -> None:
    model = Word2Vec(window=3, alpha=0.05)
    assert (model.window, model.alpha, model.min_count, model.epochs, model.sg, model.hs) == (3, 0.05, 5, 5, 1, 0)
    with pytest.raises(UsageError, match=r"window is not to be set on a model. Got 9; Word2Vec\(window=\.\.\.\)"):
        model.window = 9
    model.epochs, model.workers, model.alpha = 9, 2, np.float64(0.01)
    assert model.settings == Settings(window=3, alpha=0.01, epochs=9, workers=2)
    with pytest.raises(UsageError, match=r"alpha must be a number > 0\. Got -1"):
        model.alpha = -1
    with pytest.raises(UsageError, match="min_alpha must not exceed alpha"):
        model.min_alpha = 1
    assert model.alpha == 0.01


def test_the_learning_rate_may_be_lowered_call_by_call_and_a_rise_is_said(caplog: pytest.LogCaptureFixture) -> None:
    model = built(FIRST, sample=0, epochs=1)
    rates = []
    for _ in range(3):
        model.train(FIRST)
        rates.append(model.history[0]["learning_rate"])
        model.alpha -= 0.005
        model.min_alpha = model.alpha
    assert rates[1:] == [0.02, 0.015]
    assert "higher than" not in caplog.text
    model.alpha += 0.05
    model.train(FIRST)
    assert caplog.messages == ["Effective 'alpha' higher than previous training cycles: 0.06 after 0.015"]


def test_the_output_vectors_are_to_be_read_only() -> None:
    model = Word2Vec(FIRST, **QUICK, sample=0)
    assert model.syn1neg.shape == (4, 8)
    with pytest.raises(ValueError, match="read-only"):
        model.syn1neg[0, 0] = 1


def test_the_latest_loss_is_the_sum_over_the_pairs_of_the_run() -> None:
    model = Word2Vec(**QUICK)
    assert model.get_latest_training_loss() == 0
    model.history = [{"loss": 2.0, "pairs": 10}, {"loss": None, "pairs": 0}, {"loss": 1.5, "pairs": 4}]
    assert model.get_latest_training_loss() == 26


def test_the_latest_loss_is_about_gensims_on_the_same_text(sentences: list[list[str]]) -> None:
    """Measured on 60,000 words and 3 epochs: 2.94 million, gensim 2.88. Only signs and sums are proved here."""
    models = pytest.importorskip("gensim.models")
    chosen: dict[str, Any] = {"vector_size": 8, "min_count": 1, "epochs": 3, "sample": 0}
    ours = Word2Vec(sentences, **chosen, engine="numpy", noise="per-pair", validation=0)
    theirs = models.Word2Vec(sentences, **chosen, sg=1, workers=1, compute_loss=True)
    assert ours.get_latest_training_loss() == pytest.approx(theirs.get_latest_training_loss(), rel=0.1)


def test_words_that_fit_a_context_are_gensims(sentences: list[list[str]]) -> None:
    models = pytest.importorskip("gensim.models")
    theirs = models.Word2Vec(sentences, sg=1, vector_size=8, min_count=1, epochs=5, alpha=0.1, workers=1)
    ours = Word2Vec.from_gensim(theirs)
    context = [*sentences[0][:4], "not a word"]
    expected = theirs.predict_output_word(context, topn=7)
    assert [word for word, _ in ours.predict_output_word(context, topn=7)] == [word for word, _ in expected]
    shares = [share for _, share in ours.predict_output_word(context, topn=7)]
    assert shares == pytest.approx([float(share) for _, share in expected], rel=1e-5)
    assert sum(share for _, share in ours.predict_output_word(context, topn=10**6)) == pytest.approx(1)


def test_a_context_keeps_the_item_zero_and_names_what_it_leaves_out(caplog: pytest.LogCaptureFixture) -> None:
    model = Word2Vec([[0, "human", 1, ""] * 3] * 9, vector_size=4, min_count=1, sample=0, engine="numpy", epochs=1)
    both, one = model.predict_output_word([0, "human"], topn=4), model.predict_output_word(["human"], topn=4)
    assert both != one
    four: Any = np.uint8(4)
    assert both == model.predict_output_word([0, "human", "unknown"], topn=four)
    assert caplog.messages[-1:] == ["left out of the context, not in the vocabulary: 'unknown'"]
    assert model.predict_output_word(["human", ""], topn=4) != one
    assert {type(key) for key in model.wv.index_to_key} == {int, str}


def test_no_word_fits_a_context_of_unknown_words() -> None:
    with pytest.raises(UnknownWordError, match=r"None of the words \['x', 'y'\]"):
        built(FIRST).predict_output_word(["x", "y"])
