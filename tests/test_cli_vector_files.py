"""Commands that take a model take any file of vectors in its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.cli.app import run
from fastw2v.vectors import KeyedVectors

WORDS = ["king", "man", "woman", "queen", "dog"]
# queen = king - man + woman, and the dog stands apart.
VECTORS = np.array([[1, 0, 1, 0], [0, 0, 1, 0.1], [0, 1, 0, 0.1], [1, 1, 0, 0], [-1, 0, 0, 3]], np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "v.txt"
    KeyedVectors(WORDS, VECTORS).save_word2vec_format(path)
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: Any) -> Any:
    """Return what a command that must succeed prints with --json."""
    code = run([*map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return json.loads(out)


def refusal(capsys: pytest.CaptureFixture[str], code: int, *arguments: Any) -> str:
    """Return the one line that a command ends with that must fail."""
    assert run(list(map(str, arguments))) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("fastw2v: ")
    assert err.count("\n") == 1
    assert "a bug" not in err
    return err.removeprefix("fastw2v: ")


def test_every_question_is_answered_by_vectors_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = [[word, cosine] for word, cosine in KeyedVectors(WORDS, VECTORS).most_similar("king", topn=2)]
    assert answer(capsys, "similar", file, "king", "--topn", 2) == {"king": expected}
    assert answer(capsys, "analogy", file, "man", "king", "woman", "--topn", 1)["answers"][0][0] == "queen"
    assert answer(capsys, "doesnt-match", file, "king", "queen", "dog", "woman") == {"answer": "dog"}
    described = {"words": 5, "vector_size": 4, "dtype": "float32", "counts": "none"}
    assert answer(capsys, "info", file) == {"vectors": described}
    assert "--vectors output" in refusal(capsys, 2, "similar", file, "king", "--vectors", "output")


def test_vectors_alone_have_a_page_and_a_map_but_no_losses(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    assert run(["explore", str(file), "-o", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert '"queen"' in page
    assert '"history":[]' in page
    assert run(["plot", str(file), "-o", str(tmp_path / "map.svg")]) == 0
    assert "queen" in (tmp_path / "map.svg").read_text("utf-8")
    capsys.readouterr()
    message = refusal(capsys, 2, "plot", file, "-o", tmp_path / "loss.svg", "--kind", "loss")
    assert "v.txt is a file of vectors, which has no losses. Got --kind loss; --kind map would work." in message
