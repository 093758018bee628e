"""Whole runs: every engine against the oracle, against itself with the same seed, and with any number of workers.

A run is taken apart as the trainer does it (plan, rates, engine), so that each piece can be compared on its own; that
the trainer comes to the same bits is a test too.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import oracle
import pytest

from fastw2v import Settings, TrainingError, engines
from fastw2v.corpus.encoded import EncodedCorpus, encode
from fastw2v.corpus.vocabulary import Preprocessed, Stream, Vocabulary, preprocess
from fastw2v.draws import numpy_draws
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.objectives.logistic import STEP_LIMIT
from fastw2v.registry import ENGINES
from fastw2v.system import threads
from fastw2v.text import TextCorpus
from fastw2v.text.corpus import StoriesCorpus
from fastw2v.text.limits import Limit
from fastw2v.training import trainer
from fastw2v.training.plan import Plan
from fastw2v.training.run_state import EpochRecord
from fastw2v.training.schedule import learning_rates
from fastw2v.training.trainer import Callback, TrainedModel, Trainer
from fastw2v.training.validation import ValidationSet
from fastw2v.verify import tolerances
from fastw2v.verify.made_batches import random_weights

NAMES = list(ENGINES)
DTYPES = ["float32", "float64"]
BASE: dict[str, Any] = {
    "vector_size": 6, "window": 3, "negative": 2, "min_count": 1, "sample": 0.02, "alpha": 0.2, "min_alpha": 0.01,
    "epochs": 2, "seed": 5, "batch_size": 16, "validation": 0, "dtype": "float64",
}  # fmt: skip


def written(words: int, tokens: int, documents: int) -> list[list[str]]:
    """Documents of words after Zipf's law, some of them empty or of one word."""
    draw = random.Random(f"{words} {tokens}")
    names, shares = [f"w{i}" for i in range(words)], [1 / (i + 1) for i in range(words)]
    text = draw.choices(names, shares, k=tokens)
    cuts = sorted(draw.choices(range(tokens + 1), k=documents - 1))
    made = [text[a:b] for a, b in zip([0, *cuts], [*cuts, tokens], strict=True)]
    return [*made[:2], [], ["w0"], *made[2:]]


TEXT = written(40, 500, 12)
# Four words in batches of hundreds of centres: every row has far more terms than the step limit lets count.
FEW_WORDS = written(4, 300, 4)


@dataclass(frozen=True)
class Case:
    """A run: what differs from BASE, the text and the stop words."""

    changes: MappingProxyType[str, Any]
    text: str = "TEXT"
    stop_words: tuple[str, ...] = ()

    @property
    def documents(self) -> list[list[str]]:
        return TEXT if self.text == "TEXT" else FEW_WORDS

    def settings(self, **more: Any) -> Settings:
        return Settings(**{**BASE, **self.changes, **more})


def case(text: str = "TEXT", stop_words: tuple[str, ...] = (), **changes: Any) -> Case:
    return Case(MappingProxyType(changes), text, stop_words)


CASES = {
    "grouped noise, linear": case(),
    "grouped noise, eight sharers": case(alpha=0.04, epochs=1),
    "grouped noise, unfinished groups": case(alpha=0.08, batch_size=70, epochs=1),
    "shared noise": case(noise="shared"),
    "per-pair noise": case(noise="per-pair"),
    "exponential": case(schedule="exponential", decay=0.3, epochs=3, min_alpha=0.02),
    "constant": case(schedule="constant", seed=2**64 - 1),
    "gradient clip": case(gradient_clip=0.05),
    "gradient clip, per-pair": case(gradient_clip=0.02, noise="per-pair", init="he"),
    "xavier": case(init="xavier"),
    "he, clipped scores": case(init="he", sigmoid_clip=0.4),
    "no subsampling": case(sample=0.0, epochs=1),
    "windows that do not shrink": case(shrink_windows=False, epochs=1),
    "window of 1, one epoch": case(window=1, epochs=1, shrink_windows=False),
    "batches of one centre": case(batch_size=1, epochs=1, alpha=0.1),
    "one batch for all": case(batch_size=100_000, alpha=0.05),
    "odd batches": case(batch_size=7, ns_exponent=0.0),
    "negative exponent": case(ns_exponent=-0.5),
    "stop words": case(stop_words=("w0", "w2", "not there")),
    "min_count": case(min_count=4),
    "stop words and min_count": case(stop_words=("w1",), min_count=3, batch_size=50),
    "the step limit bites": case("FEW_WORDS", batch_size=200, alpha=2.0, min_alpha=0.5, sample=0.0, seed=9),
    "the step limit bites, many noise words": case("FEW_WORDS", batch_size=200, alpha=2.0, sample=0.0, negative=11),
    "the step limit bites, clip": case("FEW_WORDS", batch_size=200, alpha=1.5, gradient_clip=3.0, noise="per-pair"),
}


