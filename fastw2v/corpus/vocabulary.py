"""From an encoded corpus to the training stream: validation split, vocabulary, dropped words.

Documents are held out first, then stop words and rare words go; what is left, in corpus order, is the training
stream. A token's position is its index there. Vocabulary order: count descending, then first appearance.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.chosen_words import Rule, choose
from fastw2v.corpus.encoded import EncodedCorpus
from fastw2v.draws.randomness import HELD_OUT, VALIDATION_EPOCH, VALIDATION_SEED, draw_range
from fastw2v.errors import DataError
from fastw2v.settings import Settings
from fastw2v.system import memory

logger = logging.getLogger(__name__)
# Tokens, or documents, looked at together.
CHUNK = 1 << 18
# Documents considered at a time to be held out.
CANDIDATES = 1 << 17
HELD_OUT_SHARE = 0.01
# Enough for 10,000 pairs at the fixed validation settings on every text measured (stories, TinyStories, Wikipedia).
HELD_OUT_TOKENS = 20_000


@dataclass(frozen=True)
class Stream:
    """Documents of vocabulary ids: ids (N,) int32, offsets (documents + 1,) int64. Documents may be empty.

    Of a corpus that is mapped from disk these are mapped too, from files that have no name and go with the arrays.
    """

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


def preprocess(
    corpus: EncodedCorpus,
    settings: Settings,
    stop_words: Collection[Hashable] = (),
    known: Mapping[Hashable, int] = MappingProxyType({}),
    rule: Rule | None = None,
) -> Preprocessed:
    """Hold out, remove stop words and rare words (`min_count`, `max_final_vocab`, `rule`), and renumber.

    `known`: words of a model that goes on, with their counts in what it was trained on. They stay in the vocabulary
    however rare they are here, and counts are those of both.

    Raises:
        DataError: fewer than two words are left; the message names the setting that removed them. Or the disk has no
            room for the stream of a mapped corpus.
    """
    held_out = _held_out(corpus.offsets) if settings.validation else np.empty(0, dtype=np.int64)
    words = len(corpus.items)
    counts = np.zeros(words + 1, dtype=np.int64)  # the last one of all words that were forgotten while reading
    for ids, _ in _chunks(corpus, held_out, False):
        counts += np.bincount(ids, minlength=words + 1)
    counts, forgotten = counts[:-1], int(counts[-1])
    chosen = choose(corpus.items, counts, settings, stop_words, known, rule)
    kept = chosen.kept
    vocabulary, new_id = _numbered(corpus.items, kept, counts, known)
    tokens_held_out = int(np.sum(corpus.offsets[held_out + 1] - corpus.offsets[held_out]))
    return Preprocessed(
        vocabulary=vocabulary,
        stream=_select(corpus, new_id, held_out, False, int(counts[kept].sum()), corpus.documents - len(held_out)),
        held_out=_select(corpus, new_id, held_out, True, tokens_held_out, len(held_out)),
        documents=corpus.documents,
        distinct=words,
        tokens_read=corpus.tokens,
        tokens_held_out=tokens_held_out,
        tokens_stop_words=int(counts[chosen.stopped].sum()),
        tokens_rare=int(counts[chosen.rare].sum()) + forgotten,
    )


def vocabulary_of(
    word_counts: Mapping[Hashable, int],
    settings: Settings,
    stop_words: Collection[Hashable] = (),
    known: Mapping[Hashable, int] = MappingProxyType({}),
    rule: Rule | None = None,
) -> Vocabulary:
    """Return the vocabulary of words that were counted elsewhere. See `preprocess`.

    Raises:
        DataError: fewer than two words are left.
    """
    items, counts = list(word_counts), np.array(list(word_counts.values()), dtype=np.int64)
    return _numbered(items, choose(items, counts, settings, stop_words, known, rule).kept, counts, known)[0]


def _numbered(
    items: Sequence[Hashable], kept: npt.NDArray[np.intp], counts: npt.NDArray[np.int64], known: Mapping[Hashable, int]
) -> tuple[Vocabulary, npt.NDArray[np.int32]]:
    """Return the vocabulary of the items kept and of known words that are not among them; and each item's new id.

    counts: (W,), of the corpus alone; those of the vocabulary are of both. The last id is that of words forgotten while
    reading. -1: none.
    """
    words = [items[i] for i in kept]
    there = set(words) if known else set()
    absent = [word for word in known if word not in there]
    before = np.array([known.get(word, 0) for word in (*words, *absent)], dtype=np.int64)
    both = before + np.concatenate((counts[kept], np.zeros(len(absent), dtype=np.int64)))
    order = np.argsort(-both, kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    new_id = np.full(len(items) + 1, -1, dtype=np.int32)
    new_id[kept] = rank[: len(kept)]
    words += absent
    return Vocabulary([words[i] for i in order], both[order]), new_id


def _held_out(offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Choose documents to hold out: in the order of their draws, each that still fits into the allowance; ascending.

    Depends on the documents' lengths alone, so that runs with other settings are measured on the same text.
    """
    allowance = min(int(offsets[-1] * HELD_OUT_SHARE), HELD_OUT_TOKENS)
    chosen: list[int] = []
    last = -1, -1
    while allowance > 0:
        draws, documents = _first_drawn(offsets, allowance, *last)
        lengths = offsets[documents + 1] - offsets[documents]
        for document, length in zip(documents.tolist(), lengths.tolist(), strict=True):
            if length <= allowance:
                chosen.append(document)
                allowance -= length
        if len(documents) < CANDIDATES:
            break
        last = int(draws[-1]), int(documents[-1])
    return np.sort(np.array(chosen, dtype=np.int64))


