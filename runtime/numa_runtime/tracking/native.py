"""A tracker that programs in C, C++, Rust or Go call by its address, with no Python between two frames."""

from __future__ import annotations

from typing import Any

import numpy as np

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.kernels.called_from_c import HANDLE_LENGTH, update_address
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.state import State

MOST = 1024
PAIRS_EACH = 64


class NativeTracker:
    """A tracker of upright boxes whose `update` is a C function.

        int64_t update(int64_t *tracker, const double *detections, int64_t count, double passed, double *tracks);

    `tracker` is `handle`; `detections` are `count` rows x1, y1, x2, y2, score, class in pixels; `passed` is the time
    since the last frame in nominal frames (seconds * frame_rate; 1 without timestamps). It returns how many tracks
    there are and writes them to `tracks`, rows x1, y1, x2, y2, id, score, class, index of the detection (-1: none, as
    in Python), with room for `most` of them. It needs no interpreter lock, allocates nothing in the usual case, and
    different trackers may be called by different threads at once. Negative is what cannot be done, and nothing is
    changed then: -1 more than `most` tracks and detections, -3 a score that is not from 0 to 1.

    The machine code and the memory belong to this object: keep it for as long as either is used.

    Attributes:
        params: the tracker's parameters.
        most: how many tracks and detections of one frame there may be together.
        update: the function's address.
        handle: its first argument.

    Args:
        tracker: a name, a YAML path or parameters, as `Tracker` takes them.
        most: as the attribute.
        parameters: replace single values.

    Raises:
        TrackerError: as `Tracker`; a tracker that has to see pictures, features or keypoints; `most` below 1.
    """

    def __init__(self, tracker: str | TrackerParams = "bytetrack", *, most: int = MOST, **parameters: Any) -> None:
        self.params = load_params(tracker, **parameters)
        _refuse_what_needs_more(self.params)
        if most < 1:
            raise TrackerError(f"most is {most}: a tracker holds at least one object")
        self.most = most
        self._state = State(self.params)
        self._state.make_room(most + 2)
        self._state.make_room_for_pairs(PAIRS_EACH * self._state.capacity)
        self._clock, self._still = np.zeros(1), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        self._handle = np.zeros(HANDLE_LENGTH, np.int64)
        self._handle[:] = (self._state.address, self._clock.ctypes.data, self._still.ctypes.data, most)
        self.handle = int(self._handle.ctypes.data)
        self.update = update_address()


def _refuse_what_needs_more(params: TrackerParams) -> None:
    wanted = {
        "gmc_method": params.camera_motion.value != "none",
        "with_reid": getattr(params, "with_reid", False),
        "pose_weight": params.pose_weight > 0,
    }
    for word, asked in wanted.items():
        if asked:
            raise TrackerError(
                f"{params.tracker_type} with {word} needs more than boxes, which is all that C gives it",
                hint="gmc_method='none', with_reid=False and pose_weight=0, or Tracker in Python",
            )