@cache
def oracle_run(name: str) -> oracle.OracleRun:
    one = CASES[name]
    return oracle.train(one.documents, one.settings(), step_limit=STEP_LIMIT, stop_words=one.stop_words)


@dataclass
class Pieces:
    """A run of the package, taken apart."""

    weights: Weights
    kept_positions: list[list[int]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    batch_losses: list[float] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)


def run_of(data: Preprocessed, options: Settings) -> Pieces:
    engine, draws = engines.make(options, data.vocabulary.counts)
    plan = Plan(data.stream, options, draws)
    run = Pieces(initial_weights(len(data.vocabulary), options))
    for epoch in range(options.epochs):
        kept: list[int] = []
        losses: list[float] = []
        pairs = 0
        for block in plan.blocks(epoch):
            rates = learning_rates(options, epoch, block.positions[:: options.batch_size], len(data.stream))
            losses += engine.train(run.weights, block, rates).tolist()
            kept += block.positions.tolist()
            run.rates += rates.tolist()
            pairs += block.pairs
        run.kept_positions.append(kept)
        run.pairs.append(pairs)
        run.losses.append(sum(losses) / pairs)
        run.batch_losses += losses
    return run


def data_of(one: Case) -> Preprocessed:
    return preprocess(encode(one.documents), one.settings(), one.stop_words)


def apart(weights: Weights, run: oracle.OracleRun) -> float:
    return max(
        float(np.abs(weights.input_vectors - np.array(run.w_in)).max()),
        float(np.abs(weights.output_vectors - np.array(run.w_out)).max()),
    )


# -------------------------------------------------------------------------------------------- against the oracle


@pytest.mark.parametrize("name", CASES)
def test_vocabulary_and_thresholds_are_the_oracle_s(name: str) -> None:
    one, run, options = CASES[name], oracle_run(name), CASES[name].settings()
    data = data_of(one)
    assert list(data.vocabulary.words) == run.words
    assert data.vocabulary.counts.tolist() == run.counts
    assert numpy_draws.keep_thresholds(data.vocabulary.counts, options.sample).tolist() == oracle.keep_thresholds(
        run.counts, options.sample
    )
    assert numpy_draws.noise_thresholds(
        data.vocabulary.counts, options.ns_exponent
    ).tolist() == oracle.noise_thresholds(run.counts, options.ns_exponent)
    initial = initial_weights(len(run.words), options).input_vectors
    assert initial == pytest.approx(
        np.array(oracle.initial_weights(len(run.words), options.vector_size, options.seed, options.init)), rel=1e-15
    )


@pytest.mark.parametrize("engine", NAMES)
@pytest.mark.parametrize("name", CASES)
def test_a_whole_run_in_float64_is_the_oracle_s(name: str, engine: str) -> None:
    wanted = oracle_run(name)
    found = run_of(data_of(CASES[name]), CASES[name].settings(engine=engine))
    assert found.kept_positions == wanted.kept_positions
    assert found.pairs == wanted.pairs
    assert found.rates == pytest.approx(wanted.learning_rates, rel=1e-15)
    assert found.batch_losses == pytest.approx(wanted.batch_losses, rel=1e-12)
    assert found.losses == pytest.approx(wanted.losses, rel=1e-12)
    # Measured: 2e-15. `tolerances` allows runs of any length 1e-9.
    assert apart(found.weights, wanted) <= 1e-12 < tolerances.FREE_RUNNING
    # Something was learnt: the agreement is not that of initial weights.
    initial = initial_weights(len(wanted.words), CASES[name].settings())
    assert apart(initial, wanted) > 1e-3


