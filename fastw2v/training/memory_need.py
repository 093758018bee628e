"""Check before training that memory suffices; if not, name settings that fit.

Where the system does not say how much is free, nothing is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.engines.weights import padded_columns
from fastw2v.errors import DataError
from fastw2v.messages.callers import given
from fastw2v.messages.printable import plural
from fastw2v.objectives.interfaces import OutputObjective
from fastw2v.settings import Settings
from fastw2v.system.memory import available, shown
from fastw2v.system.threads import processors

# Beside the matrices: a block's windows, noise and numbers, and a checkpoint's rows (100 MB covers the peaks measured
# of the defaults); a word's numbers in the compiled engine, and what saving a vocabulary takes.
FIXED = 100 * 10**6
PER_WORD = 200
_USUAL_BATCH = 256  # a smaller one is no saving to speak of


def check(counts: npt.NDArray[np.int64], settings: Settings) -> None:
    """Refuse a vocabulary with these counts, most frequent first, that these settings could not train here.

    Raises:
        DataError: it would take more memory than there is.
    """
    have = available()
    need = needed(counts, settings)
    if have is None or need <= have:
        return
    fitting = list(_fitting(counts, settings, have))
    works = " or ".join(fitting) if fitting else "More memory, or less text,"
    raise DataError(
        f"Training would hold about {shown(need)} ({plural(len(counts), 'word')}, vector_size {settings.vector_size}, "
        f"{settings.dtype}), and {shown(have)} are free. {works} would fit."
    )


def needed(counts: npt.NDArray[np.int64], settings: Settings) -> int:
    """Return about how many bytes training takes beside the corpus: both matrices, and what works on them.

    counts: (V,) of the vocabulary, most frequent first.
    """
    row = padded_columns(settings.vector_size, settings.dtype) * np.dtype(settings.dtype).itemsize
    threads = min(settings.workers, processors(), 2 if settings.deterministic else settings.workers)
    objective = objectives.make(settings, counts)
    shapes, outputs = objective.shapes(len(counts)), objective.outputs
    at_work = threads * (_rows_at_work(shapes, settings, outputs) * row + _terms_at_work(settings, outputs))
    return sum(shapes) * row + at_work + PER_WORD * len(counts) + FIXED


def _rows_at_work(shapes: tuple[int, int], settings: Settings, outputs: OutputObjective) -> int:
    """Return how many rows a thread holds copies and sums of: at most those that a batch can touch, twice.

    Of W_in, one a word of the batch.
    """
    reach, centres = 2 * settings.window, settings.batch_size
    groups = centres * reach if outputs.of_pairs else centres
    return 2 * (min(shapes[0], centres + reach) + min(shapes[1], groups * outputs.most_terms))


def _terms_at_work(settings: Settings, outputs: OutputObjective) -> int:
    """Return how many bytes a thread holds of a batch's terms: factors and labels; of pairs, also what numbers them."""
    pairs = settings.batch_size * 2 * settings.window
    item = 2 * np.dtype(settings.dtype).itemsize
    return pairs * outputs.most_terms * (item + (28 if outputs.of_pairs else 0))


def _fitting(counts: npt.NDArray[np.int64], settings: Settings, have: int) -> Iterator[str]:
    """Yield the options that would fit, each on its own."""
    words = len(counts)

    def fits(**changes: Any) -> bool:
        return needed(counts, replace(settings, **changes)) <= have

    batch = _largest(settings.batch_size, lambda value: fits(batch_size=value))
    if batch >= _USUAL_BATCH:
        yield given("batch_size", batch)
    smaller = _largest(settings.vector_size, lambda value: fits(vector_size=value))
    if smaller:
        yield given("vector_size", smaller)
    fewer = _largest(words, lambda value: needed(counts[:value], settings) <= have)
    if fewer >= 2:
        # Words of equal count stay or go together.
        least = int(counts[fewer]) + 1
        if int((counts >= least).sum()) >= 2:
            yield f"{given('max_final_vocab', fewer)} ({given('min_count', least)})"


def _largest(below: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number from 1 to below - 1 that fits; 0 where none does."""
    low, high = 0, below
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
