"""Floating-point operations a second: the peak of one core, and the share that training reaches.

The yardstick is NumPy's product of two 1024 x 1024 float32 matrices with one BLAS thread, on one core, or on each of
several at once: what virtual machines call two cores may be one, or become one for some seconds, and then no two
threads are faster than one. BLAS takes its number of threads from the environment when it is loaded, so the products
run in a process of their own:

    python -m fastw2v.bench.flops 2     prints the seconds of a product, two at once

Useful operations are counted as if nothing were padded, copied or done twice.
"""

from __future__ import annotations

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from fastw2v.bench.programs import output_of
from fastw2v.settings import Settings

Matrix = npt.NDArray[np.float32]

SIZE = 1024
PRODUCT_FLOPS = 2 * SIZE**3
# The best of these: the product of a process that was not interrupted. Of several at once the median: where they share
# one core by turns, a lucky one has it for itself.
REPEATS = 20
# Of every BLAS that NumPy is built with.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def useful_flops(pairs: int, settings: Settings) -> int:
    """Return the operations of so many pairs: 6 d for each of the K + 1 terms of a pair.

    A term is a score, and an update of both its rows: three times d multiplications and d additions.
    """
    return pairs * (settings.negative + 1) * 6 * settings.vector_size


def product_seconds(cores: int) -> float:
    """Return the seconds of a product, so many at once on as many cores, in a process of their own."""
    command = [sys.executable, "-m", __name__, str(cores)]
    return float(output_of("the matrix product", command, dict.fromkeys(_THREADS, "1")))


def _measure(cores: int) -> float:
    """Return the seconds of a product: of several cores, the slowest one's."""
    left, right = np.random.default_rng(0).random((2, SIZE, SIZE), dtype=np.float32)
    ended: list[int] = []

    def multiply(core: int) -> float:
        out = np.empty_like(left)
        try:
            found = [_seconds(left, right, out) for _ in range(REPEATS)]
        finally:
            ended.append(core)
        while len(ended) < cores:  # the others are to have no core for themselves
            _seconds(left, right, out)
        return min(found) if cores == 1 else statistics.median(found)

    with ThreadPoolExecutor(cores) as pool:
        return max(pool.map(multiply, range(cores)))


def _seconds(left: Matrix, right: Matrix, out: Matrix) -> float:
    begun = time.perf_counter()
    np.matmul(left, right, out=out)
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(_measure(int(sys.argv[1])))
