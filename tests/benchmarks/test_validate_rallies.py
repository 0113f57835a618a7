"""A session that answers the labels themselves scores 1, and known values when its answers are bent."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.rallies import RallyDataset
from numa_benchmarks.labels.rally_records import FrameLabels, Rally
from numa_benchmarks.validate_rallies import validate_rallies
from numa_runtime.contract import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.tensor import TensorInfo

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

SIZE, CLIP, KEYPOINTS = (64, 96), 3, 2


class FlatPictures:
    """Frames of one grey level, twice as large as the network's input."""

    def __init__(self, count, scale=2):
        self.shape, self._count = (scale * SIZE[0], scale * SIZE[1]), count

    def __len__(self):
        return self._count

    def read(self, index):
        return np.full((*self.shape, 3), 7 * index, np.uint8)

    def where(self, index):
        return f"frame {index}"


class Answers:
    """A clip network that answers, call by call, what it is given, in pixels of its input.

    Args:
        rallies: whose labels are the answers.
        move: (dx, dy) added to every ball.
        next_off: (dx, dy) by which the next position is wrong.
        score: of every ball; 0: it says there is none.
        people: whether it finds the players.
    """

    path, backend, device, record, golden = "answers.onnx", "fake", "cpu", None, None

    def __init__(self, rallies, *, move=(0, 0), next_off=(0, 0), score=0.9, people=True):
        outputs = [OutputSpec(name, ()) for name in ("boxes", "scores", "keypoints", "balls")]
        door = InputSpec(*SIZE, channels=1, frames=CLIP, color=Color.GRAY)
        self.spec = ModelSpec(
            Task.MULTITASK, ("player",), 32, door, tuple(outputs), Layout.MULTITASK,
            keypoint_shape=(KEYPOINTS, 3), groups=CLIP, ball_names=("ball",),
        )  # fmt: skip
        self.inputs = (TensorInfo("images", (1, CLIP, *SIZE), "uint8"),)
        self.outputs = ()
        self._truth = [
            (labels, rally.labels[index + 1] if index + 1 < len(rally) else labels, SIZE[0] / rally.pictures.shape[0])
            for rally in rallies
            for index, labels in enumerate(rally.labels)
        ]
        self._move, self._next_off, self._score, self._people = move, next_off, score, people
        self.calls = 0

    def run(self, batch):
        assert batch.shape == (1, CLIP, *SIZE)
        labels, following, scale = self._truth[self.calls]
        self.calls += 1
        balls = np.zeros((1, CLIP, 2, 6), np.float32)
        for at, ball in enumerate(labels.balls):
            then = following.balls[0] if len(following.balls) else ball
            balls[0, -1, at] = [*(ball * scale + self._move), *(then * scale + self._next_off), self._score, 0]
        count = len(labels.boxes) if self._people else 0
        return {
            "boxes": labels.boxes[None, :count] * scale,
            "scores": np.full((1, count, 1), 0.9, np.float32),
            "keypoints": labels.keypoints[None, :count] * [scale, scale, 1],
            "balls": balls,
        }

    def close(self): ...


def people(index):
    box = np.array([40 + index, 30, 70 + index, 110], np.float32)
    points = [[box[0] + 5, box[1] + 9, 2], [box[2] - 6, box[3] - 7, 2]]
    return box + np.array([[0, 0, 0, 0], [70, 5, 70, 5]]), np.array(points) + np.array([[[0, 0, 0]], [[70, 5, 0]]])


def rally(name="a", count=6, empty=(3,)):
    labels = []
    for index in range(count):
        boxes, points = people(index)
        balls = [] if index in empty else [[30 + 8 * index, 50 + 2 * index]]
        labels.append(FrameLabels.of(balls, boxes, points))
    return Rally(name, Path(f"{name}.json"), FlatPictures(count), labels)


def dataset(*rallies, keypoints=KEYPOINTS):
    return RallyDataset(Path("data.yaml"), "val", ("player",), ("ball",), rallies, keypoints)


def scored(data, *, tolerance=4.0, ball_conf=0.5, **bent):
    return validate_rallies(Answers(data.rallies, **bent), data, tolerance_px=tolerance, ball_conf=ball_conf)


def test_the_labels_themselves_score_one():
    seen = []
    data = dataset(rally("a"), rally("b"))
    session = Answers(data.rallies)
    found = validate_rallies(session, data, progress=lambda *told: seen.append(told))
    assert session.calls == 12
    assert (seen[0], seen[-1]) == ((1, 12), (12, 12))
    assert (found.balls.tp, found.balls.tn, found.balls.f1, found.balls.accuracy) == (10, 2, 1.0, 1.0)
    assert found.best_ball == (1.0, pytest.approx(0.9, abs=0.011))
    assert found.players.box.map50_95 == pytest.approx(1.0)
    assert found.players.keypoint.map50_95 == pytest.approx(1.0)
    assert found.fitness == pytest.approx(1.0)
    assert found.frames == 12
    assert found.next_px == pytest.approx((0.0, 0.0), abs=1e-4)
    assert found.ball_conf == pytest.approx(0.9, abs=0.011)
    assert set(found.ball_ap.values()) == {1.0}
    told = found.to_dict()
    assert told["ball_f1"] == 1.0
    assert {"ball_precision", "ball_recall", "ball_accuracy", "ball_ap", "ball_ap_4px"} <= set(told)
    assert {"box_map50", "box_map50_95", "keypoint_map50", "keypoint_map50_95", "ball_next_px"} <= set(told)
    assert [row["class"] for row in told["rows"]] == ["player"]


