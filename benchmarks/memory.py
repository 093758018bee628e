"""How much memory `fastw2v train` holds at most, beside what it is allowed to.

Allowed: the two matrices, the encoded corpus, and a fixed part with a share a word of the vocabulary. Knows nothing
of how a process is run (`process`) or of what is printed around it (`footprint`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import checked, train
from benchmarks.zipf import write_tokens, zipf_corpus
from fastw2v.bench.tables import table
from fastw2v.corpus import reading
from fastw2v.corpus.cache import FOLDER_SETTING
from fastw2v.engines.weights import padded_columns
from fastw2v.errors import UsageError
from fastw2v.settings import Settings
from fastw2v.stories import generate

MB = 10**6
FIXED = 250 * MB
PER_WORD = 200
# A token of the encoded corpus, and a document's place in it.
TOKEN, OFFSET = 4, 8
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DEFAULTS = Settings()
# Words and tokens of the synthetic text: each word must occur in what is trained on.
ZIPF_WORDS, ZIPF_TOKENS = 1_000_000, 8_000_000
ZIPF_SETTINGS = Settings(tokenizer="whitespace", min_count=1, validation=0)
# A text of few words and many tokens, on which bytes a token show.
LONG_WORDS = 20_000_000


@dataclass(frozen=True)
class Allowance:
    """The bytes that training may hold, in parts."""

    matrices: int
    corpus: int
    fixed: int
    vocabulary: int

    @classmethod
    def of(cls, words: int, tokens: int, documents: int, settings: Settings) -> Allowance:
        """Return what a vocabulary of `words` and a corpus of so many tokens and documents, as read, may take."""
        item = 4 if settings.dtype == "float32" else 8
        row = padded_columns(settings.vector_size, settings.dtype) * item
        return cls(2 * words * row, TOKEN * tokens + OFFSET * (documents + 1), FIXED, PER_WORD * words)

    @property
    def total(self) -> int:
        """All parts."""
        return self.matrices + self.corpus + self.fixed + self.vocabulary


@dataclass(frozen=True)
class Corpus:
    """A text to train on: its path (none: the built-in stories), and settings that it needs."""

    path: Path | None
    settings: Settings = DEFAULTS

    @property
    def options(self) -> list[str]:
        """The settings that are not the default, as the command line names them."""
        default = DEFAULTS.as_dict()
        changed = {name: value for name, value in self.settings.as_dict().items() if value != default[name]}
        return [part for name, value in changed.items() for part in (f"--{name.replace('_', '-')}", str(value))]

    @property
    def arguments(self) -> list[str]:
        """What `fastw2v train` is told."""
        return [*([str(self.path)] if self.path else []), *self.options]

    @property
    def shown(self) -> str:
        """The same for people: without folders."""
        return " ".join([self.path.name if self.path else "(built-in stories)", *self.options])


@dataclass(frozen=True)
class Held:
    """What a run held at most, and what it was allowed to."""

    corpus: Corpus
    tokens: int
    words: int
    allowance: Allowance
    peak: int

    @property
    def kept(self) -> bool:
        """Whether it held no more than allowed."""
        return self.peak <= self.allowance.total


def corpora(folder: Path) -> Iterator[Corpus]:
    """Yield the texts that are here, writing the synthetic ones into `folder`."""
    yield from (Corpus(DATA / name) for name in ("tinystories.txt", "wiki.txt") if (DATA / name).exists())
    yield Corpus(None)
    path = folder / "zipf.txt"
    write_tokens(zipf_corpus(ZIPF_WORDS, ZIPF_TOKENS), path)
    yield Corpus(path, ZIPF_SETTINGS)
    path = folder / "stories.txt"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{story}\n" for story in generate(LONG_WORDS))
    yield Corpus(path, Settings(epochs=1))


def warm(corpus: Corpus, environment: Mapping[str, str | None], folder: Path) -> None:
    """Train on a text once, so that all is compiled that reading it and training on it take.

    What that encodes is kept in `folder`, where the run to measure does not find it.

    Raises:
        TrainingError, UsageError: see `process.checked`.
    """
    checked(train([*corpus.arguments, "--epochs", "1"], {**environment, FOLDER_SETTING: str(folder / "encoded")}))


def measure(corpus: Corpus, environment: Mapping[str, str | None]) -> Held:
    """Train on a text, compiled kernels being there already, and compare what that held with what is allowed.

    Raises:
        TrainingError, UsageError: see `process.checked`; also where the system does not say what a process held.
    """
    done = checked(train(corpus.arguments, environment))
    if not done.peak:
        raise UsageError("This system does not say how much memory a process held. Linux or macOS would work.")
    encoded, _ = reading.read(corpus.path, corpus.settings)
    words = int(done.figures["vocabulary_size"])
    allowance = Allowance.of(words, encoded.tokens, encoded.documents, corpus.settings)
    return Held(corpus, encoded.tokens, words, allowance, done.peak)


def text(held: Sequence[Held]) -> str:
    """Return a line a text, in MB (10^6 bytes)."""
    header = ["fastw2v train", "tokens", "words", "matrices", "corpus", "fixed", "200 B/word", "allowed", "peak", ""]
    rows = []
    for one in held:
        parts = one.allowance
        sizes = (parts.matrices, parts.corpus, parts.fixed, parts.vocabulary, parts.total, one.peak)
        verdict = "kept" if one.kept else f"NOT KEPT: {(one.peak - parts.total) / MB:.0f} MB more"
        shown = (f"{size / MB:,.1f}" for size in sizes)
        rows.append([one.corpus.shown, f"{one.tokens:,}", f"{one.words:,}", *shown, verdict])
    return table(header, rows)
