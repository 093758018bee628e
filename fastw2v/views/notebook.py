"""HTML for notebooks: tables of vectors and models, and the loss curve.

Plain HTML without scripts, outer files or style sheets. Text and lines take the page's own colour, so that they can be
read on light and on dark pages. Words and names come from files of strangers: all of them are escaped.
"""

from __future__ import annotations

import html
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fastw2v.messages.printable import plural, shown
from fastw2v.settings import Settings

if TYPE_CHECKING:
    from fastw2v.vectors.keyed import WordVectors

_SHOWN_WORDS = 5
_SHOWN_NEIGHBOURS = 6
_SHOWN_EPOCHS = 100
_LONGEST = 40

_FAINT = "opacity:.65"
_CELL = "padding:.15em .8em .15em 0;text-align:left;vertical-align:top;white-space:normal"
_FIGURE = "padding:.15em .8em;text-align:right;font-variant-numeric:tabular-nums"

# The picture of the losses: its size, and the frame inside.
_WIDTH, _HEIGHT = 460, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 450, 24, 168
_MARKED = 40
_TRAINING, _VALIDATION = "#3f88c5", "#d1741f"


class Html(str):
    """A piece of HTML; a notebook shows it as what it means."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def vectors_html(vectors: WordVectors) -> Html:
    """Return how many words there are, and some of them with their neighbours."""
    head = f"<b>{_text(type(vectors).__name__)}</b>: {_size(vectors)}"
    return Html(f"<div><p>{head}</p>{_neighbours(vectors, _some_words(vectors), _SHOWN_NEIGHBOURS)}</div>")


def neighbours_html(vectors: WordVectors, words: Iterable[Hashable], topn: int = 10) -> Html:
    """Return a table of the `topn` nearest neighbours of each word, with cosines.

    Raises:
        UnknownWordError: a word is not in the vocabulary.
    """
    return Html(f"<div>{_neighbours(vectors, list(words), topn)}</div>")


def model_html(
    vectors: WordVectors, history: Sequence[Mapping[str, Any]], settings: Settings, provenance: Mapping[str, Any]
) -> Html:
    """Return what a model was trained on and with, its losses, and some words with their neighbours."""
    if not len(vectors):
        return Html(f"<div><p><b>Word2Vec</b>, not trained yet.</p>{_settings(settings)}</div>")
    parts = [
        f"<p><b>Word2Vec</b>: {_size(vectors)}{_origin(provenance)}</p>",
        loss_svg(history),
        _neighbours(vectors, _some_words(vectors), _SHOWN_NEIGHBOURS),
        _epochs(history) if history else "",
        _settings(settings),
    ]
    return Html(f"<div>{''.join(parts)}</div>")


# ---------------------------------------------------------------------------------------------------------- tables


def _size(vectors: WordVectors) -> str:
    return (
        f"{plural(len(vectors), 'word')} × {plural(vectors.vector_size, 'dimension')}, {_text(vectors.vectors.dtype)}"
    )


def _origin(provenance: Mapping[str, Any]) -> str:
    corpus = provenance.get("corpus")
    name = corpus.get("name") if isinstance(corpus, dict) else None
    trained = "" if name is None else f", trained on {_text(name)}"
    engine = provenance.get("engine")
    return trained + ("" if engine is None else f" by the {_text(engine)} engine")


def _some_words(vectors: WordVectors) -> list[Hashable]:
    """Return words that are frequent, though not the most frequent ones: function words have no telling neighbours."""
    return vectors.index_to_key[len(vectors) // 20 :][:_SHOWN_WORDS]


def _neighbours(vectors: WordVectors, words: Sequence[Hashable], topn: int) -> str:
    rows = []
    for word, found in zip(words, vectors.most_similar_many(words, topn), strict=True):
        nearest = ", ".join(
            f'{_text(other)}&nbsp;<span style="{_FAINT}">{cosine:.2f}</span>' for other, cosine in found
        )
        rows.append([f"<b>{_text(word)}</b>", nearest])
    return _table(["word", "nearest neighbours (cosine)"], rows, texts=2)


def _epochs(history: Sequence[Mapping[str, Any]]) -> str:
    title = (
        "History"
        if len(history) <= _SHOWN_EPOCHS
        else f"History (the last {_SHOWN_EPOCHS} of {plural(len(history), 'epoch')})"
    )
    history = history[-_SHOWN_EPOCHS:]
    names = ["epoch", "loss", "validation_loss", "learning_rate", "words_per_second"]
    shown = {name: name.replace("_", " ") for name in names}
    judged = [_judged(record) for record in history]
    files = list(dict.fromkeys(name for figures in judged for name in figures))
    rows = [
        [
            _text(record.get("epoch")),
            *(_number(record.get(name), 4) for name in names[1:3]),
            _number(record.get("learning_rate"), 5),
            _number(record.get("words_per_second"), 0),
            *(_number(figures.get(name), 3) for name in files),
        ]
        for record, figures in zip(history, judged, strict=True)
    ]
    return _folded(title, _table([*shown.values(), *map(_text, files)], rows))


def _judged(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return, by file and figure, the first of the figures of each file: the one that tells most."""
    evaluation = record.get("evaluation") or {}
    firsts = ((name, *next(iter(figures.items()))) for name, figures in evaluation.items() if figures)
    return {f"{name}: {figure}": value for name, figure, value in firsts}


