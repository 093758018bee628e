"""Base class of results: a frozen dataclass that converts to JSON values."""

from __future__ import annotations

import abc
import dataclasses
from typing import Any

# Low and high end of a confidence interval.
Interval = tuple[float, float]


class Result:
    """Base of the results. A figure that is undefined is None, never NaN."""

    def as_dict(self) -> dict[str, Any]:
        """The fields as nested dicts, lists, numbers, strings and None; without intervals that were not asked for."""
        # Every subclass is a dataclass, which the type checker cannot see from here.
        return dataclasses.asdict(self, dict_factory=_without_missing_intervals)  # type: ignore[call-overload,no-any-return]


class SetResult(Result, abc.ABC):
    """Base of the results of a whole test set."""

    @property
    @abc.abstractmethod
    def covered(self) -> int:
        """How many items, those whose words are in the vocabulary, the figures rest on."""


def _without_missing_intervals(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in fields if value is not None or not name.endswith("interval")}
