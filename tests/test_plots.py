"""Loss curves as PNG, SVG and text: one epoch, equal losses, diverged losses, no matplotlib; the map of the words."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import MissingExtraError, UsageError
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.vectors.nearest import unit_rows
from fastw2v.views.plots import _roomy, loss_curve, loss_curve_png, loss_curve_text, word_map
from fastw2v.views.projection import group_names, word_groups

FALLING = [
    {"epoch": 1, "loss": 4.0, "validation_loss": 4.0},
    {"epoch": 2, "loss": 2.0, "validation_loss": 3.0},
    {"epoch": 3, "loss": 1.0, "validation_loss": 2.5},
]


def test_the_text_chart_is_the_one_drawn_by_hand() -> None:
    chart = loss_curve_text(FALLING, width=31)
    assert chart.split("\n") == [
        "         Loss per epoch",
        "4.00 |  *",
        "     |",
        "     |",
        "     |",
        "3.00 |            x",
        "     |",
        "     |                      x",
        "     |",
        "2.00 |            o",
        "     |",
        "     |",
        "     |",
        "1.00 |                      o",
        "     +-------------------------",
        "        1         2         3",
        "      epoch   o training   x validation   * both",
        "",
    ]


def test_without_validation_only_training_is_drawn_and_named() -> None:
    chart = loss_curve_text([{"epoch": 1, "loss": 2.0, "validation_loss": None}, {"epoch": 2, "loss": 1.0}])
    assert "validation" not in chart
    assert "x" not in chart.replace("Loss per epoch", "")


def test_equal_losses_lie_in_the_middle() -> None:
    lines = loss_curve_text([{"epoch": epoch, "loss": 2.5} for epoch in range(1, 6)]).split("\n")
    assert lines[1 + 6].count("o") == 5


def test_one_epoch_is_drawn_in_the_middle_with_its_number_below() -> None:
    lines = loss_curve_text([{"epoch": 1, "loss": 2.5}]).split("\n")
    column = lines[1 + 6].index("o")
    assert abs(column - 39) <= 3
    assert lines[-3][column] == "1"


def test_losses_that_are_not_finite_are_left_out() -> None:
    history = [
        {"epoch": 1, "loss": 2.0},
        {"epoch": 2, "loss": float("nan")},
        {"epoch": 3, "loss": float("inf")},
    ]
    chart = loss_curve_text(history)
    assert "nan" not in chart
    assert "inf" not in chart


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1e300), st.none() | st.floats(0, 1e300)),
        min_size=1,
        max_size=150,
    ),
    st.integers(30, 120),
)
def test_any_history_gives_a_chart_within_its_width(losses: list[tuple[float, Any]], width: int) -> None:
    history = [
        {"epoch": epoch, "loss": loss, "validation_loss": validation}
        for epoch, (loss, validation) in enumerate(losses, start=1)
    ]
    lines = loss_curve_text(history, width).split("\n")
    assert max(map(len, lines[:-2])) <= width
    assert any(mark in line for line in lines[1:-4] for mark in "o*")


@pytest.mark.parametrize("history", [[], [{"epoch": 1, "loss": None}], [{"epoch": 1, "loss": float("nan")}]])
def test_nothing_to_draw_is_a_usage_error(history: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no loss to draw"):
        loss_curve_text(history)
    with pytest.raises(UsageError, match="no loss to draw"):
        loss_curve_png(history, tmp_path / "loss.png")
    assert list(tmp_path.iterdir()) == []


def test_a_chart_too_narrow_is_refused() -> None:
    with pytest.raises(UsageError, match="width must be an integer >= 30"):
        loss_curve_text(FALLING, width=20)


@pytest.mark.parametrize("history", [FALLING, FALLING[:1], [{"epoch": e, "loss": 2.0} for e in range(1, 101)]])
def test_the_png_is_a_png_of_a_readable_size(history: list[dict[str, Any]], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "loss.png"
    loss_curve_png(history, path)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width >= 900
    assert height >= 500


def test_the_png_draws_both_curves_on_white_with_integer_epochs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    figures: list[Figure] = []
    save = Figure.savefig

    def keep(figure: Figure, *arguments: Any, **options: Any) -> None:
        figures.append(figure)
        save(figure, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    loss_curve_png(FALLING, tmp_path / "loss.png")
    (axes,) = figures[0].axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[4, 2, 1], [4, 3, 2.5]]  # type: ignore[union-attr]
    assert axes.get_title()
    assert axes.get_xlabel() == "epoch"
    assert axes.get_ylabel()
    assert axes.get_facecolor() == figures[0].get_facecolor() == (1, 1, 1, 1)
    assert all(tick == int(tick) for tick in axes.get_xticks())


def test_drawing_does_not_load_pyplot(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    before = set(sys.modules)
    loss_curve_png(FALLING, tmp_path / "loss.png")
    assert "matplotlib.pyplot" not in set(sys.modules) - before


def test_without_matplotlib_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[plot\]'"):
        loss_curve_png(FALLING, tmp_path / "loss.png")


def vectors(words: list[str]) -> KeyedVectors:
    return KeyedVectors(words, np.random.default_rng(2).normal(size=(len(words), 6)))


@pytest.mark.parametrize("suffix", ["png", "svg", "PNG", "pdf"])
def test_the_suffix_says_what_is_drawn(suffix: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    loss_curve(FALLING, tmp_path / f"loss.{suffix}")
    word_map(vectors(["sun", "moon", "star"]), tmp_path / f"map.{suffix}")
    for path in tmp_path.iterdir():
        assert {"svg": b"<svg", "pdf": b"%PDF"}.get(suffix, b"PNG") in path.read_bytes()[:1000]


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a \.png, \.svg or \.pdf file. Got 'loss.gif'; loss.png would work"):
        loss_curve(FALLING, tmp_path / "loss.gif")
    with pytest.raises(UsageError, match=r"Got 'map'; map.png would work"):
        word_map(vectors(["sun", "moon", "star"]), tmp_path / "map")


def test_an_svg_or_pdf_is_the_same_whenever_it_is_drawn_and_an_svg_s_text_is_text(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name in ("a.svg", "b.svg", "a.pdf", "b.pdf"):
        loss_curve(FALLING, tmp_path / f"loss-{name}")
        word_map(vectors(["sun", "moon", "star"]), tmp_path / f"map-{name}")
    for kind in ("loss", "map"):
        for suffix in ("svg", "pdf"):
            first, second = ((tmp_path / f"{kind}-{name}.{suffix}").read_bytes() for name in "ab")
            assert first == second
    assert "<dc:date>" not in (tmp_path / "loss-a.svg").read_text("utf-8")
    assert ">mean loss per pair</text>" in (tmp_path / "loss-a.svg").read_text("utf-8")
    assert ">moon</text>" in (tmp_path / "map-a.svg").read_text("utf-8")


def test_a_map_says_what_it_is_of_how_its_words_were_placed_and_what_its_colours_are(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    animals = vectors([f"animal{number}" for number in range(40)])
    share = word_map(animals, tmp_path / "map.svg", title="My $model")
    assert share is not None
    text = (tmp_path / "map.svg").read_text("utf-8")
    assert ">My $model</text>" in text
    assert f">40 words, placed by PCA, whose two axes hold {share:.0%} of the variance</text>" in text
    units = unit_rows(animals.vectors)
    for rows in group_names(units, word_groups(units)):
        assert f">{', '.join(str(animals.index_to_key[row]) for row in rows)}</text>" in text


def test_the_map_takes_words_as_they_are(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    words = ["$x^{$", "<script>", "\ud800", "a\nb", "\u6c34\u6c34", "&amp;", "long" * 20]
    word_map(vectors(words), tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text("utf-8")
    assert "<script" not in text
    assert ">$x^{$</text>" in text
    assert ">" + ("long" * 20)[:29] + "…</text>" in text
    word_map(vectors(words), tmp_path / "map.png")


@pytest.mark.parametrize(
    ("word", "name"),
    [("می\u200cخواهم", "می\u200cخواهم"), ("क्\u200dष", "क्\u200dष"), ("\u202egnp", "\N{REPLACEMENT CHARACTER}gnp")],
    ids=["non-joiner", "joiner", "override"],
)
def test_the_map_keeps_what_joins_letters_and_nothing_that_turns_them(word: str, name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    word_map(vectors(["sun", word, "star"]), tmp_path / "map.svg")
    assert f">{name}</text>" in (tmp_path / "map.svg").read_text("utf-8")


def test_names_on_the_map_do_not_touch_and_the_first_goes_before() -> None:
    # The first two are in each other's way, the third is far below, the fourth would leave the map.
    assert _roomy([[0.0, 0.0], [0.02, 0.005], [0.0, -0.5], [1.0, 0.5]], ["sun", "moon", "star", "lengthy"]) == [0, 2]
    # Just above and just below the border of two lines of cells.
    assert _roomy([[0.0, 0.001], [0.0, -0.001]], ["sun", "moon"]) == [0]
