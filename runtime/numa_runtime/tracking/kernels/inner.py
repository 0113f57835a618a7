"""Kernels that only other kernels call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numa_runtime.jit import jit

F = TypeVar("F", bound=Callable[..., Any])


def inner(function: F) -> F:
    """Compile `function` like `jit`, but not callable from Python: half the compile time of a small kernel.

    numba otherwise adds two entry points (for Python and for C) to every function, each of them compiled.
    """
    kernel: Any = jit(function)
    kernel.targetoptions.update(no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return kernel  # type: ignore[no-any-return]
