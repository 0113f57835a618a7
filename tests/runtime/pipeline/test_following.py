"""The tracking stage tells which ids ended: all of them, once, and for good."""

from dataclasses import replace

import numpy as np
import pytest
from followers import follower_of
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.pipeline.following import make_follower
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.sinks.labels import label_lines
from numa_runtime.sinks.mot import mot_lines
from numa_runtime.tracking.config import TrackerName


def shot(frame, boxes=(), balls=()):
    rows = np.reshape(np.array(boxes, float), (-1, 5))
    found = Detections.of(rows[:, :4], rows[:, 4], np.zeros(len(rows)))
    return Results((720, 960), {0: "person"}, found, BallRecords.of(balls), frame_index=frame, timestamp=frame / 30)


def churn(seed, frames=60):
    """Objects that come and go, seen most of the time, and false ones among them."""
    rng = np.random.default_rng(seed)
    at, until = rng.uniform(0, 500, (5, 2)), rng.integers(5, 40, 5)
    for frame in range(frames):
        new = until < frame
        at[new], until[new] = rng.uniform(100, 500, (new.sum(), 2)), frame + rng.integers(5, 40, new.sum())
        at += rng.normal(0, 2, at.shape)
        seen = np.vstack([at[rng.uniform(size=5) < 0.85], rng.uniform(0, 500, (rng.poisson(0.5), 2))])
        boxes = np.column_stack([seen, seen + np.array([40, 80]), rng.uniform(0.15, 1, len(seen))])
        balls = np.column_stack([seen, seen, rng.uniform(0.05, 1, len(seen)), np.zeros(len(seen))])
        yield shot(frame, boxes, balls)


@pytest.mark.parametrize("tracker", list(TrackerName))
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_what_ended_stays_away_and_nothing_else_is_missing(tracker, seed):
    follower = follower_of({"tracker": tracker, "track_buffer": 6, "ball_track_buffer": 3})
    shown, gone = (set(), set()), (set(), set())
    for result in map(follower, churn(seed)):
        now = ({*result.boxes.id.tolist()}, {*result.balls.id.tolist()} - {-1})
        for ids, ended, known, over in zip(now, (result.ended.boxes, result.ended.balls), shown, gone, strict=True):
            assert not ids & over
            assert set(ended.tolist()) <= known - over
            assert len(set(ended.tolist())) == len(ended)
            known |= ids
            over |= set(ended.tolist())
        for ids, lost, known, over in zip(
            now, (follower.tracker.lost, follower.balls.tracker.lost), shown, gone, strict=True
        ):
            assert known - over <= ids | set(lost.tolist())
    assert gone[0]
    assert follower._shown == shown[0] - gone[0]


def test_a_new_timeline_has_nothing_to_end():
    follower = follower_of({"track_buffer": 2, "ball_track_buffer": 2})
    for frame in range(4):
        result = follower(shot(frame, [[10, 10, 50, 90, 0.9]], [[30, 30, 30, 30, 0.9, 0]]))
    assert (result.boxes.id.tolist(), result.balls.id.tolist()) == ([1], [1])
    follower.start()
    ended = [follower(shot(frame)).ended for frame in range(8)]
    assert sum(map(len, ended)) == 0


def test_ids_go_on_with_keep_and_end_in_time():
    follower = follower_of({"track_buffer": 2, "ball_track_buffer": 2})
    for frame in range(4):
        follower(shot(frame, [[10, 10, 50, 90, 0.9]], [[30, 30, 30, 30, 0.9, 0]]))
    follower.start(keep=True)
    ended = [follower(shot(frame)).ended for frame in range(6)]
    assert [e.boxes.tolist() for e in ended if len(e.boxes)] == [[1]]
    assert [e.balls.tolist() for e in ended if len(e.balls)] == [[1]]


