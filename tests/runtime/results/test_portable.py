"""Results that are copied, pickled and sent to other processes."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from operator import methodcaller

import numpy as np
import pytest

from numa_runtime.errors import SourceError
from numa_runtime.results import Detections, Results
from numa_runtime.sources.arrays import ArrayFrames
from numa_runtime.sources.images import ImageSequence
from numa_runtime.vision.draw import paint

FOUND = Detections.of([[2, 2, 20, 20]], [0.75], [0], np.ones((1, 17, 3))).with_ids([4])
FRAMES = [np.full((24, 32, 3), value, np.uint8) for value in (10, 20, 30)]


def result(**more):
    return Results((24, 32), {0: "person"}, FOUND, painter=paint, **more)


def same(one, two):
    for name in ("xyxy", "conf", "cls", "keypoints", "id"):
        np.testing.assert_array_equal(getattr(one.detections, name), getattr(two.detections, name))
    return one.names == two.names and one.boxes.id.tolist() == two.boxes.id.tolist() == [4]


def gone():
    raise SourceError("gone")


def test_a_kept_frame_travels_itself():
    sent = pickle.loads(pickle.dumps(result(orig_img=FRAMES[1], reader=gone)))
    assert same(sent, result())
    assert np.array_equal(sent.frame(), FRAMES[1])
    assert np.array_equal(sent.plot(), result(orig_img=FRAMES[1]).plot())


def test_pictures_in_memory_travel_one_by_one():
    media = ArrayFrames(FRAMES)
    kept = result(reader=media.reader(2))
    data = pickle.dumps(kept)
    assert len(data) < 2 * FRAMES[2].nbytes
    assert np.array_equal(pickle.loads(data).frame(), FRAMES[2])
    assert kept.orig_img is None, "the result itself stays light"


def test_files_are_opened_again(tmp_path):
    import cv2

    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path, frame in zip(paths, FRAMES, strict=True):
        cv2.imwrite(str(path), frame)
    kept = result(reader=ImageSequence(paths, "pictures").reader(1))
    sent = pickle.loads(pickle.dumps(kept))
    assert sent.orig_img is None
    assert np.array_equal(sent.frame(), FRAMES[1])


def test_a_frame_that_is_gone_stays_gone():
    sent = pickle.loads(pickle.dumps(result(reader=ArrayFrames(iter(FRAMES)).reader(0))))
    assert same(sent, result())
    with pytest.raises(SourceError, match="cannot be read again"):
        sent.plot()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies(copied):
    one = result(orig_img=FRAMES[0], reader=gone, speed={"track": 1.0})
    two = copied(one)
    assert same(one, two)
    assert two.reader is gone
    assert (two.orig_img is one.orig_img) == (copied is copy.copy)
    two.update(boxes=[])
    assert len(one) == 1


def test_what_a_deep_copy_holds_is_its_own():
    one = result(orig_img=FRAMES[0].copy(), speed={"track": 1.0})
    two = copy.deepcopy(one)
    two.boxes.xyxy[:] = 0
    two.orig_img[:] = 0
    two.speed["track"] = 0
    two.names[0] = "cup"
    assert one.boxes.xyxy.any()
    assert one.orig_img.all()
    assert (one.speed, one.names) == ({"track": 1.0}, {0: "person"})


def test_through_queues_of_processes():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        back = pool.submit(methodcaller("new", frame_index=7), result(orig_img=FRAMES[0])).result(timeout=120)
    assert same(back, result())
    assert back.frame_index == 7
    assert np.array_equal(back.plot(), result(orig_img=FRAMES[0]).plot())
    assert pickle.loads(pickle.dumps([back.boxes, back.keypoints, back.balls, back.ended]))[0].id.tolist() == [4]
