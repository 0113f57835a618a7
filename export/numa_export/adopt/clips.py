"""A heat-map network's file: how many frames of what kind it takes, which output the maps are, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from numa_export.adopt.clip_input import clip_input, sized, with_planes
from numa_export.adopt.running import open_plain, runner
from numa_export.graph.editor import GraphEditor, dims_of, modernise
from numa_export.graph.heat_maps import OLDEST_OPSET
from numa_export.proof.batches import letterboxed
from numa_runtime.contract import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.family import Family
from numa_runtime.contract.foreign import MEANINGS, adopt_hint
from numa_runtime.contract.heat_maps import FEWEST_FRAMES, MOST_FRAMES, Clip, clip_of, clips_of, possible_clips
from numa_runtime.errors import ModelError, UsageError
from numa_runtime.words import count

_COARSEST = 8  # a map has at least an eighth of the input's sides: coarser ones are grids with offsets
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Clips:
    """What is known of a file before it is read; see `source.read_source`."""

    path: Path
    family: Family
    images: Sequence[NDArray[np.uint8]]
    imgsz: tuple[int, int] | None
    names: Sequence[str] | None
    frames: int | None

    @property
    def hint(self) -> str:
        """The command that reads the file."""
        return adopt_hint(str(self.path), self.family)


@dataclass(frozen=True, slots=True)
class ReadClips:
    """The file with one input `[B, planes, H, W]` and one output `[B, T, h, w]`, and what describes it."""

    model: onnx.ModelProto
    spec: ModelSpec
    resized: bool


def read_clips(model: onnx.ModelProto, told: Clips) -> ReadClips:
    """Read a heat-map network.

    Raises:
        ModelError: no clip goes in, no map for each of its frames comes out, or the number of frames cannot be known.
        UsageError: frames, names or a size that do not fit.
    """
    before = dims_of(clip_input(model.graph))[-2:]
    model = sized(with_planes(modernise(model, OLDEST_OPSET)), told.imgsz, told.hint)
    resized = told.imgsz is not None and dims_of(clip_input(model.graph))[-2:] != before
    planes = dims_of(clip_input(model.graph))[1]
    clip, maps = _told(model, planes, told) if isinstance(planes, int) else _tried(model, told)
    if told.frames not in (None, clip.frames):
        raise UsageError(
            f"--frames {told.frames}: {told.path.name} gives {clip.frames} maps, so it takes {clip}", hint=told.hint
        )
    model = _one_output(model, maps, clip)
    spec = _spec(model, clip, maps, told)
    return ReadClips(model, _with_values(model, spec, told), resized)


@dataclass(frozen=True, slots=True)
class _Maps:
    """An output that may be the maps."""

    name: str
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        return max(self.shape[1:3]) if len(self.shape) == 5 else self.shape[1]

    @property
    def size(self) -> tuple[int, int]:
        return self.shape[-2], self.shape[-1]


def _run_blank(model: onnx.ModelProto, planes: int, path: Path) -> list[_Maps]:
    """Run the file on black pictures; return its outputs that could be maps."""
    session = open_plain(model, path.name)
    value = clip_input(model.graph)
    batch, _, height, width = (side if isinstance(side, int) else 1 for side in dims_of(value))
    dtype = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    names = [output.name for output in model.graph.output]
    try:
        arrays = session.run(names, {value.name: np.zeros((batch, planes, height, width), dtype)})
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"{path.name} cannot be run with {planes} planes: {reason}") from error
    found = [_Maps(name, array.shape) for name, array in zip(names, arrays, strict=True)]
    return [one for one in found if len(one.shape) == 4 or (len(one.shape) == 5 and 1 in one.shape[1:3])]


def _told(model: onnx.ModelProto, planes: int, told: Clips) -> tuple[Clip, _Maps]:
    """Return the clip of a file that says how many planes it takes: the number of maps decides what they are."""
    height, width = (int(side) for side in dims_of(clip_input(model.graph))[2:])
    found = _run_blank(model, planes, told.path)
    fine = [one for one in found if min(one.size[0] * _COARSEST / height, one.size[1] * _COARSEST / width) >= 1]
    fitting = [(clip, one) for one in fine if (clip := clip_of(planes, one.count)) is not None]
    if fitting:
        return max(fitting, key=lambda pair: pair[1].size)  # networks with maps of several scales: the finest
    can_be = " or ".join(map(str, possible_clips(planes))) or f"no clip of {FEWEST_FRAMES} to {MOST_FRAMES} frames"
    gives = "; ".join(f"{one.name} {list(one.shape)}" for one in found) or "no map"
    raise ModelError(
        f"{told.path.name} takes {count(planes, 'plane')} ({can_be}), and gives {gives}: a map for each of its frames, "
        f"of at least 1/{_COARSEST} of the input's size, is needed",
        hint="docs/how-to/foreign-files.md lists the clips and maps that are read",
    )


def _tried(model: onnx.ModelProto, told: Clips) -> tuple[Clip, _Maps]:
    """Return the clip of a file that leaves its planes open: of those with as many frames as said, the one that runs.

    Its input then has that many planes.
    """
    if told.frames is None:
        raise ModelError(
            f"{told.path.name} takes any number of planes, so how many frames it wants is not known",
            hint=f"{told.hint} --frames 3",
        )
    value = clip_input(model.graph)
    for clip in clips_of(told.frames):
        value.type.tensor_type.shape.dim[1].dim_value = clip.planes
        try:
            return _told(model, clip.planes, told)
        except ModelError:
            continue
    planes = ", ".join(str(clip.planes) for clip in clips_of(told.frames))
    raise ModelError(
        f"{told.path.name} runs as a network of {told.frames} frames with none of {planes} planes",
        hint="--frames is the number of frames of a clip, and of the maps that come out",
    )


def _one_output(model: onnx.ModelProto, maps: _Maps, clip: Clip) -> onnx.ModelProto:
    """Return a copy that gives nothing but the maps, as [B, T, h, w]."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    kept = next(value for value in copy.graph.output if value.name == maps.name)
    kind, batch = kept.type.tensor_type.elem_type, dims_of(clip_input(copy.graph))[0]
    name = maps.name
    if len(maps.shape) == 5:
        name = GraphEditor(copy).reshape(maps.name, (0, clip.frames, *maps.size), "maps")
    del copy.graph.output[:]
    copy.graph.output.append(helper.make_tensor_value_info(name, kind, [batch, clip.frames, *maps.size]))
    return copy


