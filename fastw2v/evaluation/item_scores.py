"""Scores of the single items of a test set.

Bootstrap and comparison of models need the items one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fastw2v.evaluation.correlation import Doubles, spearman


@dataclass(frozen=True, eq=False)
class Items:
    """The n items of a set, in the set's order whatever the vectors.

    Attributes:
        figure: what their mean, or correlation with `human`, is called.
        values: (n,) float64; NaN where the vectors do not cover the item.
        human: (n,) scores to rank the values against, or None: the figure is their mean.
    """

    figure: str
    values: Doubles
    human: Doubles | None = None

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """(n,) which items the vectors cover."""
        return ~np.isnan(self.values)

    def value(self, chosen: npt.NDArray[np.bool_]) -> float | None:
        """Return the figure over some of the covered items; None where undefined."""
        values = self.values[chosen]
        if self.human is not None:
            return spearman(self.human[chosen], values)
        return float(values.mean()) if len(values) else None
