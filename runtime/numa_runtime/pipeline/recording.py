"""The stage before tracking that records: detections, the camera's motion, and small pictures of the frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from numa_runtime.errors import UsageError
from numa_runtime.installing import DISTRIBUTION
from numa_runtime.paths import expand
from numa_runtime.pipeline.following import Follower
from numa_runtime.recording import SUFFIX, RecordingHeader, RecordingWriter
from numa_runtime.results import Frame, Results
from numa_runtime.sinks.names import UniqueNames, safe_name
from numa_runtime.sources.base import MediaInfo
from numa_runtime.sources.suffixes import media_stem
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.moving_camera import MovingCamera
from numa_runtime.vision.opencv import import_cv2

FAINTEST = 0.05
"""The score from which detections are recorded: other trackers may want weaker ones than this run's."""

_QUALITY = 60


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording says of the model.

    Attributes:
        model: its name.
        names: its classes.
        balls: whether it finds balls.
        conf: the lowest score that was asked for.
        suits: the tracker's thresholds that its contract brings along.
    """

    model: str
    names: dict[int, str]
    balls: bool
    conf: float
    suits: Mapping[str, float] = field(default_factory=dict)


class RecordingStage:
    """Writes each medium's recording, and hands every frame on with the camera's motion.

    Args:
        target: FILE.numa, or a folder.
        pictures: the longest side of the pictures, pixels; 0: none.
        about: the model.
        follower: who tracks; its tracker's method measures the camera's motion, or sparse optical flow.
        several: there is more than one medium.

    Raises:
        UsageError: one file for several media, or a name that is no recording's.
    """

    def __init__(
        self, target: str | Path, pictures: int, about: Recorded, follower: Follower, *, several: bool
    ) -> None:
        self._target = expand(target)
        self._single = self._target.suffix.lower() == SUFFIX and not self._target.is_dir()
        if self._single and several:
            raise UsageError(
                f"--record {target} is one file, and there are several videos", hint=f"--record {self._target.stem}"
            )
        if not self._single and self._target.is_file():
            raise UsageError(f"--record {target} is a file that is no recording", hint=f"--record match{SUFFIX}")
        self._pictures, self._about = pictures, about
        params = follower.tracker.params
        asked = params.camera_motion
        self._method = CameraMotionMethod.SPARSE_FLOW if asked is CameraMotionMethod.NONE else asked
        self._sure = params.track_high_thresh
        self._camera = MovingCamera(self._method, self._sure)
        self._taken = UniqueNames()
        self._writer: RecordingWriter | None = None

    def open(self, info: MediaInfo) -> None:
        """Begin the recording of a medium.

        Raises:
            SinkError: the file cannot be made.
        """
        self._camera = MovingCamera(self._method, self._sure)
        name = self._taken.take(safe_name(media_stem(info.name), "frames"), SUFFIX)
        header = RecordingHeader(
            name=info.name,
            width=info.width,
            height=info.height,
            fps=info.fps,
            vid_stride=info.vid_stride,
            names=self._about.names,
            model=self._about.model,
            balls=self._about.balls,
            conf=self._about.conf,
            suits=self._about.suits,
            camera=self._method.value if info.pictures else "",
            thumbnails=self._pictures if info.pictures else 0,
            made_by=_made_by(),
        )
        self._writer = RecordingWriter(self._target if self._single else self._target / name, header)

    def __call__(self, result: Results) -> Results:
        """Record a frame; return it with the camera's motion."""
        if self._writer is None:
            return result
        picture = b""
        frame = result.orig_img
        if frame is not None:
            result = replace(result, warp=self._camera.warp(frame, result.detections.rows()))
            picture = self._small(frame)
        self._writer.write(result, picture)
        return result

    def _small(self, frame: Frame) -> bytes:
        if not self._pictures:
            return b""
        cv2 = import_cv2()
        height, width = frame.shape[:2]
        scale = min(self._pictures / max(height, width), 1.0)
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        found: bytes = data.tobytes()
        return found

    def close(self) -> tuple[Path, ...]:
        """Finish the medium's recording and return its file."""
        writer, self._writer = self._writer, None
        return () if writer is None else (writer.close(),)

    def abort(self) -> None:
        """Throw an unfinished recording away; never raises."""
        if self._writer is not None:
            self._writer.abort()
            self._writer = None


def _made_by() -> str:
    try:
        return f"{DISTRIBUTION} {version(DISTRIBUTION)}"
    except PackageNotFoundError:
        return DISTRIBUTION