def _settings(settings: Settings) -> str:
    usual = Settings().as_dict()
    rows = []
    for name, value in settings.as_dict().items():
        shown = _text(value)
        rows.append([_text(name), shown if value == usual[name] else f"<b>{shown}</b>"])
    return _folded("Settings (in bold: other than by default)", _table(["setting", "value"], rows, texts=2))


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 0) -> str:
    """Return a table of cells that are HTML already; the first `texts` columns are text, the others numbers."""
    styles = [_CELL if place < texts else _FIGURE for place in range(len(columns))]
    head = "".join(f'<th style="{style}">{name}</th>' for name, style in zip(columns, styles, strict=True))
    body = "".join(
        "<tr>" + "".join(f'<td style="{style}">{cell}</td>' for cell, style in zip(row, styles, strict=True)) + "</tr>"
        for row in rows
    )
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:inherit">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _folded(title: str, content: str) -> str:
    return f'<details><summary style="cursor:pointer">{title}</summary>{content}</details>'


# ----------------------------------------------------------------------------------------------------------- curve


def loss_svg(history: Sequence[Mapping[str, Any]]) -> str:
    """Return training and validation loss per epoch as an SVG element; nothing where there is no finite loss."""
    curves = [
        ("training", _TRAINING, _points(history, "loss")),
        ("validation", _VALIDATION, _points(history, "validation_loss")),
    ]
    every = [point for _, _, points in curves for point in points]
    if not every:
        return ""
    frame = _Frame([epoch for epoch, _ in every], [loss for _, loss in every])
    drawn = "".join(frame.curve(points, colour) for _, colour, points in curves if points)
    named = [(name, colour) for name, colour, points in curves if points]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        'style="display:block;max-width:100%;height:auto;margin-bottom:.5em" role="img" aria-label="Loss per epoch" '
        f'font-size="11" font-family="sans-serif" fill="currentColor">{frame.axes()}{drawn}{_legend(named)}</svg>'
    )


class _Frame:
    """Turns epochs and losses into places of the picture."""

    def __init__(self, epochs: Sequence[int], losses: Sequence[float]) -> None:
        self._first, self._last = min(epochs), max(epochs)
        low, high = min(losses), max(losses)
        # Equal losses lie in the middle.
        room = (high - low) * 0.05 or max(abs(high) * 0.05, 0.05)
        self._low, self._high = low - room, high + room

    def x(self, epoch: float) -> float:
        if self._first == self._last:
            return (_LEFT + _RIGHT) / 2
        inner = 12
        return _LEFT + inner + (epoch - self._first) / (self._last - self._first) * (_RIGHT - _LEFT - 2 * inner)

    def y(self, loss: float) -> float:
        return _BOTTOM - (loss - self._low) / (self._high - self._low) * (_BOTTOM - _TOP)

    def curve(self, points: Sequence[tuple[int, float]], colour: str) -> str:
        places = " ".join(f"{self.x(epoch):.1f},{self.y(loss):.1f}" for epoch, loss in points)
        line = f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
        if len(points) > _MARKED:
            return line
        return line + "".join(
            f'<circle cx="{self.x(epoch):.1f}" cy="{self.y(loss):.1f}" r="3" fill="{colour}">'
            f"<title>epoch {epoch}: {loss:.4f}</title></circle>"
            for epoch, loss in points
        )

    def axes(self) -> str:
        parts = []
        for step in range(4):
            loss = self._low + (self._high - self._low) * step / 3
            y = self.y(loss)
            parts.append(f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="currentColor" opacity=".2"/>')
            parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_loss_label(loss)}</text>')
        for epoch in self._labelled():
            x = self.x(epoch)
            parts.append(f'<text x="{x:.1f}" y="{_BOTTOM + 16}" text-anchor="middle">{epoch}</text>')
        middle = (_LEFT + _RIGHT) / 2
        parts.append(f'<text x="{middle}" y="{_BOTTOM + 30}" text-anchor="middle">epoch</text>')
        return "".join(parts)

    def _labelled(self) -> list[int]:
        """Return up to ten epochs, at even distances, the first of them too."""
        step = max(1, math.ceil((self._last - self._first) / 9))
        return list(range(self._first, self._last + 1, step))


def _legend(named: Sequence[tuple[str, str]]) -> str:
    parts = [f'<text x="{_LEFT}" y="14">Mean loss per pair</text>']
    for place, (name, colour) in enumerate(reversed(named)):
        x = _RIGHT - 84 * (place + 1)
        parts.append(
            f'<path d="M{x} 10h14" stroke="{colour}" stroke-width="3"/><text x="{x + 19}" y="14">{name}</text>'
        )
    return "".join(parts)


def _points(history: Sequence[Mapping[str, Any]], name: str) -> list[tuple[int, float]]:
    return [
        (int(record["epoch"]), float(record[name]))
        for record in history
        if isinstance(record.get(name), (int, float)) and math.isfinite(record[name])
    ]


def _loss_label(loss: float) -> str:
    return f"{loss:.3f}" if abs(loss) < 1000 else f"{loss:.1e}"


# ------------------------------------------------------------------------------------------------------------ text


def _text(value: object) -> str:
    """Return a text as it may stand in HTML: on its own in its direction of writing, cut where it is very long."""
    return f"<bdi>{html.escape(shown(value, _LONGEST))}</bdi>"


def _number(value: Any, digits: int) -> str:
    return f"{value:,.{digits}f}" if isinstance(value, (int, float)) else "–"
