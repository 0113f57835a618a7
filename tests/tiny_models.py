"""Tiny ONNX models and engine headers, made on the spot: one convolution with the outputs of a known family."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from numa_runtime.contract import BuildRecord, InputSpec, Layout, ModelSpec, OutputSpec, Task

Shape = Sequence[int | str]
TYPES = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "uint8": TensorProto.UINT8}


def tiny_onnx(
    path: Path,
    outputs: Mapping[str, Shape],
    *,
    shape: Shape = (1, 3, 64, 64),
    dtype: str = "float32",
    metadata: Mapping[str, str] | None = None,
    name: str = "images",
) -> Path:
    """Write a model whose outputs have the given shapes; a first axis "batch" gives one raw column per cell."""
    nodes = [helper.make_node("Cast", [name], ["pixels"], to=TensorProto.FLOAT)]
    constants = []
    for index, (output, out) in enumerate(outputs.items()):
        some_nodes, some_constants = _raw(shape, output, out) if "batch" in out else _spread(shape, output, out, index)
        nodes += some_nodes
        constants += some_constants
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TYPES[dtype], list(shape))],
        [helper.make_tensor_value_info(key, TensorProto.FLOAT, list(out)) for key, out in outputs.items()],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    for key, value in (metadata or {}).items():
        model.metadata_props.append(onnx.StringStringEntryProto(key=key, value=value))
    onnx.save(model, str(path))
    return path


def _spread(shape, output, out, index):
    """The input's mean, through a convolution, spread over a fixed output."""
    weight = numpy_helper.from_array(_weights(4, shape[1]), f"weight{index}")
    target = numpy_helper.from_array(np.array(out, np.int64), f"shape{index}")
    nodes = [
        helper.make_node("Conv", ["pixels", weight.name], [f"features{index}"]),
        helper.make_node("ReduceMean", [f"features{index}"], [f"mean{index}"], keepdims=0),
        helper.make_node("Expand", [f"mean{index}", target.name], [output]),
    ]
    return nodes, [weight, target]


def _raw(shape, output, out):
    """One column per 32 x 32 cell: batch, values, anchors, all but the values dynamic."""
    weight = numpy_helper.from_array(_weights(out[1], shape[1]), "weight")
    target = numpy_helper.from_array(np.array([0, out[1], -1], np.int64), "flat")
    nodes = [
        helper.make_node("Conv", ["pixels", "weight"], ["features"], strides=[32, 32]),
        helper.make_node("Reshape", ["features", "flat"], [output]),
    ]
    return nodes, [weight, target]


def _weights(values, planes):
    return np.linspace(-1, 1, values * planes, dtype=np.float32).reshape(values, planes, 1, 1)


def detect_spec(**changes: object) -> ModelSpec:
    """Return a small contract of ours: candidates of two classes at 64x64."""
    fields = {
        "task": Task.DETECT,
        "names": ("player", "referee"),
        "stride": 32,
        "input": InputSpec(height=64, width=64),
        "outputs": (OutputSpec("boxes", (1, 8, 4), "xyxy"), OutputSpec("scores", (1, 8, 2), "per class")),
        "layout": Layout.CANDIDATES,
        "name": "tiny",
    }
    return ModelSpec(**{**fields, **changes})


RECORD = BuildRecord(precision="fp32", tool="numa-deploy 0.1.0", created="2026-11-21T12:00:00Z", source="tiny.pt")


def rtx_plan(mask: int = 0b1000, *, version: Sequence[int] = (1, 7, 1, 116), name: str = "", size: int = 4096) -> bytes:
    """Return bytes with the header of a TensorRT RTX plan, for SM89 by default, and `name` inside."""
    head = struct.pack("<4s12xQ4B4sQ16xQ", b"vtrt", size, *version, b"vtrt", mask, 1120)
    body = b"\x18" + struct.pack("<Q", len(name)) + name.encode() + b"}\x01\x80\x08\x80"
    return (head + b"\0" * (64 - len(head)) + body).ljust(size, b"\0")


def tensorrt_plan(version: Sequence[int] = (10, 8, 0, 43)) -> bytes:
    """Return bytes with the header of a TensorRT plan."""
    return (b"ftrt" + b"\0" * 20 + bytes(version)).ljust(1024, b"\0")
