"""Every option by name: what it is, how its value is read, and which words of other tools it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numa_export.plan.rules import RULES
from numa_runtime.errors import UsageError, nearest
from numa_runtime.formats import Format
from numa_runtime.options import Option
from numa_runtime.options import readers as common

Size = tuple[int, int]
OPSETS = range(18, 27)
DEFAULT_OPSET = 20
PANEL, ENGINE = "How it is written", "Engines"


def read_options(format: Format, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given (None means not given), checked one by one.

    Raises:
        UsageError: an unknown option, one this format does not take, or a value that makes no sense.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    for name, value in asked.items():
        _check_name(format, name, value)
    readers = {name: OPTIONS[name].read for name in asked if name in RULES[format].options}
    return {name: asked[name] if read is None else read(name, asked[name]) for name, read in readers.items()}


def asked_form(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is asked of a network's inference form, as words of `Exportable.deploy`.

    Raises:
        UsageError: a value that makes no sense.
    """
    asked = {name: given[name] for name in FORM if given.get(name)}
    return {name: value if (read := OPTIONS[name].read) is None else read(name, value) for name, value in asked.items()}


def _check_name(format: Format, name: str, value: Any) -> None:
    taken = RULES[format].options
    if name in taken:
        return
    takes = f"{format} takes {', '.join(taken)}"
    if name in NOT_OURS:
        if value in _AS_IT_IS.get(name, (False,)):
            return
        raise UsageError(f"{name} is not an option of export: {NOT_OURS[name]}", hint=takes)
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
    return common.as_pair(common.read_size(name, value))


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


def read_word(_name: str, value: Any) -> str:
    """Return a word; numbers too, since `target=89` is one."""
    return str(value)


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        value = int(value) if value.strip().isdecimal() else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


OPTIONS: dict[str, Option] = {
    option.name: option
    for option in (
        Option(
            name="imgsz",
            help="Input size: one number, or height and width.",
            read=read_size,
            metavar="SIZE",
            panel=PANEL,
        ),
        Option(name="batch", help="Images (clips) per call.", kind=int, read=read_count, panel=PANEL),
        Option(name="dynamic", help="Any batch, height and width.", kind=bool, read=read_switch, panel=PANEL),
        Option(
            name="half",
            help="Mixed fp16: body and heads half, decode and outputs float32.",
            kind=bool,
            read=read_switch,
            panel=PANEL,
        ),
        Option(
            name="features",
            help="Appearance features of every candidate, for trackers with with_reid.",
            kind=bool,
            read=read_switch,
            panel=PANEL,
        ),
        Option(
            name="ball_frames",
            help="Balls of so many of a clip's newest frames alone: faster, for live use. Default: of all.",
            kind=int,
            read=read_count,
            panel=PANEL,
        ),
        Option(
            name="opset",
            help=f"ONNX operator set, {OPSETS.start} to {OPSETS.stop - 1}.",
            kind=int,
            read=read_opset,
            panel=PANEL,
        ),
        Option(name="max_batch", help="Largest batch of a dynamic engine.", kind=int, read=read_count, panel=ENGINE),
        Option(
            name="max_imgsz", help="Largest size of a dynamic engine.", read=read_size, metavar="SIZE", panel=ENGINE
        ),
        Option(
            name="target",
            help="GPU an engine is for: auto, sm75, sm80, sm86, sm89, sm120, sm121.",
            read=read_word,
            metavar="GPU",
            panel=ENGINE,
        ),
        Option(
            name="builder",
            help="Who builds an engine: auto, rtx, tensorrt.",
            read=read_word,
            metavar="NAME",
            panel=ENGINE,
        ),
        Option(
            name="workspace",
            help="Most scratch memory that an engine's builder may plan with, GiB.",
            kind=float,
            read=read_gigabytes,
            panel=ENGINE,
        ),
    )
}

FORM = ("features", "ball_frames")
"""Options that the network's inference form follows."""

NOT_OURS = {
    "simplify": "graphs are always cleaned, and torch's need no simplifier",
    "nms": "artifacts give fixed-size candidates, and the runtime's one NMS serves every format",
    "int8": "this exporter writes fp32 and mixed fp16 (half)",
    "optimize": "the inference form is always fused",
    "keras": "no TensorFlow format is written",
    "device": "export runs on the CPU; the GPU an engine is for is target",
    "quantize": "this exporter writes fp32 and mixed fp16 (half)",
    "data": "nothing is calibrated, and the proof's pictures are images",
    "fraction": "nothing is calibrated",
    "end2end": "artifacts give fixed-size candidates, and the runtime's one NMS serves every format",
    "name": "the file is named by output, the GPU an engine is for by target",
    "project": "the file is named by output",
    "verbose": "steps are shown as they are done; debug shows more",
}
"""Words of other exporters: why there is no such option, and what there is."""

_AS_IT_IS: dict[str, tuple[Any, ...]] = {"simplify": (), "device": ("cpu", "auto"), "fraction": (1, 1.0)}
"""Values that ask for what happens anyway, where that is not "off"."""
