"""Rallies in folders, beside videos, or behind a data.yaml: what is opened, split, counted and refused."""

import json

import cv2
import numpy as np
import pytest
import yaml
from clips import numbered_frame, write_clip
from rally_folders import entry, numbers_in, player, write_annotated

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.rallies import holds_rallies, open_rallies
from numa_runtime.errors import NumaError

FIVE = [entry(number, [(10 + number, 20)]) for number in range(5)]


def describe(folder, **words):
    path = folder / "data.yaml"
    path.write_text(yaml.safe_dump({"val": "val", "names": ["player"], "ball_names": ["shuttle"], **words}))
    return path


def reasons(data):
    return {one.reason: one.count for one in data.left_out}


def test_a_data_yaml_says_where_each_split_is(tmp_path):
    for split, name in (("train", "b"), ("train", "a"), ("val", "c")):
        write_annotated(tmp_path / split / name, FIVE)
    path = describe(tmp_path, train="train")
    assert holds_rallies(path)
    data = open_rallies(path, "train")
    assert [rally.name for rally in data.rallies] == ["a", "b"]
    assert (data.names, data.ball_names, data.frames, data.split) == (("player",), ("shuttle",), 10, "train")
    assert [rally.name for rally in open_rallies(path).rallies] == ["c"]
    assert [rally.name for rally in open_rallies(tmp_path).rallies] == ["c"], "a folder's own data.yaml"
    with pytest.raises(DataError, match="has no split 'test'"):
        open_rallies(path, "test")


def test_a_folder_that_is_a_rally_and_one_that_holds_some(tmp_path):
    write_annotated(tmp_path / "one", FIVE)
    for place in (tmp_path, tmp_path / "one"):
        assert holds_rallies(place)
        [rally] = open_rallies(place).rallies
        assert (rally.name, len(rally), rally.pictures.shape) == ("one", 5, (48, 64))
        assert numbers_in(rally) == [0, 1, 2, 3, 4]


def test_labels_and_pictures_of_a_number_belong_together(tmp_path):
    write_annotated(tmp_path / "one", list(reversed(FIVE)), frames=range(5))
    [rally] = open_rallies(tmp_path).rallies
    assert [labels.balls[0, 0] - 10 for labels in rally.labels] == numbers_in(rally)


def test_frames_without_labels_are_unknown_not_empty(tmp_path):
    write_annotated(tmp_path / "one", [*FIVE[:2], FIVE[4]])
    [rally] = open_rallies(tmp_path).rallies
    assert [labels.labelled for labels in rally.labels] == [True, True, False, False, True]
    assert not rally.labels[2].players_labelled


def test_missing_pictures_split_a_rally_and_are_counted(tmp_path):
    """A clip of ten frames must be ten frames in a row."""
    write_annotated(tmp_path / "one", FIVE, frames=(0, 1, 3, 4))
    data = open_rallies(tmp_path)
    assert [(rally.name, numbers_in(rally)) for rally in data.rallies] == [("one", [0, 1]), ("one-1", [3, 4])]
    assert [rally.labels[0].balls[0, 0] for rally in data.rallies] == [10, 13]
    assert reasons(data) == {"labelled frame without a picture": 1}
    assert "frame 2" in next(iter(data.left_out)).first


def test_a_step_takes_every_other_frame(tmp_path):
    write_annotated(tmp_path / "val" / "images", FIVE)
    write_annotated(tmp_path / "val" / "video", FIVE, video=True)
    data = open_rallies(describe(tmp_path, frame_step=2))
    assert [numbers_in(rally) for rally in data.rallies] == [[0, 2, 4]] * 2
    assert [[one.balls[0, 0] for one in rally.labels] for rally in data.rallies] == [[10, 12, 14]] * 2


def test_a_video_beside_its_labels(tmp_path):
    write_annotated(tmp_path / "one", [*FIVE, entry(70, [(5, 5)])], video=True)
    data = open_rallies(tmp_path)
    [rally] = data.rallies
    assert (len(rally), rally.fps, numbers_in(rally)) == (5, 25.0, [0, 1, 2, 3, 4])
    assert reasons(data) == {"labelled frame without a picture": 1}


