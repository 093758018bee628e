"""Evaluation files: the three forms as they occur in the wild, and how malformed ones are refused."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path
from typing import Any, cast

import pytest

from fastw2v.errors import DataError, UsageError
from fastw2v.evaluation import lines, pair_columns
from fastw2v.evaluation.files import (
    WordClasses,
    WordPair,
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
    write(path, "old new 1\ncafé thé 2\n".encode("cp1252") * 20)
    with pytest.raises(DataError, match=r"convert the file to UTF-8 \(it looks like cp1252\)\.$"):
        read_word_pairs(path)


def test_a_byte_order_mark_names_the_encoding_of_a_file(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        path = write(tmp_path / encoding, "old new 1\ndéjà vu 2\n".encode(encoding))
        assert [pair[:2] for pair in read_word_pairs(path)] == [("old", "new"), ("déjà", "vu")]
    path = write(tmp_path / "odd", "old new 1\n".encode("utf-16") + b"a")
    with pytest.raises(DataError, match=r"odd: not UTF-16, which its byte order mark names \("):
        read_word_pairs(path)


def test_a_pipe_is_read_whole() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"old new 1\n" * 4000)  # more than one buffer, less than a pipe holds
    os.close(writing)
    if not Path(f"/dev/fd/{reading}").exists():
        pytest.skip("this system has no /dev/fd")
    assert len(cast("list[WordPair]", read_evaluation(f"/dev/fd/{reading}"))) == 4000
    os.close(reading)


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    for content, said in [
        (gzip.compress(b"old new 1\n"), "p is gzip data, not a set to evaluate on; decompress it: gunzip -k FILE."),
        (b"PK\3\4" + bytes(60), "p is a zip archive, not a set to evaluate on; unpack it and pass the files in it."),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1\n", "p is a Git LFS pointer, not a set"),
        (b"<!DOCTYPE html>\n<html>\n", "p is a web page"),
    ]:
        with pytest.raises(DataError, match=re.escape(said)):
            read_evaluation(write(tmp_path / "p", content))


def test_lines_may_end_with_cr_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "p", b"\xef\xbb\xbf# set\rold\tnew\t1\rbig\thuge\t2\r")
    assert read_evaluation(path) == [("old", "new", 1.0), ("big", "huge", 2.0)]
    with pytest.raises(DataError, match="line 3: expected two words and a number"):
        read_evaluation(write(path, b"# set\rold\tnew\t1\rbig\r"))


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: longer than"):
        read_evaluation(write(tmp_path / "p", b"x" * 100_000))


def test_a_file_far_too_large_for_a_set_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LONGEST_FILE", 100)
    with pytest.raises(DataError, match=r"p: more than 100 characters, which no set to evaluate on has\.$"):
        read_evaluation(write(tmp_path / "p", "old new 1\n" * 11))


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
        (",word1,word2,score\n0,old,new,1.58\n", "a table of pandas with its index"),
        ("\tword1\tword2\tscore\n0\told\tnew\t1.58\n", "the same with tabs"),
        ("relation;score;Word 2;Word 1\ns;1,58;new;old\n", "a header in another order, decimal commas"),
        ("Word 1,Word 2,Human (mean),1,2,3\nold,new,1.58,1,2,1.5\n", "set1.csv of WordSim-353"),
        ("Word1\tWord2\tBewertung\nold\tnew\t1.58\n", "three columns, of which two are named"),
        ('"word1","word2","score"\n"old","new","1.58"\n', "quoted fields"),
        ("s\told\tnew\t1.58\nt\tbig\thuge\t9\n", "wordsim353_annotated.txt"),
        ("0,old,new,1.58\n1,big,huge,9\n", "an index without a header"),
        (
            "1\told\tn\tnew\tn\tan <b> old </b> hat\ta <b> new </b> hat; 7, 8\t1.58\n2\tbig\ta\thuge\ta\tx\ty\t9\n",
            "ratings.txt of SCWS",
        ),
        ("old-j new-n 1.58\nbig-j huge-j 9\n", "MEN_dataset_lemma_form"),
        ("old new 1.58\nbig-hearted huge-n 9\n", "words with hyphens, which are no parts of speech"),
        ("old new 1.58\nbig-j huge-j 9\n", "words that are no parts of speech beside some that look so"),
        ("old new 1,58\n", "a decimal comma between spaces"),
        ("old,new,1.58\n", "MTurk and RG-65"),
    ],
)
def test_files_of_pairs_are_read_as_they_are_published(tmp_path: Path, published: str, as_in: str) -> None:
    assert cast("list[WordPair]", read_evaluation(write(tmp_path / "pairs", published)))[0] == ("old", "new", 1.58), (
        as_in
    )


def test_columns_that_no_header_names_are_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said = {
        "s\told\tnew\t1.58\n": "columns 2 and 3, scores from column 4 (a code, two words and a score, as WordSim-353",
        "old\tnew\tV\t1.58\tX\n": "columns 1 and 2, scores from column 4 (two words, a code and a score, as SimVerb",
        "old\tnew\t1.58\t8\t3\n": "columns 1 and 2, scores from column 3 (two words and scores, as RareWords)",
        "4,old,new,1.58\n5,a,b,3\n": "columns 2 and 3, scores from column 4 (a line number, two words and a score)",
        "old-j new-n 1.58\n": "every word has a part of speech, which is left off: 'old-j' is 'old'",
        "old\tnew\t1.58\n": "",
        "Word 1,Word 2,Human (mean),1\nold,new,1.58,2\n": "",
    }
    for content, message in said.items():
        caplog.clear()
        read_evaluation(write(tmp_path / "p", content))
        assert (message in caplog.text) if message else not caplog.messages


def test_no_column_is_guessed(tmp_path: Path) -> None:
    refused = {
        "big,huge,vast,1\nd,e,f,2\n": "line 1: expected two words and a number.* 'big', word 'huge', score 'vast'",
        "s\ta\tn\t1\n": "its columns may be two words, a code and a score, as SimVerb-3500 or a code, two words and",
        "3,old,new,1\n9,big,huge,2\n": "its columns may be none that is known; a header may name columns word1",
        "1,cat,7.35\n2,dog,8\n": r"line 1: .*understood \(the first column counts the lines\) as word '1', word 'cat'",
        "word1,word2,similarity,relatedness\na,b,1,2\n": "line 1: the header names 2 scores, 'similarity' and 'relat",
        "word1,word2,POS,points\na,b,n,2\n": "line 1: the header names no score; 'score' would work",
        "chien chat note\nold new 1\n": "line 1: expected two .* word1, word2, score.* score 'note'",
        "old\tnew\nbig\thuge\t2\n": r"line 1: expected two .* word 'old', word 'new', score missing",
        "old,new,\nbig,huge,2\n": r"line 1: expected two .* word 'old', word 'new', score ''",
        "old\tnew\tinf\nbig\thuge\t2\n": r"line 1: expected two .* score 'inf'",
        "word1,word2,score\nold,new,nan\n": r"line 2: expected two .* word 'old', word 'new', score 'nan'",
        "word1,word2,score\ncat,dog,7,35\n": r"line 2: .* \(4 fields, where the header has 3\) as word 'cat'",
        "cat,dog,7,35\nold,new,8,2\n": r"line 1: .* \(4 fields of no known layout\) as word 'cat', word 'dog'",
        "word1,word2,score\nold,,1\n": r"line 2: expected two .* word 'old', word '', score '1'",
        "1\told\tn\tnew\tn\tx\ty\t1.58\n2\tbig\ta\thuge\n": r"line 2: .* as SCWS\) as word 'big', word 'huge', sc",
    }
    for content, message in refused.items():
        with pytest.raises(DataError, match=message) as caught:
            read_evaluation(write(tmp_path / "p", content))
        assert "\n" not in str(caught.value)


def test_words_that_are_numbers_stay_words(tmp_path: Path) -> None:
    assert read_evaluation(write(tmp_path / "p", "17\t23\t0.5\n18\t9\t1\n")) == [("17", "23", 0.5), ("18", "9", 1.0)]
    assert read_evaluation(write(tmp_path / "p", "first second 7\nfive month 3.38\n"))[0] == ("first", "second", 7.0)  # type: ignore[index]


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
    with pytest.raises(DataError, match="line 1: expected two words and a number"):
        read_evaluation(write(tmp_path / "p", "x\t" * 30_000 + "\n" + "y\t" * 30_000 + "\n"))


# Analogies


def test_analogies_are_recognised_with_and_without_a_section(tmp_path: Path) -> None:
    assert read_evaluation(write(tmp_path / "a", ": s\n")) == {"s": []}
    assert read_evaluation(write(tmp_path / "b", "a b c d\n")) == {"": [("a", "b", "c", "d")]}
    assert read_evaluation(write(tmp_path / "c", "New York\tUSA\t7\n")) == [("New York", "USA", 7.0)]


def test_a_section_of_analogies_that_comes_again_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "q", ": s\na b c d\n: t\n: s\ne f g h\n")
    assert read_evaluation(path) == {"s": [("a", "b", "c", "d"), ("e", "f", "g", "h")], "t": []}


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


# BATS


def test_a_file_of_words_and_answers_is_read_as_bats_has_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / "L01 [hypernyms].txt", "cat\tanimal/feline\nNew York\tcity / town/\nOslo\t/\n")
    with pytest.raises(DataError, match=r"line 3: expected a word and its right answers"):
        read_evaluation(path)
    write(path, "cat\tanimal/feline\ndog\tcanine\n")
    cat, dog = ("cat", ("animal", "feline")), ("dog", ("canine",))
    assert read_evaluation(path) == {"L01 [hypernyms]": [(*cat, *dog), (*dog, *cat)]}
    assert "read as analogies of the form of BATS, each pair put to each other of its file: 2 questions" in caplog.text
    with pytest.raises(DataError, match=r"analogies are made of two pairs or more. Got 1."):
        read_evaluation(write(tmp_path / "one.txt", "cat\tanimal\n"))
    with pytest.raises(DataError, match=r"line 201: a file of analogies has at most 200 pairs\. Got more"):
        read_evaluation(write(tmp_path / "many.txt", "cat\tanimal\n" * 10_000))


def test_a_folder_is_read_with_its_sections_and_says_what_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("2_b/D01 [un+adj].txt", "1_a/I02 [plural].txt", "1_a/I01 [plural].txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "cat\tcats\ndog\tdogs\ncow\tcows\n")
    write(tmp_path / "1_a" / "metadata.json", "{}")
    sections = cast("dict[str, list[Any]]", read_evaluation(tmp_path))
    assert {name: len(questions) for name, questions in sections.items()} == {
        "1_a/I01 [plural]": 6,
        "1_a/I02 [plural]": 6,
        "2_b/D01 [un+adj]": 6,
    }
    assert "files left out, which are no .txt: 1." in caplog.text
    (tmp_path / "none").mkdir()
    with pytest.raises(DataError, match="no file of analogies in it"):
        read_evaluation(tmp_path / "none")


def test_digits_joined_by_an_underscore_are_no_score() -> None:
    assert [pair_columns.number_of(field) for field in ("7_0", "7,5", "7.5")] == [None, 7.5, 7.5]
