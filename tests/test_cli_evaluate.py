"""The command `evaluate`: one model as before, with intervals; several side by side; what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import Word2Vec
from fastw2v.cli.app import run
from fastw2v.evaluation import compare, evaluate_stories, read_set, stories_sets

QUICKLY: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "min_count": 2, "sample": 0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, text: Path) -> Path:
    """A folder with two models of the same stories, and files to judge them by."""
    folder = tmp_path_factory.mktemp("judged")
    Word2Vec(**QUICKLY, epochs=1, seed=1, limit="60kB").fit(output=folder / "short")
    Word2Vec(**QUICKLY, epochs=6, seed=2, limit="60kB").fit(output=folder / "long")
    Word2Vec(**QUICKLY, epochs=1).fit(text, output=folder / "text")
    words = [str(word) for word in Word2Vec.load(folder / "long").wv.index_to_key[50:90]]
    scores = np.random.default_rng(1).integers(0, 10, size=20).tolist()
    pairs = [f"{a}\t{b}\t{score}\n" for a, b, score in zip(words[::2], words[1::2], scores, strict=True)]
    (folder / "pairs.tsv").write_text("word1\tword2\tscore\n" + "".join(pairs) + "qwxyz\tqwxyz\t1\n")
    (folder / "questions.txt").write_text(": some\n" + " ".join(words[:4]) + "\n" + " ".join(words[4:8]) + "\n")
    (folder / "classes.txt").write_text(
        ": odd\n" + "\n".join(words[::2]) + "\n: even\n" + "\n".join(words[1::2]) + "\n"
    )
    return folder


@pytest.fixture
def shown(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `evaluate` in the folder: what it prints on stdout, or the code and line of an error."""
    monkeypatch.chdir(folder)

    def evaluate(*arguments: str) -> Any:
        code = run(["evaluate", *arguments])
        printed = capsys.readouterr()
        return printed.out if code == 0 else (code, printed.err)

    return evaluate


def row(text: str, start: str) -> list[str]:
    """The cells of the first row of a table whose first cell begins so."""
    line = next(line for line in text.splitlines() if line.startswith(f"│ {start}"))
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_pairs_are_shown_with_intervals(shown: Any) -> None:
    text, answer = shown("long", "pairs.tsv"), json.loads(shown("long", "pairs.tsv", "--json"))["pairs.tsv"]
    low, high = answer["spearman_interval"]
    assert low < answer["spearman"] < high
    cells = row(text, "20 of 21")
    assert cells[1:4] == ["1", f"{answer['spearman']:.3f}", f"{low:.3f} to {high:.3f}"]
    assert cells[4] == f"{answer['pearson']:.3f}"


def test_analogies_and_classes_are_shown_with_intervals(shown: Any) -> None:
    text = shown("long", "questions.txt", "classes.txt")
    answer = json.loads(shown("long", "questions.txt", "classes.txt", "--json"))
    total = answer["questions.txt"]["total"]
    low, high = total["interval"]
    assert row(text, "total") == [
        "total",
        str(total["correct"]),
        "2",
        "0",
        f"{total['accuracy']:.1%}",
        f"{low:.1%} to {high:.1%}",
    ]
    classes, outliers = answer["classes.txt"]["classes"], answer["classes.txt"]["outliers"]
    assert row(text, "odd")[1:3] == ["20", f"{classes['classes'][0]['share']:.1%}"]
    low, high = outliers["total"]["accuracy_interval"]
    asked = outliers["total"]["asked"]
    assert f" {asked} │                 0 │    {outliers['total']['accuracy']:.1%} │ {low:.1%} to {high:.1%} │" in text


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((5, 5), "each to be told from the known words of a group of 5 of one class"),
        ((16, 4), "each to be told from the known words of a group of 4 to 8 of one class"),
        ((9, 2), "each to be told from the known words of a group of 8 of one class"),
        ((2, 2), "no class has 3 words, from which others could be told"),
    ],
)
def test_it_is_said_of_how_many_words_the_groups_are(
    shown: Any, folder: Path, tmp_path: Path, sizes: tuple[int, int], said: str
) -> None:
    words = iter(Word2Vec.load(folder / "long").wv.index_to_key[50:90])
    # A word that is not known belongs to a group, too.
    listed = [[f"unknown{size}", *(str(next(words)) for _ in range(size - 1))] for size in sizes]
    (tmp_path / "c.txt").write_text("".join(f": {at}\n" + "\n".join(own) + "\n" for at, own in enumerate(listed)))
    assert said in shown("long", str(tmp_path / "c.txt"))


