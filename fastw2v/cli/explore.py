"""The commands that show a model or a file of vectors: `explore`, a page for a browser, and `plot`, a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fastw2v.cli.models import Model, load_model, open_model, open_vectors
from fastw2v.errors import UsageError

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")]
_PROJECTIONS = "pca, at once; umap (extra map) or tsne (extra sklearn), which take a minute or more."


def explore(
    model: Model,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.", show_default=False)],
    words: Annotated[int, typer.Option(min=1, help="How many words, the most frequent, are on the map.")] = 20_000,
    projection: Annotated[str, typer.Option(help=_PROJECTIONS)] = "pca",
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
    from fastw2v.vectors import KeyedVectors

    _check_output(output, overwrite)
    console = show.console()
    opened = open_model(model)
    with console.status("drawing the map"):
        write_page(
            opened,
            output,
            title=model.resolve().name,
            words=words,
            projection=projection,
            evaluate=evaluate or (),
            overwrite=overwrite,
        )
    shown = min(words, len(opened if isinstance(opened, KeyedVectors) else opened.wv))
    console.print(f"{shown:,} words in {output} ({output.stat().st_size / 1e6:.1f} MB). Open it in a browser.")


def plot(
    model: Model,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The picture to write: .png or .svg.", show_default=False)
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            help="loss: the loss of each epoch; map: the words on a plane. Default: loss; of a file of vectors, map.",
            show_default=False,
        ),
    ] = None,
    projection: Annotated[
        str | None, typer.Option(help=f"Of a map: {_PROJECTIONS} Default: pca.", show_default=False)
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Draw a model's losses, or the map of its words, as PNG or SVG."""
    from fastw2v import plots
    from fastw2v.cli import show

    kind = kind or ("map" if model.is_file() else "loss")
    if kind not in ("loss", "map"):
        raise UsageError(f"kind must be loss or map. Got {kind!r:.60}.")
    if kind == "loss" and projection is not None:
        raise UsageError(
            f"projection is for a map, and a loss curve has none. Got {projection!r:.60}; --kind map would work."
        )
    plots.picture_format(output)
    _check_output(output, overwrite)
    if kind == "loss":
        plots.loss_curve(_history(model), output)
    else:
        plots.word_map(open_vectors(model), output, projection or "pca")
    show.console().print(f"{'Loss curve' if kind == 'loss' else 'Map'}: {output}")


def _history(path: Path) -> list[dict[str, Any]]:
    """Return what was measured epoch by epoch. Raises UsageError for a file of vectors."""
    if path.is_file():
        raise UsageError(f"{path} is a file of vectors, which has no losses. Got --kind loss; --kind map would work.")
    return load_model(path).history


def _check_output(path: Path, overwrite: bool) -> None:
    """Refuse, before anything is computed, a file that is there."""
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is already there; give another name, or --overwrite to replace it.")
