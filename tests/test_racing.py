"""Racing threads: no run on skewed text ends above one worker's loss, whatever the order in which steps arrive.

`Delayed` makes the two extreme orders without a race: each step arrives `workers - 1` steps late (threads that start
one after the other), or all threads compute at the same weights (threads in lockstep). So the bound is proved on any
machine, busy or not; the runs with real threads follow.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import math
import random
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pairs import pair_arrays

from fastw2v import Settings, engines, objectives
from fastw2v.batches.windows import Windows
from fastw2v.corpus.encoded import EncodedCorpus, encode
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.engines.base import Gradients
from fastw2v.engines.numpy_engine import NumpyEngine
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.errors import TrainingError
from fastw2v.objectives.negative_sampling import NegativeSampling
from fastw2v.system import threads
from fastw2v.training.divergence import DivergenceWatch
from fastw2v.training.preparation import prepare
from fastw2v.training.run_state import EpochRecord, RunState
from fastw2v.training.trainer import Trainer

Documents = list[list[str]]
Maker = Callable[[int], Documents]
# A run may end this much above one worker's loss.
ALLOWED = 1.05


def small(**options: Any) -> Settings:
    """Return settings that keep all of a small corpus."""
    return Settings(sample=0, min_count=1, validation=0, **options)


def skewed(documents: int) -> Documents:
    """Half of all tokens are one word, a sixth another."""
    draw = random.Random(0)
    return [[f"w{int(draw.paretovariate(1.0)) % 500}" for _ in range(20)] for _ in range(documents)]


def sessions(documents: int) -> Documents:
    """One item begins every session."""
    draw = random.Random(0)
    return [["home"] + [f"i{int(draw.paretovariate(0.6)) % 800}" for _ in range(8)] for _ in range(documents)]


class Delayed(NumpyEngine):
    """Steps computed as racing threads compute them, arriving late."""

    def __init__(self, settings: Settings, counts: npt.NDArray[np.int64], workers: int, lockstep: bool) -> None:
        super().__init__(settings)
        self._workers, self._lockstep = workers, lockstep
        shares = counts**settings.ns_exponent / (counts**settings.ns_exponent).sum()
        self._expected = settings.batch_size * (settings.window + 1) * settings.negative * shares
        self._coming: deque[tuple[Gradients, float]] = deque()
        self.limited = True

    def step(self, weights: Weights, batch: Windows, rate: float) -> float:
        gradients = self.gradients(weights, batch)
        self._coming.append((self._at_once(gradients, batch), rate))
        if len(self._coming) == self._workers:
            for _ in range(self._workers if self._lockstep else 1):
                late, its_rate = self._coming.popleft()
                limit_in, limit_out = self.objective.outputs.step_limits()
                self._descend(weights.input_vectors, late.w_in, its_rate, limit_in)
                self._descend(weights.output_vectors, late.w_out, its_rate, limit_out)
        return gradients.loss

    def _at_once(self, gradients: Gradients, batch: Windows) -> Gradients:
        """Count the terms that pull on a row in the batches of all workers."""
        if not self.limited:
            return gradients
        workers, w_in, w_out = self._workers, gradients.w_in, gradients.w_out
        own = np.bincount(pair_arrays(batch)[1], minlength=len(self._expected))[w_out.rows]
        others = (workers - 1) * (own + self._expected[w_out.rows])
        if self.settings.noise == "per-pair":
            others = (workers - 1) * w_out.terms
        return Gradients(
            gradients.loss,
            dataclasses.replace(w_in, terms=w_in.terms * workers),
            dataclasses.replace(w_out, terms=w_out.terms + others),
        )


def loss_of(prepared: Preprocessed, monkeypatch: pytest.MonkeyPatch, engine: NumpyEngine) -> float:
    """Return the last epoch's loss with this engine; infinite where training stopped."""
    trainer = Trainer(prepared, engine.settings)
    monkeypatch.setattr(trainer, "_engine", engine)
    try:
        with np.errstate(all="ignore"):
            return trainer.run().history[-1].loss
    except TrainingError:
        return float("inf")


def test_steps_that_arrive_late_diverge_without_the_racing_limit_and_not_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for documents, options in (
        (skewed(300), {"batch_size": 64, "noise": "per-pair"}),
        (skewed(400), {"negative": 15, "alpha": 0.05}),
        (sessions(600), {"alpha": 0.1, "negative": 15}),
    ):
        settings = small(engine="numpy", vector_size=20, **options)
        prepared = prepare(encode(documents), {}, settings).preprocessed
        one = loss_of(prepared, monkeypatch, NumpyEngine(settings))
        for workers, lockstep in ((2, False), (2, True), (4, False)):
            limited, not_limited = (Delayed(settings, prepared.vocabulary.counts, workers, lockstep) for _ in range(2))
            not_limited.limited = False
            assert loss_of(prepared, monkeypatch, limited) < ALLOWED * one
            assert loss_of(prepared, monkeypatch, not_limited) == float("inf")


