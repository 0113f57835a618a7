"""Where two tracks could have been exchanged: frames in which each would have fitted the other's detection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numa_runtime.explain.course import Course
from numa_runtime.explain.reasons import Pairing, Rules, pairing_with, pairings
from numa_runtime.explain.scene import NOBODY, Scene

NARROW = 0.3
"""A pairing that beats the exchanged one by more than this (sum of two strengths, at most 2) was never in doubt."""
APART = 10
"""Frames without a close call after which two tracks have crossed, and may cross again."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The narrowest frame of a crossing with `other`; mine, theirs: the pairs made; swapped: those not made."""

    position: int
    other: int
    mine: Pairing
    theirs: Pairing
    swapped: tuple[Pairing, Pairing]
    begin: int
    end: int

    @property
    def margin(self) -> float:
        """By how much the pairs made are stronger than the exchanged ones."""
        return self.mine.strength + self.theirs.strength - sum(pairing.strength for pairing in self.swapped)


def crossings(scenes: Sequence[Scene], course: Course, rules: Rules) -> list[Crossing]:
    """Return every crossing of a track with another one, each at its narrowest frame."""
    narrowest: list[Crossing] = []
    running: dict[int, int] = {}
    for position in course.seen:
        for now in _close_calls(scenes[position], course.track_id, rules):
            place = running.get(now.other)
            if place is None or position - narrowest[place].end > APART:
                running[now.other] = len(narrowest)
                narrowest.append(now)
                continue
            old = narrowest[place]
            tightest = now if now.margin < old.margin else old
            narrowest[place] = Crossing(
                tightest.position, now.other, tightest.mine, tightest.theirs, tightest.swapped, old.begin, position
            )
    return narrowest


def _close_calls(scene: Scene, track_id: int, rules: Rules) -> Iterator[Crossing]:
    ours = pairings(scene, track_id, rules)
    mine = pairing_with(ours, scene.taken_by(track_id))
    if mine is None or not mine.fits:
        return
    for alternative in ours:
        other = alternative.holder
        if other in (NOBODY, track_id) or not alternative.fits or alternative.stage is not mine.stage:
            continue
        their = pairings(scene, other, rules)
        theirs, swapped = pairing_with(their, alternative.detection), pairing_with(their, mine.detection)
        if theirs is None or swapped is None or not theirs.fits or not swapped.fits:
            continue
        call = Crossing(scene.position, other, mine, theirs, (alternative, swapped), scene.position, scene.position)
        if call.margin < NARROW:
            yield call
