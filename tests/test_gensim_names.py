"""gensim's arguments: each is known; taken over, without effect and said so, or refused with what would work."""

from __future__ import annotations

import inspect
import logging
from pathlib import Path
from typing import Any

import pytest

from fastw2v import Callback, Settings, UsageError, Word2Vec
from fastw2v.gensim_compat.arguments import ALWAYS, AT_ONCE, NO_EFFECT, NO_EFFECT_IN_CALLS, ONLY, ONLY_IN_CALLS, SAME

SENTENCES = [["a", "b", "c", "a", "b"], ["a", "b", "c", "d"]] * 20
QUICK: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 1, "min_count": 1, "sample": 0}
# What is possible for each name of ONLY, and what is not.
REFUSED: dict[str, list[Any]] = {
    "sg": [0, False, 2],
    "hs": [1],
    "null_word": [1],
    "sorted_vocab": [0],
}
UNUSUAL: dict[str, Any] = {"batch_words": 500, "cbow_mean": 0, "comment": "mine", "hashfxn": len}


class NeverTrain(Callback):
    def on_compile(self) -> None:
        raise AssertionError("training began")


def gensim_parameters(method: str = "__init__") -> dict[str, Any]:
    """Return the parameters of a method of gensim's `Word2Vec` with their defaults."""
    models = pytest.importorskip("gensim.models")
    parameters = inspect.signature(getattr(models.Word2Vec, method)).parameters.values()
    return {item.name: item.default for item in parameters if item.name != "self" and item.kind != item.VAR_KEYWORD}


# ---------------------------------------------------------------------------------------------- the tables are whole


def test_every_argument_of_gensims_constructor_is_known_and_in_one_table() -> None:
    tables = [SAME, AT_ONCE, set(ONLY), set(NO_EFFECT), ALWAYS]
    assert set().union(*tables) == set(gensim_parameters())
    assert sum(map(len, tables)) == len(gensim_parameters())


def test_the_tables_have_gensims_defaults_but_for_cbow() -> None:
    defaults = gensim_parameters()
    others = {name for name, (value, _) in {**ONLY, **NO_EFFECT}.items() if value != defaults[name]}
    assert others == {"sg"}
    assert defaults["sg"] == 0


def test_settings_that_both_have_have_the_same_defaults_but_for_the_workers() -> None:
    theirs, ours = gensim_parameters(), Settings().as_dict()
    assert {name: (theirs[name], ours[name]) for name in SAME if theirs[name] != ours[name]} == {"workers": (3, 1)}


@pytest.mark.parametrize(("method", "other"), [("build_vocab", {}), ("train", {"compute_loss": (False, True)})])
def test_build_vocab_and_train_have_gensims_parameters_and_defaults_in_the_same_order(
    method: str, other: dict[str, Any]
) -> None:
    theirs = gensim_parameters(method)
    ours = {name: item.default for name, item in inspect.signature(getattr(Word2Vec, method)).parameters.items()}
    del ours["self"]
    assert list(ours) == list(theirs)
    assert {name: (theirs[name], ours[name]) for name in ours if theirs[name] != ours[name]} == other
    for name, (value, _) in {**ONLY_IN_CALLS, **NO_EFFECT_IN_CALLS}.items():
        assert theirs.get(name, value) == value


def test_these_tests_name_every_argument_of_the_tables() -> None:
    assert set(REFUSED) == set(ONLY)
    assert set(UNUSUAL) == set(NO_EFFECT)


# ------------------------------------------------------------------------------------------------- what becomes of them


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_what_is_not_possible_is_refused_before_training_with_what_would_work(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=rf"^{name}=.* is not possible: .* would work\.$") as caught:
        Word2Vec(SENTENCES, **QUICK, callbacks=[NeverTrain()], **{name: value})
    assert "\n" not in str(caught.value)


