"""The argument `progress=True`: wraps a training method in a progress display."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from fastw2v.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")


def with_progress(train: Callable[P, R]) -> Callable[P, R]:
    """Let a method with the arguments `progress`, `callbacks` and `watch` show how it goes, where progress is True."""

    @functools.wraps(train)
    def wrapper(*arguments: P.args, **options: P.kwargs) -> R:
        progress = options.get("progress", False)
        if not isinstance(progress, bool):
            raise UsageError(f"progress must be True or False. Got {progress!r:.40}.")
        if not progress:
            return train(*arguments, **options)
        from fastw2v.views.display import Display, python_console

        given: Any = options
        with Display(python_console()) as display:
            watch = given.get("watch")

            def read(corpus: Any, tokens: int) -> None:
                display.reading(corpus, tokens)
                if watch is not None:
                    watch(corpus, tokens)

            return train(*arguments, **{**given, "callbacks": [*given.get("callbacks", ()), display], "watch": read})

    return wrapper
