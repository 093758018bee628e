"""Show, on the user's own text and settings, that every engine computes what the reference computes.

Each check yields a line: what was compared, in which class of equality, the largest deviation, the limit, the
verdict. Engines come from the registry; a new engine is checked without a word added here.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v import engines
from fastw2v.batches.plan import Plan
from fastw2v.batches.windows import Windows
from fastw2v.corpus import reading
from fastw2v.corpus.vocabulary import Preprocessed, Stream
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.engines.base import Engine, Gradients
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.objectives.logistic import STEP_LIMIT
from fastw2v.settings import NOISE, Settings
from fastw2v.training import preparation
from fastw2v.training.preparation import Prepared
from fastw2v.training.schedule import learning_rates
from fastw2v.verify import tolerances
from fastw2v.verify.made_batches import duplicates_batch, dyadic_weights, random_weights

# What is read of a corpus, in whole documents; and the work given to the loops of the reference, in terms (about
# 100,000 a second), so that any corpus and settings take well under a minute.
READ_TOKENS = 400_000
MOST_MIN_COUNT, LEAST_SAMPLE = 5, 1e-5
REFERENCE_TERMS = 200_000
DRAWN_POSITIONS = 200_000
WORKERS = 4
# Large enough for threads to share a batch.
SHARED_BATCH = 16_384
_STEP = 1e-5
_DYADIC_RATE = 2.0**-6


@dataclass(frozen=True)
class Check:
    """One comparison. `equality` is "bit for bit" or "within rounding"."""

    what: str
    equality: str
    deviation: float
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the deviation is within the limit; NaN is not."""
        return bool(self.deviation <= self.limit)

    def as_dict(self) -> dict[str, Any]:
        """Return the line as JSON values; a deviation that is no number becomes None."""
        deviation = self.deviation if np.isfinite(self.deviation) else None
        return {**dataclasses.asdict(self), "deviation": deviation, "passed": self.passed}


def verify(prepared: Prepared, settings: Settings) -> Iterator[Check]:
    """Yield the checks one by one."""
    names = [name for name, reason in engines.available().items() if not reason]
    engines.resolve(settings.engine)  # refuses, or says what is missing
    alone = dataclasses.replace(settings, workers=1, early_stopping=0)
    yield from _central_differences(alone)
    for name in names:
        yield from _score_derivatives(name, alone)
    for name in names[1:]:
        yield from _exact_batches(name, alone)
    data = _slice(prepared.preprocessed, alone)
    for name in names[1:]:
        yield from _draws(name, prepared.preprocessed, alone)
        yield from _text_gradients(name, data, alone)
        yield from _step_by_step(name, data, alone)
        yield _free_running(name, data, alone)
    yield from _workers(names[-1], prepared.preprocessed, settings)


def prepare(corpus: Any, settings: Settings) -> Prepared:
    """Read the corpus as training does, but no further than verification looks.

    A min_count or sample made for a corpus of billions would leave nothing of that part: they are kept within reason.
    """
    encoded, description = reading.read(corpus, settings, most_tokens=READ_TOKENS)
    sample = settings.sample if settings.sample >= LEAST_SAMPLE else 0.0
    milder = dataclasses.replace(settings, min_count=min(settings.min_count, MOST_MIN_COUNT), sample=sample)
    return preparation.prepare(encoded, description, milder)


# ------------------------------------------------------------------------------------------- the objective itself


def _central_differences(settings: Settings) -> Iterator[Check]:
    """Compare the reference's gradient with differences of its loss, coordinate by coordinate, in float64."""
    # Where a score is clipped the loss is flat but the derivative, by contract, is not 0: no score here reaches 16.
    double = dataclasses.replace(
        settings, dtype="float64", vector_size=min(settings.vector_size, 8), negative=3, sigmoid_clip=16.0
    )
    reference = _engine("reference", double)
    batch, words = duplicates_batch(double), 7
    weights = random_weights(words, double)
    gradients = reference.gradients(weights, batch)
    for matrix, rows in ((weights.w_in, gradients.w_in), (weights.w_out, gradients.w_out)):
        worst = 0.0
        for row, sums in zip(rows.rows, rows.sums, strict=True):
            for column in range(weights.size):
                worst = max(worst, abs(_slope(reference, weights, batch, matrix, row, column) - sums[column]))
        name = "W_in" if matrix is weights.w_in else "W_out"
        yield Check(
            f"objective: gradient of {name} against central differences",
            "within rounding",
            worst / float(np.abs(rows.sums).max()),
            tolerances.CENTRAL_DIFFERENCES,
        )


def _slope(engine: Engine, weights: Weights, batch: Windows, matrix: Any, row: int, column: int) -> float:
    before = matrix[row, column]
    matrix[row, column] = before + _STEP
    above = engine.gradients(weights, batch).loss
    matrix[row, column] = before - _STEP
    below = engine.gradients(weights, batch).loss
    matrix[row, column] = before
    return (above - below) / (2 * _STEP)


