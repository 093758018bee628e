"""Token lists made in Python: what is no list of tokens is refused by document and item, with what to pass."""

from __future__ import annotations

import math
from collections import UserDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import UsageError, Word2Vec
from fastw2v.cli.app import run
from fastw2v.text import open_corpus

RECORDS = [{"id": 1, "text": "a b"}, {"id": 2, "text": "c d"}]
MISSING = "a missing value, which would become a word; leave it out"


class Table:
    """Not of a library: what it gives is what it is."""

    columns = ("one", "two")

    def __iter__(self) -> Iterator[list[str]]:
        return iter([["a", "b"], ["c"]])


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        (RECORDS, "Document 0 is a dict, whose keys ('id', 'text') would be its words; pass the tokens, "),
        (RECORDS, "pass the tokens, for example [record['text'].split() for record in corpus]."),
        ([["a"], {"id": 1, "words": ["a", "b"]}], "Document 1 is a dict, whose keys ('id', 'words') would be "),
        ([{"id": 1, "words": ["a", "b"]}], "pass the tokens, for example [record['words'] for record in corpus]."),
        ([UserDict(RECORDS[0])], "Document 0 is a UserDict, whose keys ('id', 'text') would be"),
        ([{}], "Document 0 is a dict, whose keys () would be its words"),
        ({"first": ["a", "b"]}, "A dict is iterated by its keys ('first'), which are no documents; pass the token"),
        ({("a", "b")}, "A set has no order, and a corpus has one; pass a list of token lists"),
        (b"one two", "A corpus of type bytes is not a list of documents; pass a list of token lists"),
        ([["a"], None], "Document 1 is None, a missing value; leave it out (pandas: dropna())."),
        ([["a"], math.nan], "Document 1 is NaN, a missing value; leave it out (pandas: dropna())."),
        ([["a"], bytearray(b"a b")], "Document 1 is a bytearray, which is not a list of tokens; pass a list"),
        ([["a"], ["b", None]], f"Document 1, item 1 is None, {MISSING}"),
        ([["a"], ["b", "c", math.nan]], f"Document 1, item 2 is NaN, {MISSING}"),
        ([[1, 2.5], [3, np.float32("nan")]], f"Document 1, item 1 is nan, {MISSING}"),
        ([np.array([1.5, np.nan])], f"Document 0, item 1 is NaN, {MISSING}"),
        ([["a", np.datetime64("NaT")]], f"Document 0, item 1 is NaT, {MISSING}"),
        ([["a", b"b"]], "Document 0, item 1 is bytes, b'b'; pass text: item.decode()."),
        (np.array([("a", 1)], dtype=[("text", "U9"), ("id", int)]), "is a table with the columns 'text', 'id'"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_tokens_is_refused_with_what_to_pass(documents: Any, message: str) -> None:
    for train in (Word2Vec(min_count=1).fit, Word2Vec, lambda given: list(open_corpus(given))):
        with pytest.raises(UsageError) as refused:
            train(documents)
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)


