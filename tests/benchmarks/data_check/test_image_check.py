"""What `data check` says of single images in YOLO folders and COCO files."""

import json

import cv2
import numpy as np
import pytest

from numa_benchmarks.data_check.check_options import CheckOptions
from numa_benchmarks.data_check.run import check_data
from numa_benchmarks.labels.errors import DataError


def write(folder, split, rows, size=(60, 80)):
    """Images of noise, one for each text of label rows."""
    for place in ("images", "labels"):
        (folder / place / split).mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(len(split))
    for number, text in enumerate(rows):
        cv2.imwrite(str(folder / "images" / split / f"{number}.png"), random.integers(0, 255, (*size, 3), np.uint8))
        (folder / "labels" / split / f"{number}.txt").write_text(text)
    return folder


@pytest.fixture
def data(tmp_path):
    write(tmp_path, "train", ["0 .5 .5 .5 .5\n1 .3 .3 .2 .2\n", "0 .5 .5 .25 .5\n", ""])
    write(tmp_path, "val", ["0 .5 .5 .5 .5\n"])
    (tmp_path / "data.yaml").write_text("train: images/train\nval: images/val\nnames: [red, blue, green]\n")
    return tmp_path


def kinds(report):
    return dict(report.suspicions.counts)


def test_figures_of_every_split(data):
    report = check_data(data / "data.yaml", CheckOptions())
    told = report.to_dict()
    assert list(told["splits"]) == ["train", "val"]
    train = told["splits"]["train"]
    assert (train["kind"], train["images"], train["background"], train["objects"]) == ("images", 3, 1, 3)
    assert train["classes"] == {"red": 2, "blue": 1, "green": 0}
    assert (train["sizes"], train["box_heights"]) == ([{"height": 60, "width": 80, "count": 3}], [12.0, 30.0, 30.0])
    assert report.clean
    lines = "\n".join(report.lines())
    assert "train: 3 images, 3 objects, 1 image without any" in lines
    assert "classes: red 2, blue 1; 1 of 3 without any" in lines
    assert len(report.samples) == 4


def test_the_same_picture_in_two_splits_under_another_name(data):
    (data / "images/val/0.png").write_bytes((data / "images/train/1.png").read_bytes())
    report = check_data(data, CheckOptions())
    assert kinds(report) == {"picture that is there twice": 1}
    [(where, what)] = report.suspicions.found["picture that is there twice"]
    assert where.endswith("val/0.png")
    assert what.endswith("train/1.png")
    assert kinds(check_data(data, CheckOptions(quick=True, samples=1))) == {}


def test_one_folder_for_two_splits(data):
    (data / "data.yaml").write_text("train: images/train\nval: images/train\nnames: [red, blue, green]\n")
    assert kinds(check_data(data, CheckOptions(quick=True))) == {"labels in two splits": 3}


def test_a_picture_that_is_cut_short(data):
    path = data / "images/train/1.png"
    path.write_bytes(path.read_bytes()[:2000])
    report = check_data(data, CheckOptions())
    assert list(kinds(report)) == ["picture that cannot be read"]
    assert report.suspicions.found["picture that cannot be read"][0][0] == str(path)


def test_slips_of_boxes_and_what_was_left_out(data):
    (data / "labels/train/1.txt").write_text("0 .5 .5 .99 .01\n1 .5 .5 .3 .3\n1 .5 .501 .3 .3\n9 .5 .5 .1 .1\n")
    report = check_data(data, CheckOptions())
    assert kinds(report) == {"box of absurd size": 1, "object that is labelled twice": 1}
    assert not report.clean
    assert report.to_dict()["splits"]["train"]["left_out"][0]["count"] == 1
    assert any("class 9 is outside the names" in line for line in report.lines())


def test_a_coco_file_and_a_folder_that_has_only_one_split(tmp_path):
    write(tmp_path, "val", [""])
    said = {
        "images": [{"id": 1, "file_name": "0.png", "width": 80, "height": 60}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [10, 10, 20, 30], "area": 600}],
        "categories": [{"id": 3, "name": "cup"}],
    }
    (tmp_path / "annotations").mkdir()
    file = tmp_path / "annotations" / "instances_val.json"
    file.write_text(json.dumps(said))
    (tmp_path / "val").symlink_to(tmp_path / "images/val")
    for place in (file, tmp_path):
        report = check_data(place, CheckOptions())
        assert list(report.splits) == ["val"], place
        assert report.to_dict()["splits"]["val"]["classes"] == {"cup": 1}
        assert report.broken == {}


def test_nothing_at_all(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        check_data(tmp_path / "none.yaml", CheckOptions())
    with pytest.raises(DataError, match=r"has neither data\.yaml nor annotations"):
        check_data(tmp_path, CheckOptions())
