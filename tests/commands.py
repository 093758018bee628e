"""Run the command line: in this process, which takes a tenth of the time, or in one of its own where that matters."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fastw2v
from fastw2v.cli.app import run

ROOT = Path(fastw2v.__file__).parents[1]
# What changes the width and the colours of what is printed.
_TERMINAL = ("COLUMNS", "FORCE_COLOR")
QUICK = ("--engine", "numpy", "--vector-size", "8", "--epochs", "2", "--min-count", "2")
QUICKLY: dict[str, Any] = {"engine": "numpy", "vector_size": 8, "epochs": 2, "min_count": 2}


def environment(*folders: Path) -> dict[str, str]:
    """The environment, with `folders` and this package first where Python looks for modules."""
    kept = {name: value for name, value in os.environ.items() if name not in _TERMINAL}
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, (*folders, ROOT))), "PYTHONIOENCODING": "utf-8"}


def command(*arguments: Any) -> list[str]:
    return [sys.executable, "-m", "fastw2v", *map(str, arguments)]


def process(
    folder: Path, *arguments: Any, stdin: str = "", without: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`, as a process. `without` has packages that stand in front of the installed ones."""
    hidden = () if without is None else (without,)
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(*hidden),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def called(
    folder: Path, *arguments: Any, stdin: str = "", columns: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`, in this process."""
    words = list(map(str, arguments))
    streams = [io.TextIOWrapper(io.BytesIO(given), encoding="utf-8") for given in (stdin.encode(), b"", b"")]
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder), _own_logging():
        for name in _TERMINAL:
            patch.delenv(name, raising=False)
        if columns is not None:
            patch.setenv("COLUMNS", str(columns))
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        code = run(words)
    out, err = (_written(stream) for stream in streams[1:])
    return subprocess.CompletedProcess(command(*words), code, out, err)


def fastw2v_does(folder: Path, *arguments: Any, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed."""
    done = called(folder, *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done


def hidden_package(folder: Path, name: str) -> Path:
    """Make a package of that name that cannot be imported; return the folder to put in front."""
    (folder / "hidden" / name).mkdir(parents=True)
    (folder / "hidden" / name / "__init__.py").write_text(f'raise ImportError("no {name} here")\n')
    return folder / "hidden"


@contextlib.contextmanager
def _own_logging() -> Iterator[None]:
    """Let the command set up logging as in a fresh process, where pytest has handlers of its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return data.decode().replace("\r\n", "\n")
