"""The plan of an epoch: kept tokens, their windows and noise words, batch by batch.

Made from the stream a block of positions at a time, so that memory does not grow with the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from fastw2v import objectives
from fastw2v.batches.windows import Windows
from fastw2v.corpus.vocabulary import Stream
from fastw2v.draws.numpy_draws import Draws
from fastw2v.objectives.interfaces import OutputObjective
from fastw2v.settings import Settings

# Most positions read at a time, and most terms they may have: small enough that a compiled call over a block returns
# within 0.2 s, and that a block's noise words take tens of megabytes at most, whatever the window and their number.
BLOCK = 1 << 16
BLOCK_TERMS = 1 << 22
# A term of a vector this long counts twice, and so on.
LONG_VECTOR = 256


class Plan:
    """The batches of every epoch over one stream."""

    def __init__(
        self, stream: Stream, settings: Settings, draws: Draws, outputs: OutputObjective | None = None
    ) -> None:
        """Plan a stream; outputs: whose noise is drawn, by default that of the settings."""
        self.stream, self.settings, self.draws = stream, settings, draws
        self._outputs = objectives.make(settings, draws.counts).outputs if outputs is None else outputs

    def blocks(self, epoch: int, stop: int | None = None, after: int = -1) -> Iterator[Windows]:
        """Yield the epoch's centres in order, in blocks of whole batches (the epoch's last batch may be shorter).

        `stop` ends the epoch at that position instead of the stream's end. `after`: go on behind the last centre of
        an earlier block, at this position.
        """
        end = len(self.stream) if stop is None else min(stop, len(self.stream))
        size, window = self.settings.batch_size, self.settings.window
        terms = 2 * window * self._outputs.most_terms * max(1, self.settings.vector_size // LONG_VECTOR)
        step = max(size, min(BLOCK, BLOCK_TERMS // terms))
        kept = self._reached(epoch, after, step)
        done = len(kept)
        for start in range(after + 1, end, step):
            upto = min(start + step, end)
            kept = np.concatenate((kept, self.draws.keep(self.stream.ids[start:upto], epoch, start)))
            # A centre is ready once all its window can reach has been read.
            ready = len(kept) if upto == end else done + (len(kept) - window - done) // size * size
            if ready > done:
                yield self._windows(kept, done, ready, epoch)
                low = max(0, ready - window)
                kept, done = kept[low:], ready - low

    def _reached(self, epoch: int, last: int, step: int) -> npt.NDArray[np.int64]:
        """Return the kept positions up to `last` that later windows reach."""
        kept, low = np.empty(0, dtype=np.int64), last + 1
        while low > 0 and len(kept) < self.settings.window:
            start = max(0, low - step)
            kept = np.concatenate((self.draws.keep(self.stream.ids[start:low], epoch, start), kept))
            low = start
        return kept[max(0, len(kept) - self.settings.window) :]

    def _windows(self, kept: npt.NDArray[np.int64], start: int, stop: int, epoch: int) -> Windows:
        """Return the windows of the centres kept[start:stop]; `kept` holds what they reach on both sides."""
        settings = self.settings
        positions = kept[start:stop]
        first, last = self._document_bounds(kept)
        radius = self.draws.radius(positions, epoch)
        index = np.arange(start, stop)
        left = np.minimum(radius, index - first[start:stop]).astype(np.int32)
        right = np.minimum(radius, last[start:stop] - index).astype(np.int32)
        noise, per_pair, noise_of = self._outputs.noise(self.draws, positions, left, right, epoch)
        high = min(len(kept), stop + settings.window)
        return Windows(self.stream.ids[kept[:high]], start, left, right, noise, positions, per_pair, noise_of)

    def _document_bounds(self, kept: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return, for each kept token, the index in `kept` of the first and of the last token of its document."""
        offsets = self.stream.offsets
        low, high = np.searchsorted(offsets, (kept[0], kept[-1]), side="right")
        starts = np.searchsorted(kept, offsets[low - 1 : high])
        ends = np.append(starts[1:], len(kept))
        sizes = ends - starts
        return np.repeat(starts, sizes), np.repeat(ends - 1, sizes)
