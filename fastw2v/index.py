"""An approximate nearest-neighbour index: faster than exact search, with some misses.

A graph of neighbours (HNSW: Malkov and Yashunin 2018, "Efficient and robust approximate nearest neighbor search using
Hierarchical Navigable Small World graphs"), built and searched by usearch, the extra `index`. What it finds is scored
again by `nearest`, so that similarities are those of the exact answer; only words can be missing. An index is built
anew for each model and not saved: reading one made by a stranger would not be safe.

Three libraries were measured with the same graph (16 edges, 128 candidates when adding; two threads build, one asks),
on the vectors of 45,123 words of Wikipedia, and on 200,000 drawn around 2,000 centres of very uneven size, the hardest
kind. Candidates are those kept when searching; recall is of the 10 nearest, time is that of a question among 1,000.

    library         wheels        Wikipedia: build   memory   recall, ms at 128     drawn: build   recall, ms at 256
    hnswlib 0.8     none               2.4 s         29 MB    .998  .10             26 s           .924  .30
    usearch 2.26    3.11 to 3.14       3.1 s         33 MB    .995  .17             26 s           .926  .70
    usearch, f16    the same           1.9 s         24 MB    .994  .11             44 s           .925  .56
    faiss-cpu 1.15  3.10 and later     2.3 s         34 MB    .994  .11             42 s           .916  .44

hnswlib is the fastest, but has to be compiled and was last released in 2023. The other two are released often and are
much alike; usearch takes 16-bit floats, which cost no recall and need the least memory. The drawn vectors' build times
were taken beside other work: the two of usearch should not differ so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fastw2v.errors import UsageError
from fastw2v.system import optional
from fastw2v.vectors.keyed import Answer, WordVectors
from fastw2v.vectors.nearest import Doubles, Rows, unit_rows
from fastw2v.vectors.questions import counted

_EDGES, _ADDING = 16, 128
# Vectors handed over at a time: unit vectors of all would be a second matrix.
_BLOCK = 65_536


class ApproximateIndex:
    """Nearest words by a graph of neighbours.

    Args:
        vectors: the words and vectors; held, not copied.
        candidates: how many words a search keeps in sight; more find more and take longer.
        workers: threads for building and for many questions. One builds the same graph each time; more need not.

    Raises:
        MissingExtraError: usearch is not installed.
        UsageError: a number below 1.

    Examples:
        >>> import numpy as np
        >>> from fastw2v import KeyedVectors
        >>> from fastw2v.index import ApproximateIndex
        >>> index = ApproximateIndex(KeyedVectors(["a", "b", "c"], np.eye(3, dtype=np.float32)))
        >>> len(index.most_similar("a", topn=2))
        2
    """

    def __init__(self, vectors: WordVectors, *, candidates: int = 128, workers: int = 1) -> None:
        self._candidates, self._workers = counted("candidates", candidates), counted("workers", workers)
        usearch = optional.load("usearch.index", "An approximate index", "index")
        self.vectors = vectors
        # Made anew when the vectors change, of which the graph knows nothing.
        self._search = vectors.exact_search
        self._graph = usearch.Index(
            ndim=vectors.vector_size, metric="ip", dtype="f16", connectivity=_EDGES, expansion_add=_ADDING
        )
        for start in range(0, len(vectors), _BLOCK):
            units = unit_rows(vectors.vectors[start : start + _BLOCK]).astype(np.float32)
            self._graph.add(np.arange(start, start + len(units)), units, threads=self._workers)

    def __len__(self) -> int:
        return len(self.vectors)

    def most_similar(self, positive: Any = (), negative: Any = (), topn: int = 10) -> Answer:
        """Answer as `KeyedVectors.most_similar` does, some words missing. Raises what it raises."""
        return self._answers([self.vectors.nonzero_direction(positive, negative)], topn)[0]

    def most_similar_many(self, questions: Iterable[Any], topn: int = 10) -> list[Answer]:
        """Answer as `KeyedVectors.most_similar_many` does, some words missing. Raises what it raises."""
        return self._answers([self.vectors.answerable(question) for question in questions], topn)

    def recall(self, queries: int = 1000, topn: int = 10) -> float:
        """Return the share of the exact `topn` neighbours that the index finds, over words at even steps of rank.

        Raises:
            UsageError: a number below 1, or a vocabulary of one word, which has no neighbours.
        """
        queries, topn = counted("queries", queries), counted("topn", topn)
        if len(self) < 2:
            raise UsageError("Recall needs two words, one to ask about and one to be found. Got a vocabulary of one.")
        rows = np.linspace(0, len(self) - 1, min(queries, len(self))).astype(np.intp)
        words = [self.vectors.index_to_key[row] for row in rows.tolist()]
        pairs = zip(self.vectors.most_similar_many(words, topn), self.most_similar_many(words, topn), strict=True)
        return float(np.mean([_share_found(exact, found) for exact, found in pairs]))

    def _answers(self, asked: Sequence[tuple[Doubles, list[int]]], topn: int) -> list[Answer]:
        topn = counted("topn", topn)
        if self.vectors.exact_search is not self._search:
            raise UsageError("The vectors changed since the index was built. ApproximateIndex(vectors) builds it anew.")
        if not asked:
            return []
        count = min(topn + max(len(own) for _, own in asked), len(self))
        self._graph.expansion_search = max(self._candidates, count)
        targets = np.array([target for target, _ in asked])
        found = self._graph.search(targets.astype(np.float32), count, threads=self._workers)
        lists = (
            [found.keys]
            if len(asked) == 1
            else [keys[:size] for keys, size in zip(found.keys, found.counts, strict=True)]
        )
        return [
            self._scored(keys.astype(np.intp), target, own)[:topn]
            for keys, (target, own) in zip(lists, asked, strict=True)
        ]

    def _scored(self, rows: Rows, target: Doubles, asked: list[int]) -> Answer:
        """Return the words of these rows, those asked about left out, in the order of exact cosines."""
        cosines = self._search.exact_cosines(rows, target)
        best = np.lexsort((rows, -cosines))
        pairs = zip(rows[best].tolist(), cosines[best].tolist(), strict=True)
        return [(self.vectors.index_to_key[row], value) for row, value in pairs if row not in asked]


def _share_found(exact: Answer, found: Answer) -> float:
    return len({word for word, _ in exact} & {word for word, _ in found}) / len(exact)
