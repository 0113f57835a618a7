"""Tiny ONNX networks with the heads of real families: 64 px wide, a few kilobytes, detections from any picture."""

from __future__ import annotations

import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)


def photograph(seed: int = 0, height: int = 90, width: int = 120):
    """A smooth random picture, uint8 (h, w, 3) BGR: more like a photograph than noise is."""
    rng = np.random.default_rng(seed)
    rough = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    soft = cv2.GaussianBlur(rough, (0, 0), 5).astype(np.float32)
    return np.clip((soft - soft.mean()) * 8 + 128, 0, 255).astype(np.uint8)


def photographs(count: int = 3):
    return [photograph(seed, 80 + 20 * seed, 120) for seed in range(count)]


class Net:
    """Collects nodes and weights; `stem` is the only input."""

    def __init__(self, size, *, batch=1, seed=0, half=False):
        self.rng = np.random.default_rng(seed)
        self.kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
        self.dtype = np.float16 if half else np.float32
        self.nodes, self.weights, self.size, self.batch = [], [], size, batch

    def weight(self, name, values, dtype=None):
        values = np.asarray(values)
        self.weights.append(numpy_helper.from_array(values.astype(dtype or self.dtype), name))
        return name

    def op(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=f"{output}/{kind}", **attributes))
        return output

    def conv(self, tensor, channels, stride, output, gain=1.0, bias=0.0, inputs=3):
        shape = (channels, inputs, stride, stride)
        scale = gain / np.sqrt(np.prod(shape[1:]))
        weight = self.weight(f"{output}/w", self.rng.normal(0, scale, shape))
        extra = self.weight(f"{output}/b", np.full(channels, bias))
        return self.op("Conv", [tensor, weight, extra], output, strides=[stride, stride], kernel_shape=[stride, stride])

    def model(self, output, shape, *, opset, ir, metadata=None, name="images"):
        door = helper.make_tensor_value_info(name, self.kind, [self.batch, 3, *self.size])
        graph = helper.make_graph(
            self.nodes, "tiny", [door], [helper.make_tensor_value_info(output, self.kind, shape)], self.weights
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)
        for key, value in (metadata or {}).items():
            model.metadata_props.append(onnx.StringStringEntryProto(key=key, value=value))
        onnx.checker.check_model(model, full_check=True)
        return model


