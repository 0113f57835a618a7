"""What an artifact computes in."""

from __future__ import annotations

from enum import StrEnum


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
