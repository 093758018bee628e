"""What a page is made of: words on a plane, groups, exact neighbours, and text that cannot act."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import KeyedVectors, UsageError, Word2Vec
from fastw2v.errors import DataError, MissingExtraError
from fastw2v.evaluation import ClassFileResult, read_set
from fastw2v.explore import write_page
from fastw2v.vectors.nearest import unit_rows
from fastw2v.views.projection import group_names, project, word_groups

SETTINGS: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 2, "min_count": 2}


@pytest.fixture(scope="module")
def model(text: Path) -> Word2Vec:
    return Word2Vec(**SETTINGS).fit(text)


def three_bundles(size: int = 40) -> Any:
    """Unit vectors about three directions, in turn: rows 0, 3, 6 ... are of the first bundle."""
    noise = np.random.default_rng(5).normal(0, 0.1, (3 * size, 6))
    return unit_rows(np.tile(np.eye(6)[:3], (size, 1)) + noise)


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts by their id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = str(dict(attrs).get("id", "main")) if tag == "script" else ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[self._inside] = self.scripts.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.scripts["facts"])
        return found

    def array(self, name: str, dtype: str) -> Any:
        return np.frombuffer(base64.b64decode(self.scripts[name]), dtype)


def page_of(model: Word2Vec, folder: Path, **options: Any) -> Elements:
    write_page(model, folder / "page.html", **options)
    return Elements((folder / "page.html").read_text("utf-8"))


def test_pca_finds_the_two_directions_of_largest_variance() -> None:
    plane, share = project(np.array([[4.0, 0, 0], [-4, 0, 0], [0, 0, 2], [0, 0, -2], [0, 1, 0], [0, -1, 0]]))
    # Variances 32, 8 and 2: the first two axes are kept, and the farthest coordinate becomes 1.
    assert plane.tolist() == [
        pytest.approx(at, abs=1e-6) for at in ([1, 0], [-1, 0], [0, 0.5], [0, -0.5], [0, 0], [0, 0])
    ]
    assert share == pytest.approx(40 / 42)


def test_an_axis_points_to_where_its_largest_component_is_positive() -> None:
    for seed in range(8):
        generator = np.random.default_rng(seed)
        axis, along = generator.normal(size=5), generator.normal(size=40)
        axis *= np.sign(axis[np.abs(axis).argmax()])
        points, _ = project(np.outer(along, axis))
        assert np.corrcoef(points[:, 0], along)[0, 1] > 0.99


def test_a_map_is_the_same_whenever_it_is_made() -> None:
    units = three_bundles()
    np.testing.assert_array_equal(project(units).points, project(units.copy()).points)
    np.testing.assert_array_equal(word_groups(units), word_groups(units.copy()))


# UMAP warns that a library which it can do without is missing.
@pytest.mark.filterwarnings("ignore::ImportWarning")
@pytest.mark.parametrize("name", ["umap", "tsne"])
def test_umap_and_tsne_keep_bundles_together_and_are_repeatable(name: str) -> None:
    if importlib.util.find_spec({"umap": "umap", "tsne": "sklearn"}[name]) is None:
        pytest.skip(f"the library for {name} is not installed")
    units = three_bundles()
    points, share = project(units, name)
    assert share is None
    assert np.abs(points).max() == 1
    middles = np.array([points[bundle::3].mean(axis=0) for bundle in range(3)])
    nearest = np.linalg.norm(points[:, np.newaxis] - middles, axis=2).argmin(axis=1)
    assert (nearest == np.arange(len(units)) % 3).all()
    np.testing.assert_array_equal(points, project(units, name).points)


@pytest.mark.parametrize("units", [np.zeros((5, 3)), np.ones((1, 4)), np.array([[1.0], [-1.0], [1.0]])])
def test_vectors_without_directions_still_give_a_plane_and_groups(units: Any) -> None:
    for name in ("pca", *(["umap"] if len(units) < 4 else [])):
        points, _ = project(units, name)
        assert points.shape == (len(units), 2)
        assert np.isfinite(points).all()
    groups = word_groups(units)
    assert groups.min() == 0
    assert len(group_names(units, groups)) == groups.max() + 1


def test_another_projection_is_refused_before_anything_is_computed(model: Word2Vec, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"projection must be pca, umap, tsne\. Got 'mds'"):
        write_page(model, tmp_path / "page.html", projection="mds")
    assert list(tmp_path.iterdir()) == []


def test_a_projection_whose_library_is_missing_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "umap", None)
    with pytest.raises(MissingExtraError, match=r"needs umap-learn, .*pip install umap-learn .*'\.\[map\]'"):
        project(three_bundles(), "umap")


def test_groups_are_the_bundles_and_the_largest_comes_first() -> None:
    bundles = three_bundles()
    units = np.concatenate([bundles[1::3], bundles[0::3][:20], bundles[2::3][:10]])
    groups = word_groups(units, 3)
    assert groups.tolist() == [0] * 40 + [1] * 20 + [2] * 10
    turned = word_groups(np.concatenate([bundles[2::3][:10], bundles[1::3], bundles[0::3][:20]]), 3)
    assert turned.tolist() == [2] * 10 + [0] * 40 + [1] * 20


def test_a_group_is_named_by_the_central_ones_of_its_most_frequent_words() -> None:
    angles = np.radians([20, 10, 0, 40, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    units = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    # 15 words: a fifth is 3, so the first three, the most central first. The mean lies near 5 degrees.
    assert group_names(units, np.zeros(15, dtype=np.intp)) == [[2, 1, 0]]


def test_neighbours_in_the_page_are_those_of_most_similar_over_all_words(model: Word2Vec, tmp_path: Path) -> None:
    page = page_of(model, tmp_path, words=50)
    facts = page.facts()
    names = facts["words"] + facts["beyond"]
    rows = page.array("neighbours", "<i4").reshape(50, 10)
    cosines = page.array("similarities", "<i2").reshape(50, 10) / 32767
    for word, own_rows, own_cosines in zip(facts["words"], rows, cosines, strict=True):
        expected = model.wv.most_similar(word, topn=10)
        assert [names[row] for row in own_rows] == [other for other, _ in expected]
        np.testing.assert_allclose(own_cosines, [cosine for _, cosine in expected], atol=2e-5)
    assert rows.max() == 50 + len(facts["beyond"]) - 1 >= 50


def test_the_vectors_in_the_page_are_unit_vectors_to_five_decimals(model: Word2Vec, tmp_path: Path) -> None:
    page = page_of(model, tmp_path)
    units = page.array("vectors", "<i2").reshape(len(model.wv), 8) / 32767
    np.testing.assert_allclose(units, unit_rows(model.wv.vectors), atol=1.6e-5)


def test_two_words_of_one_dimension_make_a_page(tmp_path: Path) -> None:
    model = Word2Vec(engine="numpy", vector_size=1, epochs=1, min_count=1, sample=0).fit([["sun", "moon"]] * 30)
    page = page_of(model, tmp_path)
    assert page.array("neighbours", "<i4").tolist() == [1, 0]
    assert page_of(model, tmp_path, words=1, overwrite=True).facts()["beyond"] == ["moon"]


def test_items_that_are_numbers_are_shown_as_text(tmp_path: Path) -> None:
    model = Word2Vec(engine="numpy", vector_size=4, epochs=1, min_count=1, sample=0).fit([[7, 8, 9]] * 20)
    assert set(page_of(model, tmp_path).facts()["words"]) == {"7", "8", "9"}


def test_the_page_names_no_address_and_loads_nothing(model: Word2Vec, tmp_path: Path) -> None:
    page = page_of(model, tmp_path)
    loading = {"src", "srcset", "action", "data", "poster", "background"}
    assert [tag for tag, attributes in page.found if loading & attributes.keys()] == []
    assert [attributes["href"] for _, attributes in page.found if "href" in attributes] == ["data:,"]
    text = (tmp_path / "page.html").read_text("utf-8").replace("http://www.w3.org/2000/svg", "")  # a name
    assert re.findall(r"https?://|@import|url\(|\beval\(|innerHTML|insertAdjacentHTML|document\.write", text) == []
    policy = next(a["content"] for _, a in page.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert [
        name for _, attributes in page.found for name in attributes if name.startswith("on") or name == "style"
    ] == []


def test_hostile_words_and_titles_leave_the_elements_as_they_are(model: Word2Vec, tmp_path: Path) -> None:
    usual = [tag for tag, _ in page_of(model, tmp_path).found]
    words = [
        "</script><img src=x onerror=alert(1)>",
        "</script/",
        "<!--<script",
        "$facts",
        "\ud800",
        "\u2028",
        "a&lt;b",
    ]
    hostile = Word2Vec(**{**SETTINGS, "min_count": 1, "sample": 0}).fit([words] * 20)
    page = page_of(hostile, tmp_path, title="</title><script>alert(1)</script>\udcff$script", overwrite=True)
    assert [tag for tag, _ in page.found] == usual
    assert set(page.facts()["words"]) == set(words)
    assert page.facts()["title"].startswith("</title><script>")


def test_a_diverged_epoch_has_no_loss_in_the_page(tmp_path: Path) -> None:
    model = Word2Vec(engine="numpy", vector_size=4, epochs=1, min_count=1, sample=0).fit([["sun", "moon"]] * 30)
    model.history = [{"epoch": 1, "loss": 2.5, "validation_loss": None}, {"epoch": 2, "loss": float("nan")}]
    assert page_of(model, tmp_path).facts()["history"] == [
        {"epoch": 1, "loss": 2.5, "validation": None},
        {"epoch": 2, "loss": None, "validation": None},
    ]


def test_a_page_that_is_there_is_kept_unless_it_may_be_replaced(model: Word2Vec, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("mine")
    with pytest.raises(UsageError, match="already there"):
        write_page(model, path)
    assert path.read_text() == "mine"
    write_page(model, path, overwrite=True)
    assert path.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("words", [0, -1, 2.5, True])
def test_a_number_of_words_that_cannot_be_is_refused(model: Word2Vec, tmp_path: Path, words: Any) -> None:
    with pytest.raises(UsageError, match="words must be an integer >= 1"):
        write_page(model, tmp_path / "page.html", words=words)


def test_the_same_model_gives_the_same_page(model: Word2Vec, tmp_path: Path) -> None:
    write_page(model, tmp_path / "a.html")
    write_page(model, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_evaluation_and_settings_are_those_of_the_model(model: Word2Vec, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("the\tand\t1\nthe\tthe\t9\nand\tnever-seen\t5\n")
    (tmp_path / "questions.txt").write_text(": same\nthe and the and\n")
    facts = page_of(model, tmp_path, evaluate=[tmp_path / "pairs.tsv", tmp_path / "questions.txt"]).facts()
    pairs, questions = facts["judgement"]
    assert pairs["title"] == "Word pairs: pairs.tsv"
    assert [row[:2] for row in pairs["rows"]] == [["Spearman", "1.000"], ["Pearson", "1.000"]]
    assert "2 of 3 pairs used, 1 have an unknown word" in pairs["note"]
    assert questions["title"] == "Analogies: questions.txt"
    assert questions["rows"][0][:3] == ["total", "0", "1"]
    model_table, settings = facts["description"]
    assert ["words", f"{len(model.wv):,}"] in model_table["rows"]
    assert ["vector size", "8"] in settings["rows"]


def test_a_model_of_the_stories_is_judged_by_what_they_hold(tmp_path: Path) -> None:
    model = Word2Vec(**SETTINGS, limit="100kB").fit()
    titles = [table["title"] for table in page_of(model, tmp_path).facts()["judgement"]]
    assert titles == [
        "Classes: words of the stories", "Outliers: words of the stories", "Analogies: planted in the stories",
    ]  # fmt: skip


def test_word_classes_and_intervals_are_shown_as_evaluate_finds_them(model: Word2Vec, tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    known = [str(word) for word in model.wv.index_to_key[:12]]
    path.write_text(": one\n" + "\n".join(known[:6]) + "\n: other\n" + "\n".join(known[6:]) + "\n", encoding="utf-8")
    classes, outliers = page_of(model, tmp_path, evaluate=path).facts()["judgement"]
    wanted = read_set(path).result(model.wv, intervals=True)
    assert isinstance(wanted, ClassFileResult)
    overall, interval = wanted.classes.overall, wanted.classes.overall.interval
    assert interval is not None
    row = [
        "overall",
        "12",
        f"{overall.share:.1%}",
        f"{100 * interval[0]:.1f} to {interval[1]:.1%}",
        f"{overall.chance:.1%}",
    ]
    assert classes["rows"][0] == row
    assert outliers["rows"][0][1] == f"{wanted.outliers.total.accuracy:.1%}"


def test_files_of_which_no_word_is_known_are_refused(model: Word2Vec, tmp_path: Path) -> None:
    (tmp_path / "strange.tsv").write_text("qwxyz\tqwxyzz\t1\n")
    with pytest.raises(DataError, match=r"no words in common with .*strange\.tsv"):
        page_of(model, tmp_path, evaluate=[tmp_path / "strange.tsv"])


def test_what_each_epoch_was_judged_by_is_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("the\tand\t1\nthe\tthe\t9\nand\tnever-seen\t5\n")
    model = Word2Vec(**SETTINGS, limit="100kB")
    model.fit(evaluate=[tmp_path / "pairs.tsv"])
    table = page_of(model, tmp_path).facts()["judgement"][-1]
    assert table["title"] == "Epoch by epoch: pairs.tsv"
    assert table["columns"] == ["epoch", "spearman", "pearson", "used", "out of vocabulary"]
    assert table["rows"] == [["1", "1.000", "1.000", "2", "1"], ["2", "1.000", "1.000", "2", "1"]]


@pytest.mark.parametrize("evaluation", [5, "text", {"a": 1}, {"a": {"b": "x"}}, {"a": [1]}, None])
def test_a_strange_history_of_evaluation_harms_nothing(model: Word2Vec, tmp_path: Path, evaluation: Any) -> None:
    strange = Word2Vec(**SETTINGS)
    strange._wv = model.wv
    strange.history = [{"epoch": 1, "loss": 2.5, "validation_loss": None, "evaluation": evaluation}]
    for table in page_of(strange, tmp_path).facts()["judgement"]:
        assert table["title"] == "Epoch by epoch: a"


def test_only_a_model_or_vectors_make_a_page(model: Word2Vec, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"A page is made of a Word2Vec model or KeyedVectors\. Got ndarray\."):
        write_page(model.wv.vectors, tmp_path / "page.html")  # type: ignore[arg-type]


def test_counts_are_left_out_where_a_model_has_none(model: Word2Vec, tmp_path: Path) -> None:
    without = Word2Vec(**SETTINGS)
    without._wv = KeyedVectors(model.wv.index_to_key, model.wv.vectors)
    assert page_of(without, tmp_path).facts()["counts"] is None
