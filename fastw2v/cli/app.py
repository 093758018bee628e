"""The list of commands, and what becomes of errors: one line on stderr and an exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from fastw2v import __version__
from fastw2v.cli import bench, convert, download, encode, evaluate, explore, queries, train, verify
from fastw2v.cli.streams import take_any_text, to_nowhere
from fastw2v.errors import Fastw2vError
from fastw2v.shown import shown, shown_lines

app = typer.Typer(
    name="fastw2v",
    help="Train, prove and query word2vec vectors: skip-gram with negative sampling.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(train.train)
app.command()(encode.encode)
app.add_typer(encode.cache, name="cache")
app.command()(verify.verify)
app.command()(bench.bench)
app.command()(download.download)
app.command()(queries.similar)
app.command()(queries.analogy)
app.command("doesnt-match")(queries.doesnt_match)
app.command()(evaluate.evaluate)
app.command()(queries.info)
app.command()(explore.explore)
app.command()(explore.plot)
app.command()(convert.convert)

_INTERRUPTED = 130


class _Cleaning(logging.Formatter):
    """Writes messages as text, whatever the words and names in them hold."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        return shown_lines(super().format(record))


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"fastw2v {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Train, prove and query word2vec vectors: skip-gram with negative sampling."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Cleaning())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return its exit code: 0, 1 for a failure, 2 for wrong usage, 130 when interrupted."""
    take_any_text()
    debug = "--debug" in arguments
    # Accepted anywhere on the line, which is where one adds it after an error.
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = int(app(arguments, standalone_mode=False, obj=list(arguments)) or 0)
        # What typer makes of an interrupt; older versions raise an exception that it caused, see below.
        if code == _INTERRUPTED:
            return _fail("interrupted.", code, debug)
        # Older versions of typer show the help and call that a success.
        return code if arguments else 2
    except Fastw2vError as error:
        return _fail(str(error), error.exit_code, debug)
    except KeyboardInterrupt:
        return _fail("interrupted.", _INTERRUPTED, debug)
    except MemoryError:
        less = "A smaller --limit or --vector-size, or a larger --min-count, would need less."
        return _fail(f"out of memory. {less}", 1, debug)
    except OSError as error:
        return _fail(_described(error), 1, debug)
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            return _fail("interrupted.", _INTERRUPTED, debug)
        # What typer raises for a command line that it cannot parse, whatever class it has in this version.
        if hasattr(error, "format_message"):
            return _fail(error.format_message(), int(getattr(error, "exit_code", 2)), debug)
        if debug:
            raise
        return _fail(f"{type(error).__name__}: {error} (a bug: please report it with the output of --debug).", 1, debug)


def _fail(message: str, code: int, debug: bool) -> int:
    if debug and sys.exc_info()[0] is not None:
        logging.getLogger(__name__).error("", exc_info=True)
    if message:
        try:
            typer.echo(f"fastw2v: {shown(message)}", err=True)
        except OSError:  # nobody is there to read it; the code still counts
            to_nowhere(sys.stderr)
    return code


def _described(error: Any) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."
