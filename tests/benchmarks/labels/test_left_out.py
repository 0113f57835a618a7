"""What of labelled data is not taken over is counted and said, in every form data comes in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import LeftOut

ROW = "0 0.5 0.5 0.25 0.5\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for kind in ("images", "labels"):
        (tmp_path / kind / "val").mkdir(parents=True)
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"images/val/{number}.png"), np.zeros((64, 64, 3), np.uint8))
        (tmp_path / f"labels/val/{number}.txt").write_text(ROW)
    (tmp_path / "data.yaml").write_text("path: .\nval: images/val\nnames: [ball]\n")
    return tmp_path


def coco(folder: Path, annotations: list[dict], *, image: object = 1, category: object = 1) -> Path:
    folder.mkdir(exist_ok=True)
    cv2.imwrite(str(folder / "a.png"), np.zeros((64, 64, 3), np.uint8))
    path = folder / "_annotations.coco.json"
    whole = {
        "images": [{"id": image, "file_name": "a.png", "width": 64, "height": 64}],
        "categories": [{"id": category, "name": "ball"}],
        "annotations": annotations,
    }
    path.write_text(json.dumps(whole))
    return path


def one(number: int, box: list[float], image: object = 1, category: object = 1) -> dict:
    return {"id": number, "image_id": image, "category_id": category, "bbox": box, "area": box[2] * box[3]}


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (ROW, "1 x label that is there twice, counted once (*labels/val/1.txt)"),
        ("0 0.5 0.5 0 0.2\n", "1 x box without an area (*labels/val/1.txt)"),
        ("0 1.07 0.5 0.1 0.1\n", "1 x malformed row (*1.txt:2: 1.07 is outside 0 to 1*)"),
        ("7 0.5 0.5 0.1 0.1\n", "1 x malformed row (*1.txt:2: class 7 is outside the names*)"),
        ("0 nan 0.5 0.1 0.1\n", "1 x malformed row (*1.txt:2: nan is outside 0 to 1*)"),
        ("0 0.5 0.5\n", "1 x malformed row (*1.txt:2: 3 values*)"),
        ("ball 0.5 0.5 0.1 0.1\n", "1 x malformed row (*1.txt:2: 'ball' is not a number*)"),
    ],
)
def test_a_bad_row_costs_itself_alone(root: Path, extra: str, said: str) -> None:
    from fnmatch import fnmatchcase

    (root / "labels/val/1.txt").write_text(ROW + extra)
    dataset = open_dataset(root)
    assert (len(dataset), dataset.objects) == (4, 4)
    (line,) = dataset.left_out.lines()
    assert fnmatchcase(line, f"left out: {said}")


def test_labels_that_are_mostly_malformed_are_another_kind_of_labels(root: Path) -> None:
    for number in range(3):
        (root / f"labels/val/{number}.txt").write_text("0 32 32 16 32\n")
    with pytest.raises(DataError, match="32 is outside 0 to 1: YOLO labels are fractions"):
        open_dataset(root)


def test_an_image_that_cannot_be_read_costs_itself_alone(root: Path) -> None:
    (root / "images/val/3.png").write_bytes(b"nothing")
    dataset = open_dataset(root)
    assert len(dataset) == 3
    assert "3.png is damaged or not an image" in dataset.left_out.lines()[0]
    for number in range(3):
        (root / f"images/val/{number}.png").write_bytes(b"nothing")
    with pytest.raises(DataError, match="damaged or not an image"):
        open_dataset(root)


def test_linked_folders_are_walked_and_loops_are_not(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "images/val").rename(elsewhere / "val")
    (root / "images/val").mkdir()
    os.symlink(elsewhere / "val", root / "images/val/linked")
    os.symlink(root / "images", root / "images/val/loop")
    (root / "labels/val").rename(root / "labels/all")
    (root / "labels/val").mkdir()
    os.symlink(root / "labels/all", root / "labels/val/linked")
    dataset = open_dataset(root)
    assert (len(dataset), dataset.objects, len(dataset.left_out)) == (4, 4, 0)


def test_broken_links_and_strange_files_are_said(root: Path) -> None:
    os.symlink(root / "gone.png", root / "images/val/9.png")
    (root / "images/val/scan.psd").write_bytes(b"8BPS")
    (root / "images/val/notes.txt").write_text("labels of another kind")
    lines = open_dataset(root).left_out.lines()
    assert len(lines) == 2
    assert any("1 x link that leads nowhere" in line and "9.png" in line for line in lines)
    assert any("1 x file that is no image we read (.psd)" in line for line in lines)


@pytest.mark.parametrize(("image", "category"), [(1, 3), ("0001_d_05", 3), ("000139", "000139"), (1, "3"), (1.5, 7)])
def test_ids_are_keys_whatever_they_look_like(tmp_path: Path, image: object, category: object) -> None:
    path = coco(tmp_path, [one(1, [5, 6, 20, 30], image, category)], image=image, category=category)
    dataset = open_dataset(path)
    assert (dataset.objects, dataset.names, len(dataset.left_out)) == (1, ("ball",), 0)


def test_categories_keep_the_order_of_their_numbers(tmp_path: Path) -> None:
    path = coco(tmp_path, [one(1, [5, 6, 20, 30], category="10")])
    raw = json.loads(path.read_text())
    raw["categories"] = [{"id": name, "name": f"class {name}"} for name in ("10", "9", "2")]
    path.write_text(json.dumps(raw))
    dataset = open_dataset(path)
    assert dataset.names == ("class 2", "class 9", "class 10")
    assert dataset.images[0].classes.tolist() == [2]


def test_coco_and_yolo_leave_out_the_same(tmp_path: Path) -> None:
    good = one(1, [24, 16, 16, 32])
    path = coco(tmp_path, [good, {**good, "id": 2}, one(3, [24, 16, 0, 32])])
    dataset = open_dataset(path)
    assert dataset.objects == 1
    assert [omission.reason for omission in dataset.left_out] == [
        "label that is there twice, counted once",
        "box without an area",
    ]


@pytest.mark.parametrize(("split", "folder"), [("val", "valid"), ("val", "val"), ("train", "train"), ("test", "test")])
def test_coco_among_the_images_of_each_split(tmp_path: Path, split: str, folder: str) -> None:
    coco(tmp_path / folder, [one(1, [5, 6, 20, 30])])
    assert open_dataset(tmp_path, split).objects == 1
    assert open_dataset(tmp_path / folder, split).objects == 1


def test_categories_of_different_skeletons_serve_boxes(tmp_path: Path) -> None:
    path = coco(tmp_path, [one(1, [5, 6, 20, 30])])
    raw = json.loads(path.read_text())
    raw["categories"] = [{"id": k, "name": str(k), "keypoints": ["a"] * k} for k in (1, 2)]
    path.write_text(json.dumps(raw))
    dataset = open_dataset(path)
    assert (dataset.objects, dataset.keypoints) == (1, 0)
    assert "keypoints, of which categories have different numbers" in dataset.left_out.lines()[0]
    with pytest.raises(DataError, match=r"its categories have \[1, 2\] keypoints"):
        open_dataset(path, keypoints=True)


def test_reasons_are_counted_and_the_first_place_is_named() -> None:
    left_out = LeftOut()
    for place in ("a", "b", "c"):
        left_out.add("thing", place)
    assert left_out.lines() == ["left out: 3 x thing (first a)"]
    assert left_out.to_dict() == {"left_out": [{"reason": "thing", "count": 3, "first": "a"}]}
    assert (len(left_out), left_out.count("thing"), left_out.count("other")) == (3, 3, 0)


def said(root: Path) -> list[str]:
    return [omission.line() for omission in open_dataset(root / "data.yaml").left_out]


def test_labels_whose_image_is_not_there_are_said(root: Path) -> None:
    (root / "labels/val/gone.txt").write_text(ROW)
    (root / "labels/val/classes.txt").write_text("ball\n")
    assert said(root) == [f"1 x label file without an image ({root}/labels/val/gone.txt)"]
    (root / "list.txt").write_text("images/val/0.png\n")
    (root / "data.yaml").write_text("val: list.txt\nnames: [ball]\n")
    assert said(root) == [f"1 x label file without an image ({root}/labels/val/gone.txt)"], "1.txt has its image"


def test_an_image_that_is_named_twice_counts_once(root: Path) -> None:
    (root / "data.yaml").write_text("val: [images/val, images/val]\nnames: [ball]\n")
    assert len(open_dataset(root / "data.yaml")) == 4
    assert said(root) == [f"4 x image that is named twice, counted once (first {root}/images/val/0.png)"]


def test_images_without_a_label_file_are_said(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "labels/val/2.txt").unlink()
    open_dataset(root / "data.yaml")
    assert (
        f"1 of 4 images have no label file and count as background, the first: {root}/images/val/2.png" in caplog.text
    )


def test_labels_may_lie_where_a_link_leads(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("linked")
    (other / "v").symlink_to(root / "images/val")
    (other / "data.yaml").write_text("val: v\nnames: [ball]\n")
    assert open_dataset(other / "data.yaml").objects == 4


@pytest.mark.parametrize(
    ("described", "images"),
    [
        ("path: .\nval: images\\val\n", 4),
        ("path: C:\\Users\\me\\data\nval: images/val\n", 4),
        ("path: /content/data\nval: images/val\n", 4),
        ("path: /content/data\nval: [images/val]\n", 4),
        ("valid: images/val\n", 4),
        ("validation: images/val\n", 4),
        ("val: ../images/val\n", 4),
        ("path:\nval: images/val\n", 4),
        ("val: list.txt\n", 3),
        ("val: lists/val.txt\n", 3),
    ],
)
def test_every_way_to_write_a_place(root: Path, described: str, images: int) -> None:
    (root / "list.txt").write_text("./images/val/0.png\nimages\\val\\1.png\n\nimages/val/2.png\n")
    (root / "lists").mkdir()
    (root / "lists/val.txt").write_text("images/val/0.png\n../images/val/1.png\nimages/val/3.png\n")
    (root / "data.yaml").write_text(described + "names: [ball]\n")
    dataset = open_dataset(root / "data.yaml")
    assert (len(dataset), dataset.objects) == (images, images)


def test_a_path_of_another_machine_is_said(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "data.yaml").write_text("path: /content/data\nval: images/val\nnames: [ball]\n")
    open_dataset(root / "data.yaml")
    assert "its path /content/data does not exist; the yaml's own folder is taken" in caplog.text
    (root / "data.yaml").write_text("path: /content/data\nval: elsewhere\nnames: [ball]\n")
    with pytest.raises(DataError, match="looked for /content/data/elsewhere"):
        open_dataset(root / "data.yaml")