def test_boxes_begin_where_the_yaml_says(tmp_path):
    write_annotated(tmp_path / "val" / "one", [entry(0, [], [player(30, 20, 10, 20)])])
    assert open_rallies(describe(tmp_path)).rallies[0].labels[0].boxes.tolist() == [[25, 10, 35, 30]]
    [rally] = open_rallies(describe(tmp_path, box_xy="top-left")).rallies
    assert rally.labels[0].boxes.tolist() == [[30, 20, 40, 40]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"box_xy": "corner"}, "box_xy is 'corner'"),
        ({"frame_step": 0}, "frame_step is 0"),
        ({"frame_step": "2"}, "frame_step is '2'"),
        ({"fps": 0}, "fps is 0"),
        ({"fps": 30}, "images do not say how many there are a second"),
        ({"fps": 30, "frame_step": 2}, "frame_step and fps both say"),
        ({"shared_rallies": "yes"}, "shared_rallies is 'yes'"),
        ({"val": "nowhere"}, r"its val images \(nowhere\) do not exist"),
    ],
)
def test_a_yaml_that_is_wrong(tmp_path, words, said):
    write_annotated(tmp_path / "val" / "one", FIVE)
    with pytest.raises(DataError, match=said):
        open_rallies(describe(tmp_path, **words))


def test_nothing_there(tmp_path):
    (tmp_path / "val").mkdir()
    with pytest.raises(DataError, match="no rallies were found"):
        open_rallies(describe(tmp_path))
    assert not holds_rallies(tmp_path / "val")


def test_labels_without_frames(tmp_path):
    write_annotated(tmp_path / "one", FIVE, frames=())
    with pytest.raises(DataError, match="one has labels but no frames") as error:
        open_rallies(tmp_path)
    assert "video.mp4" in error.value.hint


def test_a_first_picture_that_is_damaged_is_named(tmp_path):
    write_annotated(tmp_path / "one", FIVE)
    (tmp_path / "one" / "frame" / "rally_00000.png").write_bytes(b"\x89PNG")
    with pytest.raises(NumaError, match=r"rally_00000.png"):
        open_rallies(tmp_path)


def test_mixed_sizes_are_named_when_they_are_read(tmp_path):
    write_annotated(tmp_path / "one", FIVE)
    cv2.imwrite(str(tmp_path / "one" / "frame" / "rally_00003.png"), numbered_frame(3, 32, 32))
    [rally] = open_rallies(tmp_path).rallies
    with pytest.raises(DataError, match=r"rally_00003.png is 32x32, the first frame of its rally 64x48"):
        rally.pictures.read(3)


def test_rallies_of_different_keypoints_are_no_data_set(tmp_path):
    for name, count in (("a", 2), ("b", 3)):
        people = [player(points=[(30, 20)] * count)]
        write_annotated(tmp_path / name, [entry(0), entry(1, [], people)])
    with pytest.raises(DataError, match="its rallies have players of 2 and 3 keypoints"):
        open_rallies(tmp_path)


def test_the_keypoints_of_a_rally_whose_first_frame_is_empty(tmp_path):
    write_annotated(tmp_path / "a", [entry(0), entry(1, [], [player(points=[(30, 20)] * 4)])])
    data = open_rallies(tmp_path)
    assert data.keypoints == 4
    assert {one.keypoints.shape[1] for one in data.rallies[0].labels} == {4}


