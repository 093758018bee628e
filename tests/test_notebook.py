"""What a notebook shows: well-formed, escaped, without scripts, with neighbours equal to `most_similar`."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import KeyedVectors, UnknownWordError, Word2Vec
from fastw2v.saved_model import storage
from fastw2v.views.notebook import Html, loss_svg, model_html, neighbours_html, vectors_html

CHOSEN: dict[str, Any] = {"engine": "numpy", "vector_size": 6, "epochs": 3, "min_count": 1, "sample": 0.0}
DOCUMENTS = [["the", "cat", "saw", "the", "dog"], ["a", "dog", "ran", "to", "the", "cat"]] * 60
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&amp;", "' onmouseover='x", "</bdi></td></table>",
    "\u202eback", "\ud800half", "\x00\x1b[2J", "a\nb", "{{7*7}}", "$x^2$", "x" * 100_000, "می\u200cخواهم",
]  # fmt: skip


class Checked(HTMLParser):
    """Notes elements and attributes; each element must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.said = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


ALLOWED = {
    "div", "p", "b", "bdi", "span", "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
    "svg", "path", "text", "polyline", "circle", "title",
}  # fmt: skip


def check(text: str) -> Checked:
    """Check what holds for all that is shown."""
    found = Checked(text)
    assert set(found.elements) <= ALLOWED
    assert not [name for name in found.attributes if name.startswith("on") or name in ("href", "src", "class", "id")]
    assert "url(" not in text
    assert "javascript:" not in text.lower().replace(html.escape("javascript:"), "")
    text.encode("utf-8")
    return found


def vectors_of(words: list[Any]) -> KeyedVectors:
    return KeyedVectors(words, np.random.default_rng(1).normal(size=(len(words), 5)).astype(np.float32))


@pytest.fixture(scope="module")
def model() -> Word2Vec:
    return Word2Vec(**CHOSEN, validation=0).fit(DOCUMENTS)


# ----------------------------------------------------------------------------------------------------------- vectors


def test_neighbours_are_those_of_most_similar() -> None:
    vectors = vectors_of([f"w{number}" for number in range(40)])
    shown = neighbours_html(vectors, ["w3", "w0"], topn=4)
    cells = [
        [Checked(cell).said for cell in re.findall(r"<td.*?</td>", row)]
        for row in re.findall(r"<tr>(?!<th).*?</tr>", shown)
    ]
    assert [row[0] for row in cells] == ["w3", "w0"]
    for word, (_, nearest) in zip(("w3", "w0"), cells, strict=True):
        expected = ", ".join(f"{other}\xa0{cosine:.2f}" for other, cosine in vectors.most_similar(word, topn=4))
        assert nearest == expected
    check(shown)


def test_a_notebook_shows_neighbours_as_html_and_vectors_by_themselves() -> None:
    vectors = vectors_of([f"w{number}" for number in range(40)])
    shown = neighbours_html(vectors, ["w3"])
    assert isinstance(shown, Html)
    assert shown._repr_html_() == shown
    assert vectors._repr_html_() == vectors_html(vectors)
    said = check(vectors_html(vectors)).said
    assert said.startswith("KeyedVectors: 40 words × 5 dimensions, float32")
    # Not the most frequent ones: these are function words.
    assert re.findall(r"<td[^>]*><b><bdi>(w\d+)", vectors_html(vectors)) == ["w2", "w3", "w4", "w5", "w6"]


def test_an_unknown_word_is_an_error_as_elsewhere() -> None:
    with pytest.raises(UnknownWordError):
        neighbours_html(vectors_of(["a", "b"]), ["c"])


@pytest.mark.parametrize("words", [["one"], ["one", "two"], [1, 2, -3], [("a", 1), True, 2.5]], ids=str)
def test_few_words_and_words_that_are_no_text_are_shown(words: list[Any]) -> None:
    said = check(vectors_html(vectors_of(words))).said
    assert all(str(word) in said for word in words)


def test_hostile_words_are_text_and_nothing_else() -> None:
    vectors = vectors_of(HOSTILE)
    shown = neighbours_html(vectors, HOSTILE, topn=20)
    found = check(shown)
    assert "<script>alert(1)</script>" in found.said
    assert "</bdi></td></table>" in found.said
    assert "&amp;" in found.said
    # A right-to-left word does not turn its line, and none writes over its neighbours.
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert "\x00" not in shown
    assert "می\u200cخواهم" in shown
    assert len(shown) < 100_000


# ------------------------------------------------------------------------------------------------------------- models


def test_a_model_shows_its_corpus_settings_losses_and_words(model: Word2Vec) -> None:
    shown = model._repr_html_()
    assert shown == model_html(model.wv, model.history, model.settings, model.provenance)
    found = check(shown)
    texts = ("7 words × 6 dimensions, float32", "by the numpy engine", "Mean loss per pair", "History", "vector_size")
    for text in texts:
        assert text in found.said, text
    assert found.elements.count("svg") == 1
    assert f"{model.history[-1]['loss']:.4f}" in found.said
    # Settings that are other than by default stand out.
    assert "<b><bdi>6</bdi></b>" in shown
    assert "<b><bdi>0.025</bdi></b>" not in shown


