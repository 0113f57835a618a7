"""A recording replayed once, and everything that can be asked of it about any id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numa_runtime.explain.advice import Adviser
from numa_runtime.explain.guess import Heir, heirs
from numa_runtime.explain.moment import Moment
from numa_runtime.explain.reasons import Pairing, Reason, Rules, pairing_with, pairings, why_without
from numa_runtime.explain.replay import scenes_of
from numa_runtime.explain.scene import NOBODY, Scene, Sighting
from numa_runtime.explain.words import Said, why
from numa_runtime.tracking.params.memory import Appearance


@dataclass(frozen=True)
class Analysis:
    """Scenes of a recording, and the tracker's rules; `from_model` are thresholds that the model's contract gave."""

    moments: Sequence[Moment]
    params: Any
    from_model: frozenset[str] = frozenset()

    @cached_property
    def scenes(self) -> list[Scene]:
        """What every frame looked like to the tracker."""
        return scenes_of(self.moments, self.params)

    @cached_property
    def rules(self) -> Rules:
        """The tracker's stages."""
        also = ["it looks the same"] if isinstance(self.params.memory, Appearance) else []
        also += ["its pose fits"] if self.params.pose_weight else []
        return Rules(self.params.associations(), bool(self.params.per_class), " or ".join(also), self.from_model)

    @cached_property
    def heirs(self) -> list[tuple[int, Heir]]:
        """Which id probably went on as which."""
        return heirs(self.scenes, within=max(45.0, 3.0 * self.params.buffer_frames))

    @cached_property
    def adviser(self) -> Adviser:
        """Who tries changes."""
        return Adviser(self.moments, self.params, self.rules, len(self.shown))

    @cached_property
    def shown(self) -> frozenset[int]:
        """The ids that users ever saw."""
        return frozenset(int(i) for moment in self.moments for i in moment.rows[:, -4])

    def heir_of(self, track_id: int) -> Heir | None:
        """Return the id that `track_id` probably goes on as."""
        return next((heir for old, heir in self.heirs if old == track_id), None)

    def forerunner_of(self, track_id: int) -> tuple[int, Heir] | None:
        """Return the id that `track_id` probably continues."""
        return next(((old, heir) for old, heir in self.heirs if heir.track_id == track_id), None)

    def pairings(self, position: int, track_id: int) -> list[Pairing]:
        """Return every detection of a frame held against one track, most promising first."""
        return pairings(self.scenes[position], track_id, self.rules)

    def match(self, position: int, track_id: int) -> Pairing | None:
        """Return the pairing of a track with the detection it took."""
        return pairing_with(self.pairings(position, track_id), self.scenes[position].taken_by(track_id))

    def sighting(self, position: int, track_id: int) -> Sighting:
        """Return the detection a track took in a frame."""
        return Sighting(position, self.scenes[position].taken_by(track_id))

    def reason(self, position: int, track_id: int) -> tuple[Reason, Said]:
        """Return why a track went without a detection in a frame, and the words for it."""
        reason = why_without(self.pairings(position, track_id))
        contested, rival = reason.pairing, None
        if contested is not None and contested.holder != NOBODY:
            rival = pairing_with(self.pairings(position, contested.holder), contested.detection)
        return reason, why(reason, self.rules, rival)

    def elapsed(self, since: int, position: int) -> float:
        """Return the nominal frames that passed between two positions."""
        return sum(scene.dt for scene in self.scenes[since + 1 : position + 1])
