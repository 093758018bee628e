"""gensim's ways to a vocabulary: rules, counts of one's own, no document held out; and models without one."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import (
    DataError,
    KeyedVectors,
    LineSentence,
    PathLineSentences,
    Settings,
    Text8Corpus,
    UnknownWordError,
    UsageError,
    Word2Vec,
)
from fastw2v.corpus.chosen_words import RULE_DEFAULT, RULE_DISCARD, RULE_KEEP
from fastw2v.corpus.encoded import encode
from fastw2v.corpus.vocabulary import preprocess, vocabulary_of

QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "epochs": 1, "min_count": 1, "sample": 0}
SENTENCES = [["a", "b", "c", "a", "b"], ["a", "b", "rare", "c"]] * 40


def counts(model: Word2Vec) -> dict[Any, int]:
    assert model.wv.counts is not None
    return dict(zip(model.wv.index_to_key, model.wv.counts.tolist(), strict=True))


# ------------------------------------------------------------------------------------------------------------- counts


def test_gensims_way_counts_every_document_and_fit_holds_some_out() -> None:
    text = [["a", "b"]] * 300
    every, fewer = {"a": 300, "b": 300}, {"a": 297, "b": 297}
    stepwise = Word2Vec(**QUICK)
    stepwise.build_vocab(text)
    assert counts(Word2Vec(text, **QUICK)) == counts(stepwise) == every
    assert stepwise.settings.validation == 0
    assert counts(Word2Vec(**QUICK).fit(text)) == fewer
    asked: list[dict[str, Any]] = [{"validation": 10_000}, {"early_stopping": 3}]
    for chosen in asked:
        held = Word2Vec(**QUICK, **chosen)
        held.build_vocab(text)
        assert counts(held) == counts(Word2Vec(text, **QUICK, **chosen)) == fewer, chosen


def test_words_counted_elsewhere_are_a_vocabulary_as_in_gensim() -> None:
    models = pytest.importorskip("gensim.models")
    first: dict[str, Any]
    first, more = {"x": 3, "y": 6, "z": 5, "w": np.int64(9), "v": 1}, {"y": 2, "new": 7, "once": 1}
    theirs, ours = models.Word2Vec(min_count=2, sg=1), Word2Vec(**{**QUICK, "min_count": 2})
    for model in (theirs, ours):
        model.build_vocab_from_freq(first, corpus_count=17)
        assert (model.wv.index_to_key, model.corpus_count) == (["w", "y", "z", "x"], 17)
        model.build_vocab_from_freq(more, update=True)
    assert counts(ours) == {word: theirs.wv.get_vecattr(word, "count") for word in theirs.wv.index_to_key}
    assert counts(ours) == {"w": 9, "y": 8, "new": 7, "z": 5, "x": 3}
    assert ours.train([["w", "x", "unknown"]] * 9)[0] == 18
    refused: list[tuple[Any, str]] = [
        ({"a": -1}, r"A count must be an integer >= 0\. Got -1 for 'a'"),
        ({"a": 1.5}, r"Got 1\.5 for 'a'"),
        ([("a", 1)], "word_freq is a dict of words with their counts. Got list"),
    ]
    for given, message in refused:
        with pytest.raises(UsageError, match=message):
            Word2Vec(**QUICK).build_vocab_from_freq(given)
    with pytest.raises(DataError, match="leaves 1 of 2 words"):
        Word2Vec(**{**QUICK, "min_count": 2}).build_vocab_from_freq({"a": 3, "b": 1})


def test_0_is_gensims_min_count_of_1() -> None:
    assert Word2Vec(min_count=0).settings == Settings(min_count=1)
    with pytest.raises(UsageError, match=r"min_count must be an integer >= 1\. Got -1"):
        Word2Vec(min_count=-1)


def test_a_scan_counts_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("a b\n\nc\n")
    model = Word2Vec(**QUICK)
    assert model.scan_vocab(SENTENCES) == (360, 80)
    assert model.scan_vocab(corpus_file=tmp_path / "text.txt") == (3, 2)
    assert len(model.wv) == 0
    with pytest.raises(UsageError, match="a scan counts every word"):
        model.scan_vocab(SENTENCES, trim_rule=len)  # type: ignore[arg-type]


def test_the_words_of_another_model_are_taken_without_its_vectors() -> None:
    model, other = Word2Vec(SENTENCES, **QUICK), Word2Vec([["x", "y", "x"]] * 9, **QUICK)
    model.reset_from(other)
    assert (counts(model), model.corpus_count) == ({"x": 18, "y": 9}, 9)
    assert not model.syn1neg.any()
    model.train([["x", "y"]] * 9)
    assert model.syn1neg.any()
    with pytest.raises(UsageError, match="not trained yet"):
        model.reset_from(Word2Vec())


# -------------------------------------------------------------------------------------------------------------- rules


def test_a_rule_keeps_and_discards_words_in_hand_worked_counts() -> None:
    asked: list[tuple[Any, int, int]] = []

    def rule(word: Any, count: int, min_count: int) -> int:
        asked.append((word, count, min_count))
        return {"a": RULE_DISCARD, "once": RULE_KEEP}.get(word, RULE_DEFAULT)

    text = [["a", "b", "b", "once", "stop"], ["a", "b", "c", "c", "d"]]
    chosen = Settings(min_count=2, validation=0)
    data = preprocess(encode(text), chosen, {"stop"}, rule=rule)
    assert (data.vocabulary.words, data.vocabulary.counts.tolist()) == (["b", "c", "once"], [3, 2, 1])
    assert (data.tokens_rare, data.tokens_stop_words) == (3, 1)
    assert ("b", 3, 2) in asked
    known: dict[Any, int] = {"a": 5, "z": 1}
    assert dict(zip(*data_of(preprocess(encode(text), chosen, known=known, rule=rule)), strict=True))["a"] == 7
    most = vocabulary_of({"a": 9, "b": 8, "c": 7, "once": 1}, Settings(min_count=1, max_final_vocab=2), rule=rule)
    assert most.words == ["b", "c", "once"]


def data_of(data: Any) -> tuple[Any, Any]:
    return data.vocabulary.words, data.vocabulary.counts.tolist()


def test_a_rule_is_gensims_wherever_words_are_counted() -> None:
    utils = pytest.importorskip("gensim.utils")
    assert (utils.RULE_DEFAULT, utils.RULE_DISCARD, utils.RULE_KEEP) == (RULE_DEFAULT, RULE_DISCARD, RULE_KEEP)

    def rule(word: Any, count: int, min_count: int) -> int:
        return int(utils.RULE_DISCARD if word == "b" else utils.RULE_KEEP if word == "rare" else utils.RULE_DEFAULT)

    chosen = {**QUICK, "min_count": 50}
    at_once, stepwise, counted = Word2Vec(SENTENCES, **chosen, trim_rule=rule), Word2Vec(**chosen), Word2Vec(**chosen)
    stepwise.build_vocab(SENTENCES, trim_rule=rule)
    counted.build_vocab_from_freq({"a": 120, "b": 120, "c": 80, "rare": 40, "once": 1}, trim_rule=rule)
    assert counts(at_once) == counts(stepwise) == counts(counted) == {"a": 120, "c": 80, "rare": 40}


def test_a_rule_that_cannot_be_asked_is_refused() -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"trim_rule": "a"}, "trim_rule is a function of a word, its count and min_count. Got 'a'"),
        ({"trim_rule": lambda *_: 3}, "must return 0 .*, 1 .* or 2 .* Got 3 for 'a'"),
        ({"trim_rule": lambda *_: 0, "max_vocab_size": 3}, "max_vocab_size forgets some before. Got both"),
    ]
    for given, message in refused:
        with pytest.raises(UsageError, match=message):
            Word2Vec(SENTENCES, **QUICK, **given)
    with pytest.raises(UsageError, match=r"trim_rule is asked when words are counted.*build_vocab\(sentences, trim"):
        Word2Vec(trim_rule=lambda *_: 0)
    with pytest.raises(DataError, match="trim_rule leaves 0 of 4 words"):
        Word2Vec(SENTENCES, **QUICK, trim_rule=lambda *_: RULE_DISCARD)


# ------------------------------------------------------------------------------------------------- models without words


def test_a_model_without_a_vocabulary_has_no_words_and_says_so() -> None:
    model = Word2Vec(vector_size=7)
    assert (len(model.wv), model.wv.vector_size, list(model.wv)) == (0, 7, [])
    with pytest.raises(UnknownWordError, match=r"'a' is not in the vocabulary: there are no words yet.*fit\(corpus\)"):
        model.wv.most_similar("a")
    with pytest.raises(UsageError, match="take no new words"):
        model.wv["a"] = np.ones(7)
    for call in (lambda: model.save("nowhere"), model.to_gensim, lambda: model.vectors_of("mean")):
        with pytest.raises(UsageError, match="not trained yet"):
            call()


def test_vectors_that_are_set_answer_and_are_not_trained() -> None:
    model = Word2Vec()
    model.wv = KeyedVectors(["a", "b", "c"], np.eye(3, dtype=np.float32) + 1)
    assert model.wv.most_similar("a", topn=1)[0][0] == "b"
    calls: list[Any] = [
        lambda: model.train(SENTENCES),
        lambda: model.predict_output_word(["a"]),
        lambda: model.save("nowhere"),
        lambda: model.build_vocab(SENTENCES, update=True),
        lambda: model.vectors_of("output"),
    ]
    for call in calls:
        with pytest.raises(UsageError, match=r"no output vectors, since its vectors were set.*init_from=vectors"):
            call()
    with pytest.raises(UsageError, match=r"The vectors of a model are KeyedVectors\. Got list"):
        model.wv = [1, 2]  # type: ignore[assignment]


def test_a_few_words_train_with_a_warning_in_gensims_way_and_are_refused_by_fit(
    caplog: pytest.LogCaptureFixture,
) -> None:
    few = [["a", "b"], ["c"]] * 5
    chosen = {**QUICK, "sample": 1e-6}
    assert len(Word2Vec(few, **chosen).wv) == 3
    assert "almost nothing to learn from" in caplog.text
    with pytest.raises(DataError, match="almost nothing to learn from"):
        Word2Vec(**chosen).fit(few)


# ------------------------------------------------------------------------------------------------------ saving, loading


def test_a_model_takes_the_place_of_an_empty_file_and_of_no_other(tmp_path: Path) -> None:
    model = Word2Vec(SENTENCES, **QUICK)
    empty, full, link = tmp_path / "empty", tmp_path / "full", tmp_path / "link"
    empty.touch()
    full.write_text("mine")
    link.symlink_to(tmp_path / "other")
    (tmp_path / "other").touch()
    model.save(empty)
    assert counts(Word2Vec.load(empty)) == counts(model)
    for taken in (full, link):
        with pytest.raises(UsageError, match="is not a directory"):
            model.save(taken)
    assert full.read_text() == "mine"
    assert link.is_symlink()
    with pytest.raises(UsageError, match="is not a directory"):
        Word2Vec(**QUICK).fit(SENTENCES, output=tmp_path / "other")
    with pytest.raises(UsageError, match="already holds a model"):
        model.save(empty)


def test_gensims_arguments_of_save_and_load_are_known_and_others_are_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = Word2Vec(SENTENCES, **QUICK)
    caplog.clear()
    model.save(fname=tmp_path / "a", separately=None, pickle_protocol=4)
    model.save(fname_or_handle=tmp_path / "b")
    model.wv.save(fname_or_handle=tmp_path / "a.kv", separately=None, ignore=frozenset())
    for loaded in (Word2Vec.load(fname=tmp_path / "a", rethrow=False), Word2Vec.load(directory=tmp_path / "b")):
        assert counts(loaded) == counts(model)
    assert KeyedVectors.load(fname=tmp_path / "a.kv").index_to_key == model.wv.index_to_key
    assert caplog.messages == []
    model.save(tmp_path / "c", sep_limit=0)
    model.wv.save(tmp_path / "c.kv", separately=[])
    Word2Vec.load(tmp_path / "c", rethrow=True)
    mapped = "has no effect: the vectors can be mapped as they are saved, by load(..., mmap='r')"
    raised = "rethrow=True has no effect: an error is raised as it is"
    assert caplog.messages == [f"sep_limit=0 {mapped}", f"separately=[] {mapped}", raised]


def test_what_is_no_path_to_save_to_or_load_from_is_refused(tmp_path: Path) -> None:
    model = Word2Vec(SENTENCES, **QUICK)
    with (tmp_path / "file").open("wb") as file:
        calls: dict[Any, str] = {
            lambda: model.save(tmp_path / "d", overwite=True): r"save has no argument 'overwite'; save\('NAME'\) would",
            lambda: model.wv.save(tmp_path / "d", overwrite=True): "save has no argument 'overwrite'",
            lambda: Word2Vec.load(tmp_path, separately=None): "load has no argument 'separately'",
            lambda: model.save(): r"save needs one path\. Got none; save\('NAME'\) would work",
            lambda: Word2Vec.load(tmp_path, fname=tmp_path): "load needs one path. Got 2 of them",
            lambda: model.wv.save(file): "save needs one path. Got BufferedWriter",  # type: ignore[arg-type]
        }
        for call, message in calls.items():
            with pytest.raises(UsageError, match=message) as caught:
                call()
            assert isinstance(caught.value, TypeError)


def test_load_is_of_the_class_and_not_of_a_model(tmp_path: Path) -> None:
    model = Word2Vec(SENTENCES, **QUICK)
    model.save(tmp_path / "model")
    calls: dict[Any, str] = {
        lambda: model.load(tmp_path / "model"): r"word2vec = Word2Vec\.load\(\.\.\.\) would work",
        lambda: model.wv.load(tmp_path / "file"): r"keyedvectors = KeyedVectors\.load\(\.\.\.\) would work",
    }
    for call, message in calls.items():
        with pytest.raises(AttributeError, match=message) as caught:
            call()
        assert isinstance(caught.value, UsageError)


def test_a_loaded_model_holds_out_what_it_was_told_to(tmp_path: Path) -> None:
    given: list[tuple[str, dict[str, Any], int]] = [("a", {}, 0), ("b", {"validation": 50}, 50)]
    for name, asked, expected in given:
        Word2Vec(**QUICK, **asked).fit(SENTENCES).save(tmp_path / name)
        loaded = Word2Vec.load(tmp_path / name)
        loaded.build_vocab(SENTENCES, update=True)
        assert loaded.settings.validation == expected


# -------------------------------------------------------------------------------------------------------------- errors


def test_what_catches_pythons_own_errors_catches_these(tmp_path: Path) -> None:
    vectors = KeyedVectors(["a", "b"], np.eye(2, dtype=np.float32))
    for name, binary in (("v.txt", False), ("v.bin", True)):
        vectors.save_word2vec_format(tmp_path / name, binary=binary)
        data = (tmp_path / name).read_bytes()
        for text in (b"3" + data[1:], data.replace(b"2 2\n", b"3 2\n") + b"x" * 4):
            (tmp_path / name).write_bytes(text)
            with pytest.raises(DataError) as caught:
                KeyedVectors.load_word2vec_format(tmp_path / name, binary=binary)
            assert isinstance(caught.value, EOFError) or b"x" in text
    (tmp_path / "v.txt").write_bytes(b"1 1\n\xff 1\n")
    with pytest.raises(UnicodeDecodeError, match=r"v\.txt, line 2: the word b'\\xff' is not UTF-8") as found:
        KeyedVectors.load_word2vec_format(tmp_path / "v.txt")
    assert isinstance(found.value, DataError)
    assert str(pickle.loads(pickle.dumps(found.value))) == str(found.value)
    with pytest.raises(ZeroDivisionError, match="needs two lists of words"):
        vectors.n_similarity(["a"], [])
    with pytest.raises(TypeError, match="Document 0 is a generator"):
        Word2Vec([(word for word in "ab")], **QUICK)
    (tmp_path / "model").write_text("vectors")
    with pytest.raises(AttributeError, match=r"is a file, and a model is a directory; KeyedVectors\.load"):
        Word2Vec.load(tmp_path / "model")


def test_what_is_not_there_is_a_file_not_found_as_in_gensim(tmp_path: Path) -> None:
    vectors = KeyedVectors(["a", "b"], np.eye(2, dtype=np.float32))
    vectors.save_word2vec_format(tmp_path / "v.txt")
    none = tmp_path / "none"
    calls: dict[Any, str] = {
        lambda: KeyedVectors.load(none): "none does not exist; give a file of vectors",
        lambda: KeyedVectors.load(none, mmap="r"): "none does not exist; give a file of vectors",
        lambda: Word2Vec.load(none): "none does not exist; give the directory of a model",
        lambda: Word2Vec(**QUICK).fit(SENTENCES, continue_from=none): "none does not exist",
        lambda: Word2Vec(**QUICK).fit(SENTENCES, init_from=none): "There is no file or directory .*none",
        lambda: KeyedVectors.load_word2vec_format(none): "Cannot read .*none: No such file",
        lambda: KeyedVectors.load_word2vec_format(none, binary=True): "Cannot read .*none: No such file",
        lambda: KeyedVectors.load_word2vec_format(tmp_path / "v.txt", fvocab=none): "Cannot read .*none: No such file",
        lambda: vectors.evaluate_word_pairs(none): "Cannot read .*none: No such file",
        lambda: vectors.evaluate_word_analogies(none): "Cannot read .*none: No such file",
        lambda: LineSentence(none): "There is no file .*none",
        lambda: PathLineSentences(none): "There is no file .*none",
        lambda: Text8Corpus(none): "There is no file .*none",
    }
    for call, message in calls.items():
        with pytest.raises(FileNotFoundError, match=message) as caught:
            call()
        assert isinstance(caught.value, UsageError)
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
