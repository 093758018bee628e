"""`fastw2v download`: a public corpus from the Hugging Face hub, verified."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer


def download(
    dataset: Annotated[
        str, typer.Argument(help="tinystories: short stories written by GPT-4 (Eldan and Li 2023).", show_default=False)
    ],
    split: Annotated[str, typer.Option(help="train (2.2 GB) or valid (22 MB).")] = "train",
    output: Annotated[Path, typer.Option("--output", "-o", help="Directory for the file.")] = Path(),
) -> None:
    """Fetch a public corpus, go on after a break, and verify what arrived."""
    from fastw2v import hub
    from fastw2v.cli import show

    fetched = hub.fetch(dataset, split, output)
    record = fetched.record
    console = show.console()
    console.print(f"{'Already there' if fetched.already_there else 'Fetched'}, and verified: {fetched.path}")
    console.print(f"  {record.size:,} bytes, SHA-256 {record.sha256}")
    console.print(f"  from {record.repository}, commit {record.commit}")
    console.print(f"  licence {record.licence}: {record.licence_url}")
    console.print("Try: " + shlex.join(["fastw2v", "train", str(fetched.path)]))
