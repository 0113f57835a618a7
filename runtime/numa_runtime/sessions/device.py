"""What a user means by `device=`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from numa_runtime.errors import UsageError

_WORDS = "auto, cpu, cuda, cuda:1, 0 (= cuda:0), intel:gpu, intel:npu"


@dataclass(frozen=True, slots=True)
class Device:
    """A device asked for.

    Attributes:
        kind: auto, cpu, cuda, intel or the name of an ONNX Runtime provider ("coreml").
        index: counts CUDA devices.
        unit: OpenVINO's name for an Intel device ("GPU", "NPU", "GPU.1").
    """

    kind: str
    index: int = 0
    unit: str = ""

    def __str__(self) -> str:
        if self.kind == "cuda":
            return f"cuda:{self.index}"
        return f"intel:{self.unit.lower()}" if self.kind == "intel" else self.kind


def parse_device(word: str | int | None) -> Device:
    """Read `auto`, `cpu`, `cuda`, `cuda:1`, `gpu`, `0`, 0, `intel:gpu`, or a provider's name such as `coreml`.

    Raises:
        UsageError: none of these, or several devices (`0,1`): a session runs on one.
    """
    text = "auto" if word is None else str(word).strip().lower()
    if text in ("auto", "cpu", ""):
        return Device(text or "auto")
    if found := re.fullmatch(r"(?:(?:cuda|gpu):?)?(\d+)|cuda|gpu", text):
        return Device("cuda", int(found[1] or 0))
    if found := re.fullmatch(r"intel:(cpu|gpu(?:\.\d+)?|npu)", text):
        return Device("cpu") if found[1] == "cpu" else Device("intel", unit=found[1].upper())
    if re.fullmatch(r"\d+(,\s*\d+)+", text):
        raise UsageError(f"a session runs on one device; --device {text} names several", hint="give one: --device 0")
    if re.fullmatch(r"[a-z][a-z0-9_]*", text):
        return Device(text)
    raise UsageError(f"--device {text!r} is not a device", hint=f"devices are: {_WORDS}")
