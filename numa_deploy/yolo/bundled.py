"""What the package carries so that it works at once: two models, a clip for each, and labelled data for each.

Models and clips have a word: `--model multitask --source rally`. A file of that name goes first.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from numa_runtime.errors import ModelError
from numa_runtime.installing import absent
from numa_runtime.paths import expand

DETECTOR, MULTITASK = "yolox-nano", "multitask"
MODELS = {DETECTOR: "yolox-nano.onnx", MULTITASK: "multitask-p.onnx"}
"""Words of `--model`: YOLOX-nano (Apache-2.0, 80 COCO classes, 416x416), and the multitask network for CPUs."""

CHECKPOINT = "multitask-p.pt"
CLIPS = {"sample": "sample.mp4", "rally": "rally.mp4"}
"""Words of `--source`: photographs that wander, cross and hide each other (tools/make_sample_clip.py), and a generated
rally (tools/make_rally_assets.py)."""


def asset(name: str) -> Path:
    """Return the path of a bundled file."""
    return Path(str(files("numa_deploy") / "assets" / name))


def model_path(model: str | Path | None) -> Path:
    """Return the file or configuration that a user means: a bundled artifact's by its word, the detector's for None.

    Raises:
        ModelError: the path names an unknown user's home.
    """
    path = expand(model or DETECTOR, ModelError)
    return asset(MODELS[str(path)]) if str(path) in MODELS and not path.exists() else path


def network_path(model: str | Path | None) -> Path:
    """Return the same for commands that make something of a network.

    None is the multitask model, which is its checkpoint where torch is there.

    Raises:
        ModelError: the path names an unknown user's home.
    """
    path = model_path(model or MULTITASK)
    return asset(CHECKPOINT) if path == asset(MODELS[MULTITASK]) and not absent(["torch"]) else path


def clip_of(source: Any, model: Path) -> Any:
    """Return what a source's word stands for, a bundled clip that suits the model for None, all else as it is.

    Args:
        source: as the user named it.
        model: what will look at it, from `model_path`.
    """
    if source is None:
        source = "rally" if is_multitask(model) else "sample"
    return asset(CLIPS[source]) if isinstance(source, str) and source in CLIPS and not Path(source).exists() else source


def default_model() -> Path:
    """Return the bundled YOLOX-nano."""
    return asset(MODELS[DETECTOR])


def sample_clip() -> Path:
    """Return the bundled clip of wandering photographs."""
    return asset(CLIPS["sample"])


def sample_photos() -> tuple[Path, ...]:
    """Return the bundled photographs, which parity reports use when the user names no images."""
    return tuple(sorted(asset("photos").glob("*.jpg")))


def tiny_data() -> Path:
    """Return the data.yaml of 24 labelled pictures (see tools/make_tiny_dataset.py)."""
    return asset("tiny") / "data.yaml"


def rally_data() -> Path:
    """Return the data.yaml of labelled generated rallies (see tools/make_rally_assets.py)."""
    return asset("rallies") / "data.yaml"


def data_of(model: Path) -> Path:
    """Return the bundled labels that suit a model: rallies for the bundled multitask network, pictures for others."""
    return rally_data() if is_multitask(model) else tiny_data()


def is_multitask(path: Path) -> bool:
    """Whether this is the bundled multitask network, as a checkpoint or as an artifact."""
    return path in (asset(CHECKPOINT), asset(MODELS[MULTITASK]))


def is_bundled(path: str | Path) -> bool:
    """Whether `path` is one of the bundled files."""
    return Path(path).parent == asset(CHECKPOINT).parent
