"""Run the breakages: see the package's docstring."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .breakage import Breakage, file_of
from .cases import BREAKAGES

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("fastw2v", "tests", "benchmarks", "examples", "docs", "pyproject.toml", "README.md")
CAUGHT, SURVIVES, UNCLEAR = "caught", "SURVIVES", "UNCLEAR"


def main() -> int:
    """Run the breakages that were asked for; return 1 where one survives or could not be tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.breakages", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of names; all breakages without any")
    parser.add_argument("--list", action="store_true", help="show names, files and tests, and run nothing")
    asked = parser.parse_args()
    chosen = [one for one in BREAKAGES if not asked.names or any(name in one.name for name in asked.names)]
    if not chosen:
        parser.error(f"no breakage's name contains {' or '.join(asked.names)}; --list shows them")
    if asked.list:
        for one in chosen:
            print(f"{one.name}: {file_of(one, ROOT).relative_to(ROOT)}: {' '.join(one.tests)}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        results = _run_all(chosen, Path(folder))
    bad = [name for name, result in results.items() if result != CAUGHT]
    print(f"{len(results) - len(bad)} of {len(results)} breakages are caught.", *bad)
    return int(bool(bad))


def _run_all(chosen: list[Breakage], folder: Path) -> dict[str, str]:
    """Try each breakage on one copy of the repository; return what came out, by name."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    results: dict[str, str] = {}
    for one in chosen:
        begun = time.monotonic()
        results[one.name], why = _try(one, folder)
        print(f"{results[one.name]:9} {time.monotonic() - begun:4.0f} s  {one.name}  {why}", flush=True)
    return results


def _try(one: Breakage, folder: Path) -> tuple[str, str]:
    """Return whether the tests notice one breakage, and by which test."""
    source = file_of(one, folder)
    whole = source.read_text(encoding="utf-8")
    before = source.stat()
    source.write_text(whole.replace(one.old, one.new), encoding="utf-8")
    try:
        code, output = _pytest(one.tests, folder)
    finally:  # with its times: kernels are compiled anew where a source seems newer
        source.write_text(whole, encoding="utf-8")
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    failed = next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), "")
    if code == _TESTS_FAILED and failed.startswith("FAILED"):
        return CAUGHT, failed.removeprefix("FAILED ").split(" - ")[0]
    if code == 0:
        return SURVIVES, " ".join(one.tests)
    return UNCLEAR, failed or output.strip().splitlines()[-1]


# pytest's exit code where tests ran and one failed; others are errors of collecting or of usage.
_TESTS_FAILED = 1


def _pytest(tests: tuple[str, ...], folder: Path) -> tuple[int, str]:
    """Run tests in the copy until one fails; return the exit code and what was printed."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
