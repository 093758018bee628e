"""gensim's other names for vectors, beside gensim's own answers."""

from __future__ import annotations

import re
import sys
import types
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import DataError, KeyedVectors, UnknownWordError, UsageError, Word2Vec
from fastw2v.errors import MissingExtraError
from fastw2v.evaluation import GENSIM, evaluate_analogies
from fastw2v.evaluation.files import read_analogies
from fastw2v.gensim_compat.missing_names import MODEL as MODEL_GONE
from fastw2v.gensim_compat.missing_names import VECTORS as VECTORS_GONE
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
        ({"encoding": "latin-1"}, "encoding must be utf8: convert the file to it. Got 'latin-1'"),
        ({"datatype": np.float16}, "datatype must be float32 or float64. Got float16"),
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
        assert parts == sections
    # gensim takes this one and solves by 3CosAdd all the same.
    by_product, _ = ours.evaluate_word_analogies(questions, similarity_function="most_similar_cosmul")
    result = evaluate_analogies(ours, read_analogies(questions), GENSIM, method="3cosmul")
    assert by_product == result.total.accuracy != share
    with pytest.raises(UsageError, match="similarity_function must be one of most_similar, most_similar_cosmul"):
        ours.evaluate_word_analogies(questions, similarity_function="cosine")
    with pytest.raises(UsageError, match="Columns are parted"):
        ours.evaluate_word_pairs(pairs, delimiter=";")
    with pytest.raises(UsageError, match="must be utf8"):
        ours.evaluate_word_pairs(pairs, encoding="latin1")


def test_each_section_has_its_own_analogies_and_the_last_those_of_all(tmp_path: Path) -> None:
    rows = np.array([[1, 0, 1], [0, 1, 1], [1, 0, 0], [0, 1, 0], [-1, -1, -1]], dtype=np.float32)
    ours = KeyedVectors(["king", "queen", "man", "woman", "sea"], rows)
    wrong = [("king", "man", "woman", "sea")]
    right = [("man", "king", "woman", "queen"), ("king", "man", "queen", "woman")]
    path = tmp_path / "q"
    path.write_text(": one\nking man woman sea\n: other\nman king woman queen\nking man queen woman\n")
    assert ours.evaluate_word_analogies(path, case_insensitive=False) == (
        2 / 3,
        [
            {"section": "one", "correct": [], "incorrect": wrong},
            {"section": "other", "correct": right, "incorrect": []},
            {"section": "Total accuracy", "correct": right, "incorrect": wrong},
        ],
    )


def test_counts_are_an_attribute_of_words() -> None:
    assert vectors().get_vecattr("moon", "count") == 4
    with pytest.raises(UsageError, match="The one attribute of a word is its count"):
        vectors().get_vecattr("moon", "colour")
    with pytest.raises(UsageError, match="These vectors have no counts"):
        KeyedVectors(WORDS, VECTORS).get_vecattr("moon", "count")
    with pytest.raises(UnknownWordError):
        vectors().get_vecattr("mars", "count")


def test_counts_go_to_a_file_of_their_own_and_come_back_as_gensims_do(tmp_path: Path) -> None:
    vectors().save_word2vec_format(tmp_path / "v.bin", tmp_path / "counts.txt", binary=True)
    assert (tmp_path / "counts.txt").read_text() == "sun 5\nmoon 4\nstar 3\nsea 2\n"
    found = KeyedVectors.load_word2vec_format(tmp_path / "v.bin", fvocab=tmp_path / "counts.txt", binary=True, limit=3)
    assert found.counts is not None
    assert dict(zip(found, found.counts.tolist(), strict=True)) == {"sun": 5, "moon": 4, "star": 3}
    vectors().save_word2vec_format(tmp_path / "v.txt", tmp_path / "counts.txt", prefix="*", sort_attr="count")
    assert (tmp_path / "counts.txt").read_text().startswith("*sun 5\n*moon 4\n")
    read = KeyedVectors.load_word2vec_format(tmp_path / "v.txt", datatype=np.float64)
    assert read.index_to_key[0] == "*sun"
    assert read.vectors.dtype == np.float64
    assert read.counts is None
    for text, message in {
        "sun 5\nmoon 4\n": r"counts\.txt: no count for 2 of the 4 words, such as 'star'",
        "sun 5\nmoon four\n": r"counts\.txt, line 2: expected a word and its count",
        "sun 99999999999999999999\n": r"counts\.txt, line 1: expected a word and its count",
        "sun 5\nsun 4\n": r"counts\.txt, line 2: the word 'sun' occurred before",
    }.items():
        (tmp_path / "counts.txt").write_text(text)
        with pytest.raises(DataError, match=message):
            KeyedVectors.load_word2vec_format(tmp_path / "v.bin", tmp_path / "counts.txt", binary=True)
    with pytest.raises(UsageError, match="no counts to write"):
        KeyedVectors(WORDS, VECTORS).save_word2vec_format(tmp_path / "v.txt", tmp_path / "counts.txt")
    with pytest.raises(UsageError, match="written whole"):
        vectors().save_word2vec_format(tmp_path / "v.txt", append=True)


