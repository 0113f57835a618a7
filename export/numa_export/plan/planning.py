"""`plan(format, options)`: the one place where an export's options are checked, without touching anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numa_export.plan.options import DEFAULT_OPSET, Size, read_options
from numa_export.plan.rules import RULES
from numa_export.plan.target import AUTO, Builder, Precision, Target
from numa_runtime.errors import UsageError
from numa_runtime.formats import Format

DEFAULT_SIZE: Size = (640, 640)
_DYNAMIC_BATCH = 4
_SMALLEST_CELLS = 2  # two cells of the coarsest level: smaller pictures hold nothing to find


@dataclass(frozen=True, slots=True)
class Given:
    """What the source settles already.

    A network takes any size (the defaults); one of our ONNX files has the size it has: `size` and `batch` are
    None where it is dynamic. `fixed` tells a file from a network. `features` says whether a file has them,
    `ball_frames` of how many frames it tells balls, `usual` at which size the network was trained.
    """

    name: str = "the network"
    fixed: bool = False
    stride: int = 32
    size: Size | None = None
    batch: int | None = None
    precision: Precision = Precision.FP32
    opset: int | None = None
    features: bool = False
    ball_frames: int = 0
    usual: Size | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Smallest, usual and largest (batch, height, width) of a dynamic engine."""

    smallest: tuple[int, int, int]
    usual: tuple[int, int, int]
    largest: tuple[int, int, int]

    def __str__(self) -> str:
        return " .. ".join("x".join(map(str, shape)) for shape in (self.smallest, self.usual, self.largest))


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """An export that makes sense. `size` is (height, width): the only one, or the usual one where dynamic.

    `profile` is there for dynamic engines only; `target`, `builder` and `workspace_gib` matter to engines only.
    """

    format: Format
    size: Size
    batch: int
    dynamic: bool
    precision: Precision
    opset: int
    target: Target = AUTO
    builder: Builder = Builder.AUTO
    workspace_gib: float | None = None
    profile: Profile | None = None
    features: bool = False
    ball_frames: int | None = None

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The options as the build record keeps them."""
        pairs = [("imgsz", f"{self.size[0]}x{self.size[1]}"), ("batch", str(self.batch))]
        if self.dynamic:
            pairs.append(("dynamic", "true"))
        if RULES[self.format].needs_onnx:
            pairs.append(("opset", str(self.opset)))
        if self.features:
            pairs.append(("features", "true"))
        if self.ball_frames is not None:
            pairs.append(("ball_frames", str(self.ball_frames)))
        if self.workspace_gib is not None:
            pairs.append(("workspace", f"{self.workspace_gib:g}"))
        return tuple(pairs)


def plan(format: Format | str, options: Mapping[str, Any] | None = None, given: Given | None = None) -> ExportPlan:
    """Check a format with its options against what the source settles; touches no file and imports nothing heavy.

    Args:
        format: a format or its word ("engine", "trt").
        options: values by name (`numa_export.plan.OPTIONS`); None means not given.
        given: the source; a network that takes any size without one.

    Raises:
        UsageError: an unknown format or option, one that the format does not take, a value that makes no sense,
            options that contradict each other or the source, or a target without the precision.
    """
    chosen = Format.parse(format)
    source = given or Given()
    if source.fixed and not RULES[chosen].needs_onnx:
        raise UsageError(
            f"{chosen} is made from a network, and {source.name} is an ONNX file",
            hint="give the .pt or .yaml it was made from",
        )
    found = read_options(chosen, options or {})
    dynamic = _dynamic(found, source)
    size, batch = _size(found, source), _batch(found, source)
    precision = _precision(found, source)
    builder = Builder.parse(found.get("builder", "auto"))
    target = Target.parse(found.get("target", "auto"), builder)
    if chosen is Format.ENGINE:
        target.check(precision)
    return ExportPlan(
        format=chosen,
        size=size,
        batch=batch,
        dynamic=dynamic,
        precision=precision,
        opset=_opset(found, source),
        target=target,
        builder=builder,
        workspace_gib=found.get("workspace"),
        profile=_profile(chosen, found, source, size, batch, dynamic),
        features=_features(found, source),
        ball_frames=_ball_frames(found, source),
    )


def _dynamic(found: Mapping[str, Any], source: Given) -> bool:
    if not source.fixed:
        return bool(found.get("dynamic", False))
    is_dynamic = source.size is None or source.batch is None
    if found.get("dynamic") and not is_dynamic:
        raise UsageError(
            f"dynamic was asked for, but {source.name} is fixed at {_text(source)}",
            hint="export from the network (.pt or .yaml) with dynamic",
        )
    # A dynamic file becomes static when a size is asked for, and stays as it is otherwise.
    return is_dynamic and bool(found.get("dynamic", "imgsz" not in found))


def _size(found: Mapping[str, Any], source: Given) -> Size:
    size: Size = found.get("imgsz") or source.size or source.usual or DEFAULT_SIZE
    if source.fixed and source.size is not None and size != source.size:
        raise UsageError(
            f"imgsz {size[0]}x{size[1]} was asked for, but {source.name} is fixed at {_text(source)}",
            hint="omit imgsz, or export from the network (.pt or .yaml)",
        )
    _check_sides("imgsz", size, source.stride)
    return size


def _batch(found: Mapping[str, Any], source: Given) -> int:
    batch: int = found.get("batch") or source.batch or 1
    if source.fixed and source.batch is not None and batch != source.batch:
        raise UsageError(
            f"batch {batch} was asked for, but {source.name} is fixed at {_text(source)}",
            hint="omit batch, or export from the network (.pt or .yaml)",
        )
    return batch


def _precision(found: Mapping[str, Any], source: Given) -> Precision:
    if not found.get("half"):
        return source.precision
    if source.precision not in (Precision.FP32, Precision.FP16):
        raise UsageError(f"half was asked for, but {source.name} is {source.precision} already", hint="omit half")
    return Precision.FP16


def _features(found: Mapping[str, Any], source: Given) -> bool:
    if not source.fixed:
        return bool(found.get("features", False))
    if found.get("features", source.features) != source.features:
        asked, has = ("asked for", "none") if found["features"] else ("declined", "some")
        raise UsageError(
            f"features were {asked}, but {source.name} has {has}",
            hint=f"export from the network (.pt or .yaml) with{'' if found['features'] else 'out'} features",
        )
    return source.features


def _ball_frames(found: Mapping[str, Any], source: Given) -> int | None:
    asked: int | None = found.get("ball_frames")
    if source.fixed and asked not in (None, source.ball_frames):
        has = f"tells those of {source.ball_frames}" if source.ball_frames else "finds no balls"
        raise UsageError(
            f"balls of {asked} frames were asked for, but {source.name} {has}",
            hint="omit ball_frames, or export from the network (.pt or .yaml)",
        )
    return asked


def _opset(found: Mapping[str, Any], source: Given) -> int:
    if source.opset is None:
        return int(found.get("opset", DEFAULT_OPSET))
    if found.get("opset", source.opset) != source.opset:
        raise UsageError(
            f"opset {found['opset']} was asked for, but {source.name} has opset {source.opset}",
            hint="omit opset, or export from the network (.pt or .yaml)",
        )
    return source.opset


def _profile(
    format: Format, found: Mapping[str, Any], source: Given, size: Size, batch: int, dynamic: bool
) -> Profile | None:
    limits = [name for name in ("max_batch", "max_imgsz") if name in found]
    if format is not Format.ENGINE or not dynamic:
        if limits:
            raise UsageError(f"{limits[0]} is for dynamic engines only", hint=f"add dynamic, or omit {limits[0]}")
        return None
    least, longest = _SMALLEST_CELLS * source.stride, max(size)
    smallest, largest = (min(least, size[0]), min(least, size[1])), (longest, longest)
    if source.fixed and source.size:  # a file of any batch and one size: adopted heat maps
        smallest, largest = source.size, source.size
    most: Size = found.get("max_imgsz") or largest
    _check_sides("max_imgsz", most, source.stride)
    most_batch: int = found.get("max_batch") or max(batch, _DYNAMIC_BATCH)
    profile = Profile((1, *smallest), (batch, *size), (most_batch, *most))
    if any(usual > largest for usual, largest in zip(profile.usual, profile.largest, strict=True)):
        raise UsageError(
            f"the largest batch and size ({most_batch} x {most[0]}x{most[1]}) is below the usual one "
            f"({batch} x {size[0]}x{size[1]})",
            hint="raise max_batch or max_imgsz",
        )
    return profile


def _check_sides(name: str, size: Size, stride: int) -> None:
    if any(side % stride for side in size):
        near = ",".join(str(max(stride, round(side / stride) * stride)) for side in size)
        raise UsageError(
            f"{name} {size[0]}x{size[1]} does not fit: both sides are multiples of the stride {stride}",
            hint=f"{name}={near}",
        )


def _text(source: Given) -> str:
    size = f"{source.size[0]}x{source.size[1]}" if source.size else "any size"
    return f"{size}, batch {source.batch}" if source.batch else size
