"""Rallies in another layout say the same: there and back, and read by that layout's own reader."""

import numpy as np
import pytest
import yaml
from rally_folders import entry, numbers_in, player, write_annotated

from numa_benchmarks.data_convert import Target, convert
from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.rallies import open_rallies
from numa_runtime.errors import UsageError


def someone(number):
    return player(30 + number, 24, 10, 20, [(28 + number, 20), (0, 0), (31 + number, 30, 1)])


ENTRIES = [entry(number, [(5 + 3 * number, 20)] if number != 2 else [], [someone(number)]) for number in (0, 1, 2, 4)]


@pytest.fixture
def rallies(tmp_path):
    """One rally of five frames a split; nobody looked at frame 3."""
    for split in ("train", "val"):
        write_annotated(tmp_path / "data" / split / "one", ENTRIES)
    text = "train: train\nval: val\nnames: [player]\nball_names: [ball]\nkpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\n"
    (tmp_path / "data" / "data.yaml").write_text(text)
    return tmp_path / "data" / "data.yaml"


def test_annotation_copies_what_there_is(rallies, tmp_path):
    seen = []
    report = convert(rallies, Target.ANNOTATION, tmp_path / "out", lambda *told: seen.append(told))
    assert (report.rallies, report.frames, report.skipped) == ({"train": 1, "val": 1}, 10, 0)
    assert (seen[0], seen[-1]) == ((1, 10), (10, 10))
    [before], [after] = (open_rallies(place).rallies for place in (rallies, tmp_path / "out"))
    assert numbers_in(after) == numbers_in(before)
    for one, other in zip(before.labels, after.labels, strict=True):
        assert (one.labelled, one.players_labelled) == (other.labelled, other.players_labelled)
        np.testing.assert_allclose(other.balls, one.balls, atol=0.01)
        np.testing.assert_allclose(other.boxes, one.boxes, atol=0.01)
        np.testing.assert_allclose(other.keypoints, one.keypoints, atol=0.01)
    assert yaml.safe_load((tmp_path / "out" / "data.yaml").read_text())["flip_idx"] == [1, 0, 2]


def test_yolo_folders_of_the_frames_whose_players_are_labelled(rallies, tmp_path):
    report = convert(rallies, Target.YOLO, tmp_path / "out")
    assert (report.frames, report.skipped) == (8, 2)
    data = open_dataset(tmp_path / "out" / "data.yaml")
    assert (data.names, data.keypoints, [image.path.stem for image in data]) == (
        ("player",), 3, ["one_000000", "one_000001", "one_000002", "one_000004"],
    )  # fmt: skip
    [rally] = open_rallies(rallies).rallies
    for image, labels in zip(data, [rally.labels[number] for number in (0, 1, 2, 4)], strict=True):
        np.testing.assert_allclose(image.boxes, labels.boxes, atol=0.01)
        np.testing.assert_allclose(image.keypoints, labels.keypoints, atol=0.01)
    assert "2 without labels of players left out" in report.lines()[0]


def test_balls_beside_a_video_and_back_again(rallies, tmp_path):
    convert(rallies, Target.BALL, tmp_path / "balls")
    [rally] = open_rallies(tmp_path / "balls" / "data.yaml").rallies
    assert numbers_in(rally) == [0, 1, 2, 3, 4]
    assert [one.balls.tolist() for one in rally.labels if one.labelled] == [[[5, 20]], [[8, 20]], [], [[17, 20]]]
    assert [one.labelled for one in rally.labels] == [True, True, True, False, True]
    convert(tmp_path / "balls", Target.ANNOTATION, tmp_path / "back")
    [again] = open_rallies(tmp_path / "back").rallies
    assert [one.balls.tolist() for one in again.labels] == [one.balls.tolist() for one in rally.labels]
    assert not any(one.players_labelled for one in again.labels), "nobody looked for players"
    with pytest.raises(DataError, match="has no frame whose players are labelled"):
        convert(tmp_path / "balls", Target.YOLO, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_rallies_of_one_name_do_not_overwrite_each_other(tmp_path):
    for place in ("a", "b"):
        write_annotated(tmp_path / place / "one", ENTRIES)
    (tmp_path / "data.yaml").write_text("val: [a, b]\nnames: [player]\ntask: multitask\n")
    report = convert(tmp_path / "data.yaml", Target.ANNOTATION, tmp_path / "out")
    assert (report.rallies, sorted(path.name for path in (tmp_path / "out" / "val").iterdir())) == (
        {"val": 2}, ["one", "one-2"],
    )  # fmt: skip


def test_what_cannot_be_converted(rallies, tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "single.yaml").write_text("val: images\nnames: [person]\n")
    with pytest.raises(DataError, match="holds single images"):
        convert(tmp_path / "single.yaml", Target.YOLO, tmp_path / "out")
    with pytest.raises(UsageError, match="data is not empty"):
        convert(rallies, Target.YOLO, tmp_path / "data")
    with pytest.raises(UsageError, match="rallies are not converted to 'coco'; there is: annotation, yolo, ball"):
        Target.parse("coco")
