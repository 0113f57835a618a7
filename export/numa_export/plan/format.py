"""The formats export writes, and what is particular to each."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from numa_runtime.errors import MissingExtra, UsageError, nearest

_COMMON = ("imgsz", "batch", "dynamic", "half", "opset", "features")


class Format(StrEnum):
    """An artifact format; the value is the word users type."""

    ONNX = "onnx"
    ENGINE = "engine"
    OPENVINO = "openvino"
    TORCHSCRIPT = "torchscript"

    @classmethod
    def parse(cls, word: str) -> Format:
        """Return the format a word means, aliases included.

        Raises:
            UsageError: an unknown word; the nearest one and all formats are named.
        """
        plain = word.strip().lower().removeprefix(".")
        if plain in _ALIASES:
            return _ALIASES[plain]
        known = [member.value for member in cls]
        close = nearest(plain, [*known, *_ALIASES])
        raise UsageError(
            f"{word!r} is not a format that export writes{close}",
            hint=f"--format {', '.join(known[:-1])} or {known[-1]}",
        )

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other words for it."""
        return tuple(word for word, member in _ALIASES.items() if member is self and word != self.value)

    @property
    def suffix(self) -> str:
        """What the artifact's name ends in; an OpenVINO artifact is a folder."""
        return "_openvino_model" if self is Format.OPENVINO else f".{self.value}"

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options this format takes."""
        return _OPTIONS[self]

    @property
    def needs_onnx(self) -> bool:
        """Whether the artifact is made from an ONNX graph."""
        return self is not Format.TORCHSCRIPT

    def path_for(self, stem: Path) -> Path:
        """Return the artifact's path for `folder/name`: `folder/name.engine`, `folder/name_openvino_model`."""
        return stem.with_name(stem.name + self.suffix)

    def require(self, *, from_network: bool) -> None:
        """Refuse early where a package is missing that this format needs (the engine's builder is looked for later).

        Raises:
            MissingExtra: with its `pip install` line.
        """
        packages = [("onnx", "export")] if self.needs_onnx else []
        if from_network or self is Format.TORCHSCRIPT:
            packages.append(("torch", "train"))
        if from_network and self.needs_onnx:
            packages.append(("onnxscript", "train"))
        if self is Format.OPENVINO:
            packages.append(("openvino", "openvino"))
        for package, extra in packages:
            if find_spec(package) is None:
                raise MissingExtra(f"exporting to {self}", package, extra)


_ALIASES = {
    **{member.value: member for member in Format},
    "tensorrt": Format.ENGINE,
    "trt": Format.ENGINE,
    "rtx": Format.ENGINE,
    "ov": Format.OPENVINO,
    "openvino_model": Format.OPENVINO,
    "torch_script": Format.TORCHSCRIPT,
    "pt_script": Format.TORCHSCRIPT,
}

_OPTIONS = {
    Format.ONNX: _COMMON,
    Format.ENGINE: (*_COMMON, "max_batch", "max_imgsz", "target", "builder", "workspace"),
    Format.OPENVINO: _COMMON,
    Format.TORCHSCRIPT: ("imgsz", "batch", "dynamic", "features"),
}
