"""ModelSpec: a model's input and outputs, the same in the checkpoint and in every artifact made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

CONTRACT_VERSION = (1, 0)
FEATURES = "features"
"""Name of the output with the candidates' appearance, float32 [B, K, C], each of length 1."""
TRACKING = ("track_high_thresh", "track_low_thresh", "new_track_thresh", "match_thresh")
"""The tracker's parameters that depend on how a detector scores: a contract may say which values suit it."""


class Task(StrEnum):
    """What a network does; the value is the word users type."""

    DETECT = "detect"
    POSE = "pose"
    MULTITASK = "multitask"


class Layout(StrEnum):
    """How the output arrays are laid out: ours (first three), or a foreign family's (see `contract.arrays`)."""

    CANDIDATES = "candidates"
    FINAL = "final"
    MULTITASK = "multitask"
    ULTRALYTICS_RAW = "ultralytics-raw"
    ULTRALYTICS_END2END = "ultralytics-end2end"
    YOLOX_RAW = "yolox-raw"
    OBJECTNESS_ROWS = "objectness-rows"
    CLASS_ROWS = "class-rows"
    BOXES_AND_SCORES = "boxes-and-scores"
    LABELLED_ROWS = "labelled-rows"
    QUERY_ROWS = "query-rows"
    QUERY_LOGITS = "query-logits"
    LABELLED_BOXES = "labelled-boxes"
    BATCH_ROWS = "batch-rows"
    HEAT_MAPS = "heat-maps"
    HEAT_MAP_LOGITS = "heat-map-logits"

    @property
    def needs_nms(self) -> bool:
        """Whether boxes still overlap when they leave the network."""
        return self not in _SUPPRESSED

    @property
    def is_ours(self) -> bool:
        """Whether our own artifacts are laid out like this."""
        return self in (Layout.CANDIDATES, Layout.FINAL, Layout.MULTITASK)

    @property
    def is_heat_maps(self) -> bool:
        """Whether the outputs are maps of a ball network, which only an adopted file's graph decodes."""
        return self in (Layout.HEAT_MAPS, Layout.HEAT_MAP_LOGITS)


_SUPPRESSED = (
    Layout.FINAL,
    Layout.ULTRALYTICS_END2END,
    Layout.QUERY_ROWS,
    Layout.QUERY_LOGITS,
    Layout.LABELLED_BOXES,
    Layout.BATCH_ROWS,
    Layout.HEAT_MAPS,
    Layout.HEAT_MAP_LOGITS,
)


class Color(StrEnum):
    """Channel order of the model's input."""

    RGB = "rgb"
    BGR = "bgr"
    GRAY = "gray"


class Anchor(StrEnum):
    """Where the resized image lies inside the input; `STRETCH` fills it and gives the aspect up, as DETRs want it."""

    CENTER = "center"
    TOP_LEFT = "top-left"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True)
class LetterboxRule:
    """How a frame is fitted into the input: the aspect is kept and the rest is filled, or it is stretched.

    Attributes:
        anchor: where the resized image lies inside the input.
        pad_value: fills the rest (0-255).
    """

    anchor: Anchor = Anchor.CENTER
    pad_value: int = 114


