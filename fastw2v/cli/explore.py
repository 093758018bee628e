"""`fastw2v explore`, an HTML page, and `fastw2v plot`, a picture."""

from __future__ import annotations

import importlib.util
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from fastw2v.cli.completing import among
from fastw2v.cli.models import Model, load_model, open_model, open_vectors
from fastw2v.errors import UsageError
from fastw2v.messages.printable import plural

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")]
_PROJECTIONS = "pca, at once; umap (extra map) or tsne (extra sklearn), which take a minute or more."
_complete_projection = among("pca", "umap", "tsne")
# Share of the variance on PCA's plane below which another projection is worth a hint.
_FAITHFUL = 0.5


def explore(
    model: Model,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The HTML file to write; without it, the model's name and .html.", show_default=False
        ),
    ] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    words: Annotated[int, typer.Option(min=1, help="How many words, the most frequent, are on the map.")] = 20_000,
    projection: Annotated[str, typer.Option(help=_PROJECTIONS, autocompletion=_complete_projection)] = "pca",
    evaluate: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file of word pairs, analogies or word classes to judge by; may be given again.", show_default=False
        ),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a page for a browser: a map of the words, neighbours, analogies, losses, evaluation.

    One file that needs no network and can be given away.
    """
    from fastw2v.cli import show
    from fastw2v.explore import write_page
    from fastw2v.keyed_vectors import KeyedVectors

    name = model.resolve().name
    output = output or Path(f"{name.removesuffix('.gz').rpartition('.')[0] or name if model.is_file() else name}.html")
    _check_output(output, overwrite)
    console = show.console()
    opened = open_model(model)
    with show.working(console) as say:
        share = write_page(
            opened,
            output,
            title=name,
            words=words,
            projection=projection,
            evaluate=evaluate or (),
            overwrite=overwrite,
            say=say,
        )
    shown = min(words, len(opened if isinstance(opened, KeyedVectors) else opened.wv))
    console.print(f"{plural(shown, 'word')} in {output} ({output.stat().st_size / 1e6:.1f} MB).")
    _hint(console, share)
    if not open_page:
        console.print("Open it in a browser, or let --open do that.")
    elif not webbrowser.open(output.resolve().as_uri()):
        console.print(f"No browser could be started here; open {output} in one.")


def plot(
    model: Model,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The picture to write: .png, .svg or .pdf; without it loss.png or map.png.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="loss: the loss of each epoch; map: the words on a plane. Default: loss; of a file of vectors, map.",
            show_default=False,
            autocompletion=among("loss", "map"),
        ),
    ] = None,
    projection: Annotated[
        str | None,
        typer.Option(
            help=f"Of a map: {_PROJECTIONS} Default: pca.", show_default=False, autocompletion=_complete_projection
        ),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Draw a model's losses, or the map of its words, as PNG, SVG or PDF."""
    from fastw2v.cli import show
    from fastw2v.views import plots

    kind = kind or ("map" if model.is_file() else "loss")
    if kind not in ("loss", "map"):
        raise UsageError(f"kind must be loss or map. Got {kind!r:.60}.")
    if kind == "loss" and projection is not None:
        raise UsageError(
            f"projection is for a map, and a loss curve has none. Got {projection!r:.60}; --kind map would work."
        )
    if kind == "loss" and model.is_file():
        raise UsageError(f"{model} is a file of vectors, which has no losses. Got --kind loss; --kind map would work.")
    output = output or Path(f"{kind}.png")
    plots.picture_format(output, kind)
    _check_output(output, overwrite)
    console = show.console()
    if kind == "loss":
        plots.loss_curve(load_model(model).history, output)
        console.print(f"Loss curve: {output}")
        return
    vectors, by = open_vectors(model), projection or "pca"
    with show.working(console) as say:
        say(f"placing {plural(min(len(vectors), plots.MAP_WORDS), 'word')} by {by}")
        share = plots.word_map(vectors, output, by, title=model.resolve().name)
    console.print(f"Map: {output}")
    _hint(console, share)


def _hint(console: Any, share: float | None) -> None:
    """Say that there is a better map, where PCA's plane holds little of what the vectors hold."""
    if share is None or share >= _FAITHFUL:
        return
    first = "" if importlib.util.find_spec("umap") else ", after pip install umap-learn"
    console.print(
        f"Its two axes hold {share:.0%} of the variance: --projection umap shows better which words lie together "
        f"(a minute or more{first})."
    )


def _check_output(path: Path, overwrite: bool) -> None:
    """Refuse, before anything is computed, a file that is there."""
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is already there; give another name, or --overwrite to replace it.")