@pytest.mark.parametrize("engine", NAMES)
@pytest.mark.parametrize("name", CASES)
def test_a_whole_run_in_float32_stays_near_the_oracle_s(name: str, engine: str) -> None:
    wanted = oracle_run(name)
    found = run_of(data_of(CASES[name]), CASES[name].settings(engine=engine, dtype="float32"))
    # Up to 500 batches, each of which rounds a row by half an eps or so, in either direction: measured, at most 6e-7
    # of the largest weight and 4e-8 of the loss.
    limit = tolerances.rounding("float32", 20)
    assert limit < 1e-5
    assert apart(found.weights, wanted) <= limit * float(np.abs(wanted.w_in).max())
    assert found.losses == pytest.approx(wanted.losses, rel=1e-6)


@pytest.mark.parametrize("name", ["the step limit bites", "the step limit bites, clip"])
def test_without_the_step_limit_these_runs_would_end_elsewhere(name: str) -> None:
    one = CASES[name]
    free = oracle.train(one.documents, one.settings(), step_limit=math.inf)
    assert apart(run_of(data_of(one), one.settings(engine="numpy")).weights, free) > 0.1


@pytest.mark.parametrize("change", [
    {"noise": "per-pair"}, {"schedule": "constant"}, {"gradient_clip": 0.05}, {"init": "xavier"}, {"sample": 0.0},
    {"shrink_windows": False}, {"batch_size": 15}, {"ns_exponent": 1.0}, {"min_count": 2}, {"seed": 6},
    {"sigmoid_clip": 0.1}, {"negative": 3}, {"window": 2}, {"min_alpha": 0.02},
], ids=str)  # fmt: skip
def test_every_setting_makes_another_run(change: dict[str, Any]) -> None:
    """So that agreement with the oracle says something about each of them."""
    first, other = (run_of(data_of(case(**c)), case(**c).settings(engine="numpy")) for c in ({}, change))
    same = first.weights.w_in.shape == other.weights.w_in.shape
    assert not same or np.abs(first.weights.w_in - other.weights.w_in).max() > 1e-6


@pytest.mark.parametrize("engine", NAMES)
def test_the_trainer_comes_to_the_same_bits_as_its_pieces(engine: str) -> None:
    one = CASES["grouped noise, linear"]
    options = one.settings(engine=engine)
    model, pieces = Trainer(data_of(one), options).run(), run_of(data_of(one), options)
    assert np.array_equal(model.weights.w_in, pieces.weights.w_in)
    assert np.array_equal(model.weights.w_out, pieces.weights.w_out)
    assert [record.loss for record in model.history] == pieces.losses
    assert [record.pairs for record in model.history] == pieces.pairs
    assert [record.learning_rate for record in model.history][-1] == pieces.rates[-1]


# ------------------------------------------------------------------------------------------------------- same bits


@cache
def stories(documents: int) -> EncodedCorpus:
    return encode(StoriesCorpus(Limit(docs=documents)))


@cache
def tiny_stories(path: Path) -> EncodedCorpus:
    return encode(TextCorpus([path], limit="300docs"))


def trained(corpus: EncodedCorpus, *callbacks: Callback, **changes: Any) -> TrainedModel:
    options = Settings(**{"vector_size": 20, "negative": 2, "epochs": 2, **changes})
    return Trainer(preprocess(corpus, options), options, callbacks).run()


