"""Look at labelled data of whatever kind: every split, one report, one contact sheet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_benchmarks.data_check.check_options import CheckOptions
from numa_benchmarks.data_check.image_check import ImageFigures, ImageReader, check_images
from numa_benchmarks.data_check.rally_check import RallyFigures, check_rallies
from numa_benchmarks.data_check.rally_pictures import RallyPictures
from numa_benchmarks.data_check.suspicions import Suspicions
from numa_benchmarks.labels.contact_sheet import Sample
from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.rallies import RallyDataset, holds_rallies, open_rallies
from numa_benchmarks.labels.records import Dataset
from numa_benchmarks.labels.yolo_yaml import SPLITS, read_yolo_yaml
from numa_benchmarks.progress import Progress


@dataclass(slots=True)
class DataReport:
    """What was seen.

    Attributes:
        source: the data.
        splits: the figures of each.
        broken: by split, why it could not be opened.
        suspicions: what looks wrong in any of them.
        samples: for the contact sheet.
    """

    source: Path
    splits: dict[str, RallyFigures | ImageFigures] = field(default_factory=dict)
    broken: dict[str, DataError] = field(default_factory=dict)
    suspicions: Suspicions = field(default_factory=Suspicions)
    samples: list[Sample] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is suspicious, and nothing was left out."""
        left_out = any(len(figures.left_out) for figures in self.splits.values())
        return not (self.broken or len(self.suspicions) or left_out)

    def lines(self) -> list[str]:
        """Return what people read."""
        lines = []
        for split, figures in self.splits.items():
            first, *rest = figures.lines()
            lines += [f"{split}: {first}", *(f"  {line}" for line in rest)]
        lines += [f"{split}: cannot be opened: {error.what}" for split, error in self.broken.items()]
        return [*lines, *(self.suspicions.lines() or ["nothing looks suspicious"])]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "data": str(self.source),
            "clean": self.clean,
            "splits": {split: figures.to_dict() for split, figures in self.splits.items()},
            "broken": {split: error.what for split, error in self.broken.items()},
            **self.suspicions.to_dict(),
        }


def check_data(path: Path, options: CheckOptions, progress: Progress | None = None) -> DataReport:
    """Look at every split of labelled data.

    Args:
        path: a data.yaml, a COCO .json or a folder.
        options: which splits, and from where on something is suspicious.
        progress: called with (pictures done, all pictures).

    Raises:
        DataError: no split can be opened.
    """
    report = DataReport(path)
    rallies = holds_rallies(path)
    opened: dict[str, RallyDataset | Dataset] = {}
    for split in [options.split] if options.split is not None else _splits(path, rallies):
        try:
            opened[split] = open_rallies(path, split, shared=True) if rallies else open_dataset(path, split)
        except DataError as error:
            report.broken[split] = error
    if not opened:
        raise next(iter(report.broken.values()))
    if not _described(path):
        report.broken.clear()  # splits that were only tried
    _suspect_leaks(opened, report.suspicions)
    total = sum(one.frames if isinstance(one, RallyDataset) else len(one) for one in opened.values())
    pictures = RallyPictures(not options.quick, options.samples, report.suspicions, progress, total)
    images = ImageReader(not options.quick, report.suspicions, pictures.count)
    for split, data in opened.items():
        report.splits[split] = (
            check_rallies(data, options, report.suspicions, pictures)
            if isinstance(data, RallyDataset)
            else check_images(data, options, report.suspicions, images)
        )
    report.samples = [*pictures.taken, *images.taken]
    return report


def _described(path: Path) -> Path | None:
    """Return the data.yaml that names the splits, if there is one."""
    described = path / "data.yaml" if path.is_dir() else path
    return described if described.is_file() and described.suffix.lower() in (".yaml", ".yml") else None


def _splits(path: Path, rallies: bool) -> tuple[str, ...]:
    described = _described(path)
    if described is not None:
        return tuple(read_yolo_yaml(described).places) or ("val",)
    return ("val",) if rallies or path.is_file() else SPLITS


def _suspect_leaks(opened: dict[str, RallyDataset | Dataset], suspicions: Suspicions) -> None:
    """Note rallies and images that are in two splits: what was trained on proves nothing."""
    seen: dict[Path, str] = {}
    copies: dict[bytes, tuple[str, Path]] = {}
    for split, data in opened.items():
        rallies = data.rallies if isinstance(data, RallyDataset) else ()
        files = {rally.path for rally in rallies} if isinstance(data, RallyDataset) else {one.path for one in data}
        told = {rally.path for rally in rallies if any(len(one.balls) + len(one.boxes) for one in rally.labels)}
        for file in sorted(files):
            first = seen.setdefault(file.resolve(), split)
            if first != split:
                suspicions.add("labels in two splits", str(file), f"in {first} and in {split}")
            elif file in told:  # a copy under another name
                key = hashlib.blake2b(file.read_bytes(), digest_size=16).digest()
                other, copied = copies.setdefault(key, (split, file))
                if other != split:
                    suspicions.add("labels in two splits", str(file), f"the same as {copied} in {other}")
