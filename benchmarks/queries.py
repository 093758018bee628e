"""How fast vectors answer: a question beside one matrix-vector product, many questions beside gensim, an index.

    python -m benchmarks.queries [--words N] [--size N] [--questions N] [--rounds N] [--index N] [--output DIR]

On float32 vectors drawn around centres. A question is a word, its answer the ten nearest words with their cosines;
ours are exact. gensim is asked as often as a question at a time needs, its time is that of one. Before the first
question we make one pass over the vectors, timed in the warm-up and said apart. The index is built on the first words
alone. Rounds alternate; the section goes to `benchmarks/RESULTS.md`, elsewhere with --output.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arguments import positive
from benchmarks.writing import write_parts
from fastw2v.bench.rounds import WARM_UP, Ratio, Spread, alternate, label
from fastw2v.bench.tables import table
from fastw2v.keyed_vectors import KeyedVectors

TITLE = "Queries: nearest words"
HERE = Path(__file__).resolve().parent
WORDS, SIZE, QUESTIONS, ROUNDS, INDEXED = 1_000_000, 100, 1000, 7, 100_000
# Asked one after the other in each round, where there is nothing to gain from asking many at once.
SINGLE, ONE_BY_ONE = 10, 50
PRODUCT, OURS, GENSIM, INDEX = "one matrix-vector product", "fastw2v", "gensim", "fastw2v, index"
PROMISED_PRODUCTS, PROMISED_GENSIM = 2.0, 5.0


@dataclass(frozen=True)
class Candidate:
    """What is timed: a name, how many questions one run answers, and the run."""

    name: str
    questions: int
    run: Callable[[], object]
    milliseconds: list[float] = field(default_factory=list)

    @property
    def spread(self) -> Spread:
        """Milliseconds a question."""
        return Spread.of(self.milliseconds)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, write; return the exit code."""
    options = _parse(arguments)
    return write_parts("queries", TITLE, _parts(options), options.output, arguments)


def _parts(options: argparse.Namespace) -> Iterator[str]:
    vectors = drawn(options.words, options.size)
    yield from (part(vectors, options) for part in (one_question, many_questions, indexed))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queries", description="How fast vectors answer.")
    for name, default, text in (
        ("words", WORDS, "vectors"),
        ("size", SIZE, "length of a vector"),
        ("questions", QUESTIONS, "asked at once"),
        ("rounds", ROUNDS, "rounds"),
        ("index", INDEXED, "words in the index"),
    ):
        parser.add_argument(f"--{name}", type=positive, default=default, metavar="N", help=f"{text}; default {default}")
    parser.add_argument("--output", type=Path, default=HERE, metavar="DIR", help="where RESULTS.md goes")
    return parser.parse_args(arguments)


def drawn(words: int, size: int) -> KeyedVectors:
    """Return vectors around one centre for a hundred words, of uneven lengths."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((max(1, words // 100), size), dtype=np.float32)
    vectors = centres[rng.integers(len(centres), size=words)]
    vectors += rng.standard_normal((words, size), dtype=np.float32)
    vectors *= rng.uniform(0.5, 2, size=(words, 1)).astype(np.float32)
    return KeyedVectors([f"w{row}" for row in range(words)], vectors)


def one_question(vectors: KeyedVectors, options: argparse.Namespace) -> str:
    """Time questions one at a time beside the product that any of them needs."""
    words = _words(vectors, SINGLE)
    timed = [
        Candidate(PRODUCT, SINGLE, lambda: [vectors.vectors @ vectors[word] for word in words]),
        Candidate(OURS, SINGLE, lambda: [vectors.most_similar(word) for word in words]),
        *_gensim(vectors, words),
    ]
    begun = time.perf_counter()
    first = vectors.exact_search
    first_pass = f"once, before the first question: {1000 * (time.perf_counter() - begun):.0f} ms"
    measure(timed, options.rounds, "one question")
    product, ours = timed[0].milliseconds, timed[1].milliseconds
    times = Spread.of([a / b for a, b in zip(ours, product, strict=True)])
    kept = "kept" if times.median <= PROMISED_PRODUCTS else "NOT KEPT"
    promise = f"{OURS} takes {times.text(2)} products; promised <= {PROMISED_PRODUCTS:g}: {kept}"
    return _report(f"One question to {len(first):,} words x {vectors.vector_size}", timed, [promise, first_pass])


def many_questions(vectors: KeyedVectors, options: argparse.Namespace) -> str:
    """Time many questions at once beside as many one at a time, ours and gensim's."""
    words = _words(vectors, options.questions)
    one_by_one = _words(vectors, min(ONE_BY_ONE, options.questions))
    timed = [
        Candidate(f"{OURS}, all at once", len(words), lambda: vectors.most_similar_many(words)),
        Candidate(OURS, len(one_by_one), lambda: [vectors.most_similar(word) for word in one_by_one]),
        *_gensim(vectors, one_by_one),
    ]
    measure(timed, options.rounds, "many questions")
    notes = [_times(timed[0], one, PROMISED_GENSIM) for one in timed if one.name == GENSIM]
    return _report(f"{len(words):,} questions to {len(vectors):,} words", timed, notes)


