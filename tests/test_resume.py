"""A run that was cut off anywhere and goes on ends as if it had not been: same bits, same history, same states."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import pair_arrays

from fastw2v import Callback, DataError, Settings, UsageError, Word2Vec
from fastw2v.batches.windows import Windows
from fastw2v.corpus.encoded import encode
from fastw2v.corpus.vocabulary import Preprocessed, Stream
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.engines.weights import Weights
from fastw2v.errors import InterruptedRunError
from fastw2v.training import checkpoint_file, preparation, runs
from fastw2v.training.checkpoint_interval import Every
from fastw2v.training.checkpoints import FOLDER, KEEP, Checkpoints, check_same, identity
from fastw2v.training.plan import Plan
from fastw2v.training.run_state import EpochRecord, RunState
from fastw2v.training.trainer import TrainedModel, Trainer

CHOSEN: dict[str, Any] = {
    "engine": "numpy", "vector_size": 9, "epochs": 3, "min_count": 1, "sample": 0.02, "batch_size": 16, "window": 3,
    "negative": 2, "alpha": 0.1,
}  # fmt: skip
VERSIONS = {"fastw2v": "0"}


@cache
def documents(words: int = 40, count: int = 300) -> list[list[str]]:
    """Documents of 6 words, some words more frequent than others."""
    draw = random.Random(7)
    every = [f"w{number}" for number in range(words)]
    made = [[every[int(words * draw.random() ** 2)] for _ in range(6)] for _ in range(count)]
    return [*made, *([word] * 2 for word in every)]


def prepared(options: Settings, words: int = 40, count: int = 300) -> Preprocessed:
    return preparation.prepare(encode(documents(words, count)), {}, options).preprocessed


class Stopping(Checkpoints):
    """Saves, and ends the run, the `stop_at`-th time it is asked; -1: never. Counts how often it was."""

    def __init__(self, output: Path, stop_at: int = -1) -> None:
        super().__init__(output, "24h", "Resume it.")
        self.asked, self._stop_at = 0, stop_at

    def due(self, state: RunState, epoch_ended: bool) -> bool:
        self.asked += 1
        if self.asked - 1 == self._stop_at:
            self.signals.heard = 2
        return super().due(state, epoch_ended)


class Turning(Callback):
    """Has a state of its own, and changes weights after the second epoch: the validation loss rises then."""

    def __init__(self) -> None:
        self.sums: list[float] = []

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        self.sums.append(float(weights.w_in.sum(dtype=np.float64)) + len(self.sums))
        if record.epoch >= 2:
            weights.output_vectors[:] *= -2
        return False

    def state(self) -> Any:
        return {"sums": self.sums}

    def restore(self, state: Any) -> None:
        self.sums = state["sums"]


def described(options: Settings, data: Preprocessed, saver: Checkpoints, engine: str = "") -> Checkpoints:
    saver.describe_run(options, engine or options.engine, data, VERSIONS)
    return saver


def run(data: Preprocessed, options: Settings, saver: Checkpoints, resume: bool = False) -> TrainedModel:
    trainer = Trainer(data, options, [Turning()], saver)
    described(options, data, saver, trainer.engine)
    return trainer.run(saver.load() if resume else None)


def outcome(model: TrainedModel) -> Any:
    """All of it but the times; -0.0 is not 0.0, and NaN is NaN."""
    history = [{**record.as_dict(), "seconds": 0, "words_per_second": 0} for record in model.history]
    state = model.state
    weights = [matrix.tobytes() for matrix in (model.weights.input_vectors, model.weights.output_vectors)]
    return weights, history, state.callbacks, state.epoch, state.stopped


def whole(data: Preprocessed, options: Settings, folder: Path) -> tuple[Any, int]:
    """The outcome of a run that is not cut off, and the number of moments it can be saved at."""
    saver = Stopping(folder)
    model = run(data, options, saver)
    # What a resumed run has in its state too: that of the last time it was saved.
    model.state.callbacks = []
    return outcome(model), saver.asked


def cut(data: Preprocessed, options: Settings, folder: Path, at: int, later: Settings | None = None) -> Any:
    """The outcome of a run that is cut off at a moment and goes on."""
    with pytest.raises(InterruptedRunError):
        run(data, options, Stopping(folder, at))
    model = run(data, later or options, Stopping(folder), resume=True)
    model.state.callbacks = []
    return outcome(model)


# ------------------------------------------------------------------------------------------------------ same bits

RUNS: dict[str, dict[str, Any]] = {
    "numpy": {},
    "reference": {"engine": "reference", "epochs": 2, "vector_size": 3},
    "one worker": {"engine": "numba"},
    "two workers that share batches": {"engine": "numba", "workers": 2, "deterministic": True, "vector_size": 40},
    "four workers": {"engine": "numba", "workers": 4, "deterministic": True, "vector_size": 40},
    "rows of one line": {"engine": "numba", "workers": 2, "deterministic": True, "vector_size": 16},
    "one number a row": {"engine": "numba", "vector_size": 1},
    "noise for each pair": {"engine": "numba", "noise": "per-pair"},
    "noise for each pair, shared batches": {
        "engine": "numba", "workers": 2, "deterministic": True, "noise": "per-pair", "vector_size": 40,
    },
    "float64": {"engine": "numba", "dtype": "float64"},
    "clipped": {"engine": "numba", "gradient_clip": 0.01, "workers": 2, "deterministic": True, "vector_size": 40},
    "no subsampling": {"sample": 0.0},
    "strong subsampling": {"sample": 1e-4, "window": 6, "epochs": 6},
    "exponential": {"schedule": "exponential", "decay": 0.5},
    "nothing held out": {"validation": 0},
    "early stopping": {"early_stopping": 2, "epochs": 9},
    "batches larger than blocks": {"batch_size": 500},
    "batches of one": {"batch_size": 1, "epochs": 1},
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_a_run_cut_off_after_any_block_goes_on_to_the_same_bits(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Settings(**{**CHOSEN, **RUNS[name]})
    # A prime: blocks, batches and documents end at different places.
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 401)
    data = prepared(options)
    expected, moments = whole(data, options, tmp_path)
    epochs, stopped = len(expected[1]), expected[-1]
    assert (epochs, stopped) == (options.epochs, False) or (name == "early stopping" and stopped and 3 < epochs < 9)
    assert moments > (1 if options.batch_size > 401 else 3) * epochs
    for at in range(moments):
        assert cut(data, options, tmp_path / str(at), at) == expected, at


def test_a_run_cut_off_after_each_block_in_turn_goes_on_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Settings(**CHOSEN)
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 401)
    data = prepared(options)
    expected, moments = whole(data, options, tmp_path)
    cuts = 0
    while True:
        try:
            model = run(data, options, Stopping(tmp_path, 0), resume=cuts > 0)
            break
        except InterruptedRunError:
            cuts += 1
    model.state.callbacks = []
    assert outcome(model) == expected
    # Resumed blocks begin where the last centre stood, so there may be some more of them, or fewer.
    assert cuts > moments / 2


def test_rows_are_saved_as_they_are_when_a_vocabulary_is_larger_than_what_is_laid_out_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads hold the halves of rows apart meanwhile, 4,096 rows at a time, the last ones fewer."""
    changes = {"engine": "numba", "workers": 2, "deterministic": True, "vector_size": 40, "epochs": 2, "sample": 0.0}
    options = Settings(**{**CHOSEN, **changes})
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 5_001)
    data = prepared(options, words=5_000)
    assert len(data.vocabulary) > 4_096
    expected, moments = whole(data, options, tmp_path)
    for at in range(moments):
        assert cut(data, options, tmp_path / str(at), at) == expected, at


