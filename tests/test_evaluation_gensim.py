"""Evaluation equal to gensim's own on the same vectors and files, to 1e-6, whatever its options are."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.evaluation import GENSIM, WordRules, evaluate_analogies, evaluate_file, evaluate_word_pairs
from fastw2v.evaluation.analogies import AnalogiesResult
from fastw2v.evaluation.files import read_analogies, read_word_pairs
from fastw2v.evaluation.pairs import PairsResult
from fastw2v.keyed_vectors import KeyedVectors

models = pytest.importorskip("gensim.models")

OPTIONS = [
    {"case_insensitive": case, "restrict_vocab": restricted, "dummy4unknown": dummy}
    for case, restricted, dummy in itertools.product((True, False), (300_000, 1500), (False, True))
]


def rules(options: dict[str, Any]) -> WordRules:
    """The same options, by our names."""
    case = "upper" if options["case_insensitive"] else "exact"
    return WordRules(case, options["restrict_vocab"], options["dummy4unknown"], float32=True)


def keyed(words: list[str], vectors: Any) -> Any:
    theirs = models.KeyedVectors(vectors.shape[1])
    theirs.add_vectors(words, vectors)
    return theirs


@pytest.fixture(scope="module")
def trained(shared_data: Path) -> Any:
    """Vectors of text whose words are as written: Once and once, The and the."""
    with (shared_data / "tinystories.txt").open(encoding="utf-8") as file:
        text = file.read(700_000).replace(".", " ").replace(",", " ").replace('"', " ")
    sentences = [line.split() for line in text.split("\n")]
    # Some in capitals, so that three spellings meet.
    sentences += [[word.upper() for word in line] for line in sentences[::5]]
    return models.Word2Vec(sentences, vector_size=20, min_count=3, epochs=2, workers=1, seed=1, sg=1).wv


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", ["wordsim353.tsv", "simlex999.txt"])
def test_word_pairs_equal_gensim_s_where_words_collide_in_case(
    trained: Any, shared_data: Path, name: str, options: dict[str, Any]
) -> None:
    path = shared_data / "eval" / name
    linear, ranked, unknown = trained.evaluate_word_pairs(str(path), **options)
    vectors = KeyedVectors(trained.index_to_key, trained.vectors)
    ours = evaluate_word_pairs(vectors, read_word_pairs(path), rules(options))
    assert ours.pearson == pytest.approx(linear[0], abs=1e-6)
    assert ours.spearman == pytest.approx(ranked[0], abs=1e-6)
    assert 100 * ours.out_of_vocabulary / ours.pairs == pytest.approx(unknown)


def test_pairs_that_only_the_rounding_of_float32_ranks_are_ranked_as_gensim_ranks_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    first = rng.normal(size=(300, 20))
    vectors = np.concatenate((first, first + 1e-4 * rng.normal(size=first.shape))).astype(np.float32)
    words = [f"w{number}" for number in range(600)]
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"w{row}\tw{300 + row}\t{rng.random():.3f}\n" for row in range(300)), encoding="utf-8")
    wanted = keyed(words, vectors).evaluate_word_pairs(str(path))[1][0]
    ours = KeyedVectors(words, vectors)
    assert evaluate_word_pairs(ours, read_word_pairs(path), GENSIM).spearman == pytest.approx(wanted, abs=1e-12)
    assert evaluate_word_pairs(ours, read_word_pairs(path)).spearman != pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("options", OPTIONS)
def test_analogies_equal_gensim_s_where_words_collide_in_case(
    trained: Any, shared_data: Path, options: dict[str, Any]
) -> None:
    path = shared_data / "eval" / "questions-words.txt"
    accuracy, sections = trained.evaluate_word_analogies(str(path), **options)
    vectors = KeyedVectors(trained.index_to_key, trained.vectors)
    ours = evaluate_analogies(vectors, read_analogies(path), rules(options))
    assert ours.total.correct > 0
    assert ours.total.accuracy == pytest.approx(accuracy, abs=1e-6)
    theirs = [(part["section"], len(part["correct"]), len(part["correct"] + part["incorrect"])) for part in sections]
    assert [(part.section, part.correct, part.asked) for part in ours.sections] == theirs[:-1]
    assert ours.total.asked == theirs[-1][2]


def test_our_own_rules_equal_gensim_s_where_all_is_lower_case(trained: Any, shared_data: Path) -> None:
    words = [word for word in trained.index_to_key if word.islower()]
    vectors = trained.vectors[[trained.key_to_index[word] for word in words]]
    theirs, ours = keyed(words, vectors), KeyedVectors(words, vectors)
    path = shared_data / "eval" / "simlex999.txt"
    pairs = evaluate_file(ours, path)
    assert isinstance(pairs, PairsResult)
    assert pairs.spearman == pytest.approx(theirs.evaluate_word_pairs(str(path))[1][0], abs=1e-6)
    path = shared_data / "eval" / "questions-words.txt"
    answers = evaluate_file(ours, path)
    assert isinstance(answers, AnalogiesResult)
    assert answers.total.accuracy == pytest.approx(theirs.evaluate_word_analogies(str(path))[0], abs=1e-6)


def test_other_spellings_of_the_question_words_are_no_answer_as_in_gensim(tmp_path: Path) -> None:
    # Each word in up to three spellings, close to one another: they would be the answers otherwise.
    rng = np.random.default_rng(9)
    words, rows = [], []
    for n, vector in enumerate(rng.normal(size=(30, 6))):
        for spelling in (f"w{n}", f"W{n}")[: 1 + n % 2] + (() if n % 3 else (f"w{n}".title() + "Ss",)):
            words.append(spelling)
            rows.append(vector + 0.05 * rng.normal(size=6))
    order = rng.permutation(len(words))
    words = [words[place] for place in order]
    vectors = np.array(rows)[order].astype(np.float32)
    theirs, ours = keyed(words, vectors), KeyedVectors(words, vectors)
    questions = [[f"w{i}" for i in row] for row in rng.integers(0, 31, size=(200, 4)).tolist()]
    # And what is nearest but for spellings, so that both do not only agree on nothing.
    for a, b, c in rng.integers(0, 30, size=(100, 3)).tolist():
        found = theirs.most_similar(positive=[f"w{b}" if f"w{b}" in words else f"W{b}", f"w{c}"], topn=4)
        questions += [[f"w{a}", f"w{b}", f"w{c}", str(word).lower()] for word, _ in found]
    path = tmp_path / "q"
    path.write_text(": all\n" + "".join(" ".join(question) + "\n" for question in questions))
    accuracy, sections = theirs.evaluate_word_analogies(str(path))
    result = evaluate_analogies(ours, read_analogies(path), GENSIM)
    assert result.total.correct == len(sections[0]["correct"]) > 20
    assert result.total.accuracy == pytest.approx(accuracy, abs=1e-6)
    # Here it matters: by our own rules a spelling may be the answer.
    assert evaluate_analogies(ours, read_analogies(path)).total.correct != result.total.correct
