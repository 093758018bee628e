"""From a corpus to training: the account of what was removed, and refusals that name a setting that works."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fastw2v import DataError, Settings, UsageError, Word2Vec
from fastw2v.corpus import reading
from fastw2v.corpus.encoded import encode
from fastw2v.stories import generate
from fastw2v.training import preparation
from fastw2v.training.preparation import Prepared
from fastw2v.training.trainer import Trainer
from fastw2v.verify import checks

SENTENCE = ["the", "little", "dog", "ran", "home"]


def prepared(documents: Sequence[Sequence[Any]], **changes: Any) -> Prepared:
    return preparation.prepare(encode(documents), {}, Settings(**changes))


def stories(words: int) -> list[list[str]]:
    return [story.split() for story in generate(words)]


def refused(documents: Sequence[Sequence[Any]], **changes: Any) -> str:
    with pytest.raises(DataError) as caught:
        prepared(documents, **changes)
    message = str(caught.value)
    assert "\n" not in message
    return message


def suggested(message: str, option: str) -> str:
    found = re.search(rf"{option}=(\S+) would", message)
    assert found, message
    return found[1].strip("'")


# ------------------------------------------------------------------------------------------------------ the account


def test_each_stage_removes_what_it_says_and_the_stages_add_up(tmp_path: Path) -> None:
    words = tmp_path / "stop.txt"
    words.write_text("the\nand\n")
    documents = stories(60_000)
    done = prepared(documents, stop_words=str(words), min_count=8)
    data, stages = done.preprocessed, {stage: (removed, left) for stage, removed, left in done.stages()}
    tokens = sum(map(len, documents))
    assert data.tokens_read == tokens
    assert 0 < data.tokens_held_out <= tokens // 100
    for removed, left in stages.values():
        tokens -= removed
        assert left == tokens
        assert removed > 0
    assert tokens == done.kept_tokens
    assert len(data.stream) == stages["rare words (min_count)"][1]
    assert {"the", "and"}.isdisjoint(data.vocabulary.words)
    assert data.vocabulary.counts.min() >= 8


def test_stages_by_hand() -> None:
    documents = [["a", "b", "a", "the"], ["c", "b", "the"]] * 4 + [["rare", "a"]]
    done = prepared(documents, sample=0, min_count=2, validation=0)
    assert list(done.stages()) == [
        ("held out for validation", 0, 30),
        ("stop words", 0, 30),
        ("rare words (min_count)", 1, 29),
        ("subsampling (each epoch)", 0, 29),
    ]
    stopped = prepared(documents, sample=0, min_count=2, validation=0, stop_words="english")
    # "a" and "the" are English stop words: nine and eight tokens.
    assert [removed for _, removed, _ in stopped.stages()] == [0, 17, 1, 0]
    assert list(stopped.preprocessed.vocabulary.words) == ["b", "c"]


def test_pairs_and_kept_tokens_are_those_of_the_first_epoch() -> None:
    done = prepared(stories(20_000), epochs=1)
    record = Trainer(done.preprocessed, Settings(epochs=1, engine="numpy", vector_size=4)).run().history[0]
    assert record.pairs == done.pairs


def test_pairs_of_a_long_stream_are_scaled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = stories(40_000)
    exact = prepared(documents)
    monkeypatch.setattr(preparation, "COUNTED", 10_000)
    scaled = prepared(documents)
    assert scaled.pairs != exact.pairs
    assert scaled.pairs == pytest.approx(exact.pairs, rel=0.05)
    assert scaled.kept_tokens == pytest.approx(exact.kept_tokens, rel=0.05)


def test_reading_tells_each_document_and_stops_with_the_one_that_reaches_the_most() -> None:
    heard: list[int] = []
    documents = [["a", "b"], ["c"], ["d", "e"], ["f"]]
    encoded, _ = reading.read(documents, Settings(), watch=lambda _, tokens: heard.append(tokens), most_tokens=3)
    assert (heard, encoded.documents, encoded.tokens) == ([2, 3], 2, 3)


@pytest.mark.parametrize(("most", "documents", "words"), [(1, 1, "ab"), (2, 1, "ab"), (3, 2, "abc"), (9, 3, "abcd")])
def test_the_beginning_of_a_text_is_whole_documents_and_their_words(
    most: int, documents: int, words: str, tmp_path: Path
) -> None:
    text, encoded = tmp_path / "text.txt", tmp_path / "encoded"
    text.write_text("a b\nc\nd a\n")
    reading.encode_text(text, Settings(), encoded)
    for corpus in (text, encoded):
        read, _ = reading.read(corpus, Settings(), most_tokens=most)
        assert (read.documents, read.items) == (documents, list(words))
        assert [read.items[i] for i in read.ids] == list("abcda")[: read.tokens]


def test_what_a_document_is_is_recorded_as_found_and_not_as_asked(tmp_path: Path) -> None:
    marked, lines = tmp_path / "marked.txt", tmp_path / "lines.txt"
    marked.write_text("One two.\nThree.\n<|endoftext|>\nFour.\n<|endoftext|>\n")
    lines.write_text("One two.\nThree.\n\nFour.\n")
    found = {}
    for path, mode in ((marked, "auto"), (lines, "auto"), (lines, "blank"), (marked, "line")):
        encoded, description = reading.read(path, Settings(documents=mode))  # type: ignore[arg-type]
        found[path.stem, mode] = (description["documents"], encoded.documents)
        assert "endoftext" not in encoded.items
    assert found == {
        ("marked", "auto"): ("marker", 2),
        ("lines", "auto"): ("line", 3),
        ("lines", "blank"): ("blank", 2),
        ("marked", "line"): ("line", 3),
    }


# ------------------------------------------------------------------------------- vanishing updates, and what to do


@pytest.mark.parametrize("sample", [1e-12, 1e-9, 1e-6])
def test_too_strong_subsampling_names_a_sample_that_works(sample: float) -> None:
    documents = stories(1_500)
    message = refused(documents, sample=sample, epochs=1, min_count=1)
    assert re.match(rf"sample {sample:g} keeps [\d,]+ of 1,\d{{3}} tokens \([\d.]+% of the most frequent word", message)
    assert re.search(r"leaves [\d,]+ training pairs an epoch for [\d,]+ words", message)
    works = float(suggested(message, "sample"))
    assert works == 0 or works > sample  # 0 keeps every token
    again = prepared(documents, sample=works, epochs=1, min_count=1)
    assert f"would give {again.pairs:,} pairs" in message
    assert again.pairs >= len(again.preprocessed.vocabulary)


def test_a_corpus_of_few_words_gets_a_sample_that_works() -> None:
    documents = [["the", "cat", "sat"]] * 50
    message = refused(documents)
    assert message.startswith("sample 0.001 keeps 8 of 150 tokens")
    assert prepared(documents, sample=float(suggested(message, "sample"))).pairs > 0


def test_few_pairs_an_epoch_are_enough_in_more_epochs() -> None:
    documents = [["a", "b"], ["c"], ["d"]]
    options: dict[str, Any] = {"sample": 0, "min_count": 1, "validation": 0}
    assert "2 training pairs an epoch for 4 words" in refused(documents, epochs=1, **options)
    assert prepared(documents, epochs=2, **options).pairs == 2


@pytest.mark.parametrize("min_count", [10**4, 10**9])
def test_too_high_a_min_count_names_one_that_works(min_count: int) -> None:
    documents = stories(20_000)
    message = refused(documents, min_count=min_count)
    assert re.match(rf"min_count {min_count} leaves 0 of \d?,?\d+ words \(the most frequent occurs", message)
    again = prepared(documents, min_count=int(suggested(message, "min_count")))
    assert f"would keep {len(again.preprocessed.vocabulary):,}." in message


def test_a_min_count_that_leaves_single_words_apart_names_one_that_works() -> None:
    # Two frequent words that never stand in one document, among rare ones.
    documents = [["x", f"r{i}", f"q{i}"] for i in range(30)] + [["y", f"s{i}", f"t{i}"] for i in range(30)]
    message = refused(documents, sample=0, min_count=5, validation=0)
    assert message.startswith("min_count 5 removes 120 of 180 tokens and leaves 0 training pairs an epoch for 2 words")
    assert prepared(documents, sample=0, min_count=int(suggested(message, "min_count")), validation=0).pairs > 0


def test_stop_words_that_remove_everything_are_named() -> None:
    documents = [["the", "and", "of", "it"]] * 30
    message = refused(documents, stop_words="english", sample=0)
    assert message.startswith("stop_words english leaves 0 of 4 words: it removed 12")
    assert prepared(documents, stop_words=suggested(message, "stop_words"), sample=0).pairs > 0


def test_stop_words_that_leave_single_words_apart_are_named() -> None:
    documents = [["the", "dog", "and"]] * 20 + [["the", "cat", "and"]] * 20
    message = refused(documents, stop_words="english", sample=0, validation=0)
    assert message.startswith("stop_words english removes 80 of 120 tokens and leaves 0 training pairs")
    assert prepared(documents, stop_words=suggested(message, "stop_words"), sample=0, validation=0).pairs > 0


def test_a_corpus_of_one_word_says_so() -> None:
    assert "1 distinct word; training needs at least two" in refused([["one"] * 50] * 5)


def test_documents_of_one_word_each_are_named_as_the_reason() -> None:
    message = refused([[word] for word in SENTENCE] * 20, sample=0)
    assert "hold 1.0 words on average, which leaves 0 training pairs" in message
    assert message.endswith("Longer ones would work, or more text.")


def test_an_empty_corpus_says_so() -> None:
    with pytest.raises(DataError, match="holds no token"):
        reading.read([[], []], Settings())


# ------------------------------------------------------------------------------------------- few pairs, many epochs


def test_small_texts_get_more_epochs_and_none_fewer_than_the_default() -> None:
    # Pairs a word in an epoch: 500 kB and 2 MB of TinyStories, 40 MB of Wikipedia, TinyStories' 12 MB, the stories.
    measured = {213: 15, 471: 15, 612: 13, 1_742: 5, 3_545: 5}
    assert {pairs: preparation.suited_epochs(pairs * 100, 100) for pairs in measured} == measured
    assert preparation.suited_epochs(0, 10) == 15
    assert prepared(stories(3_000), epochs=7).epochs == 7
    chosen = preparation.prepare(encode(stories(3_000)), {}, Settings(epochs=7), auto_epochs=True)
    assert chosen.epochs == 15


def test_a_run_of_few_pairs_is_warned_of_with_what_works_better(caplog: pytest.LogCaptureFixture) -> None:
    chosen: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "validation": 0, "sample": 0}
    few = "only {} training pairs a word: too few for good vectors; {}"
    text = [["a", "b", "c", "d", "e"]] * 20
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "epochs=15, window=10 works better, more text better still"),
        ({"epochs": 15}, "window=10 works better, more text better still"),
        ({"epochs": 15, "window": 10}, "give more text"),
    ]
    for changes, remedy in cases:
        model = Word2Vec(**chosen, **changes).fit(text)
        pairs = sum(epoch["pairs"] for epoch in model.history)
        assert caplog.messages[-1:] == [few.format(f"{pairs / 5:,.0f}", remedy)]
        caplog.clear()
    Word2Vec(**chosen).fit([["a", "b"]] * 20)  # which no window makes longer
    assert caplog.messages[-1:] == [few.format(100, "epochs=15 works better, more text better still")]
    caplog.clear()
    Word2Vec(**chosen).fit(text, continue_from=model)  # which has seen more
    Word2Vec(**chosen).fit(text, init_from=model)
    Word2Vec(**chosen).fit(text * 50)
    assert caplog.messages == []


def test_where_subsampling_removed_most_of_a_short_text_none_is_the_advice_and_works(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chosen: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "validation": 0}
    lines = [["the", "cat", "sat", "on", "the", "mat"], ["the", "dog", "sat", "on", "the", "log"]]
    few = r"only \d+ training pairs a word: too few for good vectors; {}"
    Word2Vec(**chosen, epochs=15).fit(lines * 40)
    assert re.fullmatch(few.format("sample=0 works better, more text better still"), "\n".join(caplog.messages))
    caplog.clear()
    Word2Vec(**chosen, epochs=15, sample=0).fit(lines * 40)
    assert caplog.messages == []
    Word2Vec(**chosen).fit(lines * 5)  # where it is not enough
    advice = "sample=0, epochs=15, window=10 works better, more text better still"
    assert caplog.messages[-1].endswith(advice)


def test_a_corpus_without_pairs_is_warned_of_once_and_one_pair_is_one(caplog: pytest.LogCaptureFixture) -> None:
    chosen: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "min_count": 1}
    model = Word2Vec([["a"], ["b"]], **chosen)
    assert len(caplog.messages) == 1
    assert caplog.messages[0].endswith("Longer ones would work, or more text.")
    assert sum(epoch["pairs"] for epoch in model.history) == 0
    caplog.clear()
    Word2Vec([["a", "b"]], **chosen, epochs=1, sample=0)
    assert caplog.messages == [
        "only 1 training pair a word: too few for good vectors; epochs=15 works better, more text better still"
    ]


def test_fit_chooses_the_number_of_epochs_when_asked_to_and_the_model_says_which() -> None:
    model = Word2Vec(engine="numpy", vector_size=4, epochs=2).fit(stories(2_000), auto_epochs=True)
    assert (len(model.history), model.settings.epochs) == (15, 15)


# ---------------------------------------------------------------------------------------------- bad input in Python


def test_a_one_shot_generator_is_refused_with_what_to_pass_instead() -> None:
    with pytest.raises(UsageError, match=r"a generator can be read only once; pass a list of token lists"):
        reading.read((line for line in [SENTENCE]), Settings())


def test_a_text_in_place_of_token_lists_is_refused() -> None:
    with pytest.raises(UsageError, match=r"Document 1 is a str, which is not a list of tokens; pass a list"):
        reading.read([SENTENCE, "the little dog"], Settings())


def test_only_str_and_int_can_be_saved() -> None:
    preparation.check_savable(["a", 1, "1", -5])
    for item in (("a", 1), 1.0, True, None, b"a"):
        with pytest.raises(UsageError, match=rf"Got {re.escape(repr(item))} of type {type(item).__name__}"):
            preparation.check_savable(["a", item])


def test_pairs_are_counted_over_the_epochs_that_are_chosen() -> None:
    # In 5 epochs fewer pairs than words, in the 15 that are chosen more.
    documents = [["a", "b", "a"]] * 2 + [[f"w{i}"] for i in range(98)]
    options: dict[str, Any] = {"sample": 0, "min_count": 1, "window": 1, "validation": 0}
    assert "8 training pairs an epoch" in refused(documents, **options)
    done = preparation.prepare(encode(documents), {}, Settings(**options), auto_epochs=True)
    assert (done.pairs, done.epochs) == (8, 15)


def test_a_batch_of_too_many_terms_is_refused_before_a_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastw2v.training.memory_need.available", lambda: None)
    large: dict[str, Any] = {"batch_size": 1073, "window": 1000, "negative": 1000, "engine": "numpy"}

    class Unread:
        def __iter__(self) -> Any:
            raise AssertionError("read")

    counted = Word2Vec(**large)
    counted.build_vocab_from_freq({"a": 9, "b": 8})
    for begin in (
        lambda: Word2Vec(**large).fit(Unread()),
        lambda: Word2Vec(Unread(), **large),
        lambda: Word2Vec(**large).build_vocab(Unread()),
        lambda: counted.train(Unread()),
        lambda: checks.prepare(Unread(), Settings(**large)),
    ):
        with pytest.raises(UsageError, match=r"at most 2,147,483,647 terms.*batch_size=1072 would work"):
            begin()


def test_batches_that_verify_makes_larger_stay_within_what_can_be_trained() -> None:
    data = prepared([SENTENCE] * 40, min_count=1, sample=0).preprocessed
    large = Settings(batch_size=8, window=1000, negative=66, vector_size=4)
    assert [check.deviation for check in checks._workers("numpy", data, large)] == [0, 0]