def test_small_questions_are_answered_as_gensim_answers_them(caplog: pytest.LogCaptureFixture) -> None:
    models = pytest.importorskip("gensim.models")
    theirs, ours = models.KeyedVectors(2), vectors()
    theirs.add_vectors(WORDS, VECTORS)
    assert ours.relative_cosine_similarity("sun", "moon", 2) == pytest.approx(
        float(theirs.relative_cosine_similarity("sun", "moon", 2)), rel=1e-6
    )
    for use_norm in (True, False):
        wanted = theirs.rank_by_centrality(WORDS, use_norm=use_norm)
        found = ours.rank_by_centrality(WORDS, use_norm=use_norm)
        assert [word for _, word in found] == [word for _, word in wanted]
        assert [value for value, _ in found] == pytest.approx([float(value) for value, _ in wanted], rel=1e-6)
    theirs.fill_norms()
    ours.fill_norms()
    assert ours.norms.tolist() == pytest.approx(theirs.norms.tolist())
    asked: list[dict[str, Any]] = [{}, {"clip_start": 1, "clip_end": 3}, {"restrict_vocab": 2}]
    for arguments in asked:
        wanted = theirs.most_similar("sun", topn=None, **arguments).tolist()
        assert ours.most_similar("sun", topn=None, **arguments).tolist() == pytest.approx(wanted)
        answer = theirs.most_similar("sun", topn=2, **arguments)
        assert [word for word, _ in ours.most_similar("sun", topn=2, **arguments)] == [word for word, _ in answer]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gensim calls what it deprecates
        wanted = theirs.most_similar_cosmul("sun", "sea", topn=None).tolist()
    assert ours.most_similar_cosmul("sun", "sea", topn=None).tolist() == pytest.approx(wanted, rel=1e-5)
    assert ours.most_similar_cosmul([VECTORS[0]], topn=0) == ours.most_similar([VECTORS[0]], topn=0) == []
    assert ours.most_similar("sun", topn=0) == ours.most_similar_cosmul("sun", topn=0) == []
    assert ours.similar_by_key("sun", topn=1) == ours.similar_by_word("sun", topn=1)
    part = ours.vectors_for_all(["star", "mars", "sun", "star"], copy_vecattrs=True)
    assert part.index_to_key == theirs.vectors_for_all(["star", "mars", "sun", "star"]).index_to_key
    assert part.expandos["count"].tolist() == [3, 5]
    assert ours.vectors_for_all(["star"]).expandos == {}
    assert caplog.messages == ["1 of 3 words has no vector and is left out, such as 'mars'"]
    refused: dict[str, tuple[dict[str, Any], str]] = {
        "several limits": ({"restrict_vocab": 2, "clip_end": 3}, "Got more than one of these"),
        "an index": ({"indexer": 5}, r"An index is asked itself: index\.most_similar"),
        "no row": ({"clip_start": -1}, r"clip_start must be an integer >= 0\. Got -1"),
        "cosines of words": ({"topn": None, "among": ["sea"]}, "topn=None gives the cosines of rows"),
    }
    for arguments, message in refused.values():
        with pytest.raises(UsageError, match=message):
            ours.most_similar("sun", **arguments)


