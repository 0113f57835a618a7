"""The foreign file: opened, set to the requested size, and told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from numa_export.adopt.clips import Clips, read_clips
from numa_export.adopt.resize import resize
from numa_export.adopt.running import runner
from numa_export.adopt.sizes_input import fill_sizes
from numa_export.formats.finite import require_finite_onnx
from numa_export.graph.editor import dims_of, tensor_info
from numa_export.graph.finish import read_onnx
from numa_export.graph.heads import HeadShape
from numa_export.graph.image_input import image_input
from numa_export.graph.metadata import is_ours, properties
from numa_export.proof.batches import letterboxed
from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.contract.choosing import readings
from numa_runtime.contract.family import Family
from numa_runtime.contract.foreign import adopt_hint
from numa_runtime.contract.grid import strides_for
from numa_runtime.errors import ContractError, ModelError, UsageError
from numa_runtime.vision.decode.doubts import contradiction, fitting
from numa_runtime.vision.decode.pieces import pieces_of

DEFAULT_SIZE = (640, 640)


@dataclass(frozen=True, slots=True)
class Source:
    """A foreign model and what it says or shows about itself.

    Attributes:
        path: the file.
        family: who made it.
        model: the graph.
        spec: describes the file as it stands (its own input and layout).
        resized: whether its input size was changed.
        sha256: the file's.
    """

    path: Path
    family: Family
    model: onnx.ModelProto
    spec: ModelSpec
    resized: bool
    sha256: str

    @property
    def keypoints(self) -> tuple[int, int]:
        """Keypoints and values of each; (0, 0) without."""
        return self.spec.keypoint_shape or (0, 0)

    @property
    def rows(self) -> int | None:
        """Candidates or detections for each image; None where dynamic."""
        if self.spec.layout is Layout.BATCH_ROWS:
            return None
        count = self.spec.outputs[0].shape[2 if self.spec.layout is Layout.ULTRALYTICS_RAW else 1]
        return count if isinstance(count, int) else None

    @property
    def strides(self) -> tuple[int, ...]:
        """The levels of a raw YOLOX file's grid; () where its size is dynamic."""
        return strides_for(self.rows or 0, self.spec.input.height, self.spec.input.width) or ()

    def head(self) -> HeadShape:
        """Return the sizes its new head is built for."""
        return HeadShape(self.spec.input.batch or "batch", len(self.spec.names), self.keypoints, self.rows)


def size_of(spec: ModelSpec) -> tuple[int, int]:
    """Return the (height, width) a file is run at."""
    return spec.input.height or DEFAULT_SIZE[0], spec.input.width or DEFAULT_SIZE[1]


def read_source(
    path: Path,
    family: Family,
    *,
    images: Sequence[NDArray[np.uint8]],
    imgsz: tuple[int, int] | None = None,
    names: Sequence[str] | None = None,
    frames: int | None = None,
) -> Source:
    """Open a foreign file as a member of a family.

    Args:
        path: the foreign `.onnx` file.
        family: who made it.
        images: photographs; the file's values on the first one confirm how it is read.
        imgsz: (height, width) to set the input to; None keeps it.
        names: class names, where the file has none or wrong ones.
        frames: of a clip, where a heat-map network's file does not say.

    Raises:
        ModelError: not ONNX, ours already, of another family, weights or answers that are not numbers, or its size
            cannot be changed.
        UsageError: not as many names as classes, or frames for a family without clips.
    """
    model = read_onnx(path)
    if is_ours(model):
        raise ModelError(
            f"{path.name} is an artifact of numa-deploy already: there is nothing to adopt",
            hint=f"numa-deploy inspect {path}",
        )
    require_finite_onnx(model, path.name)
    if family.gives_heat_maps:
        read = read_clips(model, Clips(path, family, images, imgsz, names, frames))
        return Source(path, family, read.model, read.spec, read.resized, _sha256(path))
    if frames is not None:
        raise UsageError(f"files of the {family} family take single images, not clips of {frames} frames")
    model = fill_sizes(model, imgsz)
    before = dims_of(image_input(model.graph))
    if imgsz is not None:
        model = resize(model, *imgsz)
    resized = imgsz is not None and dims_of(image_input(model.graph)) != before
    spec = _confirmed(_readings(model, path, family, names), model, path, family, images)
    return Source(path, family, model, spec, resized, _sha256(path))


def _readings(model: onnx.ModelProto, path: Path, family: Family, names: Sequence[str] | None) -> tuple[ModelSpec, ...]:
    model_input, outputs = tensor_info(image_input(model.graph)), [tensor_info(value) for value in model.graph.output]
    try:
        return readings(family, properties(model), model_input, outputs, str(path), names)
    except ContractError as error:
        raise ModelError(error.what, hint=error.hint) from error


def _confirmed(
    specs: Sequence[ModelSpec],
    model: onnx.ModelProto,
    path: Path,
    family: Family,
    images: Sequence[NDArray[np.uint8]],
) -> ModelSpec:
    """Return the first spec that the values on a photograph do not contradict."""
    own, size = specs[0], size_of(specs[0])
    door = replace(own.input, dtype="uint8", scale=1.0, mean=(), std=())
    batch = next(letterboxed(replace(own, input=door), images[:1], size, own.input.batch or 1))
    outputs = runner(model, own, path.name)(batch)
    reasons = [contradiction(spec, pieces_of(spec, outputs, 0), size) for spec in specs]
    if "" in reasons:
        return specs[reasons.index("")]
    fits = [other for other in fitting(own, outputs, 0, size) if other is not family]
    raise ModelError(
        f"{path.name} is not a file of the {family} family: read as {own.layout}, {reasons[0]}",
        hint=adopt_hint(str(path), fits[0]) if fits else "docs/how-to/foreign-files.md lists what is read",
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
