"""Corpora as the rest of the package sees them: re-iterable, described, strict about what they are given."""

from __future__ import annotations

import gzip
import io
import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fastw2v.errors import DataError, Fastw2vError, UsageError
from fastw2v.text import Limit, StoriesCorpus, TextCorpus, documents, open_corpus, sources


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("The cat.\n\nDon’t stop\n", encoding="utf-8")
    return path


def test_a_text_corpus_gives_token_lists_again_and_again(text_file: Path) -> None:
    corpus = TextCorpus([text_file])
    assert corpus.documents_mode == "auto"
    for _ in range(2):
        assert list(corpus) == [["the", "cat"], ["don't", "stop"]]
        assert corpus.documents_mode == "line"
    assert corpus.bytes_read == corpus.total_bytes == text_file.stat().st_size == 23
    assert corpus.name == str(text_file)


def test_a_corpus_is_described_without_its_path(text_file: Path) -> None:
    corpus = TextCorpus([text_file], limit="8B", tokenizer=str.split)
    assert list(corpus) == [["The", "cat."]]
    assert corpus.total_bytes == 8
    assert corpus.describe() == {
        "source": "text",
        "documents": "line",
        "limit": "8B",
        "tokenizer": "split",
        "encoding_errors": "strict",
    }


def test_progress_can_be_followed_while_iterating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BLOCK_BYTES", 4)
    monkeypatch.setattr(documents, "PEEK_BYTES", 4)
    path = tmp_path / "a.txt"
    path.write_text("ab\ncd\nef\ngh\n")
    corpus = TextCorpus([path], documents="line")
    assert [corpus.bytes_read for _ in corpus] == [4, 8, 12, 12]


def test_the_size_of_compressed_text_is_not_known_before(tmp_path: Path, text_file: Path) -> None:
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"more text\n"))
    corpus = TextCorpus([tmp_path])
    assert corpus.total_bytes is None
    assert list(corpus)[-1] == ["more", "text"]
    assert corpus.bytes_read == 33


def test_several_paths_are_named_by_the_first(text_file: Path) -> None:
    assert TextCorpus([text_file, text_file]).name == f"{text_file} and 1 more"


def test_an_empty_file_is_an_error_alone_and_nothing_among_others(tmp_path: Path, text_file: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(DataError, match=r"empty\.txt is empty"):
        list(TextCorpus([empty]))
    assert len(list(TextCorpus([empty, text_file, empty]))) == 2


def test_a_file_with_only_white_space_has_no_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n\n")
    assert list(TextCorpus([tmp_path])) == []


def test_standard_input_is_read_once_with_auto_deciding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a b\nc<|endoftext|>d")))
    corpus = TextCorpus(["-"])
    assert list(corpus) == [["a", "b", "c"], ["d"]]
    assert corpus.documents_mode == "marker"
    assert corpus.name == "standard input"
    with pytest.raises(DataError, match="standard input can be read only once; save it to a file"):
        list(corpus)


def test_a_real_pipe_can_be_read() -> None:
    code = "from fastw2v.text import open_corpus; print(list(open_corpus('-', limit='7B')))"
    done = subprocess.run(
        [sys.executable, "-c", code], input="caf\u00e9\nb\nc".encode(), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() in ("[['caf\u00e9'], ['b']]", r"[['caf\xe9'], ['b']]")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("documents", "paragraph"),
        ("encoding_errors", "ignore"),
        ("encoding", "cp"),
        ("tokenizer", "bpe"),
        ("limit", "5"),
    ],
)
def test_a_wrong_setting_is_an_error_that_names_it(setting: str, value: str, text_file: Path) -> None:
    with pytest.raises(UsageError, match=rf"^{setting} must be .*Got '{value}'"):
        TextCorpus([text_file], **{setting: value})


def test_a_list_of_only_paths_is_files_and_a_list_of_lists_is_tokens(text_file: Path) -> None:
    assert list(open_corpus(text_file)) == list(open_corpus([str(text_file)])) == [["the", "cat"], ["don't", "stop"]]
    assert len(list(open_corpus((text_file, str(text_file))))) == 4
    assert list(open_corpus([["the", "cat"], []])) == [["the", "cat"], []]


def test_a_list_of_words_is_an_error_that_says_it_means_paths() -> None:
    with pytest.raises(UsageError, match="for words, pass token lists"):
        open_corpus(["the", "cat", "sat"])


def test_items_may_be_any_hashable_things() -> None:
    documents = [[1, ("a", 2), "x"], (("b", None), 2.5), range(3)]
    corpus = open_corpus(documents)
    for _ in range(2):
        assert list(corpus) == [[1, ("a", 2), "x"], [("b", None), 2.5], [0, 1, 2]]
    assert corpus.describe() == {"source": "items", "documents": "list", "limit": None}
    assert (corpus.bytes_read, corpus.total_bytes) == (0, None)


