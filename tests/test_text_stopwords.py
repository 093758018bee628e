"""Stop words: the English list and a user's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.text.stopwords import ENGLISH_BY_KIND, load_stop_words
from fastw2v.text.tokenise import words


def test_english_is_a_list_of_function_words_as_the_tokeniser_gives_them() -> None:
    english = load_stop_words("english")
    assert {"the", "of", "and", "don't", "it's", "she", "would"} <= english
    assert not english & {"good", "man", "one", "time", "king"}
    assert all(words(word) == [word] for word in english)


def test_each_english_word_stands_in_one_kind() -> None:
    listed = " ".join(ENGLISH_BY_KIND.values()).split()
    assert len(listed) == len(set(listed))


def test_none_leaves_every_word() -> None:
    assert load_stop_words("none") == frozenset()


def test_a_file_has_one_word_a_line_with_comments(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_text("# mine\n\nThe\nDon’t  # curly\r\n  été\n", encoding="utf-8")
    assert load_stop_words(path) == {"the", "don't", "été"}
    assert load_stop_words(str(path), "whitespace") == {"The", "Don’t", "été"}


@pytest.mark.parametrize(("line", "count"), [("ice cream", 2), ("--", 0)])
def test_a_line_that_is_not_one_token_is_an_error_with_file_and_line(line: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_text(f"the\n{line}\n")
    with pytest.raises(DataError, match=rf"stop\.txt, line 2: .*Got '{line}', which is {count}"):
        load_stop_words(path)


def test_a_file_without_words_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_text("# nothing\n")
    with pytest.raises(DataError, match=r"stop\.txt: has no stop words"):
        load_stop_words(path)


def test_a_file_that_is_not_utf8_is_an_error_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_bytes(b"the\n\xe9t\xe9\n")
    with pytest.raises(
        DataError, match=r"stop\.txt: byte 4 \(0xe9\) is not UTF-8; stop words are read as UTF-8, convert"
    ):
        load_stop_words(path)


def test_a_wrong_name_is_an_error_that_says_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "engl.sh").write_text("the\n")
    for wrong, meant in (("englsh", "english"), ("English", "english"), ("non", "none")):
        with pytest.raises(UsageError, match=rf"english, none or a file\. Got '{wrong}'.* mean stop_words='{meant}'"):
            load_stop_words(wrong)
    with pytest.raises(UsageError, match=r"'stopp\.txt'.*english, none or a file"):
        load_stop_words("stopp.txt")
    with pytest.raises(UsageError, match="directory"):
        load_stop_words(tmp_path)
