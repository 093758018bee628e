"""Defer SIGINT, SIGTERM and SIGHUP (SIGHUP not on Windows) to the next safe point."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from fastw2v.errors import InterruptedRunError

# SIGHUP is not on Windows.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Signals:
    """What asked to end.

    Attributes:
        heard: the number of the signal; None: none came.
    """

    def __init__(self) -> None:
        self.heard: int | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep the first signal in `heard` instead of ending; a second one ends the process at once, as usual.

        Signals that the process ignores stay ignored: `nohup` is to outlive its terminal.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        before = {number: handler for number, handler in handlers.items() if handler not in (signal.SIG_IGN, None)}

        def hear(number: int, _frame: FrameType | None) -> None:
            self.heard = number
            for one, handler in before.items():
                signal.signal(one, handler)

        for number in before:
            signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def deferred() -> Iterator[None]:
    """Let a block end first that must not be cut off; a signal meanwhile counts then, a second one at once."""
    signals = Signals()
    with signals.listening():
        yield
    if signals.heard is not None:
        signal.raise_signal(signals.heard)


@contextmanager
def unwound() -> Iterator[None]:
    """Have every signal leave the block as Ctrl-C does: with an exception, by which locks and what is half made go.

    Raises:
        InterruptedRunError: a signal other than Ctrl-C's came.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ending = [number for number in _SIGNALS if signal.getsignal(number) == signal.SIG_DFL]
    heard: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    for number in ending:
        signal.signal(number, leave)
    try:
        yield
    except KeyboardInterrupt:
        if heard:
            raise InterruptedRunError("interrupted.", heard[0]) from None
        raise
    finally:
        for number in ending:
            signal.signal(number, signal.SIG_DFL)
