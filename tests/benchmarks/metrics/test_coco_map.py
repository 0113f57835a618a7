from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_benchmarks.metrics.coco_map import BOXES, KEYPOINTS, _run, score_detections
from numa_runtime.results import Detections

NAMES = ("a", "b", "c")


def dataset(*images: LabelledImage, names: tuple[str, ...] = NAMES, keypoints: int = 0) -> Dataset:
    return Dataset(Path("d.yaml"), "val", names, images, keypoints)


def image(boxes, classes, number: int = 1, **options) -> LabelledImage:
    return LabelledImage.of(number, Path("a.png"), (480, 640), boxes, classes, **options)


def random_case(seed: int, keypoints: int = 0, images: int = 6) -> tuple[Dataset, list[Detections]]:
    """Return labels with crowds, and detections that are labels moved a little, doubled, missed or made up."""
    random = np.random.default_rng(seed)
    records, found = [], []
    for number in range(1, images + 1):
        n = int(random.integers(0, 6))
        corner, extent = random.uniform(0, 300, (n, 2)), random.uniform(20, 150, (n, 2))
        boxes = np.concatenate([corner, corner + extent], axis=1)
        classes = random.integers(0, 3, n)
        points = np.concatenate(
            [corner[:, None] + random.uniform(0, 1, (n, keypoints, 2)) * extent[:, None], np.zeros((n, keypoints, 1))],
            axis=2,
        )
        points[..., 2] = random.integers(0, 3, (n, keypoints))
        crowd = random.random(n) < 0.2
        records.append(image(boxes, classes, number, keypoints=points, crowd=crowd, area=0.6 * extent.prod(axis=1)))
        pick = random.integers(0, n, int(random.integers(0, 12))) if n else np.zeros(0, int)
        moved = boxes[pick] + random.normal(0, 8, (len(pick), 4))
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        moved_points = points[pick] + random.normal(0, 6, (len(pick), keypoints, 3))
        labels = np.where(random.random(len(pick)) < 0.8, classes[pick], random.integers(0, 3, len(pick)))
        found.append(Detections.of(moved, random.permutation(len(pick)) / 20 + 0.1, labels, moved_points))
    return dataset(*records, keypoints=keypoints), found


def pycocotools_figures(data: Dataset, found: list[Detections], kind: str) -> np.ndarray:
    """Return mAP and mAP50 by the reference implementation, on the same annotations."""
    coco = pytest.importorskip("pycocotools.coco")
    cocoeval = pytest.importorskip("pycocotools.cocoeval")
    ours = _run(kind, data, found)
    truth, result = coco.COCO(), coco.COCO()
    for theirs, mine in ((truth, ours.cocoGt), (result, ours.cocoDt)):
        theirs.dataset = mine.dataset
        theirs.createIndex()
    evaluation = cocoeval.COCOeval(truth, result, kind)
    if kind == KEYPOINTS:
        evaluation.params.kpt_oks_sigmas = np.array(ours.params.kpt_oks_sigmas)
    evaluation.evaluate()
    evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    return np.array([precision[precision > -1].mean(), precision[0][precision[0] > -1].mean()])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_boxes_as_pycocotools(seed: int) -> None:
    data, found = random_case(seed)
    if not data.objects:
        return
    scores = score_detections(data, found)
    assert [scores.box_map50_95, scores.box_map50] == pytest.approx(pycocotools_figures(data, found, BOXES), abs=1e-9)


@pytest.mark.parametrize("keypoints", [17, 5])
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_keypoints_as_pycocotools(keypoints: int, seed: int) -> None:
    data, found = random_case(seed, keypoints)
    if not data.objects or not any((one.keypoints[~one.crowd, :, 2] > 0).any() for one in data):
        return
    scores = score_detections(data, found, keypoints=True)
    expected = pycocotools_figures(data, found, KEYPOINTS)
    assert [scores.keypoint_map50_95, scores.keypoint_map50] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_our_matching_finds_what_the_library_finds(seed: int) -> None:
    """At the lowest limit, recall at IoU .5 is that of the library's own matching."""
    from numa_benchmarks.metrics.coco_map import _hits

    data, found = random_case(seed)
    if not data.objects:
        return
    evaluation = _run(BOXES, data, found)
    recall = np.asarray(evaluation.eval["recall"])[0, :, 0, -1]
    for label in range(3):
        hits = _hits(BOXES, evaluation.ious, data, found, label)
        if hits.labels:
            assert hits.right.sum() / hits.labels == pytest.approx(recall[label])


