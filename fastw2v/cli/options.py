"""Settings as command-line options: one for each field of `Settings`, with its name, default and help."""

from __future__ import annotations

import functools
import inspect
import json
import re
import tomllib
import typing
from collections.abc import Callable, Sequence
from dataclasses import Field, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from fastw2v.cores import usable
from fastw2v.engines import AUTO
from fastw2v.errors import DataError, UsageError
from fastw2v.settings import Settings

_SETTINGS = "settings.json"
# Settings that a command can choose.
_AUTO = {
    "epochs": "auto: 5, on small texts up to 15, so that each word is trained often enough.",
    "workers": "auto: as many as there are cores.",
}
# A first line, after comments, that gives a value with a colon.
_YAML = re.compile(r"(?:\s*#.*\n|\s*\n|---\s*\n)*\w+\s*:(?:\s|$)")
_CONFIG_HELP = "Settings from a .toml or .json file or from an earlier model's directory; options given here win."


def with_settings(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace a command's parameter `settings` by options for the settings named, or for all, and `--config`.

    A parameter `context` gets typer's. A parameter `auto_epochs` has the option `--epochs` take auto, which is then its
    default, and gets whether the number of epochs is to be chosen; `settings` has the usual one then.
    """
    items = [item for item in fields(Settings) if not names or item.name in names]
    return functools.partial(_with_options, items)


def _with_options(items: Sequence[Field[Any]], command: Callable[..., Any]) -> Callable[..., Any]:
    hints = typing.get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name not in ("settings", "context", "auto_epochs")
    ]
    takes_auto = "auto_epochs" in inspect.signature(command).parameters
    takes_context = "context" in inspect.signature(command).parameters
    keyword = inspect.Parameter.KEYWORD_ONLY
    options = [
        inspect.Parameter(
            item.name,
            keyword,
            default=AUTO if takes_auto and item.name == "epochs" else item.default,
            annotation=_annotation(item, takes_auto),
        )
        for item in items
    ]
    file = Annotated[Path | None, typer.Option(help=_CONFIG_HELP)]
    config = inspect.Parameter("config", keyword, default=None, annotation=file)
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @functools.wraps(command)
    def wrapper(context: typer.Context, config: Path | None = None, **values: Any) -> Any:
        chosen = {item.name: values.pop(item.name) for item in items}
        if takes_context:
            values["context"] = context
        source = config or _settings_of(values.get("continue_from"))
        given = {name: chosen[name] for name in chosen if source is None or was_given(context, name)}
        read = {} if source is None else read_config(source, "--config" if config else "--continue-from")
        if takes_auto:
            wanted = {**({"epochs": AUTO} if source is not None else {}), **read, **given}["epochs"]
            values["auto_epochs"] = wanted == AUTO
        plain_given, plain_read = _without_auto(given), _without_auto(read)
        if source is None:
            return command(settings=Settings(**plain_given), **values)
        return command(settings=_merged(plain_read, plain_given, source), **values)

    parameters = [context, *own, config, *options]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapper


def _settings_of(model: Path | None) -> Path | None:
    """Return where the settings are that a model which goes on brings. Raises UsageError where it is none."""
    if model is not None:
        from fastw2v.storage import check_model

        check_model(model)
    return model


def _without_auto(values: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with the number of cores for workers auto, and without epochs auto: the corpus decides."""
    cores = {"workers": usable()} if values.get("workers") == AUTO else {}
    left = {name: value for name, value in values.items() if (name, value) != ("epochs", AUTO)}
    return {**left, **cores}


def number_or_auto(value: str | int) -> int | str:
    """Return an option's value. Raises ValueError where it is neither a number nor auto."""
    return AUTO if value == AUTO else int(value)


def _merged(read: dict[str, Any], given: dict[str, Any], config: Path) -> Settings:
    """Return the settings read, with those given on the command line in their place; blame whose value is wrong."""
    try:
        return Settings.from_mapping({**read, **given}, str(config))
    except UsageError as error:
        message = str(error).removeprefix(f"{config}: ")
        if message.split()[0] in given:
            raise UsageError(message) from None
        raise


def read_config(path: Path, option: str = "--config") -> dict[str, Any]:
    """Return the settings in a file, or in a model's directory, by name; `option` is the one that gave it.

    A file whose name ends neither in .toml nor in .json is JSON where it begins with a brace, else TOML.

    Raises:
        UsageError: there is no such file or model.
        DataError: it does not hold settings by name.
    """
    path, place = (path / _SETTINGS, path) if path.is_dir() else (path, path)
    try:
        text = path.read_text(encoding="utf-8")
        as_json = path.suffix == ".json" or (path.suffix != ".toml" and text.lstrip().startswith("{"))
        values = json.loads(text) if as_json else tomllib.loads(text)
    except FileNotFoundError:
        raise UsageError(_missing(place, option)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{option} {path}: {getattr(error, 'strerror', None) or error}.") from None
    except (ValueError, RecursionError) as error:
        raise DataError(_malformed(path, option, text, error)) from None
    if not isinstance(values, dict):
        raise DataError(f'{option} {path}: expected settings by name, such as {{"epochs": 5}}.')
    return values


def _missing(path: Path, option: str) -> str:
    if path.is_dir():
        return f"{option} {path}: this directory holds no model, there is no {_SETTINGS} in it."
    wanted = "the directory of a model"
    if option == "--config":
        wanted = f"a .toml or .json file of settings, or {wanted}"
    return f"{option} {path}: no such file or directory; give {wanted}."


def _malformed(path: Path, option: str, text: str, error: Exception) -> str:
    """Say what is wrong with a file that was read; settings are often kept as YAML elsewhere."""
    if path.suffix in (".yaml", ".yml") or (path.suffix != ".json" and _YAML.match(text)):
        return (
            f"{option} {path}: this looks like YAML, which is not read. A .toml file with lines such as epochs = 5 "
            'or a .json file such as {"epochs": 5} would work.'
        )
    example = '{"epochs": 5}' if path.suffix == ".json" else "lines such as epochs = 5"
    return f"{option} {path}: {error!s:.200}. Expected {example}."


def _annotation(item: Field[Any], takes_auto: bool) -> Any:
    kind: Any = typing.get_type_hints(Settings)[item.name] if item.default is None else type(item.default)
    named: dict[str, Any] = {"help": item.metadata["help"], "rich_help_panel": item.metadata["group"]}
    if item.name in _AUTO and (takes_auto or item.name != "epochs"):
        named |= {"parser": number_or_auto, "metavar": "N|auto", "help": f"{named['help']} {_AUTO[item.name]}"}
    return Annotated[kind, typer.Option(**named)]


def was_given(context: typer.Context, name: str) -> bool:
    """Whether a parameter stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name not in ("DEFAULT", "DEFAULT_MAP")
