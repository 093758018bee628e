"""The report's findings, reproduced: what it met while building word2vec, measured again with this package.

    python -m benchmarks.report [--corpus PATH ...] [--words N] [--output DIR]

Prints, for each text, what was measured and whether it agrees with the report, and draws pictures where
matplotlib is installed. `learning` and `filtering` hold the findings.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import filtering, learning
from benchmarks.finding import Finding
from benchmarks.runs import Text, read
from fastw2v.bench import machine
from fastw2v.bench.tables import command
from fastw2v.errors import Fastw2vError

WORDS = 300_000
TINYSTORIES = Path(__file__).resolve().parents[2] / "shared" / "data" / "tinystories.txt"
FINDINGS: tuple[Callable[[Text], Finding], ...] = (
    learning.sign_error,
    filtering.neighbours,
    learning.schedules,
    filtering.vanishing,
    learning.loss_curve,
    learning.wishes,
)


def main(arguments: Sequence[str]) -> int:
    """Print the report for each text; return the exit code."""
    options = _parse(arguments)
    begun = time.perf_counter()
    print("The report's findings, reproduced\n")
    print(machine.text())
    print(f"command    {command('benchmarks.report', arguments)}")
    drawn = options.output if importlib.util.find_spec("matplotlib") else None
    if drawn is None:
        print("Pictures are skipped: matplotlib is not installed (pip install '.[plot]').")
    try:
        for text in _texts(options.corpus, options.words):
            _report(text, drawn)
    except Fastw2vError as error:
        print(f"benchmarks.report: {error}", file=sys.stderr)
        return error.exit_code
    print(f"\n{time.perf_counter() - begun:.0f} seconds in all.")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.report", description="The report's findings, reproduced."
    )
    parser.add_argument(
        "--corpus",
        nargs="+",
        metavar="PATH",
        help="texts to take in place of the built-in stories and TinyStories",
    )
    parser.add_argument(
        "--words", type=int, default=WORDS, metavar="N", help=f"words of each text to read; default {WORDS}"
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("fastw2v-report"),
        metavar="DIR",
        help="where the pictures go; default %(default)s",
    )
    return parser.parse_args(arguments)


def _texts(paths: Sequence[str] | None, words: int) -> Iterator[Text]:
    if paths:
        for number, path in enumerate(paths, start=1):
            yield read(path, Path(path).name, f"{number}-{Path(path).stem}", words)
        return
    yield read(None, "the built-in stories", "stories", words)
    if TINYSTORIES.exists():
        yield read(str(TINYSTORIES), "TinyStories", "tinystories", words)
    else:
        print(f"\nTinyStories is skipped: there is no {TINYSTORIES}.")


def _report(text: Text, output: Path | None) -> None:
    title = f"{text.name}: the first {text.encoded.tokens:,} words, {text.encoded.documents:,} documents"
    print(f"\n\n{title}\n{'=' * len(title)}")
    for measure in FINDINGS:
        finding = measure(text)
        print(f"\n{finding.title}\n{'-' * len(finding.title)}")
        print("\n".join(finding.lines), flush=True)
        if output is not None and finding.drawing is not None:
            output.mkdir(parents=True, exist_ok=True)
            path = output / f"{text.slug}-{finding.slug}.png"
            finding.drawing().savefig(path)
            print(f"Picture: {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
