"""How fast each engine is, at its best, once it is shown to be right: verified, then timed.

    python -m benchmarks.engines [--rounds N] [--words N] [--json FILE]

Each engine of the registry trains one epoch over a slice of the built-in stories that suits its speed, through the
trainer that users run: plan, loss and all. Rounds alternate between all candidates, so that a slow minute of the
machine meets every one of them; ratios are taken within rounds.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arguments import positive
from fastw2v import engines
from fastw2v.bench import machine
from fastw2v.bench.report import checks_text
from fastw2v.bench.rounds import WARM_UP, Ratio, alternate, label, without_warnings
from fastw2v.bench.tables import command, table
from fastw2v.corpus import reading
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.corpus.vocabulary import Preprocessed, Stream, preprocess
from fastw2v.errors import Fastw2vError
from fastw2v.settings import Settings
from fastw2v.system.threads import processors
from fastw2v.training import preparation
from fastw2v.training.trainer import Trainer
from fastw2v.verify import checks as verify_checks

# Nothing is held out, so that all that is read is trained on.
SETTINGS = Settings(vector_size=100, window=5, negative=5, min_count=5, sample=1e-3, epochs=1, validation=0)
NAMED = ("vector_size", "window", "negative", "min_count", "sample")
WORDS = 2_000_000
ROUNDS = 5
VERIFIED_WORDS = 60_000
# (faster, slower, the ratio of their speeds that the project promises)
PROMISED = (("numpy", "reference", 10), ("numba", "numpy", 25))


@dataclass(frozen=True)
class Trial:
    """How to look for an engine's best: batch sizes and workers to try, on how many words."""

    words: int
    batch_sizes: tuple[int, ...]
    workers: tuple[int, ...] = (1,)


# An engine without a line here is tried like numpy.
TRIALS = {
    "reference": Trial(3_000, (256,)),
    "numpy": Trial(60_000, (16, 64, 256)),
    "numba": Trial(WORDS, (256, 512, 1024), (1, 2)),
}


