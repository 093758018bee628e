"""Commands that ask a trained model: `similar`, `analogy`, `info`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastw2v.cli.models import Json, Model, Topn, key_of, load_model

if TYPE_CHECKING:
    from fastw2v.model import Word2Vec


def similar(
    model: Model,
    words: Annotated[list[str], typer.Argument(help="Words to find neighbours of.", show_default=False)],
    topn: Topn = 10,
    json: Json = False,
) -> None:
    """Show the nearest neighbours of words, by cosine similarity."""
    from fastw2v.cli import show

    vectors = load_model(model).wv
    found = {word: vectors.most_similar(key_of(vectors, word), topn=topn) for word in words}
    if json:
        show.print_json({word: [[str(other), value] for other, value in best] for word, best in found.items()})
        return
    for word, best in found.items():
        rows = [[str(other), f"{value:.3f}"] for other, value in best]
        show.console().print(show.table(word, ["word", "cosine"], rows))


def analogy(
    model: Model,
    a: Annotated[str, typer.Argument(help="a is to b ...", show_default=False)],
    b: Annotated[str, typer.Argument(help="... as ...", show_default=False)],
    c: Annotated[str, typer.Argument(help="... c is to what?", show_default=False)],
    topn: Topn = 5,
    json: Json = False,
) -> None:
    """Answer: A is to B as C is to what? (the words nearest to b - a + c)."""
    from fastw2v.cli import show

    vectors = load_model(model).wv
    best = vectors.analogy(key_of(vectors, a), key_of(vectors, b), key_of(vectors, c), topn=topn)
    if json:
        show.print_json({"answers": [[str(word), value] for word, value in best]})
        return
    rows = [[str(word), f"{value:.3f}"] for word, value in best]
    show.console().print(show.table(f"{a} is to {b} as {c} is to", ["word", "cosine"], rows))


def info(model: Model, json: Json = False) -> None:
    """Show what a model is, how it was made and how training went."""
    from fastw2v.cli import show

    loaded = load_model(model)
    described = _described(loaded)
    if json:
        show.print_json(described)
        return
    console = show.console()
    for title in ("model", "settings", "provenance"):
        rows = [[name, "-" if value is None else str(value)] for name, value in _flat(described[title])]
        console.print(show.table(title.capitalize(), ["name", "value"], rows, texts=2))
    rows = []
    for epoch in loaded.history:
        losses = [show.figure(epoch[name], 4) for name in ("loss", "validation_loss")]
        rows.append([str(epoch["epoch"]), *losses, f"{epoch['pairs']:,}"])
    console.print(show.table("History", ["epoch", "loss", "validation loss", "pairs"], rows))


def _described(model: Word2Vec) -> dict[str, Any]:
    return {
        "model": {
            "words": len(model.wv),
            "vector_size": model.wv.vector_size,
            "dtype": model.wv.vectors.dtype.name,
            "epochs trained": len(model.history),
        },
        "settings": model.settings.as_dict(),
        "provenance": model.provenance,
        "history": model.history,
    }


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield names and values; those of a mapping inside get its name before theirs."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name} {inner}", what) for inner, what in _flat(value))
        else:
            yield name, value
