"""ModelSpec: what a model eats and says, the same in the checkpoint and in every artifact made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

CONTRACT_VERSION = (1, 0)
FEATURES = "features"
"""Name of the output with the candidates' appearance, float32 [B, K, C], each of length 1."""


class Task(StrEnum):
    """What a network does; the value is the word users type."""

    DETECT = "detect"
    POSE = "pose"
    MULTITASK = "multitask"


class Layout(StrEnum):
    """How the output arrays are laid out: ours (first three), or a foreign family's."""

    CANDIDATES = "candidates"
    FINAL = "final"
    MULTITASK = "multitask"
    ULTRALYTICS_RAW = "ultralytics-raw"
    ULTRALYTICS_END2END = "ultralytics-end2end"
    YOLOX_RAW = "yolox-raw"

    @property
    def needs_nms(self) -> bool:
        """Whether boxes still overlap when they leave the network."""
        return self not in (Layout.FINAL, Layout.ULTRALYTICS_END2END)


class Color(StrEnum):
    """Channel order at the model's door."""

    RGB = "rgb"
    BGR = "bgr"
    GRAY = "gray"


class Anchor(StrEnum):
    """Where the resized image lies inside the letterbox."""

    CENTER = "center"
    TOP_LEFT = "top-left"


@dataclass(frozen=True, slots=True)
class LetterboxRule:
    """How a frame is fitted into the input: aspect kept, rest filled with `pad_value` (0-255)."""

    anchor: Anchor = Anchor.CENTER
    pad_value: int = 114


@dataclass(frozen=True, slots=True)
class InputSpec:
    """The model's one input: `[batch, frames * channels, height, width]`.

    `height`, `width` and `batch` are None where the artifact takes any size (multiples of the stride).
    `scale` is what the caller multiplies 0-255 pixels with before feeding them: 1.0 when the graph scales
    by itself (all our artifacts) or wants 0-255 (YOLOX), 1/255 for Ultralytics files.
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

    @property
    def planes(self) -> int:
        """Size of the second axis: frames x channels."""
        return self.frames * self.channels


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output array: name, shape (an int, or a word such as "batch" where dynamic), and what it means."""

    name: str
    shape: tuple[int | str, ...]
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Defaults a user gets without typing any: score, NMS overlap, detections per frame."""

    conf: float = 0.25
    iou: float = 0.7
    max_det: int = 300


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The model half of the contract (DESIGN section 4); hashed by `contract.spec_hash`.

    `names` are the detection classes; `ball_names` those of the track head. `keypoint_shape` is
    (keypoints, values) with values 2 or 3. `groups` is the number of frames the track head describes,
    `pose_frame` the frame of the clip that boxes and keypoints belong to (-1: the newest).
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

    `created` is ISO 8601 in UTC. `source_sha256` is of the file it was made from. The last four fields
    are filled for engines only: builder and version, compute capability ("sm89"), optimisation profiles.
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
