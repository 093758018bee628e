"""What limits two deterministic threads: an epoch in its parts, alone and side by side.

    python -m benchmarks.columns [--corpora PATH ...] [--rounds N] [--output DIR]

They share every batch, each with half of the columns. Here the halves are trained alone, and at the same time without
waiting for each other: what two threads would take if nothing had to be exchanged. Beside it stands what they do take.
Writes into `benchmarks/RESULTS.md`; for other texts only where --output says so.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arguments import positive
from benchmarks.runs import Text, read
from fastw2v import engines
from fastw2v.bench import machine
from fastw2v.bench.rounds import WARM_UP, Spread, alternate, label, without_warnings
from fastw2v.bench.sections import write_section
from fastw2v.bench.tables import command, table
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.errors import Fastw2vError
from fastw2v.settings import Settings
from fastw2v.training.plan import Plan
from fastw2v.training.trainer import Trainer

TITLE = "What limits two deterministic threads"
HERE = Path(__file__).resolve().parent
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ROUNDS = 5
INTERRUPTED = 130
SETTINGS = Settings(engine="numba", validation=0, epochs=1)
PLAN, NUMBER = "windows and draws", "numbers of rows"
FIRST, SECOND = "training, the first half of the columns alone", "training, the second half alone"
BOTH = "training, both halves at the same time, neither waits"
ONE, TWO = "one worker, all", "two deterministic workers, all"
PARTS = (PLAN, NUMBER, FIRST, SECOND, BOTH, TWO)

Seconds = Mapping[str, float]


def main(arguments: Sequence[str]) -> int:
    """Measure, print, write; return the exit code: 130 where it was interrupted."""
    options = _parse(arguments)
    how = f"{machine.text()}\ncommand    {command('benchmarks.columns', arguments)}"
    print(f"{TITLE}\n\n{how}", flush=True)
    texts: list[str] = []
    code = 0
    try:
        engines.resolve(SETTINGS.engine)
        for path in options.corpora:
            texts.append(_measured(path, options.rounds))
            print(f"\n{texts[-1]}", flush=True)
    except KeyboardInterrupt:
        code = INTERRUPTED
        print(f"\nInterrupted: {len(texts)} of {len(options.corpora)} texts are done and kept.", file=sys.stderr)
    except Fastw2vError as error:
        print(f"benchmarks.columns: {error}", file=sys.stderr)
        return error.exit_code
    output = options.output or (HERE if options.corpora == _corpora() else None)
    if output is not None and texts:
        output.mkdir(parents=True, exist_ok=True)
        blocks = [f"```text\n{text}\n```" for text in (*texts, how)]
        write_section(output / "RESULTS.md", "columns", "\n\n".join([f"## {TITLE}", *blocks]))
        print("\nWritten to RESULTS.md.")
    return code


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.columns", description=f"{TITLE}.")
    parser.add_argument(
        "--corpora", type=Path, nargs="+", default=_corpora(), metavar="PATH", help="texts; default the shared ones"
    )
    parser.add_argument(
        "--rounds", type=positive, default=ROUNDS, metavar="N", help="rounds to time; default %(default)s"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="where RESULTS.md goes; default benchmarks")
    return parser.parse_args(arguments)


def _corpora() -> list[Path | None]:
    """Return the shared texts; where there are none, the built-in stories (None)."""
    return [path for path in (DATA / "tinystories.txt", DATA / "wiki.txt") if path.exists()] or [None]


def _measured(path: Path | None, rounds: int) -> str:
    """Time all parts of a text's epoch in alternation; return what they took of one worker's epoch."""
    name = path.stem if path else "built-in stories"
    text = read(str(path) if path else None, name, name, sys.maxsize)
    data = text.prepare(SETTINGS)
    found: list[Seconds] = []
    for number, (one,) in alternate([data], rounds):
        print(f"{name}: {label(number, rounds)}", file=sys.stderr, flush=True)
        seconds = seconds_of(one)
        if number != WARM_UP:
            found.append(seconds)
    return shares_text(text, found)


def shares_text(text: Text, found: Sequence[Seconds]) -> str:
    """Return a line a part, as shares of one worker's epoch, and how many times as fast two threads could be."""
    rows = [[part, Spread.of([each[part] / each[ONE] for each in found]).text(2)] for part in PARTS]
    bound, reached = Spread.of([bound_of(each) for each in found]), Spread.of([e[ONE] / e[TWO] for e in found])
    return (
        f"{table([text.name, 'of one worker'], rows)}\n"
        f"If nothing had to be exchanged, two would be {bound.text(2)} times as fast as one.\n"
        f"They are {reached.text(2)} times as fast."
    )


