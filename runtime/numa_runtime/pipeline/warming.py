"""Compiling ahead: every kernel that a run may need, made or loaded now, each with its seconds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Warmed:
    """One group of kernels: what it is for, the seconds it took, and whether it had to be compiled."""

    kernels: str
    seconds: float
    compiled: bool

    def line(self) -> str:
        """Return it as a sentence."""
        return f"{self.kernels}: {'compiled' if self.compiled else 'loaded'} in {self.seconds:.1f} s"


def warm_up(say: Callable[[str], None] | None = None, *, hooks: bool = False) -> Iterator[Warmed]:
    """Compile or load the kernels group by group, each when it is asked for.

    Once it is known that something has to be compiled, a second process compiles the later groups meanwhile: numba
    compiles one function at a time in a process, and both write the same cache.

    Args:
        say: gets one sentence before something is compiled; without it the sentence is logged.
        hooks: add the stages of the class surface (`BYTETracker` with overridden hooks), which are compiled one by
            one.

    Yields:
        Each group when it is ready.
    """
    from numa_runtime.jit import announced

    said: list[str] = []
    helpers: list[subprocess.Popen[bytes]] = []

    def tell(sentence: str) -> None:
        if not said:
            if say is not None:
                say(sentence)
            helpers.append(_compile_aside(hooks))
        said.append(sentence)

    try:
        for name, load in _groups(hooks):
            before = len(said)
            start = perf_counter()
            if helpers:
                helpers[0].wait()
            announced(load, tell)
            yield Warmed(name, perf_counter() - start, len(said) > before or bool(helpers))
    finally:
        for helper in helpers:  # ended already, unless this was broken off
            helper.kill()
            helper.wait()


def _compile_aside(hooks: bool) -> subprocess.Popen[bytes]:
    """Start a process that compiles all groups but the first; what fails there is done here."""
    code = f"from numa_runtime.pipeline import warming; warming.load_later({hooks})"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def load_later(hooks: bool) -> None:
    """Compile or load all groups but the first."""
    from numa_runtime.jit import announced

    for _, load in list(_groups(hooks))[1:]:
        announced(load, lambda _: None)


def _groups(hooks: bool) -> Iterator[tuple[str, Callable[[], object]]]:
    from numa_runtime.tracking.balls.association import load_kernels as load_assignment
    from numa_runtime.tracking.tracker import Tracker
    from numa_runtime.vision import nms

    yield "box trackers", Tracker
    yield "ball tracker", load_assignment
    yield "suppression (NMS)", nms.load_kernels
    if hooks:
        from numa_runtime.tracking.objects.byte_tracker import load_kernels

        yield "hooks of the class surface", load_kernels
