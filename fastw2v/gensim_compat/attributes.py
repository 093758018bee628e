"""Settings as attributes of a model, as gensim has them: `model.window`, and `model.alpha = 0.01` for the next run."""

from __future__ import annotations

import dataclasses
from typing import Any

from fastw2v.errors import UsageError
from fastw2v.system.scalars import plain


class FromSettings:
    """A setting, read as an attribute of an object that has `settings`.

    Args:
        settable: whether it can be set, which tells the next `train`. The others are of the vocabulary, of the vectors,
            or of runs that have been.
    """

    def __init__(self, settable: bool = False) -> None:
        self._settable = settable

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, model: Any, owner: type | None = None) -> Any:
        return self if model is None else getattr(model.settings, self._name)

    def __set__(self, model: Any, value: Any) -> None:
        if not self._settable:
            raise UsageError(
                f"{self._name} is not to be set on a model. Got {value!r:.60}; Word2Vec({self._name}=...) would work."
            )
        changed, number = {self._name: value}, plain(value)
        # As in loops that lower alpha, and then set min_alpha to it.
        if self._name == "alpha" and isinstance(number, int | float) and 0 < number < model.settings.min_alpha:
            changed["min_alpha"] = number
        model.settings = dataclasses.replace(model.settings, **changed)