def test_tables_of_pandas_are_refused_and_their_columns_train() -> None:
    pandas = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    frame = pandas.DataFrame({"id": [1, 2, 3], "text": ["a b", None, "c d"]})
    for documents, message in (
        (frame, "A corpus of type DataFrame is a table with the columns 'id', 'text'; pass the token lists of one of "),
        (frame, "of one of them, for example [text.split() for text in corpus['text']]."),
        ([frame], "Document 0 is a DataFrame with the columns 'id', 'text'; each document must be a list of tokens."),
        (frame["text"], "Document 0 is a str, which is not a list of tokens; pass a list, for example text.split()."),
        (frame["text"].str.split(), "Document 1 is NaN, a missing value; leave it out (pandas: dropna())."),
        (frame["id"], "Document 0 is of type int; each document must be a list of tokens."),
        ([frame["text"]], f"Document 0, item 1 is NaN, {MISSING}"),
        ([[pandas.NA, "a"]], f"Document 0, item 0 is <NA>, {MISSING}"),
        ([["a", pandas.NaT]], f"Document 0, item 1 is NaT, {MISSING}"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as refused:
            list(open_corpus(documents))
        assert message in str(refused.value)
    assert list(open_corpus(frame["text"].dropna().str.split())) == [["a", "b"], ["c", "d"]]
    assert list(open_corpus([frame["id"]])) == [[1, 2, 3]]


def test_datasets_and_arrow_tables_are_refused_with_their_columns() -> None:
    datasets = pytest.importorskip("datasets", reason="the package datasets is not installed")
    pyarrow = pytest.importorskip("pyarrow", reason="the extra formats is not installed")
    dataset = datasets.Dataset.from_list(RECORDS)
    lists = pyarrow.array([["a", "b"], ["c"]])
    for documents, message in (
        (dataset, "A corpus of type Dataset is a table with the columns 'id', 'text'; pass the token lists of one of "),
        (dataset, "of one of them, for example [text.split() for text in corpus['text']]."),
        (datasets.DatasetDict(train=dataset), "A DatasetDict is iterated by its keys ('train'), which are"),
        (dataset.to_iterable_dataset(), "with the columns 'id', 'text'; pass the token lists of one"),
        (dataset["text"], "Document 0 is a str, which is not a list of tokens"),
        (pyarrow.table({"id": [1], "words": [["a"]]}), "Table is a table with the columns 'id', 'words'"),
        (lists, "A corpus of type ListArray holds items of pyarrow's types; pass corpus.to_pylist()."),
        ([["a"], lists[0]], "Document 1 is a ListScalar of pyarrow's; pass document.as_py()."),
    ):  # fmt: skip
        with pytest.raises(UsageError) as refused:
            list(open_corpus(documents))
        assert message in str(refused.value)
    assert list(open_corpus([text.split() for text in dataset["text"]])) == [["a", "b"], ["c", "d"]]
    assert list(open_corpus(lists.to_pylist())) == [["a", "b"], ["c"]]


def test_items_that_are_neither_text_nor_integers_are_taken_where_they_are_no_missing_values() -> None:
    given = [[np.int64(7), 8, np.str_("a"), np.float64(2.5)], np.array([8, 7]), (np.bool_(True), "b"), [(1, None)]]
    assert list(open_corpus(given)) == [[7, 8, "a", 2.5], [8, 7], [True, "b"], [(1, None)]]


def test_the_empty_text_as_a_word_is_said(caplog: pytest.LogCaptureFixture) -> None:
    model = Word2Vec(engine="numpy", vector_size=4, epochs=1, min_count=1, sample=0)
    said = "the empty text '' is a word of these token lists; text.split() gives none"
    assert "" in model.fit([["a", "", "b", "c"]] * 20).wv
    assert caplog.messages.count(said) == 1
    caplog.clear()
    model.fit([["a", "b", "c"]] * 20)
    assert said not in caplog.messages


def test_columns_of_a_class_of_one_s_own_do_not_make_it_a_table() -> None:
    assert list(open_corpus(Table())) == [["a", "b"], ["c"]]


def test_text_in_place_of_token_lists_is_told_from_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("a b c\n" * 50)
    for given in ("the cat sat", ["the cat sat"], ["the cat sat", "a dog"]):
        with pytest.raises(UsageError, match=r"for words, pass token lists, such as \[text\.split\(\)\]\."):
            Word2Vec().fit(given)
    with pytest.raises(UsageError, match="A path of a corpus is empty"):
        Word2Vec().fit("")
    assert run(["train", "", "--output", "model"]) == run(["train", "b.txt", "c.txt", "--output", "model"]) == 2
    assert capsys.readouterr().err == (
        "fastw2v: An argument is empty. Got '', as a variable of the shell gives that is not set.\n"
        "fastw2v: There is no file or directory 'b.txt'; did you mean 'a.txt'?\n"
    )
