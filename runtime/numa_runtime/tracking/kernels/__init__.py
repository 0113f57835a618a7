"""The tracker's kernels: the one implementation of every stage (numba, nopython, cached)."""