@pytest.mark.parametrize(
    ("begun", "later"),
    [
        ({"workers": 1, "deterministic": True}, {"workers": 3}),
        ({"workers": 2, "deterministic": True, "vector_size": 40}, {"workers": 1}),
    ],
)
def test_other_workers_go_on_to_the_same_bits_in_the_deterministic_mode(
    begun: dict[str, Any], later: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Settings(**{**CHOSEN, "engine": "numba", **begun})
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 401)
    data = prepared(options)
    expected, _ = whole(data, options, tmp_path)
    assert cut(data, options, tmp_path, 3, replace(options, **later)) == expected


@pytest.mark.parametrize("schedule", ["constant", "exponential"])
def test_more_epochs_go_on_to_the_bits_of_the_longer_run_where_the_schedule_does_not_depend_on_them(
    schedule: str, tmp_path: Path
) -> None:
    longer = Settings(**{**CHOSEN, "schedule": schedule})
    data = prepared(longer)
    expected, _ = whole(data, longer, tmp_path)
    assert cut(data, replace(longer, epochs=2), tmp_path, 2, longer) == expected


def test_python_s_fit_resumes_too_and_a_finished_checkpoint_trains_nothing_more(tmp_path: Path) -> None:
    expected = Word2Vec(**CHOSEN).fit(documents())
    for at in (1, 5):  # after the first epoch's end, after the last one's
        with pytest.raises(InterruptedRunError):
            Word2Vec(**CHOSEN).fit(documents(), checkpoints=Stopping(tmp_path, at))
        model = Word2Vec(**CHOSEN).fit(documents(), checkpoints=Checkpoints(tmp_path), resume=True)
        assert np.array_equal(model.wv.vectors, expected.wv.vectors)
        assert [entry["loss"] for entry in model.history] == [entry["loss"] for entry in expected.history]
    with pytest.raises(UsageError, match="Got none"):
        Word2Vec(**CHOSEN).fit(documents(), resume=True)


