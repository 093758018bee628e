"""Random draws of training: the counter-based generator, and its NumPy and numba twins."""
