"""What export knows about each format: the options it takes, the packages it needs, the room it takes."""

from __future__ import annotations

from dataclasses import dataclass

from numa_export.plan.target import Builder
from numa_runtime.errors import require
from numa_runtime.formats import Format
from numa_runtime.installing import absent
from numa_runtime.sessions.tensorrt.header import Flavour

_ANY = ("imgsz", "batch", "dynamic", "features", "ball_frames")
_COMMON = (*_ANY, "half", "opset")


@dataclass(frozen=True, slots=True)
class FormatRules:
    """What holds for the export to one format.

    `options` are the names it takes, `needs_onnx` says whether the artifact is made from an ONNX graph, `modules` are
    further modules to write it. `copies` is how many times the float32 weights are on the disk
    at once, under temporary and final names (measured, rounded up).
    """

    format: Format
    options: tuple[str, ...] = _COMMON
    needs_onnx: bool = True
    modules: tuple[str, ...] = ()
    copies: float = 1.5

    def require(self, *, from_network: bool, builder: Builder = Builder.AUTO) -> None:
        """Refuse before any work where a package is missing that this format needs; all of them are named at once.

        Raises:
            MissingExtra: with the line that installs them.
        """
        needed = ["onnx"] if self.needs_onnx else []
        if from_network:
            needed += ["torch", "onnxscript"] if self.needs_onnx else ["torch"]
        if self.format is Format.ENGINE and absent(needed):
            needed += _builder(
                builder
            )  # where nothing else is missing, `choose_toolkit` knows better: it asks the machine
        require(f"exporting to {self.format}", *needed, *self.modules)


def _builder(asked: Builder) -> list[str]:
    """Return the bindings to install for a builder, none where some are there already."""
    flavours = [Flavour.TENSORRT] if asked is Builder.TENSORRT else [Flavour.RTX, Flavour.TENSORRT]
    found = [flavour for flavour in flavours if any(not absent([name]) for name in flavour.modules)]
    return [] if found else [flavours[0].modules[0]]


RULES: dict[Format, FormatRules] = {
    rules.format: rules
    for rules in (
        FormatRules(Format.ONNX),
        FormatRules(
            Format.ENGINE,
            options=(*_COMMON, "max_batch", "max_imgsz", "target", "builder", "workspace"),
            copies=3.5,
        ),
        FormatRules(Format.OPENVINO, modules=("openvino",)),
        FormatRules(Format.TORCHSCRIPT, options=_ANY, needs_onnx=False),
    )
}
