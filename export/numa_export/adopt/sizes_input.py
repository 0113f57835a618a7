"""DETRs that ask for the pictures' sizes: the network's own size becomes a constant, so boxes are in its pixels.

D-FINE, DEIM and RT-DETR export a second input `orig_target_sizes` [B, 2], width and height, which their last nodes
multiply the boxes with.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

from numa_export.graph.editor import dims_of
from numa_export.graph.image_input import image_input
from numa_runtime.contract.shapes import SIZES_INPUT
from numa_runtime.errors import ModelError


def fill_sizes(model: onnx.ModelProto, size: tuple[int, int] | None = None) -> onnx.ModelProto:
    """Return a copy without that input; the model itself where it has none.

    Args:
        model: a foreign model.
        size: (height, width) it is going to be set to; None keeps its own.

    Raises:
        ModelError: its size is dynamic and none was given.
    """
    asked = next((value for value in model.graph.input if value.name == SIZES_INPUT), None)
    if asked is None:
        return model
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.graph.input[[value.name for value in copy.graph.input].index(SIZES_INPUT)]
    height, width = size or dims_of(image_input(copy.graph))[2:]
    if not (isinstance(height, int) and isinstance(width, int)):
        raise ModelError(
            "the file takes any input size and asks for the pictures' sizes; one size has to be chosen",
            hint="give the size it was trained at: --imgsz 640",
        )
    dtype = helper.tensor_dtype_to_np_dtype(asked.type.tensor_type.elem_type)
    copy.graph.initializer.append(numpy_helper.from_array(np.array([[width, height]], dtype), SIZES_INPUT))
    return copy
