"""The sentences: what a stage compared, and which threshold decided, for somebody who never saw the code."""

from __future__ import annotations

from dataclasses import dataclass

from numa_runtime.explain.reasons import Cause, Pairing, Reason, Rules
from numa_runtime.explain.scene import NOBODY
from numa_runtime.tracking.params.associations import Cost, Reference, Standing


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in full, and the one line that goes under a picture."""

    text: str
    caption: str


def whose(track_id: int) -> str:
    """Return "id 7", or what a track without a number is called (`ShownIds` counts those below 0)."""
    return f"id {track_id}" if track_id > 0 else "a track that was never shown"


def told_apart(value: float, other: float) -> tuple[str, str]:
    """Return two numbers with as many digits (two to five) as it takes to tell them apart."""
    for digits in (2, 3, 4, 5):
        a, b = f"{value:.{digits}f}", f"{other:.{digits}f}"
        if a != b:
            break
    return a, b


def compared(pairing: Pairing) -> str:
    """Return "IoU 0.24 x score 0.71 = 0.17", or "IoU 0.24" where the score does not enter."""
    stage = pairing.stage
    if stage is None:
        return f"IoU {pairing.overlap:.2f}"
    strength, _ = told_apart(pairing.strength, stage.needed)
    if stage.reference is Reference.LAST_SEEN:
        return f"IoU {strength} with where it was seen last"
    if stage.fused:
        return f"{stage.measure} {pairing.compared_overlap:.2f} x score {pairing.score:.2f} = {strength}"
    return f"{stage.measure} {strength}"


def asked(pairing: Pairing, rules: Rules) -> str:
    """Return "more than 0.20 (match_thresh 0.8)", what the stage asks of this pairing."""
    stage = pairing.stage
    if stage is None:
        return "nothing"
    _, needed = told_apart(pairing.strength, stage.needed)
    return f"more than {needed} ({rules.said(stage.limit_name, stage.limit)})"


def why(reason: Reason, rules: Rules, rival: Pairing | None = None) -> Said:
    """Return why a track went without a detection; `rival` is the winner's own pairing with the contested one."""
    p = reason.pairing
    if p is None:
        return Said("Nothing at all was detected in this frame.", "nothing detected")
    return _TELLERS[reason.cause](_Case(p, reason.free, rules, rival))


@dataclass(frozen=True, slots=True)
class _Case:
    """A reason with all that its sentence may need."""

    pairing: Pairing
    free: Pairing | None
    rules: Rules
    rival: Pairing | None


def _nothing(case: _Case) -> Said:
    p = case.pairing
    text = f"No detection overlaps the predicted box; the nearest is {p.away:.0f} px away (score {p.score:.2f})."
    return Said(text, f"no overlap: nearest detection {p.away:.0f} px away")


def _limit(case: _Case) -> Said:
    p = case.pairing
    assert p.stage is not None
    _, needed = told_apart(p.strength, p.stage.needed)
    text = f"The best free detection has {compared(p)}, but the {p.stage.name} asks for {asked(p, case.rules)}."
    if p.starts != NOBODY:
        text += f" It started {whose(p.starts)} instead."
    return Said(text, f"{compared(p)} <= {needed} = 1 - {p.stage.limit_name} {p.stage.limit:g}")


def _weak(case: _Case) -> Said:
    p = case.pairing
    lowest = case.rules.bands[-1]
    score, _ = told_apart(p.score, lowest.low)
    text = (
        f"A detection lies there (IoU {p.overlap:.2f}), but its score {score} is too low for every association: "
        f"{case.rules.said(lowest.low_name, lowest.low, ' is ')}."
    )
    return Said(text, f"score {score} below {lowest.low_name} {lowest.low:g}")


def _closed(case: _Case) -> Said:
    p = case.pairing
    high = case.rules.bands[0]
    who = "confirm new ones" if p.standing is Standing.UNCONFIRMED else "bring back lost ones"
    text = (
        f"A detection lies there (IoU {p.overlap:.2f}), but its score {p.score:.2f} is below "
        f"{case.rules.said(high.low_name, high.low)}: low detections keep tracked ids, they do not {who}."
    )
    return Said(text, f"score {p.score:.2f} below {high.low_name} {high.low:g}: not offered to this track")


