"""Results of one frame: cuts, words, summary, pictures."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from numa_runtime.errors import SinkError, SourceError
from numa_runtime.results import BallRecords, Detections, Results

NAMES = {0: "person", 1: "cup"}
POINTS = np.array([[[20, 50, 0.9]], [[200, 100, 1]]])
FOUND = Detections.of([[20, 10, 60, 30], [0, 0, 200, 100]], [0.75, 0.5], [0, 1], POINTS)
FRAME = np.zeros((100, 200, 3), np.uint8)


def result(detections=FOUND, **more):
    return Results((100, 200), NAMES, detections, **more)


def test_a_cut_takes_boxes_and_keypoints_together():
    cut = result(frame_index=4)[[1]]
    assert len(cut) == len(cut.boxes) == len(cut.keypoints) == 1
    assert cut.boxes.cls.tolist() == [1]
    assert cut.keypoints.xy.tolist() == [[[200, 100]]]
    assert cut.frame_index == 4
    whole = result()
    assert len(whole[0]) == 1
    assert len(whole[whole.boxes.conf > 0.9]) == 0
    assert len(whole[::-1]) == 2
    assert whole[::-1].keypoints.xy[0, 0].tolist() == [200, 100]


def test_torch_words_do_nothing():
    whole = result()
    assert whole.cpu() is whole.numpy() is whole.to("cuda") is whole


def test_new_replaces_some_fields():
    assert result().new(path="x.mp4").path == "x.mp4"


def test_verbose_counts_by_class():
    assert result().verbose() == "1 person, 1 cup"
    many = Detections.of(np.zeros((3, 4)), [1, 1, 1], [0, 0, 9])
    assert result(many).verbose() == "2 persons, 1 9"
    assert result(Detections.empty()).verbose() == "nothing"
    ball = BallRecords.of([[1, 2, 3, 4, 0.5, 0]])
    assert result(Detections.empty(), ball_records=ball).verbose() == "1 ball"


def test_summary_has_what_is_there():
    rows = result(FOUND.with_ids([3, -1])).summary()
    assert rows[0] == {
        "name": "person",
        "class": 0,
        "confidence": 0.75,
        "box": {"x1": 20.0, "y1": 10.0, "x2": 60.0, "y2": 30.0},
        "track_id": 3,
        "keypoints": {"x": [20.0], "y": [50.0], "visible": [0.9]},
    }
    assert "track_id" not in rows[1]
    plain = Detections.of([[1, 2, 3, 4]], [0.5], [5])
    assert result(plain).summary() == [
        {"name": "5", "class": 5, "confidence": 0.5, "box": {"x1": 1.0, "y1": 2.0, "x2": 3.0, "y2": 4.0}}
    ]
    assert result(Detections.empty()).summary() == []


def test_summary_can_be_normalised_and_rounded():
    row = result().summary(normalize=True, decimals=1)[0]
    assert row["box"] == {"x1": 0.1, "y1": 0.1, "x2": 0.3, "y2": 0.3}
    assert row["keypoints"]["x"] == [0.1]
    assert row["confidence"] == 0.8
    assert json.loads(result().to_json(decimals=3)) == result().summary(decimals=3)


def painter(res, frame, **style):
    image = frame.copy()
    image[:] = 10 * len(res) + style.get("line_width", 0)
    return image


def test_plot_paints_a_copy_of_the_kept_frame():
    image = result(orig_img=FRAME, painter=painter).plot(line_width=2)
    assert (image == 22).all()
    assert (FRAME == 0).all()


def test_plot_reads_a_frame_that_was_not_kept():
    seen = result(painter=painter, reader=lambda: FRAME + 1)
    assert seen.orig_img is None
    assert seen.frame()[0, 0, 0] == 1
    assert (seen.plot() == 20).all()


def test_a_frame_that_is_gone_says_so():
    with pytest.raises(SourceError, match=r"frame 7 of cam was not kept and cannot be read again") as error:
        result(path="cam", frame_index=7, painter=painter).plot()
    assert "stream=True" in error.value.hint


def test_no_painter_says_so():
    with pytest.raises(SourceError, match="carry no painter"):
        result(orig_img=FRAME).plot()


def test_plot_works_with_the_painter_there_is():
    from numa_runtime.vision.draw import paint

    image = result(orig_img=FRAME, painter=paint).plot(labels=False)
    assert image.shape == FRAME.shape
    assert image.any()


def test_save_writes_the_picture_whole_or_not_at_all(tmp_path):
    import cv2

    seen = result(orig_img=FRAME, painter=painter)
    path = seen.save(tmp_path / "deep" / "a.png")
    assert (cv2.imread(path) == 20).all()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SinkError):
        seen.save(tmp_path / "file" / "a.png")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.png", "deep", "file"]


def test_importing_results_pulls_in_nothing_heavy():
    code = (
        "import sys, numa_runtime.results, numa_runtime.vision.decode, numa_runtime.vision.draw;"
        "print(sorted({'cv2', 'numba', 'torch', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
