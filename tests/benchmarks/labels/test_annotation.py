"""annotation.json: what is read, what is left out and counted, what is refused with file and frame."""

import json

import numpy as np
import pytest
from rally_folders import entry, player

from numa_benchmarks.labels.annotation import read_annotation
from numa_benchmarks.labels.errors import DataError

SHAPE = (48, 64)


@pytest.fixture
def read(tmp_path):
    def of(entries, **words):
        path = tmp_path / "annotation.json"
        path.write_text(entries if isinstance(entries, str) else json.dumps(entries))
        return read_annotation(path, shape=SHAPE, **words)

    return of


def test_balls_boxes_and_keypoints(read):
    found = read([entry(3, [(5, 7.5), (9, 9)], [player(30, 20, 10, 20, [(30, 12), (0, 0), (31, 25, 1)])])])
    [labels] = found.frames.values()
    assert list(found.frames) == [3]
    assert found.keypoints == 3
    assert labels.balls.tolist() == [[5, 7.5], [9, 9]]
    assert labels.boxes.tolist() == [[25, 10, 35, 30]], "X, Y is the centre"
    assert labels.keypoints.tolist() == [[[30, 12, 2], [0, 0, 0], [31, 25, 1]]]
    assert len(found.left_out) == 0
    assert labels.labelled
    assert labels.players_labelled


def test_boxes_may_begin_at_their_corner(read):
    [labels] = read([entry(0, [], [player(30, 20, 10, 20)])], top_left=True).frames.values()
    assert labels.boxes.tolist() == [[30, 20, 40, 40]]


def test_nothing_in_a_frame_is_a_label_too(read):
    found = read([entry(0), {"Frame": 1}, {"Frame": 2, "Balls": None, "Players": None}])
    assert [(len(one.balls), len(one.boxes), one.labelled) for one in found.frames.values()] == [(0, 0, True)] * 3


def test_where_no_frame_has_players_nobody_looked_for_them(read):
    balls = [{"Frame": number, "Balls": []} for number in range(2)]
    assert [one.players_labelled for one in read(balls).frames.values()] == [False, False]
    assert [one.players_labelled for one in read([*balls, entry(2)]).frames.values()] == [True] * 3


def test_zero_zero_is_no_ball(read):
    found = read([entry(0, [(0, 0)]), entry(1, [(0, 3)])])
    assert [len(one.balls) for one in found.frames.values()] == [0, 1]
    assert len(found.left_out) == 0


def test_the_number_of_keypoints_is_known_of_frames_before_the_first_player(read):
    found = read([entry(0), entry(1, [], [player(points=[(30, 12), (31, 25)])])])
    assert [one.keypoints.shape for one in found.frames.values()] == [(0, 2, 3), (1, 2, 3)]


def test_what_lies_outside_is_cut_or_left_out_and_counted(read):
    found = read(
        [
            entry(0, [(64, 5), (5, -1), (63.9, 47.9)], [player(2, 20, 10, 20, [(-3, 20), (3, 20)])]),
            entry(1, [], [player(-30, 20, 10, 20, [(3, 3), (3, 3)]), player(30, 20, 0, 20, [(3, 3), (3, 3)])]),
        ]
    )
    first, second = found.frames.values()
    np.testing.assert_allclose(first.balls, [[63.9, 47.9]], rtol=1e-6)
    assert first.boxes.tolist() == [[0, 10, 7, 30]], "cut at the edge"
    assert first.keypoints.tolist() == [[[0, 0, 0], [3, 20, 2]]]
    assert len(second.boxes) == 0
    assert {one.reason: (one.count, one.first.rsplit(": ", 1)[1]) for one in found.left_out} == {
        "ball outside the frame": (2, "frame 0"),
        "keypoint outside the frame": (1, "frame 0"),
        "player without an area in the frame": (2, "frame 1"),
    }


def test_a_step_reads_every_other_frame(read):
    assert list(read([entry(number) for number in range(5)], step=2).frames) == [0, 2, 4]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("[{", "annotation.json:1: this is not JSON"),
        ({"Frame": 0}, "is no list of frames"),
        ([{"Balls": []}], "is no list of frames"),
        ([entry(-1)], "a frame's number is -1"),
        ([entry(1.5)], "a frame's number is 1.5"),
        ([entry("one")], "a frame's number is 'one'"),
        ([entry(True)], "a frame's number is True"),
        ([entry(4), entry(5), entry(4)], "frame 4 comes twice"),
        ([entry(2, [(float("nan"), 3)])], "frame 2: X, Y must be numbers; they are (nan, 3)"),
        ([entry(2, [("5", 3)])], "frame 2: X, Y must be numbers"),
        ([entry(2, [(None, 3)])], "frame 2: X, Y must be numbers"),
        ([{"Frame": 2, "Balls": [[1, 2]]}], "frame 2: X, Y must be numbers"),
        ([{"Frame": 2, "Balls": {"X": 1, "Y": 2}}], "frame 2: Balls must be a list"),
        ([{"Frame": 2, "Players": [3]}], "frame 2: a player has no Bounding Box"),
        ([{"Frame": 2, "Players": [{"Keypoints": []}]}], "frame 2: a player has no Bounding Box"),
        ([entry(2, [], [player(w=float("inf"))])], "frame 2: X, Y, Width, Height must be numbers"),
        ([entry(2, [], [player(points=[(5, float("nan"))])])], "frame 2: X, Y must be numbers"),
        ([entry(2, [], [player(points=[(5, 5, 3)])])], "frame 2: V must be 0 (missing), 1 (hidden) or 2"),
        ([entry(2, [], [player(points=[(5, 5)]), player()])], "frame 2: a player has 0 keypoints, others have 1"),
        ([entry(0, [], [player(points=[(5, 5)])]), entry(9, [], [player(points=[(5, 5)] * 2)])], "frame 9: a"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_and_frame(read, tmp_path, entries, said):
    with pytest.raises(DataError) as error:
        read(entries)
    assert said in error.value.what
    assert str(tmp_path / "annotation.json") in error.value.what


def test_whole_numbers_written_as_fractions_are_whole(read):
    assert list(read([entry(2.0)]).frames) == [2]


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match=r"none.json \(a rally's labels\) does not exist"):
        read_annotation(tmp_path / "none.json", shape=SHAPE)
