"""The commands, and how errors become one line on stderr and an exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from fastw2v.cli import bench, convert, download, encode, evaluate, explore, help_pages, queries, train, verify
from fastw2v.cli.streams import take_any_text, to_nowhere
from fastw2v.errors import Fastw2vError
from fastw2v.messages.callers import on_command_line
from fastw2v.messages.printable import shown, shown_lines
from fastw2v.settings import likely_setting
from fastw2v.version import __version__

# Each command with two lines that work as they are, or with the reader's own names in them.
_COMMANDS: tuple[tuple[Callable[..., Any], str, str], ...] = (
    (
        train.train,
        "fastw2v train corpus.txt --output model --workers 2",
        "fastw2v train --resume --output model  # go on with a run that was cut off",
    ),
    (
        encode.encode,
        "fastw2v encode big/*.txt.zst --output corpus",
        "fastw2v train corpus --epochs 3  # as often as you like",
    ),
    (verify.verify, "fastw2v verify corpus.txt", "fastw2v verify corpus.txt --vector-size 200 --noise per-pair"),
    (bench.bench, "fastw2v bench corpus.txt", "fastw2v bench corpus.txt --words 0 --epochs 5 --results rows.jsonl"),
    (
        download.download,
        "fastw2v download tinystories --split valid",
        "fastw2v download simlex999  # then: fastw2v evaluate model simlex999",
    ),
    (queries.similar, "fastw2v similar model happy dog", "fastw2v similar vectors.bin 'king - man + woman' --topn 3"),
    (queries.analogy, "fastw2v analogy model king queen man", "fastw2v analogy model king queen man --method 3cosmul"),
    (
        queries.doesnt_match,
        "fastw2v doesnt-match model cat dog horse happy",
        "fastw2v doesnt-match vectors.bin breakfast lunch table dinner",
    ),
    (evaluate.evaluate, "fastw2v evaluate model pairs.tsv questions.txt", "fastw2v evaluate model other pairs.tsv"),
    (queries.info, "fastw2v info model", "fastw2v info model --json"),
    (
        explore.explore,
        "fastw2v explore model --open",
        "fastw2v explore model --output page.html --projection umap",
    ),
    (explore.plot, "fastw2v plot model --output loss.png", "fastw2v plot model --kind map --output map.pdf"),
    (convert.convert, "fastw2v convert model vectors.txt", "fastw2v convert model vectors.bin.gz --top 50000"),
)


class _App(help_pages.Group):
    """The list of commands; an error of this package comes back from it as a value."""

    def invoke(self, ctx: Any) -> Any:
        """See `TyperGroup.invoke`. Typer would take an error that is also an `EOFError` for the end of typed input."""
        try:
            return super().invoke(ctx)
        except Fastw2vError as error:
            return error


app = typer.Typer(
    name="fastw2v",
    help="Train, prove and query word2vec vectors: skip-gram with negative sampling.",
    epilog="fastw2v train corpus.txt --output model\nfastw2v similar model happy dog",
    cls=_App,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command, *_examples in _COMMANDS:
    app.command(cls=help_pages.Command, epilog="\n".join(_examples))(_command)
app.add_typer(encode.cache, name="cache")

_INTERRUPTED = 130


class _Cleaning(logging.Formatter):
    """Writes messages as text, whatever the words and names in them hold; warnings say that they are."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        kind = "warning: " if record.levelno == logging.WARNING else ""
        return shown_lines(kind + super().format(record))


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
    if "" in arguments:  # as a path it would be the current folder
        return _fail("An argument is empty. Got '', as a variable of the shell gives that is not set.", 2, debug)
    with on_command_line():
        return _run(arguments, debug)


def _run(arguments: Sequence[str], debug: bool) -> int:
    try:
        result = app(arguments, prog_name="fastw2v", standalone_mode=False, obj=list(arguments))
        if isinstance(result, Fastw2vError):
            raise result
        code = int(result or 0)
        # What typer makes of an interrupt; older versions raise an exception that it caused, see below.
        if code == _INTERRUPTED:
            return _fail("interrupted.", code, debug)
        return code
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
            return _fail(_unparsed(error), int(getattr(error, "exit_code", 2)), debug)
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


def _unparsed(error: Any) -> str:
    """Return what typer says of a command line; of an unknown option also which one is probably meant."""
    message: str = error.format_message()
    option, command = getattr(error, "option_name", None), getattr(error.ctx, "command", None)
    if option is None or command is None:
        return message
    known = {name.lstrip("-").replace("-", "_"): name for item in command.params for name in item.opts}
    if option in (name for item in error.ctx.find_root().command.params for name in item.opts):
        return f"No such option: {option} of {error.ctx.info_name}; `fastw2v {option}` would work."
    close = likely_setting(option.lstrip("-").replace("-", "_"), known)
    return f"No such option: {option}; did you mean {known[close]}?" if close else message


def _described(error: Any) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."
