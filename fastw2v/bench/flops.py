"""Floating-point operations a second: what one core can do, and what training makes of it.

The yardstick is NumPy's product of two 1024 x 1024 float32 matrices with one BLAS thread. BLAS takes its number of
threads from the environment when it is loaded, so the product runs in a process of its own:

    python -m fastw2v.bench.flops     prints the seconds of one product

Useful operations are counted as if nothing were padded, copied or done twice.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from fastw2v.bench.programs import output_of
from fastw2v.settings import Settings

SIZE = 1024
PRODUCT_FLOPS = 2 * SIZE**3
# The best of these: the product of a process that was not interrupted.
REPEATS = 20
# Of every BLAS that NumPy is built with.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def useful_flops(pairs: int, settings: Settings) -> int:
    """Return the operations of so many pairs: 6 d for each of the K + 1 terms of a pair.

    A term is a score, and an update of both its rows: three times d multiplications and d additions.
    """
    return pairs * (settings.negative + 1) * 6 * settings.vector_size


def product_seconds() -> float:
    """Return the seconds of the product on one core, in a process of its own."""
    return float(output_of("the matrix product", [sys.executable, "-m", __name__], dict.fromkeys(_THREADS, "1")))


def _best() -> float:
    left, right = np.random.default_rng(0).random((2, SIZE, SIZE), dtype=np.float32)
    out = np.empty_like(left)
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.perf_counter()
        np.matmul(left, right, out=out)
        best = min(best, time.perf_counter() - begun)
    return best


if __name__ == "__main__":
    print(_best())
