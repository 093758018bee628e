"""Progress of training: a live bar in a terminal or notebook, else lines.

If the output is neither a terminal nor a notebook with widgets, no bar is drawn and no control character is written.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
import time
from collections.abc import Sequence
from typing import Any, Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from fastw2v.engines.weights import Weights
from fastw2v.messages.printable import plural, shown
from fastw2v.system import memory
from fastw2v.text import Corpus
from fastw2v.training.callbacks import Callback
from fastw2v.training.callbacks import Progress as TrainingProgress
from fastw2v.training.run_state import EpochRecord

_WIDEST_BAR = 40
_BETWEEN = "  "


class Board:
    """The rendered progress: a bar with a label to its left, percentage and time to its right, and figures below.

    Attributes:
        what: the label, the current activity; "": nothing is drawn.
        completed, total: progress and its total; a total of None: unknown.
        left: the remaining time, as text; "": the time since `what` began is shown.
        figures: texts, as many on a line as fit.
    """

    def __init__(self) -> None:
        self.what = ""
        self.show("", 0, None)

    def show(
        self, what: str, completed: float, total: float | None, figures: Sequence[str] = (), left: str = ""
    ) -> None:
        """Draw this from now on."""
        if not what or what != self.what:
            self._begun = time.monotonic()
        self.what, self.completed, self.total, self.figures, self.left = what, completed, total, figures, left

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self.what:
            return
        width = options.max_width
        share = f"{self.completed / self.total:4.0%}" if self.total else ""
        front, behind = self.what, f"{share}  {self.left or duration(time.monotonic() - self._begun)}"
        room = min(_WIDEST_BAR, width - len(front) - len(behind) - len(_BETWEEN))
        if room > 0:
            # If the total is unknown, the bar pulses.
            bar = ProgressBar(self.total or 100, self.completed, width=room, pulse=not self.total)
            drawn = list(console.render(bar, options))
            yield Text(front + _BETWEEN, end="", no_wrap=True)
            yield from drawn
            # Without colours rich draws only the completed part, so fill up with spaces.
            yield Text(" " * (room - sum(part.cell_length for part in drawn)) + behind, no_wrap=True)
        else:
            yield Text((front + _BETWEEN + behind.strip())[:width], no_wrap=True)
        for line in flowed(self.figures, width):
            yield Text(line, no_wrap=True)


def flowed(figures: Sequence[str], width: int) -> list[str]:
    """Wrap figures into lines of at most `width` columns; do not split a figure, but truncate one that is too wide."""
    lines: list[str] = []
    for figure in figures:
        if lines and len(lines[-1]) + len(_BETWEEN) + len(figure) <= width:
            lines[-1] += _BETWEEN + figure
        else:
            lines.append(figure[:width])
    return lines


def duration(seconds: float) -> str:
    """Format seconds as m:ss or h:mm:ss, such as 0:07, 12:34 or 5:01:02."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


class Display(Callback):
    """Show progress: on a terminal or in a notebook a bar and figures as well; everywhere one line per epoch."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._board = Board()
        self._live = Live(
            self._board,
            console=console,
            transient=True,
            refresh_per_second=4,
            # Redirect stderr only if it is a terminal: one that was redirected to a file must stay there.
            redirect_stderr=sys.stderr.isatty(),
        )
        # Ask the stream, not rich: with FORCE_COLOR rich treats any output as a terminal.
        can_draw = _has_widgets() if console.is_jupyter else console.file.isatty() and not console.is_dumb_terminal
        self._drawn = can_draw and not console.quiet
        self._moved: list[tuple[Any, Any]] = []
        self._validation_loss: float | None = None
        self.bytes_read = 0

    def __enter__(self) -> Self:
        if self._drawn:
            usual = sys.stderr
            self._live.start(refresh=self._console.is_jupyter)  # in a notebook a quick run would otherwise show nothing
            # Print log warnings above the bar, not through it.
            for handler in logging.getLogger().handlers:
                if isinstance(handler, logging.StreamHandler) and handler.stream is usual:
                    self._moved.append((handler, handler.setStream(sys.stderr)))
        return self

    def __exit__(self, *exception: object) -> None:
        for handler, stream in self._moved:
            if stream is not None:
                handler.setStream(stream)
        self._moved.clear()
        if self._drawn:
            self._live.stop()

    def reading(self, corpus: Corpus, tokens: int) -> None:
        """Show the progress of reading: bytes of the corpus read and words so far."""
        self.bytes_read = corpus.bytes_read
        note = plural(tokens, "word") if tokens else "the first run compiles for some seconds"
        self._board.show("reading", corpus.bytes_read, corpus.total_bytes, [note, *_memory()])

    def on_compile(self) -> None:
        """See `Callback.on_compile`."""
        self._board.show("compiling", 0, None, ["the first run takes some seconds; not counted as training"])

    def on_progress(self, progress: TrainingProgress) -> None:
        """See `Callback.on_progress`."""
        validation = [] if self._validation_loss is None else [f"validation loss {self._validation_loss:.4f}"]
        figures = [
            f"{progress.words_per_second:,.0f} words/s",
            f"loss {progress.loss:.4f}",
            *validation,
            f"learning rate {progress.learning_rate:.5f}",
            *_memory(),
        ]
        done = progress.epoch - 1 + progress.share
        left = f"{duration(progress.seconds_left)} left"
        self._board.show(f"epoch {progress.epoch}/{progress.epochs}", done, progress.epochs, figures, left)

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        """See `Callback.on_epoch_end`."""
        self._validation_loss = record.validation_loss
        validation = "" if record.validation_loss is None else f"  validation loss {record.validation_loss:.4f}"
        judged = "".join(_BETWEEN + text for text in _judged(record))
        loss = f"loss {record.loss:.4f}" if record.pairs else "no training pairs, nothing learned"
        self._console.print(f"Epoch {record.epoch}: {loss}{validation}  {record.words_per_second:,.0f} words/s{judged}")
        return False


def python_console() -> Console:
    """Return the console on which Python's `fit` shows progress: stderr, or the notebook cell."""
    return Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def _has_widgets() -> bool:
    """Whether the notebook can show a live bar (ipywidgets is installed); if not, one line per epoch is shown."""
    return importlib.util.find_spec("ipywidgets") is not None


def _judged(record: EpochRecord) -> list[str]:
    """Return, for each evaluation file, its first figure, which is the most informative one."""
    firsts = [(name, *next(iter(figures.items()))) for name, figures in (record.evaluation or {}).items()]
    return [f"{shown(name)}: {figure} {'-' if value is None else f'{value:.3f}'}" for name, figure, value in firsts]


def _memory() -> list[str]:
    held = memory.resident()
    return [] if held is None else [f"memory {memory.shown(held)}"]
