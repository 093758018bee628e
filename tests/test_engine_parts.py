"""Parts of the numba engine that whole batches do not show apart: halves of rows, meetings, vector widths."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastw2v
from fastw2v import Settings, engines
from fastw2v.engines import weights as matrices
from fastw2v.engines.weights import Weights, aligned_zeros
from fastw2v.objectives import logistic
from fastw2v.registry import ENGINES
from fastw2v.verify.made_batches import duplicates_batch, random_weights

pytest.importorskip("numba")

from fastw2v.engines.numba import barrier, kernels, layout, sigmoid_kernels, split_rows, tiles
from fastw2v.engines.numba import engine as numba_engine
from fastw2v.engines.numba.engine import NumbaEngine
from fastw2v.jit import compiler, simd_width
from fastw2v.system import threads


def numbered(rows: int, columns: int) -> Any:
    matrix = aligned_zeros(rows, columns, np.float32)
    matrix[:] = np.arange(matrix.size).reshape(matrix.shape)
    return matrix


def test_rows_are_aligned_to_what_kernels_cut_them_by() -> None:
    assert matrices.ALIGNMENT == simd_width.LINE_BYTES


@pytest.mark.parametrize("columns", [16, 32, 112, 128])
@pytest.mark.parametrize("rows", [1, 63, 64, 65, 200])
def test_joining_undoes_separating(rows: int, columns: int) -> None:
    matrix = numbered(rows, columns)
    split_rows.separate(matrix)
    split_rows.join(matrix)
    assert np.array_equal(matrix, numbered(rows, columns))


def test_separated_rows_lie_in_groups_first_halves_first() -> None:
    # 3 lines of 16 numbers a row: the first half has one. 70 rows: a group of 64, and one of 6.
    matrix = numbered(70, 48)
    rows = matrix.copy()
    split_rows.separate(matrix)
    flat = matrix.reshape(-1)
    assert np.array_equal(flat[: 64 * 16].reshape(64, 16), rows[:64, :16])
    assert np.array_equal(flat[64 * 16 : 64 * 48].reshape(64, 32), rows[:64, 16:])
    assert np.array_equal(flat[64 * 48 : 64 * 48 + 6 * 16].reshape(6, 16), rows[64:, :16])
    assert np.array_equal(flat[64 * 48 + 6 * 16 :].reshape(6, 32), rows[64:, 16:])


def test_weights_are_whole_again_after_an_epoch_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    engine = NumbaEngine(Settings(workers=2, deterministic=True))
    weights = Weights(numbered(100, 112), numbered(100, 112), 100)

    def fail() -> None:
        with engine.epoch(weights):
            assert not np.array_equal(weights.w_in, numbered(100, 112))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert np.array_equal(weights.w_in, numbered(100, 112))
    assert np.array_equal(weights.w_out, numbered(100, 112))


@compiler.jit
def meet(mine, other, count):  # type: ignore[no-untyped-def]
    barrier.barrier_wait(mine, other, count)


def test_threads_that_meet_see_what_the_other_wrote_before() -> None:
    counters = np.zeros((2, 64), dtype=np.int64)
    places = [counter.ctypes.data for counter in counters]
    seen: tuple[list[int], list[int]] = ([], [])
    written = [0, 0]

    def play(me: int) -> None:
        for count in range(1, 300, 2):
            written[me] = count
            meet(places[me], places[1 - me], count)
            seen[me].append(written[1 - me])
            meet(places[me], places[1 - me], count + 1)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(play, me) for me in range(2)]:
            done.result()
    assert seen[0] == seen[1] == list(range(1, 300, 2))


@pytest.mark.parametrize(
    ("terms", "wanted"), [(2, (2, 2, 1)), (6, (6, 6, 1)), (7, (4, 3, 1)), (11, (6, 5, 1)), (21, (6, 5, 1))]
)
def test_terms_are_cut_into_few_and_equal_groups(terms: int, wanted: tuple[int, int, int]) -> None:
    larger, smaller, count = layout.groups(terms)
    assert (len(larger), len(smaller), count) == wanted
    assert max(len(larger), len(smaller)) <= layout.LARGEST_GROUP
    assert (terms - count * len(larger)) % len(smaller) == 0


@compiler.jit
def clip_score(score, limit):  # type: ignore[no-untyped-def]
    return sigmoid_kernels.clip_score(score, limit)


@compiler.jit
def wrong_score(score, label):  # type: ignore[no-untyped-def]
    return sigmoid_kernels.wrong_score(score, label)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("limit", [0.5, 16])
def test_compiled_scores_are_clipped_and_judged_as_the_objective_has_it(dtype: type, limit: float) -> None:
    most = dtype(limit)
    for score in np.array([-np.inf, -1e30, -16, -3, -0.25, -0.0, 0.0, 1e-30, 0.5, 16, 17, np.inf, np.nan], dtype=dtype):
        clipped = logistic.clip_score(score, most)
        assert np.array_equal(clip_score(score, most), clipped, equal_nan=True)
        for label in (dtype(0), dtype(1)):
            wanted = logistic.wrong_score(clipped, label)
            assert np.array_equal(wrong_score(clipped, label), wanted, equal_nan=True)


@pytest.mark.parametrize("workers", [1, 3, 100])
def test_no_more_threads_run_than_there_are_processors(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 4)
    assert threads.Threads(workers).count == min(workers, 4)


def test_begun_threads_work_before_the_caller_and_are_the_same_while_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 3)
    three, others = threads.Threads(3), threading.Barrier(3, timeout=60)
    seen: list[set[tuple[int, int]]] = []

    def work(thread: int) -> None:
        seen[-1].add((thread, threading.get_ident()))
        if thread:
            others.wait()

    with three.alive():
        for _ in range(2):
            seen.append(set())
            with three.started(work) as finish:
                others.wait()  # both are at work, and the caller has not begun
                assert sorted(thread for thread, _ in seen[-1]) == [1, 2]
                finish()
    assert seen[0] == seen[1]
    assert (0, threading.get_ident()) in seen[0]


def run(some: threads.Threads, work: Any) -> None:
    with some.started(work) as finish:
        finish()


@contextmanager
def kept_by_an_engine() -> Iterator[None]:
    two = threads.Threads(2)
    with two.alive():
        run(two, lambda _: None)
        yield


@contextmanager
def reading_text() -> Iterator[None]:
    with threads.submitting(2) as submit:
        assert submit(max, 3, 4).result() == 4
        yield


@pytest.mark.parametrize("used", [kept_by_an_engine, reading_text])
def test_threads_are_freed_where_an_interrupt_waits(used: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What Python runs then, callbacks of weak references, would drop it.
    monkeypatch.setattr(threads, "processors", lambda: 2)
    usual, heard = signal.getsignal(signal.SIGINT), []
    before = set(threading.enumerate())
    with used():
        (other,) = set(threading.enumerate()) - before
        watch = weakref.ref(other, lambda _: heard.append(signal.getsignal(signal.SIGINT)))
        del other
    assert watch() is None
    assert heard
    assert usual not in heard
    assert signal.getsignal(signal.SIGINT) is usual


def test_no_thread_is_left_after_a_call_that_keeps_none_nor_after_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    before = set(threading.enumerate())
    two = threads.Threads(2)
    run(two, lambda _: None)
    assert set(threading.enumerate()) <= before
    options = Settings(vector_size=40, workers=2, batch_size=8)
    engine, weights = NumbaEngine(options), random_weights(7, options)
    with engine.epoch(weights):
        for _ in range(2):
            engine.train(weights, duplicates_batch(options, 60), np.full(8, 0.1))
            assert len(set(threading.enumerate()) - before) == 1
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("where", ["caller", "between", "other", "nowhere"])
def test_no_thread_works_any_more_however_a_block_ends(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    abandoned, ended = threading.Event(), threading.Event()

    def work(thread: int) -> None:
        if thread == {"caller": 0, "other": 1}.get(where):
            raise MemoryError
        if thread:
            assert abandoned.wait(60)
            ended.set()

    def fail() -> None:
        with threads.Threads(2).started(work, abandoned.set) as finish:
            if where == "between":
                raise MemoryError
            if where != "nowhere":
                finish()

    with nullcontext() if where == "nowhere" else pytest.raises(MemoryError):
        fail()
    assert abandoned.is_set()
    assert ended.is_set() == (where != "other")


def test_threads_are_abandoned_where_an_interrupt_leaves_a_block_half_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that comes between two statements of `with`: what was begun is then ended by nobody."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    abandoned, two = threading.Event(), threads.Threads(2)

    def work(thread: int) -> None:
        assert abandoned.wait(60)

    with two.alive():
        half_ended = two.started(work, abandoned.set)
        half_ended.__enter__()
    assert abandoned.is_set()
    half_ended.__exit__(None, None, None)


def test_two_deterministic_threads_may_be_left_before_they_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, workers=2, deterministic=True, batch_size=8)
    engine, batch, rates = NumbaEngine(options), duplicates_batch(options, 60), np.full(8, 0.1)
    weights = random_weights(7, options)
    with engine.epoch(weights), engine.start_block(engine.prepare(weights, batch, rates)):
        pass
    wanted, found = random_weights(7, options), random_weights(7, options)
    NumbaEngine(Settings(vector_size=40, batch_size=8)).train(wanted, batch, rates)
    engine.train(found, batch, rates)
    assert np.array_equal(found.w_in, wanted.w_in)


@pytest.mark.parametrize("changes", [{}, {"workers": 2}, {"workers": 2, "deterministic": True}])
def test_an_engine_is_freed_with_its_arrays_as_soon_as_nobody_has_it(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when Python next looks for objects that only hold each other: for a large vocabulary they are large."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, batch_size=8, **changes)
    engine = NumbaEngine(options)
    engine.train(random_weights(7, options), duplicates_batch(options, 60), np.full(8, 0.1))
    watch = weakref.ref(engine)
    gc.disable()
    try:
        del engine
        assert watch() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("deterministic", [False, True])
def test_a_larger_block_is_prepared_while_threads_work_on_a_smaller_one(
    deterministic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, workers=2, deterministic=deterministic, batch_size=300)
    blocks = [(duplicates_batch(options, count), np.full(1, rate)) for count, rate in ((9, 0.1), (300, 0.1))]
    wanted, found = random_weights(7, options), random_weights(7, options)
    engine, alone = NumbaEngine(options), NumbaEngine(Settings(vector_size=40, batch_size=300))
    alone._limits = engine._limits  # racing threads divide the step limits
    for block, rates in blocks:
        alone.train(wanted, block, rates)
    with engine.epoch(found):
        with engine.start_block(engine.prepare(found, *blocks[0])) as finish:
            larger = engine.prepare(found, *blocks[1])
            finish()
        with engine.start_block(larger) as finish:
            finish()
    # A block of one batch has one order, even without locks; the second one's sums are added at its end.
    assert np.allclose(found.w_in, wanted.w_in, rtol=0, atol=0 if deterministic else 1e-6)


def taken_until(place: int, most: int) -> list[int]:
    found = [barrier.fetch_add(place, np.int64(3))]
    while found[-1] < most:
        found.append(barrier.fetch_add(place, np.int64(3)))
    return found


def test_no_two_threads_take_the_same() -> None:
    counter = np.zeros(1, dtype=np.int64)
    taken: tuple[list[int], list[int]] = ([], [])

    take_all = compiler.jit(taken_until)
    take_all(counter.ctypes.data, 0)
    counter[0] = 0
    with ThreadPoolExecutor(2) as pool:
        for mine, done in zip(
            taken, [pool.submit(take_all, counter.ctypes.data, 300_000) for _ in range(2)], strict=True
        ):
            mine += done.result()
    assert sorted(taken[0] + taken[1]) == list(range(0, 300_006, 3))


def test_numbering_ends_when_the_last_batch_is_numbered_by_whatever_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, batch_size=8, workers=2)
    engine, batch = NumbaEngine(options), duplicates_batch(options, 60)
    first, job = (engine.prepare(random_weights(7, options), batch, np.full(8, 0.1)) for _ in range(2))
    engine._number(first, 0)  # compiled now: below, only waiting is to take time
    job.progress[:] = 8, 7  # all are taken, and another thread has not done its own
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(engine._number, job, 0)
        with pytest.raises(TimeoutError):
            done.result(timeout=0.2)
        job.progress[1] += 1
        done.result(timeout=60)


@pytest.mark.parametrize("where", ["number_shared", "train"])
@pytest.mark.parametrize("failing", [0, 1])
def test_a_shared_thread_that_fails_leaves_the_other_none_to_wait_for(
    failing: int, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    options = Settings(vector_size=40, workers=2, deterministic=True, batch_size=8)
    engine = NumbaEngine(options)
    batch, rates = duplicates_batch(options, 60), np.full(8, 0.1)
    wanted = random_weights(7, options)
    engine.train(wanted, batch, rates)
    caller = threading.current_thread()

    def fail(*arguments: Any) -> None:
        if (threading.current_thread() is caller) == (failing == 0):
            raise MemoryError
        kernel(*arguments)

    place: Any = kernels if where == "train" else numba_engine
    kernel = getattr(place, where)
    with monkeypatch.context() as broken:
        broken.setattr(place, where, fail)
        with pytest.raises(MemoryError):
            engine.train(random_weights(7, options), batch, rates)
    # And the engine goes on as if nothing had been.
    found = random_weights(7, options)
    engine.train(found, batch, rates)
    assert np.array_equal(found.w_in, wanted.w_in)


# ------------------------------------------------------------------------------------------------- rows of any length


@compiler.jit
def pull(lines, count, slots, places, table, factors, into, half):  # type: ignore[no-untyped-def]
    """Pull on a row of float32 in lines 1..lines-2."""
    low, high = np.intp(1), np.intp(lines - 1)
    tiles.pull_row(np.float32(1), count, slots, places, table, factors, into, low, high, half)


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("lines", range(3, 23))
def test_a_row_of_any_length_is_pulled_by_any_number_of_others(lines: int, half: int) -> None:
    rng = np.random.default_rng(lines)
    rows = numbered(5, 16 * lines)
    rows[:] = rng.integers(-8, 8, rows.shape)
    rows[:, 16 * (lines - 1) - 8 * half : 16 * (lines - 1)] = 0  # padding
    table = np.array([row.ctypes.data for row in rows])
    factors = rng.integers(-8, 8, 9).astype(np.float32)
    for count in (0, 1, 7):
        slots, places = rng.integers(0, 4, count).astype(np.int32), rng.integers(0, 9, count).astype(np.int32)
        wanted = rows.copy()
        wanted[4, 16:-16] += factors[places] @ rows[slots, 16:-16]
        pull(
            lines, count, slots.ctypes.data, places.ctypes.data, table.ctypes.data, factors.ctypes.data,
            rows[4].ctypes.data, half,
        )  # fmt: skip
        assert np.array_equal(rows, wanted)


# ------------------------------------------------------------------------------------------------ other processors

# dtype and noise words of what is compiled; each takes ten seconds.
ALL_VARIANTS = [(dtype, negative) for dtype in ("float32", "float64") for negative in (1, 5, 10)]
# Computes in a subprocess, compiled for other registers; prints deviations from the reference over the limit, and a
# hash of all weights and losses.
SCRIPT = """
import hashlib
import json
import sys
import numpy as np
from fastw2v import Settings, engines
from fastw2v.verify import tolerances
from fastw2v.system import threads
from fastw2v.jit import simd_width
from fastw2v.verify.made_batches import duplicates_batch, random_weights
from fastw2v.verify.checks import compare

