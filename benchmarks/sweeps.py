"""One thing varied at a time from the defaults: what to train for each value, how long it takes, where a cliff is.

A cliff is a value whose cost per useful flop is far above that of its neighbours: a power of two whose rows fall on
the same cache lines, a number of noise words that no tile suits. Knows the trainer; prints nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.zipf import zipf_corpus
from fastw2v.bench.flops import useful_flops
from fastw2v.bench.rounds import WARM_UP, Spread, alternate, label
from fastw2v.corpus.encoded import EncodedCorpus, encode
from fastw2v.corpus.vocabulary import Preprocessed, preprocess
from fastw2v.settings import Settings
from fastw2v.stories import generate
from fastw2v.text.tokenise import tokeniser
from fastw2v.training.trainer import Trainer

# Nothing is held out, so that all that is read is trained on. What is not named here is the package's default.
SETTINGS = Settings(
    vector_size=100, window=5, negative=5, min_count=5, sample=1e-3, noise="shared", epochs=1, validation=0,
    engine="numba",
)  # fmt: skip
# Words of the stories on which settings are varied, and of a synthetic corpus; a quick run takes a tenth.
STORY_WORDS = 2_000_000
ZIPF_WORDS = 4_000_000
QUICK = 10
# A cost per useful flop of this many times that of the neighbours is a cliff.
CLIFF = 1.25
# The slowest size of corpus is at least this share as fast as the fastest: "within 15 %".
EVEN = 0.85


@dataclass(frozen=True)
class Candidate:
    """A value of what is varied, with the settings and the corpus that it means."""

    value: int
    settings: Settings
    data: Preprocessed


@dataclass(frozen=True)
class Row:
    """What a value measured: training seconds of each round, over so many corpus tokens, terms and useful flops.

    terms: pairs x (K + 1).
    """

    value: int
    words: int
    terms: int
    flops: int
    seconds: tuple[float, ...]

    @property
    def words_per_second(self) -> Spread:
        """Corpus tokens a second."""
        return self._of(lambda seconds: self.words / seconds)

    @property
    def gflops(self) -> Spread:
        """Useful Gflop/s."""
        return self._of(lambda seconds: self.flops / seconds / 1e9)

    @property
    def term_ns(self) -> Spread:
        """Nanoseconds a term."""
        return self._of(lambda seconds: seconds / self.terms * 1e9)

    @property
    def cost(self) -> float:
        """Median seconds a useful flop."""
        return self._of(lambda seconds: seconds / self.flops).median

    def _of(self, figure: Callable[[float], float]) -> Spread:
        return Spread.of([figure(seconds) for seconds in self.seconds])


@dataclass(frozen=True)
class Sweep:
    """What is varied: a title, the values, and the setting it is; none for a corpus of another kind or size."""

    title: str
    values: tuple[int, ...]
    setting: str = ""


SWEEPS = {
    "size": Sweep("corpus size, story words", (2_000_000, 8_000_000, 32_000_000)),
    "d": Sweep("vector size d", (50, 64, 96, 100, 104, 112, 128, 160, 192, 200, 256, 300), "vector_size"),
    "window": Sweep("window", (1, 2, 5, 10, 20), "window"),
    "negative": Sweep("noise words K", (1, 2, 5, 10, 15, 20), "negative"),
    "vocabulary": Sweep("vocabulary size, synthetic words", (10_000, 30_000, 100_000, 300_000, 1_000_000)),
    "batch": Sweep("batch size, centres", tuple(2**power for power in range(4, 15)), "batch_size"),
}


def candidates(name: str, quick: bool) -> Iterator[Candidate]:
    """Yield what to train for each value of a sweep. A quick one has a tenth of the words."""
    part = QUICK if quick else 1
    if name == "size":
        yield from _sizes([value // part for value in SWEEPS[name].values])
    elif name == "vocabulary":
        yield from _vocabularies([value // part for value in SWEEPS[name].values], ZIPF_WORDS // part)
    else:
        data = preprocess(stories(STORY_WORDS // part), SETTINGS)
        for value in SWEEPS[name].values:
            yield Candidate(value, Settings(**{**SETTINGS.as_dict(), SWEEPS[name].setting: value}), data)


def _sizes(sizes: Sequence[int]) -> Iterator[Candidate]:
    """Yield the beginnings of one corpus. It is encoded story by story, and a shorter one is a view of its numbers."""
    longest = stories(max(sizes))
    for size in sizes:
        yield Candidate(size, SETTINGS, preprocess(first(longest, size), SETTINGS))


def _vocabularies(sizes: Sequence[int], tokens: int) -> Iterator[Candidate]:
    """Yield synthetic corpora of equal length; rare words stay, for each corpus to have its vocabulary."""
    settings = dataclasses.replace(SETTINGS, min_count=1)
    for size in sizes:
        yield Candidate(size, settings, preprocess(zipf_corpus(size, tokens), settings))


def stories(words: int) -> EncodedCorpus:
    """Return the built-in stories up to the one that reaches `words` words. Only their numbers are held."""
    return encode(map(tokeniser("words"), generate(words)))


def first(corpus: EncodedCorpus, words: int) -> EncodedCorpus:
    """Return the first documents, up to the one that reaches `words` words: views of the corpus."""
    end = min(int(np.searchsorted(corpus.offsets, words)), corpus.documents)
    return EncodedCorpus(corpus.ids[: corpus.offsets[end]], corpus.offsets[: end + 1], corpus.items)


def measure(trials: Sequence[Candidate], rounds: int, say: Callable[[str], None]) -> list[Row]:
    """Train all candidates, one after the other, in each round."""
    seconds: dict[int, list[float]] = {trial.value: [] for trial in trials}
    pairs: dict[int, int] = {}
    for number, due in alternate(trials, rounds):
        say(label(number, rounds))
        for trial in due:
            record = Trainer(trial.data, trial.settings).run().history[0]
            pairs[trial.value] = record.pairs
            if number != WARM_UP:
                seconds[trial.value].append(record.seconds)
    return [row(trial, pairs[trial.value], seconds[trial.value]) for trial in trials]


def row(trial: Candidate, pairs: int, seconds: Sequence[float]) -> Row:
    """Return what an epoch of so many pairs measured."""
    terms = pairs * (1 + trial.settings.negative)
    return Row(trial.value, trial.data.corpus_tokens, terms, useful_flops(pairs, trial.settings), tuple(seconds))


def cliffs(rows: Sequence[Row]) -> dict[int, float]:
    """Return the values that cost more than CLIFF times what each neighbour costs a useful flop, and how many times.

    The first and the last value have one neighbour. The factor is that over the dearer neighbour.
    """
    found = {}
    for place, here in enumerate(rows):
        near = [other.cost for other in (*rows[max(0, place - 1) : place], *rows[place + 1 : place + 2])]
        if near and here.cost > CLIFF * max(near):
            found[here.value] = here.cost / max(near)
    return found


def evenness(rows: Sequence[Row]) -> float:
    """Return the slowest median speed over the fastest."""
    speeds = [row.words_per_second.median for row in rows]
    return min(speeds) / max(speeds)