def test_a_run_that_does_not_resume_leaves_no_checkpoint_of_the_one_before(tmp_path: Path) -> None:
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(documents(), checkpoints=Stopping(tmp_path, 4))
    with pytest.raises(UsageError):  # a corpus that cannot be read: nothing is begun, nothing is lost
        Word2Vec(**CHOSEN).fit(tmp_path / "none.txt", checkpoints=Checkpoints(tmp_path))
    assert Checkpoints(tmp_path).found()
    Word2Vec(**CHOSEN).fit(documents(), checkpoints=Checkpoints(tmp_path))
    assert not Checkpoints(tmp_path).found()


# ------------------------------------------------------------------------------------------------------- the plan

COUNTS = np.array([60, 20, 10, 5, 5], dtype=np.int64)
OPTIONS = st.builds(
    Settings,
    window=st.integers(1, 6),
    shrink_windows=st.booleans(),
    sample=st.sampled_from([0.0, 0.02, 0.1]),
    negative=st.integers(1, 3),
    noise=st.sampled_from(["grouped", "shared", "per-pair"]),
    batch_size=st.sampled_from([1, 2, 3, 7, 64]),
    seed=st.integers(0, 2**64 - 1),
)


def batches_of(blocks: Iterator[Windows], size: int) -> list[Any]:
    """All that an engine reads of each batch."""
    return [
        (batch.positions.tolist(), *(array.tolist() for array in pair_arrays(batch)))
        for block in blocks
        for batch in block.batches(size)
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 4), max_size=25), min_size=1, max_size=10),
    OPTIONS,
    st.integers(1, 40),
    st.integers(0, 3),
)
def test_the_blocks_after_any_batch_are_the_rest_of_the_epoch(
    texts: list[list[int]], options: Settings, block: int, epoch: int
) -> None:
    ids = np.array([word for text in texts for word in text], dtype=np.int32)
    offsets = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
    plan, size = Plan(Stream(ids, offsets), options, NumpyDraws(COUNTS, options)), options.batch_size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fastw2v.training.plan.BLOCK", block)
        batches = batches_of(plan.blocks(epoch), size)
        for done, batch in enumerate(batches, start=1):
            assert batches_of(plan.blocks(epoch, after=batch[0][-1]), size) == batches[done:]


# ---------------------------------------------------------------------------------------------------- when to save


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("30s", Every(seconds=30)), ("5min", Every(seconds=300)), ("2h", Every(seconds=7200)),
        ("1.5 min", Every(seconds=90)), ("500000words", Every(words=500_000)), ("1word", Every(words=1)),
        (" EPOCH ", Every()),
    ],
)  # fmt: skip
def test_how_often_to_save_can_be_a_time_a_number_of_words_or_an_epoch(text: str, every: Every) -> None:
    assert Every.parse(text) == every


