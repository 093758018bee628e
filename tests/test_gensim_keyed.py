"""gensim's other names for vectors, beside gensim's own answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import DataError, KeyedVectors, UnknownWordError, UsageError, Word2Vec
from fastw2v.index import ApproximateIndex

WORDS = ["sun", "moon", "star", "sea"]
VECTORS = np.array([[1, 0], [1, 1], [0, 2], [-3, 0.5]], dtype=np.float32)


def vectors() -> KeyedVectors:
    return KeyedVectors(WORDS, VECTORS, np.array([5, 4, 3, 2]))


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.glove", "v.txt.gz", "v.bin.gz"])
@pytest.mark.parametrize("limit", [1, 2, 4, 9])
def test_a_limit_reads_the_first_words_and_looks_no_further(name: str, limit: int, tmp_path: Path) -> None:
    binary, header = ".bin" in name, "glove" not in name
    vectors().save_word2vec_format(tmp_path / name, None, binary, write_header=header)
    if limit < 4 and not name.endswith(".gz"):  # damage after what is read
        with (tmp_path / name).open("ab") as file:
            file.write(b"sun x")
    found = KeyedVectors.load_word2vec_format(tmp_path / name, None, binary, limit=limit, no_header=not header)
    assert found.index_to_key == WORDS[:limit]
    assert np.array_equal(found.vectors, VECTORS[:limit])


def test_a_limited_file_is_checked_as_far_as_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "v.txt").write_text("3 2\nsun 1 0\nsun 1 1\nstar nan 0\n")
    assert len(KeyedVectors.load_word2vec_format(tmp_path / "v.txt", limit=1)) == 1
    with pytest.raises(DataError, match="line 3: the word 'sun' occurred before"):
        KeyedVectors.load_word2vec_format(tmp_path / "v.txt", limit=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"limit": 0}, "limit must be an integer >= 1, or None for all. Got 0"),
        ({"limit": True}, "limit must be an integer >= 1"),
        (
            {"fvocab": "counts.txt"},
            "Files of counts are not read or written; .npz keeps counts. Got fvocab 'counts.txt'",
        ),
        ({"encoding": "latin-1"}, "encoding must be utf8: convert the file to it. Got 'latin-1'"),
        ({"datatype": np.float64}, "datatype must be float32, as vectors are read. Got float64"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(arguments: dict[str, Any], message: str, tmp_path: Path) -> None:
    vectors().save_word2vec_format(tmp_path / "v.txt")
    with pytest.raises(UsageError, match=message):
        KeyedVectors.load_word2vec_format(tmp_path / "v.txt", **arguments)
    for name in ("utf8", "UTF-8", "utf-8"):
        assert len(KeyedVectors.load_word2vec_format(tmp_path / "v.txt", encoding=name)) == 4


def test_files_are_judged_with_the_figures_of_gensim(shared_data: Path) -> None:
    models = pytest.importorskip("gensim.models")
    rng = np.random.default_rng(1)
    pairs, questions = shared_data / "eval" / "simlex999.txt", shared_data / "eval" / "questions-words.txt"
    text = " ".join(path.read_text(encoding="utf-8") for path in (pairs, questions)).lower()
    words = sorted({word for word in text.split() if word.isalpha()})[::2]
    array = rng.normal(size=(len(words), 20)).astype(np.float32)
    theirs = models.KeyedVectors(20)
    theirs.add_vectors(words, array)
    ours = KeyedVectors(words, array)
    for options in ({}, {"restrict_vocab": 300}, {"case_insensitive": False, "dummy4unknown": True}):
        linear, ranked, unknown = theirs.evaluate_word_pairs(str(pairs), **options)
        found = ours.evaluate_word_pairs(pairs, **options)
        assert (found[0][1], found[1][1]) == (None, None)
        assert (found[0][0], found[1][0], found[2]) == pytest.approx((linear[0], ranked[0], unknown), abs=1e-6)
        wanted, sections = theirs.evaluate_word_analogies(str(questions), **options)
        share, parts = ours.evaluate_word_analogies(questions, **options)
        assert share == pytest.approx(wanted, abs=1e-6)
        found_right = {part.section: part.correct for part in parts}
        for section in sections[:-1]:
            assert found_right[section["section"]] == len(section["correct"])


def test_counts_are_an_attribute_of_words() -> None:
    assert vectors().get_vecattr("moon", "count") == 4
    with pytest.raises(UsageError, match="The one attribute of a word is its count"):
        vectors().get_vecattr("moon", "colour")
    with pytest.raises(UsageError, match="These vectors have no counts"):
        KeyedVectors(WORDS, VECTORS).get_vecattr("moon", "count")
    with pytest.raises(UnknownWordError):
        vectors().get_vecattr("mars", "count")


def test_the_nearest_of_some_words_and_cosines_of_vectors() -> None:
    assert vectors().most_similar_to_given("sun", ["sea", "moon", "star"]) == "moon"
    assert KeyedVectors.cosine_similarities(VECTORS[0], VECTORS).tolist() == pytest.approx(
        [1, 0.5**0.5, 0, -3 / 9.25**0.5]
    )
    with pytest.raises(UsageError, match="words to choose from"):
        vectors().most_similar_to_given("sun", [])


def test_any_iterable_of_words_may_hold_the_odd_one_out() -> None:
    assert vectors().doesnt_match(iter(["sun", "moon", "sea"])) == "sea"
    assert vectors().doesnt_match({"sun", "moon", "sea"}) == "sea"


def test_one_word_is_no_list_of_questions() -> None:
    with pytest.raises(UsageError, match=r"most_similar_many needs a list of questions.* Got 'sun'"):
        vectors().most_similar_many("sun")


def test_vectors_and_counts_may_be_lists() -> None:
    made = KeyedVectors(["a", "b"], [[1.0, 2.0], [3.0, 4.0]], [2, 1])
    assert made.vectors.dtype == np.float32
    assert made.get_vecattr("b", "count") == 1


@pytest.mark.parametrize("number", ["x", 1.5, 0, True])
def test_numbers_of_an_index_are_checked(number: Any) -> None:
    with pytest.raises(UsageError, match="candidates must be an integer >= 1"):
        ApproximateIndex(vectors(), candidates=number)


SMALL: dict[str, Any] = {"vector_size": 4, "min_count": 1, "sample": 0, "epochs": 1, "engine": "numpy"}
SENTENCES = [["sun", "moon", "star"], ["moon", "sun", "sea"]] * 20


def test_a_model_says_what_it_is() -> None:
    assert repr(Word2Vec(**SMALL)) == "Word2Vec(no vocabulary yet, vector_size=4, alpha=0.025)"
    assert repr(Word2Vec(SENTENCES, **SMALL)) == "Word2Vec(4 words, vector_size=4, alpha=0.025)"


def test_one_file_to_evaluate_on_needs_no_list(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("sun\tmoon\t9\nsun\tsea\t1\nmoon\tsea\t2\n")
    model = Word2Vec(**SMALL).fit(SENTENCES, evaluate=tmp_path / "pairs.tsv")
    assert list(model.history[0]["evaluation"]) == ["pairs.tsv"]
    again = Word2Vec(**SMALL).fit(SENTENCES, evaluate=str(tmp_path / "pairs.tsv"))
    assert again.history[0]["evaluation"] == model.history[0]["evaluation"]


def test_a_run_begins_with_a_model_too() -> None:
    model = Word2Vec(SENTENCES, **SMALL)
    first, second = (Word2Vec(**SMALL).fit(SENTENCES, init_from=given) for given in (model, model.wv))
    assert np.array_equal(first.wv.vectors, second.wv.vectors)
    with pytest.raises(UsageError, match=r"init_from must be a path, a model or KeyedVectors .* Got builtins\.int"):
        Word2Vec(**SMALL).fit(SENTENCES, init_from=5)  # type: ignore[arg-type]
