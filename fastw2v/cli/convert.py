"""The command `convert`: a model's vectors in a form that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fastw2v.cli.models import Model, load_model


def convert(
    model: Model,
    output: Annotated[
        Path,
        typer.Argument(
            help="File to write: .txt is word2vec's text format, .bin its binary one, .glove is GloVe's; .gz after it "
            "compresses.",
            show_default=False,
        ),
    ],
    format: Annotated[  # noqa: A002 (the option's name)
        str | None, typer.Option(help="text, binary or glove, whatever the suffix.", show_default=False)
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a model's vectors in a form that other programs read."""
    from fastw2v.cli import show
    from fastw2v.errors import UsageError
    from fastw2v.formats.vector_files import format_of

    chosen = format_of(output, format)
    if output.exists() and not overwrite:
        raise UsageError(f"{output} is already there; give another name, or --overwrite to replace it.")
    vectors = load_model(model).wv
    chosen.write(output, vectors)
    show.console().print(f"{len(vectors):,} vectors written to {output}")