@pytest.mark.parametrize("text", ["", "0s", "0words", "5", "min", "-5min", "5 years", "epochs", "1e3s", "٣s", "nan s"])
def test_any_other_form_is_refused_with_some_that_work(text: str) -> None:
    with pytest.raises(UsageError, match="30s, 5min, 500000words and epoch work") as caught:
        Checkpoints(Path("m"), text)
    assert "\n" not in str(caught.value)


def moments_saved(every: str, tmp_path: Path, clock: Callable[[], float], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where a run of 3 epochs of 5 blocks saves."""
    saved = []

    class Noting(Checkpoints):
        def save(self, state: RunState, weights: Weights, rows: Callable[[], Any]) -> None:
            saved.append((state.epoch, state.position))
            super().save(state, weights, rows)

    monkeypatch.setattr("fastw2v.training.checkpoints.time.monotonic", clock)
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 401)
    options = Settings(**CHOSEN)
    run(prepared(options), options, Noting(tmp_path, every))
    return saved


def test_each_epoch_s_end_is_saved_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert moments_saved("epoch", tmp_path, lambda: 0.0, monkeypatch) == [(1, -1), (2, -1), (3, -1)]


def test_a_time_is_counted_from_the_last_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock goes on by 10 s each time it is asked: when the run is described, at each block, at each save."""
    seconds = iter(range(0, 100_000, 10))
    every = moments_saved("10s", tmp_path / "a", lambda: float(next(seconds)), monkeypatch)
    third = moments_saved("30s", tmp_path / "b", lambda: float(next(seconds)), monkeypatch)
    assert 3 * len(third) <= len(every) <= 3 * len(third) + 2
    assert moments_saved("1s", tmp_path / "c", lambda: 0.0, monkeypatch) == []


def test_words_are_counted_over_epochs_as_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = prepared(Settings(**CHOSEN))
    saved = moments_saved(f"{1.5 * data.corpus_tokens}words", tmp_path, lambda: 0.0, monkeypatch)
    ((epoch, position),) = saved
    assert epoch == 1
    # At the end of the block in which the words are reached.
    assert 0.5 <= (position + 1) / len(data.stream) < 0.5 + 401 / len(data.stream)
    assert len(moments_saved("1word", tmp_path / "all", lambda: 0.0, monkeypatch)) >= 15


def test_a_run_that_goes_on_counts_words_from_the_checkpoint_that_it_goes_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", 401)
    options = Settings(**CHOSEN)
    data = prepared(options)
    with pytest.raises(InterruptedRunError):
        run(data, options, Stopping(tmp_path, 7))
    saver = described(options, data, Checkpoints(tmp_path, f"{data.corpus_tokens}words"))
    _, state = saver.load()
    assert state.epoch == 1
    assert not saver.due(state, False)
    assert saver.due(replace(state, epoch=3), False)


def test_the_newest_checkpoints_stay_and_only_they(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEEP == 2
    moments_saved("1word", tmp_path, lambda: 0.0, monkeypatch)
    names = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    assert len(names) == KEEP
    assert int(names[1][:8]) == int(names[0][:8]) + 1 > 10


def test_what_others_keep_in_a_folder_of_that_name_stays(tmp_path: Path) -> None:
    """Whoever trains into a project's folder may have checkpoints of another program there."""
    others = [tmp_path / FOLDER / name for name in ("best.safetensors", "1.safetensors", "run/00000001.safetensors")]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a month of somebody's work")
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN).fit(documents(), checkpoints=Stopping(tmp_path, 4))
    assert Checkpoints(tmp_path).found()
    Word2Vec(**CHOSEN).fit(documents(), checkpoints=Checkpoints(tmp_path))
    Checkpoints(tmp_path).remove()
    assert sorted(path for path in (tmp_path / FOLDER).rglob("*") if path.is_file()) == sorted(others)
    assert {path.read_text() for path in others} == {"a month of somebody's work"}


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / FOLDER).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=f"{FOLDER} is a link, which could lead to any folder; remove it"):
        Checkpoints(tmp_path)


