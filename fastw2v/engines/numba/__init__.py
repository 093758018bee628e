"""The numba engine: compiled kernels over tiles, run on threads."""
