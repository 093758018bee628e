"""`fastw2v encode` and `fastw2v cache`: tokenise text once; list and clear the cache."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fastw2v.cli.help_pages import Command, Group
from fastw2v.cli.options import with_settings
from fastw2v.cli.train import CORPUS_HELP
from fastw2v.errors import UsageError
from fastw2v.messages.printable import plural
from fastw2v.settings import READING, Settings

if TYPE_CHECKING:
    from fastw2v.corpus.store import StoredCorpus

cache = typer.Typer(
    help="List or remove the encoded text that `train` keeps for the next run.",
    epilog="fastw2v cache list\nfastw2v cache clear",
    cls=Group,
    rich_markup_mode="rich",
)


@with_settings(*READING, "workers")
def encode(
    corpus: Annotated[list[Path] | None, typer.Argument(help=CORPUS_HELP, show_default=False)] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Directory of the encoded corpus.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a corpus that lies in --output.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and warnings only.")] = False,
    settings: Settings,
) -> None:
    """Encode text once, to train on it many times: `fastw2v train DIR` takes the result in place of text."""
    from fastw2v.cli import show
    from fastw2v.cli.watching import Watching
    from fastw2v.corpus import reading

    console = show.console(json, quiet)
    start = time.perf_counter()
    with Watching(console) as watching:
        stored = reading.encode_text(corpus, settings, output, watching.reading, overwrite)
        read = watching.bytes_read
    seconds = time.perf_counter() - start
    console.print(_account(stored, read, seconds))
    console.print(f"Encoded corpus: {output}\nTry: fastw2v train {output}")
    if json:
        show.print_json({**stored.manifest, "output": str(output), "bytes_read": read, "seconds": seconds})


def _account(stored: StoredCorpus, read: int, seconds: float) -> str:
    manifest = stored.manifest
    size = sum(entry["bytes"] for entry in manifest["files"].values())
    forgotten = manifest["tokens_forgotten"]
    return (
        f"{plural(manifest['documents'], 'document')}, {plural(manifest['tokens'], 'token')}, "
        f"{manifest['words']:,} different; "
        + (f"{plural(forgotten, 'token')} of words forgotten while counting (max_vocab_size); " if forgotten else "")
        + f"{plural(read, 'byte')} in {seconds:.1f} s ({read / seconds / 1e6:,.1f} MB/s), {size:,} on disk."
    )


@cache.command("list", cls=Command, epilog="fastw2v cache list\nFASTW2V_CACHE_DIR=/data/cache fastw2v cache list")
def list_entries() -> None:
    """List the encoded corpora that are kept."""
    from fastw2v.cli import show
    from fastw2v.corpus.cache import Cache

    kept, console = Cache(), show.console()
    entries = kept.entries()
    rows = [[entry.name, entry.key[:8], f"{entry.tokens:,}", f"{entry.size:,}", _when(entry.used)] for entry in entries]
    if rows:
        console.print(show.table("Encoded text", ["text", "key", "tokens", "bytes", "last used"], rows, texts=2))
    total = sum(entry.size for entry in entries)
    console.print(f"{plural(len(rows), 'text')}, {total:,} of at most {plural(kept.most, 'byte')}, in {kept.folder}")


@cache.command(
    "clear",
    cls=Command,
    epilog="fastw2v cache clear\nfastw2v cache clear 3fa9  # one key of the list",
)
def clear(
    key: Annotated[
        str | None, typer.Argument(help="Only this one: the beginning of its key.", show_default=False)
    ] = None,
) -> None:
    """Remove the encoded corpora that are kept, or one of them. They are made again when they are needed."""
    from fastw2v.cli import show
    from fastw2v.corpus.cache import Cache

    kept = Cache()
    entries = [entry for entry in kept.entries() if entry.key.startswith(key or "")]
    if key and not entries:
        raise UsageError(f"Nothing in the cache has a key that begins with {key!r}; fastw2v cache list shows them.")
    freed = kept.clear(entries)
    show.console().print(f"Removed {plural(len(entries), 'text')}, {plural(freed, 'byte')}.")


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
