"""Convert every split of labelled data into another layout."""

from __future__ import annotations

from pathlib import Path

from numa_benchmarks.data_convert.conversion import Conversion, Target
from numa_benchmarks.data_convert.from_images import convert_images
from numa_benchmarks.data_convert.from_rallies import convert_rallies
from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.new_folder import new_folder
from numa_benchmarks.labels.rallies import RallyDataset, holds_rallies, open_rallies
from numa_benchmarks.labels.rally_rules import flip_table
from numa_benchmarks.labels.records import Dataset
from numa_benchmarks.labels.yolo_yaml import SPLITS, read_yolo_yaml
from numa_benchmarks.progress import Progress

_YAML = (".yaml", ".yml")


def convert(source: Path, target: Target, folder: Path, progress: Progress | None = None) -> Conversion:
    """Write every split in another layout, and count what it has no words for.

    Args:
        source: a data.yaml, a COCO .json, a ball CSV or a folder.
        target: the layout.
        folder: where; it must not hold anything yet.
        progress: called with (pictures done, all pictures).

    Raises:
        DataError: the data is missing or malformed, or single images shall become rallies.
        UsageError: the folder holds something.
    """
    rallies = holds_rallies(source)
    if target.of_rallies and not rallies:
        raise DataError(
            f"{source} holds single images: nobody looked for balls on them, and they are in no order",
            hint="--to yolo or --to coco; rallies are a data.yaml of them, or a folder with annotation.json",
        )
    opened = _open(source, rallies=rallies)
    total = sum(data.frames if isinstance(data, RallyDataset) else len(data) for data in opened)
    done = Conversion(folder, target, total, progress)
    with new_folder(folder) as part:
        for data in opened:
            if isinstance(data, RallyDataset):
                convert_rallies(data, part, done)
            else:
                convert_images(data, part, done)
        if not done.frames:
            raise DataError(f"{source} has no frame whose players are labelled", hint="--to annotation or --to ball")
        if target is not Target.COCO:
            text = _described(opened[0], target, [data.split for data in opened])
            (part / "data.yaml").write_text(text, encoding="utf-8")
    return done


def _open(source: Path, *, rallies: bool) -> list[RallyDataset | Dataset]:
    """Open every split there is; of a folder that does not name its splits, those that are found."""
    described = source / "data.yaml" if source.is_dir() else source
    if described.suffix.lower() in _YAML and described.is_file():
        splits = tuple(read_yolo_yaml(described).places) or ("val",)
        return [open_rallies(source, split) if rallies else open_dataset(source, split) for split in splits]
    if rallies:
        return [open_rallies(source)]
    if not source.is_dir():
        split = next((split for split in SPLITS if split in source.stem), "val")
        return [open_dataset(source, split, keypoints=True)]
    found: dict[Path, Dataset] = {}
    errors = []
    for split in SPLITS:
        try:
            data = open_dataset(source, split, keypoints=True)
        except DataError as error:
            errors.append(error)
        else:
            found.setdefault(data.source.resolve(), data)
    if not found:
        raise errors[0]
    return list(found.values())


def _described(data: RallyDataset | Dataset, target: Target, splits: list[str]) -> str:
    """Return the data.yaml of what was written."""
    rallies = isinstance(data, RallyDataset)
    place = "" if target.of_rallies else "images/"
    names = data.names[:1] if rallies and not target.of_rallies else data.names
    lines = [
        *(f"{split}: {place}{split}" for split in splits),
        "names:",
        *(f"  {k}: {_quoted(n)}" for k, n in enumerate(names)),
    ]
    if target.of_rallies and isinstance(data, RallyDataset):
        lines = ["task: multitask", *lines, f"ball_names: [{', '.join(map(_quoted, data.ball_names))}]"]
    if data.keypoints and target is not Target.BALL:
        lines.append(f"kpt_shape: [{data.keypoints}, 3]")
        flip = data.flip if isinstance(data, RallyDataset) else _flip(data.source, data.keypoints)
        lines += [f"flip_idx: {list(flip)}"] if flip else []
    return "\n".join([*lines, ""])


def _flip(described: Path, keypoints: int) -> tuple[int, ...] | None:
    """Return the flip table that a data.yaml of single images says."""
    if described.suffix.lower() not in _YAML:
        return None
    return flip_table(read_yolo_yaml(described), keypoints)


def _quoted(name: str) -> str:
    """Return a name as YAML reads it back: some say yes, no or a number."""
    return "'" + name.replace("'", "''") + "'"
