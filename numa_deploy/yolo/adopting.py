"""`adopt` behind the API: names the photographs for the proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.yolo.exporting import photographs

if TYPE_CHECKING:
    from numa_export.adopt import AdoptReport


def adopt(
    model: str | Path, family: str, output: str | Path | None = None, *, images: Any = None, **words: Any
) -> AdoptReport:
    """Write an artifact of ours from a foreign ONNX file, and prove that it answers like its source.

    Args:
        model: the foreign file.
        family: which network's outputs it has, as `numa-deploy adopt --help` lists them.
        output: what to write; MODEL-numa.onnx next to it by default.
        images: whatever a source takes, for the proof; the bundled photographs without it.
        words: `imgsz`, `name`, `names`, `frames`, `thresholds` (`numa_runtime.contract.Thresholds`, for the contract).

    Raises:
        UsageError: an unknown family, or an option that makes no sense.
        ModelError: the file cannot be adopted, or the proof failed.
        MissingExtra: onnx is not installed.
        SinkError: the output cannot be written.
    """
    from numa_export.adopt import adopt as adopt_file

    return adopt_file(model, family, output, images=photographs(images), **words)
