"""YOLO label files (`save_txt`): one per image or frame, as Ultralytics users know them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from numa_runtime.files import atomic_path
from numa_runtime.results import Frame, Results
from numa_runtime.results.label_rows import label_rows
from numa_runtime.sinks.names import UniqueNames, frame_stem


def label_lines(result: Results, *, save_conf: bool = False) -> Iterator[str]:
    """Return "class cx cy w h [keypoints x y visibility ...] [conf] [id]", coordinates as fractions of the frame."""
    return label_rows(result.detections, result.orig_shape, save_conf=save_conf)


class LabelSink:
    """Writes label files into `folder`; a frame without detections gets none.

    Args:
        folder: where the files go.
        save_conf: write the score of each detection too.
        many_per_file: frames come from a video, so the names get the frame number, from 1.
    """

    needs_picture = False

    def __init__(self, folder: Path, *, save_conf: bool = False, many_per_file: bool = False) -> None:
        self._folder = folder
        self._save_conf = save_conf
        self._many = many_per_file
        self._names = UniqueNames()
        self._last: Path | None = None
        self._count = 0

    def write(self, result: Results, painted: Frame | None = None) -> None:  # noqa: ARG002 - every sink is given both
        """Write one frame's file."""
        stem = frame_stem(result.path, result.frame_index, many_per_file=self._many)
        target = self._folder / self._names.take(stem, ".txt")
        lines = list(label_lines(result, save_conf=self._save_conf))
        if not lines:
            return
        with atomic_path(target) as part:
            part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._last = target
        self._count += 1

    def close(self) -> tuple[Path, ...]:
        """Return the file when there is one, the folder when there are several."""
        if self._last is None:
            return ()
        return (self._last,) if self._count == 1 else (self._folder,)

    def abort(self) -> None:
        """Do nothing: each file was finished when it was written."""
