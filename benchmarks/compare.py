"""How fast training is beside other trainers, on TinyStories and Wikipedia: the figures of docs/performance.md.

    python -m benchmarks.compare [--corpora NAME ...] [--rounds N] [--epochs N] [--words N] [--folder DIR]
    python -m benchmarks.compare --page

The same code as `fastw2v bench`, on the whole of both texts: verified, timed in alternation, shown. Each run is kept in
`benchmarks/results/NAME.jsonl` as it ends; after an interruption the same command goes on where it stopped. When all
rounds are done the report becomes a section of `benchmarks/RESULTS.md`; `--page` copies its table into the page.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.arguments import positive
from fastw2v.bench import report
from fastw2v.bench.comparison import ROUNDS, SETTINGS, Comparison
from fastw2v.bench.run import compare
from fastw2v.bench.sections import read_section, write_section
from fastw2v.bench.tables import command
from fastw2v.errors import Fastw2vError, UsageError

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
PAGE = HERE.parent / "docs" / "performance.md"
CORPORA = {"tinystories": DATA / "tinystories.txt", "wiki": DATA / "wiki.txt"}
SECTION = "speed"


def main(arguments: Sequence[str]) -> int:
    """Compare on each text, then write the section; return the exit code."""
    options = _parse(arguments)
    try:
        if options.words is not None and options.folder == HERE:
            raise UsageError("--words is for a quick look. Give it a --folder DIR of its own, for its RESULTS.md.")
        if options.page:
            write_page(options.folder / "RESULTS.md", PAGE)
            return 0
        how = command("benchmarks.compare", _without_folder(options))
        print("\n".join((report.machine_text(how), *report.missing_peers())), flush=True)
        done = [_compare(name, options, how) for name in options.corpora]
        write_section(options.folder / "RESULTS.md", SECTION, report.markdown(done, how))
    except Fastw2vError as error:
        print(f"benchmarks.compare: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("benchmarks.compare: interrupted; the same command goes on.", file=sys.stderr)
        return 130
    return 0


def write_page(results: Path, page: Path) -> None:
    """Copy the table of RESULTS.md into the page of performance.

    Raises:
        UsageError: there is no table.
    """
    table = read_section(results, report.SUMMARY)
    if table is None:
        raise UsageError(f"{results} has no section {report.SUMMARY!r}. `python -m benchmarks.compare` writes it.")
    write_section(page, report.SUMMARY, table)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare", description="How fast training is beside other trainers."
    )
    text = f"any of {', '.join(CORPORA)}; default: all"
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=list(CORPORA), metavar="NAME", help=text)
    parser.add_argument("--rounds", type=positive, default=ROUNDS, metavar="N", help="default %(default)s")
    parser.add_argument("--epochs", type=positive, default=SETTINGS.epochs, metavar="N", help="default %(default)s")
    parser.add_argument("--words", type=positive, metavar="N", help="of the beginning of each text; default: all")
    parser.add_argument("--folder", type=Path, default=HERE, metavar="DIR", help="for RESULTS.md and the rows")
    parser.add_argument(
        "--page", action="store_true", help="only copy the table of RESULTS.md into docs/performance.md"
    )
    return parser.parse_args(arguments)


def _without_folder(options: argparse.Namespace) -> list[str]:
    """Return the options without the folder: the machine's paths are not written down."""
    words = [] if options.words is None else ["--words", str(options.words)]
    return ["--corpora", *options.corpora, "--rounds", str(options.rounds), "--epochs", str(options.epochs), *words]


def _compare(name: str, options: argparse.Namespace, how: str) -> Comparison:
    path = CORPORA[name]
    if not path.exists():
        raise UsageError(f"There is no text {path}. The shared data must lie in a folder beside the project's.")
    rows = options.folder / "results"
    rows.mkdir(parents=True, exist_ok=True)
    return compare(
        [path],
        dataclasses.replace(SETTINGS, epochs=options.epochs),
        options.rounds,
        say=lambda text: print(f"{name}, {text}", file=sys.stderr, flush=True),
        show=lambda text: print(f"\n{text}", flush=True),
        words=options.words,
        results=rows / f"{name}.jsonl",
        command=how,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
