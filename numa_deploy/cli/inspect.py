"""`numa-deploy inspect`: what a file is, without running it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from numa_deploy.cli.options import PrintOptions
from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option
from numa_runtime.options.panels import WRITTEN

if TYPE_CHECKING:
    from numa_deploy.cli.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectOptions(Options):
    """What is looked at."""

    file: str = option(
        "", "Artifact: .onnx, *_openvino_model/, .engine; or a recording: .numa.", argument=True, required=True
    )
    parquet: str | None = option(None, "Also write a recording's detections as Parquet.", metavar="FILE", panel=WRITTEN)


def inspect(options: InspectOptions, prints: PrintOptions) -> None:
    """Print a model's contract, inputs, outputs, size and precision, or what a recording holds; nothing is run."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.yolo.bundled import model_path
    from numa_runtime.sessions.describe import describe

    console = open_console(prints)
    if options.file.lower().endswith(".numa"):
        _recording(console, options)
        return
    if options.parquet is not None:
        raise UsageError("--parquet writes recordings", hint="track --record match.numa makes one")
    card = describe(model_path(options.file))
    _say(console, card.rows())
    console.finish(card.to_dict())


def _recording(console: Console, options: InspectOptions) -> None:
    from numa_runtime.recording import Recording
    from numa_runtime.recording.card import describe_recording

    card = describe_recording(options.file)
    _say(console, card.rows())
    if options.parquet is not None:
        from numa_runtime.recording.parquet import write_parquet

        rows = write_parquet(Recording(card.path), Path(options.parquet))
        console.say(f"wrote {options.parquet}: {rows:,} rows")
    console.finish(card.to_dict())


def _say(console: Console, rows: Sequence[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        console.say(f"{name:<{width}}  {value}")
