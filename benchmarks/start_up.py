"""What a run costs besides training: compiling, loading, importing; and what becomes of it where nothing can be kept.

Each figure is of whole processes on a tiny text. Knows how to run them (`process`); prints nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import ROOT, Finished, checked, own_cache, train
from fastw2v.bench.rounds import Spread
from fastw2v.jit.compiler import SOURCES
from fastw2v.stories import generate

MOST_COMPILING, MOST_OVERHEAD = 20.0, 1.5
WORDS = 20_000
ROUNDS = 5
# Options that other kernels, or other versions of them, are compiled for; the defaults first.
OPTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("--noise", "per-pair"),
    ("--negative", "10"),
    ("--workers", "2"),
    ("--workers", "2", "--deterministic"),
    ("--dtype", "float64"),
)
# Packages that are made not to be there: optional ones, of which numba imports scipy whenever it is installed.
INSTALLATIONS: dict[str, tuple[str, ...]] = {
    "as installed here": (),
    "without matplotlib and scipy": ("matplotlib", "scipy"),
}
# A file that no kernel is compiled from.
NO_SOURCE = "settings/__init__.py"
_COMMENT = "# a"
# Root may write anywhere unless this right is taken from it.
_LESS = ("setpriv", "--bounding-set=-dac_override")
_PATH = re.compile(r"(?<![\w<.])/(?:[\w.+@-]+/)+[\w.+@-]*")
_IMPORT = re.compile(r"^import time: +(\d+) \| +\d+ \| +(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class First:
    """A first run with an empty cache: its options and what it took."""

    options: tuple[str, ...]
    done: Finished

    @property
    def seconds(self) -> float:
        """Seconds of compiling, as the run says itself."""
        return float(self.done.figures["compile_seconds"])

    @property
    def kept(self) -> bool:
        """Whether that is no more than promised."""
        return self.seconds <= MOST_COMPILING


@dataclass(frozen=True)
class Case:
    """Two runs where something cannot be written, and what the second said that a usual run does not say."""

    name: str
    runs: tuple[Finished, Finished]
    said: tuple[str, ...]


def write_text(folder: Path) -> Path:
    """Write a tiny text; return its path."""
    path = folder / "tiny.txt"
    path.write_text("\n".join(generate(WORDS)) + "\n", encoding="utf-8")
    return path


def first_runs(corpus: Path) -> Iterator[First]:
    """Yield a first run for each of OPTIONS, each with an empty cache of its own."""
    for options in OPTIONS:
        with tempfile.TemporaryDirectory() as cache:
            yield First(options, checked(train([str(corpus), *options], own_cache(Path(cache)))))


def second_runs(corpus: Path, cache: Path) -> dict[str, list[Finished]]:
    """Return ROUNDS runs of each of INSTALLATIONS, with the defaults, after a first one that filled the cache."""
    runs: dict[str, list[Finished]] = {name: [] for name in INSTALLATIONS}
    checked(train([str(corpus)], own_cache(cache)))
    for _ in range(ROUNDS):
        for name, hidden in INSTALLATIONS.items():
            runs[name].append(checked(train([str(corpus)], own_cache(cache), hidden=hidden)))
    return runs


def overhead(runs: Sequence[Finished]) -> Spread:
    """Return the seconds of a run that were not training."""
    return Spread.of([run.overhead for run in runs])


def imports(corpus: Path, cache: Path) -> dict[str, float]:
    """Return the seconds that importing each package took, the longest first, in one run that Python times."""
    done = checked(train([str(corpus)], own_cache(cache), python=("-X", "importtime")))
    return import_seconds(done.said)


def import_seconds(said: str) -> dict[str, float]:
    """Return the seconds by package, the longest first, of what `python -X importtime` says."""
    found: Counter[str] = Counter()
    for microseconds, package in _IMPORT.findall(said):
        found[package] += int(microseconds)
    return {package: total / 1e6 for package, total in found.most_common()}


def edits(folder: Path, patterns: Sequence[str] = SOURCES) -> dict[str, bool]:
    """Return whether the key of the kernels' cache changes when one byte of a comment does, by file.

    Of all files that kernels are compiled from (or that match `patterns`), and of NO_SOURCE, whose key must stay.
    """
    package = _copy(folder)
    found = sorted(path.relative_to(package).as_posix() for pattern in patterns for path in package.glob(pattern))
    files = [*found, NO_SOURCE]
    for name in files:
        with (package / name).open("a", encoding="utf-8") as file:
            file.write(f"{_COMMENT}\n")
    before = cache_key(folder)
    return {name: _edited_key(folder, package / name) != before for name in files}


def _edited_key(folder: Path, path: Path) -> tuple[str, ...]:
    """Return the key with the last comment's letter changed, and change it back."""
    source = path.read_bytes()
    path.write_bytes(source[:-2] + b"b" + source[-1:])
    key = cache_key(folder)
    path.write_bytes(source)
    return key


