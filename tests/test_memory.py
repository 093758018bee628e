"""The estimate of memory: what there is, what a run takes, and settings that really fit."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastw2v import DataError, Settings, Word2Vec
from fastw2v.system import memory
from fastw2v.training import memory_need
from fastw2v.training.trainer import TrainedModel, Trainer

MB = 10**6
WORDS = np.ones(10**6, dtype=np.int64)
COUNTS = np.sort(np.random.default_rng(1).zipf(1.3, 200_000).clip(max=10**6))[::-1].astype(np.int64)


def has(monkeypatch: pytest.MonkeyPatch, size: int | None) -> None:
    monkeypatch.setattr(memory_need, "available", lambda: size)


def test_a_run_needs_both_matrices_as_padded_and_a_little_more() -> None:
    cases: list[tuple[int, Any, int]] = [(100, "float32", 448), (1, "float32", 64), (100, "float64", 832)]
    for size, dtype, row in cases:
        needed = memory_need.needed(WORDS, Settings(vector_size=size, dtype=dtype))
        assert 2 * row * MB < needed < 2 * row * MB + 400 * MB


def test_what_fits_is_not_refused_and_neither_is_anything_where_the_system_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has(monkeypatch, memory_need.needed(COUNTS, Settings()))
    memory_need.check(COUNTS, Settings())
    has(monkeypatch, None)
    memory_need.check(COUNTS, Settings(vector_size=65_536))


def test_the_rows_that_each_thread_copies_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_need, "processors", lambda: 2)
    row = 4096 * 4
    sizes: dict[str, Any] = {"vector_size": 4096, "window": 5, "negative": 5}
    small = memory_need.needed(WORDS, Settings(**sizes, batch_size=256)) - memory_need.needed(
        WORDS, Settings(**sizes, batch_size=1)
    )
    terms = 10 * 6 * 8  # bytes of a centre's terms: factors and labels
    assert small == 255 * (2 * row * 7 + terms)
    for workers in (2, 9):  # at most a thread a core
        both = memory_need.needed(WORDS, Settings(**sizes, workers=workers))
        assert both - memory_need.needed(WORDS, Settings(**sizes)) == 2 * row * (266 + 256 * 6) + 256 * terms
        ordered = memory_need.needed(WORDS, Settings(**sizes, workers=workers, deterministic=True))
        assert ordered == both
    pairs = memory_need.needed(WORDS, Settings(**sizes, noise="per-pair"))
    assert pairs - memory_need.needed(WORDS, Settings(**sizes)) == 2 * row * 256 * 6 * 9 + 256 * 10 * 6 * 28
    assert (
        memory_need.needed(WORDS[:100], Settings(**sizes))
        < memory_need.needed(WORDS[:100], Settings(**sizes, batch_size=1)) + 2 * row * 200
    )


def test_a_batch_too_large_for_the_memory_is_told_a_smaller_one(monkeypatch: pytest.MonkeyPatch) -> None:
    large = Settings(vector_size=300, batch_size=16_384)
    has(monkeypatch, memory_need.needed(COUNTS, replace(large, batch_size=1000)))
    with pytest.raises(DataError, match="batch_size=1000 or vector_size="):
        memory_need.check(COUNTS, large)
    memory_need.check(COUNTS, replace(large, batch_size=1000))


@pytest.mark.parametrize(("have", "dtype"), [(200 * MB, "float32"), (250 * MB, "float64"), (170 * MB, "float32")])
def test_the_settings_named_would_fit_and_larger_ones_would_not(
    have: int, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(vector_size=300, dtype=dtype)
    has(monkeypatch, have)
    with pytest.raises(DataError) as caught:
        memory_need.check(COUNTS, settings)
    message = str(caught.value)
    assert "\n" not in message
    assert f"{have // MB} MB are free" in message
    assert f"{len(COUNTS):,} words, vector_size 300, {dtype}" in message
    found = {name: int(value) for name, value in re.findall(r"([a-z_]+)=(\d+)", message)}
    smaller = found.get("vector_size", 0)
    if smaller:
        memory_need.check(COUNTS, Settings(vector_size=smaller, dtype=dtype))
    with pytest.raises(DataError):
        memory_need.check(COUNTS, Settings(vector_size=smaller + 1, dtype=dtype))
    memory_need.check(COUNTS[: found["max_final_vocab"]], settings)
    memory_need.check(COUNTS[found["min_count"] <= COUNTS], settings)
    with pytest.raises(DataError):
        memory_need.check(COUNTS[: found["max_final_vocab"] + 1], settings)


def test_where_nothing_would_fit_the_error_names_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, 10 * MB)
    with pytest.raises(DataError, match="More memory, or less text, would fit") as caught:
        memory_need.check(COUNTS, Settings())
    assert "=" not in str(caught.value)


def test_a_fit_asks_before_anything_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, 10 * MB)
    monkeypatch.setattr(Trainer, "run", lambda *_: pytest.fail("trained"))
    with pytest.raises(DataError, match="Training would hold about 10"):
        Word2Vec(engine="numpy", min_count=1, sample=0).fit([["a", "b", "c"] * 5] * 20)


# -------------------------------------------------------------------------------------------- what training has freed


FREED = """
import numpy as np
from fastw2v.system import memory
blocks = [np.ones(12_000) for _ in range(1_000)]  # 96 kB each: the C library keeps them together
last = blocks.pop()
del blocks
before = memory.resident()
memory.give_back()
print(before - memory.resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to give memory back")
def test_freed_memory_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50 * MB


def test_a_c_library_that_cannot_give_memory_back_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    memory.give_back()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", lambda _: pytest.fail("asked"))
    memory.give_back()


def test_memory_that_training_freed_is_given_back_when_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    train = Trainer.run

    def run(*given: Any) -> TrainedModel:
        trained = train(*given)
        asked.append("trained")
        return trained

    monkeypatch.setattr(Trainer, "run", run)
    monkeypatch.setattr(memory, "give_back", lambda: asked.append("given back"))
    Word2Vec(engine="numpy", min_count=1, sample=0, epochs=1).fit([["a", "b", "c"] * 5] * 20)
    assert asked == ["trained", "given back"]


# ---------------------------------------------------------------------------------------------- what the system says


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system without limits."""
    (tmp_path / "meminfo").write_text("MemTotal: 8000000 kB\nMemFree: 1 kB\nMemAvailable: 4000000 kB\n")
    (tmp_path / "statm").write_text("1000 1 1 1 0 1 0\n")
    (tmp_path / "cgroup").write_text("0::/a/b\n")
    (tmp_path / "groups" / "a" / "b").mkdir(parents=True)
    for name, path in (("_MEMINFO", "meminfo"), ("_STATM", "statm"), ("_CGROUP", "cgroup"), ("_CGROUPS", "groups")):
        monkeypatch.setattr(memory, name, tmp_path / path)
    monkeypatch.setattr("resource.getrlimit", lambda _: (-1, -1))
    return tmp_path


def test_the_machine_s_free_memory_counts(system: Path) -> None:
    assert memory.available() == 4_000_000 * 1024


def test_the_smallest_limit_of_the_groups_above_counts_less_what_is_used_but_not_files(system: Path) -> None:
    above, own = system / "groups" / "a", system / "groups" / "a" / "b"
    (above / "memory.max").write_text("1000000000\n")
    (above / "memory.current").write_text("600000000\n")
    (above / "memory.stat").write_text("anon 5\ninactive_file 100000000\nactive_file 50000000\n")
    (own / "memory.max").write_text("max\n")
    (own / "memory.current").write_text("500000000\n")
    assert memory.available() == 550_000_000
    (own / "memory.max").write_text("510000000\n")
    assert memory.available() == 10_000_000


def test_groups_of_the_older_version_count_too(system: Path) -> None:
    (system / "cgroup").write_text("5:cpu:/x\n4:memory:/a\n0::/\n")
    folder = system / "groups" / "memory" / "a"
    folder.mkdir(parents=True)
    (folder / "memory.limit_in_bytes").write_text("700000000\n")
    (folder / "memory.usage_in_bytes").write_text("100000000\n")
    assert memory.available() == 600_000_000


def test_a_limit_of_the_process_counts(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (10**9, 10**9))
    monkeypatch.setattr("os.sysconf", lambda _: 4096)
    assert memory.available() == 10**9 - 4_096_000


@pytest.mark.parametrize("content", ["", "MemAvailable:", "MemAvailable: many kB", "\x00"])
def test_a_system_that_says_nothing_one_understands_is_not_known(content: str, system: Path) -> None:
    (system / "meminfo").write_text(content)
    (system / "cgroup").write_text("nonsense\n")
    assert memory.available() is None
    (system / "meminfo").unlink()
    assert memory.available() is None