def test_a_model_that_is_not_trained_shows_its_settings() -> None:
    found = check(Word2Vec(vector_size=17)._repr_html_())
    assert "not trained yet" in found.said
    assert "17" in found.said
    assert "svg" not in found.elements


def test_a_model_whose_files_a_stranger_wrote_is_shown_as_text(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    record = {"epoch": 1, "loss": 2.0, "validation_loss": 2.5, "learning_rate": 0.1, "pairs": 3, "seconds": 1.0,
              "words_per_second": 5.0, "evaluation": {bad: {bad: 0.5}, "empty": {}}}  # fmt: skip
    words = [word for word in HOSTILE if "\n" not in word]
    vectors = vectors_of(words).vectors
    storage.save_model(
        tmp_path / "m", words=words, counts=np.ones(len(words), dtype=np.int64), w_in=vectors, w_out=vectors,
        settings={"stop_words": bad, "vector_size": 5}, history=[record],
        provenance={"corpus": {"name": bad}, "engine": bad},
    )  # fmt: skip
    found = check(Word2Vec.load(tmp_path / "m")._repr_html_())
    assert found.said.count("<img src=x onerror") >= 4


def test_a_provenance_of_another_form_is_no_error(model: Word2Vec) -> None:
    forms: list[dict[str, Any]] = [{}, {"corpus": "text"}, {"corpus": {}}, {"engine": {"x": []}}]
    for provenance in forms:
        other = Word2Vec(**CHOSEN)
        other._wv, other.history, other._provenance = model.wv, [], provenance
        check(other._repr_html_())


def test_a_long_history_is_shown_from_its_end(model: Word2Vec) -> None:
    other = Word2Vec(**CHOSEN)
    other._wv = model.wv
    other.history = [{**model.history[0], "epoch": epoch, "loss": 1000.0 - epoch} for epoch in range(1, 1_001)]
    shown = other._repr_html_()
    check(shown)
    assert "the last 100 of 1,000 epochs" in shown
    assert shown.count("<tr>") < 200
    assert "<bdi>1000</bdi>" in shown
    assert "<bdi>900</bdi>" not in shown
    assert "<circle" not in shown  # a line alone
    assert len(shown) < 200_000


# -------------------------------------------------------------------------------------------------------------- curve


def places(svg: str) -> list[list[tuple[float, float]]]:
    """The points of each curve."""
    return [
        [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.split())]
        for line in re.findall(r'<polyline points="([^"]*)"', svg)
    ]


def history(*losses: Any, validation: Any = None) -> list[dict[str, Any]]:
    return [{"epoch": place, "loss": loss, "validation_loss": validation} for place, loss in enumerate(losses, start=1)]


def test_higher_losses_are_drawn_higher_and_later_epochs_to_the_right() -> None:
    (curve,) = places(loss_svg(history(3.0, 2.0, 2.5)))
    (x1, y1), (x2, y2), (x3, y3) = curve
    assert x1 < x2 < x3
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.11)
    assert y1 < y3 < y2  # down is larger
    assert y3 == pytest.approx((y1 + y2) / 2, abs=0.11)


def test_both_losses_share_one_scale_and_are_named() -> None:
    svg = loss_svg([{**entry, "validation_loss": entry["loss"]} for entry in history(3.0, 2.0)])
    first, second = places(svg)
    assert first == second
    assert ">training<" in svg
    assert ">validation<" in svg
    assert ">validation<" not in loss_svg(history(3.0, 2.0))
    check(svg)


@pytest.mark.parametrize("losses", [(2.0,), (2.0, 2.0), (0.0,), (1e9, 1.0), (1e-9, 2e-9), (None, 2.0), (1e15, 9e18)])
def test_any_losses_are_drawn_inside_the_picture(losses: tuple[Any, ...]) -> None:
    svg = loss_svg(history(*losses))
    check(svg)
    for curve in places(svg):
        assert all(58 <= x <= 450 and 24 <= y <= 168 for x, y in curve)
    assert "nan" not in svg
    assert "inf" not in svg


@pytest.mark.parametrize("entries", [[], history(None, None), history(float("nan")), history(float("inf"))], ids=str)
def test_without_a_loss_there_is_no_picture(entries: list[dict[str, Any]]) -> None:
    assert loss_svg(entries) == ""


# ------------------------------------------------------------------------------------------------------------ browser


def test_a_browser_runs_nothing_of_it_and_shows_all_words(tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no browser: neither chromium nor google-chrome is on PATH")
    page = tmp_path / "page.html"
    # Any script or handler that ran would change the title.
    page.write_text(
        "<!doctype html><meta charset=utf-8><title>quiet</title><script>window.alert=()=>document.title='ran'</script>"
        + neighbours_html(vectors_of(HOSTILE), HOSTILE),
        encoding="utf-8",
    )
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
         "--virtual-time-budget=2000", "--dump-dom", page.as_uri()],
        capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "<title>quiet</title>" in done.stdout
    assert done.stdout.count("<tr>") == len(HOSTILE) + 1
    assert "<img" not in done.stdout
