"""From an encoded corpus to the training stream: what is held out, what is removed, what is left.

Documents are held out first, then stop words and rare words go; what is left, in corpus order, is the training
stream. A token's position is its index there. Vocabulary order: count descending, then first appearance.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.encoded import EncodedCorpus
from fastw2v.errors import DataError
from fastw2v.randomness import HELD_OUT, VALIDATION_EPOCH, VALIDATION_SEED, draw_range
from fastw2v.settings import Settings

# Tokens looked at together.
CHUNK = 1 << 18
HELD_OUT_SHARE = 0.01
# Enough for 10,000 pairs at the fixed validation settings on every text measured (stories, TinyStories, Wikipedia).
HELD_OUT_TOKENS = 20_000


@dataclass(frozen=True)
class Stream:
    """Documents of vocabulary ids: ids (N,) int32, offsets (documents + 1,) int64. Documents may be empty."""

    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Vocabulary:
    """The items trained, most frequent first, with their counts in the training documents: (V,) int64."""

    words: Sequence[Hashable]
    counts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True)
class Preprocessed:
    """A corpus ready for training, and what each stage removed (tokens)."""

    vocabulary: Vocabulary
    stream: Stream
    held_out: Stream
    documents: int
    distinct: int
    tokens_read: int
    tokens_held_out: int
    tokens_stop_words: int
    tokens_rare: int

    @property
    def corpus_tokens(self) -> int:
        """Tokens an epoch goes over, as tokenised: all but the held-out ones."""
        return self.tokens_read - self.tokens_held_out


def preprocess(corpus: EncodedCorpus, settings: Settings, stop_words: Collection[Hashable] = ()) -> Preprocessed:
    """Hold out, remove stop words and words rarer than `min_count`, and renumber.

    Raises:
        DataError: fewer than two words are left; the message names the setting that removed them.
    """
    lengths = np.diff(corpus.offsets)
    held_out = _held_out(lengths) if settings.validation else np.zeros(len(lengths), dtype=bool)
    counts = np.zeros(len(corpus.items), dtype=np.int64)
    for ids, _ in _chunks(corpus, ~held_out):
        counts += np.bincount(ids, minlength=len(corpus.items))
    stopped = np.fromiter((item in stop_words for item in corpus.items), dtype=bool, count=len(corpus.items))
    rare = ~stopped & (counts < settings.min_count)
    kept = np.flatnonzero(~stopped & ~rare)
    _check_vocabulary(kept, counts, stopped, settings)
    order = kept[np.argsort(-counts[kept], kind="stable")]
    new_id = np.full(len(corpus.items), -1, dtype=np.int32)
    new_id[order] = np.arange(len(order), dtype=np.int32)
    return Preprocessed(
        vocabulary=Vocabulary([corpus.items[i] for i in order], counts[order]),
        stream=_select(corpus, new_id, held_out, False),
        held_out=_select(corpus, new_id, held_out, True),
        documents=corpus.documents,
        distinct=len(corpus.items),
        tokens_read=corpus.tokens,
        tokens_held_out=int(lengths[held_out].sum()),
        tokens_stop_words=int(counts[stopped].sum()),
        tokens_rare=int(counts[rare].sum()),
    )


def _held_out(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Choose documents to hold out: in the order of their draws, each that still fits into the allowance.

    Depends on the documents' lengths alone, so that runs with other settings are measured on the same text.
    """
    chosen = np.zeros(len(lengths), dtype=bool)
    allowance = min(int(lengths.sum() * HELD_OUT_SHARE), HELD_OUT_TOKENS)
    order = np.argsort(draw_range(VALIDATION_SEED, VALIDATION_EPOCH, HELD_OUT, 0, len(lengths)), kind="stable")
    order = order[lengths[order] <= allowance]
    for document in order.tolist():
        if lengths[document] <= allowance:
            chosen[document] = True
            allowance -= int(lengths[document])
        if allowance <= 0:
            break
    return chosen


def _select(
    corpus: EncodedCorpus, new_id: npt.NDArray[np.int32], held_out: npt.NDArray[np.bool_], wanted: bool
) -> Stream:
    """Return the documents with held_out == wanted, in vocabulary ids, without the removed tokens."""
    stream, ends, used = array("i"), [np.zeros(1, dtype=np.int64)], 0
    for ids, lengths in _chunks(corpus, held_out == wanted):
        new = new_id[ids]
        kept = new >= 0
        stream.frombytes(new[kept].tobytes())
        sizes = np.add.reduceat(kept, np.cumsum(lengths) - lengths, dtype=np.int64)
        ends.append(used + np.cumsum(sizes))
        used = len(stream)
    return Stream(np.frombuffer(stream, dtype=np.int32), np.concatenate(ends))


def _chunks(
    corpus: EncodedCorpus, wanted: npt.NDArray[np.bool_]
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]]:
    """Yield (ids, lengths) of the wanted documents, about CHUNK tokens at a time.

    Masks and sums over the whole corpus took 20 bytes a token at their worst moment.
    """
    offsets, low = corpus.offsets, 0
    while low < corpus.documents:
        high = max(low + 1, int(np.searchsorted(offsets, offsets[low] + CHUNK, side="right")) - 1)
        ids, lengths = corpus.ids[offsets[low] : offsets[high]], np.diff(offsets[low : high + 1])
        chosen = wanted[low:high]
        if not chosen.all():
            ids, lengths = ids[np.repeat(chosen, lengths)], lengths[chosen]
        if len(lengths):
            yield ids, lengths
        low = high


def _check_vocabulary(
    kept: npt.NDArray[np.intp], counts: npt.NDArray[np.int64], stopped: npt.NDArray[np.bool_], settings: Settings
) -> None:
    if len(kept) >= 2:
        return
    candidates = np.sort(counts[~stopped & (counts > 0)])[::-1]
    if len(candidates) >= 2:
        # The largest min_count that keeps a tenth of the words, but at least two.
        works = int(candidates[max(1, len(candidates) // 10)])
        raise DataError(
            f"min_count {settings.min_count} leaves {len(kept)} of {len(candidates):,} words "
            f"(the most frequent occurs {int(candidates[0]):,} times). --min-count {works} would keep "
            f"{int((candidates >= works).sum()):,}."
        )
    if stopped.any():
        raise DataError(
            f"stop_words {settings.stop_words} leaves {len(candidates)} of {len(counts):,} words: it removed "
            f"{int(counts[stopped].sum()):,} of {int(counts.sum()):,} tokens. --stop-words none would keep them."
        )
    raise DataError(
        f"The corpus holds {len(counts)} distinct word; training needs at least two. "
        "Give more text, or another --tokenizer or --documents."
    )
