"""The command line answers `--help` and `--version` without the heavy imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fastw2v

HEAVY = ("numpy", "numba", "llvmlite", "matplotlib", "safetensors")
ROOT = Path(fastw2v.__file__).parents[1]


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)


def imported_by(code: str) -> set[str]:
    done = python("-c", f"{code}\nimport sys\nprint(*sys.modules, file=sys.stderr)")
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["train", "--help"], ["bench", "--help"], ["similar", "--help"], ["no-such-command"]],
)
def test_help_and_version_import_neither_numpy_nor_numba(arguments: list[str]) -> None:
    imported = imported_by(f"from fastw2v.cli.app import run\nrun({arguments!r})")
    assert "fastw2v" in imported
    assert imported.isdisjoint(HEAVY)


def test_the_package_alone_imports_neither_numpy_nor_numba() -> None:
    assert imported_by("import fastw2v").isdisjoint(HEAVY)


def test_the_engines_numba_is_not_needed_to_load_and_query_a_model() -> None:
    assert {"numba", "llvmlite"}.isdisjoint(imported_by("from fastw2v import Word2Vec, KeyedVectors"))


def test_what_needs_numpy_is_seen_to_import_it() -> None:
    """Without this, the tests above could pass because they look in the wrong place."""
    assert "numpy" in imported_by("from fastw2v import Word2Vec")


def test_python_m_fastw2v_is_the_command() -> None:
    done = python("-m", "fastw2v", "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"fastw2v {fastw2v.__version__}\n", "")
    shown = python("-m", "fastw2v", "--help").stdout
    commands = ("train", "verify", "bench", "similar", "analogy", "evaluate", "info", "convert")
    assert [name for name in commands if name not in shown] == []


def test_every_public_name_is_importable() -> None:
    assert [name for name in fastw2v.__all__ if not hasattr(fastw2v, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        fastw2v.nothing  # noqa: B018
