"""`fastw2v bench`: verify, then time beside other trainers."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from fastw2v.cli.train import CORPUS_HELP

# Enough for ratios to settle, few enough for a minute or two with all peers.
_WORDS = 500_000
_RESULTS_HELP = "Keep each run in this file (JSON lines) as it ends; with the same file, go on with what is missing."


def bench(
    corpus: Annotated[list[Path] | None, typer.Argument(help=CORPUS_HELP, show_default=False)] = None,
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; all candidates alternate in each.")] = 5,
    words: Annotated[
        int, typer.Option(min=0, help="Take the text's first documents with so many words; 0: all.")
    ] = _WORDS,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the text in each run.")] = 1,
    peers: Annotated[bool, typer.Option("--peers/--no-peers", help="Time the other trainers installed, too.")] = True,
    results: Annotated[Path | None, typer.Option(help=_RESULTS_HELP, show_default=False)] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a Markdown report to this file.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Prove every engine on your text, then time them beside other trainers, and against the machine."""
    import dataclasses

    from fastw2v.bench import report as reporting
    from fastw2v.bench.comparison import SETTINGS
    from fastw2v.bench.run import compare
    from fastw2v.bench.sections import write_section
    from fastw2v.cli import show

    console = show.console(json)
    how = _command(corpus or [], rounds=rounds, words=words, epochs=epochs, peers=peers)
    header = [reporting.machine_text(how), *(reporting.missing_peers() if peers else [])]

    def show_text(text: str) -> None:
        """Print a text, the first one below the header: a text that cannot be read gets an error alone."""
        while header:
            console.print(header.pop(0))
        console.print(f"\n{text}")

    with console.status("") as status:
        comparison = compare(
            corpus,
            dataclasses.replace(SETTINGS, epochs=epochs),
            rounds,
            say=status.update,
            show=show_text,
            words=words or None,
            with_peers=peers,
            results=results,
            command=how,
        )
    if report is not None:
        write_section(report, "fastw2v bench", reporting.markdown([comparison], how))
        console.print(f"\nReport: {report}")
    if json:
        show.print_json(reporting.as_json(comparison))


def _command(corpus: Sequence[Path], *, rounds: int, words: int, epochs: int, peers: bool) -> str:
    """Return the command without the folders of files: reports are given away, the machine's paths are not."""
    options = ["--rounds", str(rounds), "--words", str(words), "--epochs", str(epochs)]
    return shlex.join(
        ["fastw2v", "bench", *(path.name for path in corpus), *options, *([] if peers else ["--no-peers"])]
    )