def bound_of(seconds: Seconds) -> float:
    """Return how many times as fast two threads would be that never waited for each other.

    One plans, and both do the numbering: it is over when half of all that is done, but not before the plan is.
    """
    ready = max(seconds[PLAN], (seconds[PLAN] + seconds[NUMBER]) / 2)
    return seconds[ONE] / (ready + seconds[BOTH])


def seconds_of(data: Preprocessed) -> Seconds:
    """Return what an epoch takes with one worker and with two deterministic ones, and what its parts take."""
    seconds = dict.fromkeys((ONE, *PARTS), 0.0)
    with without_warnings():
        for name, workers in ((ONE, 1), (TWO, 2)):
            settings = Settings(**(SETTINGS.as_dict() | {"workers": workers, "deterministic": True}))
            seconds[name] = Trainer(data, settings).run().train_seconds
    for name, some in _parts(data):
        seconds[name] += some
    return seconds


def _parts(data: Preprocessed) -> Iterator[tuple[str, float]]:
    """Do an epoch block by block; yield what each part of each block took."""
    from fastw2v.engines.numba.layout import Block, Numbers, Stamps
    from fastw2v.engines.numba.numbering import number_batches

    words, size = len(data.vocabulary), SETTINGS.batch_size
    _, draws = engines.make(SETTINGS, data.vocabulary.counts)
    blocks = Plan(data.stream, SETTINGS, draws).blocks(0)
    stamps = Stamps.fresh(words)
    weights = _halved_weights(words)
    with ThreadPoolExecutor(1) as other:
        while True:
            begun = time.perf_counter()
            windows = next(blocks, None)
            if windows is None:
                return
            yield PLAN, time.perf_counter() - begun
            block = Block.of(windows)
            numbers = Numbers.empty(block, size, words)
            stamps = stamps.with_places(numbers, block, size)
            yield NUMBER, _timed(number_batches, block, numbers, stamps, size, 0, len(numbers.used))
            first, second, *both = (_training(weights, block, numbers, half) for half in (0, 1, 0, 1))
            yield FIRST, _timed(first)
            yield SECOND, _timed(second)
            yield BOTH, _timed(_at_once, other, *both)


def _halved_weights(words: int) -> Weights:
    """Return weights with the halves of rows apart, as deterministic threads have them."""
    from fastw2v.engines.numba.split_rows import separate

    weights = initial_weights(words, SETTINGS)
    for matrix in (weights.w_in, weights.w_out):
        separate(matrix)
    return weights


def _training(weights: Weights, block: Any, numbers: Any, half: int) -> Callable[[], None]:
    """Return what does a thread's part of a numbered block: at the rate 0, so that nothing can diverge."""
    from fastw2v.engines.numba import kernels
    from fastw2v.engines.numba.scratch import Addresses, ColumnSplit, Limits, ScratchSize
    from fastw2v.engines.numba.split_rows import middle_line
    from fastw2v.jit.simd_width import LINE_BYTES
    from fastw2v.objectives import make

    size, middle, end = SETTINGS.batch_size, middle_line(weights.w_in), weights.w_in.strides[0] // LINE_BYTES
    own = numbers._replace(terms=numbers.terms.copy())  # training writes to them
    scratch = ScratchSize.of(weights, own, block, size).allocate()
    lines = (middle, end, end) if half else (0, middle, middle)
    at = Addresses.of(weights, own, scratch, lines, separated=True)
    number = weights.w_in.dtype.type
    limits = Limits(number(SETTINGS.sigmoid_clip), 0.0, *make(SETTINGS).outputs.step_limits(), False)
    rates, losses = np.zeros(len(own.used)), np.zeros(len(own.used))
    return lambda: kernels.train(block, own, scratch, at, limits, ColumnSplit.none(scratch), size, rates, losses)


def _at_once(other: ThreadPoolExecutor, first: Callable[[], None], second: Callable[[], None]) -> None:
    running = other.submit(first)
    second()
    running.result()


def _timed(work: Callable[..., Any], *given: Any) -> float:
    begun = time.perf_counter()
    work(*given)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