@pytest.mark.parametrize(("header", "scale"), [("Frame,Visibility,X,Y", (1, 1)), ("Frame,Ball,x,y", (64, 48))])
def test_a_ball_csv_beside_its_video_in_pixels_or_shares(tmp_path, header, scale):
    write_clip(tmp_path / "match.mp4", 6)
    rows = [f"0,1,{16 / scale[0]},{12 / scale[1]}", "1,0,0,0", f"3,1,{32 / scale[0]},{24 / scale[1]}"]
    (tmp_path / "match.csv").write_text("\n".join([header, *rows]))
    data = open_rallies(tmp_path)
    [rally] = data.rallies
    assert (rally.name, len(rally), rally.fps) == ("match", 6, 25.0)
    assert [one.labelled for one in rally.labels] == [True, True, False, True, False, False]
    assert [one.balls.tolist() for one in rally.labels if one.labelled] == [[[16, 12]], [], [[32, 24]]]
    assert not any(one.players_labelled for one in rally.labels), "nobody looked for players"
    assert len(data.left_out) == 0


def test_balls_of_a_csv_outside_the_frame_are_counted(tmp_path):
    write_clip(tmp_path / "match.mp4", 3)
    (tmp_path / "match.csv").write_text("Frame,Visibility,X,Y\n0,1,70,5\n1,1,5,5\n2,1,5,99\n")
    data = open_rallies(tmp_path)
    assert [len(one.balls) for one in data.rallies[0].labels] == [0, 1, 0]
    assert reasons(data) == {"ball outside the frame": 2}
    assert "match.csv:2: frame 0" in next(iter(data.left_out)).first


def test_a_csv_without_a_video_is_no_rally(tmp_path):
    (tmp_path / "match.csv").write_text("Frame,Visibility,X,Y\n0,1,5,5\n")
    with pytest.raises(DataError, match="no rallies were found"):
        open_rallies(tmp_path)


def test_single_images_are_no_rallies(tmp_path):
    (tmp_path / "images").mkdir()
    path = tmp_path / "data.yaml"
    path.write_text("val: images\nnames: [person]\n")
    assert not holds_rallies(path)
    assert not holds_rallies(tmp_path / "annotations.json")
    path.write_text("val: images\nnames: [person]\ntask: multitask\n")
    assert holds_rallies(path), "it says so"


def test_an_annotation_file_is_plain_json(tmp_path):
    """What other tools write: numbers as whole numbers, no V, keys in any order."""
    folder = write_annotated(tmp_path / "one", FIVE, frames=range(1))
    someone = {"Keypoints": [{"Y": 4, "X": 3}], "Bounding Box": {"Height": 8, "Width": 6, "Y": 4, "X": 3}}
    said = [{"Players": [someone], "Frame": 0}]
    (folder / "annotation.json").write_text(json.dumps(said))
    [labels] = open_rallies(tmp_path).rallies[0].labels
    np.testing.assert_array_equal(labels.keypoints, [[[3, 4, 2]]])


def balls_of(rally):
    return [one.balls.tolist() for one in rally.labels if one.labelled]


def write_frames(folder, numbers=range(4)):
    folder.mkdir(parents=True)
    for number in numbers:
        cv2.imwrite(str(folder / f"{number:04d}.png"), numbered_frame(number))


@pytest.mark.parametrize(
    ("table", "frames"),
    [
        ("match.csv", "match"),
        ("match_ball.csv", "match"),
        ("match.csv", "match/frame"),
        ("csv/match_ball.csv", "frame/match"),
        ("game/csv/match_ball.csv", "game/frame/match"),
    ],
)
def test_a_ball_csv_beside_images_wherever_layouts_keep_them(tmp_path, table, frames):
    write_frames(tmp_path / frames, (0, 1, 3))
    (tmp_path / table).parent.mkdir(exist_ok=True)
    (tmp_path / table).write_text("Frame,Visibility,X,Y\n0,1,16,12\n1,0,0,0\n3,1,20,12\n")
    place = tmp_path / "csv" if table.startswith("csv") else tmp_path
    assert holds_rallies(place)
    first, second = open_rallies(place).rallies
    assert (first.name, numbers_in(first), balls_of(first)) == (tmp_path.joinpath(table).stem, [0, 1], [[[16, 12]], []])
    assert (numbers_in(second), balls_of(second)) == ([3], [[[20, 12]]])
    assert second.where(0).endswith(f"{table}:4: frame 3 (0003.png)")
    assert [rally.name for rally in open_rallies(tmp_path / table).rallies] == [first.name, second.name]