def test_changed_words_keep_ids_and_count_from_the_next_frame():
    follower = follower_of({"track_buffer": 2, "ball_track_buffer": 2})
    for frame in range(4):
        follower(shot(frame, [[10, 10, 50, 90, 0.9]], [[30, 30, 30, 30, 0.9, 0]]))
    longer = TrackRunOptions.of({"track_buffer": 20, "ball_track_buffer": 20, "ball_gate": 5})
    follower.change(longer.tracker, 0.7)
    assert (follower.tracker.params.birth_conf, follower.balls.tracker.params.gate) == (0.7, 5)
    follower.start(keep=True)
    for frame in range(8):
        assert not len(follower(shot(frame)).ended)
    found = follower(shot(8, [[10, 10, 50, 90, 0.9], [200, 10, 260, 90, 0.6]], [[30, 30, 30, 30, 0.9, 0]]))
    assert (found.boxes.id.tolist(), found.balls.id.tolist()) == ([1], [1])  # 0.6 starts nothing at conf 0.7


def test_what_cannot_change_changes_nothing_at_all():
    follower = follower_of({"track_buffer": 2})
    with pytest.raises(TrackerError, match="frame_rate cannot change from 30"):
        follower.change(TrackRunOptions.of({"track_buffer": 9, "ball_frame_rate": 60}).tracker)
    assert follower.tracker.params.track_buffer == 2
    with pytest.raises(TrackerError, match="it cannot become ocsort"):
        follower.change(TrackRunOptions.of({"tracker": "ocsort"}).tracker)


def test_without_a_track_head_balls_pass():
    follower = make_follower(balls=False)
    assert follower.balls is None
    assert follower(shot(0, [], [[30, 30, 30, 30, 0.2, 0]])).balls.id.tolist() == [-1]


def test_the_lowest_score_serves_both():
    assert follower_of({"ball_track_low_thresh": 0.03}).lowest_score == 0.03
    assert follower_of({"track_low_thresh": 0.02}).lowest_score == 0.02


def test_a_wrong_ball_word_is_named():
    with pytest.raises(TrackerError, match="there is no ball tracker 'bytetrack'"):
        follower_of({"ball_tracker": "bytetrack"})
    with pytest.raises(TrackerError, match=r"gate=99 is not a number from 0\.5 to 20"):
        follower_of({"ball_gate": 99})


def crossing(x, arms):
    """One person's box and keypoints; `arms` (-1 to 1) says where along its width they are."""
    points = [[x - 5, 60, 1], [x + 5, 60, 1], [x + 20 * arms, 100, 1], [x + 20 * arms, 140, 1]]
    return [x - 20, 50, x + 20, 150], points


@pytest.mark.parametrize("as_yaml", [False, True])
def test_a_pose_weight_reaches_the_tracker_with_the_keypoints(as_yaml, tmp_path, caplog):
    shown = {}
    for weight in (0, 0.6):
        words = {"pose_weight": weight}
        if as_yaml:
            (tmp_path / "poses.yaml").write_text(f"tracker_type: bytetrack\npose_weight: {weight}\n")
            words = {"tracker": str(tmp_path / "poses.yaml")}
        follower = follower_of(words, balls=False)
        assert follower.tracker.wants_keypoints == bool(weight)
        for left, right in [(100, 108)] * 5 + [(107, 101)]:  # in the end each is nearer to the other's place
            boxes, points = zip(crossing(left, -1), crossing(right, 1), strict=True)
            found = Detections.of(boxes, [0.9, 0.9], [0, 0], points)
            result = follower(Results((360, 640), {0: "person"}, found))
        shown[weight] = dict(zip(result.keypoints.data[:, 2, 0].tolist(), result.boxes.id.tolist(), strict=True))
    assert shown == {0: {87.0: 2, 121.0: 1}, 0.6: {87.0: 1, 121.0: 2}}
    assert "keypoints" not in caplog.text