def anchors_of(height, width):
    return sum((height // s) * (width // s) for s in STRIDES)


def yolox(height=64, width=96, classes=5, *, opset=11, decoded=False, batch=1):
    """YOLOX: cells raw, objectness and classes after the sigmoid, [B, A, 5 + nc]."""
    net = Net((height, width), batch=batch)
    levels = []
    for s in STRIDES:
        reg = net.conv("images", 4, s, f"reg{s}", 0.002)
        obj = net.op("Sigmoid", [net.conv("images", 1, s, f"objraw{s}", 0.01)], f"obj{s}")
        cls = net.op("Sigmoid", [net.conv("images", classes, s, f"clsraw{s}", 0.02)], f"cls{s}")
        joined = net.op("Concat", [reg, obj, cls], f"level{s}", axis=1)
        target = net.weight(f"shape{s}", [batch, 5 + classes, -1], np.int64)
        levels.append(net.op("Reshape", [joined, target], f"flat{s}"))
    net.op("Concat", levels, "flat", axis=2)
    net.op("Transpose", ["flat"], "output" if not decoded else "turned", perm=[0, 2, 1])
    if decoded:
        parts = [net.weight(f"part{at}", [at], np.int64) for at in (0, 4, 5 + classes)]
        axis, px = net.weight("last", [2], np.int64), net.weight("px", 20.0)
        box = net.op("Mul", [net.op("Exp", [net.op("Slice", ["turned", *parts[:2], axis], "box")], "e"), px], "pixels")
        net.op("Concat", [box, net.op("Slice", ["turned", *parts[1:], axis], "sc")], "output", axis=2)
    return net.model("output", [batch, anchors_of(height, width), 5 + classes], opset=opset, ir=7)


def grid(height, width):
    xy, stride = [], []
    for s in STRIDES:
        rows, columns = np.indices((height // s, width // s))
        xy.append(np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5]))
        stride.append(np.full(rows.size, float(s)))
    return np.concatenate(xy, axis=1)[None], np.concatenate(stride)[None]


def names_of(classes):
    return str({i: f"thing{i}" for i in range(classes)})


def metadata_of(classes, height, width, task="detect", **more):
    base = {"description": "Ultralytics YOLOv8n model", "license": "AGPL-3.0", "stride": "32", "task": task}
    return {**base, "names": names_of(classes), "imgsz": f"[{height}, {width}]", "batch": "1", **more}


def ultralytics(height=64, width=96, classes=4, keypoints=None, *, opset=17, half=False, extra_constant=False):
    """v8-like: distances from folded grid constants, scores after the sigmoid, [1, 4 + nc + points, A]."""
    net = Net((height, width), half=half)
    values = keypoints[0] * keypoints[1] if keypoints else 0
    cells, strides = grid(height, width)
    parts = {"box": [], "cls": [], "pts": []}
    for s in STRIDES:
        for word, channels, gain, bias in (
            ("box", 4, 1.0, 1.5),
            ("cls", classes, 6.0, -1.0),
            ("pts", values, 2.0, 0.5),
        ):
            if channels:
                out = _through_cells(net, net.conv("images", channels, s, f"{word}{s}", gain, bias), s, channels)
                target = net.weight(f"{word}/shape{s}", [1, channels, -1], np.int64)
                parts[word].append(net.op("Reshape", [out, target], f"{word}/flat{s}"))
    flat = {word: net.op("Concat", found, f"{word}/all", axis=2) for word, found in parts.items() if found}
    net.weight("grid", cells)
    net.weight("strides", strides)
    distance = net.op("Relu", [flat["box"]], "distance")
    first, last, axis = (net.weight(n, [v], np.int64) for n, v in (("zero", 0), ("two", 2), ("one", 1)))
    end = net.weight("four", [4], np.int64)
    low = net.op("Sub", ["grid", net.op("Slice", [distance, first, last, axis], "lt")], "low")
    high = net.op("Add", ["grid", net.op("Slice", [distance, last, end, axis], "rb")], "high")
    half_weight = net.weight("half", 0.5)
    centre = net.op("Mul", [net.op("Add", [low, high], "sum"), half_weight], "centre")
    size = net.op("Sub", [high, low], "size")
    box = net.op("Mul", [net.op("Concat", [centre, size], "xywh", axis=1), "strides"], "pixels")
    joined = [box, net.op("Sigmoid", [flat["cls"]], "scores")] + ([flat["pts"]] if values else [])
    if extra_constant:
        net.weight("mystery", np.arange(cells.shape[-1])[None, None])
        joined[0] = net.op("Mul", [box, "mystery"], "odd")
    net.op("Concat", joined, "output0", axis=1)
    more = {"kpt_shape": str(list(keypoints))} if keypoints else {}
    metadata = metadata_of(classes, height, width, "pose" if keypoints else "detect", **more)
    shape = [1, 4 + classes + values, cells.shape[-1]]
    return net.model("output0", shape, opset=opset, ir=8, metadata=metadata)


def _through_cells(net, tensor, stride, channels):
    """A there-and-back reshape that names rows and columns, as attention blocks have it."""
    rows, columns = net.size[0] // stride, net.size[1] // stride
    if stride != 32:
        return tensor
    flat = net.weight(f"{tensor}/flat", [1, channels, rows * columns], np.int64)
    back = net.weight(f"{tensor}/back", [1, channels, rows, columns], np.int64)
    return net.op("Reshape", [net.op("Reshape", [tensor, flat], f"{tensor}/f"), back], f"{tensor}/b2")


def dynamic(classes=4, *, opset=17):
    """Any batch and size; boxes straight from a convolution, so no grid is folded in."""
    net = Net(("height", "width"), batch="batch")
    parts = []
    for s in STRIDES:
        box = net.conv("images", 4, s, f"box{s}", 20.0, 30.0)
        cls = net.op("Sigmoid", [net.conv("images", classes, s, f"raw{s}", 6.0, -1.0)], f"cls{s}")
        joined = net.op("Concat", [box, cls], f"level{s}", axis=1)
        target = net.weight(f"shape{s}", [0, 4 + classes, -1], np.int64)
        parts.append(net.op("Reshape", [joined, target], f"flat{s}"))
    net.op("Concat", parts, "output0", axis=2)
    args = str({"dynamic": True})
    shape = ["batch", 4 + classes, "anchors"]
    return net.model("output0", shape, opset=opset, ir=8, metadata=metadata_of(classes, 64, 64, args=args))


def end2end(height=64, width=96, classes=4, rows=20, keypoints=0, *, opset=17):
    """Finished rows [1, M, 6 + 3 k], best first, as YOLO26 exports them."""
    net = Net((height, width))
    total = 6 + 3 * keypoints
    raw = net.conv("images", total, 8, "raw", 3.0)
    flat = net.op("Reshape", [raw, net.weight("shape", [1, total, -1], np.int64)], "flat")
    turned = net.op("Transpose", [flat], "turned", perm=[0, 2, 1])
    cut = [net.weight(n, [v], np.int64) for n, v in (("from", 0), ("to", rows), ("axis", 1))]
    table = net.op("Slice", [turned, *cut], "table")
    bounds = {n: net.weight(n, [v], np.int64) for n, v in (("b0", 0), ("b2", 2), ("b4", 4), ("b5", 5), ("b6", 6))}
    last, ax = net.weight("last", [total], np.int64), net.weight("ax", [2], np.int64)
    xy = net.op("Mul", [net.op("Slice", [table, bounds["b0"], bounds["b2"], ax], "xy"), net.weight("px", 20.0)], "low")
    size = net.op("Abs", [net.op("Slice", [table, bounds["b2"], bounds["b4"], ax], "sz")], "abs")
    high = net.op("Add", [xy, net.op("Mul", [size, "px"], "wide")], "high")
    logit = net.op("Mul", [net.op("Slice", [table, bounds["b4"], bounds["b5"], ax], "sc"), "px"], "logit")
    score = net.op("Sigmoid", [net.op("Abs", [logit], "strength")], "score")
    cls = net.op("Floor", [net.op("Abs", [net.op("Slice", [table, bounds["b5"], bounds["b6"], ax], "c")], "ca")], "cls")
    limit = net.op("Min", [cls, net.weight("most", float(classes - 1))], "class")
    parts = [xy, high, score, limit]
    if keypoints:
        parts.append(net.op("Slice", [table, bounds["b6"], last, ax], "points"))
    net.op("Concat", parts, "output0", axis=2)
    more = {"end2end": "True", **({"kpt_shape": str([keypoints, 3])} if keypoints else {})}
    metadata = metadata_of(classes, height, width, "pose" if keypoints else "detect", **more)
    return net.model("output0", [1, rows, total], opset=opset, ir=8, metadata=metadata)


def fixed_answers(answers, size=(64, 96), *, gain=0.0, sizes_input=False, metadata=None, kind=TensorProto.FLOAT):
    """A network that answers the same to every picture, but for `gain` times the mean of its input.

    `answers` are arrays by output name, batch included. With `sizes_input` the boxes are multiplied with the pictures'
    sizes, as D-FINE's last nodes do.
    """
    nodes = [helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT)]
    nodes += [helper.make_node("ReduceMean", ["pixels"], ["mean"], keepdims=0)]
    nodes += [helper.make_node("Mul", ["mean", "gain"], ["add"])]
    weights = [numpy_helper.from_array(np.float32(gain), "gain")]
    inputs = [helper.make_tensor_value_info("images", kind, [1, 3, *size])]
    outputs = []
    for name, array in answers.items():
        array = np.asarray(array)
        outputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape))
        weights.append(numpy_helper.from_array(array, f"{name}/fixed"))
        if array.dtype != np.float32:
            nodes.append(helper.make_node("Identity", [f"{name}/fixed"], [name]))
        elif sizes_input and name == "boxes":
            nodes.append(helper.make_node("Cast", ["orig_target_sizes"], ["sizes"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("Concat", ["sizes", "sizes"], ["four"], axis=1))
            nodes.append(helper.make_node("Mul", [f"{name}/fixed", "four"], [name]))
        else:
            nodes.append(helper.make_node("Add", [f"{name}/fixed", "add"], [name]))
    if sizes_input:
        inputs.append(helper.make_tensor_value_info("orig_target_sizes", TensorProto.INT64, [1, 2]))
    graph = helper.make_graph(nodes, "fixed", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    for key, value in (metadata or {}).items():
        model.metadata_props.append(onnx.StringStringEntryProto(key=key, value=value))
    return model


def save(model, path):
    onnx.save(model, path)
    return path