@dataclass(frozen=True, slots=True)
class InputSpec:
    """The model's one input: `[batch, frames * channels, height, width]`, the background in front where there is one.

    Attributes:
        height: pixels; None where the artifact takes any size (a multiple of the stride).
        width: pixels; None where the artifact takes any size (a multiple of the stride).
        channels: channels of one frame.
        frames: frames of a clip; 1 for single images.
        batch: batch size; None where the artifact takes any.
        dtype: numpy dtype name.
        color: channel order.
        scale: what the caller multiplies 0-255 pixels with before feeding them: 1.0 when the graph scales by itself
            (all our artifacts) or wants 0-255 (YOLOX), 1/255 for Ultralytics files.
        letterbox: how a frame is fitted into the input.
        name: the input's name in the file.
        mean: subtracted from the scaled pixels, one number a channel in the order of `color`; () for none.
        std: what they are divided by then; () for none.
        imgsz: the size it was trained at, longest side or (height, width); None where nobody said. Files of any size
            run at it unless another is asked for.
        background: whether the median of the video's frames stands in front of the clip, as one frame more.
    """

    height: int | None
    width: int | None
    channels: int = 3
    frames: int = 1
    batch: int | None = 1
    dtype: str = "uint8"
    color: Color = Color.RGB
    scale: float = 1.0
    letterbox: LetterboxRule = LetterboxRule()
    name: str = "images"
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    imgsz: int | tuple[int, int] | None = None
    background: bool = False

    @property
    def planes(self) -> int:
        """Size of the second axis: (frames + background) x channels."""
        return (self.frames + self.background) * self.channels


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output array.

    Attributes:
        name: the output's name in the file.
        shape: one entry per axis: an int, or a word such as "batch" where dynamic.
        meaning: what the array means.
    """

    name: str
    shape: tuple[int | str, ...]
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Defaults a user gets without typing any.

    Attributes:
        conf: lowest score.
        iou: NMS overlap.
        max_det: detections per frame.
        track_high_thresh: the tracker's, as far as the model's scores ask for another than its own; None: they do not.
        track_low_thresh: likewise.
        new_track_thresh: likewise.
        match_thresh: likewise, for trackers whose cost takes the score in (`fuse_score`).
    """

    conf: float = 0.25
    iou: float = 0.7
    max_det: int = 300
    track_high_thresh: float | None = None
    track_low_thresh: float | None = None
    new_track_thresh: float | None = None
    match_thresh: float | None = None

    @property
    def tracking(self) -> dict[str, float]:
        """The tracker's thresholds that suit the model, by the names of its parameters; none where it says nothing."""
        found = {name: getattr(self, name) for name in TRACKING}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The model half of the contract; hashed by `contract.spec_hash`.

    Attributes:
        task: what the network does.
        names: the detection classes.
        stride: input sizes are multiples of it.
        input: the model's one input.
        outputs: every output array.
        layout: how the output arrays are laid out.
        name: the model's name.
        keypoint_shape: (keypoints, values) with values 2 or 3.
        groups: G, the newest frames of a clip whose balls are told: all of them, or fewer (`ball_frames` of export).
        pose_frame: the frame of the clip that boxes and keypoints belong to (-1: the newest).
        ball_names: the classes of the track head.
        thresholds: defaults a user gets without typing any.
        version: the contract's format version.
    """

    task: Task
    names: tuple[str, ...]
    stride: int
    input: InputSpec
    outputs: tuple[OutputSpec, ...]
    layout: Layout
    name: str = ""
    keypoint_shape: tuple[int, int] | None = None
    groups: int = 0
    pose_frame: int = -1
    ball_names: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    version: tuple[int, int] = CONTRACT_VERSION

    @property
    def has_features(self) -> bool:
        """Whether every candidate comes with an appearance feature (output `features`, exported with --features)."""
        return any(output.name == FEATURES for output in self.outputs)


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """The artifact half of the contract: how this very file was made.

    The last four fields are filled for engines only.

    Attributes:
        precision: the precision the file was exported in.
        tool: what wrote the file, with its version.
        created: ISO 8601 in UTC.
        source: the file it was made from.
        source_sha256: of the file it was made from.
        options: the export options.
        builder: the engine builder's name.
        builder_version: the engine builder's version.
        compute_capability: the GPU it was built for ("sm89").
        profiles: optimisation profiles.
    """

    precision: str
    tool: str
    created: str
    source: str = ""
    source_sha256: str = ""
    options: tuple[tuple[str, str], ...] = ()
    builder: str = ""
    builder_version: str = ""
    compute_capability: str = ""
    profiles: tuple[str, ...] = ()
