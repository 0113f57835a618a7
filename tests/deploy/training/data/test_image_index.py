"""The index of images: arrays that agree with the data set, kept until a file changes, flat in memory."""

import gc
import os
import pickle

import numpy as np
import pytest
from image_folders import write_images

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_deploy.training.data import image_index
from numa_deploy.training.data.image_index import ImageIndex, open_images


@pytest.fixture
def data(tmp_path):
    return write_images(tmp_path / "data", train=5, pose=True)


def opened(data, tmp_path, split="train"):
    return open_images(data, split, keypoints=False, cache=tmp_path / "cache")


def test_the_index_says_what_the_labels_say(data, tmp_path):
    found, dataset = opened(data, tmp_path), open_dataset(data, "train")
    assert (found.names, found.keypoint_shape, found.flip.tolist()) == (("red", "green"), (2, 3), [1, 0])
    assert len(found.index) == 5
    for number, image in enumerate(dataset):
        here = found.index.objects(number)
        assert found.index.path(number) == image.path
        assert tuple(found.index.shapes[number]) == image.shape
        assert np.allclose(found.index.boxes[here], image.boxes, atol=1e-3)
        assert np.array_equal(found.index.classes[here], image.classes)
        assert np.array_equal(found.index.keypoints[here], image.keypoints)
    assert found.told == f"train: 5 images, {dataset.objects} objects"
    assert found.index.class_counts(3).tolist()[2] == 0


def test_what_is_kept_is_read_until_a_file_changes(data, tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(image_index, "open_dataset", lambda *words: read.append(1) or open_dataset(*words))
    first = opened(data, tmp_path)
    second = opened(data, tmp_path)
    assert len(read) == 1
    for name in ("text", "text_ends", "shapes", "starts", "boxes", "classes", "keypoints", "left_out"):
        assert np.array_equal(getattr(first.index, name), getattr(second.index, name))
    label = data.parent / "labels/train/0.txt"
    label.write_text("1 0.5 0.5 0.25 0.25 0.5 0.5 2 0.6 0.5 1\n")
    assert opened(data, tmp_path).index.boxes[0].tolist() == [48, 36, 80, 60]
    data.write_text(data.read_text().replace("[red, green]", "[red, blue]"))
    assert opened(data, tmp_path).names == ("red", "blue")
    os.remove(data.parent / "images/train/4.png")
    assert len(opened(data, tmp_path).index) == 4
    assert len(read) == 4
    for kept in (tmp_path / "cache").iterdir():
        kept.write_bytes(b"damaged")
    assert len(opened(data, tmp_path).index) == 4
    assert len(read) == 5


def test_images_without_objects_and_faulty_rows(data, tmp_path):
    (data.parent / "labels/train/1.txt").write_text("")
    (data.parent / "labels/train/2.txt").write_text("7 0.5 0.5 0.2 0.2 0 0 0 0 0 0\n")
    for _ in range(2):  # read, and kept
        found = opened(data, tmp_path)
        assert len(found.index) == 5
        assert found.index.objects(1) == slice(1, 1)
        assert "2 of them without any" in found.told
        assert "2.txt:1: class 7 is outside the names: the 2 names go from 0 to 1" in found.told


def test_crowds_are_no_objects_and_boxes_end_at_the_edge(tmp_path):
    image = LabelledImage.of(
        1, tmp_path / "a.png", (100, 200), [[-10, 10, 50, 60], [0, 0, 9, 9], [250, 0, 260, 9]], [0, 1, 1],
        crowd=[False, True, False],
    )  # fmt: skip
    index = ImageIndex.of(Dataset(tmp_path / "a.json", "train", ("a", "b"), (image,)))
    assert index.boxes.tolist() == [[0, 10, 50, 60]]
    assert index.left_out.tolist() == ["left out: 1 x crowd"]


@pytest.mark.parametrize("flip", ["[0, 0]", "[1]", "[1, 2]", "yes", "[1.0, 0]"])
def test_a_flip_that_is_no_exchange_is_refused(data, tmp_path, flip):
    data.write_text(data.read_text().replace("flip_idx: [1, 0]", f"flip_idx: {flip}"))
    with pytest.raises(DataError, match=r"data.yaml: flip_idx is .*each of the 2 keypoints' partner"):
        opened(data, tmp_path)


def test_no_flip_is_known_without_flip_idx_except_of_coco(data, tmp_path):
    data.write_text(data.read_text().replace("flip_idx: [1, 0]\n", ""))
    assert opened(data, tmp_path).flip is None
    assert opened(write_images(tmp_path / "boxes"), tmp_path).flip.tolist() == []


def test_a_hundred_thousand_images_are_a_few_arrays(tmp_path):
    count = 100_000
    one = LabelledImage.of(1, tmp_path / "images" / "000000000001.jpg", (480, 640), [[1, 2, 30, 40]] * 3, [0, 1, 1])
    index = ImageIndex.of(Dataset(tmp_path, "train", ("a", "b"), (one,) * count))
    assert len(index) == count
    assert index.class_counts(2).tolist() == [count, 2 * count]
    assert sum(isinstance(part, np.ndarray) for part in gc.get_referents(index)) == 8  # and nothing a worker counts
    assert len(pickle.dumps(index)) < 250 * count
    assert index.path(count - 1) == one.path