def test_a_ball_csv_among_images_as_tennis_data_has_it(tmp_path):
    write_frames(tmp_path / "game1" / "Clip1")
    rows = ["0000.png,1,16,12,0", "0001.png,0,,,", "0002.png,2,18,12,0"]
    (tmp_path / "game1" / "Clip1" / "Label.csv").write_text(
        "\n".join(["file name,visibility,x-coordinate,y-coordinate,status", *rows])
    )
    [rally] = open_rallies(tmp_path / "game1").rallies
    assert (rally.name, balls_of(rally), len(rally)) == ("Clip1", [[[16, 12]], [], [[18, 12]]], 4)


def test_a_share_beside_the_picture_does_not_make_pixels_of_the_others(tmp_path):
    write_clip(tmp_path / "match.mp4", 3)
    (tmp_path / "match.csv").write_text("Frame,Ball,x,y\n0,1,0.5,0.25\n1,0,-1.0,-1.0\n2,1,1.04,0.5\n")
    data = open_rallies(tmp_path)
    assert balls_of(data.rallies[0]) == [[[32, 12]], [], []]
    assert reasons(data) == {"ball outside the frame": 1}


def test_frames_a_second_of_fast_footage(tmp_path):
    write_annotated(tmp_path / "val" / "video", FIVE, video=True)
    [rally] = open_rallies(describe(tmp_path, fps=12)).rallies
    assert (numbers_in(rally), rally.fps) == ([0, 2, 4], 12.5)
    [rally] = open_rallies(describe(tmp_path, fps=100)).rallies
    assert (len(rally), rally.fps) == (5, 25.0), "there are no more than there are"


def test_a_rally_in_two_splits_is_refused(tmp_path):
    write_annotated(tmp_path / "all" / "one", FIVE)
    write_annotated(tmp_path / "more" / "two", FIVE)
    path = describe(tmp_path, train=["more", "all"], val="all")
    for split in ("train", "val"):
        with pytest.raises(DataError, match=r"one/annotation.json is in (val|train) and in (val|train)") as error:
            open_rallies(path, split)
        assert "shared_rallies: true" in error.value.hint
    assert len(open_rallies(path, "train", shared=True).rallies) == 2
    assert len(open_rallies(describe(tmp_path, train="all", val="all", shared_rallies=True)).rallies) == 1
    assert len(open_rallies(describe(tmp_path, train="more", val="all")).rallies) == 1


def test_a_split_in_which_nothing_is_labelled(tmp_path):
    write_annotated(tmp_path / "val" / "one", [])
    with pytest.raises(DataError, match="no frame of split 'val' has labels"):
        open_rallies(describe(tmp_path))


def test_how_keypoints_are_mirrored(tmp_path):
    write_annotated(tmp_path / "val" / "one", [entry(0, [], [player(points=[(30, 20)] * 3)])])
    assert open_rallies(describe(tmp_path)).flip is None
    assert open_rallies(describe(tmp_path, flip_idx=[0, 2, 1])).flip == (0, 2, 1)
    for wrong in ([0, 1], [0, 2, 2], [1, 2, 0], "0, 2, 1", [0, 2.0, True]):
        with pytest.raises(DataError, match="flip_idx does not pair 3 keypoints"):
            open_rallies(describe(tmp_path, flip_idx=wrong))


def test_other_keypoints_than_the_yaml_says(tmp_path):
    write_annotated(tmp_path / "val" / "one", [entry(0, [], [player(points=[(30, 20)] * 3)])])
    assert open_rallies(describe(tmp_path, kpt_shape=[3, 3])).keypoints == 3
    with pytest.raises(DataError, match="kpt_shape says 17 keypoints, players have 3"):
        open_rallies(describe(tmp_path, kpt_shape=[17, 3]))
