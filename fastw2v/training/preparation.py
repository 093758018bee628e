"""From a corpus to the training stream, with an account of what each stage removed.

Shared by the Python class, `verify` and the command line. Refuses settings that would leave too little to learn from.
"""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from fastw2v.corpus.chosen_words import Rule
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.corpus.vocabulary import Preprocessed, preprocess
from fastw2v.draws.numpy_draws import NumpyDraws, keep_thresholds
from fastw2v.errors import DataError, UsageError
from fastw2v.messages.callers import by_caller, given
from fastw2v.messages.printable import plural
from fastw2v.settings import Settings
from fastw2v.text import load_stop_words
from fastw2v.training.plan import Plan

# Positions over which pairs are counted; a longer stream's number is scaled up from them.
COUNTED = 1_000_000
# Pairs a word, over all epochs. At 2 the mean weight moved by 2e-5: the least that a suggested setting must give.
SOME_PAIRS = 20
# Below this, vectors are poor, and above that, more epochs gain little: `python -m benchmarks.epochs`.
FEW_PAIRS, ENOUGH_PAIRS = 1_500, 7_500
# More than 15 epochs made no text from 500 kB on better, and many worse.
FEWEST_EPOCHS, MOST_EPOCHS = 5, 15
# The window that a run of few pairs is advised to take.
WIDE = 10

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A corpus ready for training: the numbers, and how many pairs an epoch has.

    `pairs` is exact for the first epoch of a stream of up to COUNTED tokens (others differ by chance), else scaled up.
    `epochs`: of the run; the setting, or those chosen.
    """

    preprocessed: Preprocessed
    corpus: dict[str, Any]
    pairs: int
    kept_tokens: int
    epochs: int

    def stages(self) -> Iterator[tuple[str, int, int]]:
        """Yield (stage, tokens removed, tokens left) in order."""
        data = self.preprocessed
        left = data.tokens_read
        for stage, removed in (
            ("held out for validation", data.tokens_held_out),
            ("stop words", data.tokens_stop_words),
            ("rare words (min_count)", data.tokens_rare),
            ("subsampling (each epoch)", len(data.stream) - self.kept_tokens),
        ):
            left -= removed
            yield stage, removed, left


def prepare(
    encoded: EncodedCorpus,
    description: dict[str, Any],
    settings: Settings,
    known: Mapping[Hashable, int] = MappingProxyType({}),
    rule: Rule | None = None,
    refuse_few: bool = True,
    auto_epochs: bool = False,
) -> Prepared:
    """Apply the vocabulary settings and count the pairs of an epoch. See `vocabulary.preprocess`.

    auto_epochs: have `suited_epochs` choose, in place of the setting.

    Raises:
        DataError: the settings leave no vocabulary, or (a warning without `refuse_few`) almost no pairs; the message
            names the setting, its effect and a value that would work.
    """
    data = preprocess(encoded, settings, load_stop_words(settings.stop_words, settings.tokenizer), known, rule)
    kept, pairs = _count(data, settings)
    # A model that goes on may meet few of its words again: the others keep their vectors.
    words = _words_in(data) if known else len(data.vocabulary)
    if auto_epochs:
        settings = dataclasses.replace(settings, epochs=suited_epochs(pairs, words))
    if pairs * settings.epochs < words:
        # Longer documents than lines; records are none, whatever the setting.
        works = given("documents", "blank") if description.get("documents") == "line" else ""
        error = _too_few_pairs(data, settings, kept, pairs, words, works)
        if refuse_few:
            raise error
        logger.warning("%s", error)
    return Prepared(data, description, pairs, kept, settings.epochs)


def suited_epochs(pairs: int, words: int) -> int:
    """Return how many epochs suit a text with so many training pairs an epoch and words: 5, on small texts up to 15."""
    return min(MOST_EPOCHS, max(FEWEST_EPOCHS, math.ceil(ENOUGH_PAIRS * words / max(pairs, 1))))


def warn_of_few_pairs(pairs: int, data: Preprocessed, settings: Settings) -> None:
    """Say so where a run that has ended trained on so few pairs that its vectors are poor, and what would be better.

    Fewer pairs than words were an error or a warning of `prepare` before it began.
    """
    words = len(data.vocabulary)
    if not words <= pairs < FEW_PAIRS * words:
        return
    changes = [given(name, value) for name, value in _more_pairs(data, settings).items()]
    works = by_caller(" ", ", ").join(changes)
    remedy = f"{works} works better, more text better still" if changes else "give more text"
    found = plural(round(pairs / words), "training pair")
    logger.warning("only %s a word: too few for good vectors; %s", found, remedy)


def check_savable(items: Iterable[Any]) -> None:
    """Refuse items that a model directory cannot hold, before any time is spent on training them.

    Raises:
        UsageError: an item is neither a str nor an int.
    """
    for item in items:
        if type(item) not in (str, int):
            raise UsageError(
                f"A saved model holds words of type str or int. Got {item!r} of type {type(item).__name__}; "
                "str(item) would work."
            )


def _count(data: Preprocessed, settings: Settings) -> tuple[int, int]:
    """Return the kept tokens and pairs of the first epoch, scaled up from its first COUNTED positions."""
    # The windows do not depend on the noise: draw as little of it as possible.
    plain = dataclasses.replace(settings, noise="shared", negative=1)
    plan = Plan(data.stream, plain, NumpyDraws(data.vocabulary.counts, plain))
    kept = pairs = 0
    for block in plan.blocks(0, stop=COUNTED):
        kept, pairs = kept + len(block), pairs + block.pairs
    scale = max(1.0, len(data.stream) / COUNTED)
    return round(kept * scale), round(pairs * scale)


def _more_pairs(data: Preprocessed, settings: Settings) -> dict[str, float]:
    """Return the settings that would give more pairs, as counted: no subsampling, alone where that is enough."""
    better: dict[str, float] = {}
    kept, pairs = _count(data, settings)
    if 2 * kept < len(data.stream):
        settings = dataclasses.replace(settings, sample=0)
        better["sample"], (_, pairs) = 0, _count(data, settings)
        if pairs * settings.epochs >= FEW_PAIRS * len(data.vocabulary):
            return better
    if settings.epochs < MOST_EPOCHS:
        better["epochs"] = MOST_EPOCHS
    if settings.window < WIDE and _count(data, dataclasses.replace(settings, window=WIDE))[1] > pairs:
        better["window"] = WIDE
    return better


def _words_in(data: Preprocessed) -> int:
    """Count the different words of the stream, which may be larger than memory."""
    seen = np.zeros(len(data.vocabulary), dtype=np.bool_)
    for start in range(0, len(data.stream), COUNTED):
        seen[data.stream.ids[start : start + COUNTED]] = True
    return int(seen.sum())


def _too_few_pairs(data: Preprocessed, settings: Settings, kept: int, pairs: int, words: int, longer: str) -> DataError:
    """Say which setting leaves so few pairs, and what would work; `longer`: what makes longer documents."""
    found = f"{plural(pairs, 'training pair')} an epoch for {plural(words, 'word')}"
    sample, enough = _milder_sample(data, settings, words)
    if enough * settings.epochs >= words:
        share = keep_thresholds(data.vocabulary.counts, settings.sample)[0] / 2**32
        return DataError(
            f"sample {settings.sample:g} keeps {kept:,} of {plural(len(data.stream), 'token')} ({share:.2%} of the "
            f"most frequent word) and leaves {found}: almost nothing to learn from. {given('sample', sample)} would "
            f"give {plural(enough, 'pair')}."
        )
    if data.tokens_rare + data.tokens_stop_words > len(data.stream):
        setting = "min_count" if data.tokens_rare >= data.tokens_stop_words else "stop_words"
        removed = max(data.tokens_rare, data.tokens_stop_words)
        works = given(setting, 1 if setting == "min_count" else "none")
        return DataError(
            f"{setting} {getattr(settings, setting)} removes {removed:,} of {plural(data.corpus_tokens, 'token')} and "
            f"leaves {found}: almost nothing to learn from. {works} would keep them."
        )
    holding = f"The {data.documents:,} documents hold" if data.documents > 1 else "The document holds"
    return DataError(
        f"{holding} {data.tokens_read / data.documents:.1f} words on average, which leaves "
        f"{found}: almost nothing to learn from. Longer ones would work{f': {longer}' if longer else ''}, or more text."
    )


def _milder_sample(data: Preprocessed, settings: Settings, words: int) -> tuple[float, int]:
    """Return the smallest larger sample that leaves a good number of pairs, else 0, which keeps all; and its pairs."""
    sample, pairs = settings.sample, 0
    for sample in _larger_samples(settings.sample):
        pairs = _count(data, dataclasses.replace(settings, sample=sample))[1]
        if pairs * settings.epochs >= SOME_PAIRS * words:
            break
    return sample, pairs


def _larger_samples(sample: float) -> Iterator[float]:
    """Yield larger subsampling thresholds, ending with 0, which keeps everything."""
    value = 1e-5
    while sample and value < 1:
        if value > sample:
            yield value
        value *= 10
    if sample:
        yield 0.0
