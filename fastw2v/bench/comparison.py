"""Run a comparison on one text: verify, then time in alternation, saving each row at once.

What `fastw2v bench` and `benchmarks/compare.py` share. `report` says it in words.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fastw2v.bench import end_to_end, machine
from fastw2v.bench.candidates import Candidate, Material, candidates
from fastw2v.bench.peers import PEERS, write_documents
from fastw2v.bench.results import Results, Row
from fastw2v.bench.rounds import WARM_UP, alternate, label, without_warnings
from fastw2v.corpus import reading
from fastw2v.corpus.store import holds_corpus
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.errors import UsageError
from fastw2v.settings import Settings
from fastw2v.stories import DEFAULT_WORDS, generate
from fastw2v.training import preparation
from fastw2v.verify import checks
from fastw2v.verify.checks import Check

# The same for all; nothing is held out and no stop words go, so that all train on all of the text.
SETTINGS = Settings(
    vector_size=100,
    window=5,
    negative=5,
    min_count=5,
    sample=1e-3,
    alpha=0.025,
    min_alpha=1e-4,
    schedule="linear",
    epochs=5,
    stop_words="none",
    validation=0,
)
ROUNDS = 5


@dataclass(frozen=True)
class Comparison:
    """What is timed on one text, and the rows so far.

    Attributes:
        corpus: what is known of the text, by name; part of the results' header.
        cold: whether the text can be dropped from memory before whole programs run.
    """

    material: Material
    candidates: list[Candidate]
    results: Results
    corpus: dict[str, Any]
    cold: bool

    @property
    def words(self) -> int:
        """Words that each run goes over: the corpus, rare words included, times epochs."""
        return int(self.corpus["words"]) * self.material.settings.epochs

    @property
    def rounds(self) -> int:
        """Complete rounds so far."""
        return min(len(self.results.of(one.name)) for one in self.candidates)


def verified(corpus: Any, settings: Settings) -> list[Check]:
    """Compare every engine with the reference on the beginning of the text."""
    return list(checks.verify(checks.prepare(corpus, settings), settings))


def prepare(
    corpus: Sequence[Path] | None,
    folder: Path,
    settings: Settings = SETTINGS,
    *,
    words: int | None = None,
    with_peers: bool = True,
    results: Path | None = None,
    command: str = "",
) -> Comparison:
    """Read the text, or its first documents up to the one that reaches `words`; write it into `folder` for peers.

    Raises:
        UsageError, DataError: the text cannot be read, or `results` cannot be gone on with; see `Results`.
    """
    raw = _raw(corpus, folder, words or DEFAULT_WORDS)
    encoded, description = reading.read(raw, settings, most_tokens=words)
    if words is not None:  # for programs that read the text themselves
        settings = dataclasses.replace(settings, limit=f"{_documents(raw, settings, words)}docs")
    data = preparation.prepare(encoded, description, settings).preprocessed
    material = Material(data, folder / "documents.txt", raw, settings, folder)
    write_documents(data, material.documents)
    chosen = candidates(material, with_peers)
    about = {"name": _name(corpus), **_described(data)}
    header = _header(settings, about, chosen, command)
    return Comparison(material, chosen, Results(header, results), about, end_to_end.drop_from_cache(raw))


def measure(comparison: Comparison, rounds: int, say: Callable[[str], None]) -> None:
    """Time what is missing of so many rounds; `say` hears of each run before it begins."""
    results = comparison.results
    with without_warnings():
        for number, due in alternate(comparison.candidates, rounds, lambda one, at: results.has(one.name, at)):
            for candidate in due:
                say(f"{label(number, rounds)}: {candidate.name}")
                # To warm up, one epoch does.
                timing = candidate.run(1 if number == WARM_UP else comparison.material.settings.epochs)
                if number != WARM_UP:
                    results.append(Row(**asdict(timing), candidate=candidate.name, round=number))


def _documents(raw: Sequence[Path], settings: Settings, words: int) -> int:
    """Return how many documents hold so many words from the beginning, or all; those without any word count, too."""
    documents = tokens = 0
    for document in reading.open_with(raw, settings):
        if tokens >= words:
            break
        documents, tokens = documents + 1, tokens + len(document)
    return documents


def _raw(corpus: Sequence[Path] | None, folder: Path, words: int) -> tuple[Path, ...]:
    """Return the texts as files that can be read again and again."""
    if corpus is None:
        path = folder / "stories.txt"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{story}\n" for story in generate(words))
        return (path,)
    if Path("-") in corpus:
        raise UsageError("A text to time on is read many times. Got - (standard input); a file would work.")
    encoded = [str(path) for path in corpus if holds_corpus(path)]
    if encoded:
        raise UsageError(f"Whole programs are timed from raw text. Got the encoded corpus {encoded[0]}; give its text.")
    return tuple(corpus)


def _name(corpus: Sequence[Path] | None) -> str:
    """Return the files' names without their folders."""
    return "the built-in stories" if corpus is None else ", ".join(path.name for path in corpus)


def _described(data: Preprocessed) -> dict[str, Any]:
    digest = hashlib.sha256("\n".join(map(str, data.vocabulary.words)).encode())
    digest.update(data.stream.ids.tobytes())
    digest.update(data.stream.offsets.tobytes())
    return {
        "words": data.corpus_tokens,
        "documents": data.documents,
        "vocabulary": len(data.vocabulary),
        "longest_document": int(np.diff(data.stream.offsets).max()),
        "sha256": digest.hexdigest(),
    }


def _header(settings: Settings, corpus: dict[str, Any], chosen: Iterable[Candidate], command: str) -> dict[str, Any]:
    here = machine.describe()
    return {
        "command": command,
        "date": here.pop("date"),
        "corpus": corpus,
        "settings": settings.as_dict(),
        "candidates": [one.name for one in chosen],
        "machine": {**here, **peer_versions(), "source": _source_hash()},
    }


def peer_versions() -> dict[str, str]:
    """Return the versions of the peers that are installed."""
    return {peer.name: peer.version for peer in PEERS.values() if peer.version is not None}


@functools.cache
def _source_hash() -> str:
    """Return a hash of the package's sources, so that rows of before and after an edit are not mixed.

    Looked at once, as what is imported: whole programs import what the files hold when they start.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
