"""Kernels compiled in a process and kernels found compiled give the same bits, and lie in the user's cache alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fastw2v.saved_model.storage import load_model

pytest.importorskip("numba")

# In the folder where it runs: the command, then runs of other kernels, and what they give.
RUN = """
import hashlib, sys
from pathlib import Path
from fastw2v import Word2Vec
from fastw2v.cli.app import run
from fastw2v.stories import generate

options = "--min-count 1 --epochs 1 --vector-size 4 --validation 0 --sample 0 --engine numba".split()
assert run(["train", "texts/corpus.txt", "--output", sys.argv[1], *options]) == 0
print("then")
print(hashlib.sha256((Path(sys.argv[1]) / "weights.safetensors").read_bytes()).hexdigest())
stories = [story.split() for story in generate(5_000)]
runs = {"vector_size": 8}, {"gradient_clip": 0.1}, {"vector_size": 100, "workers": 2, "deterministic": True}
for options in runs:
    model = Word2Vec(engine="numba", epochs=2, min_count=2, **options).fit(stories)
    print(hashlib.sha256(model.wv.vectors.tobytes()).hexdigest(), [record["loss"] for record in model.history])
"""


def new_home(folder: Path, **changes: str) -> dict[str, str]:
    """Make a folder with a text and an empty home; return the environment of that home's user."""
    (folder / "texts").mkdir()
    (folder / "texts" / "corpus.txt").write_text("the cat saw the dog\nthe dog ran to the cat\n" * 50, encoding="utf-8")
    home = folder / "home"
    home.mkdir()
    dropped = ("NUMBA_CACHE_DIR", "FASTW2V_CACHE_DIR")
    given = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": os.pathsep.join(sys.path)}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, **given, "PYTHONDONTWRITEBYTECODE": "1", **changes}


def ran(folder: Path, environment: dict[str, str], model: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", RUN, model], cwd=folder, env=environment, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("\nthen\n")[2]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], str]:
    """Return a folder with a home where a first run compiled, its environment, and what the run printed."""
    folder = tmp_path_factory.mktemp("compiled")
    environment = new_home(folder)
    return folder, environment, ran(folder, environment, "model")


def test_training_leaves_files_only_where_it_was_told_and_in_the_users_cache(
    compiled: tuple[Path, dict[str, str], str],
) -> None:
    folder, home = compiled[0], compiled[0] / "home"
    load_model(folder / "model")
    assert {path.name for path in folder.iterdir()} - {"found"} == {"texts", "home", "model"}
    assert {path.name for path in (folder / "texts").iterdir()} == {"corpus.txt"}
    suffixes = {path.suffix for path in (folder / "model").iterdir()}
    assert suffixes - {".png"} == {".json", ".jsonl", ".safetensors"}
    kept = {path.relative_to(home).parts[:2] for path in home.rglob("*") if path.is_file()}
    assert kept - {("cache", "matplotlib")} == {("cache", "fastw2v")}
    assert any(path.suffix in (".nbc", ".nbi") for path in home.rglob("*"))


def compiled_kernels(home: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in home.rglob("*.nbc")}


def test_a_run_that_compiles_and_one_that_does_not_give_the_same_bits(
    compiled: tuple[Path, dict[str, str], str],
) -> None:
    folder, environment, printed = compiled
    kernels = compiled_kernels(folder / "home")
    assert kernels
    assert printed.count("\n") == 4
    assert ran(folder, environment, "found") == printed
    assert compiled_kernels(folder / "home") == kernels


# With the variants of `test_engine_parts`: batches there, by default, and whole runs here.
@pytest.mark.slow
def test_plain_loops_that_are_compiled_and_that_are_found_give_the_same_bits(tmp_path: Path) -> None:
    environment = new_home(tmp_path, FASTW2V_VECTOR_BYTES="0")
    printed = ran(tmp_path, environment, "model")
    assert any((tmp_path / "home").rglob("*.nbi"))
    assert ran(tmp_path, environment, "found") == printed != ""


def doubled(number: int) -> int:
    return 2 * number


def test_a_full_disk_under_the_kernels_does_not_end_the_call(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from numba.core import caching

    from fastw2v.jit import compiler

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for name in ("load", "save"):
        monkeypatch.setattr(caching.IndexDataCacheFile, name, full)
    kernel = compiler.jit(doubled)
    assert (kernel(4), kernel(2.5)) == (8, 5.0)
    (said,) = caplog.messages
    assert said.startswith(f"kernels are compiled anew in every run ([Errno {errno.ENOSPC}] No space left on device): ")
