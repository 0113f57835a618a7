"""NetworkConfig: a network as its YAML describes it, checked and typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from numa_runtime.contract import Color, Task
from numa_runtime.contract.codec import imgsz_of
from numa_runtime.errors import ModelError, nearest

KEYS = (
    "task", "nc", "names", "ball_names", "kpt_shape", "input", "scales", "scale", "nested", "backbone", "head", "name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """How repeats and channels shrink or grow: `depth` and `width` factors, and the most channels before `width`."""

    depth: float = 1.0
    width: float = 1.0
    most: int = 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One layer.

    Attributes:
        sources: whose outputs it reads: numbers of layers (-1: the one before), or "input".
        repeats: how often.
        block: which block.
        numbers: positional arguments.
        options: arguments by name (heads).
    """

    sources: tuple[int | str, ...]
    repeats: int
    block: str
    numbers: tuple[float | bool, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Everything needed to build a network again; plain values only, so that a checkpoint can hold it.

    `imgsz` is the size it is meant for or was trained at: longest side, or (height, width).
    """

    task: Task
    nc: int
    rows: tuple[Row, ...]
    scale: Scale = Scale()
    nested: bool = False
    names: tuple[str, ...] = ()
    ball_names: tuple[str, ...] = ()
    keypoint_shape: tuple[int, int] | None = None
    frames: int = 1
    channels: int = 3
    color: Color = Color.RGB
    imgsz: int | tuple[int, int] | None = None
    name: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that `from_dict` reads."""
        return {**asdict(self), "task": self.task.value, "color": self.color.value}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote."""
        shape = plain["keypoint_shape"]
        return cls(
            **{
                **plain,
                "task": Task(plain["task"]),
                "color": Color(plain["color"]),
                "scale": Scale(**plain["scale"]),
                "rows": tuple(
                    Row(**{**row, "sources": tuple(row["sources"]), "numbers": tuple(row["numbers"])})
                    for row in plain["rows"]
                ),
                "names": tuple(plain["names"]),
                "ball_names": tuple(plain["ball_names"]),
                "keypoint_shape": tuple(shape) if shape else None,
                "imgsz": imgsz_of(plain.get("imgsz")),
            }
        )


def read_config(plain: Mapping[str, Any], scale: str, where: str) -> NetworkConfig:
    """Check a YAML's content.

    Args:
        plain: the content.
        scale: one of its `scales`, "" for its `scale` key or its first.
        where: the file's name, for messages.

    Raises:
        ModelError: a key is unknown or missing, or a row is not [from, repeats, block, arguments]; all by name.
    """
    for key in plain:
        if key not in KEYS:
            raise ModelError(f"{where} has the key {key!r}, which no network has{nearest(str(key), KEYS)}")
    rows = tuple(
        _row(row, at, where) for at, row in enumerate([*_list(plain, "backbone", where), *_list(plain, "head", where)])
    )
    model_input = plain.get("input") or {}
    shape = plain.get("kpt_shape")
    task = _task(plain, rows, where)
    letter, chosen = _scale(plain, scale, where)
    return NetworkConfig(
        task=task,
        nc=_whole(plain.get("nc", 80), "nc", where),
        rows=rows,
        scale=chosen,
        nested=letter in (plain.get("nested") or ()),
        names=_names(plain.get("names")),
        ball_names=_names(plain.get("ball_names")),
        keypoint_shape=(int(shape[0]), int(shape[1])) if shape else None,
        frames=_whole(model_input.get("frames", 1), "input.frames", where),
        channels=_whole(model_input.get("channels", plain.get("ch", 3)), "input.channels", where),
        color=Color(model_input.get("color", "rgb")),
        imgsz=imgsz_of(model_input.get("imgsz")),
        name=str(plain.get("name") or where),
    )


def _task(plain: Mapping[str, Any], rows: Sequence[Row], where: str) -> Task:
    word = plain.get("task")
    if word is None:
        blocks = {row.block for row in rows}
        return Task.MULTITASK if "TrackHead" in blocks else Task.POSE if {"PoseHead", "Pose"} & blocks else Task.DETECT
    if word not in list(Task):
        close = nearest(str(word), [task.value for task in Task])
        raise ModelError(f"{where} has the task {word!r}{close}; there are {', '.join(Task)}")
    return Task(word)


def _list(plain: Mapping[str, Any], key: str, where: str) -> Sequence[Any]:
    value = plain.get(key)
    if not isinstance(value, list) or not value:
        raise ModelError(f"{where} needs {key!r}, a list of [from, repeats, block, arguments]")
    return value


def _row(row: Any, at: int, where: str) -> Row:
    if not isinstance(row, list) or len(row) != 4:
        raise ModelError(f"{where}: layer {at} is {row!r}; it must be [from, repeats, block, arguments]")
    sources, repeats, block, given = row
    options = dict(given) if isinstance(given, Mapping) else {}
    # Words among the arguments (nc, None, nearest) say what is the case anyway; users' own files have them.
    numbers = tuple(x for x in given if isinstance(x, int | float)) if isinstance(given, list) else ()
    return Row(tuple(sources) if isinstance(sources, list) else (sources,), repeats, str(block), numbers, options)


def _scale(plain: Mapping[str, Any], wanted: str, where: str) -> tuple[str, Scale]:
    scales = plain.get("scales") or {}
    letter = wanted or plain.get("scale") or next(iter(scales), "")
    if not scales:
        return letter, Scale()
    if letter not in scales:
        raise ModelError(f"{where} has no scale {letter!r}; it has {', '.join(map(str, scales))}")
    depth, width, most = scales[letter]
    return letter, Scale(float(depth), float(width), int(most))


def _names(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value.values() if isinstance(value, Mapping) else value)) if value else ()


def _whole(value: Any, key: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ModelError(f"{where}: {key} is {value!r}; it must be a whole number from 1 on")
    return value
