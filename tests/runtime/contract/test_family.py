import pytest

from numa_runtime.contract import Anchor, Color, Layout
from numa_runtime.contract.coco import COCO_NAMES, COCO_NAMES_BY_ID
from numa_runtime.contract.family import Family
from numa_runtime.errors import UsageError


@pytest.mark.parametrize("family", list(Family))
def test_every_family_says_what_its_files_hold(family):
    habits = family.habits
    assert habits.layouts
    assert not any(layout.is_ours for layout in habits.layouts)
    assert len(habits.mean) == len(habits.std)
    assert 0.2 <= habits.thresholds.conf <= 0.5
    queries = all(not layout.needs_nms for layout in habits.layouts)
    assert family.gives_heat_maps or queries == (habits.letterbox.anchor is Anchor.STRETCH), (
        "DETRs are stretched, all others are not"
    )


def test_every_foreign_layout_belongs_to_a_family():
    written = {layout for family in Family for layout in family.habits.layouts}
    assert written == {layout for layout in Layout if not layout.is_ours}


@pytest.mark.parametrize(
    ("word", "family"),
    [("RF-DETR", Family.RFDETR), ("deim", Family.DFINE), ("yolov8", Family.ULTRALYTICS), ("yolonas", Family.YOLO_NAS)],
)
def test_other_words_mean_the_same(word, family):
    assert Family.parse(word) is family


def test_an_unknown_word_is_met_with_all_of_them():
    with pytest.raises(UsageError, match=r"unknown family 'yolov5s' \(did you mean 'yolov5'\?\)") as error:
        Family.parse("yolov5s")
    assert all(family.value in error.value.hint for family in Family)


def test_yolox_alone_wants_bgr_as_it_is():
    assert [family for family in Family if family.habits.color is Color.BGR] == [Family.YOLOX]
    assert Family.YOLOX.habits.scale == 1.0


def test_names_for_files_without():
    assert Family.YOLOV5.habits.names(80) == Family.DFINE.habits.names(None) == COCO_NAMES
    assert Family.YOLOV5.habits.names(2) == ("class0", "class1")
    by_id = Family.RFDETR.habits.names(91)
    assert by_id == COCO_NAMES_BY_ID
    assert (by_id[1], by_id[13], by_id[90]) == ("person", "stop sign", "toothbrush")
    assert sum(name.startswith("unused") for name in by_id) == 11
    assert Family.YOLOV5.habits.names(91)[1] == "class1"