def test_offline_every_frame_is_scored_once_with_what_all_windows_say():
    data = dataset(rally("a"), rally("b"))
    session = Answers(data.rallies)
    found = validate_rallies(session, data, offline=True)
    assert session.calls == found.frames == 12
    assert (found.balls.tp, found.balls.tn, found.balls.f1) == (10, 2, 1.0)
    assert found.ball_conf == pytest.approx(0.9 / 4, abs=0.011), "one window of three answers, with weight 1 of 4"
    assert found.players.box.map50_95 == pytest.approx(1.0)


@pytest.mark.parametrize(("move", "tolerance", "f1"), [((5, 0), 4, 0.0), ((3, 0), 4, 1.0), ((5, 0), 6, 1.0)])
def test_the_tolerance_is_in_pixels_of_the_input(move, tolerance, f1):
    """Frames are twice as large: five pixels of the input are ten of theirs."""
    found = scored(dataset(rally()), move=move, tolerance=tolerance)
    assert found.balls.f1 == f1
    assert found.balls.tn == 1
    if not f1:
        assert (found.balls.fp1, found.balls.fn) == (5, 0)


def test_no_ball_predicted():
    found = scored(dataset(rally()), score=0.0)
    assert (found.balls.fn, found.balls.tn, found.balls.tp) == (5, 1, 0)
    assert (found.balls.f1, found.best_ball[0], found.next_px) == (0.0, 0.0, None)


def test_a_score_below_the_threshold_is_no_answer_and_the_best_threshold_is_told():
    found = scored(dataset(rally()), score=0.3)
    assert found.balls.fn == 5
    assert found.best_ball == (1.0, pytest.approx(0.3, abs=0.011))
    assert "at score 0.50, F1 is at most 1.000, at 0.3" in found.lines()[2]
    assert scored(dataset(rally()), score=0.3, ball_conf=0.25).balls.f1 == 1.0


def test_without_a_threshold_the_best_one_is_taken_and_said():
    found = scored(dataset(rally()), score=0.3, ball_conf=None)
    assert (found.balls.f1, found.ball_conf) == (1.0, found.best_ball[1])
    assert found.lines()[2].split() == ["at", "score", "0.30,", "the", "best", "for", "these", "labels"]


def test_average_precision_over_distances():
    """Three pixels off: nothing within 1 and 2, everything within 4, 8 and 16."""
    told = scored(dataset(rally()), move=(3, 0)).to_dict()
    assert (told["ball_ap_2px"], told["ball_ap_4px"], told["ball_ap"]) == (0.0, 1.0, pytest.approx(0.6))


def test_a_ball_where_there_is_none():
    data = dataset(rally())
    full = dataset(rally(empty=()))
    found = validate_rallies(Answers(full.rallies), data)
    assert (found.balls.tp, found.balls.fp2, found.balls.tn) == (5, 1, 0)
    assert found.balls.precision == pytest.approx(5 / 6)
    assert found.balls.recall == 1.0


def test_of_several_balls_any_will_do():
    first = rally()
    first.labels[0] = replace(first.labels[0], balls=np.array([[150, 100], [30, 50]], np.float32))
    truth = Answers([rally()])
    assert validate_rallies(truth, dataset(first)).balls.f1 == 1.0


def test_next_positions_are_compared_with_the_following_frame():
    found = scored(dataset(rally(empty=())), next_off=(3, 4))
    assert found.next_px == pytest.approx((5.0, 5.0), abs=1e-3)


def test_the_first_frame_of_a_rally_has_no_forecast():
    """What the last frame of one rally expects says nothing of the next rally."""
    short = [rally(name, 1, ()) for name in "abc"]
    assert scored(dataset(*short), next_off=(3, 4)).next_px is None


def test_nobody_found():
    found = scored(dataset(rally()), people=False)
    assert found.players.box.map50_95 == 0.0
    assert found.balls.f1 == 1.0


def test_frames_that_nobody_looked_at_count_neither_way():
    data = dataset(rally())
    blind = dataset(replace(data.rallies[0], labels=[*data.rallies[0].labels[:4], *[FrameLabels.unknown(2)] * 2]))
    found = validate_rallies(Answers(data.rallies), blind)
    assert (found.frames, found.balls.frames, found.balls.f1) == (4, 4, 1.0)
    assert found.players.box.map50_95 == pytest.approx(1.0)


def test_rallies_of_which_only_balls_are_labelled():
    data = dataset(rally(), keypoints=0)
    balls = [replace(one, players_labelled=False) for one in data.rallies[0].labels]
    found = validate_rallies(Answers(data.rallies), dataset(replace(data.rallies[0], labels=balls), keypoints=0))
    assert found.players is None
    assert found.balls.f1 == found.fitness == 1.0
    assert "box_map50_95" not in found.to_dict()
    assert [line.split()[0] for line in found.lines()] == ["6", "ball", "at", "ball", "next"]


def test_a_model_of_single_images_is_told_what_the_data_is():
    data = dataset(rally())
    session = Answers(data.rallies)
    door = replace(session.spec.input, frames=1)
    session.spec = replace(session.spec, task=Task.POSE, layout=Layout.CANDIDATES, input=door, groups=0, ball_names=())
    with pytest.raises(DataError, match=r"labels rallies.*answers\.onnx is a pose model of single images") as refused:
        validate_rallies(session, data)
    assert refused.value.hint.startswith("numa-deploy data convert data.yaml --to yolo --output frames")


def test_another_number_of_keypoints_is_refused():
    data = dataset(rally(), keypoints=17)
    with pytest.raises(DataError, match=r"the model gives 2 keypoints, data\.yaml labels 17"):
        validate_rallies(Answers(data.rallies), data)
