"""A session that sees drawn rectangles must score 1.0, and known values when its answers are bent."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset
from numa_benchmarks.validate import STAGES, validate


def narrowed(share: float):
    """Return a change that keeps `share` of each box's width: its IoU with the truth."""

    def change(rows: np.ndarray) -> np.ndarray:
        rows[:, 2] = rows[:, 0] + share * (rows[:, 2] - rows[:, 0])
        return rows

    return change


def test_a_perfect_session_scores_one(yolo_folder: Path, colour_session) -> None:
    session = colour_session()
    found = validate(session, open_dataset(yolo_folder))
    assert found.metrics.box_map50_95 == pytest.approx(1.0)
    assert found.metrics.box_map50 == pytest.approx(1.0)
    assert (found.metrics.box.precision, found.metrics.box.recall) == (1.0, 1.0)
    assert found.metrics.keypoint is None
    assert found.metrics.keypoint_map50_95 is None
    assert (found.images, found.instances, session.calls) == (6, 12, 6)
    assert [row.name for row in found.metrics.classes] == ["red", "blue"]
    assert [(row.images, row.instances) for row in found.metrics.classes] == [(6, 6), (6, 6)]


@pytest.mark.parametrize(("share", "passed"), [(0.93, 9), (0.725, 5), (0.525, 1), (0.4, 0)])
def test_boxes_that_overlap_less_pass_fewer_thresholds(yolo_folder: Path, colour_session, share, passed) -> None:
    """IoU .725 passes .5 to .7, that is five of the ten thresholds."""
    found = validate(colour_session(change=narrowed(share)), open_dataset(yolo_folder)).metrics
    assert found.box_map50_95 == pytest.approx(passed / 10)
    assert found.box_map50 == pytest.approx(1.0 if passed else 0.0)


def test_a_class_that_is_never_found_scores_zero(yolo_folder: Path, colour_session) -> None:
    found = validate(colour_session(change=lambda rows: rows[rows[:, 5] == 0]), open_dataset(yolo_folder)).metrics
    assert found.box_map50_95 == pytest.approx(0.5)
    assert [row.box.map50 for row in found.classes] == pytest.approx([1.0, 0.0])
    assert found.box.recall == pytest.approx(0.5)


def test_exchanged_classes_score_zero(yolo_folder: Path, colour_session) -> None:
    def change(rows: np.ndarray) -> np.ndarray:
        rows[:, 5] = 1 - rows[:, 5]
        return rows

    assert validate(colour_session(change=change), open_dataset(yolo_folder)).metrics.box_map50 == 0.0


def test_finding_nothing_scores_zero(yolo_folder: Path, colour_session) -> None:
    found = validate(colour_session(change=lambda rows: rows[:0]), open_dataset(yolo_folder))
    assert set(found.metrics.to_dict().values()) == {0.0}


def test_false_alarms_with_a_better_score_halve_the_precision(yolo_folder: Path, colour_session) -> None:
    def change(rows: np.ndarray) -> np.ndarray:
        alarms = rows.copy()
        alarms[:, :4] = (0, 0, 5, 5)
        alarms[:, 4] = 0.95
        return np.concatenate([alarms, rows])

    found = validate(colour_session(change=change), open_dataset(yolo_folder)).metrics
    assert found.box.precision == pytest.approx(0.5)
    assert found.box.recall == pytest.approx(1.0)
    assert found.box_map50 == pytest.approx(0.5)


def test_keypoints_are_scored(pose_folder: Path, colour_session) -> None:
    found = validate(colour_session(keypoints=True), open_dataset(pose_folder)).metrics
    assert found.box_map50_95 == pytest.approx(1.0)
    assert found.keypoint_map50_95 == pytest.approx(1.0)
    bent = validate(colour_session(keypoints=True, change=narrowed(0.5)), open_dataset(pose_folder)).metrics
    assert bent.keypoint_map50_95 is not None
    assert bent.keypoint_map50_95 < 0.5


def test_a_pose_session_on_boxes_alone_says_so(yolo_folder: Path, colour_session, caplog) -> None:
    found = validate(colour_session(keypoints=True), open_dataset(yolo_folder)).metrics
    assert found.keypoint is None
    assert found.box_map50_95 == pytest.approx(1.0)
    assert "labels no keypoints: only the boxes are scored" in caplog.text


