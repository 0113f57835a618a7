"""The precision a file really computes in: judged from its weights, or reported as unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

UNKNOWN = "unknown"
_SHORT = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16", "float8": "fp8", "int8": "int8", "uint8": "int8"}
_OPENVINO = {"f32": "float32", "f16": "float16", "bf16": "bfloat16", "i8": "int8", "u8": "uint8"}
_OPENVINO_CONST = re.compile(r'type="Const"[^>]*>\s*<data element_type="(\w+)" shape="([\d, ]*)"')


def judge(weights: Mapping[str, int]) -> str:
    """Return fp32, fp16, bf16, fp8, int8, mixed or unknown from the number of weight elements per numpy dtype.

    One kind that holds 99 % gives the name. Int8 files keep some layers in float by design (the head's last
    convolutions): they count as int8 from a half on. Anything else is mixed.
    """
    shares: Counter[str] = Counter()
    for dtype, count in weights.items():
        if dtype in _SHORT:
            shares[_SHORT[dtype]] += count
    total = shares.total()
    if total == 0:
        return UNKNOWN
    name, most = shares.most_common(1)[0]
    return name if most >= total * (0.5 if name in ("int8", "fp8") else 0.99) else "mixed"


def openvino_weights(xml: Path) -> Counter[str]:
    """Count the elements of an OpenVINO file's constants of rank 2 and more, by numpy dtype name.

    A file saved with `compress_to_fp16` holds half-precision weights, whatever the device computes in.
    """
    weights: Counter[str] = Counter()
    for kind, shape in _OPENVINO_CONST.findall(xml.read_text(encoding="utf-8", errors="replace")):
        axes = [int(axis) for axis in shape.replace(" ", "").split(",") if axis]
        if len(axes) >= 2 and kind in _OPENVINO:
            size = 1
            for axis in axes:
                size *= axis
            weights[_OPENVINO[kind]] += size
    return weights
