"""Settings as command-line options: one for each field of `Settings`, with its name, default and help."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Sequence
from dataclasses import Field, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from fastw2v.cli.completing import among
from fastw2v.cli.config_files import read_config
from fastw2v.errors import UsageError
from fastw2v.registry import AUTO
from fastw2v.settings import Settings
from fastw2v.system.cores import usable
from fastw2v.system.scalars import plain

# Settings that a command can choose.
_AUTO = {
    "epochs": "auto: 5 to 15, more on small texts.",
    "workers": "auto: all cores.",
}
_CONFIG_HELP = "Settings from .toml, .json or a model; options win."


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
        option = "--config" if config else "--continue-from"
        read = {} if source is None else read_config(source, option)
        _check_auto(items, given, takes_auto)
        _check_auto(items, read, takes_auto, f"{option} {source}: ")
        if takes_auto:
            wanted = {**({"epochs": AUTO} if source is not None else {}), **read, **given}["epochs"]
            values["auto_epochs"] = wanted == AUTO
        plain_given, plain_read = _without_auto(given, takes_auto), _without_auto(read, True)
        if source is None:
            return command(settings=Settings(**plain_given), **values)
        return command(settings=_merged(plain_read, plain_given, f"{option} {source}"), **values)

    parameters = [context, *own, config, *options]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapper


def _settings_of(model: Path | None) -> Path | None:
    """Return where the settings are that a model which goes on brings. Raises UsageError where it is none."""
    if model is not None:
        from fastw2v.cli.no_model import refuse_other
        from fastw2v.saved_model.storage import check_model

        refuse_other(model)
        check_model(model)
    return model


def _without_auto(values: dict[str, Any], takes_auto: bool) -> dict[str, Any]:
    """Return the settings with the number of cores for workers auto, and without epochs auto: the corpus decides.

    Where a command takes no epochs auto, it stays, and `Settings` refuses it.
    """
    cores = {"workers": usable()} if values.get("workers") == AUTO else {}
    left = {name: value for name, value in values.items() if not takes_auto or (name, value) != ("epochs", AUTO)}
    return {**left, **cores}


def _number_or_text(value: str | int) -> int | str:
    """Return an option's value, as a number where it is one; see `_check_auto`."""
    try:
        return int(value)
    except ValueError:
        return value


def _float_or_text(value: str | float) -> float | str:
    try:
        return float(value)
    except ValueError:
        return str(value)


def _may_be_auto(name: str, takes_auto: bool) -> bool:
    return name in _AUTO and (takes_auto or name != "epochs")


def _check_auto(items: Sequence[Field[Any]], values: dict[str, Any], takes_auto: bool, where: str = "") -> None:
    """Raise UsageError where a setting that may be auto is neither that nor in its range; `Settings` knows no auto."""
    for item in items:
        value, check = plain(values.get(item.name, AUTO)), item.metadata["check"]
        if _may_be_auto(item.name, takes_auto) and value != AUTO and not check.holds(value):
            default = AUTO if item.name == "epochs" else item.default
            raise UsageError(
                f"{where}{item.name} must be {check.text}, or auto. Got {value!r:.60}; the default is {default}."
            )


def _merged(read: dict[str, Any], given: dict[str, Any], origin: str) -> Settings:
    """Return the settings read, with those given on the command line in their place; blame whose value is wrong."""
    try:
        return Settings.from_mapping({**read, **given}, origin)
    except UsageError as error:
        message = str(error).removeprefix(f"{origin}: ")
        if message.split()[0] in given:
            raise UsageError(message) from None
        raise


def _annotation(item: Field[Any], takes_auto: bool) -> Any:
    kind: Any = typing.get_type_hints(Settings)[item.name] if item.default is None else type(item.default)
    named: dict[str, Any] = {"help": item.metadata["help"], "rich_help_panel": item.metadata["group"]}
    if choices := item.metadata["check"].choices:
        named["autocompletion"] = among(*choices)
    if _may_be_auto(item.name, takes_auto):
        named |= {"parser": _number_or_text, "metavar": "N|auto", "help": f"{named['help']} {_AUTO[item.name]}"}
    elif type(item.default) in (int, float) or item.name.startswith("max_"):
        # Text that is no number is refused by the setting, which says what would work.
        number = "float" if isinstance(item.default, float) else "int"
        named |= {"parser": _float_or_text if number == "float" else _number_or_text, "metavar": number}
    return Annotated[kind, typer.Option(**named)]


def was_given(context: typer.Context, name: str) -> bool:
    """Whether a parameter stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name not in ("DEFAULT", "DEFAULT_MAP")
