"""Write a model, or vectors alone, as one self-contained HTML page that runs nothing from the model.

    page.html       the frame, with a $place for each of the following
    style.css, *.js joined in the order of _SCRIPTS; a Content-Security-Policy names their hashes and forbids all else
    #facts          JSON: words, points and whatever is text; read at once
    #neighbours, #similarities, #vectors   arrays in base64, little-endian, read when first needed

Words are data, never HTML: inside the JSON "<", ">" and "&" are written as escapes, and the scripts set text only.

Neighbours come from the whole vocabulary, the very answers of `most_similar`. For analogies, which the page computes,
it holds unit vectors as 16-bit fixed-point numbers. Measured on 20,000 words of Wikipedia and 2,000 analogies: the
first answer was the exact one in 100 % (float16, as large: 99.9 %; 8 bits with a scale for each word: 98 %).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import numpy.typing as npt

from fastw2v.errors import UsageError
from fastw2v.explore import tables
from fastw2v.files.atomic import write_atomically
from fastw2v.messages.callers import given
from fastw2v.messages.printable import plural
from fastw2v.model import Word2Vec
from fastw2v.vectors.keyed import WordVectors
from fastw2v.vectors.nearest import unit_rows
from fastw2v.views.projection import Projection, check_projection, group_names, project, word_groups

NEIGHBOURS = 10
_SCRIPTS = ("data.js", "map.js", "labels.js", "dots.js", "drawing.js", "search.js", "panels.js", "main.js")
# What stands for 1 in a 16-bit number.
_ONE = 32767


def write_page(
    model: Word2Vec | WordVectors,
    path: str | os.PathLike[str],
    *,
    title: str = "A word2vec model",
    words: int = 20_000,
    projection: str = "pca",
    evaluate: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    overwrite: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> float | None:
    """Write the page: the `words` most frequent words on a map, each with its 10 nearest of the whole vocabulary.

    Args:
        model: trained or loaded; or vectors alone, which have no losses, settings and provenance to show.
        path: the file; .html by custom.
        title: stands at the top.
        words: how many words are on the map, at least 1; fewer where the model has fewer.
        projection: pca, umap or tsne; see `projection.project`.
        evaluate: a file, or several, of word pairs, analogies or word classes to judge the model by. One that was
            trained on the built-in stories is judged by what they hold, too.
        overwrite: replace the file if it is there.
        say: told what is being done, before each part of it.

    Returns:
        The share of the variance that PCA's two axes hold; None for another projection.

    Raises:
        UsageError: the file is there, another projection, no words; no model, or one that is not trained.
        MissingExtraError: the projection's library is not installed.
        DataError: an evaluation file cannot be read, or the page cannot be written.
    """
    if not isinstance(model, (Word2Vec, WordVectors)):
        raise UsageError(f"A page is made of a Word2Vec model or KeyedVectors. Got {type(model).__name__}.")
    check_projection(projection)
    if isinstance(words, bool) or not isinstance(words, int) or words < 1:
        raise UsageError(f"words must be an integer >= 1. Got {words!r:.60}; 20000 is the default.")
    if not overwrite and Path(path).exists():
        raise UsageError(f"{path} is already there; give another name, or {given('overwrite', True)} to replace it.")
    judged = tables.judgement(model, [evaluate] if isinstance(evaluate, (str, os.PathLike)) else evaluate)
    vectors = model if isinstance(model, WordVectors) else model.wv
    units = unit_rows(vectors.vectors[:words])
    say(f"placing {plural(len(units), 'word')} by {projection}")
    found = project(units, projection)
    say(f"finding the neighbours of {plural(len(units), 'word')}")
    content = _page(model, title, units, _map_facts(units, found, projection), judged).encode()
    write_atomically(path, lambda file: file.write(content))
    return found.share


def _page(
    model: Word2Vec | WordVectors,
    title: str,
    units: npt.NDArray[Any],
    map_facts: dict[str, Any],
    judged: list[tables.Table],
) -> str:
    vectors, history = (model, []) if isinstance(model, WordVectors) else (model.wv, model.history)
    words = len(units)
    rows, similarities, beyond = _neighbours(vectors, words)
    facts = {
        "title": title,
        "vocabulary": len(vectors),
        "dimensions": vectors.vector_size,
        "words": [str(word) for word in vectors.index_to_key[:words]],
        "counts": None if vectors.counts is None else vectors.counts[:words].tolist(),
        "beyond": beyond,
        **map_facts,
        "history": [_losses(record) for record in history],
        "description": tables.description(model),
        "judgement": judged,
    }
    style, script = _asset("style.css"), _script()
    return Template(_asset("page.html")).substitute(
        policy=_policy(style, script),
        title=html.escape(title.encode(errors="replace").decode()),
        style=style,
        script=script,
        facts=_json(facts),
        neighbours=_base64(rows, "<i4"),
        similarities=_base64(_fixed_point(similarities), "<i2"),
        vectors=_base64(_fixed_point(units), "<i2"),
    )


def _neighbours(vectors: WordVectors, words: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], list[str]]:
    """Return (words, k) rows of neighbours, their cosines, and the neighbours that are not on the map.

    Those have numbers from `words` on, in the order of the list.
    """
    answers = vectors.most_similar_many(vectors.index_to_key[:words], topn=NEIGHBOURS)
    number: dict[Hashable, int] = {}
    beyond: list[str] = []
    rows = np.empty((words, min(NEIGHBOURS, len(vectors) - 1)), dtype=np.int64)
    for place, answer in enumerate(answers):
        for column, (word, _) in enumerate(answer):
            row = vectors.key_to_index[word]
            if row >= words and word not in number:
                number[word] = words + len(beyond)
                beyond.append(str(word))
            rows[place, column] = number.get(word, row)
    similarities = np.array([[cosine for _, cosine in answer] for answer in answers], dtype=np.float64)
    return rows, similarities.reshape(rows.shape), beyond


def _map_facts(units: npt.NDArray[Any], found: Projection, name: str) -> dict[str, Any]:
    groups = word_groups(units)
    return {
        "projection": name,
        "share": found.share,
        "points": _base64(found.points, "<f4"),
        "groups": _base64(groups, "u1"),
        "groupNames": group_names(units, groups),
    }


def _losses(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return an epoch's losses; None for one that is not a finite number, which JSON does not have."""
    values = {name: record.get(name) for name in ("loss", "validation_loss")}
    finite = {name: value if value is not None and math.isfinite(value) else None for name, value in values.items()}
    return {"epoch": record["epoch"], "loss": finite["loss"], "validation": finite["validation_loss"]}


def _policy(style: str, script: str) -> str:
    """Return a policy by which the page's own style and script run, and nothing is loaded, sent or embedded."""
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _script() -> str:
    return '"use strict";\n(() => {\n' + "\n".join(_asset(name) for name in _SCRIPTS) + "\n})();\n"


def _asset(name: str) -> str:
    return resources.files("fastw2v.explore").joinpath("assets", name).read_text(encoding="utf-8")


def _json(value: Any) -> str:
    """Return JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _fixed_point(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return np.rint(values * np.float64(_ONE))


def _base64(values: npt.NDArray[Any], dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode("ascii")