def _class(case: _Case) -> Said:
    p = case.pairing
    text = (
        f"A detection lies there (IoU {p.overlap:.2f}), but it is of another class, and per_class keeps classes apart."
    )
    return Said(text, "another class: per_class")


def _taken(case: _Case) -> Said:
    p = case.pairing
    winner = whose(p.holder)
    text, caption = f"Its best detection ({compared(p)}) went to {winner}", f"its detection went to {winner}"
    if case.rival is None:
        text += "."
    elif case.rival.strength > p.strength:
        ours, theirs = told_apart(p.strength, case.rival.strength)
        text += f", which fits it better ({theirs} against {ours})."
        caption += f": {theirs} against {ours}"
    else:
        text += ", because so all tracks together fit best."
    text += " " + _next_best(case.free, case.rules)
    return Said(text, caption)


def _next_best(free: Pairing | None, rules: Rules) -> str:
    """Return what there was besides a detection that another id took."""
    if free is None:
        return "No other detection overlaps: only one of the two was detected."
    if free.band is None:
        lowest = rules.bands[-1]
        score, _ = told_apart(free.score, lowest.low)
        below = rules.said(lowest.low_name, lowest.low)
        return f"The next best (IoU {free.overlap:.2f}) has score {score}, below {below}."
    if free.stage is None:
        return (
            f"The next best (IoU {free.overlap:.2f}, score {free.score:.2f}) is a low one, not offered to this track."
        )
    started = f"; it started {whose(free.starts)}" if free.starts != NOBODY else ""
    if free.fits:
        return f"The next best has {compared(free)}{started}."
    return f"The next best has {compared(free)}, and the {free.stage.name} asks for {asked(free, rules)}{started}."


def _hidden(case: _Case) -> Said:
    p = case.pairing
    with_it = (
        f"IoU {case.rival.overlap:.2f} with it, {p.overlap:.2f} with this one" if case.rival else f"IoU {p.overlap:.2f}"
    )
    text = f"The only detection there belongs to {whose(p.holder)} ({with_it}): probably hidden behind it."
    return Said(text, f"only {whose(p.holder)} was detected here")


def _unknown(case: _Case) -> Said:
    p = case.pairing
    if p.stage is not None and p.stage.cost is Cost.FALLING_SCORE:
        text = (
            f"A detection with {compared(p)} was free, but its score {p.score:.2f} lies too far from the one that the "
            f"{p.stage.name} expected (low_score_weight)."
        )
        return Said(text, f"score {p.score:.2f} is not the expected one")
    if p.stage is not None and p.stage.cost is Cost.ALL_CUES:
        text = (
            f"A detection with {compared(p)} was free, but its score, its direction or the tightening rounds made it "
            f"too dear for the {p.stage.name} ({case.rules.said(p.stage.limit_name, p.stage.limit)})."
        )
        return Said(text, "its score, its direction or the rounds")
    if p.stage is not None and p.stage.cost is Cost.BOOSTED:
        text = (
            f"A detection with {compared(p)} was free, but its score {p.score:.2f} is below track_high_thresh, and no "
            "track overlaps it so much that it counts for more (likely_boost)."
        )
        return Said(text, f"score {p.score:.2f} is too low, and was not raised")
    text = (
        f"A detection with {compared(p)} was free and would have fitted; the tracker uses more than boxes and scores."
    )
    return Said(text, "a fitting detection was left")


_TELLERS = {
    Cause.NOTHING: _nothing,
    Cause.LIMIT: _limit,
    Cause.WEAK: _weak,
    Cause.CLOSED: _closed,
    Cause.CLASS: _class,
    Cause.TAKEN: _taken,
    Cause.HIDDEN: _hidden,
    Cause.UNKNOWN: _unknown,
}


def matched(pairing: Pairing | None, rules: Rules) -> Said:
    """Return by what a track got its detection."""
    if pairing is None or pairing.stage is None:
        return Said("Matched by something beyond its predicted box.", "matched beyond the predicted box")
    name, strength, needed = pairing.stage.name, compared(pairing), asked(pairing, rules)
    if pairing.fits:
        return Said(f"The {name} matched it: {strength}, {needed}.", f"{name}: {strength}, {needed}")
    if rules.also:
        alone = f"{strength} alone would not have been {needed}"
        return Said(f"The {name} matched it because {rules.also}: {alone}.", f"{name}: {rules.also} ({strength})")
    return Said(f"The {name} matched it: {strength}.", f"{name}: {strength}")
