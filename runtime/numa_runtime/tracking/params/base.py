"""What every tracker's parameters share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.params.associations import Association, Band
from numa_runtime.tracking.params.buffer import Buffer
from numa_runtime.tracking.params.filter_state import BoxOutput, FilterState
from numa_runtime.tracking.params.ids import Ids
from numa_runtime.tracking.params.info import checked, describe, param
from numa_runtime.tracking.params.memory import Memory

DEFAULT_STATE = FilterState.XYWH
"""Best on MOT17 and on SportsMOT with simulated detections (benchmarks/studies/tracker_quality.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerParams(ABC):
    """Thresholds, times and limits under the names users know from the YAML files, and what follows from them.

    A tracker says in `associations`, `memory`, `duplicate_limit` and `camera_motion` what the kernels are to
    do for it; the explanations read the same.

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
    birth_conf: float = param(
        0.0, "track mode's conf: gates births only, in addition to new_track_thresh", within=(0, 1)
    )
    per_class: bool = param(False, "associate only detections of the track's class", search=(False, True))
    state: FilterState = param(  # noqa: RUF009
        DEFAULT_STATE,
        "what the filter holds: xyah (centre, aspect, height; as ByteTrack was published, and always with "
        'compat="classic"), xywh (width instead of aspect), xyxy (corners) or xysr (centre, area, aspect)',
        parse=FilterState.parse,
        fixed="each track's filter is made of it",
    )
    output: BoxOutput = param(  # noqa: RUF009
        "filtered", "which box of a track is reported: filtered, or the matched detection's", parse=BoxOutput.parse
    )
    pose_weight: float = param(
        0.0,
        "share of the keypoints' similarity (OKS) in the overlap of track and detection, the rest being IoU; "
        "0: boxes only; with a pose network try 0.2",
        within=(0, 1),
        search=(0, 0.6),
        fixed="what is remembered of each track depends on it",
    )
    ids: Ids = param(  # noqa: RUF009
        "confirmed",
        "when a track gets its number: confirmed (when it is first shown, so that ids do not skip) or born (when it "
        'begins, as published and always with compat="classic")',
        parse=Ids.parse,
    )
    frame_rate: float = param(
        30.0,
        "frames per second that buffers and the filter's noise are counted in, and the rate of folders and arrays",
        within=(0.01, 10_000),
        fixed="velocities are counted in it",
    )

    def __post_init__(self) -> None:
        for name, info in describe(type(self)):
            object.__setattr__(self, name, checked(name, getattr(self, name), info))
        self.agree()

    def agree(self) -> None:  # noqa: B027 (most have nothing to add)
        """Raise what is wrong with values that are right one by one."""

    @abstractmethod
    def associations(self) -> tuple[Association, ...]:
        """Return the tracker's associations with these values, in the order of their stages."""

    @property
    def duplicate_limit(self) -> float | None:
        """The cost 1 - IoU below which a tracked and a lost track are one; None: they are never compared."""
        return None

    @property
    def memory(self) -> Memory | None:
        """What is remembered of a track beyond its filter."""
        return None

    @property
    def rounds(self) -> tuple[float, float, float, float] | None:
        """Smallest IoU, step, weight of the angle and price of low detections, where pairs match by rounds."""
        return None

    @property
    def boosts(self) -> tuple[float, float, float, float, float] | None:
        """Of BOOSTED costs: weights of confidence, distance, shape, appearance, and what an overlap makes a score."""
        return None

    @property
    def low_ones_join(self) -> bool:
        """Whether low detections stand in the first association with the high ones."""
        return self.rounds is not None

    @property
    def largest_birth_iou(self) -> float:
        """The IoU with a track or a stronger candidate above which no track starts; 1: any."""
        return 1.0

    @property
    def camera_motion(self) -> CameraMotionMethod:
        """How the camera's motion is found in frames."""
        return CameraMotionMethod.NONE

    @property
    def classic(self) -> bool:
        """Whether the published ByteTrack's semantics, defects included, are asked for."""
        return False

    @property
    def filter_state(self) -> FilterState:
        """What the filter holds; of the published ByteTrack always centre, aspect and height."""
        return FilterState.XYAH if self.classic else self.state

    @property
    def ids_at_birth(self) -> bool:
        """Whether tracks are numbered when they begin."""
        return self.classic or self.ids is Ids.BORN

    @property
    def buffer_frames(self) -> float:
        """How long a lost track is kept, in nominal frames."""
        return self.buffer.frames(self.frame_rate)

    @property
    def buffer(self) -> Buffer:
        """How long a lost track is kept, as it was given."""
        if self.track_buffer_s is not None:
            return Buffer("track_buffer_s", self.track_buffer_s, in_seconds=True)
        return Buffer("track_buffer", self.track_buffer, in_seconds=False)

    @property
    def birth_thresh(self) -> float:
        """Score from which a track starts."""
        return max(self.new_track_thresh, self.birth_conf)

    @property
    def lowest_score(self) -> float:
        """The score below which a detection is of no use to the tracker."""
        return min(association.band.low for association in self.associations())

    @property
    def high_scores(self) -> Band:
        """The scores of detections that take part in the first association."""
        return Band("high", "track_high_thresh", self.track_high_thresh, True)
