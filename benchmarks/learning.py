"""The report's findings on learning: the sign error, the learning rate, the loss curve, and its remaining wishes.

Each verdict is computed from the numbers above it, so that it also says where a finding does not reproduce.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import pictures
from benchmarks.finding import Finding, verdict, yes
from benchmarks.pictures import Panel, Points
from benchmarks.runs import Run, SignErrorEngine, Text, descend, mean_cosine, train
from fastw2v import engines
from fastw2v.bench.tables import number, table
from fastw2v.evaluation import evaluate_stories
from fastw2v.settings import Settings
from fastw2v.views import plots

# Longer runs with the wrong sign leave the range of float64.
SIGN_ERROR_WORDS = 60_000
COLLAPSED, APART = 0.95, 0.5
SCHEDULE_EPOCHS = 10
RATES = (0.025, 0.1)
RIGHT, WRONG, SMALL_START = "right gradient", "sign error", "right gradient, small start"


@dataclass(frozen=True)
class Trace:
    """Loss and mean cosine before training and after each epoch."""

    losses: list[float]
    cosines: list[float]


def sign_error(text: Text) -> Finding:
    """Report, 3.1: with the noise terms' derivative turned, vectors collapse and the loss rises."""
    part = text.first(SIGN_ERROR_WORDS)
    traces = {RIGHT: _trace(part, "he"), WRONG: _trace(part, "he", wrong=True), SMALL_START: _trace(part, "uniform")}
    epochs = range(len(traces[RIGHT].losses))
    rows = [
        [f"{name}: {what}", *map(number, values)]
        for name, trace in traces.items()
        for what, values in (("loss", trace.losses), ("mean cosine", trace.cosines))
    ]
    losses = {name: (epochs, trace.losses) for name, trace in traces.items()}
    cosines = {name: (epochs, trace.cosines) for name, trace in traces.items()}
    return Finding(
        "(a) The sign error in the noise terms",
        [
            f"{part.encoded.tokens:,} words, float64, init he (small start: uniform, as word2vec). Cosines: over all",
            f"pairs of words. Clipped scores give the loss a ceiling near {_ceiling():g}.",
            table(["", *(f"epoch {epoch}" if epoch else "before" for epoch in epochs)], rows),
            *_sign_error_verdict(traces),
        ],
        "a-sign-error",
        lambda: pictures.curves(
            f"The noise terms' sign turned: {text.name}",
            Panel("Loss", "epoch", "mean loss per pair", losses, log_up=True),
            Panel("Collapse", "epoch", "mean cosine of two words", cosines),
        ),
    )


def _ceiling() -> float:
    return Settings().negative * Settings().sigmoid_clip


def _trace(text: Text, init: str, wrong: bool = False) -> Trace:
    # Noise words of each centre's own, as in the report: shared by eight, the wrong sign makes several directions.
    settings = Settings.from_mapping({"init": init, "dtype": "float64", "noise": "shared"}, "report")
    data = text.prepare(settings)
    engine = SignErrorEngine(settings) if wrong else engines.make(settings, data.vocabulary.counts)[0]
    epochs = descend(engine, data, settings)
    measured = [(loss, mean_cosine(weights.input_vectors)) for weights, loss, _ in epochs]
    return Trace([loss for loss, _ in measured], [cosine for _, cosine in measured])


def _sign_error_verdict(traces: dict[str, Trace]) -> list[str]:
    wrong, right, small = traces[WRONG], traces[RIGHT], traces[SMALL_START]
    rises, collapses = wrong.losses[-1] > wrong.losses[0], wrong.cosines[-1] > COLLAPSED
    falls = all(later < earlier for earlier, later in itertools.pairwise(right.losses))
    apart = right.cosines[-1] < APART
    return [
        (
            f"sign error: does the loss rise? {yes(rises)}; do vectors collapse onto one direction? {yes(collapses)} "
            f"(mean cosine {wrong.cosines[-1]:.3f})"
        ),
        (
            f"right gradient: does the loss fall every epoch? {yes(falls)}; do vectors stay apart? {yes(apart)} "
            f"(mean cosine {right.cosines[-1]:.3f})"
        ),
        verdict(rises and collapses and falls and apart),
        "A mean cosine near one alone proves no mistake: from the small start the right gradient too reaches",
        f"{max(small.cosines):.3f}, and stands at {small.cosines[-1]:.3f} after the last epoch.",
        f"Does the loss tell them apart? {yes(small.losses[-1] < small.losses[0] < wrong.losses[-1])}",
    ]


