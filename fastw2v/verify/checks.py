"""Verify, on the user's text and settings, that every engine computes what the reference computes.

Each check yields a line: what was compared, in which class of equality, the largest deviation, the limit, the
verdict. Engines come from the registry; a new engine is checked without a word added here.
"""

from __future__ import annotations

import dataclasses
import itertools
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v import engines, objectives
from fastw2v.batches.batch import Batch
from fastw2v.batches.windows import Windows
from fastw2v.corpus import reading
from fastw2v.corpus.vocabulary import Preprocessed, Stream
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.engines.base import Engine, Gradients
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.errors import UsageError
from fastw2v.messages.callers import given
from fastw2v.registry import AUTO
from fastw2v.settings import NOISE, Settings
from fastw2v.training import preparation
from fastw2v.training.plan import Plan
from fastw2v.training.preparation import Prepared
from fastw2v.training.schedule import learning_rates
from fastw2v.verify import tolerances
from fastw2v.verify.made_batches import MADE_WORDS, duplicates_batch, dyadic_weights, random_weights, zero_weights

logger = logging.getLogger(__name__)

# What is read of a corpus, in whole documents; and the work given to the loops of the reference, in terms (about
# 100,000 a second), so that any corpus and settings take well under a minute.
READ_TOKENS = 400_000
MOST_MIN_COUNT, LEAST_SAMPLE = 5, 1e-5
REFERENCE_TERMS = 200_000
DRAWN_POSITIONS = 200_000
# Columns that are moved one by one for central differences, and scores whose derivatives are compared.
MOVED_COLUMNS = 8
SCORES = 501
WORKERS = 4
# Large enough for threads to share a batch, but of no more terms than these, whatever the window and the noise.
SHARED_BATCH, SHARED_TERMS = 16_384, 2**24
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
    names = _names(settings, prepared.preprocessed)
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


def _names(settings: Settings, data: Preprocessed) -> list[str]:
    """Return the engines to check; the one asked for is among them."""
    resolved = engines.resolve(settings.engine)  # refuses, or says what is missing
    usable = [name for name, reason in engines.available().items() if not reason]
    refusals = {name: engines.refusal(name, settings, data.vocabulary.counts) for name in usable}
    if settings.engine != AUTO and refusals[resolved]:
        raise UsageError(
            f"engine {resolved} cannot train this: {refusals[resolved]}. {given('engine', AUTO)} would work."
        )
    for name, refusal in refusals.items():
        if refusal:
            logger.warning("the %s engine is not checked: %s", name, refusal)
    return [name for name, refusal in refusals.items() if not refusal]


def prepare(corpus: Any, settings: Settings) -> Prepared:
    """Read the corpus as training does, but no further than verification looks.

    A min_count or sample made for a corpus of billions would leave nothing of that part: they are kept within reason.
    """
    objectives.check(settings)
    encoded, description = reading.read(corpus, settings, most_tokens=READ_TOKENS)
    sample = settings.sample if settings.sample >= LEAST_SAMPLE else 0.0
    milder = dataclasses.replace(settings, min_count=min(settings.min_count, MOST_MIN_COUNT), sample=sample)
    return preparation.prepare(encoded, description, milder)


# ------------------------------------------------------------------------------------------- the objective itself


def _central_differences(settings: Settings) -> Iterator[Check]:
    """Compare the reference's gradient with differences of its loss, coordinate by coordinate, in float64."""
    # Where a score is clipped the loss is flat but the derivative, by contract, is not 0: no score here reaches 16.
    double = dataclasses.replace(
        settings, dtype="float64", vector_size=min(settings.vector_size, MOVED_COLUMNS), negative=3, sigmoid_clip=16.0
    )
    reference = _engine("reference", double, MADE_WORDS)
    batch, weights = duplicates_batch(double), random_weights(MADE_WORDS, double)
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
    """Compare sigma(s) - label with float64, for scores from below to above the clip.

    Input vectors are s e_1, output vectors e_1 and -e_1 in turn, and so the terms' scores are s and -s.
    """
    one, noise = np.ones(1, dtype=np.int32), np.full((1, 1), 2, dtype=np.int32)
    windows = Windows(np.arange(2, dtype=np.int32), 1, one, 0 * one, noise, np.zeros(1, np.int64), False)
    for dtype in dict.fromkeys((settings.dtype, "float64")):
        plain = dataclasses.replace(settings, dtype=dtype, negative=1, noise="shared")
        weights, engine = zero_weights(3, plain), _engine(name, plain, 3)
        weights.w_out[1::2, 0], weights.w_out[::2, 0] = 1, -1
        batch, worst = engine.objective.batch(windows), 0.0
        for score in np.linspace(-1.25, 1.25, SCORES) * settings.sigmoid_clip:
            weights.w_in[:, 0] = score
            wanted = _first_component(batch, weights, settings.sigmoid_clip)
            found = float(engine.gradients(weights, windows).w_in.sums[0, 0])
            # As many derivatives as terms add up to the gradient.
            worst = float(np.maximum(worst, abs(found - wanted) / len(batch.terms)))
        yield Check(f"{name}: score derivatives, {dtype}", "within rounding", worst, tolerances.SCORE_DERIVATIVE[dtype])


