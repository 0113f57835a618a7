"""The contract as it was when the sample was made, and what has been changed in it since."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from numa_runtime.contract import ModelSpec, spec_to_json

_MOST = 3
_LONGEST = 60


def pack_spec(spec: ModelSpec) -> str:
    """Return the contract as ASCII: canonical JSON, zlib, base64."""
    return base64.b64encode(zlib.compress(spec_to_json(spec).encode(), 9)).decode("ascii")


def changes(packed: str, spec: ModelSpec) -> tuple[str, ...]:
    """Return one phrase per field that differs: "thresholds.iou was 0.7 and is 0.45".

    Fields that only one side knows are another version's, not changes.

    Args:
        packed: what `pack_spec` returned when the sample was made.
        spec: the contract as the artifact carries it now.

    Raises:
        ValueError: `packed` is damaged.
    """
    try:
        before = json.loads(zlib.decompress(base64.b64decode(packed, validate=True)))
    except zlib.error as error:
        raise ValueError(f"its copy of the contract is damaged: {error}") from error
    return tuple(_differences("", before, json.loads(spec_to_json(spec))))


def _differences(name: str, before: Any, now: Any) -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        found = [_differences(f"{name}.{key}".strip("."), before[key], now[key]) for key in before if key in now]
        return [phrase for phrases in found for phrase in phrases]
    if isinstance(before, list) and isinstance(now, list):
        return _list_differences(name, before, now)
    return [] if before == now else [f"{name} was {_text(before)} and is {_text(now)}"]


def _list_differences(name: str, before: list[Any], now: list[Any]) -> list[str]:
    if len(before) != len(now):
        return [f"{name} had {len(before)} entries and has {len(now)}"]
    found = [_differences(f"{name}[{index}]", *pair) for index, pair in enumerate(zip(before, now, strict=True))]
    phrases = [phrase for part in found for phrase in part]
    more = len(phrases) - _MOST
    return phrases if more <= 0 else [*phrases[:_MOST], f"{more} more of {name} differ"]


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