@dataclass(frozen=True)
class Candidate:
    """An engine's settings, the slice of the text to time them on, and the corpus tokens a second of each round."""

    settings: Settings
    data: Preprocessed
    speeds: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Engine, batch size and workers."""
        chosen = self.settings
        workers = f", {chosen.workers} workers, racy" if chosen.workers > 1 else ""
        return f"{chosen.engine}, batch {chosen.batch_size}{workers}"

    @property
    def median(self) -> float:
        """The median speed."""
        return statistics.median(self.speeds)

    def run(self) -> float:
        """Train one epoch from fresh weights; return its speed, compilation not counted."""
        return Trainer(self.data, self.settings).run().history[0].words_per_second

    def as_dict(self) -> dict[str, Any]:
        """Return what was measured as JSON values."""
        chosen = self.settings
        return {
            "engine": chosen.engine,
            "batch_size": chosen.batch_size,
            "workers": chosen.workers,
            "words": self.data.corpus_tokens,
            "words_per_second": self.speeds,
            "median": self.median,
        }


def main(arguments: Sequence[str]) -> int:
    """Verify, time, print; return the exit code: 1 where an engine is not equal to the reference."""
    options = _parse(arguments)
    how = command("benchmarks.engines", arguments)
    print(f"Engines: verified, then timed\n\n{machine.text()}\ncommand    {how}")
    try:
        checks = _verified(min(options.words, VERIFIED_WORDS))
        if not all(check.passed for check in checks):
            print("\nNot timed: an engine does not compute what the reference computes.")
            return 1
        timed = candidates(options.words)
        with without_warnings():
            measure(timed, options.rounds)
    except Fastw2vError as error:
        print(f"benchmarks.engines: {error}", file=sys.stderr)
        return error.exit_code
    found = ratios(best_of(timed))
    print(_report(timed, found))
    if options.json:
        document = {
            "command": how,
            "machine": machine.describe(),
            "settings": SETTINGS.as_dict(),
            "verified": [check.as_dict() for check in checks],
            "timed": [candidate.as_dict() for candidate in timed],
            "ratios": [asdict(ratio) for ratio in found],
        }
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engines", description="How fast each engine is, once it is shown to be right."
    )
    parser.add_argument(
        "--rounds", type=positive, default=ROUNDS, metavar="N", help="rounds to time; default %(default)s"
    )
    parser.add_argument(
        "--words",
        type=positive,
        default=WORDS,
        metavar="N",
        help="words of the built-in stories; slower engines get fewer; default %(default)s",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that was measured to this file")
    return parser.parse_args(arguments)


def _verified(words: int) -> list[verify_checks.Check]:
    """Compare every engine with the reference on the beginning of the text, and print how many checks held."""
    encoded, description = reading.read(None, SETTINGS, most_tokens=words)
    checks = list(verify_checks.verify(preparation.prepare(encoded, description, SETTINGS), SETTINGS))
    print(f"\n{checks_text(checks)}")
    return checks


def candidates(words: int) -> list[Candidate]:
    """Return what to time: every engine of the registry that runs here, at each of its settings."""
    encoded, _ = reading.read(None, SETTINGS, most_tokens=words)
    data = preprocess(encoded, SETTINGS)
    found = []
    for name in (name for name, reason in engines.available().items() if not reason):
        trial = TRIALS.get(name, TRIALS["numpy"])
        part = _first(encoded, data, min(words, trial.words))
        found += [
            Candidate(dataclasses.replace(SETTINGS, engine=name, batch_size=size, workers=workers), part)
            for workers in trial.workers
            if workers <= processors()
            for size in trial.batch_sizes
        ]
    return found


def _first(encoded: EncodedCorpus, data: Preprocessed, words: int) -> Preprocessed:
    """Return the first documents, up to the one that reaches `words` words, with the whole text's vocabulary."""
    end = min(int(np.searchsorted(encoded.offsets, words)), encoded.documents)
    offsets = data.stream.offsets[: end + 1]
    stream = Stream(data.stream.ids[: offsets[-1]], offsets)
    return dataclasses.replace(data, stream=stream, documents=end, tokens_read=int(encoded.offsets[end]))


def measure(trials: Sequence[Candidate], rounds: int) -> None:
    """Time all candidates in each round, one after the other. A first round, for caches and clocks, is not kept."""
    for number, due in alternate(trials, rounds):
        print(label(number, rounds), file=sys.stderr, flush=True)
        for trial in due:
            speed = trial.run()
            if number != WARM_UP:
                trial.speeds.append(speed)


def best_of(timed: Sequence[Candidate]) -> dict[str, Candidate]:
    """Return each engine's candidate with the highest median."""
    best: dict[str, Candidate] = {}
    for candidate in timed:
        name = candidate.settings.engine
        if name not in best or candidate.median > best[name].median:
            best[name] = candidate
    return best


def ratios(best: Mapping[str, Candidate]) -> list[Ratio]:
    """Return the promised ratios whose engines both run here."""
    return [
        Ratio(
            best[faster].name,
            best[slower].name,
            [a / b for a, b in zip(best[faster].speeds, best[slower].speeds, strict=True)],
            promised,
        )
        for faster, slower, promised in PROMISED
        if faster in best and slower in best
    ]


def _report(timed: Sequence[Candidate], found: Sequence[Ratio]) -> str:
    best = best_of(timed)
    rows = [
        [
            one.name,
            f"{one.data.corpus_tokens:,}",
            f"{one.median:,.0f}",
            f"{min(one.speeds):,.0f} - {max(one.speeds):,.0f}",
            "best" if best[one.settings.engine] is one else "",
        ]
        for one in timed
    ]
    return "\n".join(
        (
            "",
            "Corpus tokens a second, loss included; median and spread of the rounds. Built-in stories, grouped noise,",
            ", ".join(f"{name} {getattr(SETTINGS, name):g}" for name in NAMED) + ".",
            table(["engine", "words", "words/s", "min - max", ""], rows),
            "Racy workers are not bit-equal to one; what is verified of several is the deterministic mode.",
            *(ratio.text for ratio in found),
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
