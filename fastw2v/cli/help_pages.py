"""Format `--help`: short rows, defaults after the text, two examples at the end."""

from __future__ import annotations

import copy
import re
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command; its epilog is its examples, one a line."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """See `TyperCommand.format_help`."""
        page = _page(self)
        TyperCommand.format_help(page, ctx, formatter)
        formatter.write(_examples(self.epilog))


class Group(TyperGroup):
    """A group of commands; its epilog is its examples, one a line. Without a command its help is wrong usage."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See `TyperGroup.parse_args`."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """See `TyperGroup.format_help`."""
        page = _page(self)
        TyperGroup.format_help(page, ctx, formatter)
        formatter.write(_examples(self.epilog))


def _page(command: Any) -> Any:
    """Return a copy of the command that is only shown: the parameters of the command itself are left as they are."""
    from typer import rich_utils

    styles: Any = rich_utils
    # Right of each column alone: three of the six are empty, and each took two more columns of the screen.
    styles.STYLE_OPTIONS_TABLE_PADDING = (0, 1, 0, 0)
    page = copy.copy(command)
    page.epilog = None
    page.get_params = lambda ctx: [_row(param) for param in command.get_params(ctx)]
    return page


def _row(param: Any) -> Any:
    """Return a parameter as it is shown."""
    row = copy.copy(param)
    row.help = escape(getattr(param, "help", None) or "") + _default(param)
    row.show_default = False
    row.opts, row.secondary_opts = [_names(param)], []
    if getattr(param, "is_flag", False):
        row.display_type_rich = lambda **_: ""
    elif param.param_type_name == "option" and param.metavar:
        row.display_type_rich = lambda **_: f"<{param.metavar}>"
    elif hasattr(param, "bare_type"):  # older versions of typer have no such names
        kind = re.sub(r"list\[(\w+)\]", r"\1", param.bare_type()).lower().replace("str", "text")
        row.display_type_rich = lambda **_: f"<{kind}>"
    return row


def _names(param: Any) -> str:
    """Return -o,--name, or --[no-]name for a pair: one column of the table in place of three."""
    long_last = ",".join(sorted(param.opts, key=len))
    return long_last.replace("--", "--[no-]") if param.secondary_opts else long_last


def _default(param: Any) -> str:
    """Return the default as it stands behind the text, where there is one to show."""
    value = param.default
    if not getattr(param, "show_default", False) or value is None or (value is False and not param.secondary_opts):
        return ""
    shown = ("on" if value else "off") if isinstance(value, bool) else str(value)
    return f" [dim]{escape(f'[default: {shown}]')}[/dim]"


def _examples(lines: str | None) -> str:
    return "".join(f"{line}\n" for line in ("Examples:", *(f"  {line}" for line in (lines or "").splitlines())))
