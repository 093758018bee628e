"""Compressed text, records (JSON lines, Parquet, saved datasets) and patterns of names."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fastw2v.errors import DataError, MissingExtraError, UsageError
from fastw2v.settings import Settings
from fastw2v.text import MARKER, Limit, TextCorpus, open_corpus, sources
from fastw2v.text.records import record_documents
from fastw2v.text.sources import find_sources
from fastw2v.text.transcoding import Decoding

pyarrow = pytest.importorskip("pyarrow", reason="the extra formats is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra formats is not installed")
zstandard = pytest.importorskip("zstandard", reason="the extra formats is not installed")

TEXTS = ["The cat\nsat.", "on the mat", "café"]
WORDS = [["the", "cat", "sat"], ["on", "the", "mat"], ["café"]]


def json_lines(records: Sequence[object]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def rows(texts: Sequence[str | None], name: str = "text") -> Any:
    return pyarrow.table({"id": range(len(texts)), name: pyarrow.array(texts, pyarrow.string())})


def save_dataset(directory: Path, *tables: Any) -> None:
    """Write what `Dataset.save_to_disk` writes: its state, and one Arrow stream a shard."""
    directory.mkdir(parents=True)
    names = [f"data-{number:05}-of-{len(tables):05}.arrow" for number in range(len(tables))]
    for name, table in zip(names, tables, strict=True):
        with pyarrow.OSFile(str(directory / name), "wb") as file, pyarrow.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    state = {"_data_files": [{"filename": name} for name in names], "_fingerprint": "0", "_split": "train"}
    (directory / "state.json").write_text(json.dumps(state))
    (directory / "dataset_info.json").write_text("{}")


def write_json(path: Path, texts: Sequence[str], field: str = "text") -> None:
    path.write_bytes(json_lines([{"id": 1, field: text} for text in texts]))


def write_parquet(path: Path, texts: Sequence[str | None], field: str = "text") -> None:
    parquet.write_table(rows(texts, field), path, row_group_size=2)


def write_dataset(path: Path, texts: Sequence[str | None], field: str = "text") -> None:
    save_dataset(path, rows(texts[:2], field), rows(texts[2:], field))


WRITERS: list[tuple[str, Callable[[Path, Sequence[str]], None]]] = [
    ("a.jsonl", write_json),
    ("A.NDJSON", write_json),
    ("a.jsonl.gz", lambda path, texts: _packed(path, texts, gzip.compress)),
    ("a.jsonl.zst", lambda path, texts: _packed(path, texts, zstandard.compress)),
    ("a.parquet", write_parquet),
    ("saved", write_dataset),
]


def _packed(path: Path, texts: Sequence[str], compress: Callable[[bytes], bytes]) -> None:
    write_json(path, texts)
    path.write_bytes(compress(path.read_bytes()))


def contents(path: Path) -> bytes:
    return b"".join(block for source in find_sources([path]) for block in source.blocks())


# ---- compressed text


def test_a_zst_file_is_read_across_its_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skippable = (0x184D2A50).to_bytes(4, "little") + (5).to_bytes(4, "little") + b"abcde"
    data = os.urandom(10_000)
    path = tmp_path / "a.txt.ZST"
    frames = [zstandard.compress(data[:4000]), skippable, zstandard.compress(b""), zstandard.compress(data[4000:])]
    path.write_bytes(b"".join(frames))
    assert contents(path) == data
    assert find_sources([path])[0].size is None
    monkeypatch.setattr(sources, "BLOCK_BYTES", 999)
    assert [len(block) for block in find_sources([path])[0].blocks()] == [999] * 10 + [10]


def test_text_far_larger_than_its_compressed_form_is_given_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(zstandard.compress(b"word " * 2_000_000))
    assert path.stat().st_size < 10_000
    pieces = list(TextCorpus([path]).pieces())
    assert max(map(len, pieces)) <= 8 * 2**20
    assert b"".join(pieces) == b"word " * 2_000_000 + b"\0"


@pytest.mark.parametrize("damage", ["cut", "cut before the second frame's header", "not zstd", "changed", "junk after"])
def test_a_damaged_zst_file_is_an_error_that_names_it(damage: str, tmp_path: Path) -> None:
    data = zstandard.ZstdCompressor(write_checksum=True).compress(os.urandom(50_000))
    broken = {
        "cut": data[:-2000],
        "cut before the second frame's header": data + data[:2],
        "not zstd": b"plain text",
        "changed": data[:500] + b"\xff" * 200 + data[700:],
        "junk after": data + b"some text",
    }
    path = tmp_path / "a.zst"
    path.write_bytes(broken[damage])
    with pytest.raises(DataError, match=r"^\S*a\.zst: damaged or incomplete zstd data \([^\n]*\)\.$"):
        contents(path)


def test_an_empty_zst_file_is_an_empty_corpus(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    for data in (b"", zstandard.compress(b"")):
        path.write_bytes(data)
        with pytest.raises(DataError, match=r"a\.zst is empty"):
            list(TextCorpus([path]))


# ---- records


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_each_record_is_a_document_in_every_format(
    name: str, write: Callable[[Path, Sequence[str]], None], tmp_path: Path
) -> None:
    write(tmp_path / name, TEXTS)
    corpus = TextCorpus([tmp_path / name])
    for _ in range(2):
        assert list(corpus) == WORDS
        assert list(corpus.pieces()) == ["".join(text + "\0" for text in TEXTS).encode()]
    assert (corpus.documents_mode, corpus.bytes_read, corpus.total_bytes) == ("record", 13 + 11 + 6, None)
    assert corpus.describe() == {
        "source": "text",
        "documents": "record",
        "limit": None,
        "tokenizer": "words",
        "encoding_errors": "strict",
        "field": "text",
    }


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_nul_and_the_marker_are_white_space_in_records(
    name: str, write: Callable[[Path, Sequence[str]], None], tmp_path: Path
) -> None:
    write(tmp_path / name, [f"a\0b{MARKER}c", "\0", " ", ""])
    assert b"".join(TextCorpus([tmp_path / name]).pieces()).decode() == f"a b{' ' * len(MARKER)}c\0"
    assert list(TextCorpus([tmp_path / name])) == [["a", "b", "c"]]


@pytest.mark.parametrize(("name", "write"), WRITERS)
def test_limits_count_a_record_as_its_bytes_and_a_line_end(
    name: str, write: Callable[[Path, Sequence[str]], None], tmp_path: Path
) -> None:
    write(tmp_path / name, ["abé", " ", "d", "e"])  # with their line ends they come to bytes 5, 7, 9 and 11
    for limit, number, size in ((1, 1, 5), (5, 1, 5), (7, 1, 7), (8, 2, 9), (9, 2, 9), (10, 3, 11), (99, 3, 11)):
        corpus = TextCorpus([tmp_path / name], limit=Limit(bytes=limit))
        assert list(corpus) == [["abé"], ["d"], ["e"]][:number]
        assert b"".join(corpus.pieces()).decode().count("\0") == number
        assert corpus.bytes_read == size
    for most in (1, 2, 3):
        corpus = TextCorpus([tmp_path / name], limit=Limit(docs=most))
        assert len(list(corpus)) == b"".join(corpus.pieces()).decode().count("\0") == most


@pytest.mark.parametrize(
    ("name", "write"), [("a.jsonl", write_json), ("a.parquet", write_parquet), ("saved", write_dataset)]
)
def test_the_setting_field_chooses_what_is_read(
    name: str, write: Callable[[Path, Sequence[str], str], None], tmp_path: Path
) -> None:
    path = tmp_path / name
    write(path, TEXTS, "body of it")
    assert list(open_corpus(path, field="body of it")) == WORDS
    assert open_corpus(path, field="body of it").describe()["field"] == "body of it"
    with pytest.raises(DataError, match=r"no (field|column) 'text'.*'?body of it'?.*field='body of it' would work"):
        list(open_corpus(path))


def test_settings_that_do_not_apply_are_errors(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    write_json(tmp_path / "a.jsonl", TEXTS)
    for corpus in (tmp_path / "a.txt", None, [["a"]]):
        with pytest.raises(UsageError, match=r"field does not apply to .*Got 'body'; leave it at 'text'"):
            open_corpus(corpus, field="body")
    with pytest.raises(UsageError, match="documents does not apply to records"):
        open_corpus(tmp_path / "a.jsonl", documents="line")
    write_parquet(tmp_path / "a.parquet", TEXTS)
    with pytest.raises(UsageError, match="encoding does not apply to Parquet and datasets, which are UTF-8"):
        open_corpus(tmp_path / "a.parquet", encoding="cp1252")
    assert Settings().field == "text"


def test_text_and_records_can_be_mixed_in_one_corpus(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one two\nthree\n")  # 14 bytes
    write_json(tmp_path / "b.jsonl", TEXTS)  # 30 bytes
    (tmp_path / "c.txt").write_text(f"four{MARKER}\nfive\nsix")
    write_parquet(tmp_path / "d.parquet", ["seven"])
    expected = [["one", "two"], ["three"], *WORDS, ["four"], ["five", "six"], ["seven"]]
    corpus = TextCorpus([tmp_path])
    assert list(corpus) == expected
    assert sum(not part.isspace() for part in b"".join(corpus.pieces()).split(b"\0") if part) == len(expected)
    assert corpus.documents_mode == "mixed"  # of the two files of text
    assert len(list(TextCorpus([tmp_path], documents="marker"))) == 7
    ends = [7, 13, 27, 38, 44, 48, 70, 76]
    for limit in ends:
        corpus = TextCorpus([tmp_path], limit=Limit(bytes=limit))
        assert list(corpus) == expected[: ends.index(limit) + 1], limit
        pieces = b"".join(corpus.pieces()).decode().split("\0")
        assert sum(not piece.isspace() for piece in pieces if piece) == ends.index(limit) + 1


@given(
    st.lists(st.text(st.sampled_from("aé漢😀 \n\r\0\"\\\u2028\ufeff'"))),
    st.integers(1, 30),
    st.none() | st.integers(1, 40),
)
@hypothesis_settings(deadline=None, max_examples=200)
def test_any_texts_come_back_from_every_format(texts: list[str], block: int, limit: int | None) -> None:
    kept, position = [], 0
    for text in texts:
        if limit is not None and position >= limit:
            break
        position += len(text.encode()) + 1
        kept.append(text.replace("\0", " "))
    kept = [text for text in kept if text.strip()]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(sources, "BLOCK_BYTES", block)
        for name, write in (("a.jsonl", write_json), ("a.parquet", write_parquet)):
            path = Path(folder, name)
            write(path, texts)
            corpus = TextCorpus(
                [path], limit=None if limit is None else Limit(bytes=limit), tokenizer=lambda text: [text]
            )
            try:
                assert [text for (text,) in corpus] == kept
                assert b"".join(corpus.pieces()).decode() == "".join(text + "\0" for text in kept)
            except DataError:
                assert not kept


# ---- JSON lines


def test_empty_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf\n{"text": "a"}\r\n \t\r\n\n{"text": "b"}')
    assert list(TextCorpus([path])) == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("some text", r"not JSON \(Expecting value\)\. Got 'some text'; \{\"text\": \"some words\"\} would work"),
        ('{"text": "a"', r"not JSON \(Expecting"),
        ('{"text": "a"} {"text": "b"}', r"not JSON \(Extra data\)"),
        ("[" * 100_000, r"not JSON \(.*recursion.*\)\. Got '\[+\.\.\.; "),
        ('"a string"', r"must be an object\. Got 'a string'; \{"),
        ('["text"]', r"must be an object\. Got \['text'\]"),
        ("5", r"must be an object\. Got 5"),
        ('{"id": 5, "body": "a"}', r"no field 'text'\. Got fields \['id', 'body'\]; .* or field='body' would work"),
        ("{}", r"no field 'text'\. Got fields \[\]; \{\"text\": \"some words\"\} would work"),
        ('{"text": 5}', r"field 'text' must be a string\. Got 5; \{\"text\": \"some words\"\} would work"),
        ('{"text": {"a": 1}, "raw": "a b"}', r"field 'text' must be a string\. Got .* or field='raw' would work"),
        ('{"text": ["a", "b"]}', r"field 'text' must be a string, as in the records before\. Got \['a', 'b'\]"),
    ],
)
def test_a_line_that_is_no_record_is_an_error_with_file_and_line(
    line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n\n{"text": "b"}\n' + line + "\n")
    for block in (2**20, 5):
        monkeypatch.setattr(sources, "BLOCK_BYTES", block)
        with pytest.raises(DataError, match=rf"^\S*a\.jsonl, line 4: {message}") as caught:
            list(TextCorpus([path]))
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400


def test_bytes_that_are_not_utf8_in_json_lines_are_treated_as_in_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "b\xff"}\n')
    with pytest.raises(DataError, match=r"a\.jsonl: byte 25 \(0xff\) is not UTF-8; .*encoding_errors='replace'"):
        list(TextCorpus([path]))
    assert list(TextCorpus([path], encoding_errors="replace").pieces()) == ["a\0b\ufffd\0".encode()]


def test_half_of_a_surrogate_pair_is_no_utf8_either(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "\\ud83d\\ude00"}\n{"text": "b\\ud83d"}\n')
    with pytest.raises(DataError, match=r"a\.jsonl, line 2: character 1 of the text \(\\ud83d\) is half of a pair"):
        list(TextCorpus([path]))
    assert list(TextCorpus([path], encoding_errors="replace").pieces()) == ["😀\0b\ufffd\0".encode()]


# ---- columns


def test_bytes_in_json_lines_after_the_limit_are_not_complained_about(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for bad in (b"\xff", b"\0"):
        path.write_bytes(json_lines([{"text": "a b"}, {"text": "c"}]) + b'{"text": "' + bad + b'"}\n')
        for limit in ("2docs", "6B"):
            assert list(TextCorpus([path], limit=limit)) == [["a", "b"], ["c"]]
            assert b"".join(TextCorpus([path], limit=limit).pieces()).split(b"\0") == [b"a b", b"c", b""]
        with pytest.raises(DataError, match=r"a\.jsonl"):
            list(TextCorpus([path], limit="3docs"))


@pytest.mark.parametrize(
    "kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())], ids=str
)
def test_a_column_may_hold_strings_of_any_kind_and_nulls(kind: Any, tmp_path: Path) -> None:
    column = pyarrow.array(["a", None, "b b", None], pyarrow.string()).cast(kind)
    table = pyarrow.table({"text": column})
    parquet.write_table(table, tmp_path / "a.parquet")
    save_dataset(tmp_path / "saved", table)
    for name in ("a.parquet", "saved"):
        assert list(TextCorpus([tmp_path / name])) == [["a"], ["b", "b"]]


@pytest.mark.parametrize("name", ["a.parquet", "saved"])
def test_a_column_that_is_missing_or_holds_no_strings_is_an_error_that_lists_what_there_is(
    name: str, tmp_path: Path
) -> None:
    table = pyarrow.table({"text": [1, 2], "title": ["a", "b"]})
    parquet.write_table(table, tmp_path / "a.parquet")
    save_dataset(tmp_path / "saved", table)
    with pytest.raises(
        DataError, match=r"column 'text' must hold strings or lists of them\. Got int64; field='title' would work"
    ):
        list(TextCorpus([tmp_path / name]))
    with pytest.raises(DataError, match=r"no column 'body'\. Got the columns text, title; field='title' would work"):
        list(TextCorpus([tmp_path / name], field="body"))


def test_a_column_of_bytes_or_of_lists_of_them_is_read_as_utf8_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for kind, values, words in (
        (pyarrow.binary(), [b"a b", None, "é".encode()], [["a", "b"], ["é"]]),
        (pyarrow.list_(pyarrow.binary()), [[b"A", "é".encode()], None, [b"c"]], [["A", "é"], ["c"]]),
    ):
        parquet.write_table(pyarrow.table({"n": [1, 2, 3], "raw": pyarrow.array(values, kind)}), path)
        assert list(TextCorpus([path], field="raw")) == words
        with pytest.raises(DataError, match=r"no column 'text'\. Got the columns n, raw; field='raw' would work"):
            list(TextCorpus([path]))


@pytest.mark.parametrize("name", ["a.parquet", "saved"])
def test_a_column_that_is_not_utf8_is_treated_as_text_is(name: str, tmp_path: Path) -> None:
    offsets = pyarrow.py_buffer((0).to_bytes(4, "little") + (2).to_bytes(4, "little") + (3).to_bytes(4, "little"))
    column = pyarrow.Array.from_buffers(pyarrow.string(), 2, [None, offsets, pyarrow.py_buffer(b"a\xffb")])
    table = pyarrow.table({"text": column})
    parquet.write_table(table, tmp_path / "a.parquet")
    save_dataset(tmp_path / "saved", table)
    with pytest.raises(DataError, match=r"column 'text' holds text that is not UTF-8; .*encoding_errors='replace'"):
        list(TextCorpus([tmp_path / name]))
    corpus = TextCorpus([tmp_path / name], encoding_errors="replace")
    assert list(corpus.pieces()) == ["a\ufffd\0b\0".encode()]


@pytest.mark.parametrize("name", ["a.parquet", "saved"])
@pytest.mark.parametrize("damage", ["cut", "not it", "empty"])
def test_a_damaged_table_is_one_line_that_names_the_file(name: str, damage: str, tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", TEXTS * 100)
    save_dataset(tmp_path / "saved", rows(TEXTS * 100))
    path = next((tmp_path / name).glob("*.arrow"), tmp_path / name)
    data = path.read_bytes()
    path.write_bytes({"cut": data[: len(data) // 2], "not it": b"plain text" * 20, "empty": b""}[damage])
    with pytest.raises(DataError, match=rf"^\S*{path.name}: cannot be read as (parquet|arrow) data \([^\n]*\)\.$"):
        list(TextCorpus([tmp_path / name]))


def test_a_column_is_read_a_few_rows_at_a_time(tmp_path: Path) -> None:
    parquet.write_table(rows(["some words"] * 1000), tmp_path / "a.parquet")
    (source,) = find_sources([tmp_path / "a.parquet"])
    assert [len(batch) for batch in record_documents(source, "text", Decoding())] == [128] * 7 + [104]


def test_a_large_row_group_is_not_held_whole(tmp_path: Path) -> None:
    parquet.write_table(rows([os.urandom(1000).hex() for _ in range(10_000)]), tmp_path / "a.parquet")
    (source,) = find_sources([tmp_path / "a.parquet"])
    before, most = pyarrow.total_allocated_bytes(), 0
    for _ in record_documents(source, "text", Decoding()):
        most = max(most, pyarrow.total_allocated_bytes() - before)
    assert most < 8 * 10**6 < (tmp_path / "a.parquet").stat().st_size


def test_a_table_without_rows_has_no_documents(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", [])
    save_dataset(tmp_path / "none")
    for name in ("a.parquet", "none"):
        with pytest.raises(DataError, match="has no documents"):
            list(TextCorpus([tmp_path / name]))


# ---- datasets saved on disk


def test_a_saved_dataset_is_read_in_the_order_of_its_state(tmp_path: Path) -> None:
    save_dataset(tmp_path / "saved", rows(["first"]), rows(["second", "third"]))
    state = tmp_path / "saved" / "state.json"
    names = json.loads(state.read_text())["_data_files"]
    state.write_text(json.dumps({"_data_files": names[::-1]}))
    (tmp_path / "saved" / "notes.txt").write_text("not part of it")
    assert list(TextCorpus([tmp_path / "saved"])) == [["second"], ["third"], ["first"]]


def test_a_directory_of_several_datasets_is_refused_with_their_names(tmp_path: Path) -> None:
    for split in ("train", "test"):
        save_dataset(tmp_path / "all" / split, rows([split]))
    (tmp_path / "all" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    with pytest.raises(UsageError, match=r"several datasets: train, test\. Choose one, for example .*all/train\."):
        TextCorpus([tmp_path / "all"])
    assert list(TextCorpus([tmp_path / "all" / "test"])) == [["test"]]


@pytest.mark.parametrize(
    "name",
    ["../a.arrow", "/etc/a.arrow", "b/a.arrow", "b\\a.arrow", "c:a.arrow", "..", "", "a\0.arrow", "a.txt", 5, None],
)
def test_a_state_that_names_files_elsewhere_is_refused(name: object, tmp_path: Path) -> None:
    save_dataset(tmp_path / "saved", rows(["a"]))
    (tmp_path / "saved" / "state.json").write_text(json.dumps({"_data_files": [{"filename": name}]}))
    with pytest.raises(DataError, match=r"state\.json: a data file must be an \.arrow file of this directory\. Got"):
        TextCorpus([tmp_path / "saved"])


@pytest.mark.parametrize(
    "state", ["", "[]", "{}", '{"_data_files": 5}', '{"_data_files": ["a"]}', "\xff", "[" * 100_000]
)
def test_a_damaged_state_is_an_error_that_names_it(state: str, tmp_path: Path) -> None:
    save_dataset(tmp_path / "saved", rows(["a"]))
    (tmp_path / "saved" / "state.json").write_text(state, encoding="latin-1")
    with pytest.raises(DataError, match=r"state\.json: damaged \(.*\); save the dataset again"):
        TextCorpus([tmp_path / "saved"])


def test_a_missing_data_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    save_dataset(tmp_path / "saved", rows(["a"]), rows(["b"]))
    (tmp_path / "saved" / "data-00001-of-00002.arrow").unlink()
    with pytest.raises(DataError, match=r"saved: its data file data-00001-of-00002\.arrow is missing"):
        TextCorpus([tmp_path / "saved"])


def test_a_dataset_written_by_its_own_library_is_read(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="the library datasets is not installed")
    datasets.Dataset.from_dict({"text": TEXTS}).save_to_disk(tmp_path / "saved", num_shards=2)
    assert list(TextCorpus([tmp_path / "saved"])) == WORDS


# ---- finding files


def test_directories_give_every_format(tmp_path: Path) -> None:
    for name, data in (("a.zst", zstandard.compress(b"a")), ("b.jsonl", b""), ("c.ndjson", b""), ("d.parquet", b"")):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "e.arrow").touch()
    assert [source.name[-len("a.zst") :] for source in find_sources([tmp_path])] == ["a.zst", "jsonl", "djson", "rquet"]


def test_a_pattern_gives_the_files_that_fit_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md", "sub/d.txt", "sub/deep/e.txt", ".hidden.txt", "f.txt/g"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(Path(name).stem)
    for pattern, expected in (
        ("*.txt", ["a", "b"]),
        ("[ac].*", ["a", "c"]),
        ("?/*", None),
        ("**/*.txt", ["a", "b", "d", "e"]),
        ("sub/**", ["d", "e"]),
    ):
        if expected is None:
            with pytest.raises(UsageError, match=r"No file fits the pattern .*\?/\*'"):
                find_sources([tmp_path / pattern])
        else:
            assert [contents(Path(s.name)).decode() for s in find_sources([tmp_path / pattern])] == expected


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("itself")
    (tmp_path / "a1.txt").write_text("other")
    assert contents(tmp_path / "a[1].txt") == b"itself"


# ---- the libraries are an extra


@pytest.mark.parametrize(
    ("name", "library"), [("a.zst", "zstandard"), ("a.parquet", "pyarrow"), ("b.jsonl.zst", "zstandard")]
)
def test_without_its_library_a_format_is_refused_naming_the_extra(
    name: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"data")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"{name}: reading it needs {library}.*pip install '\.\[formats\]'"):
        list(TextCorpus([tmp_path / name]))


def test_the_libraries_are_loaded_only_when_they_are_needed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    write_json(tmp_path / "b.jsonl", TEXTS)
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"c"))
    write_parquet(tmp_path / "sub.parquet", TEXTS)
    code = (
        "import sys; from fastw2v.text import open_corpus\n"
        "list(open_corpus(sys.argv[1:4]))\n"
        "print('zstandard' in sys.modules, 'pyarrow' in sys.modules, 'numpy' in sys.modules)\n"
    )
    names = [str(tmp_path / name) for name in ("a.txt", "b.jsonl", "c.gz")]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"] * 3


def test_standard_input_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "a"}\n')))
    assert list(TextCorpus(["-"])) == [["text", "a"]]