def indexed(vectors: KeyedVectors, options: argparse.Namespace) -> str:
    """Time the approximate index beside the exact answer on the first words, and measure its recall."""
    if not importlib.util.find_spec("usearch"):
        return "The index is left out: usearch is not installed (pip install '.[index]')."
    from fastw2v.index import ApproximateIndex

    part = vectors[: options.index]
    words = _words(part, options.questions)
    begun = time.perf_counter()
    index = ApproximateIndex(part)
    built = time.perf_counter() - begun
    one_by_one = _words(part, min(ONE_BY_ONE, options.questions))
    timed = [
        Candidate(INDEX, len(one_by_one), lambda: [index.most_similar(word) for word in one_by_one]),
        Candidate(OURS, len(one_by_one), lambda: [part.most_similar(word) for word in one_by_one]),
        Candidate(f"{INDEX}, all at once", len(words), lambda: index.most_similar_many(words)),
        Candidate(f"{OURS}, all at once", len(words), lambda: part.most_similar_many(words)),
    ]
    measure(timed, options.rounds, "index")
    times = (f"{_ratio(timed[place], timed[place + 1]).measured} times as fast" for place in (0, 2))
    notes = [
        f"built in {built:.1f} s by one thread; recall of the 10 nearest {index.recall():.3f}",
        "{} / {}: one question {}, all at once {}".format(INDEX, OURS, *times),
    ]
    return _report(f"Questions to an index of {len(part):,} words, searched by one thread", timed, notes)


def measure(timed: Sequence[Candidate], rounds: int, name: str) -> None:
    """Time all candidates in each round, one after the other."""
    for number, due in alternate(timed, rounds):
        print(f"{name}, {label(number, rounds)}", file=sys.stderr, flush=True)
        for one in due:
            start = time.perf_counter()
            one.run()
            seconds = time.perf_counter() - start
            if number != WARM_UP:
                one.milliseconds.append(1000 * seconds / one.questions)


def _words(vectors: KeyedVectors, count: int) -> list[Any]:
    """Return words at even steps of rank."""
    rows = np.linspace(0, len(vectors) - 1, count).astype(int)
    return [vectors.index_to_key[row] for row in rows.tolist()]


def _gensim(vectors: KeyedVectors, words: list[Any]) -> list[Candidate]:
    """Return gensim to be asked one word after the other; nothing where it is not installed."""
    if not importlib.util.find_spec("gensim"):
        return []
    theirs = importlib.import_module("gensim.models").KeyedVectors(vectors.vector_size)
    theirs.index_to_key, theirs.key_to_index = vectors.index_to_key, vectors.key_to_index
    theirs.vectors = vectors.vectors
    return [Candidate(GENSIM, len(words), lambda: [theirs.most_similar(word) for word in words])]


def _ratio(faster: Candidate, slower: Candidate, promised: float = 0) -> Ratio:
    by_round = [b / a for a, b in zip(faster.milliseconds, slower.milliseconds, strict=True)]
    return Ratio(faster.name, slower.name, by_round, promised)


def _times(faster: Candidate, slower: Candidate, promised: float) -> str:
    return f"times as fast: {_ratio(faster, slower, promised).text}"


def _report(title: str, timed: Sequence[Candidate], notes: Sequence[str]) -> str:
    rows = [[one.name, str(one.questions), one.spread.text(3)] for one in timed]
    return "\n".join((title, table(["", "questions", "ms a question"], rows), *notes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
