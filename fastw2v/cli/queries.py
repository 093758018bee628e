"""Commands that ask a trained model: `similar`, `analogy`, `evaluate`, `info`, `convert`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fastw2v.evaluation import AnalogiesResult, ClassesResult, PairsResult
    from fastw2v.model import Word2Vec
    from fastw2v.vectors import KeyedVectors

Model = Annotated[Path, typer.Argument(help="Directory of a model.", show_default=False)]
Topn = Annotated[int, typer.Option(help="How many to show.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def similar(
    model: Model,
    words: Annotated[list[str], typer.Argument(help="Words to find neighbours of.", show_default=False)],
    topn: Topn = 10,
    json: Json = False,
) -> None:
    """Show the nearest neighbours of words, by cosine similarity."""
    from fastw2v.cli import show

    vectors = _load(model).wv
    found = {word: vectors.most_similar(_key(vectors, word), topn=topn) for word in words}
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

    vectors = _load(model).wv
    best = vectors.analogy(_key(vectors, a), _key(vectors, b), _key(vectors, c), topn=topn)
    if json:
        show.print_json({"answers": [[str(word), value] for word, value in best]})
        return
    rows = [[str(word), f"{value:.3f}"] for word, value in best]
    show.console().print(show.table(f"{a} is to {b} as {c} is to", ["word", "cosine"], rows))


def evaluate(
    model: Model,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Word pairs with scores, or analogies with ': section' lines. Without any: the built-in stories' "
            "word classes and analogies.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Judge a model: word similarity, analogies, or the built-in stories' ground truth."""
    from fastw2v import evaluation
    from fastw2v.cli import show

    vectors = _load(model).wv
    if files:
        with show.console(json).status("evaluating"):
            results = {str(path): evaluation.evaluate_file(vectors, path) for path in files}
        if json:
            show.print_json({name: result.as_dict() for name, result in results.items()})
            return
        for name, result in results.items():
            _show_file(name, result)
        return
    stories = evaluation.evaluate_stories(vectors)
    if json:
        show.print_json(stories.as_dict())
        return
    _show_classes(stories.classes)
    _show_analogies("Analogies planted in the stories", stories.analogies)


def info(model: Model, json: Json = False) -> None:
    """Show what a model is, how it was made and how training went."""
    from fastw2v.cli import show

    loaded = _load(model)
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
    vectors = _load(model).wv
    chosen.write(output, vectors)
    show.console().print(f"{len(vectors):,} vectors written to {output}")


def _load(directory: Path) -> Word2Vec:
    from fastw2v.model import Word2Vec

    return Word2Vec.load(directory)


def _key(vectors: KeyedVectors, word: str) -> Any:
    """Return the word as the model has it: a command line gives only text, but items may be numbers."""
    if word not in vectors and word.lstrip("-").isdecimal() and int(word) in vectors:
        return int(word)
    return word


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


def _show_file(name: str, result: PairsResult | AnalogiesResult) -> None:
    from fastw2v.cli import show
    from fastw2v.evaluation import PairsResult

    if not isinstance(result, PairsResult):
        _show_analogies(name, result)
        return
    rows = [
        [
            f"{result.used} of {result.pairs}",
            str(result.out_of_vocabulary),
            show.figure(result.spearman, 3),
            show.figure(result.pearson, 3),
        ]
    ]
    columns = ["pairs used", "out of vocabulary", "Spearman", "Pearson"]
    show.console().print(show.table(name, columns, rows))


def _show_analogies(title: str, result: AnalogiesResult) -> None:
    from fastw2v.cli import show

    rows = [
        [part.section, f"{part.correct}", f"{part.asked}", str(part.out_of_vocabulary), show.percent(part.accuracy)]
        for part in (*result.sections, result.total)
    ]
    show.console().print(show.table(title, ["section", "right", "asked", "out of vocabulary", "share"], rows))


def _show_classes(result: ClassesResult) -> None:
    from fastw2v.cli import show

    rows = [
        [part.name, str(part.words), show.percent(part.share), show.percent(part.chance)]
        for part in (*result.classes, result.overall)
    ]
    title = f"Share of a word's {result.topn} nearest neighbours that are of its class"
    show.console().print(show.table(title, ["class", "words", "share", "by chance"], rows))