def test_a_number_is_a_row_where_no_word_is_a_number() -> None:
    ours = vectors()
    assert ours[1].tolist() == ours["moon"].tolist()
    assert ours.most_similar(np.int64(0)) == ours.most_similar("sun")
    assert ours.get_vecattr(3, "count") == 2
    assert (3 in ours, 4 in ours, -1 in ours, True in ours) == (True, False, False, False)
    assert [ours.get_index(key, -1) for key in (0, "moon", 4, "mars")] == [0, 1, -1, -1]
    items = KeyedVectors([7, 5], VECTORS[:2])
    assert 0 not in items
    with pytest.raises(UnknownWordError, match="0 is not in the vocabulary of 2 words"):
        items[0]


def test_several_words_in_any_iterable_give_the_matrix_that_gensim_gives() -> None:
    models = pytest.importorskip("gensim.models")
    pandas = pytest.importorskip("pandas")
    theirs, ours = models.KeyedVectors(2), vectors()
    theirs.add_vectors(WORDS, VECTORS)
    several: list[Any] = [
        *(np.array([0, 2]), np.array(["sea", "sun"]), pandas.Series(["sea", "sun"]), pandas.Index(["sea"])),
        *({"sea": 1, "sun": 2}, {"sea": 1, "sun": 2}.keys(), ("sea", "sun"), range(3), ["sea", 0], {"moon"}, (1,)),
    ]
    for keys in several:
        assert np.array_equal(ours[keys], theirs[keys])
    assert np.array_equal(ours[(word for word in ("sea", "sun"))], VECTORS[[3, 0]])
    assert ours[np.str_("sea")].shape == (2,)
    assert ours[[]].shape == ours[np.array([])].shape == ours[()].shape == (0, 2)
    refused: list[tuple[Any, str]] = [
        (("sea", "mars"), "'mars' is not in the vocabulary"),
        (np.array([0, 9]), "9 is not in the vocabulary|not in the vocabulary of 4 words"),
        (np.array([True, False]), "not in the vocabulary"),
        (np.array([[0, 1]]), "A word must be hashable"),
        (np.array("sea"), "A word must be hashable"),
        (b"sea", "not in the vocabulary"),
        (None, "not in the vocabulary"),
    ]
    for keys, message in refused:
        with pytest.raises((UnknownWordError, UsageError), match=message):
            ours[keys]


def test_where_words_are_tuples_a_tuple_is_a_word_and_never_rows() -> None:
    items = KeyedVectors([(1, 2), (1, 3)], VECTORS[:2])
    assert items[(1, 3)].tolist() == [1, 1]
    assert items[[(1, 3), (1, 2)]].tolist() == [[1, 1], [1, 0]]
    with pytest.raises(UnknownWordError, match=r"\(0, 1\) is not in the vocabulary"):
        items[(0, 1)]


def test_parts_without_words_are_empty_vectors(caplog: pytest.LogCaptureFixture) -> None:
    ours = KeyedVectors(WORDS, VECTORS.astype(np.float64), [5, 4, 3, 2])
    for part in (ours[3:1], ours.subset([]), ours.vectors_for_all(["zz"], copy_vecattrs=True)):
        assert (len(part), part.vectors.shape, part.vectors.dtype.name) == (0, (0, 2), "float64")
        part.add_vector("mars", [1, 2])
        assert part["mars"].tolist() == [1, 2]
        assert part.counts is not None
    assert caplog.messages == ["1 of 1 word has no vector and is left out, such as 'zz'"]
    caplog.clear()
    ours.vectors_for_all(["zz", "sun", "xx"])
    assert caplog.messages == ["2 of 3 words have no vector and are left out, such as 'zz'"]


def test_a_text_is_no_list_of_words() -> None:
    ours = vectors()
    for call in (ours.vectors_for_all, ours.get_mean_vector, ours.subset):
        with pytest.raises(UsageError, match=r"A list of words is needed, such as .* Got 'sun'"):
            call("sun")
    with pytest.raises(UsageError, match="A list of words is needed"):
        ours.most_similar_to_given("sun", "moon")
    with pytest.raises(UsageError, match=r"A list of words is needed.* Got 'sun'"):
        Word2Vec(SENTENCES, **SMALL).predict_output_word("sun")


