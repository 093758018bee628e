"""The command `convert`: a model's vectors in a form that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastw2v.cli.models import load_model

if TYPE_CHECKING:
    from fastw2v.vectors import KeyedVectors


def convert(
    model: Annotated[Path, typer.Argument(help="Directory of a model, or a file of vectors.", show_default=False)],
    output: Annotated[
        Path,
        typer.Argument(
            help="File to write: .txt is word2vec's text format, .bin its binary one, .glove is GloVe's (.gz after "
            "these compresses); .npz is NumPy's, .safetensors, .parquet and .feather are what they say; .projector is "
            "a folder for TensorBoard's projector.",
            show_default=False,
        ),
    ],
    format: Annotated[  # noqa: A002 (the option's name)
        str | None,
        typer.Option(
            help="text, binary, glove, npz, safetensors, parquet, feather or projector, whatever the suffix.",
            show_default=False,
        ),
    ] = None,
    which: Annotated[
        str, typer.Option("--vectors", help="Which of a word's vectors: input, output or mean.")
    ] = "input",
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
    vectors = _load(model, which)[:top]
    chosen.write(output, vectors)
    show.console().print(f"{len(vectors):,} vectors written to {output}")


def _load(path: Path, which: str) -> KeyedVectors:
    """Return the vectors of a model's directory, or those of a file."""
    from fastw2v.errors import UsageError
    from fastw2v.formats.vector_files import read_vectors

    if path.is_dir():
        return load_model(path).vectors_of(which)
    if not path.exists():
        raise UsageError(f"{path} does not exist; give a model's directory or a file of vectors.")
    if which != "input":
        raise UsageError(f"A file has one vector a word. Got --vectors {which:.60} and the file {path}; leave it out.")
    return read_vectors(path)