def _score_derivatives(name: str, settings: Settings) -> Iterator[Check]:
    """Compare sigma(s) - 1 and sigma(s) with float64, for scores from below to above the clip.

    Pair i has v_c = s_i e_1, v_o = -v_noise = e_1: its gradient is (sigma(s) - 1) e_1 - sigma(-s) e_1.
    """
    for dtype in dict.fromkeys((settings.dtype, "float64")):
        plain = dataclasses.replace(settings, dtype=dtype, negative=1, noise="shared")
        scores = np.linspace(-1.25, 1.25, 501) * settings.sigmoid_clip
        pairs = len(scores)
        weights = initial_weights(pairs + 2, plain)
        weights.w_in[:], weights.w_out[:] = 0, 0
        weights.w_in[:pairs, 0], weights.w_out[pairs, 0], weights.w_out[pairs + 1, 0] = scores, 1, -1
        tokens = np.stack((np.arange(pairs), np.full(pairs, pairs)), axis=1).astype(np.int32).ravel()
        gradients = [
            _engine(name, plain).gradients(weights, one).w_in.sums[0, 0] for one in _one_context_each(tokens, pairs + 1)
        ]
        clipped = np.clip(weights.w_in[:pairs, 0].astype(np.float64), -settings.sigmoid_clip, settings.sigmoid_clip)
        expected = (1 / (1 + np.exp(-clipped)) - 1) - 1 / (1 + np.exp(clipped))
        # Two derivatives add up to the gradient.
        deviation = float(np.abs(np.array(gradients) - expected).max()) / 2
        limit = tolerances.SCORE_DERIVATIVE[dtype]
        yield Check(f"{name}: score derivatives, {dtype}", "within rounding", deviation, limit)


def _one_context_each(tokens: Any, noise: int) -> Iterator[Windows]:
    """Yield one batch for each (context, centre) in tokens, with one noise word."""
    one, zero = np.ones(1, dtype=np.int32), np.zeros(1, dtype=np.int32)
    for at in range(0, len(tokens), 2):
        yield Windows(
            tokens[at : at + 2], 1, one, zero, np.full((1, 1), noise, dtype=np.int32), np.zeros(1, np.int64), False
        )


# ---------------------------------------------------------------------------------------------- batches of our own


def _exact_batches(name: str, settings: Settings) -> Iterator[Check]:
    """Compare gradients and step with the reference where the arithmetic is exact: any lost duplicate shows."""
    for noise in NOISE:
        plain = dataclasses.replace(settings, noise=noise, negative=2, gradient_clip=0.0)
        batch, weights = duplicates_batch(plain), dyadic_weights(7, plain)
        wanted = _engine("reference", plain).gradients(weights, batch)
        found = _engine(name, plain).gradients(weights, batch)
        what = f"{name}: {{}} with forced duplicates, {noise} noise"
        yield Check(what.format("gradients"), "bit for bit", compare(found, wanted), tolerances.EXACT)
        assert max(wanted.w_in.terms.max(), wanted.w_out.terms.max()) < STEP_LIMIT / _DYADIC_RATE
        stepped = [weights.copy(), weights.copy()]
        _engine("reference", plain).step(stepped[0], batch, _DYADIC_RATE)
        _engine(name, plain).step(stepped[1], batch, _DYADIC_RATE)
        yield Check(what.format("step"), "bit for bit", _apart(stepped[1], stepped[0]), tolerances.EXACT)


def compare(found: Gradients, wanted: Gradients) -> float:
    """Return the largest deviation of two batches' gradients, relative; infinite where rows or counts differ."""
    worst = 0.0
    for mine, other in ((found.w_in, wanted.w_in), (found.w_out, wanted.w_out)):
        same_rows = np.array_equal(mine.rows, other.rows)
        if not same_rows or not np.array_equal(mine.terms, other.terms):
            return np.inf
        if len(other.rows):
            largest = max(float(np.abs(other.sums).max()), float(np.finfo(other.sums.dtype).tiny))
            # np.maximum and not max: NaN must win.
            worst = float(np.maximum(worst, np.abs(mine.sums - other.sums).max() / largest))
    return worst


def _apart(found: Weights, wanted: Weights) -> float:
    """Return the largest absolute difference of the weights; NaN where one is NaN."""
    return float(np.maximum(np.abs(found.w_in - wanted.w_in).max(), np.abs(found.w_out - wanted.w_out).max()))


# --------------------------------------------------------------------------------------------------- the user's text


