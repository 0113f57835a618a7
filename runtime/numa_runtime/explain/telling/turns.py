"""Birth, confirmation, rescue, loss and return, told."""

from __future__ import annotations

from numa_runtime.explain.advice import Joined
from numa_runtime.explain.course import State, Step
from numa_runtime.explain.events import Advice, Event
from numa_runtime.explain.prehistory import prehistory
from numa_runtime.explain.telling.guesses import guess
from numa_runtime.explain.telling.life import (
    LONG_GAP,
    WORTH_TRYING,
    Life,
    named,
    numbers,
    reason_numbers,
    rounded,
)
from numa_runtime.explain.words import matched, told_apart
from numa_runtime.tracking.params.associations import Standing
from numa_runtime.words import count

MOST_TRIES = 6
"""Earlier detections that an advice is sought for."""
LOOSE = 0.5
"""An id that is found again with a smaller overlap may have jumped to something else."""


def born(life: Life, step: Step) -> Event:
    """Tell which detection began the id, and whose object it may have been before."""
    scene, params = life.analysis.scenes[step.position], life.analysis.params
    score = float(scene.scores[scene.taken_by(life.id)])
    scored, floor = told_apart(score, params.birth_thresh)[0], f"{params.birth_thresh:g}"
    gate = "conf" if params.birth_conf > params.new_track_thresh else "new_track_thresh"
    named_gate = life.analysis.rules.said(gate, params.birth_thresh)
    text = f"A detection of score {scored} that matched no track began it ({named_gate})."
    if scene.after.standing_of(life.id) is Standing.TRACKED:
        text += f" It is shown at once, as all are in the first frame{'s' if params.min_hits > 1 else ''}."
    others: tuple[int, ...] = ()
    before = life.analysis.forerunner_of(life.id)
    if before is not None:
        old, heir = before
        others = (old,)
        text += f" Probably the object that was id {old} ({guess(heir)})."
    figures = {"score": rounded(score), gate: params.birth_thresh}
    late, advice = _came_late(life, step) if before is None else ("", ())
    shows = step.position - 1, step.position, step.position + 1
    return life.event(step, text + late, f"score {scored}, {gate} {floor}", figures, shows, others, advice)


def _came_late(life: Life, step: Step) -> tuple[str, tuple[Advice, ...]]:
    """Return a sentence, with a space before it, on detections that might have begun the id earlier, and advice."""
    scenes, birth = life.analysis.scenes, life.analysis.sighting(step.position, life.id)
    past = prehistory(scenes, life.analysis.shown, birth)
    if past is None:
        return "", ()
    since, times = scenes[past.sightings[0].position].number, count(len(past.scores), "time")
    text = f" It was probably detected since frame {since} already, {times}, with scores {min(past.scores):.2f} to "
    text += f"{max(past.scores):.2f}"
    if past.ids:
        text += f": {_those(past.ids)} began on it, but ended before they were shown"
    adviser = life.analysis.adviser
    for sighting, score in list(past.first_of_each_score().items())[:MOST_TRIES]:
        outcome = f"would have begun it in frame {scenes[sighting.position].number}"
        if advice := adviser.prove(adviser.for_birth(score), Joined(sighting, birth), outcome):
            return f"{text}.", advice
    return f"{text}.", ()


def _those(ids: tuple[int, ...]) -> str:
    """Return "ids 4, 7", or how many tracks there were where they have no number."""
    if min(ids) < 0:
        return count(len(ids), "track")
    return f"id{'s' if len(ids) > 1 else ''} {', '.join(map(str, ids))}"


def confirmed(life: Life, step: Step) -> Event:
    """Tell by what a new track was seen again."""
    pairing = life.match(step.position)
    said = matched(pairing, life.analysis.rules)
    return life.event(step, f"{said.text} From here on it is shown.", said.caption, numbers(pairing))


def rescued(life: Life, step: Step) -> Event:
    """Tell that low detections kept the id, and for how long."""
    pairing, run = life.match(step.position), 0
    while step.position + run <= life.course.last and life.state(step.position + run) is State.WEAK:
        run += 1
    said, high = matched(pairing, life.analysis.rules), life.analysis.rules.bands[0]
    score = "" if pairing is None else f"score {pairing.score:.2f}, "
    kept = f"Kept by low detections for {count(run, 'frame')}"
    text = f"{kept} ({score}below {life.analysis.rules.said(high.low_name, high.low)}). {said.text}"
    return life.event(step, text, said.caption, {**numbers(pairing), "frames": run})


def lost(life: Life, step: Step) -> Event:
    """Tell what kept the id from a detection; advise if it stays away for long."""
    reason, said = life.analysis.reason(step.position, life.id)
    later = life.next_seen(step.position)
    advice: tuple[Advice, ...] = ()
    if later - step.position >= LONG_GAP and reason.free is not None and reason.free.overlap >= WORTH_TRYING:
        advice = life.advice_to_keep(step, reason.free)
    shows = step.since, step.position, later if later <= step.position + LONG_GAP else step.position + 3
    return life.event(step, said.text, said.caption, reason_numbers(reason), shows, named(reason), advice)


def found(life: Life, step: Step) -> Event:
    """Tell which stage found the id again, how far off the prediction was, and how near it came before."""
    pairing, gap = life.match(step.position), step.position - step.since
    said = matched(pairing, life.analysis.rules)
    text = f"Found again, {count(gap, 'frame')} after it was last seen. {said.text}"
    if pairing is not None:
        text += f" It was {pairing.away:.0f} px from where it was expected."
        if pairing.overlap < LOOSE:
            text += " That is a loose fit: look whether it is still the same object."
    middle = life.nearest_miss(step.since, step.position)
    text += life.in_between(step.since, step.position, middle)
    shows = step.since, step.position - 1 if middle is None else middle, step.position
    return life.event(step, text, said.caption, {**numbers(pairing), "frames_unseen": gap - 1}, shows)