# Steps that each racing thread takes in a run below, over all epochs: a fifth of `STEPS_PER_RACER`, which is harder.
STEPS = 200


def runs(count: int, largest: int) -> Iterator[tuple[Maker, Settings]]:
    """Yield the corpora and settings of racing runs, the same ones always.

    `largest` is the product of workers and batch size that there is time for: the text grows with it.
    """
    draw = random.Random(1)
    for seed in range(count):
        workers = draw.choice([2, 4, 8])
        batch_size = draw.choice([size for size in (32, 128, 256, 1024, 4096) if workers * size <= largest])
        yield (
            draw.choice([skewed, sessions]),
            small(
                workers=workers,
                batch_size=batch_size,
                noise=draw.choice(["grouped", "shared", "per-pair"]),
                alpha=draw.choice([0.025, 0.05, 0.075, 0.1]),
                negative=draw.choice([5, 15]),
                vector_size=20,
                seed=seed,
                engine="numba",
            ),
        )


def too_high(count: int, largest: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Settings]]:
    """Train with racing threads; return what ended above one worker's loss, and with which settings."""
    monkeypatch.setattr(threads, "processors", lambda: 8)  # as many threads race as are asked for, on any machine
    monkeypatch.setattr("fastw2v.training.trainer.STEPS_PER_RACER", STEPS)
    ones: dict[tuple[Maker, Settings], float] = {}
    found = []
    for maker, settings in runs(count, largest):
        encoded = corpus(maker, settings.workers * settings.batch_size * STEPS // settings.epochs)
        alone = dataclasses.replace(settings, workers=1, seed=0)
        if (maker, alone) not in ones:
            ones[maker, alone] = final_loss(encoded, alone)
            assert ones[maker, alone] < float("inf")
        ratio = final_loss(encoded, settings) / ones[maker, alone]
        if not ratio < ALLOWED:
            found.append((ratio, settings))
    return found


@functools.cache
def corpus(maker: Maker, tokens: int) -> EncodedCorpus:
    """Return a corpus of at least so many tokens."""
    mean = sum(map(len, maker(100))) / 100
    return encode(maker(math.ceil(tokens / mean)))


def final_loss(encoded: EncodedCorpus, settings: Settings) -> float:
    """Return the last loss of a run in which all workers train; infinite where it was stopped."""
    run = Trainer(prepare(encoded, {}, settings).preprocessed, settings)
    engine: Any = run._engine
    assert engine._threads.count == settings.workers
    assert engine.racy == (settings.workers > 1)
    try:
        return run.run().history[-1].loss
    except TrainingError:
        return float("inf")


def test_racing_runs_on_skewed_text_end_as_one_worker_does(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # One of them, the fifteenth, diverges on two cores too where each thread takes the step limits of one alone.
    with caplog.at_level(logging.ERROR):
        assert too_high(20, 2048, monkeypatch) == []


@pytest.mark.slow
def test_a_thousand_racing_runs_on_skewed_text_end_as_one_worker_does(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert too_high(1000, 8192, monkeypatch) == []


def test_racing_threads_count_the_terms_of_all_their_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 4)
    counts = np.array([81, 16, 1])  # noise words in the proportion 27 : 8 : 1
    # One centre, word 0, between words 1 and 2; noise words 1, 1 and 0, of which the last does not count.
    batch = Windows(
        np.array([1, 0, 2], dtype=np.int32), 1, *(np.array([1], dtype=np.int32),) * 2,
        np.array([[1, 1, 0]], dtype=np.int32), np.array([1]), False,
    )  # fmt: skip
    for workers, deterministic, racing in ((1, False, 1), (2, False, 2), (8, False, 4), (4, True, 1)):
        for noise in ("shared", "per-pair"):
            settings = Settings(
                engine="numba", workers=workers, deterministic=deterministic, noise=noise, negative=3, window=1,
                batch_size=6,
            )  # fmt: skip
            engine: Any = engines.make(settings, counts)[0]
            assert engine._limits.step_in == 1.6 / racing
            assert engine._limits.step_out == (1.6 / racing if noise == "per-pair" else 1.6)
        shared: Any = engines.make(dataclasses.replace(settings, noise="shared"), counts)[0]
        job = shared._job(initial_weights(3, settings), batch, np.zeros(1), 6, shared._threads.count)
        shared._number(job, 0)
        # A batch has 6 centres of 2 pairs with 3 noise words: 36 terms, 27 of word 0, 8 of word 1.
        own, noise_terms = np.array([2 * racing, 0]), np.array([(racing - 1) * 27, 4 + (racing - 1) * 8])
        assert job.numbers.rows_out[0, :2].tolist() == [0, 1]
        assert job.numbers.terms_out[0, :2].tolist() == (own + noise_terms).tolist()


def test_a_run_of_few_steps_has_fewer_racing_threads_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 4)
    monkeypatch.setattr("fastw2v.training.trainer.STEPS_PER_RACER", STEPS)
    documents = sessions(400)  # 3,600 tokens
    for batch_size, epochs, wanted in ((32, 8, 4), (32, 5, 2), (256, 5, 1)):
        caplog.clear()
        settings = small(engine="numba", workers=9, batch_size=batch_size, epochs=epochs)
        trainer = Trainer(prepare(encode(documents), {}, settings).preprocessed, settings)
        engine: Any = trainer._engine
        assert engine._threads.count == wanted
        trainer._say_how_workers_are_used()
        assert (f"{wanted} of 4 workers train" in caplog.text) == (wanted < 4)


# ------------------------------------------------------------------------------------------------ runs that diverge


def diverging(monkeypatch: pytest.MonkeyPatch) -> tuple[Trainer, Settings]:
    """Return a run whose steps are twenty times as long as they may be."""
    monkeypatch.setattr(NegativeSampling, "step_limits", lambda _: (32.0, 32.0))
    settings = small(engine="numpy", vector_size=20, batch_size=256, epochs=2)
    return Trainer(prepare(encode(skewed(300)), {}, settings).preprocessed, settings), settings


def test_a_run_that_diverges_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TrainingError, match=r"the run diverges; the loss at the end of epoch 1, .* alpha=0.00625"):
        diverging(monkeypatch)[0].run()


