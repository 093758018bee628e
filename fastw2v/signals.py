"""Signals that ask a process to end, taken as a wish to be met at the next good moment. Knows nothing of the rest."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# An interrupt, a wish to end, a terminal that closes. Not all systems have the last.
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
