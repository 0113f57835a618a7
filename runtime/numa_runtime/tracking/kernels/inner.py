"""Kernels that are compiled into others, and those that Python calls.

numba gives every function entry points for Python and for C, machine code and a cache entry of its own. Forty
kernels that only run inside another one do not need them; so they are `inner` (or `rare`), the chain of all is an
`entry`, and whoever calls an inner kernel from Python asks for it `alone`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numa_runtime.jit import jit
from numa_runtime.tracking.kernels.linking import part_compiler

F = TypeVar("F", bound=Callable[..., Any])


def inner(function: F) -> F:
    """Compile `function` only as part of the kernels that call it, written out in each; Python cannot call it.

    A call passes every array as seven words: between kernels that share ten blocks that costs more than most of
    them do.
    """
    return _part(function, forceinline=True)


def rare(function: F) -> F:
    """Compile `function` as `inner` does, but called: for what is long, or seldom runs."""
    return _part(function, forceinline=False)


def _part(function: F, *, forceinline: bool) -> F:
    compiler = part_compiler()
    options = {} if compiler is None else {"pipeline_class": compiler}
    return jit(
        function, cache=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=forceinline, **options
    )


def entry(function: F) -> F:
    """Compile `function` as what Python calls, cached until any kernel of this folder changes.

    numba itself looks at the function's own file only, and would go on running the old machine code of the
    kernels inside it after an upgrade that changed just those.
    """
    kernel: Any = jit(function)
    file = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if file is not None:
        file._source_stamp = _stamp()
    return cast("F", kernel)


def alone(kernel: F) -> F:
    """Return an inner kernel as one that Python can call: compiled at its first call, cached on disk."""
    return entry(cast("F", getattr(kernel, "py_func", kernel)))


@cache
def _stamp() -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of every kernel's source."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
