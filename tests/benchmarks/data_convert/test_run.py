"""Rallies in another layout say the same: there and back, and read by that layout's own reader."""

import json

import cv2
import numpy as np
import pytest
import yaml
from clips import numbered_frame
from rally_folders import entry, numbers_in, player, write_annotated

from numa_benchmarks.data_convert.conversion import Target
from numa_benchmarks.data_convert.run import convert
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
    for target in (Target.ANNOTATION, Target.BALL):
        with pytest.raises(DataError, match="holds single images"):
            convert(tmp_path / "single.yaml", target, tmp_path / "out")
    with pytest.raises(UsageError, match="data is not empty"):
        convert(rallies, Target.YOLO, tmp_path / "data")
    with pytest.raises(UsageError, match="data is not converted to 'voc'; there is: annotation, ball, yolo, coco"):
        Target.parse("voc")


def test_frames_as_a_coco_file_say_what_yolo_folders_say(rallies, tmp_path):
    report = convert(rallies, Target.COCO, tmp_path / "coco")
    assert (report.frames, report.skipped, dict(report.lost)) == (
        8, 2, {"ball (a point is no object of a detect or pose network)": 6},
    )  # fmt: skip
    assert report.lines()[1] == "lost: 6 x ball (a point is no object of a detect or pose network)"
    convert(rallies, Target.YOLO, tmp_path / "yolo")
    one, other = (open_dataset(tmp_path / place, "val", keypoints=True) for place in ("coco", "yolo"))
    assert (one.names, one.keypoints) == (other.names, other.keypoints) == (("player",), 3)
    assert_same(one, other)


def assert_same(one, other):
    for mine, theirs in zip(one, other, strict=True):
        assert (mine.path.name, mine.shape, mine.classes.tolist()) == (
            theirs.path.name, theirs.shape, theirs.classes.tolist(),
        )  # fmt: skip
        np.testing.assert_allclose(mine.boxes, theirs.boxes, atol=0.01)
        np.testing.assert_allclose(mine.keypoints, theirs.keypoints, atol=0.01)
        np.testing.assert_allclose(mine.area, theirs.area, rtol=0.01)


def test_single_images_to_coco_and_back(tmp_path):
    home = tmp_path / "data"
    for place in ("images/train", "images/val", "labels/train", "labels/val"):
        (home / place).mkdir(parents=True)
    for split, rows in (("train", "1 0.5 0.5 0.25 0.5\n0 0.2 0.2 0.1 0.1\n"), ("val", "0 0.5 0.25 0.5 0.5\n")):
        cv2.imwrite(str(home / "images" / split / "a.png"), numbered_frame(3))
        (home / "labels" / split / "a.txt").write_text(rows)
    (home / "data.yaml").write_text("train: images/train\nval: images/val\nnames: ['no', \"it's\"]\n")
    there = convert(home, Target.COCO, tmp_path / "coco")
    assert (there.images, there.frames, there.lines()[0].split("  ")[1]) == (
        {"train": 1, "val": 1}, 2, "coco: 1 image train, 1 image val",
    )  # fmt: skip
    back = convert(tmp_path / "coco", Target.YOLO, tmp_path / "back")
    assert back.images == {"train": 1, "val": 1}
    for split in ("train", "val"):
        before, after = open_dataset(home, split), open_dataset(tmp_path / "back", split)
        assert before.names == after.names == ("no", "it's")
        assert_same(before, after)


def test_crowds_are_lost_on_the_way_to_yolo_and_that_is_told(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), numbered_frame(3))
    box = {"image_id": 1, "category_id": 7, "bbox": [8, 8, 16, 16], "area": 100}
    said = {
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
        "annotations": [{"id": 1, **box}, {"id": 2, **box, "bbox": [0, 0, 40, 40], "iscrowd": 1}],
        "categories": [{"id": 7, "name": "cat"}],
    }
    (tmp_path / "val.json").write_text(json.dumps(said))
    report = convert(tmp_path / "val.json", Target.YOLO, tmp_path / "out")
    assert report.to_dict()["lost"] == {"region of a crowd (a YOLO row is one object)": 1}
    [image] = open_dataset(tmp_path / "out")
    np.testing.assert_allclose(image.boxes, [[8, 8, 24, 24]], atol=0.01)


def test_players_and_further_balls_are_lost_in_a_ball_csv(tmp_path):
    write_annotated(tmp_path / "one", [entry(0, [(5, 20), (9, 30)], [someone(0)])], range(2))
    report = convert(tmp_path / "one", Target.parse("tracknet"), tmp_path / "out")
    assert list(report.to_dict()["lost"].values()) == [1, 1]
    assert [line.split(" x ")[1].split(" ")[0] for line in report.lines()[1:]] == ["player", "second"]