def test_an_object_whose_iter_starts_anew_is_a_corpus() -> None:
    class Walks:
        def __iter__(self) -> Iterator[list[int]]:
            return iter([[1, 2], [3]])

    corpus = open_corpus(Walks(), limit="1docs")
    assert list(corpus) == list(corpus) == [[1, 2]]


@pytest.mark.parametrize("make", [lambda: (d for d in [["a"]]), lambda: iter([["a"]]), lambda: map(list, ["a"])])
def test_a_one_shot_iterator_is_an_error_that_says_what_to_pass(make: Any) -> None:
    with pytest.raises(UsageError, match=r"only once; pass a list of token lists, .* or the path of a file"):
        open_corpus(make())


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([["a"], "the cat"], r"Document 1 is a str, .*text\.split\(\)"),
        ([b"abc"], "Document 0 is a bytes"),
        ([{"a", "b"}], "Document 0 is a set, which has no order"),
        ([["a"], (x for x in "ab")], "Document 1 is a generator, which can be read only once"),
        ([["a"], 5], "Document 1 is of type int"),
        ([["a"], ["b", ["c"]]], "Document 1, item 1 is a list, which is not hashable"),
        (7, "type int cannot be iterated"),
        ([["a"], pytest.importorskip("pyarrow").array(["a"])], r"Document 1 is a StringArray .*document\.to_pylist"),
        ([[pytest.importorskip("pyarrow").scalar("a")]], r"Document 0, item 0 is a StringScalar .*item\.as_py"),
    ],
)
def test_documents_that_are_not_token_lists_are_errors_that_name_them(documents: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        list(open_corpus(documents))


@pytest.mark.parametrize("settings", [{"limit": "5MB"}, {"documents": "line"}, {"tokenizer": "whitespace"}])
def test_settings_that_do_not_apply_to_token_lists_are_errors(settings: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"5MB|documents does not|tokenizer does not"):
        open_corpus([["a"]], **settings)
    with pytest.raises(UsageError, match="documents does not apply to the built-in stories"):
        open_corpus(None, documents="line")


def test_the_stories_take_a_limit_in_documents_or_bytes() -> None:
    first = list(open_corpus(None, limit="20docs"))
    assert len(first) == 20
    corpus = open_corpus(limit="4kB")
    for _ in range(2):
        stories = list(corpus)
        assert stories == list(open_corpus(limit=Limit(docs=len(stories))))
        assert 4000 <= corpus.bytes_read < 5000
    assert corpus.total_bytes == 4000


def test_the_story_that_reaches_the_limit_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    def generate(words: int | None, seed: int = 1) -> Iterator[str]:
        return itertools.repeat("abé d")  # 6 bytes, and 1 for the line end

    monkeypatch.setattr("fastw2v.stories.generate", generate)
    assert [len(list(StoriesCorpus(f"{n}B"))) for n in (1, 7, 8, 14, 15)] == [1, 1, 2, 2, 3]


def test_stories_without_a_limit_are_as_many_words_as_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastw2v.stories.DEFAULT_WORDS", 3000)
    corpus = StoriesCorpus()
    assert 3000 <= sum(map(len, corpus)) < 4000
    assert corpus.total_bytes is None


def test_tinystories_are_14318_documents_found_by_their_marker(shared_data: Path) -> None:
    path = shared_data / "tinystories.txt"
    corpus = TextCorpus([path])
    documents = list(corpus)
    assert corpus.documents_mode == "marker"
    assert len(documents) == 14_318
    assert corpus.bytes_read == corpus.total_bytes == 11_836_675
    assert not any("endoftext" in document for document in documents)
    first = list(TextCorpus([path], limit="1MB"))
    text = path.read_bytes()[: 10**6]
    assert len(first) == text.count(b"<|endoftext|>") + 1
    assert first[:-1] == documents[: len(first) - 1]
    assert first[-1][:-1] == documents[len(first) - 1][: len(first[-1]) - 1]  # cut, perhaps within its last word


def test_wikipedia_is_one_paragraph_a_line_and_one_article_between_blank_lines(shared_data: Path) -> None:
    path = shared_data / "wiki.txt"
    lines = TextCorpus([path], limit="5MB")
    articles = TextCorpus([path], limit="5MB", documents="blank")
    paragraphs, grouped = list(lines), list(articles)
    assert lines.documents_mode == "line"
    text = path.read_bytes()[: 5 * 10**6].decode("utf-8", "ignore")
    filled = [bool(line.strip()) for line in text.split("\n")]
    assert len(paragraphs) == sum(filled)
    assert len(grouped) == sum(run for run, _ in itertools.groupby(filled))
    assert list(itertools.chain.from_iterable(grouped)) == list(itertools.chain.from_iterable(paragraphs))


def test_errors_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"ok\n\xff")
    messages = []
    for path in (tmp_path / "bad.txt", tmp_path / "b.txt"):
        with pytest.raises(Fastw2vError) as caught:
            list(TextCorpus([path]))
        messages.append(str(caught.value))
    assert not any("\n" in message or len(message) > 250 for message in messages)
