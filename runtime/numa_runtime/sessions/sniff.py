"""What a path is, judged by its first bytes; the suffix only helps to explain."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from numa_runtime.errors import ModelError, nearest
from numa_runtime.formats import Format
from numa_runtime.installing import absent, pip_line
from numa_runtime.sessions.checkpoint_file import Origin, foreign_checkpoint, origin_of
from numa_runtime.sessions.onnx_file import is_onnx
from numa_runtime.sessions.tensorrt.header import MAGICS, prefix_length

_IMAGES = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"BM": "a BMP image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
}
_OTHER_MODELS = (".pt", ".tflite", "_model")
_FAMOUS = re.compile(r"(yolov?\d+|rtdetr)[\w.-]*\.(pt|onnx|engine)", re.IGNORECASE)
_PATTERNS = [f"*{format.suffix}/" if format.is_folder else format.suffix for format in Format]
_RUNS = f"numa-deploy runs {', '.join(_PATTERNS[:-1])} and {_PATTERNS[-1]}"


def sniff(path: Path) -> Format:
    """Return the format of the artifact at `path`, a file or an OpenVINO folder.

    Raises:
        ModelError: missing (names the nearest), not readable, empty, truncated, or something else (says what).
    """
    try:
        return _judge(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}") from error


def openvino_xml(path: Path) -> Path:
    """Return the `.xml` of an OpenVINO artifact: the file itself, or the one inside the folder.

    Raises:
        ModelError: the folder holds none, or several.
    """
    if path.is_file():
        return path
    found = sorted(path.glob("*.xml"))
    if len(found) == 1:
        return found[0]
    if not found:
        inside = ", ".join(sorted(child.name for child in path.iterdir())[:5]) or "nothing"
        raise ModelError(f"{path} is a folder without an OpenVINO .xml; it holds {inside}", hint=_RUNS)
    raise ModelError(f"{path} holds {len(found)} models: {', '.join(f.name for f in found)}", hint="name one .xml")


def _judge(path: Path) -> Format:
    if not path.exists():
        raise _missing(path)
    if path.is_dir():
        openvino_xml(path)
        return Format.OPENVINO
    if not path.is_file():
        raise ModelError(f"{path} is neither a file nor a folder: not a model", hint=_RUNS)
    if path.stat().st_size == 0:
        raise ModelError(f"{path.name} is empty (0 bytes): not a model", hint="copy or download it again")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(MAGICS) or prefix_length(head) is not None:
        return Format.ENGINE
    if head.lstrip().startswith(b"<") and b"<net" in head:
        return Format.OPENVINO
    if head.startswith(b"PK\x03\x04") and is_torchscript(path):
        return Format.TORCHSCRIPT
    if (what := _something_else(path, head)) is not None:
        raise what
    if is_onnx(path):
        return Format.ONNX
    raise ModelError(f"{path.name} is not a model: its first bytes are {head[:8].hex(' ')}", hint=_RUNS)


def _missing(path: Path) -> ModelError:
    folder = path.parent
    models = _models_in(folder) if folder.is_dir() else []
    close = nearest(path.name, models)
    if _FAMOUS.fullmatch(path.name) and not close:
        stem = path.name.rsplit(".", 1)[0]
        return ModelError(
            f"{path} does not exist, and numa-deploy downloads nothing",
            hint=f"get {stem}.pt from https://github.com/ultralytics/assets/releases (AGPL-3.0) and export it to ONNX, "
            "or omit the model to use the bundled one",
        )
    if not folder.is_dir():
        return ModelError(f"{path} does not exist: there is no folder {folder}", hint=_RUNS)
    have = f"models in {folder}: {', '.join(models[:6])}" if models else f"there are no models in {folder}"
    return ModelError(f"{path} does not exist{close}", hint=have)


def _models_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if Format.of(p) is not None or p.name.endswith(_OTHER_MODELS))


def _something_else(path: Path, head: bytes) -> ModelError | None:
    for magic, what in _IMAGES.items():
        if head.startswith(magic):
            return ModelError(f"{path.name} is {what}, not a model", hint=f"frames go to --source {path.name}")
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp" or head.startswith(b"\x1a\x45\xdf\xa3"):
        return ModelError(
            f"{path.name} is a picture or a video, not a model", hint=f"frames go to --source {path.name}"
        )
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    if re.match(rb"\x80[\x02-\x05]", head):
        return foreign_checkpoint(path) or ModelError(
            f"{path.name} is a pickle (an old PyTorch checkpoint?), which is never opened here", hint=_RUNS
        )
    if head[4:8] == b"TFL3":
        return ModelError(f"{path.name} is a TensorFlow Lite model, which is not supported here", hint=_RUNS)
    return _text(path, head)


def is_torchscript(path: Path) -> bool:
    """Return whether a zip archive is TorchScript: code next to the weights."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any("/code/" in name for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _archive(path: Path) -> ModelError:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return ModelError(f"{path.name} is a truncated archive", hint="copy or download it again")
    if any(name.endswith(".npy") for name in names):
        return ModelError(f"{path.name} is a NumPy archive, not a model", hint=_RUNS)
    if any(name.endswith("data.pkl") for name in names):
        return _checkpoint(path)
    return ModelError(f"{path.name} is a zip archive, not a model", hint=_RUNS)


_WHOSE = {Origin.NUMA: "a", Origin.ULTRALYTICS: "an Ultralytics"}
"""Checkpoints that `export` takes."""


def _checkpoint(path: Path) -> ModelError:
    """Return what to do with a checkpoint, by whose it is."""
    origin = origin_of(path)
    if origin in _WHOSE:
        needs = ["export", "train"] if absent(["torch", "onnx"]) else []
        return ModelError(
            f"{path.name} is {_WHOSE[origin]} checkpoint; this takes exported files only",
            hint=f"numa-deploy export --model {path} --format onnx"
            + (f"\nwhich needs first: {pip_line(*needs)}" if needs else ""),
        )
    return foreign_checkpoint(path) or ModelError(
        f"{path.name} is a PyTorch checkpoint of another tool",
        hint="export it to ONNX with the tool that made it",
    )


def _text(path: Path, head: bytes) -> ModelError | None:
    if head.startswith(b"version https://git-lfs"):
        return ModelError(f"{path.name} is a Git LFS pointer, not the model itself", hint="git lfs pull")
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return None
        text = head[: error.start].decode("utf-8")
    if any(ord(char) < 32 and char not in "\t\n\r\f" for char in text):
        return None
    if re.match(r"[\ufeff\s]*(<!--.*?-->\s*)*<(!doctype\s+)?html\b", text, re.IGNORECASE | re.DOTALL):
        return ModelError(f"{path.name} is a web page, not a model: the download went wrong", hint="download it again")
    return ModelError(f"{path.name} is a text file, not a model", hint=_RUNS)
