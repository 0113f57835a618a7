"""The input of a heat-map network as `[B, planes, H, W]`: files that keep the clip's frames on an axis of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import helper, numpy_helper

from numa_export.adopt.resize import resize
from numa_export.graph.editor import GraphEditor, dims_of, rename_tensor
from numa_runtime.errors import ModelError

CLIP = 5
_MOST_PLANES = 48
_CHANNELS = (1, 3)
_AGAIN = "export it again with an input [batch, frames * channels, height, width]"

Dims = Sequence[int | str]


def clip_input(graph: onnx.GraphProto) -> onnx.ValueInfoProto:
    """Return the one input that is not an initialiser.

    Raises:
        ModelError: there are several (a recurrent network's memory), or it is no clip.
    """
    stored = {init.name for init in graph.initializer}
    inputs = [value for value in graph.input if value.name not in stored]
    if len(inputs) != 1:
        names = ", ".join(f"{value.name} {list(dims_of(value))}" for value in inputs) or "none"
        raise ModelError(
            f"the file has {len(inputs)} inputs ({names}); one is needed, the clip",
            hint="networks that keep a memory from clip to clip are not read; export one without",
        )
    dims = dims_of(inputs[0])
    if len(dims) not in (4, CLIP):
        raise ModelError(f"the input {inputs[0].name} has shape {list(dims)}; a clip is needed", hint=_AGAIN)
    if _channels_last(dims):
        raise ModelError(f"the input {inputs[0].name} {list(dims)} has the channels last", hint=_AGAIN)
    return inputs[0]


def _channels_last(dims: Dims) -> bool:
    last, others = dims[-1], dims[-3:-1]
    return isinstance(last, int) and last <= _MOST_PLANES and all(_long(side) for side in others)


def _long(side: int | str) -> bool:
    return isinstance(side, str) or side > _MOST_PLANES


def with_planes(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with an input of rank 4; itself where it has one.

    `[B, T, C, H, W]` (frames first) and `[B, C, T, H, W]` (channels first) are told by the axis of 1 or 3; where both
    axes are, frames are taken to come first.

    Raises:
        ModelError: no axis of it is that of the channels, or sizes are open.
    """
    value = clip_input(model.graph)
    dims = dims_of(value)
    if len(dims) != CLIP:
        return model
    if not all(isinstance(side, int) for side in dims[1:]):
        raise ModelError(
            f"the input {value.name} {list(dims)} leaves open how many frames it takes, or their size",
            hint="export it again with all but the batch fixed",
        )
    batch, first, second, height, width = dims[0], *(int(side) for side in dims[1:])
    if second not in _CHANNELS and first not in _CHANNELS:
        raise ModelError(
            f"the input {value.name} {list(dims)} has neither 1 nor 3 channels on an axis in front of the picture",
            hint=_AGAIN,
        )
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    _fold(copy, batch, (first, second, height, width), frames_first=second in _CHANNELS)
    return copy


def _fold(model: onnx.ModelProto, batch: int | str, sizes: tuple[int, int, int, int], *, frames_first: bool) -> None:
    first, second, height, width = sizes
    editor = GraphEditor(model)
    value = clip_input(model.graph)
    name, kind = value.name, value.type.tensor_type.elem_type
    clip = editor.fresh("input/clip")
    rename_tensor(model.graph, name, clip)
    position = [each.name for each in model.graph.input].index(clip)
    planes = helper.make_tensor_value_info(name, kind, [batch, first * second, height, width])
    model.graph.input[position].CopyFrom(planes)
    shape = (0, first, second, height, width) if frames_first else (0, second, first, height, width)
    target = editor.fresh("input/clip_shape")
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(shape, np.int64), target))
    unfolded = clip if frames_first else editor.fresh("input/frames")
    nodes = [helper.make_node("Reshape", [name, target], [unfolded], name=editor.fresh("input/unfold"))]
    if not frames_first:
        turn = editor.fresh("input/turn")
        nodes.append(helper.make_node("Transpose", [unfolded], [clip], name=turn, perm=[0, 2, 1, 3, 4]))
    for index, node in enumerate(nodes):
        model.graph.node.insert(index, node)


def sized(model: onnx.ModelProto, imgsz: tuple[int, int] | None, hint: str) -> onnx.ModelProto:
    """Return the model with a fixed height and width: `imgsz` where it is given, else its own.

    Args:
        model: with an input of rank 4.
        imgsz: (height, width) to set it to.
        hint: the command that reads the file.

    Raises:
        ModelError: the size is open and none was given, or it cannot be changed.
        UsageError: no multiples of 32.
    """
    dims = dims_of(clip_input(model.graph))
    if imgsz is not None:
        return resize(model, *imgsz)
    if all(isinstance(side, int) for side in dims[2:]):
        return model
    raise ModelError(
        "the file takes any input size; a heat-map network needs the one it was trained at",
        hint=f"{hint} --imgsz 288 512",
    )
