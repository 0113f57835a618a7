"""What nobody can know without looking: exchanges with another id, and going on as another one."""

from __future__ import annotations

from numa_runtime.explain.advice import Changes, Joined
from numa_runtime.explain.course import Kind, Step
from numa_runtime.explain.crossings import Crossing
from numa_runtime.explain.events import Event
from numa_runtime.explain.guess import Heir
from numa_runtime.explain.reasons import pairing_with
from numa_runtime.explain.telling.life import Life, number_of, rounded
from numa_runtime.explain.words import asked, compared, whose
from numa_runtime.words import count

LOOSER = 0.9
"""The match_thresh that is tried together with a longer buffer."""


def guess(heir: Heir) -> str:
    """Return what speaks for a guess."""
    return (
        f"a guess: born {count(heir.gap, 'frame')} after it was last seen, {heir.away:.0f} px from where it was "
        f"expected, IoU {heir.overlap:.2f}"
    )


def crossed(life: Life, crossing: Crossing) -> Event:
    """Tell of a close call with another id."""
    made = f"{crossing.mine.strength:.2f} + {crossing.theirs.strength:.2f}"
    swapped = f"{crossing.swapped[1].strength:.2f} + {crossing.swapped[0].strength:.2f}"
    stage = crossing.mine.stage
    measure = "IoU" if stage is None else stage.measure
    compared = f"{measure} x score" if stage is not None and stage.fused else measure
    text = (
        f"Close to an exchange with {whose(crossing.other)}: the pairs made have "
        f"{compared} {made}, the exchanged ones would have "
        f"{swapped}. If the two changed places, it was here."
    )
    step = Step(Kind.CROSSED, crossing.position, crossing.position)
    shows = crossing.begin - 3, crossing.position, crossing.end + 3
    caption = f"crosses {whose(crossing.other)}: {made} against {swapped} exchanged"
    figures = {"other": number_of(crossing.other), "margin": rounded(crossing.margin)}
    return life.event(step, text, caption, figures, shows, (crossing.other,))


def switched(life: Life, heir: Heir) -> Event:
    """Tell which id the object probably goes on as, and which change would have kept the two one."""
    position = heir.birth.position
    since = max(p for p in life.course.seen if p < position)
    why, proposals = _given_up_before(life, heir, since) if heir.ended else _not_matched(life, heir, since)
    goal = Joined(life.analysis.sighting(since, life.id), heir.birth)
    advice = life.analysis.adviser.prove(proposals, goal, "would have kept them one id")
    text = f"The object probably goes on as id {heir.track_id} ({guess(heir)}).{why}"
    if not advice:
        text += " None of the changes that were tried keeps them one id."
    caption = f"goes on as id {heir.track_id}? {heir.away:.0f} px from where it was expected, IoU {heir.overlap:.2f}"
    figures = {
        "other": heir.track_id,
        "distance_px": rounded(heir.away),
        "iou": rounded(heir.overlap),
        "gap_frames": heir.gap,
    }
    step = Step(Kind.SWITCHED, position, since)
    shows = since, max(position - 1, since + 1), position
    return life.event(step, text, caption, figures, shows, (heir.track_id,), advice)


def _given_up_before(life: Life, heir: Heir, since: int) -> tuple[str, list[Changes]]:
    """Return the sentence and the proposals where the id had ended by then: a longer buffer, alone or with more."""
    adviser = life.analysis.adviser
    buffer = life.analysis.params.buffer
    longer = adviser.for_buffer(life.analysis.elapsed(since, heir.birth.position - 1))  # the last frame to survive
    wider = adviser.change("match_thresh", LOOSER)
    both: list[Changes] = [(*longer[0], wider)] if wider.new > wider.old else []
    text = f" Id {life.id} had been given up by then ({buffer.name} {buffer.value:g})."
    return text, [*longer, *_at_loss(life, since), *both]


def _not_matched(life: Life, heir: Heir, since: int) -> tuple[str, list[Changes]]:
    """Return the sentence and the proposals where the id was still there, but was not given the detection."""
    own = pairing_with(life.analysis.pairings(heir.birth.position, life.id), heir.birth.detection)
    if own is None or own.stage is None:
        return "", _at_loss(life, since)
    text = ""
    if heir.birth.position > since + 1:  # else the loss has said so
        asks = f"the {own.stage.name} asks for {asked(own, life.analysis.rules)}"
        text = f" Id {life.id} was not given this detection: {compared(own)}, but {asks}."
    return text, [*life.analysis.adviser.for_pairing(own), *_at_loss(life, since)]


def _at_loss(life: Life, since: int) -> list[Changes]:
    """Propose what might have kept the id when it was lost: an unbroken track needs no finding again."""
    free = life.free(since + 1)
    return [] if free is None else life.analysis.adviser.for_pairing(free)