def test_the_reason_of_cbow_and_of_hierarchical_softmax_is_named() -> None:
    with pytest.raises(UsageError, match="CBOW in gensim, and fastw2v trains skip-gram; sg=1 or no sg"):
        Word2Vec(sg=0)
    with pytest.raises(UsageError, match=r"no hierarchical softmax; hs=0 with negative=5"):
        Word2Vec(sg=1, hs=1, negative=0)
    with pytest.raises(UsageError, match=r"negative must be an integer >= 1"):
        Word2Vec(sg=1, negative=0)


def test_gensims_own_defaults_are_taken_in_silence_once_skip_gram_is_chosen(caplog: pytest.LogCaptureFixture) -> None:
    arguments = {**gensim_parameters(), "sg": 1, "compute_loss": True}
    assert Word2Vec(**arguments).settings == Settings(workers=3)
    assert caplog.records == []


@pytest.mark.parametrize("name", list(UNUSUAL))
def test_what_has_no_effect_is_accepted_and_said_in_one_warning(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    assert Word2Vec(**{name: UNUSUAL[name]}).settings == Settings()
    (record,) = caplog.records
    assert record.message.startswith(f"{name}=")
    assert "has no effect: " in record.message


def test_the_arguments_of_calls_are_refused_or_warned_of_too(caplog: pytest.LogCaptureFixture) -> None:
    model = Word2Vec(**QUICK)
    model.build_vocab(SENTENCES, progress_per=5, keep_raw_vocab=True)
    with pytest.raises(UsageError, match=r"word_count=7 is not possible: .* start_alpha"):
        model.train(SENTENCES, word_count=7)
    model.train(SENTENCES, queue_factor=3, report_delay=2.0, compute_loss=False)
    said = [record.message.partition("=")[0] for record in caplog.records if "no effect" in record.message]
    assert said == ["progress_per", "keep_raw_vocab", "queue_factor", "report_delay"]


# ------------------------------------------------------------------------------------------------------------ a corpus


def test_text_in_place_of_token_lists_is_refused_with_what_would_work(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("a b a b\n" * 9)
    for text in (str(path), path):
        with pytest.raises(UsageError, match=r"Sentences are token lists.*corpus_file=\.\.\. would read"):
            Word2Vec(text, **QUICK)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"A sentence is a list of tokens. Got 'a b a b'; \[text.split\(\)"):
        Word2Vec(["a b a b"] * 9, **QUICK)


def test_a_corpus_is_given_in_one_way(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"one of the two\. Got both"):
        Word2Vec(SENTENCES, corpus_file=tmp_path / "text.txt", **QUICK)
    with pytest.raises(UsageError, match=r"one of the two\. Got none"):
        Word2Vec(**QUICK).build_vocab()


def test_a_generator_is_refused_wherever_sentences_are_given() -> None:
    with pytest.raises(UsageError, match="a generator can be read only once"):
        Word2Vec((sentence for sentence in SENTENCES), **QUICK)
    model = Word2Vec(**QUICK)
    with pytest.raises(UsageError, match="a generator can be read only once"):
        model.build_vocab(sentence for sentence in SENTENCES)
    model.build_vocab(SENTENCES)
    with pytest.raises(UsageError, match="a generator can be read only once"):
        model.train(sentence for sentence in SENTENCES)


def test_callbacks_without_a_corpus_are_refused() -> None:
    with pytest.raises(UsageError, match=r"Got no corpus; fit\(corpus, callbacks="):
        Word2Vec(callbacks=[NeverTrain()])


def test_gensims_callbacks_are_refused_with_ours() -> None:
    theirs = pytest.importorskip("gensim.models.callbacks").CallbackAny2Vec()
    model = Word2Vec(**QUICK)
    model.build_vocab(SENTENCES)
    for call in (
        lambda: Word2Vec(SENTENCES, **QUICK, callbacks=[theirs]),
        lambda: model.train(SENTENCES, callbacks=[theirs]),
    ):
        with pytest.raises(UsageError, match=r"is a fastw2v.Callback. Got CallbackAny2Vec; a subclass .*on_epoch_end"):
            call()
