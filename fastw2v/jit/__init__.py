"""How kernels are compiled, cached and described."""
