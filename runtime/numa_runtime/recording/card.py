"""What a recording is, in a few rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from numa_runtime.files import size_mb
from numa_runtime.recording.header import RecordingHeader
from numa_runtime.recording.reading import Recording


@dataclass(frozen=True, slots=True)
class RecordingCard:
    """A recording described.

    Attributes:
        path: the file.
        size_mb: its size in megabytes.
        header: what it says of itself.
        whole: whether it ends as it should.
        frames: how many frames can be read.
        detections: in all of them.
        seconds: from the first frame to the last.
    """

    path: Path
    size_mb: float
    header: RecordingHeader
    whole: bool
    frames: int
    detections: int
    seconds: float

    def rows(self) -> list[tuple[str, str]]:
        """Return (name, value) lines for a terminal."""
        header = self.header
        names = list(header.names.values())
        shown = ", ".join(names[:6]) + (f", ... ({len(names)})" if len(names) > 6 else "")
        suits = ", ".join(f"{name} {value:g}" for name, value in header.suits.items())
        pictures = f"{header.thumbnails} px" if header.thumbnails else "none"
        return [
            ("file", str(self.path)),
            ("recording", f"version {header.version[0]}.{header.version[1]}, {self.size_mb:.1f} MB, {self._end}"),
            ("of", f"{header.name} {header.width}x{header.height}" + (f" {header.fps:g} fps" if header.fps else "")),
            ("frames", f"{self.frames:,} in {self.seconds:.1f} s"),
            ("detections", f"{self.detections:,} with a score of {header.conf:g} and more"),
            ("model", header.model or "unknown"),
            ("classes", shown or "none"),
            *([("tracking", suits)] if suits else []),
            ("camera", header.camera or "not measured"),
            ("pictures", pictures),
        ]

    @property
    def _end(self) -> str:
        return "whole" if self.whole else "cut"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        values = asdict(self)
        return {**values, "path": str(self.path)}


def describe_recording(path: str | Path) -> RecordingCard:
    """Read a recording through and describe it.

    Raises:
        SourceError: there is no such file, it is no recording, or one of another version.
    """
    recording = Recording(path)
    frames, detections, first, last = 0, 0, 0.0, 0.0
    for result in recording:
        first = result.timestamp if not frames else first
        frames, detections, last = frames + 1, detections + len(result.detections), result.timestamp
    size = size_mb(recording.path)
    return RecordingCard(recording.path, size, recording.header, recording.whole, frames, detections, last - first)