# ---------------------------------------------------------------------------------------------- what does not go on

OTHERS: dict[str, Any] = {
    "documents": "line", "tokenizer": "whitespace", "encoding_errors": "replace", "field": "other", "limit": "1GB",
    "encoding": "cp1252",
    "stop_words": "english", "min_count": 2, "max_final_vocab": 39, "max_vocab_size": 1000, "sample": 0.5,
    "vector_size": 10, "window": 4, "shrink_windows": False, "negative": 3, "ns_exponent": 0.5, "noise": "per-pair",
    "epochs": 4, "alpha": 0.2, "min_alpha": 1e-3, "schedule": "constant", "decay": 0.25, "batch_size": 17,
    "gradient_clip": 1.0, "sigmoid_clip": 6.0, "init": "xavier", "validation": 9_000, "early_stopping": 1, "seed": 2,
    "engine": "reference", "dtype": "float64", "workers": 2, "deterministic": True,
}  # fmt: skip


def begun(folder: Path, options: Settings, at: int = 4) -> Preprocessed:
    """Begin a run and cut it off; return its corpus."""
    data = prepared(options)
    with pytest.raises(InterruptedRunError):
        run(data, options, Stopping(folder, at))
    return data


@pytest.mark.parametrize("name", Settings().as_dict())
def test_a_run_does_not_go_on_with_another_setting_and_the_error_names_it(name: str, tmp_path: Path) -> None:
    options = Settings(**CHOSEN)
    data = begun(tmp_path, options)
    other = replace(options, **{name: OTHERS[name]})
    with pytest.raises(UsageError) as caught:
        described(other, data, Checkpoints(tmp_path)).load()
    was = getattr(options, name)
    assert f" has {name} {was!r}, and this one {OTHERS[name]!r}: it cannot go on with that." in str(caught.value)
    assert ("run begun with deterministic=True" in str(caught.value)) == (name == "workers")
    assert "\n" not in str(caught.value)


def test_fewer_epochs_than_were_begun_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Settings(**{**CHOSEN, "schedule": "constant"})
    data = begun(tmp_path, options)  # two epochs, and one block of the third
    with pytest.raises(UsageError, match="has begun epoch 3, and epochs is 2"):
        described(replace(options, epochs=2), data, Checkpoints(tmp_path)).load()


def test_a_run_does_not_go_on_with_another_corpus(tmp_path: Path) -> None:
    options = Settings(**CHOSEN)
    data = begun(tmp_path, options)
    other_ids = data.stream.ids.copy()
    other_ids[-1] = (other_ids[-1] + 1) % 3
    words = replace(data.vocabulary, words=[*data.vocabulary.words[1:], "x"])
    counts = replace(data.vocabulary, counts=data.vocabulary.counts + 1)
    for other in (
        replace(data, stream=replace(data.stream, ids=other_ids)),
        replace(data, held_out=data.stream),
        replace(data, vocabulary=words),
        replace(data, vocabulary=counts),
    ):
        with pytest.raises(UsageError, match="is of another corpus"):
            described(options, other, Checkpoints(tmp_path)).load()


def test_numbers_and_their_digits_are_two_corpora() -> None:
    data = prepared(Settings(**CHOSEN))
    numbers = list(range(len(data.vocabulary)))
    both = [identity(replace(data, vocabulary=replace(data.vocabulary, words=words))) for words in
            (numbers, [str(number) for number in numbers])]  # fmt: skip
    assert both[0] != both[1]


def test_a_run_does_not_go_on_from_another_model_than_it_was_begun_with(tmp_path: Path) -> None:
    """The same words and counts, other vectors."""
    first, second = (Word2Vec(**CHOSEN, seed=seed).fit(documents()) for seed in (1, 2))
    with pytest.raises(InterruptedRunError):
        Word2Vec(**CHOSEN, seed=3).fit(documents(), checkpoints=Stopping(tmp_path, 1), continue_from=first)
    again = Word2Vec(**CHOSEN, seed=3)
    with pytest.raises(UsageError, match="began with other vectors"):
        again.fit(documents(), checkpoints=Checkpoints(tmp_path), continue_from=second, resume=True)


