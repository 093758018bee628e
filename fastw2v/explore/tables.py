"""What the page says in tables: settings, provenance and evaluation, as text that is ready to be shown.

A table is {"title", "columns", "rows", "note"}, all of it strings. Knows evaluation and its results, not HTML.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastw2v import evaluation
from fastw2v.evaluation import AnalogiesResult, ClassesResult, PairsResult
from fastw2v.model import Word2Vec
from fastw2v.vectors import KeyedVectors

Table = dict[str, Any]


def description(model: Word2Vec) -> list[Table]:
    """Return what the model is and how it was made: a table of provenance, one of settings."""
    vectors = model.wv
    shape = {"words": f"{len(vectors):,}", "dimensions": vectors.vector_size, "numbers": vectors.vectors.dtype.name}
    return [
        _table("Model", ["name", "value"], _flat({**shape, **model.provenance})),
        _table("Settings", ["name", "value"], _flat(model.settings.as_dict())),
    ]


def judgement(model: Word2Vec, files: Sequence[str | os.PathLike[str]]) -> list[Table]:
    """Return how good the model is: by the truth of the built-in stories if it knows them, and by each file.

    Raises:
        UsageError, DataError: a file cannot be read; see `evaluation.evaluate_file`.
    """
    tables = _stories(model.wv) if _knows_the_stories(model) else []
    for path in files:
        result = evaluation.evaluate_file(model.wv, path)
        tables.append(_pairs(Path(path).name, result) if isinstance(result, PairsResult) else _questions(path, result))
    return tables


def _knows_the_stories(model: Word2Vec) -> bool:
    corpus = model.provenance.get("corpus")  # from a file that anyone may have written
    return isinstance(corpus, Mapping) and corpus.get("source") == "stories"


def _stories(vectors: KeyedVectors) -> list[Table]:
    result = evaluation.evaluate_stories(vectors)
    return [_classes(result.classes), _analogies("Analogies planted in the stories", result.analogies)]


def _pairs(name: str, result: PairsResult) -> Table:
    row = [f"{result.used:,} of {result.pairs:,}", _figure(result.spearman), _figure(result.pearson)]
    note = "How well cosines agree with what people say of the same pairs of words; 1 is perfect agreement."
    return _table(f"Word pairs: {name}", ["pairs used", "Spearman", "Pearson"], [row], note)


def _questions(path: str | os.PathLike[str], result: AnalogiesResult) -> Table:
    return _analogies(f"Analogies: {Path(path).name}", result)


def _analogies(title: str, result: AnalogiesResult) -> Table:
    rows = [
        [part.section, f"{part.correct:,}", f"{part.asked:,}", _percent(part.accuracy)]
        for part in (result.total, *result.sections)
    ]
    note = "Only the very first answer counts, out of the whole vocabulary."
    return _table(title, ["section", "right", "asked", "share"], rows, note)


def _classes(result: ClassesResult) -> Table:
    rows = [
        [part.name, f"{part.words:,}", _percent(part.share), _percent(part.chance)]
        for part in (result.overall, *result.classes)
    ]
    note = f"Share of a word's {result.topn} nearest words that are of its own class, and what luck would give."
    return _table("Classes of words in the stories", ["class", "words", "share", "luck"], rows, note)


def _table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]] | Iterator[list[str]], note: str = ""
) -> Table:
    return {"title": title, "columns": list(columns), "rows": [list(row) for row in rows], "note": note}


def _flat(values: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield [name, value]; those of a mapping inside get its name before theirs."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ([f"{name} {inner}", shown] for inner, shown in _flat(value))
        else:
            yield [str(name).replace("_", " "), "–" if value is None else str(value)]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