def _slice(data: Preprocessed, settings: Settings) -> Preprocessed:
    """Return the first documents' tokens, as many as the reference's loops can do in seconds."""
    terms = settings.epochs * (settings.negative + 1) * (settings.window + 1)
    length = max(64, REFERENCE_TERMS // terms)
    offsets = data.stream.offsets
    ends = np.append(offsets[offsets < length], min(length, len(data.stream)))
    return dataclasses.replace(data, stream=Stream(data.stream.ids[:length], ends))


def _draws(name: str, data: Preprocessed, settings: Settings) -> Iterator[Check]:
    """Compare the plan of an epoch: kept tokens, windows, noise words."""
    own = engines.make(dataclasses.replace(settings, engine=name), data.vocabulary.counts)[1]
    if isinstance(own, NumpyDraws):
        return
    plans = [
        Plan(data.stream, settings, draws).blocks(1, stop=DRAWN_POSITIONS)
        for draws in (NumpyDraws(data.vocabulary.counts, settings), own)
    ]
    differing = 0
    for wanted, found in itertools.zip_longest(*plans):
        if wanted is None or found is None:
            differing += 1
            continue
        for part in ("tokens", "left", "right", "noise", "noise_of", "positions"):
            differing += not np.array_equal(getattr(wanted, part), getattr(found, part))
    yield Check(
        f"{name}: kept tokens, windows and noise words of your text", "bit for bit", differing, tolerances.EXACT
    )


def _text_gradients(name: str, data: Preprocessed, settings: Settings) -> Iterator[Check]:
    """Compare the gradients of a batch of the user's text, at weights far from zero."""
    for dtype in dict.fromkeys((settings.dtype, "float64")):
        typed = dataclasses.replace(settings, dtype=dtype)
        weights = random_weights(len(data.vocabulary), typed)
        batch = next(_plan(data, typed).blocks(0))[: settings.batch_size]
        wanted = _engine("reference", typed).gradients(weights, batch)
        found = _engine(name, typed).gradients(weights, batch)
        limit, deviation = _limit_of(wanted, typed), compare(found, wanted)
        yield Check(f"{name}: gradients of your text, {dtype}", "within rounding", deviation, limit)
        apart = abs(found.loss - wanted.loss) / max(wanted.loss, float(np.finfo(dtype).tiny))
        yield Check(f"{name}: loss of your text, {dtype}", "within rounding", apart, limit)


def _step_by_step(name: str, data: Preprocessed, settings: Settings) -> Iterator[Check]:
    """Compare a whole run: at every batch both engines start from the reference's weights."""
    reference, engine = _engine("reference", settings), _engine(name, settings)
    weights = initial_weights(len(data.vocabulary), settings)
    worst, limit = 0.0, np.inf
    for batch, rate in _batches(data, settings):
        if limit == np.inf:
            limit = _limit_of(reference.gradients(weights, batch), settings)
        other = weights.copy()
        reference.step(weights, batch, rate)
        engine.step(other, batch, rate)
        worst = float(np.maximum(worst, _apart(other, weights) / float(np.abs(weights.w_in).max())))
    yield Check(f"{name}: whole run, step by step, {settings.dtype}", "within rounding", worst, limit)


def _free_running(name: str, data: Preprocessed, settings: Settings) -> Check:
    """Compare a whole run in float64 in which each engine goes its own way."""
    double = dataclasses.replace(settings, dtype="float64")
    ends = []
    for engine in (_engine("reference", double), _engine(name, double)):
        weights = initial_weights(len(data.vocabulary), double)
        for batch, rate in _batches(data, double):
            engine.step(weights, batch, rate)
        ends.append(weights)
    return Check(f"{name}: whole run, free running, float64", "within rounding", _apart(*ends), tolerances.FREE_RUNNING)


def _workers(name: str, data: Preprocessed, settings: Settings) -> Iterator[Check]:
    """Compare an epoch by one worker with one by several, in the deterministic mode."""
    workers = max(WORKERS, settings.workers)
    for batch_size in dict.fromkeys((settings.batch_size, SHARED_BATCH)):
        ends = []
        for count in (1, workers):
            several = dataclasses.replace(settings, workers=count, deterministic=True, batch_size=batch_size, epochs=1)
            engine, weights = _engine(name, several), initial_weights(len(data.vocabulary), several)
            for block, rates in _blocks(data, several):
                engine.train(weights, block, rates)
            ends.append(weights)
        what = f"{name}: workers 1 and {workers}, deterministic, batches of {batch_size}"
        yield Check(what, "bit for bit", _apart(*ends), tolerances.EXACT)


def _engine(name: str, settings: Settings) -> Engine:
    counts = np.ones(2, dtype=np.int64)
    return engines.make(dataclasses.replace(settings, engine=name), counts)[0]


def _plan(data: Preprocessed, settings: Settings) -> Plan:
    return Plan(data.stream, settings, NumpyDraws(data.vocabulary.counts, settings))


def _blocks(data: Preprocessed, settings: Settings) -> Iterator[tuple[Windows, Any]]:
    plan = _plan(data, settings)
    for epoch in range(settings.epochs):
        for block in plan.blocks(epoch):
            first = block.positions[:: settings.batch_size]
            yield block, learning_rates(settings, epoch, first, len(data.stream))


def _batches(data: Preprocessed, settings: Settings) -> Iterator[tuple[Windows, float]]:
    for block, rates in _blocks(data, settings):
        yield from zip(block.batches(settings.batch_size), rates.tolist(), strict=True)


def _limit_of(gradients: Gradients, settings: Settings) -> float:
    """Return the rounding limit for a batch: its longest sum is d products, or all terms of a row."""
    longest = max(settings.vector_size, *(int(part.terms.max(initial=0)) for part in (gradients.w_in, gradients.w_out)))
    return tolerances.rounding(settings.dtype, longest)
