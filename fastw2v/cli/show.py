"""What a person sees: tables, progress, the loss curve. Everything is plain text where there is no terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from fastw2v import plots
from fastw2v.cli.streams import Outliving
from fastw2v.errors import MissingExtraError
from fastw2v.preparation import Prepared
from fastw2v.state import EpochRecord
from fastw2v.text import Corpus
from fastw2v.trainer import Callback
from fastw2v.trainer import Progress as TrainingProgress
from fastw2v.weights import Weights

# Columns where there is no terminal to ask.
_WIDTH = 120
# What a document is, by the name of the choice.
_DOCUMENT = {
    "line": "a line",
    "blank": "what blank lines separate",
    "marker": "what <|endoftext|> separates",
    "story": "a story",
    "list": "a list",
}


def console(for_program: bool = False) -> Console:
    """Return where to print for people: stdout, or stderr when stdout is for a program."""
    stream = sys.stderr if for_program else sys.stdout
    width = None if stream.isatty() else _WIDTH
    lasting = cast("TextIO", Outliving(stream))
    # Words and paths are shown as they are: "[b]" is no markup and ":cat:" no picture.
    return Console(file=lasting, width=width, highlight=False, soft_wrap=True, markup=False, emoji=False)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> Table:
    """Return a table whose first `texts` columns are text and whose others are numbers."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        made.add_column(column, justify="left" if place < texts else "right")
    for row in rows:
        made.add_row(*row)
    return made


def preparation_table(prepared: Prepared) -> Table:
    """Return what preprocessing kept."""
    data = prepared.preprocessed
    rows = [["read", "", f"{data.tokens_read:,}"]]
    rows += [[stage, f"{removed:,}", f"{left:,}"] for stage, removed, left in prepared.stages()]
    return table("Tokens", ["stage", "removed", "left"], rows)


class Watching(Callback):
    """Progress on a terminal: a bar while reading and one while training; elsewhere a line an epoch."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self.bytes_read = 0

    def __enter__(self) -> Watching:
        if not self._bars.disable:  # elsewhere some versions of rich print an empty line
            self._bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if not self._bars.disable:
            self._bars.stop()

    def reading(self, corpus: Corpus, tokens: int) -> None:
        """Hear of what is read."""
        self.bytes_read = corpus.bytes_read
        note = f"{tokens:,} words" if tokens else "the first run compiles for some seconds"
        self._show("reading", corpus.bytes_read, corpus.total_bytes, note)

    def prepared(self, prepared: Prepared, notes: Sequence[str] = ()) -> None:
        """Print what was said while reading, what was read and what preprocessing kept."""
        self._done()
        for note in notes:
            self._console.print(note)
        data, corpus = prepared.preprocessed, prepared.corpus
        self._console.print(
            f"Read {corpus['name']}: {data.documents:,} documents (a document is {_DOCUMENT[corpus['documents']]}), "
            f"{data.tokens_read:,} words, {data.distinct:,} different."
        )
        self._console.print(preparation_table(prepared))
        self._console.print(
            f"Vocabulary {len(data.vocabulary):,} words; about {prepared.pairs:,} training pairs an epoch."
        )
        if not len(data.held_out):
            self._console.print("Nothing is held out, so there is no validation loss.")

    def on_compile(self) -> None:
        """See `Callback.on_compile`."""
        self._show("compiling", 0, None, "the first run takes some seconds; not counted as training")

    def on_progress(self, progress: TrainingProgress) -> None:
        """See `Callback.on_progress`."""
        note = (
            f"epoch {progress.epoch}/{progress.epochs}  {progress.words_per_second:,.0f} words/s  "
            f"loss {progress.loss:.4f}  {progress.seconds_left:.0f} s left"
        )
        self._show("training", progress.epoch - 1 + progress.share, progress.epochs, note)

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        """See `Callback.on_epoch_end`."""
        validation = "" if record.validation_loss is None else f"  validation loss {record.validation_loss:.4f}"
        self._console.print(
            f"Epoch {record.epoch}: loss {record.loss:.4f}{validation}  {record.words_per_second:,.0f} words/s"
        )
        return False

    def _show(self, what: str, completed: float, total: float | None, note: str) -> None:
        if self._task is None:
            self._task = self._bars.add_task(what, note=note)
        self._bars.update(self._task, description=what, completed=completed, total=total, note=note)

    def _done(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._bars.refresh()
            self._task = None


def loss_curve(console: Console, history: list[dict[str, Any]], directory: Path) -> None:
    """Draw the loss curve into the directory, or as text where matplotlib is missing."""
    path = directory / "loss.png"
    try:
        plots.loss_curve_png(history, path)
        console.print(f"Loss curve: {path}")
    except MissingExtraError as error:
        console.print(plots.loss_curve_text(history))
        console.print(str(error))


def neighbours(word: Any, found: Sequence[tuple[Any, float]]) -> str:
    """Return one line: the word and its neighbours."""
    return f"{word}: " + ", ".join(f"{other} {similarity:.2f}" for other, similarity in found)


def figure(value: float | None, digits: int) -> str:
    """Return a number, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """Return a share as a percentage, or a dash where there is none."""
    return "-" if value is None else f"{value:.1%}"


def print_json(value: Any) -> None:
    """Print one JSON object on one line of stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
