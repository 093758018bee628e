"""What the commands that ask a trained model share: its argument and options, loading it, its words.

Imports the package only when a command runs, so that --help stays quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fastw2v.model import Word2Vec
    from fastw2v.vectors import KeyedVectors

Model = Annotated[Path, typer.Argument(help="Directory of a model.", show_default=False)]
Topn = Annotated[int, typer.Option(help="How many to show.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def load_model(directory: Path) -> Word2Vec:
    """Return the model in a directory. Raises as `Word2Vec.load`."""
    from fastw2v.model import Word2Vec

    return Word2Vec.load(directory)


def key_of(vectors: KeyedVectors, word: str) -> Any:
    """Return the word as the model has it: a command line gives only text, but items may be numbers."""
    if word not in vectors and word.lstrip("-").isdecimal() and int(word) in vectors:
        return int(word)
    return word
