"""gensim's classes of sentences, beside gensim's own where it is installed."""

from __future__ import annotations

import bz2
import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from fastw2v import DataError, LineSentence, PathLineSentences, Text8Corpus, UsageError, Word2Vec

TEXT = "The cat\tsat\n\n  süß 日本\u3000x \r\nlast line without end"
LISTS = [["The", "cat", "sat"], ["süß", "日本", "x"], ["last", "line", "without", "end"]]


def write(path: Path, text: str) -> Path:
    compress: dict[str, Any] = {".gz": gzip.compress, ".bz2": bz2.compress}
    path.write_bytes(compress.get(path.suffix, bytes)(text.encode()))
    return path


def test_lines_are_sentences_read_again_and_again_from_files_compressed_files_and_open_files(tmp_path: Path) -> None:
    sources: list[Any] = [write(tmp_path / name, TEXT) for name in ("a.txt", "b.txt.gz", "c.cor.bz2")]
    sources += [str(sources[0]), io.BytesIO(TEXT.encode()), io.StringIO(TEXT), bz2.BZ2File(sources[2])]
    for source in sources:
        sentences = LineSentence(source)
        assert list(sentences) == LISTS
        assert list(sentences) == LISTS
    assert list(LineSentence(sources[0], limit=1)) == LISTS[:1]
    assert list(LineSentence(sources[0], max_sentence_length=2))[:3] == [["The", "cat"], ["sat"], ["süß", "日本"]]


def test_a_folder_is_read_file_by_file_and_what_is_left_out_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "2.txt.bz2", "c d\ne\n")
    write(tmp_path / "1.cor", "a b\n")
    write(tmp_path / ".hidden", "x")
    (tmp_path / "below").mkdir()
    sentences = PathLineSentences(tmp_path)
    assert list(sentences) == list(sentences) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(PathLineSentences(tmp_path, limit=1)) == [["a", "b"], ["c", "d"]]
    assert list(PathLineSentences(tmp_path / "1.cor")) == [["a", "b"]]
    assert caplog.messages[0] == f"{tmp_path}: folders and hidden files are not read: .hidden, below"
    with pytest.raises(UsageError, match="below holds no file"):
        PathLineSentences(tmp_path / "below")


def test_a_file_without_lines_is_cut_after_so_many_words(tmp_path: Path) -> None:
    words = [f"wört{number}" for number in range(30_000)]
    path = write(tmp_path / "text8", " ".join(words))
    corpus = Text8Corpus(path)
    assert [len(part) for part in corpus] == [10_000] * 3
    assert [word for part in corpus for word in part] == words
    assert [len(part) for part in Text8Corpus(path, max_sentence_length=20_000)] == [20_000, 10_000]


def test_they_give_what_gensims_give(tmp_path: Path) -> None:
    theirs = pytest.importorskip("gensim.models.word2vec")
    write(tmp_path / "1.txt", TEXT)
    write(tmp_path / "2.txt.bz2", TEXT * 3000)
    kinds: dict[Any, str] = {LineSentence: "2.txt.bz2", PathLineSentences: "", Text8Corpus: "1.txt"}
    for ours, name in kinds.items():
        source = str(tmp_path / name)
        assert list(ours(source, 3)) == list(getattr(theirs, ours.__name__)(source, 3)), ours


def test_a_model_trains_on_them(tmp_path: Path) -> None:
    path = write(tmp_path / "text.txt.bz2", "a b c a b\n" * 50)
    model = Word2Vec(LineSentence(path), min_count=1, sample=0, vector_size=4, epochs=1, engine="numpy")
    assert set(model.wv) == {"a", "b", "c"}


def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("ok\ncafé\n".encode("latin-1"))
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"a b\n" * 9999)[:60])
    (tmp_path / "false.bz2").write_bytes(b"a b\n")
    for name, message in {
        "latin.txt": r"latin\.txt, line 2: not UTF-8, at b'\\xe9\\n'; iconv",
        "cut.gz": r"cut\.gz: cannot be read, or is damaged or cut off",
        "false.bz2": r"false\.bz2: damaged or incomplete bzip2 data",
    }.items():
        with pytest.raises(DataError, match=message):
            list(LineSentence(tmp_path / name))
    refused: dict[Any, str] = {
        lambda: LineSentence(tmp_path): r"is a folder; PathLineSentences\('",
        lambda: LineSentence(tmp_path / "none"): "There is no file .*none'; give a file",
        lambda: PathLineSentences(tmp_path / "none"): "give a file or a folder",
        lambda: LineSentence(["a", "b"]): "given by its path. Got list",
        lambda: Text8Corpus(tmp_path / "latin.txt", 0): "max_sentence_length must be an integer >= 1. Got 0",
        lambda: LineSentence(tmp_path / "latin.txt", limit=True): "limit must be an integer >= 1. Got True",
    }
    for make, message in refused.items():
        with pytest.raises(UsageError, match=message):
            make()
