"""`fastw2v explore` and `fastw2v plot` as a user meets them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fastw2v import KeyedVectors, Word2Vec
from fastw2v.cli.app import run

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def model(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small <b>"
    Word2Vec(engine="numpy", vector_size=8, epochs=2, min_count=2).fit(text, output=folder)
    return folder


def test_explore_writes_a_page_named_after_the_model(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert run(["explore", str(model), "--output", str(page), "--words", "100"]) == 0
    assert f"100 words in {page} (0." in capsys.readouterr().out
    assert '<h1 dir="auto">small &lt;b&gt;</h1>' in page.read_text("utf-8")


def test_explore_judges_by_the_files_given(model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("the\tand\t1\nthe\tthe\t9\n")
    (tmp_path / "b.tsv").write_text("the\tand\t1\nthe\tthe\t9\n")
    files = ["--evaluate", str(tmp_path / "a.tsv"), "--evaluate", str(tmp_path / "b.tsv")]
    assert run(["explore", str(model), "-o", str(tmp_path / "page.html"), *files]) == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert '"Word pairs: a.tsv"' in page
    assert '"Word pairs: b.tsv"' in page


@pytest.mark.parametrize(("kind", "suffix"), [("loss", "png"), ("loss", "pdf"), ("map", "png"), ("map", "svg")])
def test_plot_writes_what_the_suffix_says(model: Path, tmp_path: Path, kind: str, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"picture.{suffix}"
    assert run(["plot", str(model), "--output", str(path), "--kind", kind]) == 0
    content = path.read_bytes()
    assert {"png": PNG, "svg": b"<svg", "pdf": b"%PDF"}[suffix] in content[:1000]


def test_without_a_name_each_kind_gets_its_own(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert run(["convert", str(model), "vectors.txt.gz"]) == 0
    for line, said, name in (
        (["plot", str(model)], "Loss curve: loss.png", "loss.png"),
        (["plot", str(model), "--kind", "map"], "Map: map.png", "map.png"),
        (["explore", str(model)], "small <b>.html (", "small <b>.html"),
        (["explore", "vectors.txt.gz"], "vectors.html (", "vectors.html"),
    ):
        assert run(line) == 0
        assert said in capsys.readouterr().out
        assert Path(name).is_file()
        assert run(line) == 2
        assert "--overwrite" in capsys.readouterr().err


def test_open_opens_the_page_and_says_so_where_there_is_no_browser(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def open_first(address: str) -> bool:
        opened.append(address)
        return len(opened) == 1

    monkeypatch.setattr("webbrowser.open", open_first)
    page = tmp_path / "a page.html"
    line = ["explore", str(model), "-o", str(page), "--open", "--overwrite"]
    assert run(line) == 0
    assert "browser" not in capsys.readouterr().out
    assert run(line) == 0
    assert f"No browser could be started here; open {page} in one." in capsys.readouterr().out
    assert opened == [page.as_uri()] * 2


def test_a_map_that_holds_little_of_the_variance_says_which_projection_shows_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    flat, deep = tmp_path / "flat.txt", tmp_path / "deep.txt"
    rows = np.random.default_rng(1).normal(size=(40, 20))
    KeyedVectors([str(word) for word in range(40)], rows).save_word2vec_format(deep)
    KeyedVectors([str(word) for word in range(40)], rows[:, :2]).save_word2vec_format(flat)
    for command in ("explore", "plot"):
        for file, hinted in ((deep, True), (flat, False)):
            assert run([command, str(file), "-o", str(tmp_path / f"{command}-{file.stem}.png")]) == 0
            assert ("--projection umap" in capsys.readouterr().out) == hinted


@pytest.mark.parametrize("command", [["explore"], ["plot"], ["plot", "--kind", "map"]])
def test_a_file_that_is_there_is_kept_without_overwrite(
    model: Path, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "file.png"
    path.write_text("mine")
    line = [command[0], str(model), *command[1:], "--output", str(path)]
    assert run(line) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert run([*line, "--overwrite"]) == 0
    assert path.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plot", "--output", "loss.gif"], "A picture is a .png, .svg or .pdf file. Got 'loss.gif'"),
        (["plot", "--output", "loss.png", "--kind", "words"], "kind must be loss or map. Got 'words'"),
        (["plot", "--output", "map.png", "--kind", "map", "--projection", "mds"], "projection must be pca, umap, tsne"),
        (
            ["plot", "--output", "loss.png", "--projection", "pca"],
            "projection is for a map, and a loss curve has none.",
        ),
        (["explore", "--output", "page.html", "--projection", "mds"], "projection must be pca, umap, tsne"),
        (["explore", "--output", "page.html", "--words", "0"], "--words"),
        (["explore", "--output", "no-such-folder/page.html"], "no-such-folder does not exist"),
    ],
)
def test_wrong_usage_is_one_line_and_writes_nothing(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert run([arguments[0], str(model), *arguments[1:]]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["train", "explore"])
def test_the_help_names_every_kind_of_file_that_judges(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    said = " ".join(capsys.readouterr().out.replace("│", " ").replace("|", " ").split())
    assert "A file of word pairs, analogies or word classes" in said
