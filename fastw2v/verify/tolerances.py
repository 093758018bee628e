"""The table of tolerances, for `verify` and the tests.

Deviations are the largest absolute difference, relative to the largest absolute value compared where it says so.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Where every sum is exact (dyadic values), engines must agree in every bit.
EXACT = 0.0
# Central differences in float64 with a step of 1e-5: truncation and cancellation both stay near 1e-9. Relative.
CENTRAL_DIFFERENCES = 1e-6
# Whole float64 runs that start from the same weights and never meet again. Absolute.
FREE_RUNNING = 1e-9
# The score derivative against float64, absolute: the compiled float32 sigmoid is a rational approximation.
SCORE_DERIVATIVE = {"float32": 3e-7, "float64": 1e-15}


def rounding(dtype: npt.DTypeLike, length: int) -> float:
    """Return the limit for a sum of `length` terms in any order, relative.

    Each addition rounds by at most eps / 2 of the largest value; the 4 leaves room for the vectors' own rounding.
    """
    return 4 * length * float(np.finfo(dtype).eps)
