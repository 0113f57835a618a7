from __future__ import annotations

from pathlib import Path

import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.yolo_yaml import read_yolo_yaml


def written(folder: Path, text: str, name: str = "data.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_what_users_write(tmp_path: Path) -> None:
    config = read_yolo_yaml(
        written(tmp_path, "path: .\ntrain: [a, b]\nval: c\nnames: {0: person, 1: ball}\nkpt_shape: [17, 3]\nnc: 2\n")
    )
    assert config.names == ("person", "ball")
    assert config.keypoint_shape == (17, 3)
    assert dict(config.places) == {"train": ("a", "b"), "val": ("c",)}


def test_names_from_a_list_or_a_count(tmp_path: Path) -> None:
    assert read_yolo_yaml(written(tmp_path, "val: a\nnames: [x, y]")).names == ("x", "y")
    assert read_yolo_yaml(written(tmp_path, "val: a\nnc: 2")).names == ("class0", "class1")


def test_paths_are_relative_to_path_and_that_to_the_yaml(tmp_path: Path) -> None:
    (tmp_path / "data" / "images").mkdir(parents=True)
    config = read_yolo_yaml(written(tmp_path, "path: data\nval: images\nnames: [x]"))
    assert config.paths("val") == (tmp_path / "data" / "images",)


def test_dots_of_labelling_services_are_forgiven(tmp_path: Path) -> None:
    """They write ../val/images although the folders lie beside the yaml."""
    (tmp_path / "set" / "val" / "images").mkdir(parents=True)
    config = read_yolo_yaml(written(tmp_path / "set", "val: ../val/images\nnames: [x]"))
    assert config.paths("val") == (tmp_path / "set" / "val" / "images",)


def test_validation_is_val(tmp_path: Path) -> None:
    assert "val" in read_yolo_yaml(written(tmp_path, "validation: a\nnames: [x]")).places


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("val: a", "data.yaml names no classes"),
        ("val: a\nnames: [x]\nnc: 3", "nc is 3, but names lists 1"),
        ("val: a\nnames: {0: x, 2: y}", "the keys of names must be 0, 1, 2, ...; they are 0, 2"),
        ("val: a\nnames: [x]\nkpt_shape: 17", "kpt_shape must be [keypoints, 2 or 3]; it is 17"),
        ("val: a\nnames: [x]\nkpt_shape: [17, 4]", "kpt_shape must be [keypoints, 2 or 3]; it is [17, 4]"),
        ("val: 3\nnames: [x]", "val must be a folder, a .txt list of images, or several of them; it is 3"),
        ("- a\n- b", "data.yaml does not describe a data set: it holds a list, not keys"),
        ("val: a\nnames: [x", "data.yaml:2: it is not YAML"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        read_yolo_yaml(written(tmp_path, text))
    assert sentence in caught.value.what


def test_unknown_split_names_those_there_are(tmp_path: Path) -> None:
    config = read_yolo_yaml(written(tmp_path, "train: a\nval: b\nnames: [x]"))
    with pytest.raises(DataError, match=r"has no split 'vall' \(did you mean 'val'\?\); it has: train, val"):
        config.paths("vall")


def test_missing_folder_says_where_it_looked_and_what_the_yaml_would_download(tmp_path: Path) -> None:
    config = read_yolo_yaml(written(tmp_path, "val: a\nnames: [x]\ndownload: https://example.org/x.zip"))
    with pytest.raises(DataError, match=f"looked for {tmp_path}/a") as caught:
        config.paths("val")
    assert caught.value.hint == "nothing is downloaded for you: get https://example.org/x.zip and unpack it there"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("coco8.yaml", "coco8.zip"), ("coco8-pose.yaml", "coco8-pose.zip"), ("coco.yaml", "cocodataset.org")],
)
def test_missing_yaml_says_where_to_get_the_data(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(DataError, match=f"{name} .* does not exist") as caught:
        read_yolo_yaml(tmp_path / name)
    assert hint in caught.value.hint
    assert "nothing is downloaded for you" in caught.value.hint
