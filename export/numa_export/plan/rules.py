"""What export knows about each format: the options it takes, the packages it needs, the room it takes."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from numa_runtime.errors import MissingExtra
from numa_runtime.formats import Format

_COMMON = ("imgsz", "batch", "dynamic", "half", "opset", "features")


@dataclass(frozen=True, slots=True)
class FormatRules:
    """What holds for the export to one format.

    `options` are the names it takes, `needs_onnx` says whether the artifact is made from an ONNX graph, `packages` are
    further packages to write it, each with its extra. `copies` is how many times the float32 weights are on the disk
    at once, under temporary and final names (measured, rounded up).
    """

    format: Format
    options: tuple[str, ...] = _COMMON
    needs_onnx: bool = True
    packages: tuple[tuple[str, str], ...] = ()
    copies: float = 1.5

    def require(self, *, from_network: bool) -> None:
        """Refuse early where a package is missing that this format needs (the engine's builder is looked for later).

        Raises:
            MissingExtra: with its `pip install` line.
        """
        needed = [("onnx", "export")] if self.needs_onnx else []
        if from_network:
            needed.append(("torch", "train"))
        if from_network and self.needs_onnx:
            needed.append(("onnxscript", "train"))
        for package, extra in (*needed, *self.packages):
            if find_spec(package) is None:
                raise MissingExtra(f"exporting to {self.format}", package, extra)


RULES: dict[Format, FormatRules] = {
    rules.format: rules
    for rules in (
        FormatRules(Format.ONNX),
        FormatRules(
            Format.ENGINE,
            options=(*_COMMON, "max_batch", "max_imgsz", "target", "builder", "workspace"),
            copies=3.5,
        ),
        FormatRules(Format.OPENVINO, packages=(("openvino", "openvino"),)),
        FormatRules(Format.TORCHSCRIPT, options=("imgsz", "batch", "dynamic", "features"), needs_onnx=False),
    )
}
