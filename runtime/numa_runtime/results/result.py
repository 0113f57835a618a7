"""One frame's `Results`: what was found, where it came from, what it cost."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import SourceError, UsageError
from numa_runtime.results.absent import absent
from numa_runtime.results.court import CourtView
from numa_runtime.results.ended import Ended
from numa_runtime.results.outlets import Frame, Outlets
from numa_runtime.results.portable import portable
from numa_runtime.results.records import BallRecords, Detections
from numa_runtime.results.updating import updated
from numa_runtime.results.views import Balls, Boxes, Keypoints

if TYPE_CHECKING:
    import supervision

__all__ = ["Frame", "Painter", "Results"]

_WAYS = {
    "save_dir": "a run's files are in model.summary.files",
    "tojson": "use to_json()",
    "pandas": "use to_df()",
    "xyxy": "use result.boxes.xyxy",
    "render": "use plot()",
    "imgs": "use frame()",
    "keys": "boxes, keypoints and balls are always there; masks, probs and obb are None",
}


class Painter(Protocol):
    """Draws results onto a copy of their frame; `numa_runtime.vision.draw.paint` is the one there is."""

    def __call__(self, result: Results, frame: Frame, **style: Any) -> Frame: ...


@dataclass(eq=False, repr=False)
class Results(Outlets):
    """Everything found in one frame.

    Attributes:
        orig_shape: (height, width).
        names: class names by class number.
        detections: the boxes and what belongs to each.
        ball_records: the balls.
        previous_balls: what a clip network says of the frame before, now that it sees this one; their next positions
            are no longer forecasts.
        orig_img: the BGR frame, or None where frames are not kept (`stream=False`); `plot()` then reads it again
            through `reader`.
        path: the file it came from, or the stream's URL.
        frame_index: frame number in its medium, from 0.
        timestamp: seconds from the source's start.
        speed: milliseconds by stage: preprocess, inference, postprocess, track.
        ended: the ids that ended with this frame, in track mode.
        dropped: rows of the network's answer that were left out because they hold NaN or infinity.
        padded: marks clip results whose window was filled up by repeating the first frame.
        court: players and ball from above in metres, where `track` was told where the court lies.
        warp: float64 (2, 3), where the camera's motion took the last frame's pixels, where it was recorded.
        painter: draws the results onto a copy of their frame.
        reader: reads the frame again where it was not kept.
    """

    orig_shape: tuple[int, int]
    names: dict[int, str]
    detections: Detections
    ball_records: BallRecords = field(default_factory=BallRecords.empty)
    previous_balls: BallRecords = field(default_factory=BallRecords.empty)
    orig_img: Frame | None = None
    path: str = ""
    frame_index: int = 0
    timestamp: float = 0.0
    speed: dict[str, float] = field(default_factory=dict)
    ended: Ended = field(default_factory=Ended)
    padded: bool = False
    dropped: int = 0
    court: CourtView | None = None
    warp: NDArray[np.float64] | None = None
    painter: Painter | None = None
    reader: Callable[[], Frame] | None = None

    @property
    def boxes(self) -> Boxes:
        """The boxes; what `update(boxes=...)` takes may be assigned."""
        return Boxes(self.detections, self.orig_shape)

    @boxes.setter
    def boxes(self, boxes: Any) -> None:
        self.update(boxes=boxes)

    @property
    def keypoints(self) -> Keypoints:
        """The keypoints, row i those of box i; (n, 0, 3) for networks without. They may be assigned as boxes may."""
        return Keypoints(self.detections, self.orig_shape)

    @keypoints.setter
    def keypoints(self, keypoints: Any) -> None:
        self.update(keypoints=keypoints)

    @property
    def balls(self) -> Balls:
        """The balls."""
        return Balls(self.ball_records, self.orig_shape)

    masks = probs = obb = None
    """What other tasks find; there is none of them here."""

    def update(
        self, boxes: Any = None, masks: Any = None, probs: Any = None, obb: Any = None, keypoints: Any = None
    ) -> None:
        """Replace boxes, keypoints or both, in place.

        Args:
            boxes: `Boxes`, or an array (n, 6) x1, y1, x2, y2, score, class or (n, 7) with the id before the score.
            masks: None; there is no such task.
            probs: None; there is no such task.
            obb: None; there is no such task.
            keypoints: `Keypoints`, or an array (n, K, 3).

        Raises:
            UsageError: another shape, numbers that do not go together, or masks, probs or obb.
        """
        for word, given in (("masks", masks), ("probs", probs), ("obb", obb)):
            if given is not None:
                raise UsageError(f"results have no {word}: there is no such task yet", hint="update(boxes=...)")
        self.detections = updated(self.detections, self.orig_shape, boxes, keypoints)

    def __len__(self) -> int:
        return len(self.detections)

    def __getitem__(self, index: Any) -> Results:
        return replace(self, detections=self.detections.select(index))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, name, _WAYS)

    def new(self, **changes: Any) -> Results:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)

    def cpu(self) -> Results:
        """Return self: nothing lives on a device."""
        return self

    def numpy(self) -> Results:
        """Return self."""
        return self

    def to(self, *_: Any, **__: Any) -> Results:
        """Return self."""
        return self

    def cuda(self, *_: Any, **__: Any) -> Results:
        """Return self."""
        return self

    def __copy__(self) -> Results:
        return replace(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Results:
        shared = ("painter", "reader")  # a medium that is being read cannot be copied
        own = {item.name: deepcopy(getattr(self, item.name), memo) for item in fields(self) if item.name not in shared}
        return replace(self, **own)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, **portable(self.orig_img, self.reader)}

    def frame(self) -> Frame:
        """Return the BGR frame, reading the source again if it was not kept.

        Raises:
            SourceError: the frame was not kept and its source cannot be read again (a camera, an iterator).
        """
        if self.orig_img is not None:
            return self.orig_img
        if self.reader is None:
            raise SourceError(
                f"frame {self.frame_index} of {self.path or 'this source'} was not kept and cannot be read again",
                hint="iterate with stream=True and plot() inside the loop",
            )
        return self.reader()

    def to_supervision(self) -> supervision.Detections:
        """Return the boxes as `supervision.Detections`, see `numa_runtime.results.supervision`.

        tracker_id is set in track mode (also in a frame without tracks) and None otherwise. Balls are not boxes and
        are not included.

        Raises:
            MissingExtra: supervision is not installed.
        """
        from numa_runtime.results.supervision import to_supervision

        tracked = self.boxes.is_track or "track" in self.speed
        return to_supervision(self.detections, self.names, tracked=tracked)
