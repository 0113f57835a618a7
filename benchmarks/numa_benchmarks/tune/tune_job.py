"""The searches of one tuning: on all clips, then again without some of them; one budget of time, one progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from numa_benchmarks.tune.evaluator import Evaluator
from numa_benchmarks.tune.folds import Fold
from numa_benchmarks.tune.search import INTERRUPTED, SearchResult, search
from numa_benchmarks.tune.simplify import simplify
from numa_benchmarks.tune.space import Space
from numa_runtime.tracking.params import TrackerParams

TuneProgress = Callable[[int, int, str], None]
"""Called with (trials done, trials planned, words like "tuning: HOTA 65.8, best 68.1")."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a search found, simplified: worth says what each changed parameter adds, in points."""

    params: TrackerParams
    worth: dict[str, float]
    trials: int
    pruned: int


@dataclass(slots=True)
class TuneJob:
    """Runs `searches` searches of `trials` trials each; `stopped` says why the first ended early, or the check."""

    space: Space
    trials: int
    seed: int
    searches: int
    timeout: float | None
    progress: TuneProgress | None
    stopped: str = ""
    _begin: float = field(init=False, default_factory=monotonic)
    _searched: int = field(init=False, default=0)

    @property
    def seconds(self) -> float:
        """The seconds since the job began."""
        return monotonic() - self._begin

    def search(self, evaluator: Evaluator, clips: Sequence[int]) -> Settled:
        """Search on `clips` and put back what does not matter."""
        found = self._search(evaluator, clips, "tuning")
        self.stopped = found.stopped
        return self._settle(evaluator, clips, found)

    def check(self, evaluator: Evaluator, folds: Sequence[Fold]) -> dict[int, TrackerParams]:
        """Return for each clip what is found without it; nothing when Ctrl-C ends it, or ended the search before."""
        params: dict[int, TrackerParams] = {}
        for fold in folds:
            if self.stopped == INTERRUPTED:
                return {}
            found = self._search(evaluator, fold.seen, f"checking {self._searched}/{len(folds)}")
            if found.stopped == INTERRUPTED:
                self.stopped = INTERRUPTED
                return {}
            settled = self._settle(evaluator, fold.seen, found)
            params |= dict.fromkeys(fold.unseen, settled.params)
        return params

    def _search(self, evaluator: Evaluator, clips: Sequence[int], what: str) -> SearchResult:
        """Search with this search's share of the time."""
        before, name = self._searched * self.trials, evaluator.metric.heading
        self._searched += 1
        deadline = None if self.timeout is None else self._begin + self.timeout * self._searched / self.searches

        def watch(done: int, start: float, best: float) -> None:
            if self.progress is not None:
                words = f"{what}: {name} {start:.2f}, best {best:.2f}"
                self.progress(before + done, self.searches * self.trials, words)

        return search(self.space, evaluator, clips, trials=self.trials, seed=self.seed, deadline=deadline, watch=watch)

    def _settle(self, evaluator: Evaluator, clips: Sequence[int], found: SearchResult) -> Settled:
        params, worth = found.params, dict[str, float]()
        if found.stopped != INTERRUPTED:
            try:
                params, worth = simplify(self.space, evaluator, clips, found.params)
            except KeyboardInterrupt:
                self.stopped = INTERRUPTED
        return Settled(params, worth, found.trials, found.pruned)
