"""Interfaces of objectives: which rows of W_in make an example, and which rows of W_out it is scored against.

The two are independent: any input objective can be combined with any output objective, but terms of each pair need
examples that are pairs. The trainer, validation,
verification, the memory estimate and the interface of engines use these base classes and no concrete objective.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from fastw2v.batches.batch import Batch, Integers
from fastw2v.batches.windows import Windows
from fastw2v.draws.numpy_draws import Draws
from fastw2v.errors import UsageError
from fastw2v.messages.callers import given
from fastw2v.settings import Settings


class Examples(NamedTuple):
    """Examples of windows: (I,) inputs and (E + 1,) input_start as in `Batch`; (E,) the index of each one's centre."""

    inputs: npt.NDArray[Any]
    input_start: Integers
    centre: Integers


class Terms(NamedTuple):
    """Terms of windows, as in `Batch`: one group of terms for each centre, or, if of_pairs, for each pair."""

    terms: npt.NDArray[Any]
    labels: npt.NDArray[np.float64]
    term_start: Integers
    of_pairs: bool = False


class Noise(NamedTuple):
    """Noise words drawn for windows, as the fields of these names of `Windows`."""

    noise: npt.NDArray[np.int32]
    per_pair: bool = False
    noise_of: Integers | None = None


class InputObjective(ABC):
    """Which rows of W_in make the examples of windows.

    Attributes:
        examples_are_pairs: whether example i is that of pair i.
    """

    name: ClassVar[str]
    examples_are_pairs: ClassVar[bool] = False

    def __init__(self, settings: Settings, counts: npt.NDArray[np.int64] | None = None) -> None:
        """Make an objective; counts: (V,) of the vocabulary, where they are known."""
        self.settings = settings

    def rows(self, words: int) -> int:
        """Return the number of rows of W_in; row i is that of word i, for the first `words` rows."""
        return words

    @abstractmethod
    def examples(self, windows: Windows) -> Examples:
        """Return the examples, in the order of their centres."""

    def number(self, windows: Windows) -> int:
        """Return the number of examples; all losses are means over them."""
        return windows.pairs if self.examples_are_pairs else len(self.examples(windows).centre)


class OutputObjective(ABC):
    """Which rows of W_out the examples of windows are scored against.

    Attributes:
        rows_are_words: whether row i of W_out is that of word i.
    """

    name: ClassVar[str]
    rows_are_words: ClassVar[bool] = True

    def __init__(self, settings: Settings, counts: npt.NDArray[np.int64] | None = None) -> None:
        """Make an objective; counts: (V,) of the vocabulary, where they are known."""
        self.settings = settings

    def rows(self, words: int) -> int:
        """Return the number of rows of W_out."""
        return words

    @property
    def of_pairs(self) -> bool:
        """Whether each pair has terms of its own, with these settings, and not each centre."""
        return False

    def check(self) -> None:  # noqa: B027 (most settings go with any objective)
        """Raise UsageError where the settings do not go with the objective."""

    def noise(
        self,
        draws: Draws,
        positions: Integers,
        left: npt.NDArray[np.int32],
        right: npt.NDArray[np.int32],
        epoch: int,
    ) -> Noise:
        """Draw the noise words for the windows of the centres at these positions; by default none."""
        return Noise(np.empty((len(positions), 0), dtype=np.int32))

    @abstractmethod
    def terms(self, windows: Windows) -> Terms:
        """Return the terms of windows."""

    @property
    @abstractmethod
    def mean_terms(self) -> float:
        """Mean number of terms per example, including terms that do not count."""

    @property
    @abstractmethod
    def most_terms(self) -> int:
        """Largest number of terms of an example."""

    @property
    def zero_loss(self) -> float:
        """Loss of an example at zero weights, where every sigma is 1/2; too high by terms that do not count."""
        return self.mean_terms * math.log(2)

    @abstractmethod
    def step_limits(self) -> tuple[float, float]:
        """Return the step limits of rows of W_in and of W_out; see `logistic.row_rate`."""


class Objective(NamedTuple):
    """Inputs and outputs together: what a run optimises."""

    inputs: InputObjective
    outputs: OutputObjective

    @property
    def name(self) -> str:
        """Name of the input objective and of the output objective: "skip-gram with negative-sampling"."""
        return f"{self.inputs.name} with {self.outputs.name}"

    def shapes(self, words: int) -> tuple[int, int]:
        """Return the numbers of rows of W_in and W_out."""
        return self.inputs.rows(words), self.outputs.rows(words)

    @property
    def matches(self) -> bool:
        """Whether each example has terms: those of pairs need examples that are pairs."""
        return self.inputs.examples_are_pairs or not self.outputs.of_pairs

    def check(self) -> None:
        """Raise UsageError where the settings do not go with the objective."""
        self.outputs.check()
        if not self.matches:
            raise UsageError(
                f"Noise words of each pair need examples that are pairs, which those of {self.inputs.name} are not. "
                f"Got noise {self.outputs.settings.noise!r}; {given('noise', 'grouped')} would work."
            )

    def batch(self, windows: Windows) -> Batch:
        """Return the examples and terms of windows.

        Raises:
            ValueError: there are not as many groups of terms as they are said to be of.
        """
        inputs, input_start, centre = self.inputs.examples(windows)
        terms, labels, term_start, of_pairs = self.outputs.terms(windows)
        if of_pairs and not (self.inputs.examples_are_pairs and len(centre) == windows.pairs):
            raise ValueError(f"terms of {windows.pairs} pairs for {len(centre)} examples of {self.inputs.name}")
        if len(term_start) - 1 != (windows.pairs if of_pairs else len(windows)):
            what = f"{windows.pairs} pairs" if of_pairs else f"{len(windows)} centres"
            raise ValueError(f"{len(term_start) - 1} groups of terms of {self.outputs.name} for {what}")
        group_of = np.arange(len(centre)) if of_pairs else centre
        return Batch(inputs, input_start, terms, labels, term_start, group_of)
