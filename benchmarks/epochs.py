"""How many epochs a text needs: beginnings of two texts, from 100 kB on, trained for more and more epochs.

    python -m benchmarks.epochs [--report]

Puts its tables into `docs/settings.md`. A finished run is one line of `benchmarks/results/epochs.jsonl`: an interrupted
command goes on where it stopped. `--epochs auto` follows these tables, see
`fastw2v/training/preparation.py`.

Small texts know too few of the words of evaluation sets. So there is one more score, for every size: agreement, the
Spearman correlation of the cosines of word pairs with those of the same pairs in vectors of the whole text, trained for
15 epochs. Pairs are drawn among the words that occur 20 times in the beginning, the 1,000 most frequent.
"""

from __future__ import annotations

import argparse
import functools
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

import fastw2v
from benchmarks import choosing, judging, quality
from benchmarks.choosing import Corpus, Part
from benchmarks.quality_rows import Row, Store, Task
from fastw2v.bench import machine
from fastw2v.bench.sections import write_section
from fastw2v.bench.tables import command, number
from fastw2v.errors import Fastw2vError
from fastw2v.evaluation.correlation import spearman
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.settings import Settings
from fastw2v.training import preparation
from fastw2v.training.trainer import Trainer

ROWS = quality.HERE / "results" / "epochs.jsonl"
PAGE = choosing.PAGE
AGREEMENT = "agreement"
# Words whose pairs are compared.
MOST_WORDS = 1000
REFERENCE: dict[str, Any] = {**choosing.BASE, "epochs": 15, "seed": 100}

# A size of each text, the numbers of epochs tried on it, and how often. Half an hour on one core.
SIZES = {
    "stories 100 kB": (Part("tinystories.txt", "100kB", 2, {}), (5, 15, 25, 50, 100, 200)),
    "wiki 100 kB": (Part("wiki.txt", "100kB", 2, {}), (5, 15, 25, 50, 100, 200)),
    "stories 500 kB": (Part("tinystories.txt", "500kB", 2, {}), (5, 10, 15, 25, 50, 100)),
    "wiki 500 kB": (Part("wiki.txt", "500kB", 2, {}), (5, 10, 15, 25, 50, 100)),
    "stories 2 MB": (Part("tinystories.txt", "2MB", 2, {}), (5, 10, 15, 25, 50)),
    "wiki 2 MB": (Part("wiki.txt", "2MB", 2, {}), (5, 10, 15, 25, 50)),
    "wiki 10 MB": (Part("wiki.txt", "10MB", 2, {}), (5, 10, 15, 25)),
    "stories 12 MB": (Part("tinystories.txt", "12MB", 2, {}), (5, 10, 15, 25)),
    "wiki 40 MB": (Part("wiki.txt", "40MB", 2, {}), (5, 10, 15)),
}
# Tried too, with a window of 10, where so many numbers are tried: on the small ones.
WIDER, WIDER_AT = (15, 50), 5


def main(arguments: Sequence[str]) -> int:
    """Train what is missing, then make the tables; return the exit code."""
    options = _parse(arguments)
    print(f"{machine.text()}\ncommand    {command('benchmarks.epochs', arguments)}\n", flush=True)
    try:
        store, tables, used = Store(ROWS), [], []
        for name, (part, _) in SIZES.items():
            corpus = choosing.read(name, part)
            if not options.report:
                train_missing(corpus, store)
            rows = found(corpus, store)
            tables.append(_table(corpus, rows))
            used += [row for of_seeds in rows.values() for row in of_seeds]
        made = "\n\n".join([*tables, "Made by `python -m benchmarks.epochs`.", *choosing.machines(used)])
        write_section(PAGE, "epochs", made)
    except Fastw2vError as error:
        print(f"benchmarks.epochs: {error}", file=sys.stderr)
        return error.exit_code
    print(f"\n{made}")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.epochs", description="More and more epochs.")
    parser.add_argument("--report", action="store_true", help="train nothing, make the tables of what is there")
    return parser.parse_args(arguments)


def tasks(corpus: Corpus) -> Iterator[Task]:
    """Yield the runs to be had, seed by seed."""
    epochs = SIZES[corpus.name][1]
    for seed in range(1, corpus.part.seeds + 1):
        for window, numbers in ((5, epochs), (10, WIDER if len(epochs) >= WIDER_AT else ())):
            for passes in numbers:
                settings = Settings(**choosing.BASE, epochs=passes, window=window, seed=seed).as_dict()
                name = f"{passes}" if window == 5 else f"{passes}, window {window}"
                yield Task(corpus.name, corpus.tokens, name, "fastw2v", fastw2v.__version__, settings)


def train_missing(corpus: Corpus, store: Store) -> None:
    """Train, judge and store every run that is not in the store."""
    for task in tasks(corpus):
        if store.find(task) is not None:
            continue
        vectors = choosing.train(corpus, task)
        scores, covered = choosing.judge(vectors)
        rows, value = agreement(vectors, _reference(corpus.part.file))
        scores[AGREEMENT], covered[AGREEMENT] = value, rows
        store.append(Row(**asdict(task), scores=scores, covered=covered, machine=machine.describe()))
        shown = ", ".join(f"{name} {number(score)} ({covered[name]:,})" for name, score in scores.items())
        print(f"{corpus.name}, epochs {task.system}, seed {task.seed}: {shown}", flush=True)


@functools.cache
def _reference(file: str) -> KeyedVectors:
    """Return vectors of the whole text."""
    whole = choosing.read(file, Part(file, "1GB", 1, {}))
    settings = Settings(**REFERENCE)
    data = preparation.prepare(whole.encoded, whole.about, settings).preprocessed
    return KeyedVectors(data.vocabulary.words, Trainer(data, settings).run().weights.input_vectors)


def agreement(vectors: KeyedVectors, whole: KeyedVectors) -> tuple[int, float | None]:
    """Return how many pairs of words are compared, and the correlation of their cosines."""
    words = [word for word in vectors.index_to_key if word in whole][:MOST_WORDS]
    upper = np.triu_indices(len(words), 1)
    cosines = [
        (part.unit_vectors[part.rows(words)] @ part.unit_vectors[part.rows(words)].T)[upper].astype(np.float64)
        for part in (vectors, whole)
    ]
    return len(upper[0]), spearman(*cosines)


def found(corpus: Corpus, store: Store) -> dict[str, list[Row]]:
    """Return the runs in the store, by what they are called."""
    rows: dict[str, list[Row]] = {}
    for task in tasks(corpus):
        if (row := store.find(task)) is not None:
            rows.setdefault(task.system, []).append(row)
    return rows


def _table(corpus: Corpus, rows: Mapping[str, Sequence[Row]]) -> str:
    if not rows:
        return f"{corpus.name}: not run yet."
    first = next(iter(rows.values()))[0]
    sets = [name for name, count in first.covered.items() if count >= judging.FEWEST_COVERED]
    lines = [
        f"**{corpus.name}**: {len(corpus.encoded.ids):,} words, {len(corpus.judged):,} of them different and judged.\n",
        f"| epochs | {' | '.join(f'{name} ({first.covered[name]:,})' for name in sets)} |",
        f"| --- |{' ---: |' * len(sets)}",
    ]
    for system, of_seeds in rows.items():
        cells = [f"{statistics.fmean(row.scores[name] or 0.0 for row in of_seeds):.3f}" for name in sets]
        lines.append(f"| {system} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