def test_known_average_precision() -> None:
    """Two labels; a false alarm comes first, then one is found: precision 1/2 up to recall 1/2, 0 beyond."""
    boxes = [[0, 0, 100, 100], [200, 200, 300, 300]]
    found = Detections.of([[400, 0, 450, 50], boxes[0]], [0.9, 0.8], [0, 0])
    scores = score_detections(dataset(image(boxes, [0, 0])), [found])
    assert scores.box_map50 == pytest.approx(0.5 * 51 / 101)
    assert (scores.box.precision, scores.box.recall) == (0.5, 0.5)
    assert [(row.name, row.instances) for row in scores.classes] == [("a", 2)]


def test_crowds_are_ignored() -> None:
    boxes = [[0, 0, 100, 100], [200, 200, 400, 400]]
    found = Detections.of([boxes[0], [210, 210, 260, 260], [300, 300, 350, 350]], [0.5, 0.9, 0.8], [0, 0, 0])
    scores = score_detections(dataset(image(boxes, [0, 0], crowd=[False, True])), [found])
    assert scores.box_map50 == pytest.approx(1.0)
    assert scores.box.precision == 1.0
    assert scores.classes[0].instances == 1


def test_a_hundred_boxes_per_image_count() -> None:
    """As COCO has it: what comes after the hundredth best of a class is not looked at."""
    right = [0, 0, 100, 100]
    alarms = [[400, 0, 410, 10]] * 100
    found = Detections.of([*alarms, right], [*np.linspace(0.9, 0.5, 100), 0.4], [0] * 101)
    assert score_detections(dataset(image([right], [0])), [found]).box_map50 == 0.0
    assert score_detections(dataset(image([right], [0])), [found.select(slice(1, None))]).box_map50 > 0.0


def test_true_areas_decide_how_far_a_keypoint_may_be() -> None:
    points = np.array([[[50, 50, 2], [70, 70, 2]]], float)
    found = Detections.of([[0, 0, 100, 100]], [0.9], [0], points + np.array([12, 0, 0]))
    figures = []
    for area in (1000, 10_000):
        truth = image([[0, 0, 100, 100]], [0], keypoints=points, area=[area])
        data = dataset(truth, keypoints=2)
        figures.append(score_detections(data, [found], keypoints=True).keypoint_map50_95)
    assert figures[0] < figures[1]


def test_keypoint_figures_go_to_the_class_that_has_them() -> None:
    """The first class is labelled nowhere."""
    points = np.array([[[50, 50, 2], [70, 70, 2]]], float)
    truth = image([[0, 0, 100, 100]], [1], keypoints=points)
    found = Detections.of([[0, 0, 100, 100]], [0.9], [1], points)
    (row,) = score_detections(dataset(truth, keypoints=2), [found], keypoints=True).classes
    assert row.name == "b"
    assert row.keypoint is not None
    assert row.keypoint.map50_95 == pytest.approx(1.0)


def test_bad_input() -> None:
    data = dataset(image([[0, 0, 9, 9]], [0]))
    with pytest.raises(DataError, match=r"results for 2 images, but d\.yaml has 1"):
        score_detections(data, [Detections.empty()] * 2)
    with pytest.raises(DataError, match="nothing is labelled in its 1 images"):
        score_detections(dataset(image([], [])), [Detections.empty()])
    with pytest.raises(DataError, match=r"the model gives 0 keypoints, d\.yaml labels 0"):
        score_detections(data, [Detections.empty()], keypoints=True)
    posed = dataset(image([[0, 0, 9, 9]], [0], keypoints=np.zeros((1, 2, 3))), keypoints=2)
    with pytest.raises(DataError, match="the model gives 3 keypoints"):
        score_detections(posed, [Detections.of([[0, 0, 9, 9]], [1], [0], np.zeros((1, 3, 3)))], keypoints=True)
    with pytest.raises(DataError, match="no keypoint is labelled"):
        score_detections(posed, [Detections.empty(2)], keypoints=True)
