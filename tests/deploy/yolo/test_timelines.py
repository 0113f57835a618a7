"""Runs of one YOLO object: nested, interleaved, in threads, and continued."""

import itertools
import threading

import cv2
import numpy as np
import pytest

from numa_deploy import YOLO
from numa_deploy.yolo.bundled import sample_clip, sample_photos
from numa_runtime.errors import SourceError, TrackerError, UsageError

FRAMES = 6


@pytest.fixture(scope="module")
def model():
    return YOLO(threads=1)


@pytest.fixture(scope="module")
def photos():
    return [cv2.imread(str(path)) for path in sample_photos()[:3]]


@pytest.fixture(scope="module")
def halves(photos):
    """A cat on the left alone, a person on the right alone."""
    names = {path.stem: cv2.imread(str(path)) for path in sample_photos()}
    person, cat = names["astronaut"], cv2.resize(names["chelsea"], (512, 512))
    grey = np.full_like(person, 110)
    return np.hstack([cat, grey]), np.hstack([grey, person])


def boxes(result):
    return [
        (int(c), round(score, 4), *np.round(box, 1))
        for c, score, box in zip(
            result.boxes.cls.tolist(), result.boxes.conf.tolist(), result.boxes.xyxy.tolist(), strict=True
        )
    ]


def ids(model, result):
    return {
        model.names[int(c)]: int(i) for c, i in zip(result.boxes.cls.tolist(), result.boxes.id.tolist(), strict=True)
    }


def followed(model, inner=lambda _: None):
    """Return the boxes of the first frames of the sample clip, with something else done in between."""
    found = []
    for result in itertools.islice(model.track(sample_clip(), stream=True), FRAMES):
        inner(result.orig_img[:200, :200])
        found.append(boxes(result))
    return found


@pytest.mark.parametrize(
    "words", [{}, {"conf": 0.9}, {"classes": [62]}, {"max_det": 1}, {"iou": 0.01}, {"agnostic_nms": True}]
)
def test_a_run_inside_another_changes_nothing(model, words):
    alone = followed(model)
    assert followed(model, lambda crop: model.predict(crop, **words)) == alone
    assert followed(model, lambda crop: model.track(crop, **words)) == alone


def test_two_generators_at_a_time(model):
    def found():
        return model.predict(sample_clip(), stream=True, conf=0.6)

    alone = followed(model), [boxes(result) for result in itertools.islice(found(), FRAMES)]
    pairs = zip(itertools.islice(model.track(sample_clip(), stream=True), FRAMES), found(), strict=False)
    both = [(boxes(tracked), boxes(seen)) for tracked, seen in pairs]
    assert ([tracked for tracked, _ in both], [seen for _, seen in both]) == alone


def test_the_size_of_a_call_is_its_own(model, photos):
    model.predict(photos[0])
    with pytest.raises(UsageError, match="imgsz"):
        model.predict(photos[0], imgsz=320)


def test_threads_get_their_own_picture(model, photos):
    want, wrong = [boxes(model.predict(photo)[0]) for photo in photos], []

    def work(which):
        found = (boxes(model.predict(photos[which])[0]) for _ in range(6))
        wrong.extend(which for one in found if one != want[which])

    threads = [threading.Thread(target=work, args=(which,)) for which in range(len(photos))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_persist_with_another_conf_keeps_ids(model, halves):
    left, right = halves
    shown = [(left, 0.4), (left, 0.4), (right, 0.4), (right, 0.4), (right, 0.5), (right, 0.4)]
    log = [ids(model, model.track(image, persist=k > 0, conf=conf)[0]) for k, (image, conf) in enumerate(shown)]
    assert log[3]["person"] not in log[1].values()
    assert log[3]["person"] == log[4]["person"] == log[5]["person"]


def test_persist_says_what_cannot_change(model, photos):
    model.track(photos[0])
    with pytest.raises(TrackerError, match="bytetrack is following; it cannot become ocsort"):
        model.track(photos[0], persist=True, tracker="ocsort")
    with pytest.raises(TrackerError, match="frame_rate cannot change from 30"):
        model.track(photos[0], persist=True, frame_rate=25)


def test_a_timeline_that_still_runs_is_not_continued(model, photos):
    running = model.track(sample_clip(), stream=True)
    next(running)
    with pytest.raises(UsageError, match="that call still runs"):
        model.track(photos[0], persist=True)
    running.close()
    model.track(photos[0], persist=True)
    assert len(model.track(photos[0], persist=True)[0].boxes.id) > 0


def test_a_source_that_is_not_there_ends_no_timeline(model, photos):
    first = model.track(photos[0])[0].boxes.id.tolist()
    with pytest.raises(SourceError):
        model.track("nowhere.mp4")
    assert set(first) <= set(model.track(photos[0], persist=True)[0].boxes.id.tolist())


def test_names_are_timelines_of_their_own(model, halves):
    left, right = halves
    for _ in range(2):
        one = ids(model, model.track(left, persist="left")[0])
        two = ids(model, model.track(right, persist="right")[0])
    assert min(one.values()) == min(two.values()) == 1
    thread_ids = []
    thread = threading.Thread(target=lambda: thread_ids.append(ids(model, model.track(left, persist="left")[0])))
    thread.start()
    thread.join()
    assert thread_ids == [one]
    model.track(right, persist="left")
    model.forget("left")
    assert min(ids(model, model.track(right, persist="left")[0]).values()) == 1


def test_each_thread_has_its_own_ids_and_that_is_said_once(photos, monkeypatch):
    said = []
    monkeypatch.setattr("numa_deploy.yolo.timelines.log.warning", said.append)
    model, found = YOLO(threads=1), []
    model.track(photos[0], persist=True)

    def work():
        found.extend(model.track(photos[1], persist=True)[0].boxes.id.tolist() for _ in range(2))

    for _ in range(2):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert found[0] == found[1] == found[2] == found[3]
    assert len(said) == 1
    assert "every thread has a timeline and ids of its own" in said[0]
    again = model.track(photos[0], persist=True)[0]
    assert min(again.boxes.id.tolist()) == 1
