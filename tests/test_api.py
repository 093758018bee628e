"""The API reference: examples in public docstrings run, and the pages hold every public name."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fastw2v

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = {
    **{name: ("fastw2v", "") for name in fastw2v.__all__ if name != "__version__"},
    "ApproximateIndex": ("fastw2v.index", "usearch"),
    "DocumentVectors": ("fastw2v.sklearn", "sklearn"),
}
SHOWN = {"ApproximateIndex", "DocumentVectors", "KeyedVectors", "TextCorpus", "Word2Vec", "encode_text", "read_history"}


def examples(name: str) -> list[doctest.DocTest]:
    module, library = PUBLIC[name]
    if library:
        pytest.importorskip(library, reason=f"{library} is missing")
    value: Any = getattr(importlib.import_module(module), name)
    return [test for test in doctest.DocTestFinder(recurse=False).find(value, name, globs={}) if test.examples]


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_the_examples_of_public_names_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus.txt").write_text("the dog ran home to the cat\n" * 200)
    monkeypatch.chdir(tmp_path)
    found = examples(name)
    assert found
    for test in found:
        assert doctest.DocTestRunner().run(test).failed == 0


def test_the_pages_hold_every_public_name(tmp_path: Path) -> None:
    pytest.importorskip("pdoc", reason="pdoc is missing")
    command = [sys.executable, str(ROOT / "docs" / "make_api.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    pages = "".join(page.read_text(encoding="utf-8") for page in tmp_path.rglob("*.html"))
    for name in PUBLIC:
        assert f'id="{name}"' in pages, name
    for inherited in ("KeyedVectors.most_similar", "Word2Vec.build_vocab"):
        assert f'id="{inherited}"' in pages, inherited
