"""Continue from a finished model: its words and vectors are the start of a new run."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.weights import Weights, initial_weights
from fastw2v.errors import UsageError
from fastw2v.messages.callers import by_caller, given
from fastw2v.settings import Settings


def drawn_anew(settings: Settings) -> Settings:
    """Return the settings with the next seed, for a run that goes on from one with these.

    8 runs of one epoch, stories of 300,000 words: with the same draws each time the validation loss ended at 1.83, with
    new ones at 1.76, as in one run of 8 epochs.
    """
    return replace(settings, seed=(settings.seed + 1) % 2**64)


def epochs_trained(provenance: Mapping[str, Any], history: Sequence[Any]) -> int:
    """Return the epochs of a model's last run and of those before it, as far as its provenance tells."""
    known = provenance.get("epochs_trained")
    return known if isinstance(known, int) else len(history)


@dataclass(frozen=True)
class Earlier:
    """What a model was.

    Attributes:
        words: V words.
        counts: (V,) their counts.
        input_vectors: (V, d) the words' rows of W_in.
        output_vectors: (rows, d) W_out; how many rows, the objective says.
        further_inputs: (n, d) the rows of W_in that are no word's; None: there are none.
    """

    words: Sequence[Hashable]
    counts: npt.NDArray[np.int64]
    input_vectors: npt.NDArray[Any]
    output_vectors: npt.NDArray[Any]
    further_inputs: npt.NDArray[Any] | None = None

    def known(self) -> dict[Hashable, int]:
        """Return the words with their counts."""
        return dict(zip(self.words, self.counts.tolist(), strict=True))

    def check(self, settings: Settings) -> None:
        """Raise UsageError where vectors of these settings are not those of the model."""
        size, dtype = self.input_vectors.shape[1], self.input_vectors.dtype.name
        if settings.vector_size != size:
            works = given("vector_size", size)
            raise UsageError(
                f"The model that goes on has vector_size {size}. Got {settings.vector_size}; {works} works."
            )
        if settings.dtype != dtype:
            works = given("dtype", dtype)
            raise UsageError(f"The model that goes on has dtype {dtype}. Got {settings.dtype}; {works} works.")

    def weights(self, vocabulary: Vocabulary, settings: Settings) -> Weights:
        """Return the model's vectors for the words that it has, and for new words what a new run begins with.

        Raises:
            UsageError: the model has rows that are no word's, and the vocabulary is another.
        """
        objective = objectives.make(settings, vocabulary.counts)
        weights = initial_weights(objective.shapes(len(vocabulary)), settings)
        place = {word: row for row, word in enumerate(vocabulary.words)}
        rows = np.array([place[word] for word in self.words], dtype=np.int64)
        weights.input_vectors[rows] = self.input_vectors
        same_words = list(vocabulary.words) == list(self.words)
        if self.further_inputs is not None and len(self.further_inputs):
            self._check_same(same_words, "words", objective.inputs.name)
            weights.input_vectors[len(vocabulary) :] = self.further_inputs
        if objective.outputs.rows_are_words:
            weights.output_vectors[rows] = self.output_vectors
        else:
            # What they stand for may depend on the counts, as the nodes of a tree do.
            same = same_words and np.array_equal(vocabulary.counts, self.counts)
            self._check_same(same, "words and counts", objective.outputs.name)
            weights.output_vectors[:] = self.output_vectors
        return weights

    def _check_same(self, same: bool, what: str, of: str) -> None:
        if not same:
            works = by_caller("--init-from begins with its words' vectors", "train(corpus) keeps its words and counts")
            raise UsageError(
                f"A model by {of} has rows that are no word's, and goes on with the same {what} alone. Got others; "
                f"{works}."
            )
