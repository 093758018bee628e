"""The interface of an engine: the same batch in, the same gradients and step out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.batches.windows import Windows
from fastw2v.engines.weights import Weights
from fastw2v.objectives.interfaces import Objective
from fastw2v.settings import Settings
from fastw2v.system.row_blocks import row_blocks


@dataclass(frozen=True)
class RowGradients:
    """Summed gradients of the rows that a batch touches.

    Attributes:
        rows: (n,) row numbers, ascending, each once.
        sums: (n, d) the sum over all terms of a row, before the cap, in the weights' dtype.
        terms: (n,) int64, how many terms each sum holds.
    """

    rows: npt.NDArray[np.int64]
    sums: npt.NDArray[Any]
    terms: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Gradients:
    """What a batch asks for: its loss, summed over examples, and the gradients of both matrices."""

    loss: float
    w_in: RowGradients
    w_out: RowGradients


class Engine(ABC):
    """Computes batches. A subclass states its name and the two abstract methods, and may replace the others."""

    name: ClassVar[str]

    # Whether several workers train faster than one.
    parallel: ClassVar[bool] = False
    # Whether threads share the weights without locks: runs then differ in their last digits.
    racy = False

    def __init__(self, settings: Settings, counts: npt.NDArray[np.int64] | None = None) -> None:
        """Make an engine; counts: (V,) of the vocabulary, which objectives and racing threads may need."""
        self.settings = settings
        self.objective = objectives.make(settings, counts)

    @classmethod
    def refusal(cls, objective: Objective) -> str:  # noqa: ARG003 (others need it)
        """Return why the engine cannot train an objective; an empty text where it can."""
        return ""

    @classmethod
    def versions(cls) -> dict[str, str]:
        """Return what the engine's bits depend on besides the settings, NumPy and Python, by name."""
        return {}

    @abstractmethod
    def gradients(self, weights: Weights, windows: Windows) -> Gradients:
        """Return the summed gradients at `weights`, before cap and clipping. Changes nothing."""

    @abstractmethod
    def step(self, weights: Weights, windows: Windows, rate: float) -> float:
        """Sum, cap, clip, times `rate`, subtract: change the weights by one batch. Return the batch's loss."""

    @contextmanager
    def epoch(self, weights: Weights) -> Iterator[None]:
        """Hold the weights for `train` calls: until this ends, the engine alone knows how they are laid out.

        After an interrupt they may be left in disorder.
        """
        yield

    def rows(self, weights: Weights) -> Iterator[npt.NDArray[Any]]:
        """Yield the input vectors, then the output vectors, some rows at a time: (n, d), also while `epoch` holds them.

        Views, or copies of these rows alone: a copy of a whole matrix would be a third one in memory.
        """
        for matrix in (weights.w_in, weights.w_out):
            yield from row_blocks(matrix[:, : weights.size])

    def prepare(self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]) -> Any:
        """Return a block, to be trained at rates[i] in batch i, as `start_block` takes it, once.

        No weight is read, so that it may be prepared while the block before is trained on.
        """
        return weights, block, rates

    @contextmanager
    def start_block(self, prepared: Any) -> Iterator[Callable[[], npt.NDArray[np.float64]]]:
        """Begin to train on a block on other threads, if any; yield what does the rest and returns what `train` does.

        However this ends, no thread works on the weights any more.
        """
        weights, block, rates = prepared
        pairs = zip(block.batches(self.settings.batch_size), rates.tolist(), strict=True)
        yield lambda: np.array([self.step(weights, batch, rate) for batch, rate in pairs])

    def train(self, weights: Weights, block: Windows, rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Do the block's batches in order, batch i at rates[i]. Return their losses, (batches,) float64."""
        with self.start_block(self.prepare(weights, block, rates)) as finish:
            return finish()
