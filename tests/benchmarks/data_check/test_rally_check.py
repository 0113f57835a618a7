"""What `data check` says of rallies: exact figures of made-up labels, and each kind of slip found where it is."""

import json

import cv2
import numpy as np
import pytest
from clips import numbered_frame
from rally_folders import entry, player, write_annotated

from numa_benchmarks.data_check.check_options import CheckOptions
from numa_benchmarks.data_check.run import check_data
from numa_benchmarks.labels.errors import DataError


def labels_of(*numbers):
    """Where the labels of a rally's frames are said to be; the helper writes one line."""
    return [f"annotation.json:1: frame {number} (rally_{number:05d}.png)" for number in numbers]


def straight(count=10, step=2):
    return [entry(number, [(5 + step * number, 20)], [player(30, 24, 10, 20)]) for number in range(count)]


def kinds(report):
    return dict(report.suspicions.counts)


def places(report, kind):
    return [where.rsplit("/", 1)[1] for where, _ in report.suspicions.found[kind]]


@pytest.fixture
def check(tmp_path):
    def of(entries, count=10, **words):
        write_annotated(tmp_path / "one", entries, frames=range(count))
        return check_data(tmp_path, CheckOptions(**words))

    return of


def test_figures_of_a_plain_rally(check):
    entries = straight()
    entries[4]["Balls"] = []
    del entries[7]
    report = check(entries)
    told = report.to_dict()["splits"]["val"]
    assert (told["kind"], told["frames"], told["labelled_frames"], told["ball_frames"]) == ("rallies", 10, 9, 8)
    assert (told["ball_step_median"], told["ball_step_max"], told["ball_gaps"]) == (2.0, 2.0, 1)
    assert [(one["name"], one["frames"], one["unlabelled"], one["gaps"]) for one in told["rallies"]] == [
        ("one", 10, 1, 1)
    ]
    assert told["sizes"] == [{"height": 48, "width": 64, "count": 10}]
    assert (told["objects"], told["objects_per_picture"], told["box_heights"]) == (9, {"1": 9}, [20.0, 20.0, 20.0])
    assert report.clean
    lines = "\n".join(report.lines())
    assert "one: 10 frames, 1 without labels in 1 gap" in lines
    assert "ball in 88.9% of 9 labelled frames" in lines
    assert "nothing looks suspicious" in lines


def test_a_ball_that_jumps(check):
    entries = straight()
    entries[5]["Balls"] = [{"X": 60, "Y": 40}]
    report = check(entries)
    assert kinds(report) == {"ball that jumps": 2}, "there and back"
    assert places(report, "ball that jumps") == labels_of(5, 6)
    assert not report.clean
    assert "suspicious: 2 x ball that jumps" in "\n".join(report.lines())


def test_how_far_is_too_far_can_be_said(check):
    assert kinds(check(straight(step=5), jump=0.1)) == {}
    assert kinds(check(straight(step=5), jump=0.05)) == {"ball that jumps": 9}


def test_a_ball_that_stands_still(check):
    report = check(straight(count=10, step=0))
    assert kinds(report) == {"ball that stands still": 1}


@pytest.mark.parametrize(
    ("someone", "kind"),
    [
        (player(30, 24, 10, 1.5), "box of absurd size"),
        (player(30, 24, 2, 46), "box of absurd size"),
        (player(30, 24, 4, 3), "box much larger or smaller than the others"),
    ],
)
def test_boxes_that_no_player_has(check, someone, kind):
    entries = straight()
    entries[3]["Players"] = [someone]
    report = check(entries)
    assert kinds(report) == {kind: 1}
    assert places(report, kind) == labels_of(3)


def test_players_that_are_there_twice_and_keypoints_of_somebody_else(check):
    entries = straight()
    for one in entries:
        one["Players"] = [player(20, 24, 10, 20, [(20, 20), (22, 30)])]
    entries[2]["Players"] *= 2
    entries[6]["Players"] = [player(20, 24, 10, 20, [(20, 20), (60, 30)])]
    report = check(entries)
    assert kinds(report) == {"object that is labelled twice": 1, "keypoint far outside its box": 1}
    assert report.suspicions.found["keypoint far outside its box"][0][1].startswith("35 px outside box 10x20")
    assert report.to_dict()["splits"]["val"]["keypoint_shares"] == [1.0, 1.0]


