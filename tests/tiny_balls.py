"""Tiny heat-map ball networks, laid out as TrackNet's family publishes them: they find bright dots on calm pictures.

Each answers for every frame with the dot's likeness to a small Gaussian, so that positions and scores are real.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HEIGHT, WIDTH = 64, 128
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def kernel(size=9, sigma=1.6):
    """A Gaussian without its mean: 0 on what is even, about 1 on a white dot of that size."""
    at = np.arange(size) - size // 2
    dot = np.exp(-(at[:, None] ** 2 + at[None] ** 2) / (2 * sigma**2))
    dot -= dot.mean()
    return dot / (dot * np.exp(-(at[:, None] ** 2 + at[None] ** 2) / (2 * sigma**2))).sum()


def weights(frames, channels, background, size=9):
    """Weights [T, planes, 9, 9]: map t sees frame t (less the background, in front, where there is one)."""
    found = np.zeros((frames, (frames + background) * channels, size, size), np.float32)
    for t in range(frames):
        first = (t + background) * channels
        found[t, first : first + channels] = kernel() / channels
        if background:
            found[t, :channels] -= kernel() / channels
    return found


class Net:
    """Collects nodes; `clip` is the input as planes."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def constant(self, values, dtype=np.float32):
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def op(self, kind, *inputs, output="", **attributes):
        name = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"n{len(self.nodes)}", **attributes))
        return name

    def model(self, door, outputs, opset=13):
        infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs]
        info = helper.make_tensor_value_info("frames", TensorProto.FLOAT, door)
        graph = helper.make_graph(self.nodes, "balls", [info], infos, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
        onnx.checker.check_model(model)
        return model


def stacked(
    frames=3,
    channels=3,
    *,
    background=False,
    logits=False,
    motion=False,
    scale=1,
    size=(HEIGHT, WIDTH),
    batch="N",
    axes="planes",
    open_planes=False,
    normalised=False,
    opset=13,
    gain=12.0,
):
    """A network of `frames` maps.

    Args:
        frames: T.
        channels: of a frame.
        background: whether the median stands in front.
        logits: maps before the sigmoid.
        motion: weigh each map by how much its frame differs from the one before, as TrackNetV4 does inside.
        scale: how many times smaller a map is than the input.
        axes: "planes" [B, P, H, W], "frames" [B, T, C, H, W] or "channels" [B, C, T, H, W].
        open_planes: leave the number of planes open.
        normalised: expects ImageNet's mean and std.
    """
    net, planes, (h, w) = Net(), (frames + background) * channels, size
    clip, door = "frames", [batch, planes, h, w]
    if axes != "planes":
        door = [batch, planes // channels, channels, h, w]
        if axes == "channels":
            door = [batch, channels, planes // channels, h, w]
            clip = net.op("Transpose", clip, perm=[0, 2, 1, 3, 4])
        clip = net.op("Reshape", clip, net.constant((0, planes, h, w), np.int64))
    if normalised:
        repeats = planes // channels
        shape = (1, planes, 1, 1)
        clip = net.op("Mul", clip, net.constant(np.tile(STD, repeats).reshape(shape)))
        clip = net.op("Add", clip, net.constant(np.tile(MEAN, repeats).reshape(shape)))
    weight = net.constant(weights(frames, channels, background))
    maps = net.op("Conv", clip, weight, kernel_shape=[9, 9], pads=[4] * 4)
    if scale > 1:
        maps = net.op("MaxPool", maps, kernel_shape=[scale, scale], strides=[scale, scale])
    if motion:
        mean = np.kron(np.eye(frames), np.ones((1, channels)) / channels)
        grey = net.op("Conv", clip, net.constant(mean[..., None, None]))
        before = net.op("Gather", grey, net.constant([0, *range(frames - 1)], np.int64), axis=1)
        moved = net.op("Abs", net.op("Sub", grey, before))
        maps = net.op("Mul", maps, net.op("Add", moved, net.constant(0.8)))
    maps = net.op("Sub", net.op("Mul", maps, net.constant(gain)), net.constant(gain / 2))
    if not logits:
        maps = net.op("Sigmoid", maps)
    out = [batch, frames, h // scale, w // scale]
    if axes != "planes":
        maps = net.op("Unsqueeze", maps, net.constant([2 if axes == "frames" else 1], np.int64))
        out.insert(2 if axes == "frames" else 1, 1)
    net.op("Identity", maps, output="heat")
    if open_planes:
        door = [batch, "planes", h, w]
    return net.model(door, [("heat", out)], opset)


def film(count=12, size=(HEIGHT, WIDTH), *, start=(20.0, 40.0), step=(6.0, -1.5), seed=0, sigma=1.6):
    """A dot that flies over a calm picture: frames uint8 (h, w, 3) and its centres (count, 2), x and y in pixels."""
    rng = np.random.default_rng(seed)
    height, width = size
    calm = 40 + 30 * np.linspace(0, 1, width)[None, :, None] + rng.uniform(0, 4, (height, width, 3))
    rows, columns = np.indices(size) + 0.5
    frames, places = [], np.array(start) + np.arange(count)[:, None] * np.array(step)
    for x, y in places:
        dot = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * sigma**2))[..., None]
        frames.append(np.clip(calm + (255 - calm) * dot, 0, 255).astype(np.uint8))
    return frames, places