threads.processors = lambda: 2
found, bits = {"bytes": simd_width.vector_bytes()}, hashlib.sha256()
for dtype, negative in json.loads(sys.argv[1]):
    for size in (3, 40, 100, 130):
        for noise in ("grouped", "shared", "per-pair"):
            options = dict(vector_size=size, negative=negative, noise=noise, dtype=dtype)
            batch = duplicates_batch(Settings(**options), 60)
            both = []
            for name in ("reference", "numba"):
                engine, _ = engines.make(Settings(engine=name, **options), np.ones(7, dtype=np.int64))
                both.append(engine.gradients(random_weights(7, Settings(**options)), batch))
            most = max(both[0].w_in.terms.max(), both[0].w_out.terms.max()) * (1 + negative)
            limit = tolerances.rounding(dtype, most) + tolerances.SCORE_DERIVATIVE[dtype]
            found[f"{dtype} {size} {negative} {noise}"] = float(compare(both[1], both[0]) / limit)
            # At the high rate, the cap binds and rows are summed beside; at the low one they are added to.
            for rate, reach in ((0.3, 2), (0.01, 4)):
                batch, trained = duplicates_batch(Settings(**options), 60, reach), []
                for name, workers in (("reference", 1), ("numba", 1), ("numba", 2)):
                    chosen = Settings(engine=name, workers=workers, deterministic=True, batch_size=8, **options)
                    engine, _ = engines.make(chosen, np.ones(7, dtype=np.int64))
                    trained.append(random_weights(7, chosen))
                    losses = engine.train(trained[-1], batch, np.full(8, rate))
                    for array in (trained[-1].w_in, trained[-1].w_out, losses):
                        bits.update(array.tobytes())
                assert np.array_equal(trained[1].w_in, trained[2].w_in), "1 and 2 workers differ"
                assert np.array_equal(trained[1].w_out, trained[2].w_out), "1 and 2 workers differ"
                if dtype == "float64":
                    assert np.abs(trained[1].w_in - trained[0].w_in).max() < tolerances.FREE_RUNNING
                    assert np.abs(trained[1].w_out - trained[0].w_out).max() < tolerances.FREE_RUNNING
