"""What `fastw2v train` costs besides training: memory, compiling, start-up, and where nothing can be written.

    python -m benchmarks.footprint [--only NAME,NAME] [--output DIR]

Runs the command as users do, in processes of their own, and says which promise is kept. `memory` and `start_up`
measure; here it is put into words and written into `benchmarks/RESULTS.md`, a part of it only where --output says so:
what was measured before of other parts stays there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import memory, start_up
from benchmarks.arguments import names_of
from benchmarks.process import own_cache
from fastw2v.bench import machine
from fastw2v.bench.rounds import Spread
from fastw2v.bench.sections import read_section, section, write_section
from fastw2v.bench.tables import command, table
from fastw2v.errors import Fastw2vError

TITLE = "Footprint: memory, compiling, start-up"
SECTION = "footprint"
WIDTH = 110
HERE = Path(__file__).resolve().parent
INTERRUPTED = 130
# Packages to name of those that a run imports.
NAMED = 6


def main(arguments: Sequence[str]) -> int:
    """Measure, print, write; return the exit code: 130 where it was interrupted."""
    options = _parse(arguments)
    how = _how(arguments)
    print(f"{TITLE}\n\n{how}", flush=True)
    texts: dict[str, str] = {}
    code = 0
    try:
        for name in options.only:
            with tempfile.TemporaryDirectory() as folder:
                texts[name] = PARTS[name](Path(folder))
            print(f"\n{texts[name]}", flush=True)
    except KeyboardInterrupt:
        code = INTERRUPTED
        print(f"\nInterrupted: {len(texts)} of {len(options.only)} parts are done and kept.", file=sys.stderr)
    except Fastw2vError as error:
        print(f"benchmarks.footprint: {error}", file=sys.stderr)
        return error.exit_code
    output = options.output or (None if len(options.only) < len(PARTS) else HERE)
    if output is not None and texts:
        output.mkdir(parents=True, exist_ok=True)
        write(output / "RESULTS.md", {name: f"```text\n{text}\n\n{how}\n```" for name, text in texts.items()})
        print("\nWritten to RESULTS.md.")
    return code


def write(path: Path, blocks: Mapping[str, str]) -> None:
    """Write the blocks of these parts; those of other parts stay as an earlier command wrote them."""
    kept = {name: blocks.get(name) or read_section(path, f"{SECTION} {name}") for name in PARTS}
    parts = [section(f"{SECTION} {name}", text) for name, text in kept.items() if text]
    write_section(path, SECTION, "\n\n".join([f"## {TITLE}", *parts]))


def _how(arguments: Sequence[str]) -> str:
    """Return where, with what and by which command a block was measured: each has its own."""
    here = ", ".join(f"{name} {value}" for name, value in machine.describe().items())
    return f"{textwrap.fill(here, WIDTH)}\n{command('benchmarks.footprint', arguments)}"


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.footprint", description="What training costs besides its time."
    )
    parser.add_argument(
        "--only",
        type=names_of(PARTS),
        default=tuple(PARTS),
        metavar="NAME,NAME",
        help=f"what to measure, of {','.join(PARTS)}; default all",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where RESULTS.md goes; default benchmarks, and nowhere for a part",
    )
    return parser.parse_args(arguments)


def memory_text(folder: Path) -> str:
    """Measure and report the peak memory of each text."""
    environment = own_cache(folder / "cache")
    held = []
    for corpus in memory.corpora(folder):
        print(f"memory: {corpus.shown}", file=sys.stderr, flush=True)
        memory.warm(corpus, environment, folder)
        held.append(memory.measure(corpus, environment))
    return (
        f"Peak memory (MB of 10^6 bytes) of a fresh process, kernels compiled before: allowed are both matrices as\n"
        f"they are padded, the encoded corpus, {memory.FIXED // memory.MB} MB, and {memory.PER_WORD} bytes a word of "
        f"the vocabulary.\n\n{memory.text(held)}"
    )


def compile_text(folder: Path) -> str:
    """Measure and report the compiling of first runs, and what a second run takes besides training."""
    corpus = start_up.write_text(folder)
    rows = []
    for run in start_up.first_runs(corpus):
        shown = " ".join(run.options) or "(defaults)"
        print(f"compiling: {shown}", file=sys.stderr, flush=True)
        rows.append([shown, f"{run.seconds:.1f}", f"{run.done.seconds:.1f}", "kept" if run.kept else "NOT KEPT"])
    return (
        f"First run with an empty cache folder, {start_up.WORDS:,} story words; seconds of compiling as the run says\n"
        f"itself, promised at most {start_up.MOST_COMPILING:g}; wall: the whole process.\n\n"
        f"{table(['fastw2v train', 'compiling, s', 'wall, s', ''], rows)}\n\n{_second_text(corpus, folder / 'cache')}"
    )


def _second_text(corpus: Path, cache: Path) -> str:
    rows = []
    for name, runs in start_up.second_runs(corpus, cache).items():
        spread, loading = start_up.overhead(runs), Spread.of([run.figures["compile_seconds"] for run in runs])
        kept = "kept" if spread.median <= start_up.MOST_OVERHEAD else "NOT KEPT"
        rows.append([name, spread.text(2), loading.text(2), kept])
    packages = list(start_up.imports(corpus, cache).items())[:NAMED]
    named = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in packages)
    return (
        f"Second runs, defaults, median and spread of {start_up.ROUNDS}; promised at most {start_up.MOST_OVERHEAD:g} s "
        "besides training: the wall time of\nthe process, from start to exit, less the training seconds it states. "
        "Interpreter, imports, loading kernels,\nreading, first weights, saving, the picture of the loss are in it.\n\n"
        f"{table(['', 'besides training, s', 'of it loading kernels', ''], rows)}\n\n"
        f"Imports, each package's own modules, in a run under -X importtime, which adds to them:\n{named}."
    )


def edits_text(folder: Path) -> str:
    """Report for which files an edit makes kernels compile anew."""
    changed = start_up.edits(folder)
    stayed = changed.pop(start_up.NO_SOURCE)
    missed = [name for name, seen in changed.items() if not seen]
    verdict = f"NOT KEPT: not for {', '.join(missed)}" if missed else "kept"
    return "\n".join(
        (
            "One byte of a comment changed in each file that kernels are compiled from, one after the other:",
            f"the key of their cache changes for {len(changed) - len(missed)} of {len(changed)}: {verdict}.",
            *textwrap.wrap(", ".join(changed) + ".", width=WIDTH),
            f"An edit of {start_up.NO_SOURCE}, which no kernel is compiled from: the key "
            + ("changes too." if stayed else "stays."),
        )
    )


def unwritable_text(folder: Path) -> str:
    """Report whether training works where nothing can be written, and what it then says."""
    corpus = start_up.write_text(folder)
    lines = ["Training where a folder cannot be written, twice; seconds of compiling or loading kernels:"]
    said: tuple[str, ...] = ()
    for case in start_up.unwritable(corpus, folder):
        print(f"unwritable: {case.name}", file=sys.stderr, flush=True)
        ends = [f"{run.figures['compile_seconds']:.1f} s" if run.figures else "FAILS" for run in case.runs]
        what = "nothing of it." if not case.said else "the same." if case.said == said else "of it:"
        lines.append(f"{case.name}: {', then '.join(ends)}. It says {what}")
        if case.said and case.said != said:
            said = case.said
            lines += textwrap.wrap(" / ".join(said), initial_indent="    ", subsequent_indent="    ", width=WIDTH)
    if len(lines) == 1:
        lines.append("not tried: this user may write everywhere. Another user, or setpriv, would work.")
    return "\n".join(lines)


PARTS: dict[str, Callable[[Path], str]] = {
    "memory": memory_text,
    "compile": compile_text,
    "edits": edits_text,
    "unwritable": unwritable_text,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
