from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from support import shared_data

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import BOX_TO_OBJECT_AREA
from numa_benchmarks.labels.yolo import label_path, open_yolo


def test_labels_in_pixels(yolo_folder: Path) -> None:
    dataset = open_yolo(yolo_folder)
    assert (len(dataset), dataset.objects, dataset.names, dataset.keypoints) == (6, 12, ("red", "blue"), 0)
    for image in dataset:
        picture = cv2.imread(str(image.path))
        assert image.shape == picture.shape[:2]
        assert image.boxes.dtype == np.float32
        x1, y1, x2, y2 = np.rint(image.boxes[0]).astype(int)
        assert (picture[y1:y2, x1:x2] == (0, 0, 255)).all()
        assert not image.crowd.any()
        np.testing.assert_allclose(image.area, np.prod(image.boxes[:, 2:] - image.boxes[:, :2], axis=1), rtol=1e-5)


def test_keypoints_in_pixels_and_the_area_oks_uses(pose_folder: Path) -> None:
    dataset = open_yolo(pose_folder)
    assert dataset.keypoints == 5
    for image in dataset:
        np.testing.assert_allclose(image.keypoints[:, 0, :2], image.boxes[:, :2], atol=1e-3)
        np.testing.assert_allclose(image.keypoints[:, 2, :2], image.boxes[:, 2:], atol=1e-3)
        extents = image.boxes[:, 2:] - image.boxes[:, :2]
        np.testing.assert_allclose(image.area, BOX_TO_OBJECT_AREA * np.prod(extents, axis=1), rtol=1e-5)


def test_an_image_without_labels_is_background(yolo_folder: Path) -> None:
    (yolo_folder.parent / "labels" / "val" / "0.txt").unlink()
    dataset = open_yolo(yolo_folder)
    assert [len(image) for image in dataset] == [0, 2, 2, 2, 2, 2]


def test_no_labels_at_all_is_an_error_that_says_where_they_would_be(yolo_folder: Path) -> None:
    for label in (yolo_folder.parent / "labels" / "val").iterdir():
        label.unlink()
    with pytest.raises(DataError, match=r"none of the 6 images .* for 0\.png it would be .*labels/val/0\.txt"):
        open_yolo(yolo_folder)


def test_no_images(yolo_folder: Path) -> None:
    for image in (yolo_folder.parent / "images" / "val").iterdir():
        image.unlink()
    with pytest.raises(DataError, match=r"the split 'val' has no images \(looked in .*images/val\)"):
        open_yolo(yolo_folder)


def test_a_list_of_images(yolo_folder: Path) -> None:
    (yolo_folder.parent / "some.txt").write_text("./images/val/3.png\n\nimages/val/1.png\n")
    yolo_folder.write_text(yolo_folder.read_text().replace("val: images/val", "val: some.txt"))
    dataset = open_yolo(yolo_folder)
    assert [image.path.name for image in dataset] == ["3.png", "1.png"]
    assert dataset.objects == 4


def test_a_list_with_a_missing_image(yolo_folder: Path) -> None:
    (yolo_folder.parent / "some.txt").write_text("images/val/1.png\nimages/val/99.png\n")
    yolo_folder.write_text(yolo_folder.read_text().replace("val: images/val", "val: some.txt"))
    dataset = open_yolo(yolo_folder)
    assert [image.path.name for image in dataset] == ["1.png"]
    (line,) = dataset.left_out.lines()
    assert line.startswith("left out: 1 x image that cannot be read (the image ")
    assert "99.png does not exist" in line


@pytest.mark.parametrize(
    ("image", "label"),
    [
        ("/d/images/val/1.jpg", "/d/labels/val/1.txt"),
        ("/images/d/images/1.jpg", "/images/d/labels/1.txt"),
        ("/d/val/1.jpg", "/d/val/1.txt"),
        ("/d/images", "/d/images.txt"),
    ],
)
def test_where_labels_lie(image: str, label: str) -> None:
    assert label_path(Path(image)) == Path(label)


def test_published_pose_labels(tmp_path: Path) -> None:
    """coco8-pose: people with 17 keypoints, those that are seen inside their box."""
    root = shared_data("coco", "coco8-pose")
    described = tmp_path / "coco8-pose.yaml"
    described.write_text(f"path: {root}\nval: images/val\ntrain: images/train\nnames: [person]\nkpt_shape: [17, 3]\n")
    for split in ("train", "val"):
        dataset = open_yolo(described, split)
        assert len(dataset) == 4
        assert dataset.objects >= 4
        for image in dataset:
            seen = image.keypoints[..., 2] == 2
            points = image.keypoints[..., :2]
            low, high = image.boxes[:, None, :2] - 3, image.boxes[:, None, 2:] + 3
            assert ((points >= low) & (points <= high)).all(axis=2)[seen].all()