def cache_key(package: Path) -> tuple[str, ...]:
    """Return the names of the folders in which the package in this folder would keep its kernels."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        command = [sys.executable, "-c", "import fastw2v.engines.numba.engine, fastw2v.draws.numba_draws"]
        subprocess.run(command, cwd=package, env=environment, check=True)
        return tuple(sorted(str(path.relative_to(cache)) for path in Path(cache).rglob("*") if path.is_dir()))


def unwritable(corpus: Path, folder: Path) -> Iterator[Case]:
    """Yield a run for each thing that may be unwritable; none where this user may write anywhere all the same."""
    limited = limits(folder)
    if limited is None:
        return
    cache, home, file = folder / "cache", folder / "home", folder / "file"
    for made in (cache, home):
        made.mkdir()
    file.touch()
    usual = checked(train([str(corpus)], own_cache(cache)))
    _copy(folder)
    _take_write_rights(folder / "fastw2v")
    _take_write_rights(home)
    none = {"NUMBA_CACHE_DIR": None, "XDG_CACHE_HOME": None, "LOCALAPPDATA": None}
    cases: dict[str, tuple[Path, Mapping[str, str | None]]] = {
        "read-only installation": (folder, own_cache(cache)),
        "read-only home folder": (ROOT, {**none, "HOME": str(home)}),
        "no home folder": (ROOT, {**none, "HOME": str(file)}),
        "read-only NUMBA_CACHE_DIR": (ROOT, own_cache(home)),
        "read-only installation and home folder": (folder, {**none, "HOME": str(home)}),
    }
    for name, (package, environment) in cases.items():
        one, two = (train([str(corpus)], environment, package=package, before=limited) for _ in range(2))
        yield Case(name, (one, two), tuple(unusual(two.said, usual.said)))


def limits(folder: Path) -> Sequence[str] | None:
    """Return what to start a program with so that it keeps to the rights of files; None where nothing does that."""
    before: Sequence[str] = ()
    if getattr(os, "geteuid", lambda: 1)() == 0:
        if shutil.which(_LESS[0]) is None:
            return None
        before = _LESS
    probe = folder / "probe"
    probe.mkdir()
    _take_write_rights(probe)
    command = [*before, sys.executable, "-c", f"import os, sys; sys.exit(os.access({str(probe)!r}, os.W_OK))"]
    return before if subprocess.run(command, check=False).returncode == 0 else None


def unusual(said: str, usual: str) -> list[str]:
    """Return the lines that a usual run does not print, whatever its numbers, without paths of this machine."""
    known = {_shape(line) for line in usual.splitlines()}
    return [_PATH.sub("<path>", line.strip()) for line in said.splitlines() if _shape(line) not in known]


def _shape(line: str) -> str:
    return re.sub(r"[\d.,]+", "#", line).strip()


def _copy(folder: Path) -> Path:
    """Copy the package into `folder`, without what is compiled; return its folder."""
    to = folder / "fastw2v"
    shutil.copytree(ROOT / "fastw2v", to, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def _take_write_rights(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
