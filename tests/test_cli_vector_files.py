"""Commands that take a model take any file of vectors in its place."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v.cli.app import run
from fastw2v.cli.queries import _cell
from fastw2v.keyed_vectors import KeyedVectors

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
    (tmp_path / "loss.svg").touch()
    message = refusal(capsys, 2, "plot", file, "-o", tmp_path / "loss.svg", "--kind", "loss")
    assert "v.txt is a file of vectors, which has no losses. Got --kind loss; --kind map would work." in message


def test_files_of_vectors_are_judged_where_a_model_may_stand_and_others_named(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("king\tqueen\t9\nman\twoman\t5\nking\tdog\t1\n")
    assert answer(capsys, "evaluate", file, pairs)[str(pairs)]["used"] == 3
    (tmp_path / "m.kv").write_bytes(pickle.dumps([1]))
    said = refusal(capsys, 1, "evaluate", tmp_path / "m.kv", pairs)
    assert "m.kv: is a pickle, not vectors" in said
    assert "from_gensim" not in said
    assert "pairs.tsv, which is neither" in refusal(capsys, 2, "evaluate", pairs)


def test_a_folder_without_a_model_names_a_file_of_vectors_in_it(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(capsys, 2, "similar", tmp_path, "king")
    assert f"{tmp_path} holds no model: there is no model.json in it, but {file}, which might be given." in said
    (tmp_path / "none").mkdir()
    assert "none holds no model: there is no model.json in it." in refusal(capsys, 2, "info", tmp_path / "none")


def test_a_directory_without_a_model_is_named_with_what_may_be_done_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("text", "models/9", "models/10", "run/checkpoints"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("models/9/model.json", "models/10/model.json", "run/checkpoints/00000001.safetensors"):
        (tmp_path / file).touch()
    for name in ("text/B.TXT", "text/c.txt", "pairs.tsv"):
        (tmp_path / name).write_text("the cat sat\n")
    assert run(["encode", "pairs.tsv", "-o", "enc", "-q"]) == 0
    goes_on = "`fastw2v train --resume --output run` goes on with it."
    nothing = "holds no model: there is no model.json in it"
    for folder, said in (
        ("enc", "enc is an encoded corpus, not a model; `fastw2v train enc` trains one on it."),
        ("text", f"text {nothing}, but text: `fastw2v train text` trains one on it."),
        ("models", f"models {nothing}, but {Path('models/10')} is a model, which might be given."),
        ("run", f"run holds no model yet, but checkpoints of a run that has not ended; {goes_on}"),
    ):
        for words in (
            ["similar", folder, "cat"],
            ["convert", folder, "x.bin"],
            ["plot", folder, "-o", "x.svg"],
            ["train", "--continue-from", folder, "-o", "x"],
            ["train", "--init-from", folder, "-o", "x"],
        ):
            assert refusal(capsys, 2, *words) == f"{said}\n"
        judged = refusal(capsys, 2, "evaluate", folder)
        assert judged == f"{said} To judge by, a folder must hold analogies as BATS has them.\n"


def test_a_folder_to_judge_by_that_holds_nothing_for_it_is_named(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none").mkdir()
    said = refusal(capsys, 2, "evaluate", file, tmp_path / "none")
    assert said.startswith(f"{tmp_path / 'none'} holds no model")
    assert said.endswith(" To judge by, a folder must hold analogies as BATS has them.\n")


def test_one_word_alone_has_no_others_to_match(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, 2, "doesnt-match", file, "dog").startswith("Two words or more are needed. Got 'dog' alone;")


def test_figures_are_grouped_in_tables_and_settings_are_as_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"w{number}" for number in range(1500)]
    KeyedVectors(words, np.ones((1500, 2), np.float32)).save_word2vec_format(tmp_path / "v.bin", binary=True)
    assert run(["info", str(tmp_path / "v.bin")]) == 0
    assert "1,500" in capsys.readouterr().out
    assert _cell(10_000, as_typed=True) == "10000"


def test_what_holds_no_vectors_is_named_by_each_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.vec"
    page.write_text("<!DOCTYPE html><html></html>")
    output = tmp_path / "out.svg"
    commands: list[list[Any]] = [
        ["similar", page, "a"],
        ["analogy", page, "a", "b", "c"],
        ["doesnt-match", page, "a", "b"],
    ]
    commands += [["info", page], ["explore", page, "-o", output], ["plot", page, "-o", output]]
    commands += [["convert", page, tmp_path / "out.npz"], ["evaluate", page, page], ["evaluate", "--vectors", page]]
    commands.append(["train", "--limit", "5kB", "--init-from", page, "-o", tmp_path / "m"])
    for line in commands:
        assert "page.vec: is a web page (HTML), not vectors; download the file itself" in refusal(capsys, 1, *line)
    assert list(tmp_path.iterdir()) == [page]


def test_a_file_that_is_cut_off_is_named_by_each_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut, huge = tmp_path / "cut.vec", tmp_path / "huge.vec"
    cut.write_text("2 2\na 1 2\n")
    huge.write_text("999999999999 300\n")
    said = refusal(capsys, 1, "similar", huge, "a")
    assert said.startswith(f"{huge}, line 1: 999,999,999,999 vectors of size 300 need at least")
    commands: list[list[Any]] = [["similar", cut, "a"], ["info", cut], ["convert", cut, tmp_path / "x.bin"]]
    commands += [["evaluate", cut], ["train", "--limit", "5kB", "--init-from", cut, "-o", tmp_path / "m"]]
    for line in commands:
        assert refusal(capsys, 1, *line).startswith(f"{cut}, line 1: 2 vectors of size 2 need at least"), line
