"""The one way to numba: every kernel is nopython, cached on disk and free of fast-math surprises.

numba takes 0.4 s to import, so a module that decorates kernels with `jit` must itself be imported late
(inside the function that runs the kernel), never from a package's `__init__`.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

COMPILING = "compiling kernels for this machine, once (about ten seconds; later runs load them)"
UNCACHED = "numba's cache cannot be written: kernels are compiled again in every process; set NUMBA_CACHE_DIR"

_log = logging.getLogger("numa_runtime")
_said: set[str] = set()
_announcing: ContextVar[bool] = ContextVar("announcing", default=False)


def jit(function: F, **options: Any) -> F:
    """Compile `function` with numba: nopython, GIL released, cached next to the source.

    `error_model="numpy"` drops the zero-division checks: kernels guard their own divisions. Where the source
    folder cannot be written numba takes the user's cache folder; where that cannot be written either, kernels are
    compiled anew in every process, and one line says so.

    Args:
        function: what to compile.
        options: numba's own, in place of these.
    """
    from numba import njit

    try:
        kernel = njit(**{"cache": True, "nogil": True, "error_model": "numpy", **options})(function)
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
        _say_once(UNCACHED)
        kernel = njit(**{"nogil": True, "error_model": "numpy", **options, "cache": False})(function)
    return cast("F", kernel)


def announced(work: Callable[[], Any], say: Callable[[str], None] | None = None) -> float:
    """Run `work`, and say so if numba compiles meanwhile.

    A kernel that comes from the cache on disk does not count as compiling. Inside another announced work nothing is
    said twice.

    Args:
        work: what may need kernels.
        say: is told if numba compiles; without it, it is a warning in the log, once in a process.

    Returns:
        The seconds it took.
    """
    begin = perf_counter()
    if _announcing.get():
        work()
        return perf_counter() - begin
    from numba.core.event import Event, Listener, install_listener

    class Announcer(Listener):  # type: ignore[misc]
        """Passes on the first start of a compilation, none of the others."""

        told = False

        def on_start(self, _event: Event) -> None:
            """Say the sentence, the first time."""
            if not self.told:
                self.told = True
                (say or _say_once)(COMPILING)

        def on_end(self, _event: Event) -> None:
            """Do nothing."""

    token = _announcing.set(True)
    try:
        with install_listener("numba:compile", Announcer()), _unhindered():
            work()
    finally:
        _announcing.reset(token)
    return perf_counter() - begin


@contextmanager
def _unhindered() -> Iterator[None]:
    """Take two brakes off numba's compiler meanwhile: a quarter of its time.

    The garbage collector looks again and again at millions of objects that all stay. And a function's flags, the
    key of many of numba's tables, are compared by building a dictionary of all options, and hashed by sorting one.
    """
    from numba.core.targetconfig import TargetConfig

    was_on, before = gc.isenabled(), (TargetConfig.__eq__, TargetConfig.__hash__)
    gc.disable()
    hashes: dict[type, int] = {}

    def equal(one: Any, other: Any) -> Any:
        set_alike = isinstance(other, TargetConfig) and getattr(one, "_values", one) == getattr(other, "_values", other)
        return one is other or set_alike or before[0](one, other)

    def hashed(one: Any) -> int:
        if type(one) not in hashes:  # numba's own is that of the option names, which are the class's
            hashes[type(one)] = before[1](one)
        return hashes[type(one)]

    TargetConfig.__eq__, TargetConfig.__hash__ = equal, hashed
    try:
        yield
    finally:
        TargetConfig.__eq__, TargetConfig.__hash__ = before
        if was_on:
            gc.enable()


def _say_once(sentence: str) -> None:
    if sentence not in _said:
        _said.add(sentence)
        _log.warning(sentence)