def test_without_files_the_stories_truth_is_asked(shown: Any, folder: Path) -> None:
    result = evaluate_stories(Word2Vec.load(folder / "long").wv).as_dict()
    assert json.loads(shown("long", "--json")) == json.loads(json.dumps(result))
    text = shown("long")
    assert row(text, "overall")[2] == f"{result['classes']['overall']['share']:.1%}"
    assert row(text, "total")[4] == f"{result['analogies']['total']['accuracy']:.1%}"


def test_without_files_only_models_of_the_stories_are_judged(shown: Any, folder: Path) -> None:
    Word2Vec.load(folder / "long").wv.save_word2vec_format(folder / "w.txt")
    for arguments in (["text"], ["long", "text"], ["--vectors", "w.txt"]):
        code, error = shown(*arguments)
        assert code == 2
        assert f"evaluate needs a file to judge {arguments[-1]} by: only models of the built-in stories" in error
        assert f"`fastw2v download simlex999` fetches one; `fastw2v evaluate {arguments[-1]} simlex999.txt`" in error


def test_a_folder_of_bats_is_a_set_and_not_a_model(shown: Any, folder: Path) -> None:
    words = [str(word) for word in Word2Vec.load(folder / "long").wv.index_to_key[50:90]]
    (folder / "BATS" / "1_a").mkdir(parents=True)
    for part in range(2):
        lines = [f"{a}\tqwxyz/{b}/{words[0]}\n" for a, b in zip(words[part::4], words[part + 1 :: 4], strict=False)]
        (folder / "BATS" / "1_a" / f"I0{part} [x].txt").write_text("".join(lines), encoding="utf-8")
    answer = json.loads(shown("long", "BATS", "--json"))["BATS"]
    assert [(one["section"], one["asked"]) for one in answer["sections"]] == [("1_a/I00 [x]", 90), ("1_a/I01 [x]", 90)]
    assert row(shown("long", "BATS"), "total")[2] == "180"
    code, error = shown("BATS")
    assert code == 2
    assert "Got BATS" in error


def test_several_models_are_held_against_the_first(shown: Any, folder: Path) -> None:
    models = {name: Word2Vec.load(folder / name).wv for name in ("short", "long")}
    files = ("pairs.tsv", "questions.txt", "classes.txt")
    expected = compare(models, [read_set(folder / name) for name in files]).as_dict()
    for figure in expected["figures"]:
        figure["set"] = Path(figure["set"]).name
    assert json.loads(shown("short", *files, "long", "--json")) == json.loads(json.dumps(expected))
    text = shown("short", *files, "long")
    value = expected["figures"][0]["models"][1]["value"]
    low, high = expected["figures"][0]["models"][1]["interval"]
    assert row(text, "long")[1] == f"{value:.3f}  {low:.3f} to {high:.3f}"
    assert "20 of 21" in text
    for figure in expected["figures"]:
        (part,) = figure["differences"]
        cells = row(text, f"{figure['set']}, {figure['figure']}")
        low, high = part["interval"]
        assert cells[1:3] == ["long", str(figure["common"])]
        assert cells[5:] == [
            f"{part['difference']:+.3f}",
            f"{low:.3f} to {high:.3f}",
            "yes" if part["exceeds_noise"] else "no",
        ]
    assert "Differences compared: 4, each with an interval of 98.75%" in text


