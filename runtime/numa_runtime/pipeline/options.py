"""What a user may set for one prediction or tracking run, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import UsageError, nearest


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """Thresholds and filters; None means the contract's own default.

    conf and iou are 0-1; imgsz is the longest side or (height, width) for artifacts of dynamic size;
    classes are class indices; agnostic suppresses across classes; multi_label counts a box once for every class,
    as validation does.
    """

    conf: float | None = None
    iou: float | None = None
    max_det: int | None = None
    classes: tuple[int, ...] | None = None
    agnostic: bool = False
    multi_label: bool = False
    imgsz: int | tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for name, value in (("conf", self.conf), ("iou", self.iou)):
            if value is not None and not 0.0 <= value <= 1.0:
                raise UsageError(f"{name} is {value:g}; it must lie between 0 and 1")
        if self.max_det is not None and self.max_det < 1:
            raise UsageError(f"max_det is {self.max_det}; it must be 1 or more")


def class_indices(words: Sequence[str | int] | None, spec: ModelSpec) -> tuple[int, ...] | None:
    """Turn class names or numbers into indices; None stays None.

    Raises:
        UsageError: a name the model does not have (the nearest one is named), or an index out of range.
    """
    if words is None:
        return None
    return tuple(_class_index(word, spec) for word in words)


def _class_index(word: str | int, spec: ModelSpec) -> int:
    if isinstance(word, str) and not word.lstrip("-").isdigit():
        names = [name.lower() for name in spec.names]
        if word.lower() in names:
            return names.index(word.lower())
        close = nearest(word.lower(), names)
        raise UsageError(f"the model has no class {word!r}{close}", hint=f"its classes: {_some(spec.names)}")
    index = int(word)
    if not 0 <= index < len(spec.names):
        raise UsageError(f"class {index} does not exist: the model has classes 0 to {len(spec.names) - 1}")
    return index


def _some(names: tuple[str, ...], limit: int = 12) -> str:
    return ", ".join(names[:limit]) + (f", ... ({len(names)} in all)" if len(names) > limit else "")
