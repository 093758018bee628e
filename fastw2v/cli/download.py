"""`fastw2v download`: fetch a public corpus or a test set, verified by checksum."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from fastw2v.cli.completing import among, datasets

_DATASETS = (
    "tinystories: short stories written by GPT-4 (Eldan and Li 2023). To evaluate on: wordsim353, simlex999 (word "
    "pairs), google-analogies."
)


def download(
    dataset: Annotated[str, typer.Argument(help=_DATASETS, show_default=False, autocompletion=datasets)],
    split: Annotated[
        str | None,
        typer.Option(
            help="Of tinystories: train (2.2 GB, the default) or valid (22 MB).",
            show_default=False,
            autocompletion=among("train", "valid"),
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Directory for the file.")] = Path(),
) -> None:
    """Fetch public data, go on after a break, and verify what arrived."""
    from fastw2v.cli import show
    from fastw2v.download import fetching, hub, published_sets
    from fastw2v.errors import UsageError

    fetching.one_of({**hub.DATASETS, **published_sets.SETS}, dataset, "dataset")
    to_evaluate = dataset in published_sets.SETS
    if to_evaluate and split is not None:
        raise UsageError(f"{dataset} is one file. Got --split {split:.60}; leave it out.")
    if to_evaluate:
        fetched, version = published_sets.fetch(dataset, output), "tag"
    else:
        fetched, version = hub.fetch(dataset, split or "train", output), "commit"
    record = fetched.record
    console = show.console()
    console.print(f"{'Already there' if fetched.already_there else 'Fetched'}, and verified: {fetched.path}")
    console.print(f"  {record.size:,} bytes, SHA-256 {record.sha256}")
    console.print(f"  from {record.repository}, {version} {record.commit}")
    console.print(f"  licence {record.licence}: {record.licence_url}")
    command = ["fastw2v", "evaluate", "MODEL"] if to_evaluate else ["fastw2v", "train"]
    console.print("Try: " + shlex.join([*command, str(fetched.path)]))
