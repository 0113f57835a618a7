"""Compiling ahead: every kernel that a run may need, made or loaded now, each with its seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


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

    `hooks` adds the stages of the class surface (`BYTETracker` with overridden hooks), which are compiled one by
    one. `say` gets one sentence before something is compiled; without it the sentence is logged.
    """
    from numa_runtime.jit import announced

    said: list[str] = []

    def tell(sentence: str) -> None:
        if say is not None and not said:
            say(sentence)
        said.append(sentence)

    for name, load in _groups(hooks):
        before = len(said)
        seconds = announced(load, tell)
        yield Warmed(name, seconds, len(said) > before)


def _groups(hooks: bool) -> Iterator[tuple[str, Callable[[], object]]]:
    from numa_runtime.tracking.balls import BallTracker
    from numa_runtime.tracking.tracker import Tracker
    from numa_runtime.vision import nms

    yield "box trackers", Tracker
    yield "ball tracker", BallTracker
    yield "suppression (NMS)", nms.load_kernels
    if hooks:
        from numa_runtime.tracking.objects.byte_tracker import load_kernels

        yield "hooks of the class surface", load_kernels
