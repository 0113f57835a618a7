from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from support import shared_data

from numa_benchmarks.labels.coco import open_coco
from numa_benchmarks.labels.errors import DataError
from numa_runtime.contract.coco import COCO_NAMES


def described(**changes: Any) -> dict[str, Any]:
    """Return a COCO file of two images, categories out of order, one crowd."""
    return {
        "images": [
            {"id": 7, "file_name": "a.png", "height": 40, "width": 60},
            {"id": 3, "file_name": "b.png", "height": 30, "width": 20},
        ],
        "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person", "keypoints": ["nose", "tail"]}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 18, "bbox": [1, 2, 10, 20], "area": 123.5, "iscrowd": 0},
            {
                "id": 2,
                "image_id": 7,
                "category_id": 1,
                "bbox": [0, 0, 5, 5],
                "iscrowd": 1,
                "keypoints": [1, 2, 2, 0, 0, 0],
            },
        ],
        **changes,
    }


def written(folder: Path, content: Any, name: str = "instances_val2017.json") -> Path:
    (folder / "annotations").mkdir()
    (folder / "val2017").mkdir()
    cv2.imwrite(str(folder / "val2017" / "a.png"), np.zeros((40, 60, 3), np.uint8))
    cv2.imwrite(str(folder / "val2017" / "b.png"), np.zeros((30, 20, 3), np.uint8))
    path = folder / "annotations" / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_records(tmp_path: Path) -> None:
    dataset = open_coco(written(tmp_path, described()))
    assert dataset.names == ("person", "dog")
    assert (dataset.keypoints, dataset.objects) == (2, 1)
    first, second = dataset.images
    assert (first.id, first.shape, first.path) == (1, (40, 60), tmp_path / "val2017" / "a.png")
    assert first.boxes.tolist() == [[1, 2, 11, 22], [0, 0, 5, 5]]
    assert first.classes.tolist() == [1, 0]
    assert first.crowd.tolist() == [False, True]
    assert first.area.tolist() == [123.5, 25.0]
    assert first.keypoints.tolist() == [[[0, 0, 0], [0, 0, 0]], [[1, 2, 2], [0, 0, 0]]]
    assert second.boxes.shape == (0, 4)
    assert second.keypoints.shape == (0, 2, 3)


def test_images_may_lie_elsewhere(tmp_path: Path) -> None:
    path = written(tmp_path, described())
    (tmp_path / "val2017").rename(tmp_path / "pictures")
    assert open_coco(path, images=tmp_path / "pictures").images[0].path == tmp_path / "pictures" / "a.png"
    with pytest.raises(DataError, match=r"lists 'a\.png', which is not found; looked in .*val2017"):
        open_coco(path)


def annotation(**changes: Any) -> dict[str, Any]:
    return described(annotations=[{**described()["annotations"][0], **changes}])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"images": [', "instances_val2017.json:1: this is not JSON"),
        ("[1]", "is not a COCO file: it has no images, annotations, categories"),
        ({"images": [], "annotations": []}, "is not a COCO file: it has no categories"),
        (described(images=[]), "lists no images"),
        (described(categories=[]), "has no categories"),
        (annotation(image_id=9), "annotation 1 is malformed: its image_id 9 is not among the images"),
        (annotation(category_id=2), "annotation 1 is malformed: its category_id 2 is not among the categories"),
        (annotation(bbox=[1, 2, -3, 4]), "annotation 1 is malformed: its bbox is [1, 2, -3, 4]"),
        (annotation(bbox=None), "annotation 1 is malformed: its bbox is None"),
        (annotation(bbox=[1, 2, "x", 4]), "annotation 1 is malformed: its bbox is [1, 2, 'x', 4]"),
        (annotation(keypoints=[1, 2, 2]), "it has 3 keypoint values; its category has 2 x 3"),
        (described(images={"7": "a.png"}), "is not a COCO file: its images are no list of objects"),
        (described(annotations=[5]), "is not a COCO file: its annotations are no list of objects"),
        (annotation(bbox=[500, 2, 3, 4]), "its bbox [500, 2, 3, 4] lies outside of the image, which is 60x40"),
    ],
)
def test_malformed_files(tmp_path: Path, content: Any, sentence: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DataError) as caught:
        open_coco(path)
    assert sentence in caught.value.what


def test_missing_image(tmp_path: Path) -> None:
    path = written(tmp_path, described())
    (tmp_path / "val2017" / "b.png").unlink()
    dataset = open_coco(path)
    assert [image.path.name for image in dataset] == ["a.png"]
    (line,) = dataset.left_out.lines()
    assert line.startswith("left out: 1 x image that cannot be read")
    assert "lists 'b.png', but " in line


def test_official_files() -> None:
    root = shared_data("coco", "tiny_coco", "annotations")
    boxes, people = open_coco(root / "instances_val2017.json"), open_coco(root / "person_keypoints_val2017.json")
    assert boxes.names == COCO_NAMES
    assert (len(boxes), boxes.objects, boxes.keypoints) == (50, 377, 0)
    assert people.names == ("person",)
    assert (len(people), people.objects, people.keypoints) == (50, 123, 17)


def test_a_size_that_is_not_said_is_the_pictures(tmp_path: Path) -> None:
    images = [{"id": 7, "file_name": "a.png"}, {"id": 3, "file_name": "b.png", "height": 0, "width": 0}]
    assert [image.shape for image in open_coco(written(tmp_path, described(images=images)))] == [(40, 60), (30, 20)]


@pytest.mark.parametrize("image", [7, 7.0, "7"])
def test_one_id_may_be_written_in_several_ways(tmp_path: Path, image: object) -> None:
    dataset = open_coco(written(tmp_path, annotation(image_id=image, area=None)))
    assert (dataset.objects, len(dataset.left_out)) == (1, 0)
