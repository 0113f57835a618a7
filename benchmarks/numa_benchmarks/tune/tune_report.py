"""TuneReport: what tuning gained, where it holds, which parameters did it; as text, JSON and YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from numa_benchmarks.metrics.evidence import Evidence, caution, compare
from numa_benchmarks.metrics.mot import MotReport, MotScores
from numa_benchmarks.tune.metric import TuneMetric
from numa_runtime.tracking.params import TrackerParams

KEYS = ("hota", "mota", "idf1", "id_switches")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same clips with the parameters at the start and with the tuned ones; ratios in percent."""

    default: MotScores
    tuned: MotScores

    def gain(self, metric: TuneMetric) -> float:
        """Return what tuning added, in points."""
        return metric.of(self.tuned) - metric.of(self.default)

    def rows(self, clips: str) -> list[dict[str, Any]]:
        """Return one row per set of parameters under the keys of `--json`."""
        pairs = (("default", self.default), ("tuned", self.tuned))
        return [
            {"clips": clips, "parameters": which, **{key: getattr(scores, key) for key in KEYS}}
            for which, scores in pairs
        ]

    def lines(self) -> list[str]:
        """Return default, tuned and gain as lines of a table."""
        pairs = [(getattr(self.default, key), getattr(self.tuned, key)) for key in KEYS]
        lines = []
        for at, which in enumerate(("default", "tuned")):
            lines.append(f"{which:<10}" + "".join(_figure(pair[at]) for pair in pairs))
        return [*lines, f"{'gain':<10}" + "".join(_figure(after - before, sign="+") for before, after in pairs)]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Clips that were not tuned on, at the start and tuned without them; how: "3 folds", "held out", ...

    Attributes:
        default: the figures at the start.
        tuned: those with parameters that were tuned without the clip.
        how: the split, in words.
        independent: whether the clips are sequences of their own, not parts of one.
    """

    default: MotReport
    tuned: MotReport
    how: str
    independent: bool = True

    @property
    def comparison(self) -> Comparison:
        """All clips together."""
        return Comparison(self.default.combined, self.tuned.combined)

    @property
    def clips(self) -> int:
        """How many clips there are."""
        return len(self.tuned.sequences)

    def better(self, metric: TuneMetric) -> int:
        """Return on how many of the clips the tuned parameters score higher."""
        pairs = zip(self.default.sequences, self.tuned.sequences, strict=True)
        return sum(metric.of(after) > metric.of(before) for before, after in pairs)

    def evidence(self, metric: TuneMetric) -> Evidence | None:
        """Return whether the gain is more than luck; None where the clips are parts of one, which says nothing."""
        if not self.independent:
            return None
        found = compare(self.default.counts, self.tuned.counts)
        return next(each for each in found if each.metric == metric.value)


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One parameter.

    Measured, not estimated: optuna's importances, tried on a scene where only the thresholds of birth matter, put
    others before them in a search of 40 trials.

    Attributes:
        name: the parameter.
        default: its value at the start.
        tuned: the best value found.
        worth: points lost when it alone goes back to its default (None where that was not measured).
    """

    name: str
    default: Any
    tuned: Any
    worth: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "default": plain(self.default),
            "tuned": plain(self.tuned),
            "worth_points": self.worth,
        }


