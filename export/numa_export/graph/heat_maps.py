"""Heat maps to balls in plain operators of fixed size: what gives TrackNet's family the output `balls [B, T, 5, 6]`.

Peaks are looked for in cells of 4x4 pixels (a MaxPool), because a large MaxPool over every pixel costs more than the
network. The 16 best cells are refined on the pixels: the centroid of what rises above half of the peak, in a window
that is centred twice. Then the best is kept, what lies within reach of it goes, and so on, as in the track head. Values
are picked with GatherElements, since some engines build no GridSample and a product with a one-hot matrix would round.

A ball's next position is that of the following map's ball, the best one that can have come from it. The newest frame
has no following map: there, and where nothing follows, next is the position itself, which the runtime reads as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import TensorProto

from numa_export.graph.editor import GraphEditor
from numa_export.graph.heads import Output

OLDEST_OPSET = 13  # from here on sums and new axes are written as below
KEEP = 5
CANDIDATES = 16
CELL = 4
REACH_PARTS = 32  # balls nearer than the input's longer side / 32 are one, as in the track head
NEXT_SCORE = 0.25  # a following peak below it is no ball
NEXT_PARTS = 8  # the longest step to it: longer side / 8, more than twice the 99th percentile of badminton
NEAR_PARTS = 16  # a peak at longer side / 16 is worth half of one in place
_LEAST = -30.0  # the logit of a probability of 1e-13


@dataclass(frozen=True, slots=True)
class MapShape:
    """The sizes a head is built for.

    Attributes:
        batch: an int or a word.
        frames: T, maps for each clip.
        size: (height, width) of a map.
        target: (height, width) of the network's input.
        logits: whether the maps come before their sigmoid.
    """

    batch: int | str
    frames: int
    size: tuple[int, int]
    target: tuple[int, int]
    logits: bool = False

    @property
    def margin(self) -> int:
        """Half of a refinement window in pixels of a map: 8 for a width of 512; whole cells."""
        return CELL * max(1, -(-max(self.size) // 320))

    @property
    def padded(self) -> tuple[int, int]:
        """(height, width) with a margin all around, in whole cells."""
        height, width = (-(-side // CELL) * CELL + 2 * self.margin for side in self.size)
        return height, width


def append_heat_maps(editor: GraphEditor, raw: str, shape: MapShape) -> list[Output]:
    """Find the balls in maps `[B, T, H, W]`; return the output `balls` [B, T, 5, 6], best first, zeros where fewer.

    Args:
        editor: of the graph, which is changed in place; opset 13 at least.
        raw: name of the maps.
        shape: the sizes the head is built for.
    """
    head = _Head(editor, shape)
    pixels, score, row, column = head.cells(raw)
    for _ in range(2):
        row, column, down, right = head.centred(pixels, score, row, column)
    y, x = head.in_input(row, down, 0), head.in_input(column, right, 1)
    y, x, score = head.suppressed(y, x, score)
    next_y, next_x = head.following(y, x, score)
    zero = editor.node("Mul", [score, head.number(0.0)], stem="balls/class")
    columns = [editor.unsqueeze(name, 3, "balls/column") for name in (x, y, next_x, next_y, score, zero)]
    editor.node("Concat", columns, output="balls", axis=3)
    return [("balls", (shape.batch, shape.frames, KEEP, 6))]


class _Head:
    """Appends one step after the other; all tensors but the pixels are [B, T, candidates]."""

    def __init__(self, editor: GraphEditor, shape: MapShape) -> None:
        self._editor, self._shape = editor, shape
        steps = np.arange(-shape.margin, shape.margin + 1)
        down, right = (grid.ravel() for grid in np.meshgrid(steps, steps, indexing="ij"))
        self._offsets = editor.constant((down * shape.padded[1] + right).astype(np.int64), "balls/offsets")
        self._down = editor.constant(down.astype(np.float32), "balls/down")
        self._right = editor.constant(right.astype(np.float32), "balls/right")

    def number(self, value: float) -> str:
        return self._editor.constant(np.asarray(value, np.float32), "balls/number")

    def _do(self, op: str, *inputs: str, **attributes: Any) -> str:
        return self._editor.node(op, inputs, stem=f"balls/{op.lower()}", **attributes)

    def _flat(self, maps: str) -> str:
        return self._editor.reshape(maps, (0, 0, -1), "balls/flat")

    def cells(self, raw: str) -> tuple[str, str, str, str]:
        """Return the padded pixels [B, T, N], and score, row and column (int64) of the best cells' centres."""
        shape = self._shape
        (height, width), margin = shape.padded, shape.margin
        after = (height - shape.size[0] - margin, width - shape.size[1] - margin)
        pads = self._editor.constant((0, 0, margin, margin, 0, 0, *after), "balls/pads")
        padded = self._do("Pad", raw, pads, self.number(_LEAST if shape.logits else 0.0))
        cells = self._do("MaxPool", padded, kernel_shape=[CELL, CELL], strides=[CELL, CELL])
        cells = self._do("Sigmoid", cells) if shape.logits else cells
        around = self._do("MaxPool", cells, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
        # A candidate must not be less than any neighbour; saturated blobs have several, which suppression joins.
        peaks = self._do("Where", self._do("Equal", cells, around), cells, self.number(0.0))
        count = min(CANDIDATES, (height // CELL) * (width // CELL))
        score, index = self._editor.nodes(
            "TopK", [self._flat(peaks), self._editor.constant([count], "balls/k")], 2, stem="balls/top", axis=2
        )
        across = self._editor.constant([width // CELL], "balls/across")
        row = self._do("Div", index, across)
        column = self._do("Sub", index, self._do("Mul", row, across))
        return self._flat(padded), score, self._middle(row), self._middle(column)

    def _middle(self, cell: str) -> str:
        first = self._do("Mul", cell, self._editor.constant([CELL], "balls/cell"))
        return self._do("Add", first, self._editor.constant([CELL // 2], "balls/half_cell"))

    def _inside(self, place: str, axis: int) -> str:
        """Keep a window's centre where the whole window lies in the padded map."""
        margin, last = self._shape.margin, self._shape.padded[axis] - self._shape.margin - 1
        low = self._do("Max", place, self._editor.constant([margin], "balls/low"))
        return self._do("Min", low, self._editor.constant([last], "balls/high"))

    def centred(self, pixels: str, score: str, row: str, column: str) -> tuple[str, str, str, str]:
        """Return the pixel nearest to the centroid of each window, and how far from it that lies (down, right)."""
        row, column = self._inside(row, 0), self._inside(column, 1)
        width = self._editor.constant([self._shape.padded[1]], "balls/width")
        centre = self._do("Add", self._do("Mul", row, width), column)
        places = self._do("Add", self._editor.unsqueeze(centre, 3, "balls/centre"), self._offsets)
        values = self._do("GatherElements", pixels, self._flat(places), axis=2)
        values = self._do("Sigmoid", values) if self._shape.logits else values
        area = self._window_area()
        windows = self._editor.reshape(values, (0, 0, -1, area), "balls/windows")
        half = self._do("Mul", self._editor.unsqueeze(score, 3, "balls/score"), self.number(0.5))
        weight = self._do("Relu", self._do("Sub", windows, half))
        total = self._do("Max", self._sum(weight), self.number(1e-9))
        moved = []
        for place, offsets in ((row, self._down), (column, self._right)):
            off = self._do("Div", self._sum(self._do("Mul", weight, offsets)), total)
            whole = self._do("Round", off)
            moved.append((self._do("Add", place, self._do("Cast", whole, to=TensorProto.INT64)), off, whole))
        (row, down, whole_down), (column, right, whole_right) = moved
        return row, column, self._do("Sub", down, whole_down), self._do("Sub", right, whole_right)

    def _window_area(self) -> int:
        return (2 * self._shape.margin + 1) ** 2

    def _sum(self, values: str) -> str:
        return self._do("ReduceSum", values, self._editor.constant([3], "balls/axis"), keepdims=0)

    def in_input(self, pixel: str, rest: str, axis: int) -> str:
        """Return pixels of the padded map as coordinates of the input, in which pixel i covers i to i + 1."""
        ratio = self._shape.target[axis] / self._shape.size[axis]
        place = self._do("Add", self._do("Cast", pixel, to=TensorProto.FLOAT), rest)
        return self._do("Mul", self._do("Add", place, self.number(0.5 - self._shape.margin)), self.number(ratio))

    def _pick(self, values: str, index: str) -> str:
        return self._do("GatherElements", values, index, axis=2)

    def _best(self, worth: str, axis: int) -> tuple[str, str]:
        best, index = self._editor.nodes(
            "TopK", [worth, self._editor.constant([1], "balls/one")], 2, stem="balls/best", axis=axis
        )
        return best, index

    def _squared(self, one: str, two: str) -> str:
        gap = self._do("Sub", one, two)
        return self._do("Mul", gap, gap)

    def suppressed(self, y: str, x: str, score: str) -> tuple[str, str, str]:
        """Keep five balls, none within reach of a better one; where fewer are left, zeros."""
        reach = self.number((max(self._shape.target) / REACH_PARTS) ** 2)
        left = score
        kept: list[tuple[str, str, str]] = []
        for _ in range(KEEP):
            best, index = self._best(left, 2)
            here_y, here_x = self._pick(y, index), self._pick(x, index)
            real = self._do("Cast", self._do("Greater", best, self.number(0.0)), to=TensorProto.FLOAT)
            kept.append((self._do("Mul", here_y, real), self._do("Mul", here_x, real), best))
            gap = self._do("Add", self._squared(y, here_y), self._squared(x, here_x))
            left = self._do("Where", self._do("Greater", gap, reach), left, self.number(0.0))
        rows = [self._do("Concat", *column, axis=2) for column in zip(*kept, strict=True)]
        return rows[0], rows[1], rows[2]

    def following(self, y: str, x: str, score: str) -> tuple[str, str]:
        """Return the next y and x [B, T, 5] of every ball."""
        edit, frames, longer = self._editor, self._shape.frames, max(self._shape.target)
        now = [edit.slice(name, 0, frames - 1, 1, "balls/now") for name in (y, x)]
        then = [edit.slice(name, 1, frames, 1, "balls/then") for name in (y, x, score)]
        last = [edit.slice(name, frames - 1, frames, 1, "balls/newest") for name in (y, x)]
        wide_now = [edit.unsqueeze(name, 3, "balls/from") for name in now]
        wide = [edit.unsqueeze(name, 2, "balls/to") for name in then]
        gap = self._do("Add", self._squared(wide_now[0], wide[0]), self._squared(wide_now[1], wide[1]))
        share = self._do("Mul", gap, self.number((NEAR_PARTS / longer) ** 2))
        worth = self._do("Div", wide[2], self._do("Add", share, self.number(1.0)))
        near = self._do("Less", gap, self.number((longer / NEXT_PARTS) ** 2))
        sure = self._do("Greater", wide[2], self.number(NEXT_SCORE))
        best, index = self._best(self._do("Where", self._do("And", near, sure), worth, self.number(0.0)), 3)
        target = edit.reshape(index, (0, 0, -1), "balls/target")
        found = self._do("Greater", edit.reshape(best, (0, 0, -1), "balls/worth"), self.number(0.0))
        # An unknown next is the position itself, to the last bit.
        known = [self._do("Where", found, self._pick(then[i], target), now[i]) for i in range(2)]
        both = [self._do("Concat", known[i], last[i], axis=1) for i in range(2)]
        return both[0], both[1]
