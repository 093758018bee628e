"""Writes ten_steps*.json: the losses of the first ten batches of small runs, as the oracle computes them.

A file holds all that a run needs (documents, settings, step limit) and what it comes to: the losses of its first
ten batches (sums over pairs) and their learning rates, the epoch's mean loss, and the sum and the sum of squares of
all weights at the end. They pin the contract down over
time: the oracle and the engines could change together, the files cannot. Write them anew only when the contract itself
changes, and say so in the commit:

    python tests/golden/make_golden.py [FOLDER]

Knows the oracle only, nothing of the package.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import oracle  # noqa: E402  (the path comes first)

STEPS = 10
SETTINGS: dict[str, Any] = {
    "vector_size": 8, "window": 3, "negative": 2, "ns_exponent": 0.75, "min_count": 2, "sample": 0.01, "alpha": 0.5,
    "min_alpha": 0.05, "epochs": 1, "seed": 20260101, "batch_size": 16, "schedule": "linear", "decay": 0.5,
    "gradient_clip": 0.0, "init": "uniform", "sigmoid_clip": 16.0, "noise": "shared", "shrink_windows": True,
}  # fmt: skip
STEP_LIMIT = 1.6
# What each run changes. At the learning rate of the second, eight centres share noise words.
RUNS: dict[str, dict[str, Any]] = {
    "ten_steps": {},
    "ten_steps_grouped": {"noise": "grouped", "alpha": 0.05, "min_alpha": 0.005, "batch_size": 40, "init": "he"},
}


def documents() -> list[list[str]]:
    """Sentences of a small grammar: whoever holds a thing likes it."""
    people, things = ["ann", "ben", "cat", "dan"], ["ball", "kite", "drum", "book", "hat"]
    made = []
    for i in range(60):
        person, other = people[i % 4], people[(3 * i + 1) % 4]
        thing = things[i * i % 5]
        made.append(f"{person} has a {thing} and {person} likes the {thing} so {other} wants a {thing} too".split())
    return made


def golden(changes: dict[str, Any]) -> dict[str, Any]:
    """Everything the file of a run holds."""
    text, settings = documents(), {**SETTINGS, **changes}
    run = oracle.train(text, SimpleNamespace(**settings), step_limit=STEP_LIMIT)
    values = [value for row in (*run.w_in, *run.w_out) for value in row]
    return {
        "documents": [" ".join(document) for document in text],
        "settings": settings,
        "step_limit": STEP_LIMIT,
        "losses": run.batch_losses[:STEPS],
        "learning_rates": run.learning_rates[:STEPS],
        "epoch_loss": run.losses[0],
        "sum": sum(values),
        "sum_of_squares": sum(value * value for value in values),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, changes in RUNS.items():
        (folder / f"{name}.json").write_text(json.dumps(golden(changes), indent=1) + "\n", encoding="utf-8")
