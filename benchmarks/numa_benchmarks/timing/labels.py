"""What a worker is measured on: labelled images or rallies, behind one door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numa_benchmarks.labels.rallies import RallyDataset
    from numa_benchmarks.labels.records import Dataset
    from numa_benchmarks.progress import Progress
    from numa_runtime.results.result import Frame
    from numa_runtime.sessions.base import Session

Size = int | tuple[int, int] | None


class Labels(Protocol):
    """Labelled frames that a session is scored and timed on."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames of one size, in order.

        Raises:
            DataError: there is none that can be read.
        """

    def score(self, session: Session, imgsz: Size, progress: Progress) -> dict[str, Any]:
        """Return the figures of `val --json`."""


def open_labels(data: str, split: str, *, keypoints: bool) -> Labels:
    """Open labels; where a COCO folder has both, `keypoints` takes those with keypoints.

    Raises:
        DataError: nothing is found, or the labels are malformed.
    """
    from numa_benchmarks.labels.dataset import open_dataset
    from numa_benchmarks.labels.rallies import holds_rallies, open_rallies

    if holds_rallies(Path(data)):
        return RallyLabels(open_rallies(Path(data), split))
    return ImageLabels(open_dataset(data, split, keypoints=keypoints))


@dataclass(frozen=True, slots=True)
class RallyLabels:
    """Labelled rallies; those whose frames have the first one's size are timed."""

    dataset: RallyDataset

    def frames(self) -> Iterator[Frame]:
        """Yield frames of one size, in order."""
        rallies = self.dataset.rallies
        for rally in rallies:
            if rally.pictures.shape == rallies[0].pictures.shape:
                yield from (rally.pictures.read(index) for index in range(len(rally)))

    def score(self, session: Session, imgsz: Size, progress: Progress) -> dict[str, Any]:
        """Return the figures of `val --json`."""
        from numa_benchmarks.validate_rallies import validate_rallies

        return validate_rallies(session, self.dataset, imgsz=imgsz, progress=progress).to_dict()


@dataclass(frozen=True, slots=True)
class ImageLabels:
    """Labelled images; those that can be scored and have the first one's size are timed, as if they were a video."""

    dataset: Dataset

    def frames(self) -> Iterator[Frame]:
        """Yield frames of one size, in order; the last image's error where none can be read."""
        from numa_benchmarks.labels.errors import DataError
        from numa_benchmarks.validate import read_labelled

        shape, wrong = None, DataError("there are no labelled images")
        for image in self.dataset:
            if shape not in (None, image.shape):
                continue
            try:
                frame = read_labelled(image)
            except DataError as error:
                wrong = error
                continue
            shape = image.shape
            yield frame
        if shape is None:
            raise wrong

    def score(self, session: Session, imgsz: Size, progress: Progress) -> dict[str, Any]:
        """Return the figures of `val --json`."""
        from numa_benchmarks.validate import validate

        return validate(session, self.dataset, imgsz=imgsz, progress=progress).to_dict()