def test_other_keypoints_than_labelled_are_refused(pose_folder: Path, colour_session) -> None:
    described = pose_folder
    described.write_text(described.read_text().replace("- 5\n", "- 3\n", 1))
    for label in (pose_folder.parent / "labels" / "val").iterdir():
        label.write_text("\n".join(" ".join(line.split()[:14]) for line in label.read_text().splitlines()))
    with pytest.raises(DataError, match=r"the model gives 5 keypoints, .*data\.yaml labels 3"):
        validate(colour_session(keypoints=True), open_dataset(pose_folder))


def test_classes_are_matched_by_name(yolo_folder: Path, colour_session) -> None:
    """The model knows other classes too, and in another order: what the data does not label is left out."""

    def change(rows: np.ndarray) -> np.ndarray:
        rows[:, 5] = 2 - rows[:, 5]
        return np.concatenate([rows, [[0, 0, 50, 50, 0.99, 0]]])

    found = validate(colour_session(names=("green", "Blue", "RED"), change=change), open_dataset(yolo_folder))
    assert found.metrics.box_map50_95 == pytest.approx(1.0)
    assert found.metrics.box.precision == 1.0


def spoil(dataset: Dataset, count: int) -> None:
    for image in dataset.images[:count]:
        picture = cv2.imread(str(image.path))
        cv2.imwrite(str(image.path), picture[::2, ::2])


def test_images_of_another_size_than_their_labels_are_refused(yolo_folder: Path, colour_session) -> None:
    dataset = open_dataset(yolo_folder)
    spoil(dataset, 4)
    with pytest.raises(DataError, match="but its labels were made for") as caught:
        validate(colour_session(), dataset)
    assert "use the images that belong to the labels" in caught.value.hint


@pytest.mark.parametrize("where", [0, 3, 5])
def test_one_bad_image_is_told_with_the_result(yolo_folder: Path, colour_session, where: int) -> None:
    dataset = open_dataset(yolo_folder)
    whole = validate(colour_session(), dataset)
    assert whole.complete
    dataset.images[where].path.write_bytes(b"not an image")
    found = validate(colour_session(), dataset)
    assert (found.images, found.instances) == (5, 10)
    assert found.metrics.box_map50_95 == pytest.approx(whole.metrics.box_map50_95)
    assert not found.complete
    assert f"{where}.png is damaged or not an image" in found.lines()[-1]
    (told,) = found.to_dict()["left_out"]
    assert (told["reason"], told["count"]) == ("image that cannot be read", 1)
    assert not len(dataset.left_out)


def test_nothing_labelled_has_no_map(yolo_folder: Path, colour_session) -> None:
    for label in (yolo_folder.parent / "labels" / "val").iterdir():
        label.write_text("")
    with pytest.raises(DataError, match="nothing is labelled in its 6 images"):
        validate(colour_session(), open_dataset(yolo_folder))


def test_progress_is_told_after_every_image(yolo_folder: Path, colour_session) -> None:
    seen: list[tuple[int, int]] = []
    validate(colour_session(), open_dataset(yolo_folder), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(number, 6) for number in range(1, 7)]


def test_keys_and_table(pose_folder: Path, colour_session) -> None:
    found = validate(colour_session(keypoints=True), open_dataset(pose_folder))
    plain = json.loads(json.dumps(found.to_dict()))
    heads = [f"{head}_{key}" for head in ("box", "keypoint") for key in ("map50_95", "map50", "precision", "recall")]
    assert {*heads, "images", "instances", *(f"{stage}_ms" for stage in STAGES)} <= set(plain)
    assert [row["class"] for row in plain["rows"]] == ["red", "blue"]
    lines = found.lines()
    assert lines[0].split() == [
        *("class", "images", "instances", "P", "R", "mAP50", "mAP50-95"),
        *("P(K)", "R(K)", "mAP50(K)", "mAP50-95(K)"),
    ]
    assert lines[1].split() == ["all", "6", "12", *["1.000"] * 8]
    assert len({len(line) for line in lines[:-1]}) == 1
    assert lines[-1].startswith("preprocess ")
    assert lines[-1].endswith(" ms per image")


def test_one_image_has_a_speed_too(yolo_folder: Path, colour_session) -> None:
    dataset = open_dataset(yolo_folder)
    found = validate(colour_session(), Dataset(dataset.source, "val", dataset.names, dataset.images[:1]))
    assert set(found.speed) == set(STAGES)
    assert all(value > 0 for value in found.speed.values())
