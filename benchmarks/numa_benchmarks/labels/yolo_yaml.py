"""data.yaml as Ultralytics users know it: path, train, val, test, names, kpt_shape."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any

from numa_benchmarks.labels.errors import DataError, read_text
from numa_runtime.errors import nearest
from numa_runtime.paths import expand
from numa_runtime.yaml_text import BadYaml, parse_yaml

log = logging.getLogger("numa_runtime")

SPLITS = ("train", "val", "test")
_READ = frozenset({*SPLITS, "validation", "path", "names", "nc", "kpt_shape", "download"})

EXAMPLE = "a data.yaml says: path: FOLDER, train: images/train, val: images/val, names: [person, ball]"
_ZIPS = "https://github.com/ultralytics/assets/releases/download/v0.0.0"
_PUBLISHED = ("coco8", "coco8-pose", "coco128", "coco128-seg", "tiger-pose", "dota8")


@dataclass(frozen=True, slots=True)
class YoloConfig:
    """What a data.yaml says: the root all places are relative to, the places of each split, names, (K, 2 or 3).

    `extra` holds what only some tasks ask for: ball_names, flip_idx, box_xy, frame_step.
    """

    file: Path
    root: Path
    places: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    keypoint_shape: tuple[int, int] | None
    download: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def paths(self, split: str) -> tuple[Path, ...]:
        """Return the folders and list files of one split.

        Raises:
            DataError: no such split, or one of its places does not exist; the places looked in are named.
        """
        if split not in self.places:
            there = ", ".join(self.places) or "none"
            raise DataError(
                f"{self.file} has no split {split!r}{nearest(split, list(self.places))}; it has: {there}",
                hint=EXAMPLE if not self.places else f"choose one of them, or add a line {split}: FOLDER",
            )
        return tuple(self._existing(split, place) for place in self.places[split])

    def _existing(self, split: str, place: str) -> Path:
        plain = PureWindowsPath(place).as_posix()
        # Files exported by labelling services say ../val/images although the folders lie next to the yaml.
        for name in dict.fromkeys((place, plain, plain.removeprefix("../"))):
            if (self.root / name).exists():
                return self.root / name
        raise DataError(
            f"{self.file}: its {split} images ({place}) do not exist: looked for {self.root / place}",
            hint=_where_to_get(self.file.stem, self.download),
        )


def read_yolo_yaml(path: Path) -> YoloConfig:
    """Read a data.yaml.

    Raises:
        DataError: it is missing (with where to get the data), not YAML, or a value is not valid.
    """
    hint = _where_to_get(path.stem, "")
    raw = _mapping(path, read_text(path, "the data set's description", hint=hint))
    places = {split: found for split in SPLITS if (found := _places(path, raw, split))}
    return YoloConfig(
        path,
        _root(path, raw),
        places,
        _names(path, raw),
        _keypoint_shape(path, raw),
        str(raw.get("download") or ""),
        {word: value for word, value in raw.items() if word not in _READ},
    )


def _mapping(path: Path, text: str) -> Mapping[str, Any]:
    try:
        raw = parse_yaml(text)
    except BadYaml as error:
        where = str(path) if error.line is None else f"{path}:{error.line}"
        raise DataError(f"{where}: {error.reason}") from error
    if not isinstance(raw, dict):
        raise DataError(f"{path} does not describe a data set: it holds a {type(raw).__name__}, not keys", hint=EXAMPLE)
    return raw


def _root(path: Path, raw: Mapping[str, Any]) -> Path:
    """`path` is relative to the yaml's folder, or to the current one; Windows writes it with backslashes.

    Where it does not exist (it is another machine's), the yaml's own folder is taken if it holds what is named.
    """
    said = raw.get("path")
    if said is None:
        return path.parent
    named, posix = expand(str(said), DataError), Path(PureWindowsPath(str(said)).as_posix())
    for root in (path.parent / named, named, path.parent / posix, posix):
        if root.exists():
            return root
    if any((path.parent / place).exists() for split in SPLITS for place in _places(path, raw, split)):
        log.warning("%s: its path %s does not exist; the yaml's own folder is taken", path, said)
        return path.parent
    return path.parent / named


def _places(path: Path, raw: Mapping[str, Any], split: str) -> tuple[str, ...]:
    said = raw.get(split)
    if said is None and split == "val":
        said = raw.get("validation") or raw.get("valid")
    if not said:
        return ()
    places = said if isinstance(said, list) else [said]
    if not all(isinstance(place, str) for place in places):
        raise DataError(f"{path}: {split} must be a folder, a .txt list of images, or several of them; it is {said!r}")
    return tuple(places)


def _names(path: Path, raw: Mapping[str, Any]) -> tuple[str, ...]:
    said, count = raw.get("names"), raw.get("nc")
    if isinstance(said, list):
        names = tuple(str(name) for name in said)
    elif isinstance(said, dict):
        keys = sorted(said, key=lambda key: int(key) if str(key).isdigit() else -1)
        if [str(key) for key in keys] != [str(number) for number in range(len(keys))]:
            raise DataError(f"{path}: the keys of names must be 0, 1, 2, ...; they are {', '.join(map(str, said))}")
        names = tuple(str(said[key]) for key in keys)
    elif isinstance(count, int) and said is None:
        names = tuple(f"class{number}" for number in range(count))
    else:
        raise DataError(f"{path} names no classes", hint="add a line such as names: [person, ball]")
    if count is not None and count != len(names):
        raise DataError(
            f"{path}: nc is {count}, but names lists {len(names)}", hint="remove the line nc, it is not needed"
        )
    return names


def _keypoint_shape(path: Path, raw: Mapping[str, Any]) -> tuple[int, int] | None:
    said = raw.get("kpt_shape")
    if said is None:
        return None
    try:
        count, values = (int(number) for number in said)
    except (TypeError, ValueError):
        count = values = 0
    if count < 1 or values not in {2, 3}:
        raise DataError(f"{path}: kpt_shape must be [keypoints, 2 or 3]; it is {said!r}", hint="kpt_shape: [17, 3]")
    return count, values


def _where_to_get(stem: str, download: str) -> str:
    """Nothing is downloaded behind the user's back: say where the data lies and what to do with it."""
    if stem in _PUBLISHED:
        return f"nothing is downloaded for you: get {_ZIPS}/{stem}.zip, unpack it and write its data.yaml; {EXAMPLE}"
    if stem.startswith("coco"):
        return "nothing is downloaded for you: images and annotations are at https://cocodataset.org/#download"
    if download.startswith("http"):
        return f"nothing is downloaded for you: get {download.split(maxsplit=1)[0]} and unpack it there"
    return EXAMPLE
