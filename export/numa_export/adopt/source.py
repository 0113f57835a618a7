"""The foreign file: opened, set to the requested size, and told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import onnx

from numa_export.adopt.family import Family
from numa_export.adopt.resize import resize
from numa_export.formats.finite import require_finite_onnx
from numa_export.graph.editor import dims_of
from numa_export.graph.finish import read_onnx
from numa_export.graph.heads import HeadShape
from numa_export.graph.image_input import image_input
from numa_export.graph.metadata import is_ours, properties
from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.contract.grid import cells, strides_for
from numa_runtime.contract.reading import read_contract
from numa_runtime.contract.tensor import TensorInfo, named_axes
from numa_runtime.errors import ContractError, ModelError, UsageError


@dataclass(frozen=True, slots=True)
class Source:
    """A foreign model and what it says or shows about itself.

    Attributes:
        path: the file.
        family: who made it.
        model: the graph.
        spec: describes the file as it stands (float input, raw layout).
        strides: the levels of its grid (empty where the size is dynamic).
        resized: whether its input size was changed.
        sha256: the file's.
    """

    path: Path
    family: Family
    model: onnx.ModelProto
    spec: ModelSpec
    strides: tuple[int, ...]
    resized: bool
    sha256: str

    @property
    def output(self) -> str:
        """Name of the raw output."""
        return self.spec.outputs[0].name

    @property
    def keypoints(self) -> tuple[int, int]:
        """Keypoints and values of each; (0, 0) without."""
        return self.spec.keypoint_shape or (0, 0)

    @property
    def decodes_itself(self) -> bool:
        """Whether a YOLOX graph turns cells into pixels by itself (exported with decode_in_inference)."""
        return any(node.op_type == "Exp" for node in self.model.graph.node)

    def head(self) -> HeadShape:
        """Return the sizes its new head is built for."""
        model_input = self.spec.input
        fixed = (
            cells(model_input.height, model_input.width, self.strides)
            if model_input.height and model_input.width and self.strides
            else None
        )
        return HeadShape(model_input.batch or "batch", len(self.spec.names), self.keypoints, fixed)


def read_source(
    path: Path, family: Family, *, imgsz: tuple[int, int] | None = None, names: Sequence[str] | None = None
) -> Source:
    """Open a foreign file as a member of a family.

    Args:
        path: the foreign `.onnx` file.
        family: who made it.
        imgsz: (height, width) to set the input to; None keeps it.
        names: class names, where the file has none or wrong ones.

    Raises:
        ModelError: not ONNX, ours already, of the other family, its weights are not numbers, or its size cannot be
            changed.
        UsageError: not as many names as classes.
    """
    model = read_onnx(path)
    if is_ours(model):
        raise ModelError(
            f"{path.name} is an artifact of numa-deploy already: there is nothing to adopt",
            hint=f"numa-deploy inspect {path}",
        )
    require_finite_onnx(model, path.name)
    before = dims_of(image_input(model.graph))
    if imgsz is not None:
        model = resize(model, *imgsz)
    resized = imgsz is not None and dims_of(image_input(model.graph)) != before
    spec = _judge(model, path, family, names)
    return Source(path, family, model, spec, _strides(spec, path), resized, _sha256(path))


def _judge(model: onnx.ModelProto, path: Path, family: Family, names: Sequence[str] | None) -> ModelSpec:
    graph = model.graph
    model_input = image_input(graph)
    outputs = tuple(_info(value) for value in graph.output)
    try:
        spec = read_contract(properties(model), [_info(model_input)], outputs, path.name).spec
    except ContractError as error:
        raise ModelError(
            f"{path.name} cannot be adopted as {family}: {error.what}", hint=_needs(family, path)
        ) from error
    if spec.layout not in family.layouts:
        other = next((member for member in Family if spec.layout in member.layouts), None)
        hint = f"numa-deploy adopt {path} --family {other}" if other else "it needs no adopting"
        raise ModelError(
            f"{path.name} is not a file of the {family} family: its output is laid out as {spec.layout}", hint=hint
        )
    return _named(spec, path, names)


def _named(spec: ModelSpec, path: Path, names: Sequence[str] | None) -> ModelSpec:
    if names is None:
        return spec
    if len(names) != len(spec.names) and spec.layout is not Layout.ULTRALYTICS_END2END:
        raise UsageError(
            f"{len(names)} names were given and {path.name} has {len(spec.names)} classes",
            hint="give one name per class, in the order of training",
        )
    return replace(spec, names=tuple(names))


def _needs(family: Family, path: Path) -> str:
    if family is Family.YOLOX:
        return "a YOLOX file has one output [B, anchors, 5 + classes] and a fixed input size (or give --imgsz)"
    return f"an Ultralytics file has its metadata inside; export {path.stem}.pt again with format=onnx"


def _strides(spec: ModelSpec, path: Path) -> tuple[int, ...]:
    model_input, output = spec.input, spec.outputs[0]
    if spec.layout is Layout.ULTRALYTICS_END2END or model_input.height is None or model_input.width is None:
        return ()
    anchors = output.shape[1 if spec.layout is Layout.YOLOX_RAW else 2]
    if not isinstance(anchors, int):
        return ()
    strides = strides_for(anchors, model_input.height, model_input.width)
    if strides is None:
        raise ModelError(
            f"{path.name} has {anchors} anchors, which no usual grid of {model_input.height}x{model_input.width} has"
        )
    return strides


def _info(value: onnx.ValueInfoProto) -> TensorInfo:
    dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    return TensorInfo(
        value.name, named_axes(tuple(d if isinstance(d, int) else None for d in dims_of(value))), dtype.name
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
