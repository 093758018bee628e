"""`fastw2v verify`: every engine against the reference, on the user's own text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fastw2v.cli.options import with_settings
from fastw2v.cli.train import CORPUS_HELP
from fastw2v.messages.printable import plural
from fastw2v.settings import Settings


@with_settings()
def verify(
    corpus: Annotated[list[Path] | None, typer.Argument(help=CORPUS_HELP, show_default=False)] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the checks as one JSON object on stdout.")] = False,
    settings: Settings,
) -> None:
    """Prove on your text and settings that every engine computes what the reference computes."""
    from fastw2v.cli import show
    from fastw2v.verify import checks as verification

    console = show.console(json)
    prepared = verification.prepare(corpus, settings)
    checks = []
    with console.status("verifying") as status:
        for check in verification.verify(prepared, settings):
            checks.append(check)
            status.update(f"verified {check.what}")
    rows = [
        [check.what, check.equality, f"{check.deviation:.1e}", f"{check.limit:.1e}", "ok" if check.passed else "FAIL"]
        for check in checks
    ]
    columns = ["what", "equality", "largest\ndeviation", "limit", "verdict"]
    console.print(show.table(f"Verified on {prepared.corpus['name']}", columns, rows, texts=2))
    failed = [check.what for check in checks if not check.passed]
    if failed:
        console.print(f"{len(failed)} of {plural(len(checks), 'check')} FAILED; the first: {failed[0]}")
    else:
        console.print(f"All {len(checks)} checks hold.")
    if json:
        show.print_json({"failed": len(failed), "checks": [check.as_dict() for check in checks]})
    if failed:
        raise typer.Exit(1)
