"""Tables of the page: settings, provenance, evaluation.

A table is {"title", "columns", "rows", "note"}, all of it strings.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastw2v import evaluation
from fastw2v.evaluation import (
    AnalogiesResult,
    ClassesResult,
    ClassFileResult,
    OutliersResult,
    PairsResult,
    StoriesResult,
)
from fastw2v.evaluation.results import Interval, SetResult
from fastw2v.messages.printable import plural
from fastw2v.model import Word2Vec
from fastw2v.vectors.keyed import WordVectors

logger = logging.getLogger(__name__)

Table = dict[str, Any]

_INTERVAL = "95 %"  # what the true value lies between, 95 times of 100; the panel is narrow


def description(model: Word2Vec | WordVectors) -> list[Table]:
    """Return what the model is and how it was made: a table of provenance, one of settings; of vectors their size."""
    vectors = model if isinstance(model, WordVectors) else model.wv
    shape = {"words": f"{len(vectors):,}", "dimensions": vectors.vector_size, "numbers": vectors.vectors.dtype.name}
    if isinstance(model, WordVectors):
        return [_table("Vectors", ["name", "value"], _flat(shape))]
    return [
        _table("Model", ["name", "value"], _flat({**shape, **model.provenance})),
        _table("Settings", ["name", "value"], _flat(model.settings.as_dict())),
    ]


def judgement(model: Word2Vec | WordVectors, files: Sequence[str | os.PathLike[str]]) -> list[Table]:
    """Return how good the model is: by the built-in stories' truth if it knows them, by files, and epoch by epoch.

    Raises:
        UsageError, DataError: a file cannot be read, or the model knows no word of any.
    """
    sets = [evaluation.read_set(path) for path in files]
    vectors = model if isinstance(model, WordVectors) else model.wv
    for one in sets:
        if said := evaluation.respelling(one.name, vectors, one.words):
            logger.warning("%s", said)
    results: dict[str, SetResult] = {one.name: one.result(vectors, intervals=True) for one in sets}
    if results:
        evaluation.check_covered(results)
    if not isinstance(model, WordVectors) and evaluation.learned_the_stories(model.provenance):
        results = {"words of the stories": evaluation.evaluate_stories(vectors), **results}
    history = [] if isinstance(model, WordVectors) else model.history
    return [*itertools.chain.from_iterable(map(_judged, results, results.values())), *_by_epoch(history)]


def _judged(name: str, result: SetResult) -> Iterator[Table]:
    name = os.path.basename(name)  # noqa: PTH119 - no path: a set's name
    if isinstance(result, PairsResult):
        yield _pairs(name, result)
    elif isinstance(result, AnalogiesResult):
        yield _analogies(name, result)
    elif isinstance(result, (ClassFileResult, StoriesResult)):
        yield _classes(name, result.classes)
        yield _outliers(name, result.outliers)
    if isinstance(result, StoriesResult):
        yield _analogies("planted in the stories", result.analogies)


def _pairs(name: str, result: PairsResult) -> Table:
    rows = [
        ["Spearman", _figure(result.spearman), _span(result.spearman_interval, _figure)],
        ["Pearson", _figure(result.pearson), _span(result.pearson_interval, _figure)],
    ]
    note = (
        f"How well cosines agree with what people say of the same pairs of words; 1 is perfect agreement. "
        f"{result.used:,} of {plural(result.pairs, 'pair')} used, {result.out_of_vocabulary:,} have an unknown word."
    )
    return _table(f"Word pairs: {name}", ["correlation", "value", _INTERVAL], rows, note)


def _analogies(name: str, result: AnalogiesResult) -> Table:
    rows = [
        [part.section, f"{part.correct:,}", f"{part.asked:,}", _percent(part.accuracy)]
        for part in (result.total, *result.sections)
    ]
    total = result.total
    between = f" The share of all: {_span(total.interval, _percent)} (95 %)." if total.interval else ""
    note = (
        f"Only the very first answer counts, out of the whole vocabulary.{between} "
        f"{total.out_of_vocabulary:,} more have an unknown word and were not asked."
    )
    return _table(f"Analogies: {name}", ["section", "right", "asked", "share"], rows, note)


def _classes(name: str, result: ClassesResult) -> Table:
    rows = [
        [part.name, f"{part.words:,}", _percent(part.share), _span(part.interval, _percent), _percent(part.chance)]
        for part in (result.overall, *result.classes)
    ]
    note = f"Share of a word's {result.topn} nearest words that are of its own class, and what luck would give."
    return _table(f"Classes: {name}", ["class", "words", "share", _INTERVAL, "luck"], rows, note)


def _outliers(name: str, result: OutliersResult) -> Table:
    total = result.total
    rows = [
        ["found", _percent(total.accuracy), _span(total.accuracy_interval, _percent)],
        ["position (OPP)", _percent(total.opp), _span(total.opp_interval, _percent)],
    ]
    note = f"{plural(total.asked, 'word')} of other classes, each to be told from words of a class."
    return _table(f"Outliers: {name}", ["outliers", "share", _INTERVAL], rows, note)


def _by_epoch(history: Sequence[Mapping[str, Any]]) -> Iterator[Table]:
    """Yield what `train --evaluate` found, file by file. A history may come from a file that anyone has written."""
    found = {str(record.get("epoch")): _mapping(record.get("evaluation")) for record in history}
    scored = {epoch: files for epoch, files in found.items() if files}
    last = next(reversed(scored.values()), {})
    for name, figures in last.items():
        rows = [
            [epoch, *(_cell(_mapping(files.get(name)).get(figure)) for figure in _mapping(figures))]
            for epoch, files in scored.items()
        ]
        columns = ["epoch", *(str(figure).replace("_", " ") for figure in _mapping(figures))]
        yield _table(f"Epoch by epoch: {name}", columns, rows, "Judged while the model was trained.")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


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
            yield [str(name).replace("_", " "), _value(value)]


def _value(value: Any) -> str:
    """Return a setting or a fact as text: whole numbers with their digits in groups."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else _figure(value if isinstance(value, float) else None)


def _span(interval: Interval | None, shown: Callable[[float | None], str]) -> str:
    return "–" if interval is None else f"{shown(interval[0]).removesuffix('%')} to {shown(interval[1])}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
