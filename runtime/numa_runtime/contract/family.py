"""The families of foreign networks: what each one's files hold and what its networks expect of a picture.

None of it lies in the files themselves, except where metadata says so; the sources are the families' own
preprocessing and demo scripts. One row a family: a new one is a word and a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from numa_runtime.contract.coco import COCO_NAMES, COCO_NAMES_BY_ID, default_names
from numa_runtime.contract.spec import Anchor, Color, Layout, LetterboxRule, Thresholds
from numa_runtime.words import Word

PIXEL_SCALE = 1 / 255


class Family(Word, refusal="unknown family {word}{close}", hint="--family {words}"):
    """The tool a foreign file comes from; the value is the word users type."""

    ULTRALYTICS = "ultralytics", "yolov8", "yolo11", "yolo26"
    YOLOV5 = "yolov5"
    YOLOV6 = "yolov6"
    YOLOV7 = "yolov7"
    YOLOX = "yolox"
    YOLO_NAS = "yolo-nas", "yolonas"
    DEEPSTREAM = "deepstream"
    RTDETR = "rtdetr", "rt-detr", "rtdetrv2"
    RFDETR = "rfdetr", "rf-detr"
    DFINE = "dfine", "d-fine", "deim"
    DEIMV2 = "deimv2"
    TRACKNET = "tracknet", "tracknetv2", "tracknetv3", "tracknetv4", "tracknetv5", "vballnet"
    WASB = "wasb", "blurball"

    @property
    def habits(self) -> Habits:
        """What its files hold and its networks expect."""
        return _HABITS[self]

    @property
    def gives_heat_maps(self) -> bool:
        """Whether its networks take clips and give a map of the ball for each frame."""
        return all(layout.is_heat_maps for layout in self.habits.layouts)


_CENTRED, _STRETCHED = LetterboxRule(), LetterboxRule(Anchor.STRETCH)
_OF_YOLOS = Thresholds(iou=0.45)


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds for all networks of a family.

    Attributes:
        layouts: what its exporters write; where shapes fit several, a first run's values decide.
        letterbox: how frames were fitted into the input in training.
        color: channel order.
        scale: what 0-255 pixels are multiplied with.
        mean: subtracted then, for each channel; () for none.
        std: what they are divided by then; () for none.
        thresholds: what its authors use in their demos.
        per_cell: candidates for each cell of a grid.
        coco_ids: whether a network of 91 classes counts them as COCO's annotation files do, with gaps.
    """

    layouts: tuple[Layout, ...]
    letterbox: LetterboxRule = _CENTRED
    color: Color = Color.RGB
    scale: float = PIXEL_SCALE
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    thresholds: Thresholds = _OF_YOLOS
    per_cell: int = 1
    coco_ids: bool = False

    def names(self, count: int | None) -> tuple[str, ...]:
        """Return class names for a file that carries none; None: the shapes do not say how many there are."""
        if count is None:
            return COCO_NAMES
        if self.coco_ids and count == len(COCO_NAMES_BY_ID):
            return COCO_NAMES_BY_ID
        return default_names(count)


_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, as torchvision has them
_DETR_OUTPUTS = (Layout.LABELLED_BOXES, Layout.QUERY_LOGITS)
_HEAT_MAPS = (Layout.HEAT_MAPS, Layout.HEAT_MAP_LOGITS)
_HABITS = {
    Family.ULTRALYTICS: Habits(
        (Layout.ULTRALYTICS_RAW, Layout.ULTRALYTICS_END2END, Layout.CLASS_ROWS), thresholds=Thresholds()
    ),
    Family.YOLOV5: Habits((Layout.OBJECTNESS_ROWS,), per_cell=3),
    Family.YOLOV6: Habits((Layout.OBJECTNESS_ROWS, Layout.LABELLED_BOXES, Layout.BATCH_ROWS)),
    Family.YOLOV7: Habits((Layout.OBJECTNESS_ROWS, Layout.LABELLED_BOXES, Layout.BATCH_ROWS), per_cell=3),
    Family.YOLOX: Habits(
        (Layout.YOLOX_RAW, Layout.OBJECTNESS_ROWS), LetterboxRule(Anchor.TOP_LEFT), Color.BGR, scale=1.0
    ),
    Family.YOLO_NAS: Habits((Layout.BOXES_AND_SCORES, Layout.LABELLED_BOXES), thresholds=Thresholds()),
    Family.DEEPSTREAM: Habits((Layout.LABELLED_ROWS,)),
    Family.RTDETR: Habits((Layout.QUERY_ROWS, *_DETR_OUTPUTS), _STRETCHED, thresholds=Thresholds(conf=0.4)),
    Family.RFDETR: Habits(
        (Layout.QUERY_LOGITS,), _STRETCHED, mean=_MEAN, std=_STD, thresholds=Thresholds(conf=0.5), coco_ids=True
    ),
    Family.DFINE: Habits(_DETR_OUTPUTS, _STRETCHED, thresholds=Thresholds(conf=0.4)),
    Family.TRACKNET: Habits(_HEAT_MAPS, _STRETCHED, thresholds=Thresholds(conf=0.5)),
    Family.WASB: Habits(_HEAT_MAPS, LetterboxRule(pad_value=0), mean=_MEAN, std=_STD, thresholds=Thresholds(conf=0.5)),
    Family.DEIMV2: Habits(_DETR_OUTPUTS, _STRETCHED, mean=_MEAN, std=_STD, thresholds=Thresholds(conf=0.4)),
}
