"""What the package carries so that it works at once: a detector and a sample clip."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

DEFAULT_MODEL = "yolox-nano.onnx"
SAMPLE_CLIP = "sample.mp4"


def asset(name: str) -> Path:
    """Return the path of a bundled file."""
    return Path(str(files("numa_deploy") / "assets" / name))


def default_model() -> Path:
    """Return the bundled YOLOX-nano (Apache-2.0, 80 COCO classes, 416x416)."""
    return asset(DEFAULT_MODEL)


def sample_clip() -> Path:
    """Return the bundled clip: photographs that wander, cross and hide each other (see tools/make_sample_clip.py)."""
    return asset(SAMPLE_CLIP)


def sample_photos() -> tuple[Path, ...]:
    """Return the bundled photographs, which parity reports use when the user names no images."""
    return tuple(sorted(asset("photos").glob("*.jpg")))


def tiny_data() -> Path:
    """Return the data.yaml of 24 labelled pictures that formats are compared on (see tools/make_tiny_dataset.py)."""
    return asset("tiny") / "data.yaml"


def is_bundled(path: str | Path) -> bool:
    """Whether `path` is one of the bundled files."""
    return Path(path).parent == asset(DEFAULT_MODEL).parent
