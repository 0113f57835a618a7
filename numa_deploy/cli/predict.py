"""`numa-deploy predict`: detections of images and video."""

from __future__ import annotations

from numa_deploy.cli.options import ModelOptions, PrintOptions
from numa_runtime.pipeline.options import RunOptions


def predict(model: ModelOptions, options: RunOptions, prints: PrintOptions) -> None:
    """Find objects in images and video; write annotated pictures and JSON lines."""
    from numa_deploy.cli.running import run

    run(model, options, prints)
