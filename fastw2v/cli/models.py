"""Arguments and options that the query commands share, and opening the model or the vectors.

A model is a directory, or a file of vectors of any form.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastw2v.cli.completing import among, models
from fastw2v.cli.no_model import refuse_other

if TYPE_CHECKING:
    from fastw2v.keyed_vectors import KeyedVectors
    from fastw2v.model import Word2Vec

logger = logging.getLogger(__name__)

Model = Annotated[
    Path,
    typer.Argument(
        help="Directory of a model, or a file of vectors (.vec, .bin, .npz ..., also .gz).",
        show_default=False,
        autocompletion=models,
    ),
]
Topn = Annotated[int, typer.Option(help="How many to show.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Which = Annotated[
    str,
    typer.Option(
        "--vectors",
        help="Which of a word's vectors: input, output or mean.",
        autocompletion=among("input", "output", "mean"),
    ),
]


def load_model(directory: Path) -> Word2Vec:
    """Return the model in a directory. Raises as `Word2Vec.load`."""
    from fastw2v.model import Word2Vec

    refuse_other(directory)
    return Word2Vec.load(directory)


def open_model(path: Path) -> Word2Vec | KeyedVectors:
    """Return the model of a directory, or the vectors of a file.

    Raises:
        UsageError: there is nothing at `path`, or it is a directory without a model.
        DataError: it is damaged, or no file of vectors; see `Word2Vec.load` and `KeyedVectors.load`.
    """
    from fastw2v.cli import show
    from fastw2v.errors import UsageError
    from fastw2v.formats.projector import is_projector
    from fastw2v.keyed_vectors import KeyedVectors
    from fastw2v.messages.addresses import refuse_address

    if not path.exists():
        refuse_address(path)
        raise UsageError(f"{path} does not exist; give a model's directory or a file of vectors.")
    if not path.is_dir() or is_projector(path):
        # A gigabyte takes a minute. On stderr: stdout may be read by a program.
        with show.working(show.console(for_program=True)) as say:
            say(f"reading {path}")
            return KeyedVectors.load(path)
    return load_model(path)


def open_vectors(path: Path, which: str = "input") -> KeyedVectors:
    """Return a model's vectors, or those of a file. Raises as `open_model`, and UsageError where a file has one kind.

    Args:
        path: a model's directory, or a file.
        which: input, output or mean.
    """
    from fastw2v.errors import UsageError
    from fastw2v.keyed_vectors import KeyedVectors

    opened = open_model(path)
    if not isinstance(opened, KeyedVectors):
        return opened.vectors_of(which)
    if which != "input":
        raise UsageError(f"A file has one vector a word. Got --vectors {which:.60} and the file {path}; leave it out.")
    return opened


def key_of(vectors: KeyedVectors, word: str) -> Any:
    """Return the word as the model has it, and say where that is not as it was typed; an unknown word stays.

    A command line gives only text: items may be numbers, and words are in the corpus's spelling.
    """
    known = vectors.known_as(word)
    if known is None:
        return word
    if str(known) != word:
        logger.warning("%r is not in the vocabulary as written; %r is.", word, known)
    return known