def test_a_run_from_given_vectors_and_one_from_random_ones_are_told_apart(tmp_path: Path) -> None:
    """The model changes words, counts and seed, too: that is not what is named."""
    first = Word2Vec(**CHOSEN).fit(documents())
    for name, begun, later in (("random vectors", None, first), ("given vectors", first, None)):
        folder = tmp_path / name
        with pytest.raises(InterruptedRunError):
            Word2Vec(**CHOSEN).fit(documents(), checkpoints=Stopping(folder, 1), continue_from=begun)
        with pytest.raises(UsageError, match=f"is one that began with {name}. Give what it was begun with"):
            Word2Vec(**CHOSEN).fit(documents(), checkpoints=Checkpoints(folder), continue_from=later, resume=True)


def test_other_callbacks_cannot_have_the_states_of_those_that_were_there(tmp_path: Path) -> None:
    options = Settings(**CHOSEN)
    data = begun(tmp_path, options)
    kept = described(options, data, Checkpoints(tmp_path)).load()
    with pytest.raises(UsageError, match="begun with 1 callbacks, and goes on with 2"):
        Trainer(data, options, [Turning(), Turning()]).run(kept)


def test_racy_workers_go_on_and_are_told_that_bits_differ(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastw2v.training.trainer.STEPS_PER_RACER", 200)
    options = Settings(**{**CHOSEN, "engine": "numba", "workers": 2, "batch_size": 8})
    data = begun(tmp_path, options)
    assert "not with the bits" not in caplog.text
    model = run(data, options, Stopping(tmp_path), resume=True)
    assert "the run goes on, but not with the bits of a run that was never cut off" in caplog.text
    assert len(model.history) == options.epochs


def test_other_versions_of_what_computes_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    options = Settings(**CHOSEN)
    data = begun(tmp_path, options)
    saver = Checkpoints(tmp_path)
    saver.describe_run(options, "numpy", data, {"fastw2v": "1"})
    saver.load()
    assert "the checkpoint was written with {'fastw2v': '0'}; with {'fastw2v': '1'} the last digits" in caplog.text


def test_what_compiled_the_kernels_is_among_the_versions() -> None:
    assert {"numba", "llvm", "vector bytes", "processor"} <= set(runs.versions("numba"))
    assert runs.versions("numpy").keys() == {"fastw2v", "python", "numpy", "machine"}


# --------------------------------------------------------------------------------------------------------- damage


def two_checkpoints(folder: Path) -> tuple[Settings, Preprocessed, list[Path]]:
    options = Settings(**{**CHOSEN, "vector_size": 2})
    data = begun(folder, options, at=1)
    with pytest.raises(InterruptedRunError):
        run(data, options, Stopping(folder, 1), resume=True)
    files = sorted((folder / FOLDER).iterdir())
    assert len(files) == 2
    return options, data, files


def places(length: int) -> Iterator[int]:
    """Some of every part of a file: each byte of its first ones, and then every 37th."""
    yield from range(24)
    yield from range(24, length, 37)
    yield length - 1


@pytest.mark.parametrize("bit", [1, 128])
def test_where_a_byte_of_the_newest_checkpoint_is_flipped_the_one_before_is_used_and_named(
    bit: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    options, data, (older, newer) = two_checkpoints(tmp_path)
    content = newer.read_bytes()
    before = described(options, data, Checkpoints(tmp_path)).load()[1]
    harmless = 0
    for place in places(len(content)):
        newer.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
        caplog.clear()
        state = described(options, data, Checkpoints(tmp_path)).load()[1]
        if state == before:  # white space of the header
            harmless += 1
            assert content[place] == 32, place
        else:
            assert state.epoch == before.epoch - 1, place
            assert f"goes on from the checkpoint before, {older.name}" in caplog.text
            assert str(newer) in caplog.text
    assert harmless <= 8


def test_where_the_newest_checkpoint_is_cut_short_the_one_before_is_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    options, data, (older, newer) = two_checkpoints(tmp_path)
    content = newer.read_bytes()
    for length in (0, 1, 8, 100, len(content) // 2, len(content) - 1):
        newer.write_bytes(content[:length])
        assert described(options, data, Checkpoints(tmp_path)).load()[1].epoch == 1
    newer.write_bytes(content + b"\0")
    assert described(options, data, Checkpoints(tmp_path)).load()[1].epoch == 1
    assert caplog.text.count(older.name) == 7


def test_where_no_checkpoint_is_whole_one_line_says_so_and_what_to_do(tmp_path: Path) -> None:
    options, data, files = two_checkpoints(tmp_path)
    for path in files:
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError) as caught:
        described(options, data, Checkpoints(tmp_path)).load()
    message = str(caught.value)
    assert message.startswith(f"{files[1]}: not a checkpoint that is whole")
    assert message.endswith("The one before is not whole either. resume=False begins anew.")
    assert "\n" not in message


def rewritten(path: Path, weights: Weights, changes: dict[str, str], missing: str = "") -> None:
    """Write a checkpoint whose checksums are right, as somebody could make it."""
    texts = {**checkpoint_file.read_texts(path), **changes}
    texts.pop("weights_sha256")
    texts.pop(missing, None)
    checkpoint_file.write(path, weights, lambda: checkpoint_file.all_rows(weights), texts)


def only_checkpoint(folder: Path) -> tuple[Settings, Preprocessed, Path, Weights, dict[str, Any]]:
    options = Settings(**CHOSEN)
    data = begun(folder, options, at=1)
    (path,) = (folder / FOLDER).iterdir()
    weights, state = described(options, data, Checkpoints(folder)).load()
    return options, data, path, weights, json.loads(json.dumps(state.as_dict()))


JUNK: list[dict[str, Any]] = [
    {"epoch": "1"}, {"epoch": True}, {"epoch": 1.0}, {"epoch": None}, {"epoch": -1}, {"epoch": 2}, {"epoch": 10**30},
    {"position": -2}, {"position": 10**9}, {"position": 10**400}, {"position": 0.5}, {"position": "0"},
    {"batches": -1}, {"pairs": []}, {"loss": "0"}, {"loss": float("nan")}, {"loss": float("inf")}, {"loss": -1.0},
    {"rate": None}, {"seconds": {}}, {"train_seconds": -1.0}, {"stopped": 0}, {"stopped": None},
    {"history": None}, {"history": []}, {"history": {}}, {"history": "ab"}, {"history": [1]}, {"history": [{}]},
    {"history": [None]}, {"callbacks": None}, {"callbacks": {}}, {"more": 1},
]  # fmt: skip
JUNK_RECORDS: list[dict[str, Any]] = [
    {"epoch": 2}, {"epoch": "1"}, {"loss": "x"}, {"loss": float("nan")}, {"validation_loss": []}, {"pairs": 1.5},
    {"learning_rate": None}, {"seconds": float("inf")}, {"words_per_second": "fast"}, {"more": 1},
]  # fmt: skip


@pytest.mark.parametrize("changes", JUNK, ids=str)
def test_a_malformed_state_is_a_data_error_of_one_line(changes: dict[str, Any], tmp_path: Path) -> None:
    options, data, path, weights, state = only_checkpoint(tmp_path)
    rewritten(path, weights, {"state": json.dumps({**state, **changes})})
    with pytest.raises(DataError) as caught:
        described(options, data, Checkpoints(tmp_path)).load()
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("changes", JUNK_RECORDS, ids=str)
def test_a_malformed_history_is_a_data_error(changes: dict[str, Any], tmp_path: Path) -> None:
    options, data, path, weights, state = only_checkpoint(tmp_path)
    state["history"] = [{**state["history"][0], **changes}]
    rewritten(path, weights, {"state": json.dumps(state)})
    with pytest.raises(DataError, match="the state of the run is malformed"):
        described(options, data, Checkpoints(tmp_path)).load()


@pytest.mark.parametrize("name", ["state", "settings", "corpus", "start", "versions", "format", "format_version"])
@pytest.mark.parametrize("text", [None, "", "{", "[" * 100_000, "[1]", '"x"', "9" * 5_000])
def test_texts_that_are_missing_or_junk_are_errors_of_one_line(name: str, text: str | None, tmp_path: Path) -> None:
    options, data, path, weights, _ = only_checkpoint(tmp_path)
    rewritten(path, weights, {} if text is None else {name: text}, name if text is None else "")
    expected = UsageError if name in ("corpus", "start") and text in ("[1]", '"x"') else DataError
    if name == "versions" and text in ("[1]", '"x"'):
        described(options, data, Checkpoints(tmp_path)).load()  # told, no more
        return
    with pytest.raises(expected) as caught:
        described(options, data, Checkpoints(tmp_path)).load()
    assert "\n" not in str(caught.value)


def test_another_format_version_is_not_read(tmp_path: Path) -> None:
    options, data, path, weights, _ = only_checkpoint(tmp_path)
    rewritten(path, weights, {"format_version": "2"})
    with pytest.raises(DataError, match="not a checkpoint of version 1"):
        described(options, data, Checkpoints(tmp_path)).load()


def resized(weights: Weights, rows: int, size: int, dtype: npt.DTypeLike = np.float32) -> Weights:
    from fastw2v.engines.weights import aligned_zeros, padded_columns

    columns = padded_columns(size, dtype)
    return Weights(aligned_zeros(rows, columns, dtype), aligned_zeros(rows, columns, dtype), size)


@pytest.mark.parametrize(("rows", "size", "dtype"), [(39, 9, "float32"), (41, 9, "float32"), (40, 8, "float32"),
                                                     (40, 10, "float32"), (40, 9, "float64")])  # fmt: skip
def test_weights_of_another_shape_or_dtype_are_a_data_error(rows: int, size: int, dtype: str, tmp_path: Path) -> None:
    options, data, path, weights, _ = only_checkpoint(tmp_path)
    rewritten(path, resized(weights, rows, size, dtype), {})
    with pytest.raises(DataError, match="its input_vectors are"):
        described(options, data, Checkpoints(tmp_path)).load()


def test_weights_that_are_not_finite_are_a_data_error(tmp_path: Path) -> None:
    options, data, path, weights, _ = only_checkpoint(tmp_path)
    weights.w_in[3, 3] = np.nan
    rewritten(path, weights, {})
    with pytest.raises(DataError, match="damaged"):
        described(options, data, Checkpoints(tmp_path)).load()


@pytest.mark.parametrize("state", [None, [], [1], ["a", 1], [1.0, None], [1.0, "2"], {"best": 1}])
def test_a_malformed_state_of_early_stopping_is_a_data_error(state: Any, tmp_path: Path) -> None:
    options = Settings(**{**CHOSEN, "early_stopping": 2})
    data = begun(tmp_path, options)
    weights, kept = described(options, data, Checkpoints(tmp_path)).load()
    kept.callbacks[-1] = state
    with pytest.raises(DataError, match="The state of early stopping is malformed"):
        Trainer(data, options, [Turning()]).run((weights, kept))


def test_a_callback_whose_state_is_no_json_is_told(tmp_path: Path) -> None:
    class Odd(Callback):
        def state(self) -> Any:
            return {1, 2}

    options = Settings(**CHOSEN)
    data = prepared(options)
    saver = described(options, data, Stopping(tmp_path, 0))
    with pytest.raises(UsageError, match="The state of a callback must be made of JSON values"):
        Trainer(data, options, [Odd()], saver).run()


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(RunState().as_dict())), inner),
        max_leaves=20,
    )
)
def test_no_json_makes_a_state_fail_in_another_way(values: Any) -> None:
    with contextlib.suppress(DataError):
        assert RunState.from_dict(values, "here").as_dict() == values


def test_settings_that_an_earlier_version_did_not_have_are_as_by_default() -> None:
    options = Settings().as_dict()
    earlier = {name: value for name, value in options.items() if name != "encoding"}
    check_same(earlier, options, "The run")
    with pytest.raises(UsageError, match="The run has encoding 'utf-8', and this one 'cp1252'"):
        check_same(earlier, {**options, "encoding": "cp1252"}, "The run")