def _first_drawn(
    offsets: npt.NDArray[np.int64], longest: int, last_draw: int, last_document: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the draws and numbers of the CANDIDATES documents drawn first after the last one, none too long."""
    draws, documents = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for low in range(0, len(offsets) - 1, CHUNK):
        high = min(low + CHUNK, len(offsets) - 1)
        drawn = draw_range(VALIDATION_SEED, VALIDATION_EPOCH, HELD_OUT, low, high).astype(np.int64)
        number = np.arange(low, high)
        wanted = (np.diff(offsets[low : high + 1]) <= longest) & (
            (drawn > last_draw) | ((drawn == last_draw) & (number > last_document))
        )
        if len(draws) == CANDIDATES:
            wanted &= drawn < draws[-1]
        draws, documents = np.append(draws, drawn[wanted]), np.append(documents, number[wanted])
        order = np.argsort(draws, kind="stable")[:CANDIDATES]
        draws, documents = draws[order], documents[order]
    return draws, documents


def _select(
    corpus: EncodedCorpus,
    new_id: npt.NDArray[np.int32],
    held_out: npt.NDArray[np.int64],
    wanted: bool,
    tokens: int,
    documents: int,
) -> Stream:
    """Return the documents that are held out, or those that are not, in vocabulary ids, without the removed tokens.

    tokens: at most so many are left.
    """
    ids = _array(tokens, np.dtype(np.int32), corpus.mapped_from)
    offsets = _array(documents + 1, np.dtype(np.int64), corpus.mapped_from)
    used = done = 0
    offsets[0] = 0
    for old, lengths in _chunks(corpus, held_out, wanted):
        new = new_id[old]
        kept = new >= 0
        ends = used + np.cumsum(np.add.reduceat(kept, np.cumsum(lengths) - lengths, dtype=np.int64))
        offsets[done + 1 : done + 1 + len(ends)] = ends
        new = new[kept]
        ids[used : used + len(new)] = new
        used, done = used + len(new), done + len(ends)
    return Stream(ids[:used], offsets)


def _array(size: int, dtype: np.dtype[Any], folder: Path | None) -> npt.NDArray[Any]:
    """Return an array in memory, or in a file without a name in that folder or, if need be, the system's.

    Where the disk is full, an array that fits in half of the free memory is held there, with a warning.

    Raises:
        DataError: it fits neither on the disk nor in memory.
    """
    if folder is None or not size:
        return np.empty(size, dtype=dtype)
    where, needed = folder if os.access(folder, os.W_OK) else None, size * dtype.itemsize
    try:
        with tempfile.TemporaryFile(dir=where) as file:
            # Room for all of it, now: a full disk would end the process at some later access.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, needed)
            else:
                file.truncate(needed)
            return np.asarray(np.memmap(file, dtype=dtype, mode="r+", shape=size))
    except OSError as error:
        place, why = where or tempfile.gettempdir(), error.strerror or error
        if needed > (memory.available() or 0) // 2:
            raise DataError(
                f"The training stream needs {needed:,} bytes on disk in {place}: {why}. Make room there."
            ) from error
        logger.warning("the training stream, %d bytes, is held in memory: cannot write %s: %s", needed, place, why)
        return np.empty(size, dtype=dtype)


def _chunks(
    corpus: EncodedCorpus, held_out: npt.NDArray[np.int64], wanted: bool
) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[np.int64]]]:
    """Yield (ids, lengths) of the documents that are held out, or the others, at most CHUNK tokens at a time.

    lengths: of the documents that end there; a longer document comes in parts, and the last one's length counts for it.
    Masks and sums over the whole corpus took 20 bytes a token at their worst moment.
    """
    offsets, low = corpus.offsets, 0
    while low < corpus.documents:
        high = int(np.searchsorted(offsets, offsets[low] + CHUNK, side="right")) - 1
        if high == low:
            if (low in held_out) == wanted:
                yield from _parts(corpus, low)
            corpus.release(int(offsets[low]), int(offsets[low + 1]))
            low += 1
            continue
        ids, lengths = corpus.ids[offsets[low] : offsets[high]], np.diff(offsets[low : high + 1])
        chosen = np.full(high - low, not wanted)
        first, last = np.searchsorted(held_out, (low, high))
        chosen[held_out[first:last] - low] = wanted
        if not chosen.all():
            ids, lengths = ids[np.repeat(chosen, lengths)], lengths[chosen]
        if len(lengths):
            yield ids, lengths
        corpus.release(int(offsets[low]), int(offsets[high]))
        low = high


def _parts(corpus: EncodedCorpus, document: int) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[np.int64]]]:
    """Yield (ids, lengths) of a document of more than CHUNK tokens; see `_chunks`."""
    begin, end = corpus.offsets[document : document + 2].tolist()
    for low in range(begin, end, CHUNK):
        high = min(low + CHUNK, end)
        yield corpus.ids[low:high], np.array([high - low] if high == end else [], dtype=np.int64)
