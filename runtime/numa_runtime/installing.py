"""What is missing, and the line that installs it: into this very Python, from where this package came."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DISTRIBUTION = "numa-deploy"

EXTRAS: dict[str, tuple[str, ...]] = {
    "faster_coco_eval": ("eval",),
    "lightning_fabric": ("train",),
    "onnx": ("export",),
    "onnxscript": ("train",),
    "openvino": ("openvino",),
    "optuna": ("tune",),
    "scipy": ("tune", "eval"),
    "supervision": ("supervision",),
    "tensorboard": ("tensorboard",),
    "tensorrt": ("tensorrt",),
    "tensorrt_rtx": ("rtx",),
    "torch": ("train",),
    "trackeval": ("eval", "tune"),
}
"""By importable name, the extras that bring it, any one of them."""


def absent(modules: Iterable[str]) -> list[str]:
    """Return those of `modules` that cannot be imported, without importing any of them."""
    return [module for module in modules if not _is_there(module)]


def extras_for(modules: Iterable[str]) -> tuple[str, ...]:
    """Return the fewest extras that bring `modules`, each of `EXTRAS`."""
    chosen: dict[str, None] = {}
    for extras in sorted((EXTRAS[module] for module in modules), key=len):
        if not chosen.keys() & set(extras):
            chosen[extras[0]] = None
    return tuple(chosen)


def pip_line(*extras: str) -> str:
    """Return what to type to add extras to this installation: from the clone, the repository or the index it came from.

    A clone is named by its path, since the line may be typed in any folder.
    """
    wanted = f"[{','.join(extras)}]" if extras else ""
    folder, is_editable = _checkout()
    if folder is not None:
        return f'{_pip()} install {"-e " if is_editable else ""}"{folder}{wanted}"'
    origin = _origin()
    if "vcs_info" in origin:
        return f'{_pip()} install "{DISTRIBUTION}{wanted} @ {origin["vcs_info"]["vcs"]}+{origin["url"]}"'
    return f'{_pip()} install "{DISTRIBUTION}{wanted}"'


def upgrade_line() -> str:
    """Return what to type to get a newer version of this package."""
    folder, _ = _checkout()
    if folder is not None:
        return f'git -C "{folder}" pull'
    return f"{_pip()} install --upgrade {DISTRIBUTION}"


def packages_line(*packages: str) -> str:
    """Return what to type to install packages that are no part of an extra."""
    return f"{_pip()} install {' '.join(packages)}"


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return module in sys.modules


@cache
def _pip() -> str:
    """Return "pip" where that is this Python's own; elsewhere a bare pip would install into another Python."""
    import shutil

    found = shutil.which("pip")
    if found is not None and Path(found).parent == Path(sys.executable).parent:
        return "pip"
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"{python or 'python'} -m pip"


@cache
def _origin() -> dict[str, Any]:
    """Return what pip recorded about where this package came from (PEP 610); {} for an index."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution(DISTRIBUTION).read_text("direct_url.json")
        found = json.loads(text) if text else {}
    except (PackageNotFoundError, OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("url"), str) else {}


def _checkout() -> tuple[Path | None, bool]:
    """Return the clone this package came from and whether it runs from there; (None, False) where there is none."""
    from urllib.parse import unquote, urlsplit

    origin = _origin()
    url = urlsplit(origin.get("url", ""))
    if "dir_info" in origin and url.scheme == "file":
        folder = Path(unquote(url.path))
        if os.path.isfile(folder / "pyproject.toml"):
            return folder, bool(origin["dir_info"].get("editable"))
    beside = Path(__file__).resolve().parents[2]
    if not origin and os.path.isfile(beside / "pyproject.toml") and (beside / "numa_deploy").is_dir():
        return beside, True  # run from a clone that nobody installed
    return None, False
