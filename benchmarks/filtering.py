"""The report's findings on what is left out of the text: neighbours without subsampling, and too much of it.

Each verdict is computed from the numbers above it, so that it also says where a finding does not reproduce.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks import pictures
from benchmarks.finding import Finding, verdict, yes
from benchmarks.pictures import Panel
from benchmarks.runs import Run, Text, descend, function_word_share, train
from fastw2v import engines
from fastw2v.bench.tables import number, table
from fastw2v.corpus.vocabulary import preprocess
from fastw2v.engines.weights import initial_weights
from fastw2v.errors import DataError
from fastw2v.settings import Settings
from fastw2v.text import load_stop_words
from fastw2v.text.stopwords import ENGLISH

QUERY = "happy"
# Little enough that neighbours are still unsettled after an epoch.
FEW_WORDS = 20_000
# A share of function words that one would notice.
MANY = 0.2
NEITHER, THINNED, LONGER, STOPPED, BOTH = "neither", "subsampling", "the same, longer", "stop words", "both"


def neighbours(text: Text) -> Finding:
    """Report, 3.3: without subsampling the neighbours of `happy` were `as` and `is`."""
    lines: list[str] = []
    shares: dict[str, dict[str, float]] = {}
    for part, epochs in ((text.first(FEW_WORDS), 1), (text, Settings().epochs)):
        runs = _combinations(part, epochs)
        label = f"{part.encoded.tokens:,} words, {epochs} epoch{'s' if epochs > 1 else ''}"
        shares[label] = {name: function_word_share(run.vectors) for name, run in runs.items()}
        lines += [f"{label}:", _neighbour_table(runs, shares[label]), ""]
    return Finding(
        f"(b) Neighbours of {QUERY!r}, with and without subsampling and stop words",
        [
            *lines,
            "share: of function words among the 10 nearest of the 50 most frequent content words; [as] marks one.",
            "the same, longer: as many epochs as give subsampling about the pairs of the run with neither.",
            *_neighbours_verdict(*shares.values()),
        ],
        "b-neighbours",
        lambda: pictures.bars(
            f"Function words among the 10 nearest of content words: {text.name}",
            "share of function words",
            {label: list(found.values()) for label, found in shares.items()},
            [NEITHER, THINNED, LONGER, STOPPED, BOTH],
        ),
    )


def _combinations(text: Text, epochs: int) -> dict[str, Run]:
    neither, thinned = train(text, sample=0.0, epochs=epochs), train(text, epochs=epochs)
    longer = max(1, round(epochs * neither.last.pairs / thinned.last.pairs))
    return {
        NEITHER: neither,
        THINNED: thinned,
        LONGER: train(text, epochs=longer),
        STOPPED: train(text, sample=0.0, stop_words="english", epochs=epochs),
        BOTH: train(text, stop_words="english", epochs=epochs),
    }


def _neighbour_table(runs: dict[str, Run], shares: dict[str, float]) -> str:
    rows = [
        [name, f"{len(run.history)}", f"{sum(record.pairs for record in run.history):,}", number(shares[name])]
        for name, run in runs.items()
    ]
    lines = table(["", "epochs", "pairs", "share"], rows).splitlines()
    near = ["", "", *(_nearest(run) for run in runs.values())]
    return "\n".join(f"{line}  {words}".rstrip() for line, words in zip(lines, near, strict=True))


def _nearest(run: Run) -> str:
    if QUERY not in run.vectors:
        return f"{QUERY!r} is not in the vocabulary"
    near = (word for word, _ in run.vectors.most_similar(QUERY))
    return " ".join(f"[{word}]" if word in ENGLISH else str(word) for word in near)


def _neighbours_verdict(few: dict[str, float], many: dict[str, float]) -> list[str]:
    equal_epochs = [found[THINNED] < found[NEITHER] for found in (few, many)]
    equal_pairs = [found[LONGER] < found[NEITHER] for found in (few, many)]
    return [
        f"Without subsampling the share is {few[NEITHER]:.3f} after little training, {many[NEITHER]:.3f} after more.",
        "Does subsampling lower it, with little training / with more?",
        f"  at equal epochs: {yes(equal_epochs[0])} / {yes(equal_epochs[1])}",
        f"  at equal pairs:  {yes(equal_pairs[0])} / {yes(equal_pairs[1])}",
        "Removing stop words makes it 0 by definition.",
        f"Function words as neighbours, with little training: {verdict(few[NEITHER] > MANY)}",
        f"Subsampling as what removes them, at equal epochs: {verdict(all(equal_epochs))}",
    ]


@dataclass(frozen=True)
class Epoch:
    """What one epoch of some settings does: words and pairs, mean |change of a weight|, the package's refusal."""

    settings: Settings
    words: int
    pairs: int
    update: float
    error: str

    @property
    def name(self) -> str:
        """The settings that matter here."""
        chosen = self.settings
        stopped = ", stop words removed" if chosen.stop_words != "none" else ""
        return f"sample {chosen.sample:g}, min_count {chosen.min_count}{stopped}"

    @property
    def answer(self) -> str:
        """What the package does with the settings."""
        return "refuses" if self.error else "trains"


