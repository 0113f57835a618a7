"""Every option by name: what it is, how its value is read, and which words of other tools it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numa_export.plan.rules import RULES
from numa_runtime.errors import UsageError, nearest
from numa_runtime.formats import Format

Size = tuple[int, int]
OPSETS = range(18, 27)
DEFAULT_OPSET = 20


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `read` turns what a user gave into a value or raises UsageError."""

    name: str
    meaning: str
    read: Callable[[str, Any], Any]


def read_options(format: Format, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given (None means not given), checked one by one.

    Raises:
        UsageError: an unknown option, one this format does not take, or a value that cannot be meant.
    """
    wished = {name: value for name, value in given.items() if value is not None}
    for name, value in wished.items():
        _check_name(format, name, value)
    taken = RULES[format].options
    return {name: OPTIONS[name].read(name, value) for name, value in wished.items() if name in taken}


def _check_name(format: Format, name: str, value: Any) -> None:
    taken = RULES[format].options
    if name in taken:
        return
    takes = f"{format} takes {', '.join(taken)}"
    if name in _NOT_OURS:
        raise UsageError(f"{name} is not an option of export: {_NOT_OURS[name]}", hint=takes)
    if name not in OPTIONS:
        raise UsageError(f"{name!r} is not an option of export{nearest(name, list(OPTIONS))}", hint=takes)
    if value is False:
        return  # switching off what is not there asks for nothing
    others = ", ".join(member.value for member in Format if name in RULES[member].options)
    raise UsageError(f"format {format} does not take {name} ({others} does)", hint=takes)


def read_size(name: str, value: Any) -> Size:
    """Return (height, width) from 640, "640", (384, 640), "384,640" or "384x640".

    Raises:
        UsageError: not one or two positive whole numbers.
    """
    parts = value.replace("x", ",").split(",") if isinstance(value, str) else value
    numbers = list(parts) if isinstance(parts, list | tuple) else [parts]
    sides = [_whole(number) for number in numbers]
    if len(sides) not in (1, 2) or None in sides:
        raise UsageError(f"{name}={value!r} is not a size", hint=f"one number or height,width: {name}=384,640")
    height, width = sides[0], sides[-1]
    assert height is not None
    assert width is not None
    return height, width


def read_count(name: str, value: Any) -> int:
    """Return a whole number of 1 or more.

    Raises:
        UsageError: anything else.
    """
    number = _whole(value)
    if number is None:
        raise UsageError(f"{name}={value!r} is not a number of 1 or more", hint=f"{name}=1")
    return number


def read_switch(name: str, value: Any) -> bool:
    """Return a bool from a bool.

    Raises:
        UsageError: anything else.
    """
    if not isinstance(value, bool):
        raise UsageError(f"{name}={value!r} is neither True nor False", hint=f"{name}=True")
    return value


def read_opset(name: str, value: Any) -> int:
    """Return an opset version that torch's exporter writes correctly.

    Raises:
        UsageError: older or newer; with the reason.
    """
    number = _whole(value)
    if number is not None and number in OPSETS:
        return number
    span = f"{OPSETS.start} to {OPSETS.stop - 1}"
    if number is not None and number < OPSETS.start:
        reason = "torch's exporter writes invalid files for 15 to 17 and silently writes 18 for older ones"
        raise UsageError(f"opset {number} is refused: {reason}", hint=f"{name}={DEFAULT_OPSET} (valid: {span})")
    raise UsageError(
        f"{name}={value!r} is not an opset export can write", hint=f"{name}={DEFAULT_OPSET} (valid: {span})"
    )


def read_gigabytes(name: str, value: Any) -> float:
    """Return a positive number of GiB.

    Raises:
        UsageError: anything else.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number < 1024 or isinstance(value, bool):
        raise UsageError(f"{name}={value!r} is not a number of GiB", hint=f"{name}=4")
    return number


def read_word(name: str, value: Any) -> str:
    """Return a word; numbers too, since `target=89` is one."""
    return str(value)


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        value = int(value) if value.strip().isdecimal() else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


OPTIONS: dict[str, Option] = {
    option.name: option
    for option in (
        Option("imgsz", "input size: one number or height,width", read_size),
        Option("batch", "images (clips) per call", read_count),
        Option("dynamic", "any batch, height and width", read_switch),
        Option("half", "mixed fp16: body and heads half, decode and outputs float32", read_switch),
        Option("features", "appearance features of every candidate, for trackers that compare them", read_switch),
        Option("opset", f"ONNX operator set, {OPSETS.start} to {OPSETS.stop - 1}", read_opset),
        Option("max_batch", "largest batch of a dynamic engine", read_count),
        Option("max_imgsz", "largest height,width of a dynamic engine", read_size),
        Option("target", "GPU the engine is for: auto, sm75, sm80, sm86, sm89, sm120, sm121", read_word),
        Option("builder", "who builds the engine: auto, rtx, tensorrt", read_word),
        Option("workspace", "most scratch memory the engine's builder may plan with, GiB", read_gigabytes),
    )
}

_NOT_OURS = {
    "simplify": "graphs are always cleaned, and torch's need no simplifier",
    "nms": "artifacts give fixed-size candidates, and the runtime's one NMS serves every format",
    "int8": "this exporter writes fp32 and mixed fp16 (half)",
    "optimize": "the inference form is always fused",
    "keras": "no TensorFlow format is written",
    "device": "export runs on the CPU; the GPU an engine is for is target",
}