def test_a_network_without_keypoints_is_followed_by_its_boxes(caplog):
    follower = follower_of({"pose_weight": 0.5}, balls=False)
    for frame in range(3):
        assert follower(shot(frame, [[10, 10, 50, 90, 0.9]])).boxes.id.tolist() == [1]
    assert caplog.text.count("no keypoints were given to the tracker: pose_weight=0.5 has no effect") == 1


def leaving(frame, right):
    """A person who walks out of a frame of 200 x 100 pixels on the right, or on the left."""
    left = 10 + 12.0 * frame if right else 150 - 12.0 * frame
    found = Detections.of([[left, 20, left + 40, 95]], [0.9], [0])
    return Results((100, 200), {0: "person"}, found, frame_index=frame, timestamp=frame / 30)


@pytest.mark.parametrize("right", [True, False])
def test_what_is_reported_lies_in_the_frame_and_what_is_outside_is_kept(right):
    follower, seen, raw = make_follower(balls=False), [], []
    for frame in range(24):
        result = follower(leaving(frame, right))
        seen.append(result.boxes.xyxy)
        raw += [] if result.detections.whole is None else result.detections.whole.tolist()
        assert ((result.boxes.xyxyn >= 0) & (result.boxes.xyxyn <= 1)).all()
        assert ((result.boxes.xyxy[:, 2:] - result.boxes.xyxy[:, :2]) > 0).all(), "no empty box"
        for line in label_lines(result):
            cx, cy, w, h = map(float, line.split()[1:5])
            assert cx - w / 2 + 1e-5 >= 0
            assert cx + w / 2 <= 1 + 1e-5
            assert cy - h / 2 + 1e-5 >= 0
            assert cy + h / 2 <= 1 + 1e-5
            assert min(w, h) > 0
        assert all(map(str.strip, mot_lines(result)))
        assert not len(result.ended)
    assert len(seen[0]) == 1
    assert len(seen[-1]) == 0
    assert min(x1 for x1, *_ in raw) < 0 or max(x2 for _, _, x2, _ in raw) > 200
    back = follower(leaving(23, right))
    assert follower.tracker.born == 1
    assert len(back.boxes) == 0


def test_mot_text_has_the_whole_box():
    follower = make_follower(balls=False)
    for frame in range(14):
        result = follower(leaving(frame, True))
    left, width = (float(word) for word in next(iter(mot_lines(result))).split(",")[2:5:2])
    assert left + width > 200
    assert result.boxes.xyxy[0, 2] == 200
    assert next(iter(mot_lines(result[0:1]))) == next(iter(mot_lines(result)))


def test_a_track_that_only_a_low_detection_kept_is_marked():
    follower, marks = make_follower(balls=False), []
    for frame, score in enumerate((0.9, 0.9, 0.2, 0.9)):
        marks.append(follower(shot(frame, [[10, 10, 50, 90, score]])).detections.rescued.tolist())
    assert marks == [[False], [False], [True], [False]]


def test_a_track_without_a_detection_has_the_class_and_score_of_its_last_and_no_keypoints():
    follower = follower_of({"tracker": "fasttrack"})
    boxes = [[100, 100, 140, 200, 0.75], [300, 100, 340, 200, 0.875]]
    points = np.ones((2, 3, 3), np.float32)
    for frame, seen in enumerate([[0, 1]] * 4 + [[1], []]):
        result = shot(frame, np.array(boxes)[seen])
        found = Detections.of(result.detections.xyxy, result.detections.conf, np.array([5, 7])[seen], points[seen])
        result = follower(replace(result, detections=found))
        kept = result.detections
        order = np.argsort(kept.id)
        assert kept.id[order].tolist() == [1, 2]
        assert (kept.cls[order].tolist(), kept.conf[order].tolist()) == ([5, 7], [0.75, 0.875])
        assert kept.keypoints[order].any(axis=(1, 2)).tolist() == [k in seen for k in range(2)]
        np.testing.assert_allclose(kept.xyxy[order], np.array(boxes)[:, :4], atol=1e-3)
