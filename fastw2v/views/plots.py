"""Plots: the loss curve and the map of words.

By matplotlib, as PNG, SVG or PDF; the losses also as plain text. A history is a list of dicts with `epoch`, `loss` and
perhaps `validation_loss`, as a model keeps it. What the map shows is found by `views.projection`.
"""

from __future__ import annotations

import itertools
import math
import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastw2v.errors import UsageError
from fastw2v.files.atomic import write_atomically
from fastw2v.messages.printable import plural, shown
from fastw2v.system.optional import load

if TYPE_CHECKING:
    from fastw2v.vectors.keyed import WordVectors

History = Sequence[Mapping[str, Any]]
Points = list[tuple[int, float]]

FORMATS = ("png", "svg", "pdf")
# Most words on a map: more are a haze, and most of those are rare.
MAP_WORDS = 20_000
_LONGEST_NAME = 30

_TRAINING, _VALIDATION, _BOTH = "o", "x", "*"
_TEXT_ROWS = 13
_LABEL_EVERY = 4
_NARROWEST = 30
# Text stays text, and names inside the file are drawn from this word and not at random: equal pictures, equal bytes.
_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "fastw2v", "pdf.fonttype": 42}
_GROUP_COLOURS = (
    "#407bc5", "#c77434", "#348f4f", "#c66897", "#8766bb", "#989016", "#009098", "#cf6963", "#6572c6", "#719b40",
)  # fmt: skip
_MAP_INCHES, _MAP_DPI, _NAME_POINTS = 9.0, 150, 7.0
# Above and below the map, in inches; the legend has columns of five groups.
_HEAD, _FOOT, _LEGEND_ROWS = 0.6, 1.2, 5
_PROJECTIONS = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}
_INK, _SOFT = "#1c2026", "#5b6470"


def loss_curve(history: History, path: str | os.PathLike[str]) -> None:
    """Draw training and validation loss per epoch into a PNG, SVG or PDF file, by its suffix; an old one is replaced.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UsageError: another suffix, or the history holds no finite loss.
    """
    _save(_loss_figure(history), path, picture_format(path, "loss"))


def loss_curve_png(history: History, path: str | os.PathLike[str]) -> None:
    """Draw them as PNG, whatever the file's name is; a link in its place is replaced. Raises as `loss_curve`."""
    _save(_loss_figure(history), path, "png", follow=False)


def word_map(
    vectors: WordVectors, path: str | os.PathLike[str], projection: str = "pca", title: str = "A map of words"
) -> float | None:
    """Draw a map of the 20,000 most frequent words into a PNG, SVG or PDF file, by its suffix; an old one is replaced.

    Dots are coloured by group, see `views.projection.word_groups`, and the legend names each group by three of its
    words; names stand where there is room for them, those of frequent words first.

    Returns:
        The share of the variance that PCA's two axes hold; None for another projection.

    Raises:
        MissingExtraError: matplotlib, or what the projection needs, is not installed.
        UsageError: another suffix, or another projection.
    """
    from fastw2v.vectors.nearest import unit_rows
    from fastw2v.views.projection import group_names, project, word_groups

    format_ = picture_format(path, "map")
    figures = load("matplotlib.figure", "Drawing the map", "plot")
    units = unit_rows(vectors.vectors[:MAP_WORDS])
    found, groups = project(units, projection), word_groups(units)
    names = [shown(word, _LONGEST_NAME) for word in vectors.index_to_key[:MAP_WORDS]]
    height = _HEAD + _MAP_INCHES + _FOOT
    figure = figures.Figure(figsize=(_MAP_INCHES, height), dpi=_MAP_DPI, facecolor="white")
    _draw_words(figure.add_axes((0, _FOOT / height, 1, _MAP_INCHES / height)), found.points, groups.tolist(), names)
    figure.text(
        0.02, 1 - 0.2 / height, shown(title), fontsize=13, weight="bold", va="top", color=_INK, parse_math=False
    )
    held = "" if found.share is None else f", whose two axes hold {found.share:.0%} of the variance"
    said = f"{plural(len(names), 'word')}, placed by {_PROJECTIONS[projection]}{held}"
    figure.text(0.02, 1 - 0.45 / height, said, fontsize=8, va="top", color=_SOFT)
    legend = [", ".join(names[row] for row in some) for some in group_names(units, groups)]
    _draw_legend(figure.add_axes((0, 0, 1, _FOOT / height)), legend)
    _save(figure, path, format_)
    return found.share


