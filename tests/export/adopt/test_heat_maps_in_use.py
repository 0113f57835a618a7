"""An adopted ball network goes through every command that our own goes through."""

import json

import cv2
import pytest
import tiny_balls
import tiny_onnx
from rally_files import SIZE, write_rallies

from numa_deploy import YOLO
from numa_export.adopt import adopt


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("balls")
    path = tiny_onnx.save(tiny_balls.stacked(size=SIZE), folder / "dots.onnx")
    return adopt(path, "tracknet", images=tiny_onnx.photographs(1)).path


def test_track_gives_the_ball_one_id(network, tmp_path):
    film, places = tiny_balls.film(12, SIZE, start=(10.0, 40.0), step=(5.0, -1.5))
    for number, frame in enumerate(film):
        (tmp_path / "film").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / "film" / f"{number:03}.png"), frame)
    model = YOLO(network)
    found = list(model.track(tmp_path / "film", stream=True, save=False))
    assert [len(one.boxes) for one in found] == [0] * 12
    assert {int(ball) for one in found for ball in one.balls.id} <= {1, -1}
    for one, place in zip(found[3:], places[3:], strict=True):
        assert abs(one.balls.xy[0] - place).max() < 1.0


def test_val_scores_the_balls_of_rallies(network, tmp_path):
    pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
    data = write_rallies(tmp_path / "data", frames=16)
    found = YOLO(network).val(data=data)
    told = json.loads(json.dumps(found.validation.to_dict()))
    assert told["frames"] == 8
    assert told["ball_best_f1"] > 0.6
    assert "box_map50" not in told