def test_the_last_block_alone_tells_a_run_that_diverges_late() -> None:
    settings = small(vector_size=20)
    weights, record = initial_weights(3, settings), EpochRecord(1, 2.3, None, 0.02, 10_000, 1.0, 1.0)
    block = next(Trainer(prepare(encode(skewed(300)), {}, settings).preprocessed, settings)._plan.blocks(0))
    DivergenceWatch(settings, objectives.make(settings)).check(
        record, weights, RunState()
    )  # nothing is known of the last block
    for loss, stops in ((6.0, False), (6.5, True)):  # 1.5 x 6 log 2 = 6.24
        watch, state = DivergenceWatch(settings, objectives.make(settings)), RunState(batches=7)
        watch.note_losses(np.array([loss * block.pairs]), block, state)
        if stops:
            with pytest.raises(TrainingError, match="the run diverges"):
                watch.check(record, weights, state)
        else:
            watch.check(record, weights, state)


def test_vectors_far_longer_than_any_that_learn_stop_a_run_whose_loss_is_low() -> None:
    settings = small(vector_size=20)
    record = EpochRecord(3, 0.8, None, 0.02, 10_000, 1.0, 1.0)
    for matrix in ("input_vectors", "output_vectors"):
        weights = initial_weights(5, settings)
        getattr(weights, matrix)[4] = 20.0  # the length 20 sqrt(20) = 89.4
        DivergenceWatch(settings, objectives.make(settings)).check(record, weights, RunState())
        getattr(weights, matrix)[4] = -25.0
        with pytest.raises(TrainingError, match=r"after epoch 3 the longest vector has the length 111\.8, above 100"):
            DivergenceWatch(settings, objectives.make(settings)).check(record, weights, RunState())
        began = RunState()
        DivergenceWatch(settings, objectives.make(settings)).note_start(weights, began)
        DivergenceWatch(settings, objectives.make(settings)).check(record, weights, began)


def test_a_run_that_begins_above_the_limit_may_come_down() -> None:
    settings = small(engine="numpy", vector_size=20, epochs=1)
    prepared = prepare(encode(skewed(300)), {}, settings).preprocessed
    weights = initial_weights(len(prepared.vocabulary), settings)
    weights.input_vectors[:] = 2.0
    weights.output_vectors[:] = 0.5  # every score is 20: noise words are all wrong
    state = RunState()
    Trainer(prepared, settings).run((weights, state))
    assert state.began_diverged
    assert state.history[0].loss > 6.24
    assert RunState.from_dict(state.as_dict(), "here").began_diverged


def test_checkpoints_of_earlier_versions_lack_whether_the_run_began_diverged() -> None:
    values = RunState().as_dict()
    del values["began_diverged"]
    assert RunState.from_dict(values, "here") == RunState()
