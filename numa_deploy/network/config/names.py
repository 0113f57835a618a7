"""From what a user types to a configuration file and a scale: `multitask-n.yaml`, `yolov8n-pose`, `my/net-s.yaml`."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from numa_runtime.errors import UsageError, nearest

FAMILIES = ("multitask", "yolov8", "yolov8-pose", "yolo11", "yolo11-pose", "yolo26", "yolo26-pose")
SCALES = "nsmlx"
SINGLE = ("multitask-p",)
"""Networks of one size, each with a file of its own."""

_SCALED = re.compile(rf"^(?P<family>.*?\d|.*?(?=-))-?(?P<scale>[{SCALES}])(?P<task>-pose)?$")


def known_names() -> tuple[str, ...]:
    """Return every known name, families with their scales, in the usual spelling: yolov8n-pose, multitask-n."""
    return (*(_spelled(family, scale) for family in FAMILIES for scale in SCALES), *SINGLE)


def find_config(name: str) -> tuple[Path, str]:
    """Return the YAML file and the scale ("" where the name has none) of `name`.

    A file of that name comes first; else a family, with or without its scale and `.yaml`.

    Raises:
        UsageError: neither a file nor a known name; the nearest is named.
    """
    path = Path(name)
    stem = path.name.removesuffix(".yaml").removesuffix(".yml")
    family, scale = split_scale(stem)
    if path.is_file():
        return path, scale
    known = family in (*FAMILIES, *SINGLE) and str(path.parent) == "."
    if known:
        return Path(str(files("numa_deploy.network.config") / f"{family}.yaml")), scale
    if path.suffix in (".yaml", ".yml") and str(path.parent) != ".":
        raise UsageError(f"there is no network configuration {name}", hint="check the path of the file")
    raise UsageError(
        f"there is no network {stem!r}{nearest(stem, known_names())}",
        hint=f"known: {', '.join(FAMILIES)}, each with a scale {', '.join(SCALES)}, e.g. multitask-n.yaml; "
        f"{', '.join(SINGLE)}",
    )


def split_scale(stem: str) -> tuple[str, str]:
    """Return family and scale: yolov8n-pose and yolov8-n-pose give (yolov8-pose, n), yolov8 gives (yolov8, "")."""
    found = _SCALED.match(stem)
    if found is None:
        return stem, ""
    return found["family"] + (found["task"] or ""), found["scale"]


def _spelled(family: str, scale: str) -> str:
    base, dash, task = family.partition("-")
    return f"{base}{'' if base[-1].isdigit() else '-'}{scale}{dash}{task}"