def schedules(text: Text) -> Finding:
    """Report, 3.2: a fixed learning rate is fast at first, then noisy; a decayed one converges smoothly."""
    runs = {
        (name, alpha): train(text, schedule=name, alpha=alpha, epochs=SCHEDULE_EPOCHS)
        for alpha in RATES
        for name in ("constant", "linear", "exponential")
    }
    header = ["learning rate", "loss, epoch 1", "epoch 2", "last", "rises", "validation", "rises"]
    rows = [
        [
            f"{name}, from {alpha:g}",
            *(number(run.history[epoch].loss) for epoch in (0, 1, -1)),
            str(_rises([record.loss for record in run.history])),
            number(run.last.validation_loss),
            str(_rises(_validation(run))),
        ]
        for (name, alpha), run in runs.items()
    ]
    panels = [
        Panel(
            f"from {alpha:g}",
            "epoch",
            "validation loss",
            {name: _curve(run) for (name, rate), run in runs.items() if rate == alpha},
        )
        for alpha in RATES
    ]
    return Finding(
        "(c) Fixed against decayed learning rate",
        [
            f"{SCHEDULE_EPOCHS} epochs. validation: the last loss on held-out pairs.",
            "rises: how many epochs ended with a higher loss than the one before.",
            table(header, rows),
            *_schedules_verdict(runs),
        ],
        "c-learning-rate",
        lambda: pictures.curves(f"Fixed and decayed learning rates: {text.name}", *panels),
    )


def _schedules_verdict(runs: dict[tuple[str, float], Run]) -> list[str]:
    lines, all_better = [], True
    for alpha in RATES:
        fixed, linear, exponential = (_validation(run) for (_, rate), run in runs.items() if rate == alpha)
        better, smoother = (
            all(measure(decayed) < measure(fixed) for decayed in (linear, exponential))
            for measure in (lambda losses: losses[-1], _rises)
        )
        all_better &= better and smoother
        lines += [
            (
                f"From {alpha:g}, on held-out pairs: both decayed rates end lower: {yes(better)}; "
                f"with fewer rises: {yes(smoother)}."
            )
        ]
    return [*lines, verdict(all_better)]


def _validation(run: Run) -> list[float]:
    """Return the validation losses, not a number where nothing was held out."""
    return [np.nan if record.validation_loss is None else record.validation_loss for record in run.history]


def _curve(run: Run) -> Points:
    return [record.epoch for record in run.history], _validation(run)


def _rises(losses: Sequence[float]) -> int:
    return sum(later > earlier for earlier, later in itertools.pairwise(losses))


def loss_curve(text: Text) -> Finding:
    """Report, 3.5: with the right gradient the loss per epoch falls, and so serves as a diagnosis."""
    run = train(text)
    history = [{"epoch": r.epoch, "loss": r.loss, "validation_loss": r.validation_loss} for r in run.history]
    losses, validation = [record.loss for record in run.history], _validation(run)
    lines = [
        plots.loss_curve_text(history).rstrip(),
        f"Training loss {losses[0]:.3f} -> {losses[-1]:.3f}, {_rises(losses)} rises.",
        (
            f"Validation loss {number(run.history[0].validation_loss)} -> {number(run.last.validation_loss)}, "
            f"{_rises(validation)} rises."
        ),
        verdict(_rises(losses) == 0),
    ]
    if text.description["source"] == "stories":
        found = evaluate_stories(run.vectors)
        classes, analogies = found.classes.overall, found.analogies.total
        lines.append(
            f"The stories' own truth: share of same-class words among the nearest {number(classes.share)} (by luck "
            f"{number(classes.chance)}); analogies right {number(analogies.accuracy)} of {analogies.asked:,}."
        )
    points = {
        "training": ([record.epoch for record in run.history], losses),
        "validation": _curve(run),
    }
    return Finding(
        "(e) The loss curve",
        lines,
        "e-loss",
        lambda: pictures.curves(f"Loss per epoch: {text.name}", Panel("", "epoch", "mean loss per pair", points)),
    )


def wishes(text: Text) -> Finding:
    """Report, 4: gradient clipping, Xavier and He start, dynamic windows."""
    runs = {
        "defaults (dynamic windows, small start)": train(text),
        "gradient_clip 1": train(text, gradient_clip=1.0),
        "init xavier": train(text, init="xavier"),
        "init he": train(text, init="he"),
        "fixed windows": train(text, shrink_windows=False),
        "alpha 0.1, constant": train(text, alpha=0.1, schedule="constant"),
        "alpha 0.1, constant, gradient_clip 1": train(text, alpha=0.1, schedule="constant", gradient_clip=1.0),
    }
    rows = [
        [
            name,
            f"{run.last.pairs:,}",
            *map(number, (run.history[0].loss, run.last.loss, run.last.validation_loss)),
        ]
        for name, run in runs.items()
    ]
    default, gentle = runs["defaults (dynamic windows, small start)"].last, runs["gradient_clip 1"].last
    plain, clipped = runs["alpha 0.1, constant"].last, runs["alpha 0.1, constant, gradient_clip 1"].last
    return Finding(
        "(f) The report's remaining wishes",
        [
            table(["", "pairs", "loss, epoch 1", "last", "validation"], rows),
            "Training losses of fixed and dynamic windows are over different pairs, validation losses over the same.",
            "Does clipping lower the loss?",
            f"  at the default rate: {yes(gentle.loss < default.loss)}",
            f"  at a constant rate four times as large: {yes(clipped.loss < plain.loss)}",
            "Schedules: see (c). Mini-batches: benchmarks.engines. Hierarchical softmax: not built.",
        ],
        "f-wishes",
    )
