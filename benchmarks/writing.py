"""Benchmarks that fill a section of RESULTS.md with several parts: each is printed when it is there; then all go in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from fastw2v.bench import machine
from fastw2v.bench.sections import write_section
from fastw2v.bench.tables import command
from fastw2v.errors import Fastw2vError


def write_parts(name: str, title: str, parts: Iterable[str], folder: Path, arguments: Sequence[str]) -> int:
    """Measure, print, write; return the exit code.

    Args:
        name: of the benchmark and its section.
        title: of the section.
        parts: the reports, each measured when it is asked for.
        folder: where RESULTS.md lies.
        arguments: of the command line.
    """
    program = f"benchmarks.{name}"
    how = f"{machine.text()}\ncommand    {command(program, arguments)}"
    print(f"{title}\n\n{how}", flush=True)
    done = []
    try:
        for part in parts:
            done.append(part)
            print(f"\n{part}", flush=True)
    except Fastw2vError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(f"{program}: interrupted; nothing is written.", file=sys.stderr)
        return 130
    blocks = [f"```text\n{text}\n```" for text in (*done, how)]
    folder.mkdir(parents=True, exist_ok=True)
    write_section(folder / "RESULTS.md", name, "\n\n".join([f"## {title}", *blocks]))
    return 0
