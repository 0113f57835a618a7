"""What every tracker's parameters share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.params.info import checked, describe, param


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerParams:
    """Thresholds, times and limits under the names users know from the YAML files.

    `pose_weight` is off because there is no labelled pose video to prove it on. On labelled boxes with simulated
    skeletons 0.2 helps, and above it noisy poses that are alike cost quality (benchmarks/studies has the figures).

    Raises:
        TrackerError: a value out of its range or of the wrong type, or values that do not go together.
    """

    tracker_type: ClassVar[str]

    track_high_thresh: float = param(
        0.25, "score from which a detection takes part in the first association", within=(0, 1), search=(0.1, 0.7)
    )
    new_track_thresh: float = param(
        0.25, "score from which a detection that matched nothing starts a track", within=(0, 1), search=(0.1, 0.8)
    )
    track_buffer: float = param(
        30, "how long a lost track is kept, in frames at `frame_rate`", within=(0, 1e6), search=(10, 120)
    )
    match_thresh: float = param(
        0.8, "first association: limit of the cost 1 - IoU (times score)", within=(0, 1), search=(0.5, 0.95)
    )
    track_buffer_s: float | None = param(
        None, "the buffer in seconds, instead of track_buffer", within=(0, 1e6), optional=True
    )
    min_hits: int = param(
        1,
        "matches in a row after its first detection before a track is reported (at once in the first frames)",
        within=(0, 100),
        search=(0, 3),
        whole=True,
    )
    birth_conf: float = param(0.0, "track mode's conf: gates births only, beside new_track_thresh", within=(0, 1))
    per_class: bool = param(False, "associate only detections of the track's class", search=(False, True))
    pose_weight: float = param(
        0.0,
        "share of the keypoints' similarity (OKS) in the overlap of track and detection, the rest being IoU; "
        "0: boxes only; with a pose network try 0.2",
        within=(0, 1),
        search=(0, 0.6),
    )
    frame_rate: float = param(
        30.0, "frames per second that buffers and the filter's noise are counted in", within=(0.01, 10_000)
    )

    def __post_init__(self) -> None:
        for name, info in describe(type(self)):
            object.__setattr__(self, name, checked(name, getattr(self, name), info))
        self.agree()

    def agree(self) -> None:
        """Raise what is wrong with values that are right one by one."""

    @property
    def classic(self) -> bool:
        """Whether the published ByteTrack's semantics, defects included, are asked for."""
        return False

    @property
    def buffer_frames(self) -> float:
        """How long a lost track is kept, in nominal frames."""
        return self.track_buffer if self.track_buffer_s is None else self.track_buffer_s * self.frame_rate

    @property
    def birth_thresh(self) -> float:
        """Score from which a track starts."""
        return max(self.new_track_thresh, self.birth_conf)

    @property
    def lowest_score(self) -> float:
        """The score below which a detection is of no use to the tracker."""
        return self.track_high_thresh
