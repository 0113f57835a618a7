"""`numa-deploy track`: ids for every object, through the whole video."""

from __future__ import annotations

from numa_deploy.cli.options import ModelOptions, PrintOptions
from numa_runtime.pipeline.options import TrackRunOptions


def track(model: ModelOptions, options: TrackRunOptions, prints: PrintOptions) -> None:
    """Follow every object through video; write annotated video, MOTChallenge text and JSON lines."""
    from numa_deploy.cli.running import run

    run(model, options, prints)
