"""Which GPU an engine is for, who builds it, and in which precision it computes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from numa_runtime.errors import UsageError, nearest
from numa_runtime.words import Word

RTX_CAPABILITIES = (75, 80, 86, 89, 120, 121)
_PORTABLE_FROM = 80  # what RTX builds when told nothing: "Ampere and later"
_ELSEWHERE = {
    53: "Jetson Nano",
    60: "P100",
    61: "GTX 10",
    70: "V100",
    72: "Jetson Xavier",
    87: "Jetson Orin",
    90: "H100 and H200",
    100: "B200",
    101: "Jetson Thor",
    103: "B300",
    110: "Jetson Thor",
}


class Precision(StrEnum):
    """A precision as the build record names it; fp16 is always mixed (decode and outputs stay float32)."""

    FP32 = "fp32"
    FP16 = "fp16"
    BF16 = "bf16"
    INT8 = "int8"
    FP8 = "fp8"

    @property
    def words(self) -> str:
        """What a reader is told."""
        return "mixed fp16" if self is Precision.FP16 else self.value

    @property
    def oldest_capability(self) -> int:
        """First compute capability whose tensor cores have it (80 = SM80).

        NVIDIA's TensorRT support matrix: bf16 came with Ampere, fp8 with Ada.
        """
        return {Precision.BF16: 80, Precision.FP8: 89}.get(self, 75)


class Builder(Word, refusal="{word} is not a builder of engines{close}", hint="--builder {words}"):
    """Who builds the engine: RTX (also without a GPU), TensorRT 10/11 (on the GPU itself), or whichever fits."""

    AUTO = "auto"
    RTX = "rtx"
    TENSORRT = "tensorrt"


@dataclass(frozen=True, slots=True)
class Target:
    """A compute capability (89 = SM89); None is "auto": this machine's GPU, else every GPU from Ampere on."""

    capability: int | None = None

    def __str__(self) -> str:
        return "auto" if self.capability is None else f"sm{self.capability}"

    @classmethod
    def parse(cls, word: str, builder: Builder = Builder.AUTO) -> Target:
        """Return the target a word means: auto, sm89, SM_89, 8.9, 89.

        Raises:
            UsageError: no compute capability, or one that TensorRT RTX has no code for.
        """
        plain = word.strip().lower()
        if plain == "auto":
            return cls()
        digits = re.fullmatch(r"(?:sm_?)?(\d{1,2})\.?(\d)", plain)
        known = [f"sm{number}" for number in RTX_CAPABILITIES]
        if digits is None:
            raise UsageError(f"{word!r} is not a target{nearest(plain, known)}", hint=_HINT)
        capability = int("".join(digits.groups()))
        if capability not in RTX_CAPABILITIES and capability not in _ELSEWHERE:
            raise UsageError(f"{word!r} is not a target{nearest(f'sm{capability}', known)}", hint=_HINT)
        if capability not in RTX_CAPABILITIES and builder is not Builder.TENSORRT:
            raise UsageError(
                f"target sm{capability} ({_ELSEWHERE[capability]}) is refused: TensorRT RTX builds for "
                f"{', '.join(known)} only",
                hint="build with TensorRT on that machine: --format engine --builder tensorrt",
            )
        return cls(capability)

    def check(self, precision: Precision) -> None:
        """Refuse a precision the target's GPU does not have (the builder itself would not say).

        Raises:
            UsageError: names both, and the first target that has it.
        """
        capability = self.capability if self.capability is not None else _PORTABLE_FROM
        if capability < precision.oldest_capability:
            where = f"target {self}" if self.capability is not None else "target auto (every GPU from SM80 on)"
            raise UsageError(
                f"{where} has no {precision}: that needs SM{precision.oldest_capability} or newer",
                hint=f"--target sm{precision.oldest_capability}, or export in fp16 (--half)",
            )


AUTO = Target()
_HINT = f"--target auto, {', '.join(f'sm{number}' for number in RTX_CAPABILITIES)}"