print(json.dumps({**found, "bits": bits.hexdigest()}))
"""


def compiled_for(tmp_path: Path, variants: list[tuple[str, int]], **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(variants)],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# Environment, width of registers, and the variant compiled by default: each dtype and number of noise words is there.
# The width of this machine's own registers is what all other tests run.
OTHER_PROCESSORS = [
    pytest.param({simd_width.SETTING: str(wanted)}, wanted, variant, id=f"{wanted} bytes")
    for wanted, variant in ((0, ("float64", 5)), (16, ("float32", 5)), (32, ("float32", 1)))
    if wanted < simd_width.vector_bytes()
]
OTHER_PROCESSORS += [
    pytest.param({"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, 16, ("float32", 10), id="a generic processor")
]


def check_other_processor(
    variants: list[tuple[str, int]], environment: dict[str, str], wanted: int, tmp_path: Path
) -> None:
    found = compiled_for(tmp_path, variants, **environment)
    assert any(tmp_path.rglob("*.nbi"))
    assert compiled_for(tmp_path, variants, **environment) == found  # kernels found compiled give the same bits
    assert found.pop("bytes") == wanted
    del found["bits"]
    assert len(found) == 12 * len(variants)
    assert 0 < max(found.values()) < 1


@pytest.mark.parametrize(("environment", "wanted", "variant"), OTHER_PROCESSORS)
def test_narrower_registers_and_plain_loops_compute_the_same_compiled_or_found_compiled(
    environment: dict[str, str], wanted: int, variant: tuple[str, int], tmp_path: Path
) -> None:
    check_other_processor([variant], environment, wanted, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("environment", "wanted", "variant"), OTHER_PROCESSORS)
def test_narrower_registers_compute_the_same_with_each_dtype_and_number_of_noise_words(
    environment: dict[str, str], wanted: int, variant: tuple[str, int], tmp_path: Path
) -> None:
    check_other_processor(ALL_VARIANTS, environment, wanted, tmp_path)


def test_an_unknown_width_is_said_and_numpy_trains() -> None:
    script = "from fastw2v import engines; print(engines.resolve('auto'), engines.available()['numba'])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, simd_width.SETTING: "65"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[0] == "numpy"
    assert "must be one of 0, 16, 32, 64. Got '65'" in done.stdout


def test_engines_hold_weights_only_where_they_lay_them_out_anew() -> None:
    weights = Weights(numbered(5, 112), numbered(5, 112), 100)
    for name in ENGINES:
        engine, _ = engines.make(Settings(engine=name), np.ones(5, dtype=np.int64))
        with engine.epoch(weights):
            assert np.array_equal(weights.w_in, numbered(5, 112))


def test_that_kernels_cannot_be_kept_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr("numba.config.CACHE_DIR", str(file))
    assert compiler._folder.__wrapped__() is None
    (record,) = caplog.records
    assert "compiled anew in every run" in record.message
    assert str(file) in record.message
    assert "NUMBA_CACHE_DIR" in record.message


def test_every_file_that_kernels_are_compiled_from_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def read_bytes(path: Path) -> bytes:
        read.append(path)
        return b""

    package = Path(fastw2v.__file__).parent
    texts = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    compiler._digest.__wrapped__()
    # A file that declares a kernel, and those that it is compiled from: constants, tables, the formulae.
    declaring = {path for path, text in texts.items() if "fastw2v.jit.compiler import" in text}
    assert len(declaring) > 8
    others = (
        "objectives/logistic.py draws/randomness.py corpus/char_classes.py engines/numba/layout.py jit/simd_width.py"
    )
    assert set(read) >= declaring | {package / name for name in others.split()}
    # No other of their rooms: whoever edits an objective does not wait for kernels.
    rooms = {path.relative_to(package).as_posix() for path in read if path.parent.name in ("objectives", "draws")}
    assert rooms == {"objectives/logistic.py", "draws/randomness.py", "draws/numba_draws.py"}
    monkeypatch.setattr(compiler, "SOURCES", (*compiler.SOURCES, "corpus/moved.py"))
    with pytest.raises(LookupError, match=r"^no file of kernels matches corpus/moved\.py$"):
        compiler._digest.__wrapped__()


@pytest.mark.parametrize("finishing", [True, False])
def test_an_interrupt_that_comes_while_the_other_threads_are_waited_for_is_not_lost(
    finishing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    ended: list[int] = []

    def work(thread: int) -> None:
        if thread:
            time.sleep(0.1)  # the main thread waits by then
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            ended.append(thread)

    def begin() -> None:
        with threads.Threads(2).started(work) as finish:
            if finishing:
                finish()  # else they are waited for when the block is left

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            begin()
        assert ended == [1]
    finally:
        signal.signal(signal.SIGINT, before)
