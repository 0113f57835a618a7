from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_runtime.errors import NumaError


@pytest.fixture
def coco_folder(tmp_path: Path) -> Path:
    root = tmp_path / "coco"
    (root / "annotations").mkdir(parents=True)
    (root / "val2017").mkdir()
    cv2.imwrite(str(root / "val2017" / "a.png"), np.zeros((40, 60, 3), np.uint8))
    base = {"images": [{"id": 1, "file_name": "a.png", "height": 40, "width": 60}], "annotations": []}
    for name, category in (("instances", "cup"), ("person_keypoints", "person")):
        content = {**base, "categories": [{"id": 1, "name": category}]}
        (root / "annotations" / f"{name}_val2017.json").write_text(json.dumps(content))
    (root / "annotations" / "captions_val2017.json").write_text("{}")
    return root


def test_yolo_by_yaml_and_by_folder(yolo_folder: Path) -> None:
    by_yaml, by_folder = open_dataset(yolo_folder), open_dataset(str(yolo_folder.parent))
    assert len(by_yaml) == len(by_folder) == 6
    assert by_yaml.source == by_folder.source == yolo_folder


def test_a_folder_with_one_yaml_of_any_name(yolo_folder: Path) -> None:
    yolo_folder.rename(yolo_folder.with_name("mine.yaml"))
    assert len(open_dataset(yolo_folder.parent)) == 6
    shutil.copy(yolo_folder.with_name("mine.yaml"), yolo_folder.with_name("yours.yaml"))
    with pytest.raises(DataError, match=r"holds several yaml files \(mine\.yaml, yours\.yaml\)"):
        open_dataset(yolo_folder.parent)


def test_coco_by_folder_and_by_file(coco_folder: Path) -> None:
    assert open_dataset(coco_folder).names == ("cup",)
    assert open_dataset(coco_folder, keypoints=True).names == ("person",)
    assert open_dataset(coco_folder / "annotations").names == ("cup",)
    assert open_dataset(coco_folder / "annotations" / "person_keypoints_val2017.json").names == ("person",)


def test_what_there_is_serves_when_the_wished_kind_is_missing(coco_folder: Path) -> None:
    (coco_folder / "annotations" / "instances_val2017.json").unlink()
    assert open_dataset(coco_folder).names == ("person",)


def test_unknown_split_of_a_coco_folder(coco_folder: Path) -> None:
    with pytest.raises(DataError, match=r"has no split 'test'; it has: val") as caught:
        open_dataset(coco_folder, "test")
    assert "instances_test2017.json" in caught.value.hint


def test_images_without_a_yaml_lack_their_class_names(yolo_folder: Path) -> None:
    yolo_folder.unlink()
    with pytest.raises(DataError, match=r"has neither .*: class names are missing") as caught:
        open_dataset(yolo_folder.parent)
    assert "names: [person, ball]" in caught.value.hint


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        open_dataset(tmp_path / "nowhere")
    with pytest.raises(DataError, match="no labelled images were found"):
        open_dataset(tmp_path)
    (tmp_path / "a.png").touch()
    with pytest.raises(DataError, match=r"a\.png is not a data set"):
        open_dataset(tmp_path / "a.png")
    with pytest.raises(NumaError, match=r"coco8\.yaml .* does not exist\n.*coco8\.zip"):
        open_dataset("coco8.yaml")
