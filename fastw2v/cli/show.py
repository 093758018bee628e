"""Terminal output: tables, figures, the loss curve; plain text where there is no terminal."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, cast

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from fastw2v.cli.streams import Outliving
from fastw2v.errors import MissingExtraError
from fastw2v.messages.printable import shown, shown_lines
from fastw2v.training.preparation import Prepared
from fastw2v.views import plots

# Columns where there is no terminal to ask.
_WIDTH = 120


class _Console(Console):
    """A console that shows the text of models and files as text, whatever stands in it."""

    def render_str(self, text: str, **options: Any) -> Text:  # all text goes through here, but for `Text`
        """See `Console.render_str`."""
        return super().render_str(shown_lines(text), **options)


def console(for_program: bool = False, quiet: bool = False) -> Console:
    """Return where to print for people: stdout, or stderr when stdout is for a program; `quiet`: print nothing."""
    stream = sys.stderr if for_program else sys.stdout
    width = None if stream.isatty() else _WIDTH
    lasting = cast("TextIO", Outliving(stream))
    # Words and paths are shown as they are: "[b]" is no markup and ":cat:" no picture.
    return _Console(file=lasting, width=width, highlight=False, soft_wrap=True, markup=False, emoji=False, quiet=quiet)


@contextlib.contextmanager
def working(console: Console) -> Iterator[Callable[[str], None]]:
    """Show, on a terminal, what is being done and for how long; the function yielded is told what."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    # Asked of the stream: FORCE_COLOR makes a console take anything for a terminal.
    if not console.file.isatty():  # disabled, some versions of rich still print a line end
        yield lambda _: None
        return
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")
        yield lambda what: progress.update(task, description=shown(what))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> Table:
    """Return a table whose first `texts` columns are text and whose others are numbers."""
    made = Table(title=shown(title), title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        made.add_column(column, justify="left" if place < texts else "right")
    for row in rows:
        made.add_row(*map(shown, row[:texts]), *row[texts:])
    return made


def preparation_table(prepared: Prepared) -> Table:
    """Return what preprocessing kept."""
    data = prepared.preprocessed
    rows = [["read", "", f"{data.tokens_read:,}"]]
    rows += [[stage, f"{removed:,}", f"{left:,}"] for stage, removed, left in prepared.stages()]
    return table("Tokens", ["stage", "removed", "left"], rows)


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
    return f"{shown(word)}: " + ", ".join(f"{shown(other)} {similarity:.2f}" for other, similarity in found)


def figure(value: float | None, digits: int) -> str:
    """Return a number, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """Return a share as a percentage, or a dash where there is none."""
    return "-" if value is None else f"{value:.1%}"


def print_json(value: Any) -> None:
    """Print one JSON object on one line of stdout; with escapes for what people are not shown, or it cannot encode."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    text = json.dumps(value, ensure_ascii=encoding != "utf8")
    if shown(text) != text:  # JSON itself escapes few of the characters that work on a terminal
        text = "".join(letter if shown(letter) == letter else json.dumps(letter)[1:-1] for letter in text)
    sys.stdout.write(text + "\n")