def _first_component(batch: Batch, weights: Weights, clip: float) -> float:
    """Return the first component, in float64, of the gradient of each input row of a batch of one example."""
    v = weights.w_in[batch.inputs, 0].astype(np.float64).mean()
    counted = ~np.isnan(batch.labels)
    w, label = weights.w_out[batch.terms[counted], 0].astype(np.float64), batch.labels[counted]
    sigma = 1 / (1 + np.exp(-np.clip(v * w, -clip, clip)))
    return float(((sigma - label) * w).sum() / len(batch.inputs))


# ---------------------------------------------------------------------------------------------- batches of our own


def _exact_batches(name: str, settings: Settings) -> Iterator[Check]:
    """Compare gradients and step with the reference where the arithmetic is exact: any lost duplicate shows."""
    for noise in NOISE:
        plain = dataclasses.replace(settings, noise=noise, negative=2, gradient_clip=0.0)
        if not objectives.make(plain, np.ones(MADE_WORDS, dtype=np.int64)).matches:
            continue
        batch, weights = duplicates_batch(plain), dyadic_weights(MADE_WORDS, plain)
        reference, engine = (_engine(one, plain, MADE_WORDS) for one in ("reference", name))
        wanted, found = reference.gradients(weights, batch), engine.gradients(weights, batch)
        what = f"{name}: {{}} with forced duplicates, {noise} noise"
        yield Check(what.format("gradients"), "bit for bit", compare(found, wanted), tolerances.EXACT)
        rate = _uncapped_rate(wanted, reference)
        stepped = [weights.copy(), weights.copy()]
        reference.step(stepped[0], batch, rate)
        engine.step(stepped[1], batch, rate)
        yield Check(what.format("step"), "bit for bit", _apart(stepped[1], stepped[0]), tolerances.EXACT)


def _uncapped_rate(gradients: Gradients, engine: Engine) -> float:
    """Return a power of two at which no row of a batch reaches its step limit, so that its step is exact."""
    limits = engine.objective.outputs.step_limits()
    rate = _DYADIC_RATE
    for part, limit in zip((gradients.w_in, gradients.w_out), limits, strict=True):
        while rate * part.terms.max() >= limit:
            rate /= 2
    return rate


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
    mean = objectives.make(settings, data.vocabulary.counts).outputs.mean_terms
    terms = math.ceil(settings.epochs * mean * (settings.window + 1))
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
        wanted, found = (_engine(one, typed, data).gradients(weights, batch) for one in ("reference", name))
        limit, deviation = _limit_of(wanted, typed), compare(found, wanted)
        yield Check(f"{name}: gradients of your text, {dtype}", "within rounding", deviation, limit)
        apart = abs(found.loss - wanted.loss) / max(wanted.loss, float(np.finfo(dtype).tiny))
        yield Check(f"{name}: loss of your text, {dtype}", "within rounding", apart, limit)


def _step_by_step(name: str, data: Preprocessed, settings: Settings) -> Iterator[Check]:
    """Compare a whole run: at every batch both engines start from the reference's weights."""
    reference, engine = _engine("reference", settings, data), _engine(name, settings, data)
    weights = _initial_weights(reference, data)
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
    for engine in (_engine("reference", double, data), _engine(name, double, data)):
        weights = _initial_weights(engine, data)
        for batch, rate in _batches(data, double):
            engine.step(weights, batch, rate)
        ends.append(weights)
    return Check(f"{name}: whole run, free running, float64", "within rounding", _apart(*ends), tolerances.FREE_RUNNING)


def _workers(name: str, data: Preprocessed, settings: Settings) -> Iterator[Check]:
    """Compare an epoch by one worker with one by several, in the deterministic mode."""
    workers = max(WORKERS, settings.workers)
    for batch_size in dict.fromkeys((settings.batch_size, _shared_batch(settings, data))):
        ends = []
        for count in (1, workers):
            several = dataclasses.replace(settings, workers=count, deterministic=True, batch_size=batch_size, epochs=1)
            engine = _engine(name, several, data)
            weights = _initial_weights(engine, data)
            for block, rates in _blocks(data, several):
                engine.train(weights, block, rates)
            ends.append(weights)
        what = f"{name}: workers 1 and {workers}, deterministic, batches of {batch_size}"
        yield Check(what, "bit for bit", _apart(*ends), tolerances.EXACT)


def _shared_batch(settings: Settings, data: Preprocessed) -> int:
    """Return the centres of a batch for threads to share."""
    most = objectives.make(settings, data.vocabulary.counts).outputs.most_terms
    return max(1, min(SHARED_BATCH, SHARED_TERMS // (2 * settings.window * most)))


def _engine(name: str, settings: Settings, data: Preprocessed | int) -> Engine:
    """Return an engine for a vocabulary, or for a number of made words."""
    counts = np.ones(data, dtype=np.int64) if isinstance(data, int) else data.vocabulary.counts
    return engines.make(dataclasses.replace(settings, engine=name), counts)[0]


def _initial_weights(engine: Engine, data: Preprocessed) -> Weights:
    return initial_weights(engine.objective.shapes(len(data.vocabulary)), engine.settings)


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