def _draw_words(axes: Any, points: Any, groups: Sequence[int], names: Sequence[str]) -> None:
    colours = [_GROUP_COLOURS[group] for group in groups]
    # Frequent words last, above the others. The dots are a picture inside an SVG: 20,000 shapes are slow to show.
    axes.scatter(*points[::-1].T, s=5, c=colours[::-1], linewidths=0, alpha=0.7, rasterized=True)
    axes.set_xlim(-1.06, 1.06)
    axes.set_ylim(-1.06, 1.06)
    axes.set_axis_off()
    # Behind each name, so that dots do not run into it. An outline would turn text into shapes.
    behind = {"boxstyle": "round,pad=0.2", "facecolor": "white", "alpha": 0.85, "linewidth": 0}
    for row in _roomy(points.tolist(), names):
        style = {"fontsize": _NAME_POINTS, "va": "center_baseline", "color": _INK, "bbox": behind}
        # Or "$" would begin a formula.
        axes.annotate(names[row], points[row], (3, 0), textcoords="offset points", parse_math=False, **style)


def _draw_legend(axes: Any, legend: Sequence[str]) -> None:
    """Write what each colour stands for. By hand: the library's own legend takes words for formulas."""
    axes.set_xlim(0, 1)
    axes.set_ylim(-_LEGEND_ROWS, 1)
    axes.set_axis_off()
    for group, said in enumerate(legend):
        column, row = divmod(group, _LEGEND_ROWS)
        x = 0.025 + column * 0.5
        axes.plot([x], [-row], "o", markersize=5, color=_GROUP_COLOURS[group])
        axes.annotate(
            shown(said, 64), (x + 0.012, -row), fontsize=8, va="center_baseline", color=_INK, parse_math=False
        )


def picture_format(path: str | os.PathLike[str], kind: str) -> str:
    """Return png, svg or pdf, by the suffix of a file's name; `kind`: loss or map. Raises UsageError for another."""
    format_ = Path(path).suffix.lower().removeprefix(".")
    if format_ not in FORMATS:
        raise UsageError(f"A picture is a .png, .svg or .pdf file. Got {Path(path).name!r:.60}; {kind}.png would work.")
    return format_