def bits(model: TrainedModel) -> tuple[bytes, bytes, list[float], list[float | None]]:
    weights = model.weights
    history = [record.loss for record in model.history], [record.validation_loss for record in model.history]
    return weights.w_in.tobytes(), weights.w_out.tobytes(), *history


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("engine", NAMES)
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(engine: str, dtype: str) -> None:
    options = {"engine": engine, "dtype": dtype, "epochs": 1}
    first = bits(trained(stories(12), **options))
    assert bits(trained(stories(12), **options)) == first
    other = bits(trained(stories(12), **options, seed=2))
    assert all(mine != theirs for mine, theirs in zip(first[:3], other[:3], strict=True))


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was given to threads. Batches of any size are shared, among four threads whatever this machine has."""
    calls: list[Any] = []
    submit = ThreadPoolExecutor.submit

    def recording(self: ThreadPoolExecutor, work: Any, *arguments: Any) -> Any:
        calls.append(arguments)
        return submit(self, work, *arguments)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", recording)
    monkeypatch.setattr(threads, "processors", lambda: 4)
    return calls


def check_deterministic_workers(corpus: EncodedCorpus, submitted: list[Any], **changes: Any) -> None:
    runs, given = [], []
    for workers in (1, 2, 3, 4):
        submitted.clear()
        runs.append(bits(trained(corpus, **changes, engine="numba", deterministic=True, workers=workers)))
        given.append(len(submitted))
    assert runs[1:] == runs[:1] * 3
    # They did share the work.
    assert given[0] == 0 < given[1] < given[2] < given[3]
    # One worker is deterministic without being asked.
    assert bits(trained(corpus, **changes, engine="numba")) == runs[0]


@pytest.mark.parametrize("changes", [
    {}, {"noise": "per-pair", "gradient_clip": 0.1}, {"dtype": "float64", "batch_size": 131}, {"batch_size": 5_000},
], ids=str)  # fmt: skip
def test_deterministic_workers_come_to_the_same_bits(changes: dict[str, Any], submitted: list[Any]) -> None:
    check_deterministic_workers(stories(40), submitted, **changes)


def test_deterministic_workers_come_to_the_same_bits_as_they_are() -> None:
    """With what the engine itself shares on this machine."""
    runs = [
        bits(trained(stories(100), engine="numba", deterministic=True, workers=workers, batch_size=batch_size))
        for workers in (1, 2, 3)
        for batch_size in (256, 8192)
    ]
    assert runs[2:] == runs[:2] * 2
    assert runs[0] != runs[1]


def test_deterministic_workers_come_to_the_same_bits_on_tinystories(shared_data: Path, submitted: list[Any]) -> None:
    corpus = tiny_stories(shared_data / "tinystories.txt")
    check_deterministic_workers(corpus, submitted, epochs=1, batch_size=1_000)


def check_racy_workers(corpus: EncodedCorpus) -> None:
    alone, two = (trained(corpus, engine="numba", workers=workers, epochs=3, alpha=0.1) for workers in (1, 2))
    learnt = alone.history[0].loss - alone.history[-1].loss
    assert learnt > 0.05
    # The same pairs in another order: what lies between one and two workers is small beside what is learnt.
    for one, other in zip(alone.history, two.history, strict=True):
        assert other.loss == pytest.approx(one.loss, abs=0.15 * learnt)
        assert one.pairs == other.pairs
    assert two.history[-1].loss < two.history[0].loss


def test_racy_workers_reach_a_loss_close_to_one_worker_s() -> None:
    check_racy_workers(stories(300))


def test_racy_workers_reach_a_loss_close_to_one_worker_s_on_tinystories(shared_data: Path) -> None:
    check_racy_workers(tiny_stories(shared_data / "tinystories.txt"))


# ------------------------------------------------------------------------------------------------------- the loss


@pytest.mark.parametrize("engine", NAMES)
def test_the_loss_is_the_mean_over_pairs_and_not_over_terms_or_batches(engine: str) -> None:
    """At a rate of nearly nothing W_out stays 0 and every counted term is log 2; noise is never the output here."""
    ids = np.array([0, 1] * 50 + [0, 1, 0], dtype=np.int32)
    data = Preprocessed(
        Vocabulary(["a", "b", "c"], np.array([51, 52, 1], dtype=np.int64)), Stream(ids, np.array([0, 100, 103])),
        Stream(ids[:0], np.array([0])), 2, 3, 103, 0, 0, 0,
    )  # fmt: skip
    # At the power -10 all noise is the rarest word, which the text does not hold.
    options = Settings(
        engine=engine, negative=2, ns_exponent=-10, sample=0, alpha=1e-30, min_alpha=0, validation=0, batch_size=30,
        window=1, shrink_windows=False, epochs=1, vector_size=4, dtype="float64",
    )  # fmt: skip
    (record,) = Trainer(data, options).run().history
    # Documents of 100 and 3 tokens, windows of 1: 2 * 99 + 2 * 2 pairs of three terms.
    assert record.pairs == 202
    assert record.loss == pytest.approx(3 * math.log(2), rel=1e-12)


@pytest.mark.parametrize("engine", NAMES)
def test_the_losses_of_float32_are_those_of_float64_but_for_rounding(engine: str) -> None:
    # Twenty stories are too few to hold one out.
    corpus = stories(20 if engine == "reference" else 150)
    single, double = (trained(corpus, engine=engine, dtype=dtype, alpha=0.1).history for dtype in DTYPES)
    for one, other in zip(single, double, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=1e-5)
        assert (one.validation_loss or 0.0) == pytest.approx(other.validation_loss or 0.0, rel=1e-5)
        assert one.pairs == other.pairs


@pytest.mark.parametrize("block", [64, 1000, 1 << 20])
@pytest.mark.parametrize("engine", NAMES[1:])
def test_the_block_size_shows_in_no_bit(engine: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = bits(trained(stories(40), engine=engine, batch_size=50))
    monkeypatch.setattr("fastw2v.training.plan.BLOCK", block)
    for workers in (1, 2):
        assert bits(trained(stories(40), engine=engine, batch_size=50, workers=workers, deterministic=True)) == plain


@pytest.mark.parametrize("engine", NAMES)
def test_training_lowers_the_loss(engine: str) -> None:
    history = trained(stories(30), engine=engine, alpha=0.2, epochs=4).history
    assert history[0].loss - history[-1].loss > 0.01


# -------------------------------------------------------------------------------------------------- validation


class Watching(Callback):
    """Keeps the weights of every epoch and the loss that the trainer measured there."""

    def __init__(self) -> None:
        self.seen: list[tuple[Weights, float | None]] = []

    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        self.seen.append((weights.copy(), record.validation_loss))
        return False


@pytest.mark.parametrize("engine", NAMES)
def test_the_validation_loss_is_the_same_for_all_engines_at_the_same_weights(engine: str) -> None:
    watching = Watching()
    trained(stories(150), watching, engine="numpy", alpha=0.3)
    options = Settings(vector_size=20, negative=2, epochs=2, engine=engine, seed=8, workers=2, window=3)
    own = ValidationSet(preprocess(stories(150), options), options)
    assert own.pairs > 0
    assert [own.loss(weights) for weights, _ in watching.seen] == [loss for _, loss in watching.seen]
    assert watching.seen[0][1] != watching.seen[1][1]


def held_out(words: int, documents: list[list[int]]) -> Preprocessed:
    lengths = [len(document) for document in documents]
    ids = np.array([word for document in documents for word in document], dtype=np.int32)
    stream = Stream(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))
    # Equally frequent words, of which each is a thousandth: subsampling keeps all.
    counts = np.ones(1000, dtype=np.int64)
    nothing = Stream(ids[:0], np.array([0], dtype=np.int64))
    return Preprocessed(Vocabulary(range(words), counts[:words]), nothing, stream, 1, words, 1, 1, 0, 0)


def test_the_validation_loss_by_hand() -> None:
    """Two documents of two words: four pairs. Word 0 and 1 score ln 3 with each other, all other scores are 0."""
    data = held_out(1000, [[0, 1], [2, 3]])
    options = Settings(vector_size=2, dtype="float64")
    weights = initial_weights(1000, options)
    weights.w_in[:] = 0
    weights.input_vectors[:2], weights.output_vectors[:2] = [[math.log(3), 0]] * 2, [[1, 0]] * 2
    found = ValidationSet(data, options)
    assert found.pairs == 4
    # Pairs (1, 0) and (0, 1): log(4/3) for the output; pairs (3, 2), (2, 3): log 2. Five noise words a pair, each
    # with the score 0 (log 2): none of them is word 0 to 3, whose draws would be 4 of 1000.
    noise = oracle_noise(positions=[0, 1, 2, 3], offsets=[1, -1, 1, -1])
    assert not {word for row in noise for word in row} & {0, 1, 2, 3}
    expected = (2 * math.log(4 / 3) + 2 * math.log(2) + 20 * math.log(2)) / 4
    assert found.loss(weights) == pytest.approx(expected, rel=1e-14)
    # A noise word at score ln 3 costs log 4 instead of log 2: give the first pair's first noise word that score. Its
    # input is word 1.
    weights.output_vectors[noise[0][0]] = [1, 0]
    hits = sum(row.count(noise[0][0]) for row in noise[:2])
    assert found.loss(weights) == pytest.approx(expected + hits * (math.log(4) - math.log(2)) / 4, rel=1e-14)


def oracle_noise(positions: Sequence[int], offsets: Sequence[int]) -> list[list[int]]:
    """The validation noise: seed 0, epoch 2^32 - 1, five words a pair, windows of 5."""
    thresholds = oracle.noise_thresholds([1] * 1000, 0.75)
    rows = []
    for position, offset in zip(positions, offsets, strict=True):
        slot = offset + 5 if offset < 0 else offset + 4
        first = (position * 10 + slot) * 5
        rows.append([oracle.noise_word(thresholds, oracle.draw(0, 2**32 - 1, 3, first + k)) for k in range(5)])
    return rows


def test_the_validation_loss_is_the_oracle_s_over_the_pairs_at_the_fixed_settings() -> None:
    """Windows up to 5, five words of per-pair noise, seed 0, whatever the run's own settings are."""
    draw = random.Random(0)
    documents = [draw.choices(range(1000), k=12) for _ in range(60)]
    options = Settings(vector_size=4, dtype="float64", window=2, negative=1, seed=7, validation=10**6)
    weights = random_weights(1000, options)
    tokens, position = [], 0
    for document in documents:
        tokens.append([oracle.Token(position + i, word) for i, word in enumerate(document)])
        position += len(document)
    # Every word is a thousandth of the text, so that subsampling at 1e-3 keeps all.
    fixed = Settings(window=5, negative=5, noise="per-pair", seed=0)
    centres = oracle.pairs_of_epoch(tokens, oracle.noise_thresholds([1] * 1000, 0.75), fixed, 2**32 - 1)
    pairs = [pair for centre in centres for pair in centre.pairs]
    assert any(pair.output in pair.noise for pair in pairs)
    rows = weights.input_vectors.tolist(), weights.output_vectors.tolist()
    found = ValidationSet(held_out(1000, documents), options)
    assert found.pairs == len(pairs)
    assert found.loss(weights) == pytest.approx(oracle.gradients(*rows, pairs, 16.0).loss / len(pairs), rel=1e-12)


