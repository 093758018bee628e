"""The query commands: `similar`, `analogy`, `doesnt-match`, `info`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fastw2v.cli.completing import among
from fastw2v.cli.models import Json, Model, Topn, Which, key_of, open_model, open_vectors
from fastw2v.messages.printable import plural

if TYPE_CHECKING:
    from rich.table import Table

    from fastw2v.keyed_vectors import KeyedVectors
    from fastw2v.model import Word2Vec


def similar(
    model: Model,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="Words to find neighbours of, or a sum such as 'king - man + woman'. Without any: a prompt, or the "
            "lines of standard input.",
            show_default=False,
        ),
    ] = None,
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
) -> int:
    """Show the nearest neighbours of words, by cosine similarity."""
    from fastw2v.cli import show
    from fastw2v.cli.asking import Asker, converse, listed, print_answers
    from fastw2v.errors import UsageError

    if approximate and restrict_vocab is not None:
        raise UsageError("An approximate index holds all words. Give --approximate or --restrict-vocab, not both.")
    vectors = open_vectors(model, which)
    index = None
    if approximate:
        from fastw2v.index import ApproximateIndex

        index = ApproximateIndex(vectors)
    asker = Asker(vectors, topn, restrict_vocab, index)
    if not words:
        return converse(
            asker, f"{model}: {plural(len(vectors), 'word')} of {plural(vectors.vector_size, 'dimension')}.", json
        )
    found = asker.answers(words)
    recall = None if index is None else index.recall(topn=topn)
    if json and recall is not None:
        show.print_json({"recall": recall, "neighbours": {word: listed(best) for word, best in found.items()}})
        return 0
    print_answers(found, json, show.console())
    if recall is not None:
        show.console().print(f"Recall of the {topn} nearest against the exact answer: {recall:.2%}")
    return 0


def analogy(
    model: Model,
    a: Annotated[str, typer.Argument(help="a is to b ...", show_default=False)],
    b: Annotated[str, typer.Argument(help="... as ...", show_default=False)],
    c: Annotated[str, typer.Argument(help="... c is to what?", show_default=False)],
    topn: Topn = 5,
    method: Annotated[
        str,
        typer.Option(
            help="3cosadd adds and subtracts cosines, 3cosmul multiplies and divides them.",
            autocompletion=among("3cosadd", "3cosmul"),
        ),
    ] = "3cosadd",
    which: Which = "input",
    json: Json = False,
) -> None:
    """Answer: A is to B as C is to what? (the words nearest to b - a + c)."""
    from fastw2v.cli import show
    from fastw2v.cli.asking import answer_table, listed

    vectors = open_vectors(model, which)
    first, second, third = (key_of(vectors, word) for word in (a, b, c))
    best = vectors.analogy(first, second, third, topn, method)
    if json:
        show.print_json({"answers": listed(best)})
        return
    title, of = f"{a} is to {b} as {c} is to", "cosine" if method == "3cosadd" else "score"
    show.console().print(answer_table(title, best, of))


def doesnt_match(
    model: Model,
    words: Annotated[list[str], typer.Argument(help="Two words or more.", show_default=False)],
    which: Which = "input",
    json: Json = False,
) -> None:
    """Show which of some words does not go with the others: the farthest from their mean."""
    from fastw2v.cli import show
    from fastw2v.errors import UsageError

    if len(words) < 2:
        raise UsageError(f"Two words or more are needed. Got {words[0]!r:.60} alone; add those to compare it with.")
    vectors = open_vectors(model, which)
    odd = str(vectors.doesnt_match([key_of(vectors, word) for word in words]))
    if json:
        show.print_json({"answer": odd})
    else:
        show.console().print(odd)


def info(model: Model, json: Json = False) -> None:
    """Show what a model is, how it was made and how training went; of a file of vectors, what is in it."""
    from fastw2v.cli import show

    described = _described(open_model(model))
    if json:
        show.print_json(described)
        return
    console = show.console()
    history = described.pop("history", [])
    for title, values in described.items():
        rows = [[name, _cell(value, as_typed=title == "settings")] for name, value in _flat(values)]
        console.print(show.table(title.capitalize(), ["name", "value"], rows, texts=2))
    if history:
        console.print(_history_table(history))


def _cell(value: Any, as_typed: bool) -> str:
    """Return a value as a table shows it; the digits of numbers are grouped, but for settings, `as_typed`."""
    if value is None:
        return "-"
    return f"{value:,}" if type(value) is int and not as_typed else str(value)


def _history_table(history: Sequence[Mapping[str, Any]]) -> Table:
    """Return an epoch a row, with the first figure of each file that it was judged by (`train --evaluate`)."""
    from fastw2v.cli import show
    from fastw2v.messages.printable import shown

    judged = dict.fromkeys(name for epoch in history for name in epoch.get("evaluation", {}))
    rows = []
    for epoch in history:
        losses = [show.figure(epoch[name], 4) for name in ("loss", "validation_loss")]
        scores = [next(iter(epoch.get("evaluation", {}).get(name, {}).values()), None) for name in judged]
        rows.append([str(epoch["epoch"]), *losses, f"{epoch['pairs']:,}", *(show.figure(score, 3) for score in scores)])
    return show.table("History", ["epoch", "loss", "validation loss", "pairs", *map(shown, judged)], rows)


def _described(opened: Word2Vec | KeyedVectors) -> dict[str, Any]:
    """Return what is known of a model, or of vectors alone, by title."""
    from fastw2v.keyed_vectors import KeyedVectors

    if isinstance(opened, KeyedVectors):
        return {"vectors": {**_shape(opened), "counts": "none" if opened.counts is None else "one a word"}}
    return {
        "model": {**_shape(opened.wv), **_epochs(opened)},
        "settings": opened.settings.as_dict(),
        "provenance": opened.provenance,
        "history": opened.history,
    }


def _epochs(model: Word2Vec) -> dict[str, int]:
    """Return the epochs of all runs and, where the model went on from another, of which."""
    total, last = model.epochs_trained, len(model.history)
    runs = {} if total == last else {"epochs_in_earlier_runs": total - last, "epochs_in_last_run": last}
    return {"epochs_trained": total, **runs}


def _shape(vectors: KeyedVectors) -> dict[str, Any]:
    return {"words": len(vectors), "vector_size": vectors.vector_size, "dtype": vectors.vectors.dtype.name}


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield names and values; those of a mapping inside get its name before theirs."""
    from fastw2v.text.notes import said

    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name} {inner}", what) for inner, what in _flat(value))
        elif name == "notes":
            yield name, " ".join(map(said, value))
        else:
            yield name, value