def test_pictures_that_repeat_that_are_damaged_and_of_another_size(check, tmp_path):
    check(straight())
    folder = tmp_path / "one" / "frame"
    (folder / "rally_00003.png").write_bytes((folder / "rally_00002.png").read_bytes())
    (folder / "rally_00006.png").write_bytes(b"\x89PNG")
    cv2.imwrite(str(folder / "rally_00008.png"), numbered_frame(8, 32, 32))
    report = check_data(tmp_path, CheckOptions())
    assert kinds(report) == {"picture that is the one before": 1, "picture that cannot be read": 2}
    assert places(report, "picture that is the one before") == ["rally_00003.png"]
    assert places(report, "picture that cannot be read") == ["rally_00006.png", "rally_00008.png"]
    quick = check_data(tmp_path, CheckOptions(quick=True, samples=1))
    assert kinds(quick) == {}
    assert len(quick.samples) == 1


def test_what_was_left_out_is_told(check):
    entries = straight()
    entries[0]["Balls"] = [{"X": 70, "Y": 20}]
    report = check(entries)
    assert report.to_dict()["splits"]["val"]["left_out"][0]["count"] == 1
    assert not report.clean


def test_a_rally_in_two_splits_and_a_split_that_is_not_there(tmp_path):
    write_annotated(tmp_path / "all" / "one", straight(10), range(10))
    text = "train: all\nval: [all]\ntest: none\nnames: [player]\ntask: multitask\n"
    (tmp_path / "data.yaml").write_text(text)
    seen = []
    report = check_data(tmp_path / "data.yaml", CheckOptions(), lambda *told: seen.append(told))
    assert kinds(report) == {"labels in two splits": 1}
    assert list(report.splits) == ["train", "val"]
    assert "do not exist" in report.broken["test"].what
    assert any(line.startswith("test: cannot be opened: ") for line in report.lines())
    assert (seen[0], seen[-1]) == ((1, 20), (20, 20))
    assert list(check_data(tmp_path / "data.yaml", CheckOptions(split="val")).splits) == ["val"]
    with pytest.raises(DataError, match="do not exist"):
        check_data(tmp_path / "data.yaml", CheckOptions(split="test"))


def test_samples_show_the_labels(check):
    report = check(straight(), samples=4)
    assert [sample.caption for sample in report.samples] == ["one 1", "one 3", "one 6", "one 8"]
    plain = np.full_like(report.samples[0].tile, numbered_frame(1)[0, 0, 0])
    assert (np.abs(report.samples[0].tile.astype(int) - plain) > 60).any(axis=2).sum() > 100


def test_kinds_that_are_everywhere_are_counted_but_not_all_kept(check, monkeypatch):
    monkeypatch.setattr("numa_benchmarks.data_check.suspicions._KEPT", 4)
    report = check(straight(step=5), jump=0.05)
    assert report.suspicions.counts == {"ball that jumps": 9}
    assert len(report.to_dict()["suspicious"][0]["places"]) == 4
    assert "  and 6 more" in report.lines()


def test_labels_that_were_copied_into_another_split(tmp_path):
    for place in ("a", "b", "c"):
        write_annotated(tmp_path / place / f"from-{place}", straight(step=3 if place == "c" else 2), range(10))
    (tmp_path / "data.yaml").write_text("train: a\nval: b\ntest: c\nnames: [player]\ntask: multitask\n")
    report = check_data(tmp_path / "data.yaml", CheckOptions())
    [(where, what)] = report.suspicions.found["labels in two splits"]
    assert (where, what.split(" in ")[-1]) == (str(tmp_path / "b" / "from-b" / "annotation.json"), "train")
    assert "a/from-a/annotation.json" in what


def test_stretches_too_short_to_learn_from(check):
    entries = straight()
    del entries[:3]
    report = check(entries, count=9)
    assert kinds(report) == {"stretch of frames shorter than a clip": 1}
    assert report.suspicions.found["stretch of frames shorter than a clip"][0][1] == "9 frames; a clip has 10"


def test_a_label_is_named_by_file_and_line(tmp_path):
    entries = straight()
    entries[5]["Balls"] = [{"X": 60, "Y": 40}]
    folder = write_annotated(tmp_path / "one", entries, range(10))
    lines = ",\n".join(json.dumps(one) for one in entries)
    (folder / "annotation.json").write_text(f"[\n{lines}\n]")
    report = check_data(tmp_path, CheckOptions())
    assert places(report, "ball that jumps")[0] == "annotation.json:7: frame 5 (rally_00005.png)"
