"""Detections that are known already: tracks without a network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from numa_runtime.options import Options, option
from numa_runtime.options.panels import SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOptions(Options):
    """Where detections come from, if not from a network.

    Attributes:
        replay: a recording, a folder of them, or a pattern.
        detections: a MOTChallenge text file, a folder of them, or a path inside each sequence.
    """

    replay: str | Path | None = option(
        None,
        "Track a recording (--record wrote it) instead of a video: a .numa file, a folder of them, or a pattern.",
        modes=("track",),
        metavar="PATH",
        panel=SOURCE,
    )
    detections: str | Path | None = option(
        None,
        "Track these detections (MOT text) instead of running a model: a file, a folder of NAME.txt, or a path in each "
        "sequence (det/det.txt).",
        modes=("track",),
        metavar="PATH",
        panel=SOURCE,
    )

    @property
    def said(self) -> str:
        """Return what is tracked instead of what a network finds, in a few words."""
        return f"detections {self.detections}" if self.replay is None else f"recording {self.replay}"

    @property
    def any(self) -> bool:
        """Whether no network is to run."""
        return self.detections is not None or self.replay is not None
