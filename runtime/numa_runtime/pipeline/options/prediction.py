"""What counts as a detection, and at which size the network looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, WHAT
from numa_runtime.options.readers import Size, at_least, read_names, read_size, within


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionOptions(Options):
    """Thresholds, filters and input size of one run; None means the contract's own default.

    Attributes:
        conf: smallest score, 0-1. In track mode it gates births only.
        iou: overlap above which two boxes are one object, 0-1.
        classes: class names or numbers; None: all.
        imgsz: the longest side or (height, width), pixels, for artifacts of dynamic size.
        max_det: most detections of a frame.
        agnostic_nms: boxes of different classes suppress each other.
        offline: balls of clip networks come from all windows that told of their frame, G - 1 frames later.
    """

    conf: float | None = option(
        None,
        "Smallest score. Default: the model's (0.25).",
        kind=float,
        read=within(0, 1),
        panel=MOST,
        help_in={"track": "Smallest score that starts a track; weaker detections still extend tracks."},
    )
    iou: float | None = option(
        None,
        "Boxes that overlap more than this are one object. Default: the model's.",
        kind=float,
        read=within(0, 1),
        panel=MOST,
    )
    classes: tuple[str | int, ...] | None = option(
        None, "Only these classes: person,car or 0,2.", read=read_names, metavar="NAMES", panel=MOST
    )
    imgsz: Size | None = option(
        None,
        "Input size for artifacts of dynamic size: 640, or height and width.",
        read=read_size,
        metavar="SIZE",
        panel=MOST,
    )
    max_det: int | None = option(
        None, "At most this many detections per frame.", kind=int, read=at_least(1), panel=WHAT
    )
    agnostic_nms: bool = option(False, "Suppress across classes.", panel=WHAT)
    offline: bool = option(
        False, "Clip networks: fuse each frame's ball over all windows that saw it, some frames later.", panel=WHAT
    )


def class_indices(words: Sequence[str | int] | None, classes: Sequence[str]) -> tuple[int, ...] | None:
    """Turn class names or numbers into indices of `classes`, the model's; None stays None.

    Raises:
        UsageError: a name the model does not have (the nearest one is named), or an index out of range.
    """
    if words is None:
        return None
    return tuple(_class_index(word, classes) for word in words)


def _class_index(word: str | int, classes: Sequence[str]) -> int:
    if isinstance(word, str) and not word.lstrip("-").isdigit():
        names = [name.lower() for name in classes]
        if word.lower() in names:
            return names.index(word.lower())
        close = nearest(word.lower(), names)
        raise UsageError(f"the model has no class {word!r}{close}", hint=f"its classes: {_some(classes)}")
    index = int(word)
    if not 0 <= index < len(classes):
        raise UsageError(f"class {index} does not exist: the model has classes 0 to {len(classes) - 1}")
    return index


def _some(names: Sequence[str], limit: int = 12) -> str:
    return ", ".join(names[:limit]) + (f", ... ({len(names)} in all)" if len(names) > limit else "")