@pytest.mark.parametrize("binary", [True, False])
def test_a_file_that_was_cut_off_has_its_first_words_all_the_same(binary: bool, tmp_path: Path) -> None:
    models = pytest.importorskip("gensim.models")
    words = [f"w{number}" for number in range(100)]
    array = np.random.default_rng(1).normal(size=(100, 9)).astype(np.float32)
    KeyedVectors(words, array).save_word2vec_format(tmp_path / "v", binary=binary)
    data = (tmp_path / "v").read_bytes()
    (tmp_path / "v").write_bytes(data[: len(data) // 2])
    found = KeyedVectors.load_word2vec_format(tmp_path / "v", binary=binary, limit=40)
    theirs = models.KeyedVectors.load_word2vec_format(str(tmp_path / "v"), binary=binary, limit=40)
    assert found.index_to_key == theirs.index_to_key == words[:40]
    assert np.array_equal(found.vectors, theirs.vectors)
    for limit in (60, None):
        with pytest.raises(
            DataError, match=r"the file ends within vector|need at least|line \d+: expected a word and 9"
        ):
            KeyedVectors.load_word2vec_format(tmp_path / "v", binary=binary, limit=limit)


def test_documents_are_as_far_apart_as_their_words() -> None:
    pytest.importorskip("ot")
    ours = vectors()
    assert ours.wmdistance(["sun"], ["star"], norm=False) == pytest.approx(5**0.5)
    assert ours.wmdistance(["sun", "sun", "star"], ["sun", "star", "star"]) == pytest.approx(2**0.5 / 3)
    assert ours.wmdistance(WORDS, WORDS) == ours.wmdistance(["sea"], ["sea"]) == 0


def test_unknown_words_of_documents_are_counted_and_pot_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "ot", types.ModuleType("ot"))  # what follows needs none of it
    assert vectors().wmdistance(["mars", "sun"], ["venus"]) == float("inf")
    assert caplog.messages == ["1 and 1 unknown words of the two documents are left out"]
    with pytest.raises(UsageError, match="A document is a list of words"):
        vectors().wmdistance("sun", ["sun"])
    monkeypatch.setitem(sys.modules, "ot", None)
    with pytest.raises(MissingExtraError, match=r"wmdistance needs POT, .* pip install POT .*'\.\[wmd\]'"):
        vectors().wmdistance(["sun"], ["sun"])


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


def test_names_of_other_versions_of_gensim_are_there_or_name_their_successor() -> None:
    model = Word2Vec(SENTENCES, **SMALL)
    assert np.array_equal(model.wv.word_vec("sun"), model.wv["sun"])
    assert model.wv.words_closer_than("sun", "sea") == model.wv.closer_than("sun", "sea")
    gone: list[tuple[Any, str, str]] = [
        (model.wv, "vocab", "KeyedVectors has no vocab. In its place: key_to_index"),
        (model.wv, "index2word", r"In its place: index_to_key\."),
        (KeyedVectors, "syn0", r"In its place: vectors\."),
        (model, "most_similar", r"Word2Vec has no most_similar. In its place: wv\.most_similar\."),
        (model, "iter", r"In its place: epochs\."),
        (Word2Vec, "load_word2vec_format", "KeyedVectors.load_word2vec_format"),
    ]
    for owner, name, message in gone:
        assert not hasattr(owner, name)
        with pytest.raises(AttributeError, match=message):
            getattr(owner, name)
    with pytest.raises(TypeError, match=r"Got \['sun'\]; model\.wv\[word\] would work"):
        model["sun"]
    with pytest.raises(TypeError, match=r"Got 'sun'; word in model\.wv would work"):
        "sun" in model  # noqa: B015
    with pytest.raises(TypeError, match="'Word2Vec' object is not iterable"):
        list(model)  # type: ignore[call-overload]


def test_the_successors_of_names_exist() -> None:
    model = Word2Vec(SENTENCES, **SMALL)
    for owner, names in ((model.wv, VECTORS_GONE), (model, MODEL_GONE)):
        for successor in names.values():
            name = re.match(r"(wv\.)?(\w+)", successor)
            assert name is not None
            if name[2] not in ("nothing", "Word2Vec", "KeyedVectors"):
                assert hasattr(model.wv if name[1] else owner, name[2]), successor
