"""Every file that is read, damaged at random and sealed again: a result or a one-line error, in bounded memory.

A few thousand cases here; with `-m slow` more than a million, and some guided by coverage where atheris is installed.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import fuzzing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = (
    "text", "binary", "glove", "gzip", "pairs", "analogies", "stop_words", "config.json", "config.toml", "model",
    "vocabulary", "weights", "json", "corpus", "checkpoint", "classes", "npz", "safetensors", "parquet", "feather",
    "header", "bats", "mapped", "any", "texts", "projector",
)  # fmt: skip
# Cases of the slow suite: many where a case is quick to read.
SLOW = {
    "text": 250_000, "binary": 200_000, "glove": 150_000, "gzip": 60_000, "pairs": 100_000, "analogies": 100_000,
    "stop_words": 15_000, "config.json": 50_000, "config.toml": 50_000, "model": 30_000, "vocabulary": 100_000,
    "weights": 100_000, "json": 60_000, "corpus": 30_000, "checkpoint": 40_000, "classes": 100_000, "npz": 60_000,
    "safetensors": 60_000, "parquet": 30_000, "feather": 30_000, "header": 100_000, "bats": 100_000, "mapped": 40_000,
    "any": 20_000, "texts": 20_000, "projector": 60_000,
}  # fmt: skip
# A case has at most 64 kB, a .gz file 1032 times what it holds; tomllib is the greediest reader.
MOST_MEMORY = 32_000_000


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, fuzzing.Target]:
    return fuzzing.targets(tmp_path_factory.mktemp("targets"))


def test_there_are_cases_for_every_target_and_a_million_in_all(targets: dict[str, fuzzing.Target]) -> None:
    assert set(targets) == set(NAMES) == set(SLOW)
    assert sum(SLOW.values()) > 1_000_000


@pytest.mark.parametrize("name", NAMES)
def test_whole_files_are_read(targets: dict[str, fuzzing.Target], name: str, tmp_path: Path) -> None:
    first = next(iter(targets[name].files))
    fuzzing.lay(targets[name], tmp_path, first, targets[name].files[first])
    assert fuzzing.attempt(targets[name], tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused_in_one_line(
    targets: dict[str, fuzzing.Target], name: str, tmp_path: Path
) -> None:
    outcome = fuzzing.run(targets[name], name, 0, 200, tmp_path, measure_every=20)
    assert outcome.refused > 0
    assert outcome.most_memory < MOST_MEMORY


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_foreign_bytes_are_read_or_refused_in_one_line(
    targets: dict[str, fuzzing.Target], name: str, tmp_path: Path, data: st.DataObject
) -> None:
    target = targets[name]
    which = data.draw(st.sampled_from(sorted(target.files)))
    whole = target.files[which]
    place = data.draw(st.integers(0, len(whole)))
    alone = data.draw(st.booleans())
    junk = data.draw(st.binary(max_size=80) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")))
    content = junk if alone else whole[:place] + junk + whole[place + data.draw(st.integers(0, 20)) :]
    fuzzing.lay(target, tmp_path, which, content)
    if target.seal is not None:
        target.seal(tmp_path, data.draw(st.randoms(use_true_random=False)))
    fuzzing.attempt(target, tmp_path)


def test_the_fuzzer_finds_what_a_careless_reader_does(tmp_path: Path) -> None:
    careless = fuzzing.Target({"a": b"words 12\n"}, lambda at: int((at / "a").read_bytes().split()[1]))
    with pytest.raises(AssertionError, match=r"case careless [0-9]+: (ValueError|IndexError)"):
        fuzzing.run(careless, "careless", 0, 200, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_million_damaged_files_are_read_or_refused(
    targets: dict[str, fuzzing.Target], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = fuzzing.run(targets[name], name, 1000, SLOW[name], tmp_path, measure_every=500)
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {outcome}\n")
    assert outcome.cases == SLOW[name]
    assert outcome.most_memory < MOST_MEMORY


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_files_found_by_coverage_are_read_or_refused(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    script = Path(fuzzing.__file__).with_name("fuzz_atheris.py")
    command = [sys.executable, str(script), name, "-runs=20000", "-seed=1", "-max_len=4096"]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
