"""`fastw2v explore` and `fastw2v plot` as a user meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastw2v import Word2Vec
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


@pytest.mark.parametrize(("kind", "suffix"), [("loss", "png"), ("loss", "svg"), ("map", "png"), ("map", "svg")])
def test_plot_writes_what_the_suffix_says(model: Path, tmp_path: Path, kind: str, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"picture.{suffix}"
    assert run(["plot", str(model), "--output", str(path), "--kind", kind]) == 0
    content = path.read_bytes()
    assert content.startswith(PNG) if suffix == "png" else b"<svg" in content[:1000]


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
        (["plot", "--output", "loss.pdf"], "A picture is a .png or a .svg file. Got 'loss.pdf'"),
        (["plot", "--output", "loss.png", "--kind", "words"], "kind must be loss or map. Got 'words'"),
        (["plot", "--output", "map.png", "--kind", "map", "--projection", "mds"], "projection must be pca, umap, tsne"),
        (
            ["plot", "--output", "loss.png", "--projection", "pca"],
            "projection is for a map, and a loss curve has none.",
        ),
        (["explore", "--output", "page.html", "--projection", "mds"], "projection must be pca, umap, tsne"),
        (["explore", "--output", "page.html", "--words", "0"], "--words"),
        (["explore", "--output", "no-such-folder/page.html"], "no-such-folder does not exist"),
        (["explore"], "--output"),
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
