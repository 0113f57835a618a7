"""The sink of `offline_tracks`: a medium's tracks, gone over once more when all its frames are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from numa_runtime.files import PartialText
from numa_runtime.results import Frame, Results
from numa_runtime.tracking.offline.offline_pass import Joined, OfflinePass


class OfflineSink:
    """Keeps the medium's tracks (64 bytes a box) and writes them as MOTChallenge text when it is closed.

    Attributes:
        done: what the pass joined, filled and removed; known once closed.
    """

    needs_picture = False

    def __init__(self, path: Path, look_back: OfflinePass) -> None:
        self._file = PartialText(path)
        self._pass = look_back
        self._rows: list[np.ndarray] = []
        self.done = Joined()

    def write(self, result: Results, painted: Frame | None = None) -> None:  # noqa: ARG002 - every sink is given both
        """Remember the tracked boxes of one result, whole as in `save_mot`."""
        found = result.detections
        tracked = found.id >= 0
        boxes = found.xyxy if found.whole is None else found.whole
        frame = np.full(int(tracked.sum()), float(result.frame_index))
        columns = [frame, found.id[tracked], boxes[tracked], found.conf[tracked], found.cls[tracked]]
        self._rows.append(np.column_stack(columns).astype(np.float64))

    def close(self) -> tuple[Path, ...]:
        """Go over the tracks and finish the file."""
        table, self.done = self._pass(np.concatenate(self._rows) if self._rows else np.zeros((0, 8)))
        for frame, track, x1, y1, x2, y2, conf, _ in table.tolist():
            box = f"{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f}"
            self._file.write(f"{frame + 1:.0f},{track:.0f},{box},{conf:.6f},-1,-1,-1\n")
        return (self._file.commit(),)

    def abort(self) -> None:
        """Remove what was written."""
        self._file.discard()
