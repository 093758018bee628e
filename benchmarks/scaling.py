"""How cost grows with the corpus, the vector size, the window, the noise words, the vocabulary and the batch.

    python -m benchmarks.scaling [--rounds N] [--only NAME,NAME] [--quick] [--output DIR]

Varies one thing at a time from the defaults, through the trainer that users run: plan, noise and loss included. All
values of a thing are timed in alternation. Prints a line a value, lists every cliff with its reason (`EXPLAINED`),
draws a picture, and writes both into `benchmarks`; a part of it, or a quick run, only where --output says so.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.arguments import names_of, positive
from benchmarks.sweeps import CLIFF, EVEN, QUICK, SETTINGS, SWEEPS, Row, candidates, cliffs, evenness, measure
from fastw2v import engines
from fastw2v.bench import machine
from fastw2v.bench.rounds import Spread
from fastw2v.bench.sections import write_section
from fastw2v.bench.tables import command, table
from fastw2v.errors import Fastw2vError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Scaling: one thing varied at a time"
HERE = Path(__file__).resolve().parent
ROUNDS = 5
INTERRUPTED = 130
NAMED = ("vector_size", "window", "negative", "batch_size", "min_count", "sample")
# Why a cliff is there, with what was measured on Zen 5 to show it: (sweep, value) -> reason.
EXPLAINED: dict[tuple[str, int], str] = {
    ("d", 50): "Rows are padded to whole cache lines, here to 64 columns: a term takes as long as at d 64 (table).",
    ("window", 1): (
        "Drawing, numbering and copying take about 160 ns a centre, whatever its pairs; each pair adds about 21 (fits "
        "windows 1, 2 and 5): here two pairs share what six share at window 5."
    ),
    ("vocabulary", 1_000_000): (
        "Rows that no cache holds any more. Of 1,000 terms, 9, 33, 65, 107 and 168 meet a row that was not among the "
        "60,000 touched last (27 MB), from 10,000 to 1,000,000 words; each of those costs 55 to 90 ns."
    ),
}

Measured = Mapping[str, Sequence[Row]]

# Blue and orange, a dot and a square: told apart in print, and with the common kinds of colour blindness.
_LINE, _CLIFF, _GRID = "#1f5fa8", "#c4541c", "#dddddd"


def main(arguments: Sequence[str]) -> int:
    """Measure, print, draw, write; return the exit code: 130 where it was interrupted."""
    options = _parse(arguments)
    how = f"{machine.text()}\ncommand    {command('benchmarks.scaling', arguments)}"
    print(f"{TITLE}\n\n{how}", flush=True)
    measured: dict[str, Sequence[Row]] = {}
    code = 0
    try:
        engines.resolve(SETTINGS.engine)
        _measure(options, measured)
    except KeyboardInterrupt:
        code = INTERRUPTED
        print(f"\nInterrupted: {len(measured)} of {len(options.only)} parts are done and kept.", file=sys.stderr)
    except Fastw2vError as error:
        print(f"benchmarks.scaling: {error}", file=sys.stderr)
        return error.exit_code
    print(f"\n{cliffs_text(measured)}")
    output = options.output or (None if options.quick or len(options.only) < len(SWEEPS) else HERE)
    if output is not None and measured:
        _write(output, section(measured, how, options.quick, bool(code)), measured)
    return code


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scaling", description="How cost grows, one thing varied at a time."
    )
    parser.add_argument(
        "--rounds", type=positive, default=ROUNDS, metavar="N", help="rounds to time; default %(default)s"
    )
    parser.add_argument(
        "--only",
        type=names_of(SWEEPS),
        default=tuple(SWEEPS),
        metavar="NAME,NAME",
        help=f"what to vary, of {','.join(SWEEPS)}; default all",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the words, to try the program: too few to quote"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where RESULTS.md and results/scaling.png go; default benchmarks, and nowhere for a part or a quick run",
    )
    return parser.parse_args(arguments)


def _measure(options: argparse.Namespace, measured: dict[str, Sequence[Row]]) -> None:
    """Time the sweeps asked for, one after the other, and print each when it is done."""
    for name in options.only:
        trials = list(candidates(name, options.quick))
        measured[name] = measure(trials, options.rounds, functools.partial(_say, name))
        print(f"\n{sweep_text(name, measured[name])}", flush=True)


def _say(name: str, what: str) -> None:
    print(f"{SWEEPS[name].title}: {what}", file=sys.stderr, flush=True)


def sweep_text(name: str, rows: Sequence[Row]) -> str:
    """Return a line a value; for the corpus size also whether cost grows linearly."""
    lines = table(
        [SWEEPS[name].title, "words/s", "min - max", "useful Gflop/s", "min - max", "ns a term", "min - max"],
        [
            [f"{row.value:,}", *_cells(row.words_per_second, 0), *_cells(row.gflops, 1), *_cells(row.term_ns, 2)]
            for row in rows
        ],
    )
    if name != "size":
        return lines
    share = evenness(rows)
    verdict = "within 15 %: kept" if share >= EVEN else "within 15 %: NOT KEPT"
    return f"{lines}\nThe slowest size is {share:.0%} as fast as the fastest; promised: {verdict}."


def _cells(spread: Spread, digits: int) -> list[str]:
    return [f"{spread.median:,.{digits}f}", f"{spread.low:,.{digits}f} - {spread.high:,.{digits}f}"]


def cliffs_text(measured: Measured) -> str:
    """Return the cliffs of all sweeps, each with its reason."""
    lines = [
        f"- {SWEEPS[name].title} {value:,}: {factor:.2f} times. {EXPLAINED.get((name, value), 'NOT EXPLAINED YET.')}"
        for name, rows in measured.items()
        for value, factor in cliffs(rows).items()
    ]
    head = f"Cliffs: values that cost over {CLIFF - 1:.0%} more a useful flop than each neighbour"
    return "\n".join([f"{head}, and times the dearer one:", *lines]) if lines else f"{head}: none."


def section(measured: Measured, how: str, quick: bool, interrupted: bool) -> str:
    """Return the section of RESULTS.md."""
    defaults = ", ".join(f"{name} {getattr(SETTINGS, name):g}" for name in NAMED)
    what = (
        f"Varied one at a time from {defaults}; {SETTINGS.noise} noise, 1 worker, one epoch, training only, loss "
        "included. Built-in stories; for the vocabulary a synthetic corpus that follows Zipf's law, min_count 1. "
        "Medians and spread of the rounds; useful flops are pairs x (K + 1) x 6 d."
    )
    notes = [what]
    if quick:
        notes.append(f"A quick run, with one word in {QUICK}: not to be quoted.")
    if interrupted:
        notes.append("Interrupted: what is missing was not measured.")
    tables = [f"```text\n{sweep_text(name, rows)}\n```" for name, rows in measured.items()]
    picture = ["![Words a second and useful Gflop/s against each value](results/scaling.png)"] if _can_draw() else []
    return "\n\n".join([f"## {TITLE}", *notes, *tables, cliffs_text(measured), *picture, f"```text\n{how}\n```"])


def _can_draw() -> bool:
    return importlib.util.find_spec("matplotlib") is not None


def _write(output: Path, text: str, measured: Measured) -> None:
    results = output / "results"
    results.mkdir(parents=True, exist_ok=True)
    write_section(output / "RESULTS.md", "scaling", text)
    print("\nWritten to RESULTS.md", end="")
    if _can_draw():
        picture(measured).savefig(results / "scaling.png")
        print(" and results/scaling.png.")
    else:
        print("; the picture is skipped: matplotlib is not installed (pip install '.[plot]').")


def picture(measured: Measured) -> Figure:
    """Draw a row of two panels for each sweep: words/s, and useful Gflop/s with the cliffs."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 2.5 * len(measured) + 0.5), dpi=110, layout="constrained", facecolor="white")
    figure.suptitle(
        "One thing varied at a time: median and spread of the rounds; squares: cliffs; values evenly spaced",
        fontsize=10,
    )
    panels = figure.subplots(len(measured), 2, squeeze=False)
    for (name, rows), (left, right) in zip(measured.items(), panels, strict=True):
        labels = [_short(row.value) for row in rows]
        speeds = [row.words_per_second for row in rows]
        _panel(left, name, labels, [Spread(s.median / 1e6, s.low / 1e6, s.high / 1e6) for s in speeds])
        left.set_ylabel("million words/s")
        _panel(right, name, labels, [row.gflops for row in rows])
        right.set_ylabel("useful Gflop/s")
        steep = [place for place, row in enumerate(rows) if row.value in cliffs(rows)]
        right.plot(steep, [rows[place].gflops.median for place in steep], "s", color=_CLIFF, markersize=8, zorder=3)
    return figure


def _panel(axes: Axes, name: str, labels: Sequence[str], spreads: Sequence[Spread]) -> None:
    below = [spread.median - spread.low for spread in spreads]
    above = [spread.high - spread.median for spread in spreads]
    axes.errorbar(
        range(len(spreads)),
        [spread.median for spread in spreads],
        yerr=[below, above],
        color=_LINE,
        marker="o",
        markersize=4.5,
        capsize=3,
    )
    axes.set_xticks(range(len(labels)), labels, fontsize=8)
    axes.set_xlabel(SWEEPS[name].title)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _short(value: int) -> str:
    """Return 32,000,000 as 32M and 30,000 as 30k; 16,384 stays."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size and value % (size // 10) == 0:
            return f"{value / size:g}{letter}"
    return str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
