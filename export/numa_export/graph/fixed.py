"""A dynamic graph set to one size: what is fixed needs no profile, and every backend plans memory better."""

from __future__ import annotations

import onnx

from numa_export.graph.editor import dims_of
from numa_export.graph.image_input import image_input


def fix_size(model: onnx.ModelProto, batch: int, height: int, width: int) -> None:
    """Set the image input to one size, and the outputs to what shape inference then says, in place."""
    model_input = image_input(model.graph)
    words = dims_of(model_input)
    _set_dims(model_input, [batch, words[1], height, width])
    del model.graph.value_info[:]
    inferred = {value.name: dims_of(value) for value in _infer(model).graph.output}
    known: dict[int | str, int | None] = {
        word: size for word, size in zip(words, (batch, None, height, width), strict=True) if isinstance(word, str)
    }
    for value in model.graph.output:
        old = dims_of(value)
        found = inferred.get(value.name, old)
        new = found if len(found) == len(old) else old
        # An axis that inference cannot tell is the input's own where it has the same word ("batch").
        _set_dims(value, [n if isinstance(n, int) else known.get(o) or o for n, o in zip(new, old, strict=True)])


def _infer(model: onnx.ModelProto) -> onnx.ModelProto:
    blank = onnx.ModelProto()
    blank.CopyFrom(model)
    for value in blank.graph.output:
        value.type.tensor_type.ClearField("shape")
    try:
        return onnx.shape_inference.infer_shapes(blank, data_prop=True)
    except onnx.shape_inference.InferenceError:
        return model  # operators of other domains: the words have to do


def _set_dims(value: onnx.ValueInfoProto, sizes: list[int | str]) -> None:
    for dim, size in zip(value.type.tensor_type.shape.dim, sizes, strict=True):
        dim.Clear()
        if isinstance(size, int):
            dim.dim_value = size
        else:
            dim.dim_param = size
