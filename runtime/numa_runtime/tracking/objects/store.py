"""The objects of one tracker: which object stands for which slot, and the pools as lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.objects.home import Alone, copy_slot
from numa_runtime.tracking.objects.strack import STrack
from numa_runtime.tracking.state import State
from numa_runtime.tracking.tracker import Tracker


class Store:
    """A tracker's slots as a home of tracks.

    Objects are made when they are asked for; callers that never ask pay nothing. A track whose slot is given back takes
    its last numbers with it, so that an object kept by the caller never shows another track.
    """

    def __init__(self, core: Tracker, kind: type[STrack]) -> None:
        self.core, self.kind = core, kind
        self.objects: dict[int, STrack] = {}
        self._handed: dict[int, list[STrack]] = {}  # lists given out since the last frame, which may have been changed

    @property
    def state(self) -> State:
        """The core's blocks."""
        return self.core._state

    @property
    def floats(self) -> Floats:
        """As `layout` describes it."""
        return self.state.floats

    @property
    def ints(self) -> Ints:
        """As `layout` describes it."""
        return self.state.ints

    @property
    def coupled(self) -> Floats:
        """As `layout` describes it."""
        return self.state.coupled

    @property
    def params(self) -> Floats:
        """As `layout` describes it."""
        return self.state.params

    @property
    def counters(self) -> Ints:
        """As `layout` describes it."""
        return self.state.counters

    @property
    def classic(self) -> bool:
        """Whether the published semantics are asked for."""
        return self.core.params.classic

    @property
    def rotated(self) -> bool:
        """Whether the boxes seen so far are rotated."""
        return bool(self.counters[at.C_COLUMNS] == 7)

    def clock_at(self, frame: int) -> float:
        """Return the clock of a frame: frames come evenly here."""
        return self.core._clock + float(frame - int(self.counters[at.C_FRAME]))

    def next_id(self) -> int:
        """Count one more track and return its id."""
        self.counters[at.C_NEXT_ID] += 1
        return int(self.counters[at.C_NEXT_ID])

    def make_coupled(self) -> None:
        """Make room for coupled covariances."""
        self.state.make_coupled()
        self.core.take_memory()

    def make_room(self, needed: int) -> None:
        """Make room for `needed` tracks and detections together."""
        self.state.make_room(needed)
        self.core.take_memory()

    # Slots and objects.

    def object_at(self, slot: int) -> STrack:
        """Return the object that stands for a slot."""
        if slot not in self.objects:
            self.objects[slot] = self.kind.view(self, slot, self.rotated)
            self.objects[slot]._store = self
        return self.objects[slot]

    def admit(self, track: STrack) -> None:
        """Move a track into a free slot."""
        if self.counters[at.L_FREE] == 0:
            self.make_room(self.state.capacity + 1)
        self.counters[at.L_FREE] -= 1
        slot = int(self.state.lists[at.L_FREE, self.counters[at.L_FREE]])
        copy_slot(track._home, track._slot, self, slot)
        self.ints[slot, at.RETIRED], self.ints[slot, at.POOL] = 0, at.IN_NONE
        track._store, track._home, track._slot, self.objects[slot] = self, self, slot, track

    def slots(self, tracks: Iterable[STrack]) -> list[int]:
        """Return the slots of `tracks`, each once; one that is not here is admitted.

        A track that left this tracker comes back under its id, any other gets one of this tracker's.
        """
        found: dict[int, None] = {}
        for track in tracks:
            if track._home is not self:
                known = track._store is self and 0 < track.track_id <= self.counters[at.C_NEXT_ID]
                taken = known and any(other.track_id == track.track_id for other in self.objects.values())
                self.admit(track)
                if not known or taken:
                    track.track_id = self.next_id()
            found[track._slot] = None
        return list(found)

    def write(self, which: int, slots: Sequence[int]) -> None:
        """Make list `which` of the state hold `slots`."""
        self.state.lists[which, : len(slots)] = slots
        self.counters[which] = len(slots)

    def read(self, which: int) -> list[int]:
        """Return the slots in list `which` of the state."""
        return cast("list[int]", self.state.lists[which, : self.counters[which]].tolist())

    # Pools.

    def pool(self, which: int) -> list[STrack]:
        """Return the tracks of L_TRACKED or L_LOST as a list; changes to it are taken over before the next frame."""
        if which not in self._handed:
            self._handed[which] = [self.object_at(slot) for slot in self.read(which)]
        return self._handed[which]

    def set_pool(self, which: int, tracks: Iterable[STrack]) -> None:
        """Replace the tracks of L_TRACKED or L_LOST."""
        self._handed[which] = list(tracks)

    def commit(self) -> bool:
        """Take over what the caller changed in the lists he was given; return whether he did."""
        changed = False
        for which, mark in ((at.L_TRACKED, at.IN_TRACKED), (at.L_LOST, at.IN_LOST)):
            if which in self._handed:
                slots = self.slots(self._handed[which])
                if slots != self.read(which):
                    self.write(which, slots)
                    changed = True
                self.ints[slots, at.POOL] = mark
        return changed

    def end_step(self) -> list[STrack]:
        """Release what the compiled step removed from the pools; return the tracks that ended."""
        self._handed.clear()
        ended = [self.object_at(slot) for slot in self.read(at.L_ENDED_SLOT)]
        if self.objects:
            pools = self.ints[:, at.POOL]
            for slot in [slot for slot in self.objects if pools[slot] == at.IN_NONE]:
                self.detach(self.objects.pop(slot))
        return ended

    def end_frame(self) -> list[STrack]:
        """Release what left the pools, whatever the hooks did to it; return the tracks that ended."""
        self._handed.clear()
        ended = [self.object_at(slot) for slot in self.read(at.L_ENDED_SLOT)]
        self.sweep()
        return ended

    def sweep(self) -> None:
        """Detach every object whose track is in no pool any more, and see to it that its slot is free."""
        alive = {*self.read(at.L_TRACKED), *self.read(at.L_LOST)}
        gone = [slot for slot in self.objects if slot not in alive]
        if not gone:
            return
        free = set(self.read(at.L_FREE))
        for slot in gone:
            self.detach(self.objects.pop(slot))
            if slot not in free:
                self.ints[slot, at.POOL] = at.IN_NONE
                self.write(at.L_FREE, [*self.read(at.L_FREE), slot])

    def detach(self, track: STrack) -> None:
        """Give a track a home of its own, with the numbers it has."""
        home = Alone()
        copy_slot(self, track._slot, home, 0)
        track._home, track._slot = home, 0

    def clear(self) -> None:
        """Detach all objects: the state is about to be forgotten."""
        for track in self.objects.values():
            self.detach(track)
        self.objects.clear()
        self._handed.clear()