def vanishing(text: Text) -> Finding:
    """Report, 3.3: too strong subsampling and filtering leave few pairs and almost no updates."""
    sampled = [_epoch(text, Settings(epochs=1, sample=sample)) for sample in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)]
    filtered = [
        _epoch(text, Settings(epochs=1, sample=1e-4, stop_words="english", min_count=count))
        for count in (5, 50, 500, 1_000_000)
    ]
    rows = [
        [one.name, f"{one.words:,}", f"{one.pairs:,}", f"{one.update:.1e}", one.answer] for one in (*sampled, *filtered)
    ]
    refusals = [f"  {one.name}:\n    {one.error}" for one in (*sampled, *filtered) if one.error]
    first, last = sampled[0], sampled[-1]
    across = [one.settings.sample for one in sampled]
    pairs = {"": (across, [one.pairs for one in sampled])}
    updates = {"": (across, [one.update for one in sampled])}
    return Finding(
        "(d) Too strong subsampling and filtering",
        [
            "update: mean |change of a weight| over both matrices in one epoch. Where the package refuses, the engine",
            "is run all the same.",
            table(["", "words", "pairs", "update", "the package"], rows),
            "What the package says:" if refusals else "The package refuses none of these.",
            *refusals,
            f"From {first.name} to {last.name}:",
            f"  pairs {first.pairs:,} -> {last.pairs:,}, mean update {first.update:.1e} -> {last.update:.1e}.",
            verdict(last.update < first.update / 100),
        ],
        "d-subsampling",
        lambda: pictures.curves(
            f"Subsampling too strongly: {text.name}",
            Panel("Pairs", "sample", "pairs an epoch", pairs, log_across=True, log_up=True),
            Panel("Updates", "sample", "mean |change|", updates, log_across=True, log_up=True),
        ),
    )


def _epoch(text: Text, settings: Settings) -> Epoch:
    error = ""
    try:
        text.prepare(settings)
    except DataError as refusal:
        error = str(refusal)
    try:
        data = preprocess(text.encoded, settings, load_stop_words(settings.stop_words))
    except DataError:
        return Epoch(settings, 0, 0, 0.0, error)
    before = initial_weights(len(data.vocabulary), settings)
    engine = engines.make(settings, data.vocabulary.counts)[0]
    *_, (after, _, pairs) = descend(engine, data, settings)
    changes = (after.input_vectors - before.input_vectors, after.output_vectors - before.output_vectors)
    update = float(np.mean([np.abs(change).mean(dtype=np.float64) for change in changes]))
    return Epoch(settings, len(data.vocabulary), pairs, update, error)
