"""A file that says nothing about itself, judged by its shapes: what is certain is used, what is guessed is logged.

Values of a first run are looked at by `vision.decode.doubts`: they confirm what is read here, or refuse it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from numa_runtime.contract.arrays import ANCHORS_PER_CELL, Arrays, arrays_of, grid_of
from numa_runtime.contract.canonical import spec_from_canonical
from numa_runtime.contract.coco import COCO_NAMES
from numa_runtime.contract.family import Family
from numa_runtime.contract.foreign import adopt_hint, candidates, input_problem, input_size, likely, seen, spec_of
from numa_runtime.contract.heat_maps import looks_like_heat_maps
from numa_runtime.contract.spec import Anchor, Layout, ModelSpec
from numa_runtime.contract.tensor import TensorInfo, fixed
from numa_runtime.errors import ContractError

_LOGGER = logging.getLogger("numa_runtime")
SIZES_INPUT = "orig_target_sizes"
_NANODET = (80 + 4 * 8, 80 + 4 * 11)  # columns: COCO's classes and a distribution of 8 or 11 bins for each side


def spec_from_shapes(inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str) -> ModelSpec:
    """Judge a model by its inputs and outputs alone.

    Known: our own output names, and the rows of `_SIGNATURES`. One warning says what was taken for granted.

    Args:
        inputs: all inputs of the file.
        outputs: all outputs of the file.
        where: the file's path: its name for messages, all of it for commands.

    Raises:
        ContractError: none of these, or more than one image input; says what was seen.
    """
    model_input = _image_input(inputs, outputs, where)
    spec, family = spec_from_canonical(model_input, outputs, where), "ours"
    if spec is None:
        spec, family = _foreign(model_input, outputs, where)
    _LOGGER.warning("%s carries no contract; judged by its shapes: %s", Path(where).name, _judgement(spec, family))
    return spec


def _judgement(spec: ModelSpec, family: str) -> str:
    assumed = "COCO's names assumed" if spec.names == COCO_NAMES else "names unknown"
    door = f"input {spec.input.color} {spec.input.dtype} x {spec.input.scale:g}"
    more = ", ImageNet's mean and std" if spec.input.mean else ""
    more += ", stretched" if spec.input.letterbox.anchor is Anchor.STRETCH else ""
    return f"{family} {spec.task}, {spec.layout}, {len(spec.names)} classes ({assumed}), {door}{more}"


def _image_input(inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str) -> TensorInfo:
    if len(inputs) != 1:
        reason = f"it has {len(inputs)} inputs, one image input is needed"
        if any(info.name == SIZES_INPUT for info in inputs):
            reason += ": a DETR that wants the pictures' sizes (D-FINE, DEIM, RT-DETR); adopt fills them in"
            raise _refusal(where, reason, inputs, outputs, adopt_hint(where, Family.DFINE))
        raise _refusal(where, reason, inputs, outputs)
    problem = input_problem(inputs[0])
    if problem and not problem.endswith("channels"):
        raise _refusal(where, problem, inputs, outputs, _of_heat_maps(inputs[0], outputs, where))
    return inputs[0]


def _foreign(model_input: TensorInfo, outputs: Sequence[TensorInfo], where: str) -> tuple[ModelSpec, Family]:
    problem = input_problem(model_input)
    if problem:
        raise _refusal(where, problem, [model_input], outputs, _of_heat_maps(model_input, outputs, where))
    for family, layout, certain in _SIGNATURES:
        arrays = arrays_of(layout, outputs, input_size(model_input))
        if arrays is not None and certain(arrays, model_input):
            return spec_of(family, arrays, model_input), family
    reason, hint = _suspicion(model_input, outputs, where)
    raise _refusal(where, reason, [model_input], outputs, hint)


def _of_heat_maps(model_input: TensorInfo, outputs: Sequence[TensorInfo], where: str) -> str:
    """Return the command that takes a heat-map network, "" for other files."""
    return adopt_hint(where, Family.TRACKNET) if looks_like_heat_maps(model_input, outputs) else ""


def told_family(model_input: TensorInfo, outputs: Sequence[TensorInfo]) -> Family | None:
    """Return the family that shapes and names tell for certain, None where they do not."""
    size = input_size(model_input)
    found = ((family, arrays_of(layout, outputs, size), certain) for family, layout, certain in _SIGNATURES)
    return next((family for family, arrays, certain in found if arrays and certain(arrays, model_input)), None)


def _always(_arrays: Arrays, _input: TensorInfo) -> bool:
    return True


def _usual_rows(arrays: Arrays, _input: TensorInfo) -> bool:
    """Whether rows are boxes, or boxes with COCO's keypoints: with 26 keypoints they are RT-DETR's 80 classes."""
    return arrays.keypoints in (None, (17, 3))


def _three_per_cell(arrays: Arrays, model_input: TensorInfo) -> bool:
    return grid_of(arrays.rows, input_size(model_input), ANCHORS_PER_CELL) is not None


def _not_nanodet(arrays: Arrays, _input: TensorInfo) -> bool:
    return arrays.outputs[0].shape[2] not in _NANODET


def _named_as_exported(*names: str) -> Callable[[Arrays, TensorInfo], bool]:
    def certain(arrays: Arrays, _input: TensorInfo) -> bool:
        return tuple(info.name for info in arrays.outputs) == names

    return certain


def _numbered(arrays: Arrays, _input: TensorInfo) -> bool:
    return arrays.rows is not None and all(info.name.isdigit() for info in arrays.outputs)


def _rows_of_their_own(arrays: Arrays, model_input: TensorInfo) -> bool:
    """Whether rows are no images: a classifier of seven classes has as many as its input."""
    batch = fixed(model_input.shape[0])
    return batch is not None and arrays.outputs[0].shape[0] != batch


_SIGNATURES: tuple[tuple[Family, Layout, Callable[[Arrays, TensorInfo], bool]], ...] = (
    (Family.YOLOV5, Layout.OBJECTNESS_ROWS, _three_per_cell),
    (Family.YOLOX, Layout.YOLOX_RAW, _not_nanodet),
    (Family.ULTRALYTICS, Layout.ULTRALYTICS_RAW, _always),
    (Family.ULTRALYTICS, Layout.ULTRALYTICS_END2END, _usual_rows),
    (Family.RFDETR, Layout.QUERY_LOGITS, _named_as_exported("dets", "labels")),
    (Family.YOLO_NAS, Layout.BOXES_AND_SCORES, _numbered),
    (Family.YOLOV7, Layout.BATCH_ROWS, _rows_of_their_own),
)


def _suspicion(model_input: TensorInfo, outputs: Sequence[TensorInfo], where: str) -> tuple[str, str]:
    """Return what the outputs look like, and the command that leads on where one does."""
    if any(len(info.shape) == 4 and info.shape[1] == 32 for info in outputs):
        return "it looks like a segmentation model, which is not supported here", ""
    if len(outputs) == 1 and len(outputs[0].shape) == 2:
        return "it looks like a classifier", ""
    if len(outputs) == 1 and len(outputs[0].shape) == 3 and outputs[0].shape[2] in _NANODET:
        return "it looks like NanoDet (classes and distributions per cell), which is not supported here", ""
    families = likely(
        [(family, arrays.classes) for family in Family for arrays in candidates(family, model_input, outputs)]
    )
    if not families:
        number = "its output matches" if len(outputs) == 1 else f"its {len(outputs)} outputs match"
        return f"{number} no known detector", ""
    words = f"{', '.join(families[:-1])} or {families[-1]}" if len(families) > 1 else families[0]
    return f"its shapes alone do not say who wrote it ({words} would fit)", adopt_hint(where, families[0])


def _refusal(
    where: str, reason: str, inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], hint: str = ""
) -> ContractError:
    return ContractError(
        f"{Path(where).name} carries no contract (names, task, stride), and {reason}: seen {seen(*inputs, *outputs)}",
        hint=hint or "docs/how-to/foreign-files.md lists the files that are read",
    )
