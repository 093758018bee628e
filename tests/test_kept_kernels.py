"""Kernels compiled in this process and kernels found compiled give the same bits, of weights and of losses."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

RUN = """
import hashlib
from fastw2v import Word2Vec
from fastw2v.stories import generate

stories = [story.split() for story in generate(5_000)]
runs = {"vector_size": 8}, {"gradient_clip": 0.1}, {"vector_size": 100, "workers": 2, "deterministic": True}
for options in runs:
    model = Word2Vec(engine="numba", epochs=2, min_count=2, **options).fit(stories)
    print(hashlib.sha256(model.wv.vectors.tobytes()).hexdigest(), [record["loss"] for record in model.history])
"""


@pytest.mark.parametrize(
    "vector_bytes", ["", pytest.param("0", marks=pytest.mark.slow)], ids=["vectors", "plain loops"]
)
def test_a_run_that_compiles_and_one_that_does_not_give_the_same_bits(vector_bytes: str, tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    if vector_bytes:
        environment["FASTW2V_VECTOR_BYTES"] = vector_bytes
    said = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", RUN], env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert any(tmp_path.rglob("*.nbi"))
    assert said[0] == said[1]


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
