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

from fastw2v.errors import DataError, UsageError
from fastw2v.settings import Settings

_SETTINGS = "settings.json"
# A first line, after comments, that gives a value with a colon.
_YAML = re.compile(r"(?:\s*#.*\n|\s*\n|---\s*\n)*\w+\s*:(?:\s|$)")
_CONFIG_HELP = "Settings from a .toml or .json file or from an earlier model's directory; options given here win."


def with_settings(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace a command's parameter `settings` by options for the settings named, or for all, and `--config`.

    A parameter `context` gets typer's.
    """
    items = [item for item in fields(Settings) if not names or item.name in names]
    return functools.partial(_with_options, items)


def _with_options(items: Sequence[Field[Any]], command: Callable[..., Any]) -> Callable[..., Any]:
    hints = typing.get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name not in ("settings", "context")
    ]
    takes_context = "context" in inspect.signature(command).parameters
    keyword = inspect.Parameter.KEYWORD_ONLY
    options = [
        inspect.Parameter(item.name, keyword, default=item.default, annotation=_annotation(item)) for item in items
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
        if source is None:
            return command(settings=Settings(**chosen), **values)
        given = {name: chosen[name] for name in chosen if was_given(context, name)}
        read = read_config(source, "--config" if config else "--continue-from")
        return command(settings=_merged(read, given, source), **values)

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
    if option != "--config" and path.is_file():
        raise UsageError(f"{option} {path}: this is a file, and a model is a directory.")
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


def _annotation(item: Field[Any]) -> Any:
    kind: Any = typing.get_type_hints(Settings)[item.name] if item.default is None else type(item.default)
    return Annotated[kind, typer.Option(help=item.metadata["help"], rich_help_panel=item.metadata["group"])]


def was_given(context: typer.Context, name: str) -> bool:
    """Whether a parameter stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name not in ("DEFAULT", "DEFAULT_MAP")
