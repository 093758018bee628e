"""Words that are asked for find the corpus's spelling: on the command line, in evaluation files, and in Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import KeyedVectors, Word2Vec
from fastw2v.cli.app import run
from fastw2v.errors import UnknownWordError
from fastw2v.text import TextCorpus
from fastw2v.vectors.spelling import find

QUICKLY: dict[str, Any] = {"engine": "numpy", "vector_size": 4, "min_count": 1, "sample": 0, "epochs": 1}
TEXT = "Don't the dog and the café see İzmir? The naïve cat ate 42 dogs.\n" * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models whose corpora were cut by each kind of tokeniser, and their vectors in a file."""
    folder = tmp_path_factory.mktemp("spelling")
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    Word2Vec(**QUICKLY).fit(folder / "text.txt", output=folder / "words").wv.save_word2vec_format(folder / "v.txt")
    Word2Vec(**QUICKLY, tokenizer="whitespace").fit(folder / "text.txt", output=folder / "spaces")
    Word2Vec(**QUICKLY).fit(TextCorpus([folder / "text.txt"], tokenizer=as_it_is), output=folder / "custom")
    Word2Vec(**QUICKLY).fit([[7, 33, 58, "dog"]] * 20, output=folder / "items")
    return folder


def as_it_is(text: str) -> list[str]:
    return text.split()


@pytest.fixture
def does(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Any:
    """Run a command there: its code, stdout, and what it says beside: warnings and the error."""
    monkeypatch.chdir(folder)

    def do(*arguments: str) -> tuple[int, str, str]:
        caplog.clear()
        code = run(arguments)
        printed = capsys.readouterr()
        said = printed.err if code else "".join(f"{message}\n" for message in caplog.messages)
        return code, printed.out, said

    return do


def test_queries_find_the_corpus_s_spelling_and_say_so(does: Any) -> None:
    for typed, known in [
        ("Dog", "dog"),
        ("DON\u2019T", "don't"),
        ("cafe\u0301", "café"),
        ("do\u00adg", "dog"),
        ("\u0130zmir", "izmir"),
        ("izmir", "izmir"),
    ]:
        for model in ("words", "v.txt"):
            code, out, err = does("similar", model, typed, "--json")
            assert (code, json.loads(out)[typed]) == (0, json.loads(does("similar", model, known, "--json")[1])[known])
            said = f"{typed!r} is not in the vocabulary as written; {known!r} is.\n" if typed != known else ""
            assert err == said
    assert (
        does("analogy", "words", "Dog", "CAT", "The")[1].splitlines()[3:]
        == (does("analogy", "words", "dog", "cat", "the")[1].splitlines()[3:])
    )
    code, out, err = does("doesnt-match", "words", "Dog", "cat", "The")
    assert (code, out) == (0, does("doesnt-match", "words", "dog", "cat", "the")[1])


def test_an_exact_match_wins(does: Any) -> None:
    code, out, err = does("similar", "spaces", "The", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["The"] != json.loads(does("similar", "spaces", "the", "--json")[1])["the"]


def test_a_custom_tokeniser_s_words_are_exact(does: Any) -> None:
    assert does("similar", "custom", "The")[0] == 0
    code, _, err = does("similar", "custom", "DOG")
    assert (code, err) == (1, "fastw2v: 'DOG' is not in the vocabulary of 13 words. Close words: dog, dogs.\n")
    (Path("p.tsv")).write_text("DOG\tcat\t1\nThe\tcat\t2\nthe\tcat\t3\n")
    assert json.loads(does("evaluate", "custom", "p.tsv", "--json")[1])["p.tsv"]["used"] == 2


def test_integers_are_found_by_their_digits(does: Any) -> None:
    assert json.loads(does("similar", "items", "33", "Dog", "--json")[1]).keys() == {"33", "Dog"}
    code, _, err = does("similar", "items", "--", "--5")
    assert (code, "'--5' is not in the vocabulary" in err) == (1, True)
    Path("items.tsv").write_text("7\t33\t1\n7\t58\t2\n33\t58\t3\n", encoding="utf-8")
    assert json.loads(does("evaluate", "items", "items.tsv", "--json")[1])["items.tsv"]["used"] == 3


def test_evaluation_files_find_the_corpus_s_spelling_and_say_so_where_it_is_not_known(does: Any) -> None:
    Path("pairs.tsv").write_text("cafe\u0301\tDOG\t1\nDON\u2019T\tcat\t2\nthe\tCat\t3\n", encoding="utf-8")
    Path("q.txt").write_text(": s\nThe Cat Naive and\nThe Cat nai\u0308ve and\n", encoding="utf-8")
    code, out, err = does("evaluate", "words", "pairs.tsv", "q.txt", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["pairs.tsv"]["used"], found["q.txt"]["total"]["asked"]) == (3, 1)
    code, out, err = does("evaluate", "--vectors", "v.txt", "pairs.tsv", "q.txt", "--json")
    assert json.loads(out) == found
    assert "v.txt, pairs.tsv: 4 words are not in the vocabulary as written and found in lower case" in err


def test_the_page_of_explore_says_so_too(does: Any, tmp_path: Path) -> None:
    Path("capitals.tsv").write_text("DOG\tcat\t1\nThe\tcat\t2\nthe\tcat\t3\n", encoding="utf-8")
    page = str(tmp_path / "page.html")
    code, _, said = does("explore", "v.txt", "-o", page, "--evaluate", "capitals.tsv")
    assert code == 0
    assert "capitals.tsv: 2 words are not in the vocabulary as written and found in lower case" in said


def test_training_judges_its_epochs_by_the_same_words(folder: Path) -> None:
    (folder / "each.tsv").write_text("cafe\u0301\tDOG\t1\nDON\u2019T\tcat\t2\nthe\tCat\t3\n", encoding="utf-8")
    for corpus, used in [(folder / "text.txt", 3), (TextCorpus([folder / "text.txt"], tokenizer=as_it_is), 0)]:
        history = Word2Vec(**QUICKLY).fit(corpus, evaluate=folder / "each.tsv").history
        assert history[0]["evaluation"]["each.tsv"]["used"] == used


def test_python_looks_words_up_exactly_and_names_the_word_that_is_meant(folder: Path) -> None:
    vectors = Word2Vec.load(folder / "words").wv
    for part in (vectors, vectors[:100], vectors.subset(["dog", "cat"])):
        assert "Dog" not in part
        assert (part.known_as("Dog"), part.known_as("dog"), part.known_as("Horse")) == ("dog", "dog", None)
        for ask in (part.__getitem__, part.most_similar):
            with pytest.raises(UnknownWordError, match=r"^'Dog' is not in .* words\. Did you mean 'dog'\?$"):
                ask("Dog")
    assert Word2Vec.load(folder / "words").vectors_of("mean").tokenizer == "words"
    assert KeyedVectors(["Dog"], np.ones((1, 2), dtype=np.float32)).known_as("dog") is None


def test_forms_are_tried_in_order() -> None:
    vocabulary = {"Café": 0, "café": 1, "i\u0307": 2, "x": 3}
    assert find(vocabulary, "Cafe\u0301", None) == "Café"
    assert find(vocabulary, "CAFE\u0301", None) == "café"
    assert find(vocabulary, "\u0130", None) == "i\u0307"
    assert find(vocabulary, "X", "my_tokeniser") is None
    assert find(vocabulary, 7, None) is None
    assert [find({-5: 0, 7: 1}, digits, None) for digits in ("-5", "7", "5")] == [-5, 7, None]
