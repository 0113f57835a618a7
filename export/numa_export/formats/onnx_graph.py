"""From a torch module to an ONNX graph, through torch's dynamo exporter."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import onnx

from numa_export.formats.exportable import Deployed, module_of
from numa_export.graph.clean import clean
from numa_export.graph.image_input import image_input
from numa_export.plan import ExportPlan
from numa_runtime.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

_LARGEST_BATCH = 1024
_LARGEST_CELLS = 256
_NOISY = ("torch.onnx", "torch.export", "torch._subclasses", "torch._dynamo", "onnxscript")


def to_onnx(deployed: Deployed, plan: ExportPlan) -> onnx.ModelProto:
    """Trace the inference form into a clean float32 graph: uint8 in (Cast first), the contract's outputs out.

    Dynamic graphs take any batch and any sides that are multiples of the stride. Weights are inside, names of
    inputs and outputs are the contract's, and nothing else is in it: no dead nodes, no notes of the tracer.

    Raises:
        ModelError: torch cannot trace the network, or the graph does not begin with the Cast.
    """
    import torch

    spec = deployed.spec
    stride, module = spec.stride, module_of(deployed)
    height, width = plan.size
    shapes: Any = None
    if plan.dynamic:
        # Two of everything: torch takes an axis of length 1 for a constant, and equal sides for one symbol.
        example = deployed.example_input(4 * stride, 6 * stride, 2)
        shapes = (_dynamic_axes(stride),)
    else:
        example = deployed.example_input(height, width, plan.batch)
    try:
        with _quiet(), torch.inference_mode():
            program = torch.onnx.export(
                module,
                (example,),
                dynamo=True,
                opset_version=plan.opset,
                input_names=[spec.input.name],
                output_names=list(deployed.output_names),
                dynamic_shapes=shapes,
                external_data=False,
                verbose=False,
            )
    except (torch.onnx.errors.OnnxExporterError, RuntimeError) as error:
        raise ModelError(
            f"torch {torch.__version__} cannot export {spec.name or 'the network'} at {_example_words(example)}: "
            f"{_root_cause(error)}"
        ) from error
    assert program is not None
    return _tidy(program.model_proto, plan)


def _example_words(example: Tensor) -> str:
    return "x".join(str(side) for side in example.shape)


def _root_cause(error: BaseException) -> str:
    """Return the first line of what went wrong first: the exporter wraps it in pages of advice."""
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def _dynamic_axes(stride: int) -> dict[int, Any]:
    from torch.export import Dim

    return {
        0: Dim("batch", min=1, max=_LARGEST_BATCH),
        2: stride * Dim("rows", min=1, max=_LARGEST_CELLS),
        3: stride * Dim("columns", min=1, max=_LARGEST_CELLS),
    }


def _tidy(model: onnx.ModelProto, plan: ExportPlan) -> onnx.ModelProto:
    clean(model)
    for node in model.graph.node:
        # The tracer notes where each node came from, with paths of this machine: larger than small weights.
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    model.graph.doc_string = model.doc_string = ""
    model_input = image_input(model.graph)
    if plan.dynamic:
        for index, word in ((0, "batch"), (2, "height"), (3, "width")):
            _name_axis(model, model_input, index, word)
    _put_cast_first(model.graph, model_input.name)
    return model


def _name_axis(model: onnx.ModelProto, model_input: onnx.ValueInfoProto, index: int, word: str) -> None:
    """Give a dynamic axis a plain word ("height" for "32*rows"), wherever an output has the same axis."""
    dim = model_input.type.tensor_type.shape.dim[index]
    if dim.HasField("dim_value"):
        raise ModelError(
            f"torch made axis {index} of the input a constant {dim.dim_value} although a dynamic one was asked for",
            hint="export without dynamic, at the size you need",
        )
    old = dim.dim_param
    for value in (model_input, *model.graph.output):
        for axis in value.type.tensor_type.shape.dim:
            if axis.HasField("dim_param") and axis.dim_param == old:
                axis.dim_param = word


def _put_cast_first(graph: onnx.GraphProto, model_input: str) -> None:
    """Make Cast the first node and the only reader of the uint8 input: TensorRT takes uint8 in no other way."""
    readers = [index for index, node in enumerate(graph.node) if model_input in node.input]
    casts = [index for index in readers if graph.node[index].op_type == "Cast"]
    others = [graph.node[index].op_type for index in readers if graph.node[index].op_type not in ("Cast", "Shape")]
    if others or not casts:
        raise ModelError(
            f"the graph reads its uint8 input {model_input} by {', '.join(others) or 'nothing'}; a Cast must come first"
        )
    pixels = graph.node[casts[0]].output[0]
    for index in readers:
        if graph.node[index].op_type == "Shape":
            graph.node[index].input[0] = pixels
    cast = onnx.NodeProto.FromString(graph.node[casts[0]].SerializeToString())
    del graph.node[casts[0]]
    graph.node.insert(0, cast)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tracer's notes to itself (torchvision is missing, its own deprecations): no user can act on them."""
    loggers = [logging.getLogger(name) for name in _NOISY]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
