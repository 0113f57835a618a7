"""All ids of a recording at once: where they go, which of them to look at, and what single changes would do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from numa_runtime.errors import TrackerError
from numa_runtime.explain.analysis import Analysis
from numa_runtime.explain.course import Kind, Step, course_of
from numa_runtime.explain.events import Change
from numa_runtime.explain.guess import Heir
from numa_runtime.explain.page import page, page_path, paragraph, table
from numa_runtime.explain.reasons import Cause, Reason, Rules
from numa_runtime.explain.replay import fresh, take
from numa_runtime.explain.telling.ends import End, how_ended
from numa_runtime.explain.telling.life import Life
from numa_runtime.files import atomic_path
from numa_runtime.tracking.params import TrackerParams, known_names
from numa_runtime.tracking.score_thresholds import choose_thresholds, spread
from numa_runtime.words import count

TRIED: dict[str, tuple[float, ...]] = {
    "match_thresh": (-0.1, 0.1),
    "second_match_thresh": (0.2,),
    "unconfirmed_match_thresh": (0.1,),
    "track_low_thresh": (-0.05,),
    "track_high_thresh": (-0.1, 0.1),
    "new_track_thresh": (-0.1, 0.1, 0.2),
}
"""What is tried on the whole recording: by how much each parameter is moved."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a user sees of a run: ids, boxes of all frames, and how often an id of one frame is missing in the next."""

    ids: int
    boxes: int
    breaks: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of all lives.

    Attributes:
        losses: how often shown ids were lost and new ones dropped unseen, by the words of the reason.
        drops: how often shown ids were lost and new ones dropped unseen, by the words of the reason.
        heirs: (id, what it probably goes on as).
        changes: what a run with one other value would have given.
        proposed: the thresholds that the scores propose, and what a run with them would have given; None: no others.
    """

    now: Tally
    never_shown: int
    losses: Counter[str]
    drops: Counter[str]
    doubles: int
    heirs: tuple[tuple[int, Heir], ...]
    changes: tuple[tuple[Change, Tally], ...]
    proposed: tuple[Mapping[str, float], Tally] | None = None

    def lines(self) -> list[str]:
        """Return the overview as lines."""
        text = [
            f"{count(self.now.ids, 'id')} shown in {self.now.boxes:,} boxes; {self.never_shown:,} more never shown; "
            f"{count(self.doubles, 'double')} removed"
        ]
        text += _table("ids were lost", self.losses) + _table("new tracks were dropped", self.drops)
        if self.heirs:
            pairs = ", ".join(f"{old} -> {heir.track_id} ({heir.gap})" for old, heir in self.heirs[:12])
            text.append(
                f"probably one object under two ids (and the frames between): {pairs}"
                + (", ..." if len(self.heirs) > 12 else "")
            )
        if self.changes:
            text.append(f"{'what one change gives':<50}{'ids':>6}{'boxes':>8}{'breaks':>8}")
            rows = [("as it is", self.now), *((str(c), then) for c, then in self.changes if then != self.now)]
            text += [f"  {words:<48}{then.ids:>6}{then.boxes:>8}{then.breaks:>8}" for words, then in rows]
            if self.proposed is not None:
                values, then = self.proposed
                text.append(f"  {'--thresholds auto (below)':<48}{then.ids:>6}{then.boxes:>8}{then.breaks:>8}")
                text.append(f"  auto: {_named(values)}")
            idle = ", ".join(f"{c.name}={c.new:g}" for c, then in self.changes if then == self.now)
            text += [f"  no effect: {idle}"] if idle else []
            text.append(
                "  breaks: an id shown in one frame and not in the next; fewer ids are not better by themselves"
            )
        return text

    def save(self, folder: str | Path) -> Path:
        """Write explain.md and explain.json into `folder`, beside it one page, `folder`.html; return the folder.

        Raises:
            SinkError: the folder cannot be written.
        """
        where = Path(folder)
        with atomic_path(where / "explain.md") as part:
            part.write_text(f"# All ids\n\n```\n{self}\n```\n", encoding="utf-8")
        with atomic_path(where / "explain.json") as part:
            part.write_text(json.dumps(self.to_dict(), indent=2) + "\n", encoding="utf-8")
        with atomic_path(page_path(where)) as part:
            part.write_text(self._page(), encoding="utf-8")
        return where

    def _page(self) -> str:
        """Return the overview as one HTML page."""
        tried = [(str(change), *astuple(then)) for change, then in self.changes]
        if self.proposed is not None:
            tried.append((f"--thresholds auto: {_named(self.proposed[0])}", *astuple(self.proposed[1])))
        parts = [
            paragraph(f"{self.lines()[0]}."),
            table("ids were lost because", ("reason", "times"), self.losses.most_common()),
            table("new tracks were dropped because", ("reason", "times"), self.drops.most_common()),
            table(
                "probably one object under two ids",
                ("id", "goes on as", "frames between"),
                [(old, heir.track_id, heir.gap) for old, heir in self.heirs],
            ),
            table(
                "what one change gives; breaks: an id shown in one frame and not in the next",
                ("change", "ids", "boxes", "breaks"),
                [("as it is", *astuple(self.now)), *tried] if tried else [],
            ),
        ]
        return page("All ids", [part for part in parts if part])

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "ids": self.now.ids,
            "boxes": self.now.boxes,
            "breaks": self.now.breaks,
            "never_shown": self.never_shown,
            "doubles": self.doubles,
            "losses": dict(self.losses.most_common()),
            "drops": dict(self.drops.most_common()),
            "probably_one": [[old, heir.track_id] for old, heir in self.heirs],
            "changes": [
                {"parameter": c.name, "value": c.new, "ids": t.ids, "boxes": t.boxes, "breaks": t.breaks}
                for c, t in self.changes
            ],
            **({} if self.proposed is None else {"auto": {**self.proposed[0], **asdict(self.proposed[1])}}),
        }


def overview_of(analysis: Analysis) -> Overview:
    """Count all lives of a recording and try every change of `TRIED` on it."""
    losses, drops, ends = Counter[str](), Counter[str](), Counter[End]()
    lives = _lives(analysis)
    for life in lives:
        losses.update(_cause(life, step) for step in life.course.steps if step.kind is Kind.LOST)
        end = life.course.end
        if end is None:
            continue
        way = how_ended(life, end)
        ends[way] += 1
        if way is End.DROPPED:
            drops[_cause(life, end)] += 1
    never_shown = sum(not life.course.ever_shown for life in lives)
    heirs = tuple(sorted(analysis.heirs, key=lambda pair: -pair[1].likeliness))
    tried = tuple((change, tally(analysis, params)) for change, params in _variants(analysis.params))
    now, proposed = tally(analysis, analysis.params), _proposed(analysis)
    return Overview(now, never_shown, losses, drops, ends[End.DOUBLE], heirs, tried, proposed)


def _proposed(analysis: Analysis) -> tuple[Mapping[str, float], Tally] | None:
    """Return the thresholds that the recorded scores propose with what they give, None where they propose no others."""
    moments, params = analysis.moments, analysis.params
    seen = [moments[index].detections[:, -2] for index in spread(len(moments)).tolist()] if moments else []
    scores = np.concatenate(seen) if seen else np.zeros(0)
    chosen = choose_thresholds(scores, fused=getattr(params, "fuse_score", False)).values
    names = known_names(type(params))
    values = {name: value for name, value in chosen.items() if name in names and value != getattr(params, name)}
    if not values:
        return None
    try:
        return values, tally(analysis, replace(params, **values))
    except TrackerError:
        return None


def _named(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name}={value:g}" for name, value in values.items())


def _lives(analysis: Analysis) -> list[Life]:
    """Return the life of every id, those that were never shown included."""
    ids = sorted({int(i) for scene in analysis.scenes for i in (*scene.after.ids, *scene.ended.ids)})
    return [Life(analysis, course_of(analysis.scenes, track_id, analysis.rules)) for track_id in ids]


def _cause(life: Life, step: Step) -> str:
    """Return in a few words why the id went without a detection in this frame."""
    reason, _ = life.analysis.reason(step.position, life.id)
    return short(reason, life.analysis.rules)


def tally(analysis: Analysis, params: Any) -> Tally:
    """Run a tracker with `params` over the recording and count what comes out."""
    tracker, ids, boxes, breaks = fresh(params), set[int](), 0, 0
    before: set[int] = set()
    for moment in analysis.moments:
        now = {int(i) for i in take(tracker, moment)[:, -4]}
        ids |= now
        boxes += len(now)
        breaks += len(before - now)
        before = now
    return Tally(len(ids), boxes, breaks)


def short(reason: Reason, rules: Rules) -> str:
    """Return a reason in a few words, the same for all cases of a kind."""
    stage = None if reason.pairing is None else reason.pairing.stage
    words = {
        Cause.NOTHING: "nothing was detected there",
        Cause.LIMIT: "" if stage is None else f"too little overlap for {rules.said(stage.limit_name, stage.limit)}",
        Cause.TAKEN: "another id took the detection",
        Cause.HIDDEN: "only another id was detected there",
        Cause.WEAK: f"score below {rules.said(rules.bands[-1].low_name, rules.bands[-1].low)}",
        Cause.CLOSED: f"score below {rules.said(rules.bands[0].low_name, rules.bands[0].low)}",
        Cause.CLASS: "another class",
        Cause.UNKNOWN: "more than boxes and scores decided",
    }
    return words[reason.cause]


def _variants(params: TrackerParams) -> Iterator[tuple[Change, TrackerParams]]:
    """Yield each change that the tracker accepts, with its parameters."""
    names, buffer = known_names(type(params)), params.buffer
    for name in (name for name in TRIED if name in names):
        old = getattr(params, name)
        for move in TRIED[name]:
            yield from _accepted(params, Change(name, old, round(old + move, 3)))
    for name in (name for name in ("fuse_score", "use_byte") if name in names):
        yield from _accepted(params, Change(name, getattr(params, name), not getattr(params, name)))
    for factor in (0.5, 2):
        yield from _accepted(params, Change(buffer.name, buffer.value, buffer.value * factor))


def _accepted(params: TrackerParams, change: Change) -> Iterator[tuple[Change, TrackerParams]]:
    try:
        yield change, replace(params, **{change.name: change.new})
    except TrackerError:
        return


def _table(title: str, counts: Counter[str]) -> list[str]:
    if not counts:
        return []
    return [f"{title} {count(counts.total(), 'time')}:", *(f"{n:>6}  {words}" for words, n in counts.most_common())]
