"""Every word `predict` and `track` understand, with its default; one place for the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from numa_runtime.errors import UsageError, nearest

# Words Ultralytics users type that mean something else here, and what to do instead.
ELSEWHERE = {
    "half": "precision lives in the artifact: export or adopt one in fp16",
    "int8": "precision lives in the artifact: use an int8 file",
    "quantize": "precision lives in the artifact: use a file of that precision",
    "augment": "test-time augmentation is not offered",
    "visualize": "feature maps cannot be seen from an exported file",
    "embed": "an exported file gives detections only",
    "retina_masks": "there is no segment task yet",
    "batch": "frames run one at a time: a video's latency is what counts here",
    "save_crop": "cut `result.frame()` with `result.boxes.xyxy`",
    "save_frames": "use save=True for the annotated video",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one run. None means: the contract's, the tracker's or the source's own default.

    save writes annotated pictures or video; save_mot, save_jsonl, save_csv, save_txt (YOLO labels) and
    save_ball (CSV Frame,Visibility,X,Y; None = when the model has balls) write numbers.
    """

    conf: float | None = None
    iou: float | None = None
    imgsz: int | tuple[int, int] | None = None
    classes: tuple[str | int, ...] | None = None
    max_det: int | None = None
    agnostic_nms: bool = False
    vid_stride: int = 1
    stream_buffer: bool = False
    save: bool = False
    save_mot: bool = False
    save_jsonl: bool = False
    save_csv: bool = False
    save_txt: bool = False
    save_conf: bool = False
    save_ball: bool | None = None
    show: bool = False
    show_labels: bool = True
    show_conf: bool = True
    show_boxes: bool = True
    line_width: int | None = None
    project: str | Path = "runs"
    name: str | None = None
    exist_ok: bool = False
    verbose: bool = False

    @property
    def writes(self) -> bool:
        """Whether anything is written or shown."""
        return any((self.save, self.save_mot, self.save_jsonl, self.save_csv, self.save_txt, self.save_ball, self.show))

    @classmethod
    def from_words(cls, mode: str, words: Mapping[str, Any], also: tuple[str, ...] = ()) -> Self:
        """Check keyword arguments as a user typed them; `also` are further words the mode takes.

        Raises:
            UsageError: an unknown word (the nearest is named), or one that means something else here.
        """
        known = [f.name for f in fields(cls)]
        for word in words:
            if word in ELSEWHERE:
                raise UsageError(f"{mode} does not take {word!r}: {ELSEWHERE[word]}")
            if word not in known:
                raise UsageError(f"{mode} has no setting {word!r}{nearest(word, [*known, *also])}")
        plain = dict(words)
        if (size := plain.get("imgsz")) is not None and not isinstance(size, int):
            plain["imgsz"] = _pair(size)
        if (chosen := plain.get("classes")) is not None:
            plain["classes"] = (chosen,) if isinstance(chosen, (str, int)) else tuple(chosen)
        settings = replace(cls(), **plain)
        if settings.vid_stride < 1:
            raise UsageError(f"vid_stride is {settings.vid_stride}; it must be 1 or more")
        return settings


def _pair(size: Any) -> int | tuple[int, int]:
    numbers = tuple(int(side) for side in size)
    if len(numbers) == 1:
        return numbers[0]
    if len(numbers) != 2:
        raise UsageError(f"imgsz {numbers} has {len(numbers)} numbers; it is one side or (height, width)")
    return numbers[0], numbers[1]
