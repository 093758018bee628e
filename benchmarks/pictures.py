"""The report's pictures: curves side by side, and bars.

A Figure of its own, without pyplot, needs no display. Imports matplotlib only when drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Drawing = Callable[[], "Figure"]
Points = tuple[Sequence[float], Sequence[float]]

# Blue, orange, green, purple, grey: told apart in print, and with the common kinds of colour blindness.
_COLOURS = ("#1f5fa8", "#c4541c", "#2e8b57", "#7b4ea3", "#666666")
_MARKS = ("o", "s", "^", "D", "v")
_GRID = "#dddddd"


@dataclass(frozen=True)
class Panel:
    """One set of axes: named curves, each (x, y)."""

    title: str
    across: str
    up: str
    curves: Mapping[str, Points]
    log_across: bool = False
    log_up: bool = False


def curves(title: str, *panels: Panel) -> Figure:
    """Draw the panels side by side."""
    figure = _figure(title, 4.6 * len(panels))
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), place + 1)
        for number, (name, (across, up)) in enumerate(panel.curves.items()):
            axes.plot(across, up, color=_COLOURS[number], marker=_MARKS[number], markersize=4.5, label=name)
        if panel.log_across:
            axes.set_xscale("log")
        elif all(float(x).is_integer() for across, _ in panel.curves.values() for x in across):
            _whole_numbers(axes)
        if panel.log_up:
            axes.set_yscale("log")
            _plain_steps(axes)
        _label(axes, panel.title, panel.across, panel.up)
        if len(panel.curves) > 1:
            axes.legend(frameon=False, fontsize=8)
    return figure


def bars(title: str, up: str, groups: Mapping[str, Sequence[float]], names: Sequence[str]) -> Figure:
    """Draw a group of bars for each name, one bar of each of `groups`, with its value above it."""
    figure = _figure(title, 8.4)
    axes = figure.add_subplot()
    width = 0.8 / len(groups)
    for number, (label, values) in enumerate(groups.items()):
        places = [place + (number - (len(groups) - 1) / 2) * width for place in range(len(names))]
        drawn = axes.bar(places, values, width * 0.92, color=_COLOURS[number], label=label)
        axes.bar_label(drawn, fmt="%.2f", fontsize=8, padding=2)
    axes.set_xticks(range(len(names)), names)
    axes.margins(y=0.12)
    _label(axes, "", "", up)
    axes.legend(frameon=False, fontsize=8)
    return figure


def _figure(title: str, width: float) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 3.9), dpi=130, layout="constrained", facecolor="white")
    figure.suptitle(title, fontsize=11)
    return figure


def _label(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(visible=True, axis="y" if not across else "both", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _plain_steps(axes: Axes) -> None:
    """Mark 1, 2, 5, 10, 20, ... on a logarithmic axis that spans few decades."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = axes.get_ylim()
    if high < low * 1000:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())


def _whole_numbers(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
