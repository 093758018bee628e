"""Texts and training runs for the report: read once, train with these settings, and a few things to measure.

Knows the package; knows nothing of what the report asks of a run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import engines
from fastw2v.batches.windows import Windows
from fastw2v.corpus import reading
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.corpus.vocabulary import Preprocessed
from fastw2v.draws.numpy_draws import NumpyDraws
from fastw2v.engines.base import Engine, Gradients, RowGradients
from fastw2v.engines.numpy_engine import NumpyEngine
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.keyed_vectors import KeyedVectors
from fastw2v.settings import Settings
from fastw2v.text.stopwords import ENGLISH
from fastw2v.training import preparation
from fastw2v.training.plan import Plan
from fastw2v.training.run_state import EpochRecord
from fastw2v.training.schedule import learning_rates
from fastw2v.training.trainer import Trainer
from fastw2v.vectors.nearest import Floats, unit_rows


@dataclass(frozen=True)
class Text:
    """A corpus, read: what to call it, a name for its files, and its numbers."""

    name: str
    slug: str
    encoded: EncodedCorpus
    description: dict[str, Any]

    def first(self, words: int) -> Text:
        """Return the first documents, up to the one that reaches `words` words."""
        offsets = self.encoded.offsets
        end = min(int(np.searchsorted(offsets, words)), self.encoded.documents)
        part = EncodedCorpus(self.encoded.ids[: offsets[end]], offsets[: end + 1], self.encoded.items)
        return dataclasses.replace(self, encoded=part)

    def prepare(self, settings: Settings) -> Preprocessed:
        """Apply the settings. Raises DataError where they leave too little to learn from."""
        return preparation.prepare(self.encoded, self.description, settings).preprocessed


@dataclass(frozen=True)
class Run:
    """A finished training run."""

    settings: Settings
    data: Preprocessed
    vectors: KeyedVectors
    history: list[EpochRecord]

    @property
    def last(self) -> EpochRecord:
        """The last epoch."""
        return self.history[-1]


def read(corpus: str | None, name: str, slug: str, words: int) -> Text:
    """Read the beginning of a corpus (None: the built-in stories), in whole documents."""
    encoded, description = reading.read(corpus, Settings(), most_tokens=words)
    return Text(name, slug, encoded, description)


def train(text: Text, **settings: Any) -> Run:
    """Train as the package does, with its defaults where nothing else is said."""
    chosen = Settings(**settings)
    data = text.prepare(chosen)
    model = Trainer(data, chosen).run()
    words = data.vocabulary
    return Run(chosen, data, KeyedVectors(words.words, model.weights.input_vectors, words.counts), model.history)


def descend(engine: Engine, data: Preprocessed, settings: Settings) -> Iterator[tuple[Weights, float, int]]:
    """Train with any engine and no checks; yield weights, mean loss and pairs of each epoch.

    The first yield is of a pass at the learning rate zero: the weights before training.
    """
    plan = Plan(data.stream, settings, NumpyDraws(data.vocabulary.counts, settings))
    weights = initial_weights(len(data.vocabulary), settings)
    for epoch, moving in [(0, 0.0), *((epoch, 1.0) for epoch in range(settings.epochs))]:
        total, pairs = 0.0, 0
        for block in plan.blocks(epoch):
            rates = learning_rates(settings, epoch, block.positions[:: settings.batch_size], len(data.stream))
            total += float(engine.train(weights, block, rates * moving).sum())
            pairs += block.pairs
        yield weights, total / max(pairs, 1), pairs


class SignErrorEngine(NumpyEngine):
    """The report's mistake: the noise terms' derivative turned, -sigma(s_k) instead of sigma(s_k)."""

    name = "sign error"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._right = engines.make(settings, np.ones(2, dtype=np.int64))[0]

    def gradients(self, weights: Weights, batch: Windows) -> Gradients:
        """Return the gradients with the noise words' part turned round; the loss is the right one."""
        # A noise word equal to the output adds nothing: with only such noise, the output terms are left.
        centres = batch.tokens[batch.first : batch.first + len(batch)]
        noiseless = dataclasses.replace(batch, noise=np.repeat(centres[:, None], batch.noise.shape[1], axis=1))
        both, output = self._right.gradients(weights, batch), self._right.gradients(weights, noiseless)
        return Gradients(both.loss, _turned(both.w_in, output.w_in), _turned(both.w_out, output.w_out))


def _turned(both: RowGradients, output: RowGradients) -> RowGradients:
    """Return output - noise, from output + noise and output, whose rows are among those of `both`."""
    sums = -both.sums
    sums[np.searchsorted(both.rows, output.rows)] += 2 * output.sums
    return RowGradients(both.rows, sums, both.terms)


def mean_cosine(vectors: Floats) -> float:
    """Return the mean cosine over all pairs of two different rows of (n, d)."""
    units: npt.NDArray[np.float64] = unit_rows(vectors.astype(np.float64)).astype(np.float64)
    rows = len(units)
    total = float(np.square(units.sum(axis=0)).sum()) - float(np.square(units).sum())
    return total / (rows * (rows - 1))


def function_word_share(vectors: KeyedVectors, asked: int = 50, topn: int = 10) -> float:
    """Return the share of function words among the `topn` nearest of the `asked` most frequent content words."""
    content = [word for word in vectors.index_to_key if word not in ENGLISH][:asked]
    near = [other in ENGLISH for word in content for other, _ in vectors.most_similar(word, topn=topn)]
    return sum(near) / max(len(near), 1)
