"""The package's rooms import downward only, and nothing lies loose at its top but the public modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fastw2v

ROOT = Path(__file__).resolve().parents[1]
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"


def test_rooms_import_only_from_rooms_below() -> None:
    pytest.importorskip("importlinter", reason="import-linter is missing")
    done = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_fewer_than_ten_files_lie_outside_of_rooms() -> None:
    assert len(list(Path(fastw2v.__file__).parent.glob("*.py"))) < 10
