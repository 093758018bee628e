"""Writes ten_steps.json: the losses of the first ten batches of a small run, as the oracle computes them.

The file holds all that a run needs (documents, settings, step limit) and what it comes to: the losses of its first
ten batches (sums over pairs) and their learning rates, the epoch's mean loss, and the sum and the sum of squares of
all weights at the end. It pins the contract down over time:
the oracle and the engines could change together, the file cannot. Write it anew only when the contract itself
changes, and say so in the commit:

    python tests/golden/make_golden.py [FILE]

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


def documents() -> list[list[str]]:
    """Sentences of a small grammar: whoever holds a thing likes it."""
    people, things = ["ann", "ben", "cat", "dan"], ["ball", "kite", "drum", "book", "hat"]
    made = []
    for i in range(60):
        person, other = people[i % 4], people[(3 * i + 1) % 4]
        thing = things[i * i % 5]
        made.append(f"{person} has a {thing} and {person} likes the {thing} so {other} wants a {thing} too".split())
    return made


def golden() -> dict[str, Any]:
    """Everything the file holds."""
    text = documents()
    run = oracle.train(text, SimpleNamespace(**SETTINGS), step_limit=STEP_LIMIT)
    values = [value for row in (*run.w_in, *run.w_out) for value in row]
    return {
        "documents": [" ".join(document) for document in text],
        "settings": SETTINGS,
        "step_limit": STEP_LIMIT,
        "losses": run.batch_losses[:STEPS],
        "learning_rates": run.learning_rates[:STEPS],
        "epoch_loss": run.losses[0],
        "sum": sum(values),
        "sum_of_squares": sum(value * value for value in values),
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "ten_steps.json"
    target.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
