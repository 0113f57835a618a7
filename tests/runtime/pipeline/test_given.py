import logging

import numpy as np
import pytest
from clips import write_clip
from mot_sources import FRAMES, boxes_at, write_sequence

from numa_runtime.errors import SourceError, TrackerError, UsageError
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start_known import start_known


def given(source, detections="det/det.txt", **words):
    return start_known(TrackRunOptions.of({"source": source, "detections": detections, **words}))


def test_a_run_over_sequences_without_an_image(tmp_path):
    for name in ("A", "B"):
        write_sequence(tmp_path / "train" / name, images=False)
    run = given(tmp_path / "train", save=True, save_mot=True, project=tmp_path / "runs")
    results = list(run)
    assert len(results) == 2 * FRAMES
    assert {tuple(sorted(result.boxes.id.tolist())) for result in results} == {(1, 2)}
    assert results[3].timestamp == pytest.approx(0.3)
    assert results[3].orig_shape == (96, 128)
    assert [path.name for path in run.summary.files] == ["A.txt", "B.txt"]  # no pictures: nothing to draw on
    assert run.summary.to_dict()["ids_by_class"] == {"object": 4}
    rows = np.loadtxt(tmp_path / "runs" / "track" / "train" / "B.txt", delimiter=",")
    assert len(rows) == 2 * FRAMES
    np.testing.assert_allclose(rows[rows[:, 0] == 1][:, 2:6], [[6, 20, 20, 30], [74, 30, 30, 30]])


def test_frames_are_read_where_something_is_drawn(tmp_path):
    write_sequence(tmp_path / "A")
    run = given(tmp_path / "A", save=True, project=tmp_path / "runs")
    results = list(run)
    assert results[0].orig_img is not None
    assert [path.name for path in run.summary.files] == ["A.mp4"]
    unread = list(given(tmp_path / "A"))
    assert unread[0].orig_img is None
    assert unread[0].frame().shape == (96, 128, 3)  # read when it is wanted
    np.testing.assert_array_equal(unread[7].boxes.xyxy, results[7].boxes.xyxy)


def test_the_frames_of_a_video(tmp_path, caplog):
    write_sequence(tmp_path / "A", images=False)
    clip = write_clip(tmp_path / "match.mp4", FRAMES - 2, rate=25)
    with caplog.at_level(logging.WARNING):
        results = list(given(clip, str(tmp_path / "A" / "det" / "det.txt"), save_mot=True, project=tmp_path / "runs"))
    assert len(results) == FRAMES - 2
    assert results[2].timestamp == pytest.approx(0.08)
    assert "4 detections lie beyond the last frame, 10" in caplog.text


def test_gaps_and_frames_from_0(tmp_path, caplog):
    folder = write_sequence(tmp_path / "A", images=False, first=0)
    file = folder / "det" / "det.txt"
    kept = [line for line in file.read_text().splitlines() if not line.startswith(("4,", "5,"))]
    file.write_text("\n".join(kept))
    with caplog.at_level(logging.WARNING):
        results = list(given(folder))
    assert [len(result.boxes) for result in results] == [2] * 4 + [0, 0] + [2] * 6
    assert "counts frames from 0" in caplog.text
    assert results[-1].boxes.id.tolist() == results[0].boxes.id.tolist()


def test_without_a_description_the_boxes_say_how_large_and_long(tmp_path):
    results = list(given(write_sequence(tmp_path / "A", images=False, ini=False)))
    assert len(results) == FRAMES
    assert results[0].orig_shape == (60, boxes_at(FRAMES - 1)[1][2])


def test_classes_and_the_strongest(tmp_path):
    folder = write_sequence(tmp_path / "A", images=False)
    lines = [f"{frame},-1,{20 * cls},10,15,15,{0.5 + 0.1 * cls},{cls}" for frame in range(1, 13) for cls in (0, 2, 3)]
    (folder / "det" / "det.txt").write_text("\n".join(lines))
    results = list(given(folder, classes="2,3"))
    assert results[-1].boxes.cls.tolist() == [2, 3]
    assert results[-1].names[3] == "class 3"
    assert list(given(folder, max_det=1))[-1].boxes.cls.tolist() == [3]
    with pytest.raises(UsageError, match="--classes person: detections that are given have class numbers"):
        given(folder, classes="person")


def test_a_bad_sequence_among_good_ones_is_skipped_and_said(tmp_path, caplog):
    for name in ("A", "B"):
        write_sequence(tmp_path / name, images=False)
    (tmp_path / "A" / "det" / "det.txt").write_text("1,-1,0,0,9,9,3.5\n")
    with caplog.at_level(logging.WARNING):
        assert len(list(given(tmp_path))) == FRAMES
    assert "A: a detection of frame 1 has score 3.5, not 0 to 1; it is skipped" in caplog.text
    with pytest.raises(SourceError, match=r"A has no detections: .*yolo\.txt is missing") as caught:
        given(tmp_path / "A", "det/yolo.txt")
    assert caught.value.hint.endswith("holds det.txt")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"iou": 0.5}, "--iou is a network's"),
        ({"agnostic_nms": True}, "--agnostic-nms is a network's"),
        ({"tracker": "botsort", "with_reid": True}, "with_reid needs features"),
    ],
)
def test_what_only_a_network_has(tmp_path, words, sentence):
    write_sequence(tmp_path / "A", images=False)
    with pytest.raises(UsageError, match=sentence):
        given(tmp_path / "A", **words)


def test_no_source_and_no_tracker(tmp_path):
    with pytest.raises(UsageError, match="--detections needs the frames"):
        given(None)
    with pytest.raises(TrackerError, match="there is no tracker"):
        given(write_sequence(tmp_path / "A"), tracker="deep")


def test_ids_can_be_explained(tmp_path):
    run = given(write_sequence(tmp_path / "A", images=False), explain=True)
    list(run)
    (told,) = run.follower.lives_of(1)
    assert "id 1" in told.headline.lower()
