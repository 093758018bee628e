"""Records whose text is null, and records that hold lists of tokens: one rule for every form, and said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from fastw2v import DataError, Settings, TextCorpus, Word2Vec, encode_text
from fastw2v.cli.app import run
from fastw2v.corpus.store import open_corpus

pyarrow = pytest.importorskip("pyarrow", reason="the extra formats is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra formats is not installed")

NULLS: list[Any] = [None, "a b", None, "", " ", "a c", None]
TOKENS: list[Any] = [
    ["New York", "Is", "don't,"],
    None,
    [],
    ["Is", "New York", "e\u0301", "<|endoftext|>"],
    ["x\0y\x1fz"],
]
WORDS = [["New York", "Is", "don't,"], ["Is", "New York", "e\u0301", "<|endoftext|>"], ["x y z"]]


def jsonl(path: Path, values: Sequence[Any]) -> Path:
    path = path.with_suffix(".jsonl")
    path.write_text("".join(json.dumps({"id": 1, "text": value}) + "\n" for value in values))
    return path


def parquet_file(path: Path, values: Sequence[Any]) -> Path:
    path = path.with_suffix(".parquet")
    parquet.write_table(pyarrow.table({"text": list(values)}), path, row_group_size=2)
    return path


def dataset(path: Path, values: Sequence[Any]) -> Path:
    table = pyarrow.table({"text": list(values)})
    path.mkdir()
    with pyarrow.OSFile(str(path / "a.arrow"), "wb") as file, pyarrow.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    (path / "state.json").write_text(json.dumps({"_data_files": [{"filename": "a.arrow"}]}))
    (path / "dataset_info.json").write_text("{}")
    return path


Write = Callable[[Path, Sequence[Any]], Path]
every_form = pytest.mark.parametrize("write", [jsonl, parquet_file, dataset])


@every_form
def test_null_texts_are_skipped_counted_and_said_once_wherever_the_numbers_come_from(
    write: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "a", [*NULLS, *["a b c"] * 9])
    assert [len(document) for document in TextCorpus([path])] == [2, 2, *[3] * 9]
    train = Word2Vec(engine="numpy", vector_size=2, min_count=1, epochs=9, sample=0, validation=0)
    for read in (
        lambda: encode_text(path, Settings(), tmp_path / "encoded"),
        lambda: train.fit(tmp_path / "encoded"),
        lambda: train.fit(path),
    ):
        caplog.clear()
        read()
        said = [record.getMessage() for record in caplog.records if "null" in record.getMessage()]
        assert said == ["Skipped 3 null texts."]
    caplog.clear()
    train.fit(write(tmp_path / "b", [None, *["a b c"] * 9]))
    assert "Skipped 1 null text." in caplog.messages


def test_a_file_of_nulls_alone_and_json_s_nan_are_null_texts(tmp_path: Path) -> None:
    write = {"a": parquet_file, "b": dataset}
    paths = [write[name](tmp_path / name, [None, None]) for name in write]
    (tmp_path / "c.jsonl").write_text('{"text": NaN}\n{"text": null}\n{"text": "a"}\n')
    corpus = TextCorpus([*paths, tmp_path / "c.jsonl"])
    assert list(corpus) == [["a"]]
    assert corpus.notes(1) == ["Skipped 6 null texts."]
    with pytest.raises(DataError, match="has no documents: 4 of its texts are null; pass a file"):
        list(TextCorpus(paths))


@every_form
def test_lists_of_tokens_are_words_as_they_are_and_it_is_said(
    write: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "a", TOKENS)
    corpus = TextCorpus([path])
    assert list(corpus) == list(corpus) == WORDS
    assert corpus.describe()["tokenizer"] == "tokens"
    said = "The records hold lists of tokens, which are words as they are; tokenizer is not used."
    assert corpus.notes(3) == ["Skipped 1 null text."]
    corpus = TextCorpus([path], tokenizer="whitespace")
    assert list(corpus) == WORDS
    assert corpus.notes(3) == [said, "Skipped 1 null text."]
    for workers in (1, 2):
        encode_text(path, Settings(workers=workers, tokenizer="whitespace"), tmp_path / f"{workers}")
        encoded = open_corpus(tmp_path / f"{workers}").corpus
        assert [encoded.items[number] for number in encoded.ids.tolist()] == [word for words in WORDS for word in words]
        assert encoded.offsets.tolist() == [0, 3, 7, 8]
        assert said in caplog.messages
    assert list(TextCorpus([path], limit="1docs")) == WORDS[:1]


def test_integers_are_tokens_and_other_items_are_refused_with_their_place(tmp_path: Path) -> None:
    for write in (jsonl, parquet_file, dataset):
        assert list(TextCorpus([write(tmp_path / write.__name__, [[101, 7], [7]])])) == [["101", "7"], ["7"]]
    cases: list[tuple[Write, Sequence[Any], str]] = [
        (jsonl, [["a"], ["b", None]], "a.jsonl, line 2, field 'text', item 1: a token must be a string or"),
        (jsonl, [["a"], [["b"]]], "item 0: a token must be a string or an integer. Got ['b']"),
        (jsonl, [["a"], [True]], "item 0: a token must be a string or an integer. Got True"),
        (jsonl, [["a"], "b c"], "field 'text' must be a list of tokens, as in the records before. Got 'b c'."),
        (parquet_file, [["a"]] * 300 + [["b", None]], "row 300, column 'text', item 1: a token must be a string"),
        (dataset, [["a"], [None]], "row 1, column 'text', item 0: a token must be a string or an integer. Got None"),
        (parquet_file, [[1.5]], "the column 'text' must hold strings or lists of them. Got list<element: double>"),
    ]
    for number, (form, values, place) in enumerate(cases):
        (tmp_path / f"{number}").mkdir()
        with pytest.raises(DataError) as refused:
            list(TextCorpus([form(tmp_path / f"{number}" / "a", values)]))
        assert place in str(refused.value)
        assert "\n" not in str(refused.value)


def test_lists_of_tokens_and_text_are_not_mixed(tmp_path: Path) -> None:
    lists, texts = jsonl(tmp_path / "lists", [None, ["a"]]), parquet_file(tmp_path / "texts", ["a"])
    (tmp_path / "plain.txt").write_text("a b\n")
    for other in (texts, tmp_path / "plain.txt"):
        with pytest.raises(DataError, match=rf"lists\.jsonl holds lists of tokens, and \S*{other.name} text; "):
            list(TextCorpus([other, lists]))
    nothing = jsonl(tmp_path / "nothing", [None])
    assert list(TextCorpus([nothing, lists])) == [["a"]]


def test_a_column_of_lists_that_is_not_utf8_is_treated_as_text_is(tmp_path: Path) -> None:
    offsets = pyarrow.py_buffer((0).to_bytes(4, "little") + (2).to_bytes(4, "little"))
    words = pyarrow.Array.from_buffers(pyarrow.string(), 1, [None, offsets, pyarrow.py_buffer(b"a\xff")])
    lists = pyarrow.ListArray.from_arrays(pyarrow.array([0, 1], pyarrow.int32()), words)
    parquet.write_table(pyarrow.table({"text": lists}), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="holds text that is not UTF-8"):
        list(TextCorpus([tmp_path / "a.parquet"]))
    assert list(TextCorpus([tmp_path / "a.parquet"], encoding_errors="replace")) == [["a\ufffd"]]


@every_form
def test_a_missing_field_is_named_with_those_there_are_for_whoever_calls(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a", ["a b"])
    with pytest.raises(DataError, match=r"no (field|column) 'body'.*text.*field='text' would work"):
        list(TextCorpus([path], field="body"))
    assert run(["train", str(path), "--field", "body", "--output", str(tmp_path / "model")]) == 1
    assert "--field text would work" in capsys.readouterr().err


def test_columns_of_other_text_types_are_read(tmp_path: Path) -> None:
    texts, path = ["the löwe", None, "runs"], tmp_path / "a.parquet"
    types = [
        pyarrow.binary(),
        pyarrow.large_binary(),
        *([pyarrow.string_view()] if hasattr(pyarrow, "string_view") else []),
    ]
    for kind in types:
        parquet.write_table(pyarrow.table({"text": pyarrow.array(texts, kind)}), path)
        assert list(TextCorpus([path])) == [["the", "löwe"], ["runs"]]
    parquet.write_table(pyarrow.table({"text": [b"\xff a"]}), path)
    with pytest.raises(DataError, match="holds text that is not UTF-8"):
        list(TextCorpus([path]))
    corpus = TextCorpus([path], encoding_errors="replace")
    assert list(corpus) == [["a"]]
    assert corpus.notes(1) == ["Replaced 1 byte that is not in the encoding, in 1 file: a.parquet."]


def test_json_lines_may_end_with_carriage_returns_and_an_array_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a b"}\r{"text": "c"}\r')
    assert list(TextCorpus([path])) == [["a", "b"], ["c"]]
    for text in ('[{"text": "a"}]', '[\n{"text": "a"}\n]', '[{"text": "a"},\n{"text": "b"}]'):
        path.write_text(text)
        with pytest.raises(DataError, match=r"line 1: .*write the records of an array one a line, .*jq -c '\.\[\]'"):
            list(TextCorpus([path]))