def _spec(model: onnx.ModelProto, clip: Clip, maps: _Maps, told: Clips) -> ModelSpec:
    habits, value = told.family.habits, clip_input(model.graph)
    batch, _, height, width = dims_of(value)
    dtype = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type).name
    plain = dtype == "uint8" or clip.channels == 1
    names = tuple(told.names or ("ball",))
    if len(names) != 1:
        raise UsageError(f"{len(names)} names were given; a heat-map network knows one thing, the ball")
    output = model.graph.output[0].name
    return ModelSpec(
        task=Task.MULTITASK,
        names=(),
        stride=next(stride for stride in (32, 16, 8, 4, 2, 1) if not int(height) % stride and not int(width) % stride),
        input=InputSpec(
            height=int(height),
            width=int(width),
            channels=clip.channels,
            frames=clip.frames,
            batch=batch if isinstance(batch, int) else None,
            dtype=dtype,
            color=Color.GRAY if clip.channels == 1 else habits.color,
            scale=1.0 if dtype == "uint8" else habits.scale,
            letterbox=habits.letterbox,
            name=value.name,
            mean=() if plain else habits.mean,
            std=() if plain else habits.std,
            background=clip.background,
        ),
        outputs=(OutputSpec(output, (batch, clip.frames, *maps.size), MEANINGS[Layout.HEAT_MAPS]),),
        layout=Layout.HEAT_MAPS,
        groups=clip.frames,
        ball_names=names,
        thresholds=habits.thresholds,
    )


def _with_values(model: onnx.ModelProto, spec: ModelSpec, told: Clips) -> ModelSpec:
    """Return the spec with what the values of a photograph say: probabilities, or logits."""
    run = runner(model, spec, told.path.name)
    low, high = 0.0, 0.0
    for batch in _batches(spec, told.images):
        maps = run(batch)[spec.outputs[0].name]
        low, high = min(low, float(maps.min())), max(high, float(maps.max()))
    if low >= -_SLACK and high <= 1 + _SLACK:
        return spec
    if low >= -_SLACK:
        raise ModelError(
            f"the maps of {told.path.name} reach {high:.4g} and never go below 0: neither probabilities nor logits",
            hint="export it again with the sigmoid, or with nothing, at its end",
        )
    layout = Layout.HEAT_MAP_LOGITS
    outputs = tuple(replace(output, meaning=MEANINGS[layout]) for output in spec.outputs)
    return replace(spec, layout=layout, outputs=outputs)


def _batches(spec: ModelSpec, images: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[Any]]:
    door = replace(spec.input, dtype="uint8", scale=1.0, mean=(), std=())
    size = int(spec.input.height or 0), int(spec.input.width or 0)
    return letterboxed(replace(spec, input=door), images[:1], size, spec.input.batch or 1)
