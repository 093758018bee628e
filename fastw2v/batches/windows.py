"""The plan of an epoch: kept tokens, their windows and noise words, batch by batch.

`Windows` is the batch object that all engines take: consecutive kept tokens, how far each centre's window reaches
to both sides, and the noise words. `Plan` makes them from the stream, a block of positions at a time, so that memory
does not grow with the corpus. Knows nothing of vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.vocabulary import Stream
from fastw2v.draws.numpy_draws import Draws
from fastw2v.objectives.logistic import STEP_LIMIT
from fastw2v.settings import Settings

# Most positions read at a time, and most terms they may have: small enough that a compiled call over a block returns
# within 0.2 s, and that a block's noise words take tens of megabytes at most, whatever the window and their number.
BLOCK = 1 << 16
BLOCK_TERMS = 1 << 22
# A term of a vector this long counts twice, and so on.
LONG_VECTOR = 256
# Grouped noise: of so many consecutive centres of a batch, those APART places apart share their noise words; at most
# SHARERS do. Neighbours do not: their windows share contexts, which would meet the same noise word again and again.
# Measured over five seeds: groups of 8 that lie 8 apart come out as without groups; groups of 2 neighbours lose .007 of
# the analogies of TinyStories, of 4 neighbours .019, and groups of 32 lose .05.
SHARERS = APART = 8


@dataclass(frozen=True)
class Windows:
    """Consecutive centres with their windows.

    Centre i is tokens[first + i]; its contexts are the left[i] tokens before it and the right[i] after it. A pair
    is (input: a context, output: the centre); pairs are numbered by centre, then by place in the text.

    Attributes:
        tokens: (T,) int32, kept words: the centres, and what their windows reach before and after them.
        first: index in `tokens` of the first centre.
        left, right: (B,) int32.
        noise: (rows, K) int32; a row's words are used by all pairs of a window, or, if per_pair, by one pair.
        positions: (B,) int64, the centres' positions in the stream.
        noise_of: (B,) int64, the row of `noise` of each centre; None where row i is that of centre (or pair) i.
    """

    tokens: npt.NDArray[np.int32]
    first: int
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    noise: npt.NDArray[np.int32]
    positions: npt.NDArray[np.int64]
    per_pair: bool
    noise_of: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.left)

    @property
    def pairs(self) -> int:
        """Number of pairs P."""
        return int(self.left.sum() + self.right.sum())

    def __getitem__(self, part: slice) -> Windows:
        """Return the windows of consecutive centres."""
        start, stop, _ = part.indices(len(self))
        noise, noise_of = self.noise[start:stop], self.noise_of
        if self.per_pair:
            before = self.left[:start].sum() + self.right[:start].sum()
            noise = self.noise[before : before + self.left[part].sum() + self.right[part].sum()]
        elif noise_of is not None:
            rows = noise_of[part]
            first_row = int(rows.min(initial=len(self.noise)))
            noise, noise_of = self.noise[first_row : rows.max(initial=-1) + 1], rows - first_row
        low = max(0, self.first + start - int(self.left[part].max(initial=0)))
        high = min(len(self.tokens), self.first + stop + int(self.right[part].max(initial=0)))
        return Windows(
            self.tokens[low:high],
            self.first + start - low,
            self.left[part],
            self.right[part],
            noise,
            self.positions[part],
            self.per_pair,
            noise_of,
        )

    def batches(self, size: int) -> Iterator[Windows]:
        """Cut into batches of `size` centres, the last one shorter."""
        for start in range(0, len(self), size):
            yield self[start : start + size]

    def pair_arrays(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return inputs (P,), outputs (P,) and noise (P, K) of all pairs."""
        centre, offset = pair_offsets(self.left, self.right)
        at = self.first + centre
        row = np.arange(len(centre)) if self.per_pair else self.noise_row(centre)
        return self.tokens[at + offset], self.tokens[at], self.noise[row]

    def noise_row(self, centre: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the row of `noise` of centres, given by their index; not for per-pair noise."""
        return centre if self.noise_of is None else self.noise_of[centre]


def pair_offsets(
    left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each pair's centre (its index) and offset (-left..-1, 1..right): two (P,) int64 arrays."""
    sizes = (left + right).astype(np.int64)
    centre = np.repeat(np.arange(len(left)), sizes)
    place = np.arange(len(centre)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    offset = place - left[centre]
    return centre, offset + (offset >= 0)


def slot_counters(
    positions: npt.NDArray[np.int64], left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], window: int
) -> npt.NDArray[np.int64]:
    """Return (P,) numbers of the pairs, which stay what they are at any radius.

    Every centre has 2 x window places; its pairs have those next to each other in the middle.
    """
    sizes = left + right
    ends = np.cumsum(sizes, dtype=np.int64)
    counters = np.repeat(positions * (2 * window) + window - left - (ends - sizes), sizes)
    counters += np.arange(len(counters))
    return counters


def sharers(settings: Settings) -> int:
    """Return how many centres share noise words, with grouped noise: SHARERS, or fewer at high learning rates.

    A noise word drawn once should not reach the step limit by it: all pairs of a group's windows pull on it. With 8 at
    alpha 0.1, the validation loss on 1,000 stories was 2.71 after four epochs instead of 2.58.
    """
    return max(1, int(min(SHARERS, STEP_LIMIT / (settings.alpha * mean_pairs(settings)))))


def mean_pairs(settings: Settings) -> int:
    """Return the mean number of pairs of a centre, document ends apart."""
    return settings.window + 1 if settings.shrink_windows else 2 * settings.window


def group_noise(centres: int, batch_size: int, sharers: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return which centres of whole batches draw noise words, (B,) bool, and the row of each centre's, (B,) int64.

    Rows are numbered as they are drawn. A centre uses the words of the centre at its place modulo APART within its
    sharers x APART centres of the batch.
    """
    place = np.arange(centres) % batch_size
    within = place % (sharers * APART)
    owner = np.arange(centres) - within + within % APART
    own = within < APART
    return own, (np.cumsum(own) - 1)[owner]


class Plan:
    """The batches of every epoch over one stream."""

    def __init__(self, stream: Stream, settings: Settings, draws: Draws) -> None:
        self.stream, self.settings, self.draws = stream, settings, draws
        self._largest_groups = group_noise(0, settings.batch_size, 1)

    def blocks(self, epoch: int, stop: int | None = None, after: int = -1) -> Iterator[Windows]:
        """Yield the epoch's centres in order, in blocks of whole batches (the epoch's last batch may be shorter).

        `stop` ends the epoch at that position instead of the stream's end. `after`: go on behind the last centre of
        an earlier block, at this position.
        """
        end = len(self.stream) if stop is None else min(stop, len(self.stream))
        size, window = self.settings.batch_size, self.settings.window
        terms = 2 * window * (1 + self.settings.negative) * max(1, self.settings.vector_size // LONG_VECTOR)
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
        counters, noise_of = positions, None
        per_pair = settings.noise == "per-pair"
        if per_pair:
            counters = slot_counters(positions, left, right, settings.window)
        elif settings.noise == "grouped":
            own, noise_of = self._groups(len(positions))
            counters = positions[own]
        noise = self.draws.noise(counters, epoch)
        high = min(len(kept), stop + settings.window)
        return Windows(self.stream.ids[kept[:high]], start, left, right, noise, positions, per_pair, noise_of)

    def _groups(self, centres: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
        """Return `group_noise` of so many centres, which begin as those of more do."""
        if centres > len(self._largest_groups[0]):
            self._largest_groups = group_noise(centres, self.settings.batch_size, sharers(self.settings))
        own, row = self._largest_groups
        return own[:centres], row[:centres]

    def _document_bounds(self, kept: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return, for each kept token, the index in `kept` of the first and of the last token of its document."""
        offsets = self.stream.offsets
        low, high = np.searchsorted(offsets, (kept[0], kept[-1]), side="right")
        starts = np.searchsorted(kept, offsets[low - 1 : high])
        ends = np.append(starts[1:], len(kept))
        sizes = ends - starts
        return np.repeat(starts, sizes), np.repeat(ends - 1, sizes)
