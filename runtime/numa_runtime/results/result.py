"""One frame's `Results`: what was found, where it came from, what it cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import SourceError
from numa_runtime.results.ended import Ended
from numa_runtime.results.records import BallRecords, Detections
from numa_runtime.results.views import Balls, Boxes, Keypoints

if TYPE_CHECKING:
    import supervision

Frame = NDArray[np.uint8]


class Painter(Protocol):
    """Draws results onto a copy of their frame; `numa_runtime.vision.draw.paint` is the one there is."""

    def __call__(self, result: Results, frame: Frame, **style: Any) -> Frame: ...


@dataclass(frozen=True)
class Results:
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
        padded: marks clip results whose window was filled up by repeating the first frame.
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
    painter: Painter | None = field(default=None, repr=False, compare=False)
    reader: Callable[[], Frame] | None = field(default=None, repr=False, compare=False)

    @property
    def boxes(self) -> Boxes:
        """The boxes."""
        return Boxes(self.detections, self.orig_shape)

    @property
    def keypoints(self) -> Keypoints:
        """The keypoints, row i those of box i; (n, 0, 3) for networks without."""
        return Keypoints(self.detections, self.orig_shape)

    @property
    def balls(self) -> Balls:
        """The balls."""
        return Balls(self.ball_records, self.orig_shape)

    def __len__(self) -> int:
        return len(self.detections)

    def __getitem__(self, index: Any) -> Results:
        return replace(self, detections=self.detections.select(index))

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

    def plot(self, **style: Any) -> Frame:
        """Return a BGR copy of the frame with everything drawn on it.

        Args:
            style: keywords as `vision.draw.Style` takes them.
        """
        if self.painter is None:
            raise SourceError(
                "these results carry no painter", hint="use numa_runtime.vision.draw.paint(result, frame)"
            )
        return self.painter(self, self.frame(), **style)

    def save(self, filename: str | Path) -> str:
        """Write `plot()` to an image file and return its path."""
        import cv2

        from numa_runtime.files import atomic_path

        target = Path(filename)
        image = self.plot()
        with atomic_path(target) as part:
            ok, data = cv2.imencode(target.suffix or ".jpg", image)
            if not ok:
                raise OSError(f"OpenCV cannot encode {target.suffix}")
            part.write_bytes(data.tobytes())
        return str(target)

    def verbose(self) -> str:
        """Return one phrase: "2 persons, 1 cup", or "nothing"."""
        counts = np.bincount(self.detections.cls, minlength=1) if len(self) else np.zeros(1, int)
        parts = [f"{n} {self.names.get(c, str(c))}{'s' if n > 1 else ''}" for c, n in enumerate(counts) if n]
        if len(self.ball_records):
            parts.append(f"{len(self.ball_records)} ball{'s' if len(self.ball_records) > 1 else ''}")
        return ", ".join(parts) or "nothing"

    def summary(self, normalize: bool = False, decimals: int = 5) -> list[dict[str, Any]]:
        """Return one plain dict per detection: name, class, confidence, box, track_id, keypoints (as present)."""
        boxes = self.boxes.xyxyn if normalize else self.boxes.xyxy
        points = self.keypoints.xyn if normalize else self.keypoints.xy
        rows: list[dict[str, Any]] = []
        for i, (box, conf, cls, track) in enumerate(
            zip(boxes.tolist(), self.boxes.conf.tolist(), self.boxes.cls.tolist(), self.boxes.id.tolist(), strict=True)
        ):
            row: dict[str, Any] = {
                "name": self.names.get(cls, str(cls)),
                "class": cls,
                "confidence": round(conf, decimals),
            }
            row["box"] = {key: round(v, decimals) for key, v in zip(("x1", "y1", "x2", "y2"), box, strict=True)}
            if track >= 0:
                row["track_id"] = track
            if points.shape[1]:
                row["keypoints"] = {
                    "x": np.round(points[i, :, 0].astype(float), decimals).tolist(),
                    "y": np.round(points[i, :, 1].astype(float), decimals).tolist(),
                    "visible": np.round(self.keypoints.conf[i].astype(float), decimals).tolist(),
                }
            rows.append(row)
        return rows

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

    def to_json(self, normalize: bool = False, decimals: int = 5) -> str:
        """Return `summary()` as JSON text."""
        import json

        return json.dumps(self.summary(normalize, decimals))
