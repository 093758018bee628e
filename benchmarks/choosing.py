"""What each setting does to the vectors: one varied at a time from the defaults, on a small and a large corpus.

    python -m benchmarks.choosing [--report]

Trains every setting with several seeds on both corpora and puts the tables into `docs/settings.md`. A finished run is
one line of `benchmarks/results/choosing.jsonl`: an interrupted command goes on where it stopped, and `--report` makes
the tables of what is there. The rows hold for one version of the package.

All rows of a corpus are judged on the same words, those that the rarest-hating row (the largest `min_count`) keeps:
otherwise each would answer other pairs and other questions. What a low `min_count` gives, vectors of rare words, is
therefore not judged here.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import fastw2v
from benchmarks import judging, quality
from benchmarks.quality_rows import Row, Store, Task
from fastw2v.bench import machine
from fastw2v.bench.sections import write_section
from fastw2v.bench.tables import command, number
from fastw2v.corpus import reading
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.errors import Fastw2vError, UsageError
from fastw2v.evaluation import AnalogiesResult, evaluate_file
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.settings import Settings
from fastw2v.training import preparation
from fastw2v.training.trainer import Trainer

ROWS = quality.HERE / "results" / "choosing.jsonl"
PAGE = quality.HERE.parent / "docs" / "settings.md"

# Nothing held out: the tables judge by words, not by loss. One engine stated, so that no machine chooses another.
BASE: dict[str, Any] = {"validation": 0, "engine": "numba", "workers": 1}
VALUES: dict[str, tuple[Any, ...]] = {
    "vector_size": (50, 200),
    "window": (2, 10),
    "negative": (2, 15),
    "epochs": (2, 15),
    "sample": (1e-2, 1e-4, 1e-5),
    "min_count": (1, 20),
    "ns_exponent": (0.0,),
    "noise": ("per-pair",),
}


@dataclass(frozen=True)
class Part:
    """The beginning of a file, how often each setting is trained on it, and values that are tried on it alone."""

    file: str
    limit: str
    seeds: int
    more: Mapping[str, tuple[Any, ...]]


# Sizes and seeds such that the whole table costs about a quarter of an hour on one core.
CORPORA = {"small": Part("tinystories.txt", "2MB", 5, {"epochs": (50,)}), "large": Part("wiki.txt", "20MB", 3, {})}
DEFAULT = "the defaults"
# A difference counts from so many standard errors. There are some eighty of them: at two, luck would mark several.
COUNTS_FROM = 3.0


@dataclass(frozen=True)
class Corpus:
    """A text as numbers; `tokens`: a hash of them; `judged`: the words that every row knows."""

    name: str
    part: Part
    encoded: EncodedCorpus
    about: dict[str, Any]
    tokens: str
    judged: frozenset[Any]


def main(arguments: Sequence[str]) -> int:
    """Train what is missing, then make the tables; return the exit code."""
    options = _parse(arguments)
    print(f"{machine.text()}\ncommand    {command('benchmarks.choosing', arguments)}\n", flush=True)
    try:
        store, corpora = Store(ROWS), [read(name) for name in CORPORA]
        if not options.report:
            for corpus in corpora:
                train_missing(corpus, store)
        tables = report(corpora, store)
        write_section(PAGE, "choosing", tables)
    except Fastw2vError as error:
        print(f"benchmarks.choosing: {error}", file=sys.stderr)
        return error.exit_code
    print(f"\n{tables}")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.choosing", description="One setting at a time.")
    parser.add_argument("--report", action="store_true", help="train nothing, make the tables of what is there")
    return parser.parse_args(arguments)


def read(name: str, part: Part | None = None) -> Corpus:
    """Read the beginning of a corpus, of CORPORA or the one given. Raises UsageError where the data is not there."""
    part = part or CORPORA[name]
    path = quality.DATA / part.file
    if not path.exists():
        raise UsageError(f"There is no corpus {path}. The shared data must lie in a folder beside the project's.")
    encoded, about = reading.read(str(path), Settings(limit=part.limit))
    digest = hashlib.sha256("\n".join(map(str, encoded.items)).encode())
    digest.update(encoded.ids.tobytes())
    digest.update(encoded.offsets.tobytes())
    fewest = Settings(**BASE, min_count=max(VALUES["min_count"]))
    judged = frozenset(preparation.prepare(encoded, about, fewest).preprocessed.vocabulary.words)
    return Corpus(name, part, encoded, about, digest.hexdigest()[:16], judged)


def changes(part: Part) -> dict[str, dict[str, Any]]:
    """Return the rows of a table: what to call each, and what it changes."""
    rows: dict[str, dict[str, Any]] = {DEFAULT: {}}
    for name, values in VALUES.items():
        rows |= {f"{name} {value}": {name: value} for value in (*values, *part.more.get(name, ()))}
    return rows


def tasks(corpus: Corpus) -> Iterator[Task]:
    """Yield the runs to be had, seed by seed."""
    for seed in range(1, corpus.part.seeds + 1):
        for name, change in changes(corpus.part).items():
            settings = Settings(**{**BASE, **change}, seed=seed).as_dict()
            yield Task(corpus.name, corpus.tokens, name, "fastw2v", fastw2v.__version__, settings)


def train_missing(corpus: Corpus, store: Store) -> None:
    """Train, judge and store every run that is not in the store."""
    for task in tasks(corpus):
        if store.find(task) is not None:
            continue
        begun = time.process_time()
        vectors = train(corpus, task)
        seconds = time.process_time() - begun
        scores, covered = judge(vectors)
        store.append(Row(**asdict(task), scores=scores, covered=covered, machine=machine.describe()))
        shown = ", ".join(f"{name} {number(score)} ({covered[name]:,})" for name, score in scores.items())
        print(f"{corpus.name}, {task.system}, seed {task.seed}: {shown}; {seconds:.0f} s of processor", flush=True)


def train(corpus: Corpus, task: Task) -> KeyedVectors:
    """Train; return the vectors of the words that are judged."""
    settings = Settings(**task.settings)
    data = preparation.prepare(corpus.encoded, corpus.about, settings).preprocessed
    vectors = Trainer(data, settings).run().weights.input_vectors
    rows = [row for row, word in enumerate(data.vocabulary.words) if word in corpus.judged]
    return KeyedVectors([data.vocabulary.words[row] for row in rows], vectors[rows])


def judge(vectors: KeyedVectors) -> tuple[dict[str, float | None], dict[str, int]]:
    """Return Spearman's correlation or the accuracy of each set, and how many pairs or questions it rests on."""
    scores, covered = {}, {}
    for name, file in quality.SETS.items():
        result = evaluate_file(vectors, quality.DATA / file)
        if isinstance(result, AnalogiesResult):
            scores[name], covered[name] = result.total.accuracy, result.total.asked
        else:
            scores[name], covered[name] = result.spearman, result.used
    return scores, covered


