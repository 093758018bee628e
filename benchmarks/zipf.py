"""A synthetic corpus of any vocabulary size, whose counts follow Zipf's law exactly.

Real text of a million words that all occur is rare, and differs from smaller text in more than its vocabulary.
Here a word's count is what the law says (Zipf 1949: in proportion to 1 / rank), nothing but the order is left to
chance, and only the number of words changes from one corpus to the next. Knows the encoded form of a corpus only.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fastw2v.corpus.encoded import EncodedCorpus

# About that of a Wikipedia paragraph or two, so that few windows end at a document's edge.
DOCUMENT = 500
SEED = 1
_LINES_AT_ONCE = 1000


def zipf_counts(vocabulary: int, tokens: int) -> npt.NDArray[np.int64]:
    """Return (vocabulary,) int64 counts, descending, that sum to `tokens`: max(1, floor(c / rank)).

    The largest c that fits is taken, found by bisection; the few tokens that are then missing go to the first word.

    Raises:
        ValueError: there are fewer tokens than words.
    """
    if tokens < vocabulary:
        raise ValueError(f"Each word must occur. Got {tokens} tokens for {vocabulary} words; {vocabulary} would do.")
    ranks = np.arange(1, vocabulary + 1)
    low, high = 0, tokens
    while low < high:
        middle = (low + high + 1) // 2
        fits = np.maximum(1, middle // ranks).sum() <= tokens
        low, high = (middle, high) if fits else (low, middle - 1)
    counts = np.maximum(1, low // ranks).astype(np.int64)
    counts[0] += tokens - counts.sum()
    return counts


def zipf_corpus(vocabulary: int, tokens: int, seed: int = SEED) -> EncodedCorpus:
    """Return a corpus with exactly these many words and tokens, in an order drawn from `seed`.

    Word i is the one of rank i + 1: ids are by count here, not by first appearance.
    """
    ids = np.repeat(np.arange(vocabulary, dtype=np.int32), zipf_counts(vocabulary, tokens))
    np.random.default_rng(seed).shuffle(ids)
    offsets = np.append(np.arange(0, tokens, DOCUMENT, dtype=np.int64), tokens)
    return EncodedCorpus(ids, offsets, [f"w{word}" for word in range(vocabulary)])


def write_tokens(corpus: EncodedCorpus, path: Path) -> None:
    """Write the corpus as text, one document a line."""
    names = np.array(corpus.items)
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, corpus.documents, _LINES_AT_ONCE):
            bounds = corpus.offsets[start : start + _LINES_AT_ONCE + 1].tolist()
            words = names[corpus.ids[bounds[0] : bounds[-1]]].tolist()
            file.writelines(
                " ".join(words[low - bounds[0] : high - bounds[0]]) + "\n" for low, high in itertools.pairwise(bounds)
            )
