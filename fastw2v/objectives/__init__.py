"""Objectives: the loss of a term, which terms an example has, and which rows make an example."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from fastw2v import registry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fastw2v.objectives.interfaces import Objective
    from fastw2v.settings import Settings


def make(settings: Settings, counts: npt.NDArray[np.int64] | None = None) -> Objective:
    """Return the objective of a run; counts: (V,) of its vocabulary, where they are known."""
    from fastw2v.objectives.interfaces import Objective

    inputs, outputs = _load(registry.INPUTS[registry.INPUT]), _load(registry.OUTPUTS[registry.OUTPUT])
    return Objective(inputs(settings, counts), outputs(settings, counts))


def check(settings: Settings) -> None:
    """Raise UsageError where settings do not go with the objective; asked before a corpus is read."""
    make(settings).check()


def _load(place: str) -> Any:
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)