Scores = Mapping[str, Sequence[float]]


def spread(scores: Scores) -> float:
    """Return the standard deviation between seeds, pooled over all settings; each needs two seeds or more."""
    squares = sum(statistics.variance(found) * (len(found) - 1) for found in scores.values())
    return math.sqrt(squares / sum(len(found) - 1 for found in scores.values()))


def difference(scores: Scores, name: str) -> tuple[float, bool]:
    """Return a setting's mean less the default's, and whether it exceeds COUNTS_FROM standard errors."""
    found, base = scores[name], scores[DEFAULT]
    apart = statistics.fmean(found) - statistics.fmean(base)
    return apart, abs(apart) > COUNTS_FROM * spread(scores) * math.sqrt(1 / len(found) + 1 / len(base))


def report(corpora: Sequence[Corpus], store: Store) -> str:
    """Return the tables of all that is in the store, in Markdown."""
    parts, used = [], []
    for corpus in corpora:
        rows: dict[str, list[Row]] = {}
        for task in tasks(corpus):
            if (row := store.find(task)) is not None:
                rows.setdefault(task.system, []).append(row)
        complete = {name: found for name, found in rows.items() if len(found) == corpus.part.seeds}
        used += [row for found in complete.values() for row in found]
        parts.append(_table(corpus, complete) if DEFAULT in complete else f"{corpus.name}: not run yet.")
    return "\n\n".join([*parts, "Made by `python -m benchmarks.choosing`.", *machines(used)])


def _table(corpus: Corpus, rows: Mapping[str, Sequence[Row]]) -> str:
    covered = {name: min(row.covered[name] for found in rows.values() for row in found) for name in quality.SETS}
    sets = [name for name, count in covered.items() if count >= judging.FEWEST_COVERED]
    scores = {
        name: {system: [row.scores[name] or 0.0 for row in found] for system, found in rows.items()} for name in sets
    }
    about = (
        f"**{corpus.name}**: the first {corpus.part.limit} of {corpus.part.file}, {len(corpus.encoded.ids):,} words; "
        f"judged on the {len(corpus.judged):,} words that occur {max(VALUES['min_count'])} times; mean of "
        f"{corpus.part.seeds} seeds."
    )
    lines = [
        f"{about}\n",
        f"| setting | {' | '.join(f'{name} ({covered[name]:,})' for name in sets)} |",
        f"| --- |{' ---: |' * len(sets)}",
        *(f"| {system} | {' | '.join(_cell(scores[name], system) for name in sets)} |" for system in rows),
        f"| between seeds | {' | '.join(f'± {spread(scores[name]):.4f}' for name in sets)} |",
    ]
    return "\n".join(lines)


def _cell(scores: Scores, system: str) -> str:
    """Return the mean over seeds and its distance from the default's, in bold where that counts."""
    mean = f"{statistics.fmean(scores[system]):.3f}"
    if system == DEFAULT:
        return mean
    apart, counts = difference(scores, system)
    return f"{mean} **{apart:+.3f}**" if counts else f"{mean} {apart:+.3f}"


def machines(rows: Sequence[Row]) -> list[str]:
    """Return a line on the machines that the rows come from; none where there are no rows."""
    names = dict.fromkeys(name for row in rows for name in row.machine)
    found = {name: sorted({row.machine[name] for row in rows}) for name in names}
    return ["; ".join(f"{name} {' / '.join(values)}" for name, values in found.items()) + "."] if found else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
