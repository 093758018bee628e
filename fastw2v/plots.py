"""Pictures of a training history: the loss per epoch as a PNG (by matplotlib) or as plain text.

A history is a list of dicts with `epoch`, `loss` and perhaps `validation_loss`, as a model keeps it.
Imports `atomic`, `extras` and `errors`; matplotlib only inside `loss_curve_png`.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

from fastw2v.atomic import write_atomically
from fastw2v.errors import UsageError
from fastw2v.extras import load

History = Sequence[Mapping[str, Any]]
Points = list[tuple[int, float]]

_TRAINING, _VALIDATION, _BOTH = "o", "x", "*"
_TEXT_ROWS = 13
_LABEL_EVERY = 4
_NARROWEST = 30


def loss_curve_png(history: History, path: str | os.PathLike[str]) -> None:
    """Draw training and validation loss per epoch into a PNG file, which is replaced whole if it exists.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UsageError: the history holds no finite loss.
    """
    training, validation = _curves(history)
    figures = load("matplotlib.figure", "Drawing the loss", "plot")
    ticker = load("matplotlib.ticker", "Drawing the loss", "plot")
    # A Figure of its own, without pyplot, needs no display and leaves no global state.
    figure = figures.Figure(figsize=(7.2, 4.2), dpi=150, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_facecolor("white")
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
    write_atomically(path, lambda file: figure.savefig(file, format="png"))


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
