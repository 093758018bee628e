"""The approximate index: its answers beside the exact ones, its recall, what it refuses, and the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.cli.app import run
from fastw2v.errors import MissingExtraError, UnknownWordError, UsageError
from fastw2v.index import ApproximateIndex
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.model import Word2Vec


@pytest.fixture(scope="module")
def vectors() -> KeyedVectors:
    """3,000 words around 60 centres, one in ten very long, one very short, one zero."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 16))[rng.integers(60, size=3000)] + 0.6 * rng.normal(size=(3000, 16))
    rows[::10] *= 1e20
    rows[1::10] *= 1e-30
    rows[2999] = 0
    return KeyedVectors([f"w{row}" for row in range(3000)], rows.astype(np.float32))


@pytest.fixture(scope="module")
def index(vectors: KeyedVectors) -> ApproximateIndex:
    pytest.importorskip("usearch")
    return ApproximateIndex(vectors)


def test_most_exact_neighbours_are_found_and_the_recall_says_how_many(
    vectors: KeyedVectors, index: ApproximateIndex
) -> None:
    words = [vectors.index_to_key[row] for row in np.linspace(0, 2999, 200).astype(int)]
    shared = [
        len(dict(vectors.most_similar(word)).keys() & dict(index.most_similar(word)).keys()) / 10 for word in words
    ]
    assert index.recall(queries=200) == pytest.approx(np.mean(shared))
    assert index.recall() > 0.95


def test_recall_sees_what_is_missed(vectors: KeyedVectors) -> None:
    pytest.importorskip("usearch")
    assert ApproximateIndex(vectors, candidates=1).recall(queries=300) < ApproximateIndex(vectors).recall(queries=300)


def test_similarities_are_the_exact_ones_and_fall(vectors: KeyedVectors, index: ApproximateIndex) -> None:
    for question in ({"positive": "w7"}, {"positive": ["w1", ("w2", 0.5)], "negative": "w30"}):
        exact = dict(vectors.most_similar(**question, topn=2999))
        answer = index.most_similar(**question, topn=25)
        assert len(answer) == 25
        assert [value for _, value in answer] == [exact[word] for word, _ in answer]
        assert [value for _, value in answer] == sorted((value for _, value in answer), reverse=True)


def test_many_questions_get_the_answers_of_one_at_a_time(index: ApproximateIndex) -> None:
    questions: list[Any] = ["w5", np.ones(16), "w2999"]
    assert index.most_similar_many(questions, 5) == [index.most_similar([one], topn=5) for one in questions]
    assert index.most_similar_many([]) == []


def test_one_worker_builds_the_same_index_each_time(vectors: KeyedVectors, index: ApproximateIndex) -> None:
    words = vectors.index_to_key[:50]
    assert ApproximateIndex(vectors).most_similar_many(words) == index.most_similar_many(words)


def test_a_small_vocabulary_is_answered_in_full() -> None:
    pytest.importorskip("usearch")
    small = KeyedVectors(["a", "b", "c"], np.array([[1, 0], [1, 1], [0, 1]], np.float32))
    index = ApproximateIndex(small)
    assert len(index) == 3
    assert index.most_similar("a", topn=10) == small.most_similar("a", topn=10)
    assert index.recall() == 1
    assert ApproximateIndex(small[:1]).most_similar("a") == []


def test_what_cannot_be_asked_is_refused(index: ApproximateIndex) -> None:
    with pytest.raises(UnknownWordError, match="'nowhere'"):
        index.most_similar("nowhere")
    with pytest.raises(UsageError, match=r"topn must be an integer >= 1\. Got 0"):
        index.most_similar("w1", topn=0)
    with pytest.raises(UsageError, match=r"candidates must be an integer >= 1"):
        ApproximateIndex(index.vectors, candidates=0)
    with pytest.raises(UsageError, match=r"queries must be an integer >= 1\. Got 0"):
        index.recall(queries=0)


def test_numpy_s_smallest_integers_do_not_overflow(index: ApproximateIndex) -> None:
    small: Any = np.uint8
    assert index.most_similar("w1", topn=small(255)) == index.most_similar("w1", topn=255)
    assert index.recall(queries=small(20), topn=small(9)) == index.recall(queries=20, topn=9)


def test_without_the_library_the_extra_is_named(vectors: KeyedVectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "usearch", None)
    with pytest.raises(MissingExtraError, match=r"An approximate index needs usearch, .*pip install '\.\[index\]'"):
        ApproximateIndex(vectors)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "m"
    lines = [[f"w{(start * step) % 97}" for step in range(30)] for start in range(60)]
    Word2Vec(vector_size=8, min_count=1, sample=0, epochs=1, engine="numpy").fit(lines, output=path)
    return path


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: Any) -> Any:
    assert run([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_prints_the_recall(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("usearch")
    wv = Word2Vec.load(model).wv
    answer = answer_of(capsys, "similar", model, "w1", "w2", "--approximate", "--topn", "4")
    assert answer["recall"] == ApproximateIndex(wv).recall(topn=4)
    assert list(answer["neighbours"]) == ["w1", "w2"]
    assert run(["similar", str(model), "w1", "--approximate"]) == 0
    assert f"Recall of the 10 nearest against the exact answer: {ApproximateIndex(wv).recall():.2%}\n" in (
        capsys.readouterr().out
    )
    assert run(["similar", str(model), "w1", "--approximate", "--restrict-vocab", "9"]) == 2
    assert "not both" in capsys.readouterr().err


def test_the_commands_answer_as_python_does(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded = Word2Vec.load(model)
    for which in ("input", "output", "mean"):
        wv = loaded.vectors_of(which)
        found = answer_of(capsys, "similar", model, "w3", "--vectors", which, "--restrict-vocab", "20")
        assert found == {"w3": [list(pair) for pair in wv.most_similar("w3", restrict_vocab=20)]}
        for method in ("3cosadd", "3cosmul"):
            found = answer_of(
                capsys, "analogy", model, "w1", "w2", "w3", "--vectors", which, "--method", method, "--topn", "3"
            )
            assert found == {"answers": [list(pair) for pair in wv.analogy("w1", "w2", "w3", 3, method)]}


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["similar", "w1", "--vectors", "both"], "The vectors of a model are input, output or mean. Got 'both'."),
        (["analogy", "w1", "w2", "w3", "--method", "x"], "method must be one of 3cosadd, 3cosmul. Got 'x'."),
        (["similar", "w1", "--restrict-vocab", "0"], "restrict_vocab must be an integer >= 1. Got 0"),
    ],
)
def test_wrong_options_are_one_line_and_exit_2(
    model: Path, capsys: pytest.CaptureFixture[str], command: list[str], complaint: str
) -> None:
    name, *others = command
    assert run([name, str(model), *others]) == 2
    assert capsys.readouterr().err.startswith(f"fastw2v: {complaint}")
