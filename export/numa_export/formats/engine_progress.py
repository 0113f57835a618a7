"""Build progress: the builder's nested phases as one number that only grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Progress = Callable[[str, float], bool | None]
"""Called with what is being done and the share of it that is done, 0-1; returning False cancels."""


@dataclass(slots=True)
class _Phase:
    name: str
    parent: str | None
    steps: int
    done: int = 0


class Phases:
    """Keeps the open phases of a build and reports the whole; `cancelled` once the callback said False.

    What the callback raises is kept and raised by `reraise()`: an exception must not run through C++.
    """

    def __init__(self, progress: Progress | None) -> None:
        self.cancelled = False
        self._progress = progress
        self._open: dict[str, _Phase] = {}
        self._share = 0.0
        self._error: BaseException | None = None

    def start(self, name: str, parent: str | None, steps: int) -> None:
        self._open[name] = _Phase(name, parent, max(steps, 1))
        self._report(name)

    def step(self, name: str, step: int) -> bool:
        """Count a step; return whether to go on."""
        if name in self._open:
            self._open[name].done = step + 1
            self._report(name)
        return not self.cancelled

    def finish(self, name: str) -> None:
        phase = self._open.pop(name, None)
        if phase is not None and phase.parent is None:
            self._tell(name, 1.0)

    def reraise(self) -> None:
        """Raise what the callback raised, if it did."""
        if self._error is not None:
            raise self._error

    def _report(self, name: str) -> None:
        phase: _Phase | None = self._open[name]
        share = 0.0
        while phase is not None:
            share = min((phase.done + share) / phase.steps, 1.0)
            phase = self._open.get(phase.parent) if phase.parent else None
        self._tell(name, share)

    def _tell(self, name: str, share: float) -> None:
        self._share = max(self._share, share)
        if self._progress is None or self.cancelled:
            return
        try:
            self.cancelled = self._progress(name, self._share) is False
        except BaseException as error:  # KeyboardInterrupt too: it is raised again behind the C++ call
            self._error, self.cancelled = error, True


def make_monitor(trt: Any, phases: Phases) -> Any:
    """Return an `IProgressMonitor` of these bindings that feeds `phases`."""

    def init(self: Any) -> None:
        trt.IProgressMonitor.__init__(self)

    methods = {
        "__init__": init,
        "phase_start": lambda _, name, parent, steps: phases.start(name, parent, steps),
        "step_complete": lambda _, name, step: phases.step(name, step),
        "phase_finish": lambda _, name: phases.finish(name),
    }
    return type("Monitor", (trt.IProgressMonitor,), methods)()