def test_several_models_by_the_stories_differ_by_more_than_noise(shown: Any, folder: Path) -> None:
    answer = json.loads(shown("short", "long", "--json"))
    assert [(figure["set"], figure["figure"]) for figure in answer["figures"]] == [
        ("stories' classes", "share in class"),
        ("stories' classes", "outliers detected"),
        ("stories' analogies", "accuracy"),
    ]
    assert answer["figures"][0]["differences"][0]["exceeds_noise"]
    assert len(stories_sets()) == 2
    assert "│           yes │" in shown("short", "long")


@pytest.mark.parametrize(
    ("name", "options"), [("v.txt", {}), ("v.bin", {"binary": True}), ("v.glove", {"write_header": False})]
)
def test_files_of_vectors_are_judged_like_models(shown: Any, folder: Path, name: str, options: dict[str, Any]) -> None:
    vectors = Word2Vec.load(folder / "long").wv
    vectors.save_word2vec_format(folder / name, **options)
    alone = json.loads(shown("pairs.tsv", "--vectors", name, "--json"))
    assert alone == json.loads(shown("long", "pairs.tsv", "--json")) == json.loads(shown(name, "pairs.tsv", "--json"))
    beside = json.loads(shown("long", "pairs.tsv", "--vectors", name, "--json"))
    assert beside["figures"][0]["differences"][0]["model"] == name
    assert beside["figures"][0]["differences"][0]["difference"] == 0


def test_models_of_one_name_are_told_by_their_paths(shown: Any, folder: Path) -> None:
    Word2Vec.load(folder / "short").save(folder / "other" / "long")
    answer = json.loads(shown("long", "other/long", "pairs.tsv", "--json"))
    assert [part["model"] for part in answer["figures"][0]["models"]] == ["long", "other/long"]
    code, error = shown("long", "long", "pairs.tsv")
    assert (code, error) == (2, "fastw2v: Each model can be given once. Got long, long.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "fastw2v-models/1 or vectors.txt would work. Got neither."),
        (["modle", "pairs.tsv"], 2, "Got modle, pairs.tsv, none of which is either (not found: modle)."),
        (["pairs.tsv"], 2, "Got pairs.tsv, which is neither."),
        (["long", "absent.tsv"], 2, "Cannot read absent.tsv: No such file or directory."),
        (["long", "bad.tsv"], 1, "bad.tsv, line 3: expected two words and a number"),
        (["long", "strange.tsv"], 1, "The model has no words in common with strange.tsv; a set of words"),
        (["long", "short", "strange.tsv"], 1, "The models have no two items of strange.tsv in common"),
        (["long", "pairs.tsv", "--vectors", "pairs.tsv"], 1, "pairs.tsv: holds no vectors that can be read."),
    ],
)
def test_what_cannot_be_judged_is_one_line(
    shown: Any, folder: Path, arguments: list[str], code: int, message: str
) -> None:
    (folder / "bad.tsv").write_bytes(b"\xef\xbb\xbfa b 1\r\n# comment\r\na b\r\n")
    (folder / "strange.tsv").write_text("qwxyz qwxyzz 1\nqwxyz qwxyzzz 2\n")
    got, error = shown(*arguments)
    assert got == code
    assert message in error
    assert error.count("\n") == 1


def test_info_shows_what_each_epoch_was_judged_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.txt").write_text("the cat saw the dog\nthe dog ran to the cat\n" * 60, encoding="utf-8")
    (tmp_path / "pairs.tsv").write_text("cat\tdog\t9\ncat\tran\t3\ndog\tsaw\t2\n", encoding="utf-8")
    small = ["--min-count", "1", "--epochs", "2", "--vector-size", "4", "--sample", "0", "--engine", "numpy"]
    words = ["train", str(tmp_path / "text.txt"), *small, "--evaluate", str(tmp_path / "pairs.tsv")]
    assert run([*words, "--output", str(tmp_path / "m"), "--no-cache"]) == 0
    history = Word2Vec.load(tmp_path / "m").history
    capsys.readouterr()
    assert run(["info", str(tmp_path / "m")]) == 0
    shown = capsys.readouterr().out.partition("History")[2]
    assert "pairs.tsv" in shown
    for epoch in history:
        assert f"{epoch['evaluation']['pairs.tsv']['spearman']:.3f}" in shown
