"""Commands that ask a trained model: `similar`, `analogy`, `info`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastw2v.cli.models import Json, Model, Topn, key_of, load_model

if TYPE_CHECKING:
    from fastw2v.model import Word2Vec
    from fastw2v.vectors import Answer

Which = Annotated[str, typer.Option("--vectors", help="Which of a word's vectors: input, output or mean.")]


def similar(
    model: Model,
    words: Annotated[list[str], typer.Argument(help="Words to find neighbours of.", show_default=False)],
    topn: Topn = 10,
    restrict_vocab: Annotated[
        int | None, typer.Option(help="Answer only with this many words, the most frequent.", show_default=False)
    ] = None,
    which: Which = "input",
    approximate: Annotated[
        bool,
        typer.Option(
            "--approximate",
            help="Search an approximate index, and measure how many of the true neighbours of 1,000 words it finds. "
            "With --json the answer gets the keys recall and neighbours.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Show the nearest neighbours of words, by cosine similarity."""
    from fastw2v.cli import show
    from fastw2v.errors import UsageError

    if approximate and restrict_vocab is not None:
        raise UsageError("An approximate index holds all words. Give --approximate or --restrict-vocab, not both.")
    vectors = load_model(model).vectors_of(which)
    keys = [key_of(vectors, word) for word in words]
    recall = None
    if approximate:
        from fastw2v.index import ApproximateIndex

        index = ApproximateIndex(vectors)
        answers, recall = index.most_similar_many(keys, topn), index.recall(topn=topn)
    else:
        answers = vectors.most_similar_many(keys, topn, restrict_vocab=restrict_vocab)
    found = dict(zip(words, answers, strict=True))
    if json:
        neighbours = {word: _listed(best) for word, best in found.items()}
        show.print_json(neighbours if recall is None else {"recall": recall, "neighbours": neighbours})
        return
    for word, best in found.items():
        _print_answer(word, best)
    if recall is not None:
        show.console().print(f"Recall of the {topn} nearest against the exact answer: {recall:.2%}")


def analogy(
    model: Model,
    a: Annotated[str, typer.Argument(help="a is to b ...", show_default=False)],
    b: Annotated[str, typer.Argument(help="... as ...", show_default=False)],
    c: Annotated[str, typer.Argument(help="... c is to what?", show_default=False)],
    topn: Topn = 5,
    method: Annotated[
        str, typer.Option(help="3cosadd adds and subtracts cosines, 3cosmul multiplies and divides them.")
    ] = "3cosadd",
    which: Which = "input",
    json: Json = False,
) -> None:
    """Answer: A is to B as C is to what? (the words nearest to b - a + c)."""
    from fastw2v.cli import show

    vectors = load_model(model).vectors_of(which)
    first, second, third = (key_of(vectors, word) for word in (a, b, c))
    best = vectors.analogy(first, second, third, topn, method)
    if json:
        show.print_json({"answers": _listed(best)})
        return
    _print_answer(f"{a} is to {b} as {c} is to", best, "cosine" if method == "3cosadd" else "score")


def info(model: Model, json: Json = False) -> None:
    """Show what a model is, how it was made and how training went."""
    from fastw2v.cli import show
    from fastw2v.shown import shown

    loaded = load_model(model)
    described = _described(loaded)
    if json:
        show.print_json(described)
        return
    console = show.console()
    for title in ("model", "settings", "provenance"):
        rows = [[name, "-" if value is None else str(value)] for name, value in _flat(described[title])]
        console.print(show.table(title.capitalize(), ["name", "value"], rows, texts=2))
    # The files that each epoch was judged by (`train --evaluate`): the first figure of each.
    judged = dict.fromkeys(name for epoch in loaded.history for name in epoch.get("evaluation", {}))
    rows = []
    for epoch in loaded.history:
        losses = [show.figure(epoch[name], 4) for name in ("loss", "validation_loss")]
        scores = [next(iter(epoch.get("evaluation", {}).get(name, {}).values()), None) for name in judged]
        rows.append([str(epoch["epoch"]), *losses, f"{epoch['pairs']:,}", *(show.figure(score, 3) for score in scores)])
    console.print(show.table("History", ["epoch", "loss", "validation loss", "pairs", *map(shown, judged)], rows))


def _listed(best: Answer) -> list[list[Any]]:
    return [[str(word), value] for word, value in best]


def _print_answer(title: str, best: Answer, of: str = "cosine") -> None:
    from fastw2v.cli import show

    rows = [[str(word), f"{value:.3f}"] for word, value in best]
    show.console().print(show.table(title, ["word", of], rows))


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
