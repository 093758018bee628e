"""How good the vectors are beside gensim's: the same tokens, documents, settings and evaluation for both.

    python -m benchmarks.quality [--corpora NAME ...] [--systems NAME ...] [--seeds N] [--report]

Trains every system with every seed on every corpus, then prints the comparison and writes it to
`benchmarks/RESULTS.md`. A finished run is one line of `benchmarks/results/quality.jsonl`, so an interrupted command
goes on where it stopped, and `--report` compares what is there. `judging` draws the conclusions.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import judging
from benchmarks.quality_rows import Row, Store, Task, engine_sources
from fastw2v.bench import machine, peers
from fastw2v.bench.sections import write_section
from fastw2v.bench.tables import command, number
from fastw2v.corpus import reading
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.errors import DataError, Fastw2vError, MissingExtraError, UsageError
from fastw2v.evaluation import AnalogiesResult, evaluate_file
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.settings import Settings
from fastw2v.training import preparation
from fastw2v.training.trainer import Trainer

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
ROWS = HERE / "results" / "quality.jsonl"
RESULTS = HERE / "RESULTS.md"

TITLE = "Quality beside gensim's"
CORPORA = {"tinystories": "tinystories.txt", "wiki": "wiki.txt"}
SETS = {
    "SimLex-999": "eval/simlex999.txt",
    "WordSim-353": "eval/wordsim353.tsv",
    "Google analogies": "eval/questions-words.txt",
}

# What both trainers are told, in the names they share: stated, so that no change of a default makes them differ.
SHARED: dict[str, Any] = {
    "vector_size": 100,
    "window": 5,
    "shrink_windows": True,
    "negative": 5,
    "ns_exponent": 0.75,
    "min_count": 5,
    "sample": 1e-3,
    "alpha": 0.025,
    "min_alpha": 1e-4,
    "epochs": 5,
}
FASTW2V = {**SHARED, "schedule": "linear", "stop_words": "none", "validation": 0, "engine": "numba"}
# What each row of the table changes. The default's batch size is one of those listed: the same run, trained once.
CHANGES: dict[str, dict[str, Any]] = {
    judging.OURS: {},
    "racy": {"workers": 2},
    "deterministic": {"workers": 2, "deterministic": True},
    "shared": {"noise": "shared"},
    "per-pair": {"noise": "per-pair"},
    **{f"batch-{size}": {"batch_size": size} for size in (64, 128, 256, 512, 1024)},
}
SYSTEMS = (judging.PEER, *CHANGES)


def main(arguments: Sequence[str]) -> int:
    """Train what is missing, then compare; return the exit code."""
    options = _parse(arguments)
    how = command("benchmarks.quality", arguments)
    print(f"{TITLE}\n\n{machine.text()}\ncommand    {how}\n", flush=True)
    try:
        store, corpora = Store(ROWS), [_read(name) for name in CORPORA]
        if not options.report:
            for corpus in (corpus for corpus in corpora if corpus.name in options.corpora):
                train_missing(corpus, options.systems, options.seeds, store)
        section = report(corpora, options.seeds, store)
        write_section(RESULTS, "quality", section)
    except Fastw2vError as error:
        print(f"benchmarks.quality: {error}", file=sys.stderr)
        return error.exit_code
    print(f"\n{section}")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Quality, beside gensim's.")
    for name, choices in (("corpora", tuple(CORPORA)), ("systems", SYSTEMS)):
        text = f"any of {', '.join(choices)}; default: all"
        parser.add_argument(f"--{name}", nargs="+", choices=choices, default=choices, metavar="NAME", help=text)
    parser.add_argument(
        "--seeds",
        type=int,
        choices=range(1, judging.MOST_SEEDS + 1),
        default=5,
        metavar="N",
        help=f"seeds 1 to N, N at most {judging.MOST_SEEDS}; default %(default)s",
    )
    parser.add_argument("--report", action="store_true", help="train nothing, compare what is there")
    return parser.parse_args(arguments)


@dataclass(frozen=True)
class Corpus:
    """A corpus ready for training, the same for every system; `tokens` is a hash of its words in their documents."""

    name: str
    data: Preprocessed
    tokens: str


def read(name: str, path: Path) -> Corpus:
    """Read a corpus with the settings that all systems share."""
    settings = Settings(**FASTW2V)
    data = preparation.prepare(*reading.read(str(path), settings), settings).preprocessed
    digest = hashlib.sha256("\n".join(map(str, data.vocabulary.words)).encode())
    digest.update(data.stream.ids.tobytes())
    digest.update(data.stream.offsets.tobytes())
    return Corpus(name, data, digest.hexdigest()[:16])


def _read(name: str) -> Corpus:
    path = DATA / CORPORA[name]
    if not path.exists():
        raise UsageError(f"There is no corpus {path}. The shared data must lie in a folder beside the project's.")
    return read(name, path)


def tasks(corpus: Corpus, systems: Sequence[str], seeds: int) -> Iterator[Task]:
    """Yield the runs to be had, seed by seed, so that what an interruption leaves can be paired."""
    for seed in range(1, seeds + 1):
        for system in systems:
            if system == judging.PEER:
                yield Task(corpus.name, corpus.tokens, system, "gensim", None, {**SHARED, "workers": 1, "seed": seed})
            else:
                settings = Settings(**FASTW2V, **CHANGES[system], seed=seed).as_dict()
                yield Task(corpus.name, corpus.tokens, system, "fastw2v", engine_sources(), settings)


def train_missing(corpus: Corpus, systems: Sequence[str], seeds: int, store: Store) -> None:
    """Train, evaluate and store every run that is not in the store.

    Raises:
        MissingExtraError: gensim is needed and not installed.
        DataError: gensim finds other words in the same tokens.
    """
    for task in tasks(corpus, systems, seeds):
        # Asked each time: the same run may stand under two names, or another process be at work.
        if store.find(task) is not None:
            continue
        begun = time.perf_counter()
        vectors = _train_gensim(corpus, task) if task.system == judging.PEER else _train(corpus, task)
        seconds = time.perf_counter() - begun
        scores, covered = _evaluate(vectors)
        store.append(Row(**asdict(task), scores=scores, covered=covered, machine=_versions(task)))
        shown = ", ".join(f"{name} {number(score)} ({covered[name]:,})" for name, score in scores.items())
        print(f"{corpus.name}, {task.system}, seed {task.seed}: {shown}; {seconds:.0f} s", flush=True)


def _train(corpus: Corpus, task: Task) -> KeyedVectors:
    model = Trainer(corpus.data, Settings(**task.settings)).run()
    return KeyedVectors(corpus.data.vocabulary.words, model.weights.input_vectors)


def _train_gensim(corpus: Corpus, task: Task) -> KeyedVectors:
    peer = peers.PEERS[judging.PEER]
    if not peer.installed:
        raise MissingExtraError("gensim, to compare with, is not installed. pip install '.[bench]' would work.")
    with TemporaryDirectory() as folder:
        documents = Path(folder) / "documents.txt"
        peers.write_documents(corpus.data, documents)
        trained = peer.train(documents, Settings(**task.settings))
    if set(trained.words) != set(corpus.data.vocabulary.words):
        raise DataError(f"{corpus.name}: gensim finds other words in the same tokens; nothing can be compared.")
    return KeyedVectors(trained.words, trained.vectors)


def _evaluate(vectors: KeyedVectors) -> tuple[dict[str, float | None], dict[str, int]]:
    """Return Spearman's correlation or the accuracy of each set, and how many pairs or questions it rests on."""
    scores, covered = {}, {}
    for name, file in SETS.items():
        result = evaluate_file(vectors, DATA / file)
        if isinstance(result, AnalogiesResult):
            scores[name], covered[name] = result.total.accuracy, result.total.asked
        else:
            scores[name], covered[name] = result.spearman, result.used
    return scores, covered


