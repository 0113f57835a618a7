"""`export` behind the API and the command line: names the network, the photographs and the source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.yolo.bundled import is_bundled, network_path, sample_photos
from numa_deploy.yolo.opening import check_network, is_network, open_network
from numa_export.plan import RULES, Builder, read_options
from numa_runtime.errors import ModelError
from numa_runtime.formats import Format
from numa_runtime.results import Frame

if TYPE_CHECKING:
    from numa_export.exporting import ExportReport
    from numa_export.formats.engine_progress import Progress


def export(
    model: str | Path | None = None,
    format: str = "onnx",
    *,
    output: str | Path | None = None,
    images: Any = None,
    progress: Progress | None = None,
    **words: Any,
) -> ExportReport:
    """Export a checkpoint, a configuration or one of our ONNX files, and prove the artifact.

    Args:
        model: what to export; the bundled multitask network without one.
        format: onnx, engine, openvino or torchscript.
        output: the artifact's path, or an existing folder; by default next to the model, and of a bundled one here.
        images: whatever a source takes, for the proof; the bundled photographs without it.
        progress: called with a step's words and a share 0-1; returning False cancels.
        words: the format's own options (`imgsz`, `half`, `dynamic`, `target`, ...).

    Returns:
        the report: `path`, `parity`, `lines()` and `to_dict()`.

    Raises:
        UsageError: an option that makes no sense.
        ModelError: the source cannot be exported, or the proof failed.
        EngineError: the engine cannot be built.
        MissingExtra: a package is missing.
        SinkError: the file cannot be written.
    """
    path, chosen = network_path(model), Format.parse(format)
    if path.suffix == ".pt" and not path.is_file():
        raise ModelError(
            f"{path} does not exist", hint="--model takes a checkpoint, a configuration or an ONNX of ours"
        )
    asked = read_options(chosen, words)
    check_network(path)
    RULES[chosen].require(from_network=is_network(path), builder=Builder.parse(asked.get("builder", "auto")))

    from numa_export.exporting import export as export_artifact

    if output is None and is_bundled(path):
        output = Path()  # not into the package, over the very file that is bundled
    source: Any = open_network(path) if is_network(path) else path
    return export_artifact(
        source,
        chosen,
        images=photographs(images),
        output=output,
        source=path if path.is_file() and source is not path else None,
        progress=progress,
        **words,
    )


def photographs(images: Any) -> Iterable[Frame]:
    """Return the frames of a source, or the bundled photographs."""
    from numa_runtime.sources.source import open_source

    with open_source(list(sample_photos()) if images is None else images) as source:
        return [frame.image for media in source for frame in media]
