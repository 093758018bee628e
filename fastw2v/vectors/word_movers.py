"""Word Mover's Distance between two documents.

Kusner, Sun, Kolkin and Weinberger 2015, "From Word Embeddings To Document Distances". A word's weight is its share of
the document; moving it costs the Euclidean distance of two vectors. The optimal plan is found by POT, the extra `wmd`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.system import optional
from fastw2v.vectors.nearest import Doubles, unit_rows
from fastw2v.vectors.word_table import WordTable

logger = logging.getLogger(__name__)


def word_movers_distance(
    table: WordTable, document1: Sequence[Hashable], document2: Sequence[Hashable], norm: bool = True
) -> float:
    """Return the distance between two lists of words, infinite if one has no word of the table.

    Unknown words are left out, and a warning says how many.

    Args:
        table: the words and vectors.
        document1: words, as often as they occur.
        document2: the same.
        norm: scale vectors to length 1 first.

    Raises:
        MissingExtraError: POT is not installed.
        UsageError: a document is a text.
    """
    ot = optional.load("ot", "wmdistance", "wmd")
    documents = [_known(table, document) for document in (document1, document2)]
    left_out = [len(given) - len(known) for given, known in zip((document1, document2), documents, strict=True)]
    if any(left_out):
        logger.warning("%d and %d unknown words of the two documents are left out", *left_out)
    if not all(documents):
        return float("inf")
    (rows1, shares1), (rows2, shares2) = map(_shares, documents)
    costs = _distances(_vectors(table, rows1, norm), _vectors(table, rows2, norm))
    return float(ot.emd2(shares1, shares2, costs)) if costs.any() else 0.0


def _known(table: WordTable, document: Sequence[Hashable]) -> list[int]:
    if isinstance(document, str | bytes):
        raise UsageError(f"A document is a list of words, such as text.split(). Got {document!r:.60}.")
    return [table.row(word) for word in document if word in table]


def _shares(rows: list[int]) -> tuple[list[int], Doubles]:
    """Return the different rows and the share of each."""
    counts = Counter(rows)
    return list(counts), np.array(list(counts.values()), dtype=np.float64) / len(rows)


def _vectors(table: WordTable, rows: list[int], norm: bool) -> Doubles:
    vectors = table.vectors[rows].astype(np.float64)
    return unit_rows(vectors).astype(np.float64) if norm else vectors


def _distances(first: Doubles, second: Doubles) -> Doubles:
    """(n, d) and (m, d) -> (n, m) Euclidean distances."""
    return np.array([np.linalg.norm(second - vector, axis=1) for vector in first])
