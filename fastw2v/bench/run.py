"""One comparison from start to end: verify, time, report. Every command that compares calls this."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastw2v.bench import report
from fastw2v.bench.comparison import Comparison, measure, prepare, verified
from fastw2v.errors import TrainingError
from fastw2v.settings import Settings


def compare(
    corpus: Sequence[Path] | None,
    settings: Settings,
    rounds: int,
    *,
    say: Callable[[str], None],
    show: Callable[[str], None],
    **options: Any,
) -> Comparison:
    """Read; verify every engine on the text; then time; then show the report, also when interrupted: of what is done.

    Args:
        corpus: files or directories; None for the built-in stories.
        settings: for all candidates.
        rounds: to time in all.
        say: hears what is being done, before it is.
        show: is given what is to be read: first the checks, at the end the report.
        options: see `comparison.prepare`.

    Raises:
        TrainingError: an engine does not compute what the reference computes: nothing is timed.
    """
    with tempfile.TemporaryDirectory() as folder:
        say("reading")
        comparison = prepare(corpus, Path(folder), settings, **options)
        say("verifying")
        checks = verified(corpus, settings)
        show(report.checks_text(checks))
        if not all(check.passed for check in checks):
            raise TrainingError("Not timed: an engine does not compute what the reference computes; see the checks.")
        try:
            measure(comparison, rounds, say)
        finally:
            if comparison.results.rows:
                show(report.whole(comparison))
    return comparison
