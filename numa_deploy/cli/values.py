"""Texts typed on the command line, turned into values; every refusal names the flag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from numa_runtime.errors import UsageError, nearest


def image_size(text: str | None) -> int | tuple[int, int] | None:
    """Read `640`, `384,640`, `384x640` or `[384, 640]` (height first); None stays None."""
    if text is None:
        return None
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if not re.fullmatch(r"[\[(]?\s*\d+(\s*[,x ]\s*\d+)?\s*[\])]?", text.strip()) or 0 in numbers:
        raise UsageError(f"--imgsz {text!r} is not a size", hint="--imgsz 640, or height and width: --imgsz 384 640")
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def class_words(text: str | None) -> list[str] | None:
    """Read `0`, `0,2`, `[0, 2]` or `person,car` into words; None stays None."""
    if text is None:
        return None
    words = [word.strip().strip("'\"") for word in text.strip().strip("[]()").split(",")]
    words = [word for word in words if word]
    if not words:
        raise UsageError("--classes is empty", hint="--classes 0,2 or --classes person,car")
    return words


def track_ids(text: str | None) -> list[int | str]:
    """Read `7`, `7,12` or `all` into ids and the word "all", each once; None is none."""
    if text is None:
        return []
    words = [word.strip() for word in text.strip().strip("[]()").split(",")]
    if not all(word == "all" or word.isdecimal() for word in words):
        raise UsageError(
            f"--explain {text!r} is not a list of ids", hint="--explain 7, --explain 7,12 or --explain all"
        )
    return list(dict.fromkeys(word if word == "all" else int(word) for word in words))


def tracker_settings(given: Sequence[str]) -> dict[str, Any]:
    """Return what `--set NAME=VALUE` (repeated) says, values read as a YAML would: numbers, True, words.

    Raises:
        UsageError: no "=", or a name that no tracker has.
    """
    import yaml

    from numa_runtime.pipeline.settings import every_setting

    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        known = every_setting()
        if not equals:
            raise UsageError(f"--set {text}: there is no value", hint=f"--set {name}=VALUE")
        if name not in known:
            raise UsageError(
                f"no tracker has a parameter {name!r}{nearest(name, sorted(known))}", hint="numa-deploy track --help"
            )
        try:
            found[name] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise UsageError(f"--set {text}: {value!r} is no value", hint=f"--set {name}=0.5") from error
    return found