def test_validation_takes_as_many_pairs_as_asked_from_all_that_is_held_out() -> None:
    # Document i holds the word i only; 20 words make at least 38 pairs.
    data = held_out(1000, [[i] * 20 for i in range(50)])
    found = ValidationSet(data, Settings(validation=100))
    assert found.pairs == 100
    weights = initial_weights(1000, Settings(vector_size=1))
    base = found.loss(weights)
    # A NaN in any of the documents' words shows, so each of them is measured on.
    for word in range(50):
        poisoned = weights.copy()
        poisoned.w_in[word] = np.nan
        assert math.isnan(found.loss(poisoned) or 0.0)
    assert base is not None


# ------------------------------------------------------------------------------------------------ NaN stops training


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("engine", NAMES)
def test_nan_weights_stop_training_with_an_error_that_names_epoch_and_rate(
    engine: str, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(words: int, options: Settings) -> Weights:
        weights = initial_weights(words, options)
        weights.w_in[0, 0] = np.nan
        return weights

    monkeypatch.setattr(trainer, "initial_weights", poisoned)
    with pytest.raises(TrainingError, match=r"the loss\b.* epoch 1\b.* at the learning rate 0\.0") as caught:
        trained(stories(12), engine=engine, dtype=dtype)
    assert "\n" not in str(caught.value)


class Poison(Callback):
    def on_epoch_end(self, record: EpochRecord, weights: Weights) -> bool:
        weights.w_out[1, 0] = np.nan
        return False


@pytest.mark.parametrize("workers", [{}, {"workers": 2}, {"workers": 2, "deterministic": True}], ids=str)
@pytest.mark.parametrize("engine", NAMES)
def test_nan_that_comes_later_stops_the_epoch_it_comes_in(engine: str, workers: dict[str, Any]) -> None:
    with pytest.raises(TrainingError, match=r"the loss\b.* epoch 2\b.* is not finite") as caught:
        trained(stories(12), Poison(), engine=engine, epochs=3, schedule="constant", alpha=0.0123, **workers)
    assert "at the learning rate 0.0123." in str(caught.value)
