"""Open rallies: the data.yaml of a multitask network, folders of annotation.json, or ball CSVs beside videos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.rally_files import rallies_in, rally_files
from numa_benchmarks.labels.rally_records import Rally
from numa_benchmarks.labels.rally_rules import RallyRules, flip_table
from numa_benchmarks.labels.yolo_yaml import YoloConfig, read_yolo_yaml

EXAMPLE = (
    "a data.yaml says: path: FOLDER, train: train, val: val, names: [player], ball_names: [ball], kpt_shape: [17, 3]"
)


@dataclass(frozen=True, slots=True)
class RallyDataset:
    """The rallies of one split.

    Attributes:
        source: the file or folder that describes the data.
        split: its name.
        names: classes of players.
        ball_names: classes of balls.
        rallies: each a sequence of consecutive frames.
        keypoints: K of every player; 0: none is labelled.
        flip: each keypoint's partner in a mirror (`flip_idx`), where the data.yaml says it.
        left_out: labels that were not taken over.
    """

    source: Path
    split: str
    names: tuple[str, ...]
    ball_names: tuple[str, ...]
    rallies: tuple[Rally, ...] = field(repr=False)
    keypoints: int
    left_out: LeftOut = field(default_factory=LeftOut, repr=False, compare=False)
    flip: tuple[int, ...] | None = None

    @property
    def frames(self) -> int:
        """Frames of all rallies."""
        return sum(map(len, self.rallies))


def open_rallies(path: Path, split: str = "val", *, shared: bool = False) -> RallyDataset:
    """Read one split of labelled rallies.

    Args:
        path: a data.yaml of a multitask network, a folder that is or holds rallies, or a ball CSV.
        split: the split's name; a folder without a data.yaml is one split.
        shared: take rallies that are in another split, too.

    Raises:
        DataError: nothing is found or labelled, labels are malformed (file, line and frame are named), players have
            other keypoints than the data.yaml says, or a rally is in two splits.
    """
    config = _described(path)
    places = (path,) if config is None else config.paths(split)
    rules = RallyRules() if config is None else RallyRules.of(config)
    if config is not None and not (shared or rules.shared):
        _refuse_shared(config, split)
    left_out = LeftOut()
    rallies = tuple(rally for place in places for rally in rallies_in(place, rules, left_out))
    where = ", ".join(map(str, places))
    if not rallies:
        raise DataError(f"{where}: no rallies were found", hint=EXAMPLE)
    if not any(one.labelled for rally in rallies for one in rally.labels):
        raise DataError(
            f"{where}: no frame of split {split!r} has labels", hint="numa-deploy data check says what is there"
        )
    keypoints = _keypoints(path, rallies, config)
    names = ("player",) if config is None else config.names
    ball_names = ("ball",) if config is None else tuple(map(str, config.extra.get("ball_names", ["ball"])))
    flip = None if config is None else flip_table(config, keypoints)
    return RallyDataset(path, split, names, ball_names, rallies, keypoints, left_out, flip)


def holds_rallies(path: Path) -> bool:
    """Whether a data.yaml or a folder describes rallies rather than single images."""
    if path.is_dir():
        if (path / "data.yaml").is_file():
            return holds_rallies(path / "data.yaml")
        return any(True for _ in rally_files(path))
    if path.suffix.lower() == ".csv":
        return path.is_file()
    if path.suffix.lower() not in (".yaml", ".yml"):
        return False
    config = read_yolo_yaml(path)
    if "ball_names" in config.extra or config.extra.get("task") == "multitask":
        return True
    roots = (config.root / place for places in config.places.values() for place in places)
    return any(any(True for _ in rally_files(root)) for root in roots if root.is_dir() or root.suffix == ".csv")


def _described(path: Path) -> YoloConfig | None:
    """Return the data.yaml that is given or lies in the folder that is."""
    if path.suffix.lower() == ".csv":
        return None
    described = path / "data.yaml" if path.is_dir() else path
    return read_yolo_yaml(described) if described.is_file() or not path.is_dir() else None


def _refuse_shared(config: YoloConfig, split: str) -> None:
    """Refuse rallies that another split has, too: what was trained on proves nothing."""
    own = {file.resolve() for place in config.paths(split) for file in rally_files(place)}
    for other, places in config.places.items():
        there = (config.root / place for place in places) if other != split else ()
        for file in (file for place in there if place.exists() for file in rally_files(place)):
            if file.resolve() in own:
                raise DataError(
                    f"{config.file}: {file} is in {other} and in {split}: what was trained on proves nothing",
                    hint="give each split rallies of its own; shared_rallies: true allows it, to see a network overfit",
                )


def _keypoints(path: Path, rallies: Sequence[Rally], config: YoloConfig | None) -> int:
    """Return K of the players, the same in all rallies and as the data.yaml says it; 0 where none has any."""
    counts = {rally.labels[0].keypoints.shape[1] for rally in rallies if any(len(one.boxes) for one in rally.labels)}
    if len(counts) > 1:
        raise DataError(f"{path}: its rallies have players of {' and '.join(map(str, sorted(counts)))} keypoints")
    found = counts.pop() if counts else 0
    if config is not None and config.keypoint_shape is not None and found not in (0, config.keypoint_shape[0]):
        raise DataError(
            f"{path}: kpt_shape says {config.keypoint_shape[0]} keypoints, players have {found}",
            hint=f"kpt_shape: [{found}, 3]",
        )
    return found
