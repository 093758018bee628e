"""Evaluation files: the three forms as they occur in the wild, and how malformed ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.formats.evaluation_files import (
    WordClasses,
    read_analogies,
    read_classes,
    read_evaluation,
    read_word_pairs,
)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Word pairs


@pytest.mark.parametrize(
    "line", ["old\tnew\t1.58", "old,new,1.58", "old new 1.58", " old , new , 1.58 ", "old  new 1.58"]
)
def test_pairs_may_be_separated_by_tabs_commas_or_spaces(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "pairs", f"# a comment\r\n\r\n{line}\r\n")
    assert read_word_pairs(path) == [("old", "new", 1.58)]
    assert read_evaluation(path) == [("old", "new", 1.58)]


def test_a_byte_order_mark_is_not_part_of_the_first_word(tmp_path: Path) -> None:
    assert read_word_pairs(write(tmp_path / "p", b"\xef\xbb\xbfold new 1"))[0].first == "old"


@pytest.mark.parametrize(
    "line", ["old new", "old new much", "old new nan", "old new inf", "old\t\t1.0", "a b c d 1", "a b 1 c"]
)
def test_a_malformed_pair_names_file_line_and_form(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "pairs.tsv", f"# c\ntiger cat 7.35\n{line}\n")
    with pytest.raises(DataError) as caught:
        read_evaluation(path)
    assert f"{path}, line 3: expected two words and a number" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf8_name_the_place(tmp_path: Path) -> None:
    path = write(tmp_path / "p", b"old new 1\nd\xe9j\xe0 vu 2\n")
    with pytest.raises(DataError, match=r"p, line 2: not UTF-8 at byte 2 of the line \(0xe9\)"):
        read_word_pairs(path)


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: longer than"):
        read_evaluation(write(tmp_path / "p", b"x" * 100_000))


def test_a_file_that_is_absent_or_empty_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_evaluation(tmp_path / "absent")
    with pytest.raises(DataError, match="no word pairs, analogies or word classes"):
        read_evaluation(write(tmp_path / "empty", "# only this\n\n"))


@pytest.mark.parametrize(
    ("published", "as_in"),
    [
        ("word1\tword2\tPOS\tSimLex999\tconc(w1)\nold\tnew\tA\t1.58\t2.72\n", "SimLex-999.txt"),
        ("Word 1,Word 2,Human (mean)\nold,new,1.58\n", "combined.csv of WordSim-353"),
        ("old\tnew\tV\t1.58\tSYNONYMS\n", "SimVerb-3500.txt"),
        ("old\tnew\t1.58\t8\t3\t0\n", "rw.txt of RareWords"),
        ("# words\nold new 1.58\n", "the comments of the shared files"),
        ("word1 word2 score\nold new 1.58\n", "a header between spaces"),
        ("word1\tword2\tPOS\tscore\nold\tnew\tA\t1.58\n", "a header of four words, which is no analogy"),
    ],
)
def test_files_of_pairs_are_read_as_they_are_published(tmp_path: Path, published: str, as_in: str) -> None:
    assert read_evaluation(write(tmp_path / "pairs", published)) == [("old", "new", 1.58)], as_in


def test_only_the_first_line_can_be_a_header(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 2: expected two words and a number"):
        read_word_pairs(write(tmp_path / "p", "word1 word2 score\nfirst second mean\n"))


def test_a_score_that_is_no_finite_number_makes_no_header(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: expected two words and a number"):
        read_word_pairs(write(tmp_path / "p", "old new nan\nold new 1\n"))


def test_the_score_stays_in_its_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 2: expected two words and a number"):
        read_word_pairs(write(tmp_path / "p", "old\tnew\tA\t1.58\nbig\tsmall\t2.0\tA\n"))


def test_a_header_alone_holds_no_pairs(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no word pairs in it"):
        read_evaluation(write(tmp_path / "p", "word1\tword2\tscore\n"))


def test_a_line_of_nothing_but_tabs_and_fields_is_split_once(tmp_path: Path) -> None:
    # Splitting again for each of its 30,000 fields would take half a minute.
    with pytest.raises(DataError, match="line 2: expected two words and a number"):
        read_evaluation(write(tmp_path / "p", "x\t" * 30_000 + "\n" + "y\t" * 30_000 + "\n"))


# Analogies


def test_analogies_are_recognised_with_and_without_a_section(tmp_path: Path) -> None:
    assert read_evaluation(write(tmp_path / "a", ": s\n")) == {"s": []}
    assert read_evaluation(write(tmp_path / "b", "a b c d\n")) == {"": [("a", "b", "c", "d")]}
    assert read_evaluation(write(tmp_path / "c", "New York\tUSA\t7\n")) == [("New York", "USA", 7.0)]


def test_a_malformed_analogy_names_file_line_and_form(tmp_path: Path) -> None:
    path = write(tmp_path / "q.txt", ": s\nAthens Greece Oslo\n")
    with pytest.raises(DataError, match=r"q\.txt, line 2: expected four words"):
        read_analogies(path)


# Classes


def test_classes_are_words_one_a_line_below_their_class(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c",
        b"\xef\xbb\xbf# mine\r\n: animals\r\ncat\r\ndog\r\n\r\n: empty\r\n:colours\r\nred\r\n: animals\r\ncow",
    )
    classes = {"animals": ["cat", "dog", "cow"], "empty": [], "colours": ["red"]}
    assert read_evaluation(path) == read_classes(path) == WordClasses(classes)


def test_the_first_line_below_a_name_tells_classes_from_analogies(tmp_path: Path) -> None:
    assert read_evaluation(write(tmp_path / "c", ": a\n: b\ncat\n")) == WordClasses({"a": [], "b": ["cat"]})
    assert read_evaluation(write(tmp_path / "q", ": a\n: b\na b c d\n")) == {"a": [], "b": [("a", "b", "c", "d")]}


def test_a_malformed_line_of_classes_names_file_line_and_form(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"c\.txt, line 3: expected one word"):
        read_evaluation(write(tmp_path / "c.txt", ": a\ncat\nhot dog\n"))
    with pytest.raises(DataError, match=r"c\.txt, line 1: expected one word.* or a class"):
        read_classes(write(tmp_path / "c.txt", "cat\n: a\n"))
