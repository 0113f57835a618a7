"""All pictures of a validation: which files there are, that they can be read, and that the worst come first."""

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.records import LabelledImage
from numa_benchmarks.plots.every import save_plots
from numa_benchmarks.plots.worst_images import save_worst_images
from numa_benchmarks.validate import validate

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
CURVES = {"PR_curve.png", "F1_curve.png", "P_curve.png", "R_curve.png", "_scores.png"}
CONFUSION = {"confusion_matrix.png", "confusion_matrix_normalized.png", "confusion_matrix.csv"}


def validated(path, session, **words):
    return validate(session, open_dataset(path, "val", **words))


def names(files):
    for file in files:
        assert file.suffix == ".csv" or cv2.imread(str(file)) is not None, file
    return {file.name for file in files}


def test_boxes(yolo_folder, colour_session, tmp_path):
    found = validated(yolo_folder, colour_session(change=lambda rows: rows[:1]))  # blue is never found
    assert names(save_plots(found, tmp_path)) == {f"Box{name}" for name in CURVES} | CONFUSION | {"worst.jpg"}
    assert (tmp_path / "confusion_matrix.csv").read_text().splitlines()[3] == "background,0,6,0"


def test_keypoints_have_curves_of_their_own(pose_folder, colour_session, tmp_path):
    found = validated(pose_folder, colour_session(keypoints=True), keypoints=True)
    files = names(save_plots(found, tmp_path))
    assert {f"{head}{name}" for head in ("Box", "Pose") for name in CURVES} | CONFUSION <= files


def test_nothing_found_at_all(yolo_folder, colour_session, tmp_path):
    found = validated(yolo_folder, colour_session(change=lambda rows: rows[:0]))
    assert "worst.jpg" in names(save_plots(found, tmp_path))


def test_no_mistake_no_sheet(yolo_folder, colour_session, tmp_path):
    """Labels given as answers: what rounding to pixels loses is nothing, too."""
    seen = validated(yolo_folder, colour_session()).seen
    images = tuple(
        LabelledImage.of(image.id, image.path, image.shape, said.xyxy, said.cls)
        for image, said in zip(seen.dataset, seen.found, strict=True)
    )
    exact = type(seen)(type(seen.dataset)(seen.dataset.source, "val", seen.dataset.names, images), seen.found)
    assert save_worst_images(exact, 0.25, tmp_path / "worst.jpg") is None
    assert not list(tmp_path.glob("worst*"))


def test_the_worst_image_comes_first(yolo_folder, colour_session, tmp_path):
    """In one image nothing is found; the sheet with room for one image shows that one."""
    calls = []

    def nothing_in_the_fourth(rows):
        calls.append(len(rows))
        return rows[:0] if len(calls) == 4 else rows

    seen = validated(yolo_folder, colour_session(change=nothing_in_the_fourth)).seen
    fourth = cv2.imread(str(seen.dataset.images[3].path))
    sheet = cv2.imread(str(save_worst_images(seen, 0.25, tmp_path / "worst.png", most=1)))
    width = sheet.shape[1] // 2
    shape = np.array(fourth.shape[:2]) * width // fourth.shape[1]
    picture = cv2.resize(fourth, (width, int(shape[0])), interpolation=cv2.INTER_AREA)
    height = min(len(picture), len(sheet) - 20)
    found = sheet[-height:, width:]  # at the right, where no box is drawn
    assert np.median(np.abs(found.astype(int) - picture[-height:, : found.shape[1]].astype(int))) < 8
