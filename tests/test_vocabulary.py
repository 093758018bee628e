"""From documents to the training stream: order, positions, what is removed, what is held out, what is refused."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import Settings
from fastw2v.corpus import vocabulary
from fastw2v.corpus.encoded import EncodedCorpus, encode
from fastw2v.corpus.vocabulary import HELD_OUT_TOKENS, Preprocessed, Stream, preprocess
from fastw2v.draws.randomness import HELD_OUT, VALIDATION_EPOCH, VALIDATION_SEED, draw_range
from fastw2v.errors import DataError

KEEP_ALL = Settings(min_count=1, validation=0)
DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=12)


def as_lists(stream: Stream) -> list[list[int]]:
    return [part.tolist() for part in np.split(stream.ids, stream.offsets[1:-1])]


def of_lengths(lengths: list[int] | npt.NDArray[Any], words: int = 2) -> EncodedCorpus:
    """A corpus with documents of these lengths, its words in turn."""
    total = int(np.sum(lengths))
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return EncodedCorpus((np.arange(total) % words).astype(np.int32), offsets, [f"w{i}" for i in range(words)])


# ---------------------------------------------------------------------------------------------- numbers for items


def test_items_are_numbered_by_first_appearance_and_empty_documents_dropped() -> None:
    corpus = encode([["b", "a"], [], ["a", 7, "b", (1, 2)]])
    assert corpus.items == ["b", "a", 7, (1, 2)]
    assert corpus.ids.tolist() == [0, 1, 1, 2, 0, 3]
    assert corpus.offsets.tolist() == [0, 2, 6]
    assert (corpus.documents, corpus.tokens) == (2, 6)
    assert corpus.ids.dtype == np.int32


def test_a_corpus_without_tokens_is_refused() -> None:
    with pytest.raises(DataError, match="holds no token"):
        encode([[], []])


# ------------------------------------------------------------------------------------------------ the vocabulary


def test_words_stand_by_count_then_by_first_appearance() -> None:
    # the 4, b 3, y 2 and z 2 (z first), q 1.
    documents = [["z", "the", "y", "b"], ["b", "y", "b", "the", "the", "the"], ["q", "z"]]
    data = preprocess(encode(documents), KEEP_ALL)
    assert list(data.vocabulary.words) == ["the", "b", "z", "y", "q"]
    assert data.vocabulary.counts.tolist() == [4, 3, 2, 2, 1]
    assert as_lists(data.stream) == [[2, 0, 3, 1], [1, 3, 1, 0, 0, 0], [4, 2]]


def test_min_count_keeps_words_that_occur_exactly_so_often() -> None:
    documents = [["a"] * 3 + ["b"] * 2 + ["c"]]
    data = preprocess(encode(documents), replace(KEEP_ALL, min_count=2))
    assert list(data.vocabulary.words) == ["a", "b"]
    assert (data.tokens_rare, data.tokens_stop_words) == (1, 0)


def test_stop_words_go_whatever_their_count_and_documents_close_up() -> None:
    data = preprocess(encode([["a", "s", "b"], ["s"], ["b", "s", "a"]]), KEEP_ALL, {"s", "nowhere"})
    assert list(data.vocabulary.words) == ["a", "b"]
    assert as_lists(data.stream) == [[0, 1], [], [1, 0]]
    assert (data.tokens_rare, data.tokens_stop_words) == (0, 3)


@settings(deadline=None)
@given(DOCUMENTS, st.integers(1, 3), st.sets(st.sampled_from("abcdefgh"), max_size=2))
def test_vocabulary_and_stream_are_the_oracle_s(documents: list[list[str]], min_count: int, stop: set[str]) -> None:
    words, counts = oracle.build_vocabulary(documents, min_count, stop)
    if len(words) < 2:
        return
    data = preprocess(encode(documents), replace(KEEP_ALL, min_count=min_count), stop)
    assert list(data.vocabulary.words) == words
    assert data.vocabulary.counts.tolist() == counts
    full = [document for document in documents if document]
    tokens = oracle.encode(full, words)
    assert as_lists(data.stream) == [[token.word for token in document] for document in tokens]
    # A token's position is its index in the stream.
    ends = np.cumsum([len(document) for document in tokens])
    assert data.stream.offsets.tolist() == [0, *ends]
    assert np.array_equal(np.bincount(data.stream.ids, minlength=len(words)), counts)


@settings(deadline=None)
@given(DOCUMENTS, st.integers(1, 3), st.sets(st.sampled_from("abcdefgh"), max_size=2))
def test_the_tokens_of_all_stages_add_up(documents: list[list[str]], min_count: int, stop: set[str]) -> None:
    corpus = encode([*documents * 30, ["x", "y"] * 50])
    data = preprocess(corpus, Settings(min_count=min_count), stop)
    removed = data.tokens_held_out + data.tokens_stop_words + data.tokens_rare
    assert data.tokens_read == corpus.tokens == removed + len(data.stream)
    assert data.corpus_tokens == data.tokens_read - data.tokens_held_out
    assert (data.documents, data.distinct) == (corpus.documents, len(corpus.items))


def test_nothing_depends_on_python_s_hashing() -> None:
    script = (
        "from fastw2v import Settings; from fastw2v.corpus.encoded import encode\n"
        "from fastw2v.corpus.vocabulary import preprocess\n"
        "words = [f'word{i * i % 101}' for i in range(400)]\n"
        "data = preprocess(encode([words]), Settings(validation=0, min_count=2), {'word4', 'word9'})\n"
        "print(list(data.vocabulary.words), data.stream.ids.tolist())"
    )

    def run(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment).stdout

    assert run("1") == run("2")
    assert b"word1" in run("1")


# ----------------------------------------------------------------------------------------------- at most so many words


def with_counts(**counts: int) -> EncodedCorpus:
    return encode([[word for word, count in counts.items() for _ in range(count)]])


@pytest.mark.parametrize(
    ("most", "min_count", "left"),
    [
        (None, 1, "abcdef"),
        (6, 1, "abcdef"),
        (7, 1, "abcdef"),
        # e and f are equal: both go.
        (5, 1, "abcd"),
        (4, 1, "abcd"),
        # b, c and d are equal: to keep two or three, all of them go.
        (3, 1, "a"),
        (2, 1, "a"),
        # min_count counts on: the higher of the two decides.
        (5, 2, "abcd"),
        (5, 6, "a"),
        (6, 2, "abcdef"),
        (6, 3, "abcd"),
    ],
)
def test_at_most_so_many_words_stay_and_equal_counts_stay_or_go_together(
    most: int | None, min_count: int, left: str
) -> None:
    corpus = with_counts(a=9, b=5, c=5, d=5, e=2, f=2)
    chosen = replace(KEEP_ALL, min_count=min_count, max_final_vocab=most)
    if len(left) < 2:
        with pytest.raises(DataError):
            preprocess(corpus, chosen)
        return
    data = preprocess(corpus, chosen)
    assert "".join(map(str, data.vocabulary.words)) == left
    assert data.tokens_rare == 28 - data.vocabulary.counts.sum()


def test_a_limit_that_ties_leave_nothing_of_is_named_and_the_one_offered_works() -> None:
    corpus = with_counts(a=9, b=5, c=5, d=5, e=2, f=2)
    with pytest.raises(DataError, match=r"^max_final_vocab 3 leaves 1 word, since words of equal count") as caught:
        preprocess(corpus, replace(KEEP_ALL, max_final_vocab=3))
    offered = re.search(r"max_final_vocab=(\d+)", str(caught.value))
    assert offered
    assert list(preprocess(corpus, replace(KEEP_ALL, max_final_vocab=int(offered[1]))).vocabulary.words) == list("abcd")


def test_stop_words_do_not_count_among_them() -> None:
    data = preprocess(with_counts(s=50, t=40, a=9, b=5, c=2), replace(KEEP_ALL, max_final_vocab=2), {"s", "t"})
    assert list(data.vocabulary.words) == ["a", "b"]


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(1, 9), min_size=3, max_size=15), most=st.integers(2, 16), min_count=st.integers(1, 5)
)
def test_the_count_below_which_words_go_is_gensim_s(counts: list[int], most: int, min_count: int) -> None:
    word2vec = pytest.importorskip("gensim.models.word2vec")
    words = {f"w{i}": count for i, count in enumerate(counts)}
    model = word2vec.Word2Vec(min_count=min_count, max_final_vocab=most)
    model.build_vocab_from_freq(dict(words))
    try:
        data = preprocess(with_counts(**words), replace(KEEP_ALL, min_count=min_count, max_final_vocab=most))
    except DataError:
        assert len(model.wv) < 2
        return
    assert set(map(str, data.vocabulary.words)) == set(model.wv.index_to_key)
    assert min(data.vocabulary.counts) >= model.effective_min_count


# ------------------------------------------------------------------------------------------------- mapped from disk


@settings(deadline=None, max_examples=50)
@given(
    documents=st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12), min_size=1, max_size=12),
    min_count=st.integers(1, 3),
    stop=st.sets(st.sampled_from("abcdefgh"), max_size=2),
    chunk=st.integers(1, 40),
    copies=st.sampled_from([1, 60]),
    validation=st.sampled_from([0, 100]),
)
def test_the_streams_of_a_mapped_corpus_are_those_in_memory(
    documents: list[list[str]],
    min_count: int,
    stop: set[str],
    chunk: int,
    copies: int,
    validation: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    corpus = encode([*documents * copies, ["x", "y"] * 5])
    folder = tmp_path_factory.mktemp("mapped")
    corpus.ids.astype("u1").tofile(folder / "ids")
    corpus.offsets.tofile(folder / "offsets")
    mapped = EncodedCorpus(
        np.asarray(np.memmap(folder / "ids", dtype="u1", mode="r")),
        np.asarray(np.memmap(folder / "offsets", dtype="<i8", mode="r")),
        corpus.items,
        folder,
    )
    chosen = Settings(min_count=min_count, validation=validation)
    in_memory = preprocess(corpus, chosen, stop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "CHUNK", chunk)
        data = preprocess(mapped, chosen, stop)
    for mine, other in ((data.stream, in_memory.stream), (data.held_out, in_memory.held_out)):
        assert mine.ids.dtype == np.int32
        assert mine.offsets.dtype == np.int64
        assert mine.ids.tolist() == other.ids.tolist()
        assert mine.offsets.tolist() == other.offsets.tolist()
    assert data.vocabulary.counts.tolist() == in_memory.vocabulary.counts.tolist()
    assert (data.tokens_rare, data.tokens_stop_words) == (in_memory.tokens_rare, in_memory.tokens_stop_words)
    # The stream's file has no name, and nothing was written to the corpus.
    assert sorted(path.name for path in folder.iterdir()) == ["ids", "offsets"]


def is_mapped(array: Any) -> bool:
    while array is not None:
        if isinstance(array, np.memmap):
            return True
        array = getattr(array, "base", None)
    return False


def test_the_stream_of_a_mapped_corpus_is_mapped_too_also_where_its_folder_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = replace(of_lengths([50] * 40, words=5), mapped_from=tmp_path)
    in_memory = preprocess(replace(corpus, mapped_from=None), KEEP_ALL).stream
    assert not is_mapped(in_memory.ids)
    assert is_mapped(preprocess(corpus, KEEP_ALL).stream.ids)
    monkeypatch.setattr(os, "access", lambda *_: False)
    asked: list[Any] = []
    original = tempfile.TemporaryFile

    def temporary(**where: Any) -> Any:
        asked.append(where["dir"])
        return original(**where)

    monkeypatch.setattr(tempfile, "TemporaryFile", temporary)
    stream = preprocess(corpus, KEEP_ALL).stream
    assert set(asked) == {None}
    assert is_mapped(stream.ids)
    assert stream.ids.tolist() == in_memory.ids.tolist()


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system does not say what is mapped")
def test_what_was_read_of_a_mapped_corpus_is_given_back(tmp_path: Path) -> None:
    documents, length = 2_000, 5_000
    np.tile(np.arange(5, dtype=np.int32), documents * length // 5).tofile(tmp_path / "ids")
    ids = np.asarray(np.memmap(tmp_path / "ids", dtype=np.int32, mode="r"))
    corpus = EncodedCorpus(ids, np.arange(documents + 1) * length, list("abcde"), tmp_path)
    assert int(ids.sum()) == documents * length * 2  # all of it is in memory now
    full = resident_of(tmp_path / "ids")
    stream = preprocess(corpus, KEEP_ALL).stream
    assert full >= ids.nbytes
    assert resident_of(tmp_path / "ids") < ids.nbytes // 10
    assert len(stream) == len(ids) - length * (documents - len(stream.offsets) + 1)
    assert int(ids.sum()) == documents * length * 2


def resident_of(path: Path) -> int:
    """Return how many bytes of a mapped file this process holds."""
    own = Path("/proc/self/smaps").read_text().partition(f" {path}\n")[2]
    return int(own.partition("Rss:")[2].split()[0]) * 1024


def test_a_stream_that_a_full_disk_does_not_take_is_held_in_memory_or_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    corpus = replace(of_lengths([50] * 40, words=5), mapped_from=tmp_path)
    expected = preprocess(corpus, KEEP_ALL).stream.ids.tolist()

    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    monkeypatch.setattr("fastw2v.system.memory.available", lambda: 15_999)
    with pytest.raises(DataError) as caught:
        preprocess(corpus, KEEP_ALL)
    assert str(caught.value) == (
        f"The training stream needs 8,000 bytes on disk in {tmp_path}: No space left on device. Make room there."
    )
    assert not any(tmp_path.iterdir())
    monkeypatch.setattr("fastw2v.system.memory.available", lambda: 16_000)
    assert preprocess(corpus, KEEP_ALL).stream.ids.tolist() == expected
    said = f"the training stream, 8000 bytes, is held in memory: cannot write {tmp_path}: No space left on device"
    assert caplog.messages[0] == said


def test_one_long_document_is_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    original = np.bincount

    def bincount(ids: npt.NDArray[Any], **how: Any) -> npt.NDArray[Any]:
        seen.append(len(ids))
        return original(ids, **how)

    corpus = of_lengths([3, 1000, 2], words=7)
    expected = preprocess(corpus, KEEP_ALL)
    monkeypatch.setattr(vocabulary, "CHUNK", 64)
    monkeypatch.setattr(np, "bincount", bincount)
    found = preprocess(corpus, KEEP_ALL)
    assert sum(seen) == 1005
    assert max(seen) <= 64
    assert as_lists(found.stream) == as_lists(expected.stream)


def test_words_forgotten_while_reading_are_rare_words() -> None:
    # Id 3 of three words.
    corpus = EncodedCorpus(np.array([0, 3, 1, 2, 3, 0, 1], dtype=np.uint8), np.array([0, 4, 7]), ["a", "b", "c"])
    data = preprocess(corpus, KEEP_ALL)
    assert as_lists(data.stream) == [[0, 1, 2], [0, 1]]
    assert (data.tokens_rare, data.distinct) == (2, 3)
    assert data.tokens_read == 7


# ------------------------------------------------------------------------------------------------------ held out


def plain_held_out(lengths: list[int], draws: npt.NDArray[Any]) -> list[int]:
    """All draws at once, in order; each document that still fits."""
    allowance = min(int(sum(lengths) * 0.01), HELD_OUT_TOKENS)
    chosen = []
    for document in np.argsort(draws, kind="stable").tolist():
        if lengths[document] <= allowance:
            chosen.append(document)
            allowance -= lengths[document]
    return sorted(chosen)


@settings(deadline=None, max_examples=200)
@given(
    lengths=st.lists(st.integers(1, 400), min_size=1, max_size=300),
    candidates=st.integers(1, 9),
    chunk=st.integers(1, 50),
    ties=st.booleans(),
)
def test_the_documents_held_out_are_those_of_a_plain_choice_however_few_are_looked_at_together(
    lengths: list[int], candidates: int, chunk: int, ties: bool
) -> None:
    def draws(*arguments: Any) -> npt.NDArray[Any]:
        # Equal draws: the first document goes first.
        return draw_range(*arguments) % 5 if ties else draw_range(*arguments)

    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "CANDIDATES", candidates)
        patch.setattr(vocabulary, "CHUNK", chunk)
        patch.setattr(vocabulary, "draw_range", draws)
        found = vocabulary._held_out(offsets)
    assert found.dtype == np.int64
    drawn = draws(VALIDATION_SEED, VALIDATION_EPOCH, HELD_OUT, 0, len(lengths))
    assert found.tolist() == plain_held_out(lengths, drawn)


def held_lengths(data: Preprocessed) -> list[int]:
    return [len(document) for document in as_lists(data.held_out)]


@settings(deadline=None)
@given(st.lists(st.integers(1, 300), min_size=2, max_size=200))
def test_at_most_one_percent_of_the_tokens_is_held_out_in_whole_documents(lengths: list[int]) -> None:
    corpus = of_lengths(lengths)
    if corpus.tokens < 6:
        return
    data = preprocess(corpus, Settings(min_count=1))
    assert data.tokens_held_out <= corpus.tokens / 100
    if not data.tokens_held_out:
        assert min(lengths) > int(corpus.tokens * 0.01)
        return
    assert len(data.held_out) == data.tokens_held_out
    assert set(held_lengths(data)) <= set(lengths)
    assert sorted(held_lengths(data) + [len(document) for document in as_lists(data.stream)]) == sorted(lengths)
    # No document is left that would have fitted as well.
    left = list(lengths)
    for length in held_lengths(data):
        left.remove(length)
    assert min(left) > int(corpus.tokens * 0.01) - data.tokens_held_out


def test_a_large_corpus_holds_out_no_more_than_its_limit() -> None:
    data = preprocess(of_lengths([100] * 30_000), Settings(min_count=1))
    assert data.tokens_held_out == HELD_OUT_TOKENS == 20_000


def test_documents_are_held_out_from_everywhere() -> None:
    lengths = np.arange(1, 4001) % 90 + 10
    corpus = replace(of_lengths(lengths), ids=np.repeat(np.arange(4000), lengths).astype(np.int32) // 1000)
    data = preprocess(replace(corpus, items=list("abcd")), Settings(min_count=1))
    # The word tells which quarter a document comes from.
    shares = np.bincount(data.held_out.ids, minlength=4) / len(data.held_out)
    assert shares.min() > 0.1


def test_what_is_held_out_depends_on_no_setting() -> None:
    corpus = of_lengths([20, 30, 25, 40] * 100, words=7)
    first = preprocess(corpus, Settings(min_count=1))
    assert first.tokens_held_out > 0
    for changes in (
        {"seed": 99},
        {"window": 2, "negative": 9, "sample": 0.1, "epochs": 1, "noise": "per-pair"},
        {"validation": 5},
        {"engine": "reference", "dtype": "float64", "workers": 3},
    ):
        other = preprocess(corpus, Settings(min_count=1, **changes))
        assert as_lists(other.held_out) == as_lists(first.held_out)
        assert as_lists(other.stream) == as_lists(first.stream)


def test_the_same_documents_are_held_out_whatever_words_are_removed() -> None:
    # A document's only rare word tells which it is.
    documents: list[list[Hashable]] = [["a", "b", "c", "s"] * 5 + [i] for i in range(300)]
    plain = preprocess(encode(documents), Settings(min_count=1))
    stopped = preprocess(encode(documents), Settings(min_count=2), {"s"})
    assert plain.tokens_held_out == stopped.tokens_held_out > 0
    assert len(plain.held_out.offsets) == len(stopped.held_out.offsets)
    # Words that only held-out documents hold are not in the vocabulary: counts are those of training documents.
    assert len(plain.vocabulary) == 4 + 300 - plain.tokens_held_out // 21
    assert plain.vocabulary.counts.sum() == len(plain.stream)


# ------------------------------------------------------------------------------------------------- what is refused


def test_a_min_count_that_leaves_no_words_is_named_and_the_one_offered_works() -> None:
    corpus = encode([["a", "b", "a"], ["c", "b", "a"]])
    with pytest.raises(DataError, match=r"^min_count 50 leaves 0 of 3 words .* occurs 3 times") as caught:
        preprocess(corpus, replace(KEEP_ALL, min_count=50))
    offered = re.search(r"min_count=(\d+) would keep (\d+)", str(caught.value))
    assert offered
    data = preprocess(corpus, replace(KEEP_ALL, min_count=int(offered[1])))
    assert len(data.vocabulary) == int(offered[2]) >= 2


@settings(deadline=None)
@given(DOCUMENTS, st.integers(2, 30))
def test_every_min_count_offered_works(documents: list[list[str]], min_count: int) -> None:
    corpus = encode([["a", "b"], *documents])
    try:
        preprocess(corpus, replace(KEEP_ALL, min_count=min_count))
    except DataError as error:
        offered = re.search(r"min_count=(\d+) would keep (\d+)", str(error))
        assert offered
        data = preprocess(corpus, replace(KEEP_ALL, min_count=int(offered[1])))
        assert len(data.vocabulary) == int(offered[2]) >= 2


def test_stop_words_that_leave_no_words_are_named() -> None:
    with pytest.raises(DataError, match=r"^stop_words english leaves 1 of 3 words: it removed 3 of 4 tokens"):
        preprocess(encode([["the", "of", "the", "x"]]), replace(KEEP_ALL, stop_words="english"), {"the", "of"})


def test_a_corpus_of_one_word_is_refused() -> None:
    with pytest.raises(DataError, match="holds 1 distinct word; training needs at least two"):
        preprocess(encode([["a"] * 10]), KEEP_ALL)