def _versions(task: Task) -> dict[str, str]:
    """Return the machine, and the version of what trained."""
    extra = {task.system: peers.PEERS[task.system].version or ""} if task.system == judging.PEER else {}
    return {**machine.describe(), **extra}


def report(corpora: Sequence[Corpus], seeds: int, store: Store) -> str:
    """Return the comparison of all that is in the store, in Markdown."""
    parts, used = [], []
    for corpus in corpora:
        rows: dict[str, dict[int, Row]] = {}
        for task in tasks(corpus, SYSTEMS, seeds):
            if (row := store.find(task)) is not None:
                rows.setdefault(task.system, {})[task.seed] = row
                used.append(row)
        parts.append(judging.report(corpus.name, rows, SYSTEMS))
    return "\n\n".join([_intro(seeds), *parts, *([_machines(used)] if used else [])])


def _intro(seeds: int) -> str:
    default = Settings()
    return (
        f"## {TITLE}\n\n"
        "The same tokens and documents, the same evaluation, and for both "
        f"{', '.join(f'{name} {value}' for name, value in SHARED.items())}. gensim: `corpus_file` mode, 1 worker. "
        f"The default: 1 worker, {default.noise} noise, batch size {default.batch_size}; each other system changes "
        "what its name says, racy and deterministic with 2 workers.\n\n"
        f"Spearman's correlation, and accuracy of the analogies: mean over seeds 1 to {seeds} ± half its 95 % interval "
        "(Student's). In brackets, the pairs or questions with all words known; under "
        f"{judging.FEWEST_COVERED} of them a set is not judged.\n\n"
        f"Made by `python -m benchmarks.quality --seeds {seeds}`."
    )


def _machines(rows: Sequence[Row]) -> str:
    """Return what the runs were made with, all values of what differs between them."""
    names = dict.fromkeys(name for row in rows for name in row.machine)
    values = {name: sorted({row.machine[name] for row in rows if name in row.machine}) for name in names}
    return "Machine and versions: " + "; ".join(f"{name} {' / '.join(found)}" for name, found in values.items()) + "."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
