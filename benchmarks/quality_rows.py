"""Finished runs of `quality`, one JSON line each, and which of them a later command may still use.

A run is known by what was trained on, what trained, and its settings, never by the system's name: two systems with
the same settings are one run. Runs of this package also carry a hash of the code that decides what training computes.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastw2v
from fastw2v.errors import DataError

# With all of `engines`, what decides which numbers training computes from encoded tokens.
DECIDING = (
    "engines/**/*.py",
    "jit/*.py",
    "system/threads.py",
    "objectives/*.py",
    "draws/*.py",
    "training/plan.py",
    "training/schedule.py",
    "training/trainer.py",
    "corpus/vocabulary.py",
    "batches/*.py",
)


@dataclass(frozen=True)
class Task:
    """A run to be had: `tokens` and `sources` are hashes; `sources` is None for other people's code."""

    corpus: str
    tokens: str
    system: str
    trainer: str
    sources: str | None
    settings: dict[str, Any]

    @property
    def seed(self) -> int:
        """The run's seed."""
        return int(self.settings["seed"])

    @property
    def key(self) -> str:
        """Return what the run is known by."""
        return json.dumps([self.tokens, self.trainer, self.sources, self.settings], sort_keys=True)


@dataclass(frozen=True)
class Row(Task):
    """A finished run: score and covered pairs of each set, machine and versions."""

    scores: dict[str, float | None]
    covered: dict[str, int]
    machine: dict[str, str]


class Store:
    """A file of rows. It only grows: a row that is no longer found stays as the record of what was measured."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, row: Row) -> None:
        """Add a finished run."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")

    def find(self, task: Task) -> Row | None:
        """Return the run, the last one if it was trained twice; None where there is none.

        Raises:
            DataError: a line of the file is not a row.
        """
        return {row.key: row for row in self._rows()}.get(task.key)

    def _rows(self) -> Iterator[Row]:
        if not self.path.exists():
            return
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                yield Row(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise DataError(f"{self.path}, line {number}: not a row ({error}). Delete that line.") from None


@cache
def engine_sources() -> str:
    """Return a hash of the code that decides what training computes; comments and docstrings do not count."""
    package = Path(fastw2v.__file__).parent
    files = sorted(path for pattern in DECIDING for path in package.glob(pattern))
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(package).as_posix()}\n{code_of(file.read_text(encoding='utf-8'))}\n".encode())
    return digest.hexdigest()[:16]


def code_of(source: str) -> str:
    """Return Python source without what changes no result: comments, docstrings, layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
