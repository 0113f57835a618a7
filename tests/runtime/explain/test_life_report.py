import json

import cv2
import numpy as np
import pytest
from explain_scenes import box, record

from numa_runtime.errors import SinkError
from numa_runtime.explain import Recorder
from numa_runtime.tracking.tracker import Tracker


def filmed(frames):
    recorder = Recorder(Tracker())
    for number, detections in enumerate(frames):
        picture = np.full((240, 320, 3), 40 + 3 * number, np.uint8)
        for x1, y1, x2, y2, *_ in detections:
            cv2.rectangle(picture, (int(x1), int(y1)), (int(x2), int(y2)), (120, 200, 90), -1)
        recorder.update(np.array(detections, float).reshape(-1, 6), frame=picture)
    return recorder


@pytest.fixture
def explanation():
    return filmed([[box(100), box(200)]] * 5 + [[box(200)]] * 4 + [[box(101), box(200)]] * 2).explain(1, {0: "person"})


def test_every_event_has_its_picture(explanation, tmp_path):
    files = explanation.save(tmp_path / "explain-1")
    names = [path.name for path in files]
    assert names == [
        "explain.md",
        "explain.json",
        "life.png",
        "01-born-frame-1.jpg",
        "02-lost-frame-6.jpg",
        "03-found-again-frame-10.jpg",
        "explain-1.html",
    ]
    assert files[-1].parent == tmp_path
    pictures = [cv2.imread(str(path)) for path in files[2:-1]]
    assert all(picture is not None and picture.std() > 10 for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 4


def test_json_names_the_pictures(explanation, tmp_path):
    explanation.save(tmp_path)
    data = json.loads((tmp_path / "explain.json").read_text())
    assert [event["picture"] for event in data["events"]] == sorted(p.name for p in tmp_path.glob("0*.jpg"))
    assert data["events"][1]["figures"]["reason"] == "nothing overlaps"


def test_markdown_reads_from_top_to_bottom(explanation, tmp_path):
    explanation.save(tmp_path)
    text = (tmp_path / "explain.md").read_text()
    order = [text.index(words) for words in ("# id 1 · person", "life.png", "Frame 1 (", "Frame 6 (", "Frame 10 (")]
    assert order == sorted(order)
    assert "## Frame 6 (0.17 s): lost\n\nNo detection overlaps the predicted box" in text


def test_advice_is_in_all_of_them(tmp_path):
    explanation = record([[box(100)]] * 5 + [[box(127)]] * 3).explain(1)
    explanation.save(tmp_path)
    assert "- match_thresh=0.83 instead of 0.8 would have kept them one id" in (tmp_path / "explain.md").read_text()
    event = json.loads((tmp_path / "explain.json").read_text())["events"][-1]
    assert event["advice"][0]["changes"] == {"match_thresh": 0.83}


def test_without_frames_the_boxes_are_drawn_all_the_same(tmp_path):
    explanation = record([[box(100)]] * 5 + [[]]).explain(1)
    explanation.save(tmp_path)
    assert cv2.imread(str(tmp_path / "02-lost-frame-6.jpg")).std() > 5


def test_a_folder_that_cannot_be_made(explanation, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="in the way"):
        explanation.save(tmp_path / "file")


def test_saving_twice_gives_the_same(explanation, tmp_path):
    first, second = explanation.save(tmp_path / "a"), explanation.save(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
