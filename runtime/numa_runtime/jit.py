"""The one door to numba: every kernel is nopython, cached on disk and free of fast-math surprises.

numba takes 0.4 s to import, so a module that decorates kernels with `jit` must itself be imported late
(inside the function that runs the kernel), never from a package's `__init__`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def jit(function: F) -> F:
    """Compile `function` with numba (nopython, GIL released, cached beside the source).

    `error_model="numpy"` drops the zero-division checks: kernels guard their own divisions. Where the
    cache folder cannot be written numba falls back to the user's cache folder by itself.
    """
    from numba import njit

    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))
