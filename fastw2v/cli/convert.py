"""`fastw2v convert`: write vectors in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fastw2v.cli.completing import forms
from fastw2v.cli.models import Model, Which, open_vectors
from fastw2v.messages.printable import plural


def convert(
    model: Model,
    output: Annotated[
        Path,
        typer.Argument(
            help="File to write: .txt and .vec are word2vec's text format, .bin its binary one, .glove is GloVe's (.gz "
            "after these compresses); .npz is NumPy's, .safetensors, .parquet and .feather are what they say; "
            ".projector is a folder for TensorBoard's projector.",
            show_default=False,
        ),
    ],
    format: Annotated[  # noqa: A002 (the option's name)
        str | None,
        typer.Option(
            help="text, binary, glove, npz, safetensors, parquet, feather or projector, whatever the suffix.",
            show_default=False,
            autocompletion=forms,
        ),
    ] = None,
    which: Which = "input",
    top: Annotated[
        int | None, typer.Option(min=1, help="Only so many words, the most frequent.", show_default=False)
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
    vectors = open_vectors(model, which)[:top]
    chosen.write(output, vectors)
    show.console().print(f"{plural(len(vectors), 'vector')} written to {output}")