@dataclass(frozen=True, slots=True)
class TuneReport:
    """A finished (or stopped) tuning.

    Attributes:
        metric: what was tuned for.
        default: all parameters at the start.
        tuned: the best parameters found.
        sequences: what was tuned on.
        frames: what was tuned on.
        seen: the metric on what was tuned on.
        unseen: the metric on what was not.
        changes: the parameters that changed.
        trials: of the search on all of them, not those of the folds.
        planned: trials that were asked for.
        pruned: of the trials, those given up early.
        seed: of the search.
        seconds: everything together.
        stopped: "", "interrupted" or "timeout".
    """

    metric: TuneMetric
    default: TrackerParams
    tuned: TrackerParams
    sequences: tuple[str, ...]
    frames: int
    seen: Comparison
    unseen: Unseen | None
    changes: tuple[ParameterChange, ...]
    trials: int
    planned: int
    pruned: int
    seed: int
    seconds: float
    stopped: str = ""

    @property
    def tracker(self) -> str:
        """The tracker's name."""
        return self.tuned.tracker_type

    @property
    def holds(self) -> bool | None:
        """Whether tuned beats default on unseen clips; None when that was not checked."""
        return None if self.unseen is None else self.unseen.comparison.gain(self.metric) > 0

    def lines(self) -> list[str]:
        """Return the tables as people read them, and after them what is to be known about them."""
        title = f"{self.tracker} tuned for {self.metric.heading} on {_count(len(self.sequences), 'sequence')}"
        trials = f"{self.trials} trials ({self.pruned} given up early), seed {self.seed}, {self.seconds:.0f} s"
        heads = "".join(f"{head:>9}" for head in ("HOTA", "MOTA", "IDF1", "IDSW"))
        lines = [f"{title} ({self.frames:,} frames): {trials}", "", f"{'':<10}{heads}", *self.seen.lines()]
        if self.unseen is not None:
            lines += ["", f"not seen while tuning ({self.unseen.how})", *self.unseen.comparison.lines()]
        return [*lines, "", *_changes(self.changes, self.metric), *(f"! {remark}" for remark in self.remarks())]

    def remarks(self) -> list[str]:
        """Return what the figures do not say by themselves."""
        said = []
        if self.stopped:
            why = "Ctrl-C" if self.stopped == "interrupted" else "the time limit"
            after = f"search after {self.trials} of {self.planned} trials; this is the best so far"
            said.append(f"{why} ended the {after if self.trials < self.planned else 'check on unseen clips'}")
        if self.tuned == self.default:
            return [*said, f"nothing better than the start was found: keep {self.tracker} as it is"]
        return [*said, *self._verdict()]

    def _verdict(self) -> list[str]:
        seen, name = self.seen.gain(self.metric), self.metric.heading
        if self.unseen is None:
            return ["not checked on clips it did not see: label a second clip, or expect less elsewhere"]
        gain, better = self.unseen.comparison.gain(self.metric), self.unseen.better(self.metric)
        counted = f" (better on {better} of {self.unseen.clips})" if self.unseen.clips > 1 else ""
        figures = f"{seen:+.2f} {name} where tuned, {gain:+.2f} where not seen{counted}"
        if gain <= 0:
            words = f"the gain does not hold: {figures}; keep the defaults, or label more clips"
        elif gain < seen / 2 or 2 * better < self.unseen.clips:
            words = f"the gain holds in part: {figures}; more labelled clips would help"
        else:
            words = f"the gain holds: {figures}"
        return [words, *self._evidence()]

    def _evidence(self) -> list[str]:
        """Return how sure the gain on unseen clips is."""
        if self.unseen is None:
            return []
        evidence = self.unseen.evidence(self.metric)
        if evidence is not None:
            if evidence.interval is None:
                return []
            luck = ", which luck alone could give" if min(evidence.interval) <= 0 <= max(evidence.interval) else ""
            return [f"not seen: {evidence.line()}{luck}", *filter(None, [caution(evidence.sequences)])]
        one = "the unseen parts are of the same clip: expect less on other footage"
        return [one] if self.unseen.clips > 1 else []

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        rows = self.seen.rows("tuned on")
        evidence = None if self.unseen is None else self.unseen.evidence(self.metric)
        if self.unseen is not None:
            rows += self.unseen.comparison.rows("not seen")
        return {
            "tracker": self.tracker,
            "metric": self.metric.value,
            "sequences": list(self.sequences),
            "frames": self.frames,
            "gain_points": self.seen.gain(self.metric),
            "unseen_gain_points": None if self.unseen is None else self.unseen.comparison.gain(self.metric),
            "unseen_how": None if self.unseen is None else self.unseen.how,
            "unseen_clips": None if self.unseen is None else self.unseen.clips,
            "unseen_better": None if self.unseen is None else self.unseen.better(self.metric),
            "unseen_evidence": evidence.to_dict() if evidence is not None else None,
            "holds": self.holds,
            "rows": rows,
            "changes": [change.to_dict() for change in self.changes],
            "trials": self.trials,
            "planned_trials": self.planned,
            "pruned_trials": self.pruned,
            "seed": self.seed,
            "seconds": self.seconds,
            "stopped": self.stopped,
            "remarks": self.remarks(),
        }


def plain(value: Any) -> Any:
    """Return a parameter's value as JSON and YAML know it."""
    return str(value.value) if isinstance(value, Enum) else value


def _changes(changes: Sequence[ParameterChange], metric: TuneMetric) -> list[str]:
    """Return the table of parameters."""
    width = max([len("parameter"), *(len(change.name) for change in changes)])
    lines = [f"{'parameter':<{width}}{'default':>10}{'tuned':>10}{'worth ' + metric.heading:>13}"]
    for change in changes:
        tuned = "-" if change.tuned == change.default else _short(change.tuned)
        worth = "-" if change.worth is None else f"{change.worth:.2f}"
        lines.append(f"{change.name:<{width}}{_short(change.default):>10}{tuned:>10}{worth:>13}")
    return lines


def _figure(value: float, sign: str = "") -> str:
    return f"{value:{sign}9d}" if isinstance(value, int) else f"{value:{sign}9.2f}"


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(plain(value))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
