"""JSON that every reader takes: NaN and infinity, which JSON does not know, are null."""

from __future__ import annotations

import json
import math
from typing import Any


def json_text(data: Any, *, indent: int | None = None, ascii: bool = False) -> str:
    """Return plain values as JSON.

    Args:
        data: dicts, lists, tuples, texts, numbers, None.
        indent: spaces per level; None for one line.
        ascii: escape all other letters, which are written as they are by default.
    """
    try:
        return json.dumps(data, indent=indent, ensure_ascii=ascii, allow_nan=False)
    except ValueError:
        return json.dumps(_plain(data), indent=indent, ensure_ascii=ascii, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
