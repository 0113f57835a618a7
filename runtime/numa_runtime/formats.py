"""The artifact formats: their words, their names on disk, and what runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from numa_runtime.words import Word


class Format(Word, refusal="{word} is not a format that export writes{close}", hint="--format {words}"):
    """An artifact format; the value is the word users type.

    One row is word, suffix, backend, what one such artifact is called, and other words for the format. What a session
    needs to open it lies in `numa_runtime.sessions.loading`, what export needs to write it in `numa_export.plan`.
    """

    ONNX = "onnx", ".onnx", "onnxruntime", "an ONNX file"
    ENGINE = "engine", ".engine", "tensorrt", "an engine", "tensorrt", "trt", "rtx"
    OPENVINO = "openvino", "_openvino_model", "openvino", "an OpenVINO model", "ov", "openvino_model"
    TORCHSCRIPT = "torchscript", ".torchscript", "torchscript", "a TorchScript file", "torch_script", "pt_script"

    suffix: str
    backend: str
    called: str

    def __new__(cls, word: str, suffix: str = "", backend: str = "", called: str = "", *aliases: str) -> Self:
        """Make a member of its row."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.suffix, member.backend, member.called, member._aliases = suffix, backend, called, aliases
        return member

    @classmethod
    def of(cls, path: str | Path) -> Format | None:
        """Return the format that a path's name says, None where it says none (`sessions.sniff` reads the content).

        An OpenVINO model is a folder `*_openvino_model` or the `.xml` in it.
        """
        name = Path(path).name.lower()
        if name.endswith(".xml"):
            return cls.OPENVINO
        return next((member for member in cls if name.endswith(member.suffix)), None)

    @property
    def is_folder(self) -> bool:
        """Whether the artifact is a folder."""
        return not self.suffix.startswith(".")

    def path_for(self, stem: Path) -> Path:
        """Return the artifact's path for `folder/name`: `folder/name.engine`, `folder/name_openvino_model`."""
        return stem.with_name(stem.name + self.suffix)

    @staticmethod
    def plain(word: str) -> str:
        """Return a typed word as it is compared; a suffix (".onnx") is one too."""
        return Word.plain(word).removeprefix(".")
