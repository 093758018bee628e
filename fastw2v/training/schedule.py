"""The learning rate of each batch, by the position of its first centre."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fastw2v.settings import Settings


def learning_rates(
    settings: Settings, epoch: int, positions: npt.NDArray[np.int64], stream_length: int
) -> npt.NDArray[np.float64]:
    """Return the rate of each batch of epoch 0, 1, ..., given the position of its first centre.

    linear: from alpha at the start to min_alpha at the end of the last epoch; exponential: alpha * decay**epoch;
    constant: alpha. None goes below min_alpha.
    """
    progress = (epoch * stream_length + positions) / (settings.epochs * stream_length)
    rates = {
        "linear": settings.alpha + (settings.min_alpha - settings.alpha) * progress,
        "exponential": np.full(len(positions), settings.alpha * settings.decay**epoch),
        "constant": np.full(len(positions), settings.alpha),
    }[settings.schedule]
    floored: npt.NDArray[np.float64] = np.maximum(settings.min_alpha, rates)
    return floored