def _figure(doing: str, inches: tuple[float, float]) -> tuple[Any, Any]:
    # A Figure of its own, without pyplot, needs no display and leaves no global state.
    figures = load("matplotlib.figure", doing, "plot")
    figure = figures.Figure(figsize=inches, dpi=_MAP_DPI, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_facecolor("white")
    return figure, axes


def _save(figure: Any, path: str | os.PathLike[str], format_: str, follow: bool = True) -> None:
    matplotlib = load("matplotlib", "Drawing", "plot")
    dated = {"svg": "Date", "pdf": "CreationDate"}
    options = {"metadata": {dated[format_]: None}} if format_ in dated else {}
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        # A word in letters that the font lacks, or that older versions cannot join, is drawn as well as may be.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font|Matplotlib currently does not support")
        write_atomically(path, lambda file: figure.savefig(file, format=format_, **options), follow=follow)


def _loss_figure(history: History) -> Any:
    training, validation = _curves(history)
    figure, axes = _figure("Drawing the loss", (7.2, 4.2))
    ticker = load("matplotlib.ticker", "Drawing the loss", "plot")
    for points, label, colour, mark, line in (
        (training, "training", "#1f5fa8", "o", "-"),
        (validation, "validation", "#c4541c", "s", "--"),
    ):
        if points:
            size = 6 if len(points) <= 40 else 0
            axes.plot(*zip(*points, strict=True), line, marker=mark, markersize=size, color=colour, label=label)
    epochs = [epoch for epoch, _ in training + validation]
    axes.set_xlim(min(epochs) - 0.5, max(epochs) + 0.5)
    axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_title("Loss per epoch")
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean loss per pair")
    axes.grid(visible=True, color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return figure


def _roomy(points: Sequence[Sequence[float]], names: Sequence[str]) -> list[int]:
    """Return the rows, in order, whose names fit on the map without touching those of earlier rows."""
    point = 2.12 / (_MAP_INCHES * 72)  # one point of type, in the map's units
    height, letter, air = 1.9 * _NAME_POINTS * point, 0.62 * _NAME_POINTS * point, 8 * point
    taken: dict[int, list[tuple[float, float]]] = {}
    chosen = []
    for row, (x, y) in enumerate(points):
        left, right = x - air, x + letter * len(names[row]) + air
        line = math.floor(y / height)
        if right > 1.06:
            continue
        # In its own line of cells and those beside it, names less than one height away are in the way.
        near = (span for step in (-1, 0, 1) for span in taken.get(line + step, []))
        if all(right <= other_left or left >= other_right for other_left, other_right in near):
            taken.setdefault(line, []).append((left, right))
            chosen.append(row)
    return chosen


def loss_curve_text(history: History, width: int = 72) -> str:
    """Draw the same curves in `width` columns of ASCII: `o` training, `x` validation, `*` both in one place.

    Raises:
        UsageError: the history holds no finite loss, or `width` is not at least 30.
    """
    if width < _NARROWEST:
        raise UsageError(f"width must be an integer >= {_NARROWEST}. Got {width}; 72 is the default.")
    training, validation = _curves(history)
    losses = [loss for _, loss in training + validation]
    low, high = _padded(min(losses), max(losses))
    labels = _loss_labels(low, high)
    margin = max(map(len, labels))
    grid = _grid(training, validation, width - margin - 2, (low, high))
    lines = ["Loss per epoch".center(width).rstrip()]
    for label, cells in zip(labels, grid, strict=True):
        lines.append(f"{label:>{margin}} |{''.join(cells)}".rstrip())
    lines.append(" " * margin + " +" + "-" * (width - margin - 2))
    epochs = sorted({epoch for epoch, _ in training + validation})
    lines.append(" " * (margin + 2) + _epoch_axis(epochs, width - margin - 2))
    legend = f"{_TRAINING} training" + (f"   {_VALIDATION} validation   {_BOTH} both" if validation else "")
    lines.append(" " * (margin + 2) + f"epoch   {legend}")
    return "\n".join(lines) + "\n"


def _curves(history: History) -> tuple[Points, Points]:
    """(epoch, loss) points of training and of validation; absent or non-finite losses are left out."""
    training, validation = (
        [(int(entry["epoch"]), float(entry[key])) for entry in history if _is_finite(entry.get(key))]
        for key in ("loss", "validation_loss")
    )
    if not training and not validation:
        raise UsageError("There is no loss to draw: the history holds no finished epoch with a finite loss.")
    return training, validation


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _padded(low: float, high: float) -> tuple[float, float]:
    """The range to draw: equal losses get some room above and below, so that they fall in the middle."""
    if high > low:
        return low, high
    room = abs(low) * 0.05 or 0.05
    return low - room, high + room


def _loss_labels(low: float, high: float) -> list[str]:
    """One label per row from `high` down to `low`, empty for most rows."""
    # Enough decimals to tell two labels apart; a diverged loss is written with an exponent.
    form = ".2e" if high >= 1e6 else f".{min(12, max(2, 2 - math.floor(math.log10(high - low))))}f"
    losses = [high - (high - low) * row / (_TEXT_ROWS - 1) for row in range(_TEXT_ROWS)]
    return [format(loss, form) if row % _LABEL_EVERY == 0 else "" for row, loss in enumerate(losses)]


def _grid(training: Points, validation: Points, columns: int, limits: tuple[float, float]) -> list[list[str]]:
    low, high = limits
    grid = [[" "] * columns for _ in range(_TEXT_ROWS)]
    epochs = [epoch for epoch, _ in training + validation]
    for points, mark in ((training, _TRAINING), (validation, _VALIDATION)):
        for epoch, loss in points:
            column = _column(epoch, min(epochs), max(epochs), columns)
            row = round((high - loss) / (high - low) * (_TEXT_ROWS - 1))
            grid[row][column] = mark if grid[row][column] in (" ", mark) else _BOTH
    return grid


def _epoch_axis(epochs: list[int], columns: int) -> str:
    """Epoch numbers under their columns: every one, or every 2nd, 5th, 10th, ... as the room allows."""
    room = max(1, columns // (len(str(epochs[-1])) + 2))
    steps = (factor * 10**power for power in itertools.count() for factor in (1, 2, 5))
    step = next(step for step in steps if (epochs[-1] - epochs[0]) // step < room)
    axis = ""
    for epoch in epochs:
        if epoch % step == 0:
            label = str(epoch)
            start = _column(epoch, epochs[0], epochs[-1], columns) - len(label) // 2
            axis = axis.ljust(start) + label
    return axis


def _column(epoch: int, first: int, last: int, columns: int) -> int:
    """The middle for a single epoch; else first and last a little inside the frame."""
    if first == last:
        return columns // 2
    return 2 + round((epoch - first) / (last - first) * (columns - 5))
