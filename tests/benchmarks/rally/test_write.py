"""Written rallies read back as the scene had them, whatever they are written as."""

import hashlib

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.ball import read_ball_csv
from numa_benchmarks.labels.mot import read_mot, read_seqinfo
from numa_benchmarks.labels.rallies import holds_rallies, open_rallies
from numa_benchmarks.rally.rally_options import SEEDS, RallyOptions
from numa_benchmarks.rally.scene import Scene
from numa_benchmarks.rally.sports import Sport
from numa_benchmarks.rally.write import SHEET, write_rallies
from numa_runtime.errors import UsageError

SMALL = {"imgsz": (96, 160), "frames": 6, "rallies": 2, "seed": 5}


def scene(number):
    return list(Scene(Sport.BADMINTON, 5 * SEEDS + number, (96, 160), 6))


def labels_of(folder):
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".json", ".yaml", ".txt", ".csv")]
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("video", [False, True])
def test_labels_come_back_as_they_were(tmp_path, video):
    seen = []
    report = write_rallies(RallyOptions(**SMALL, video=video), tmp_path / "made", lambda *told: seen.append(told))
    assert seen[0] == (1, 12)
    assert seen[-1] == (12, 12)
    assert (report.rallies, report.frames) == ({"train": 1, "val": 1}, 12)
    assert holds_rallies(tmp_path / "made")
    for number, split in enumerate(("train", "val")):
        data = open_rallies(tmp_path / "made" / "data.yaml", split)
        [rally] = data.rallies
        assert (len(rally), data.keypoints, data.names, len(data.left_out)) == (6, 17, ("player",), 0)
        assert rally.fps == (pytest.approx(30) if video else None)
        for index, (found, made) in enumerate(zip(rally.labels, scene(number), strict=True)):
            np.testing.assert_allclose(found.balls, made.labels.balls, atol=0.02)
            np.testing.assert_allclose(found.boxes, made.labels.boxes, atol=0.02)
            np.testing.assert_allclose(found.keypoints, made.labels.keypoints, atol=0.02)
            difference = np.abs(rally.pictures.read(index).astype(int) - made.image).mean()
            assert difference < 12, "it is that frame's picture, compressed"


def test_the_same_seed_writes_the_same_labels_and_more_rallies_change_none(tmp_path):
    options = {**SMALL, "frames": 3}
    for name, rallies in (("one", 2), ("two", 2), ("more", 3)):
        write_rallies(RallyOptions(**{**options, "rallies": rallies}), tmp_path / name)
    assert labels_of(tmp_path / "one") == labels_of(tmp_path / "two")
    by_name = {path.parent.name: digest for path, digest in labels_of(tmp_path / "more").items()}
    for path, digest in labels_of(tmp_path / "one").items():
        assert path.name == "data.yaml" or by_name[path.parent.name] == digest


def test_mot_folders(tmp_path):
    write_rallies(RallyOptions(**SMALL, format="mot"), tmp_path / "made")
    folder = tmp_path / "made" / "train" / "badminton-5-0000"
    info = read_seqinfo(folder / "seqinfo.ini")
    assert (info.name, info.frames, info.fps, info.shape) == (folder.name, 6, 30.0, (96, 160))
    assert [path.name for path in sorted((folder / "img1").iterdir())] == [f"{n:06d}.jpg" for n in range(1, 7)]
    table, balls = read_mot(folder / "gt" / "gt.txt"), read_ball_csv(folder / "ball.csv")
    for number, made in enumerate(scene(0)):
        rows = table.select(table.frame == number + 1)
        assert rows.id.tolist() == [player + 1 for player in made.players]
        ltrb = np.concatenate([rows.ltwh[:, :2], rows.ltwh[:, :2] + rows.ltwh[:, 2:]], axis=1)
        np.testing.assert_allclose(ltrb, made.labels.boxes, atol=0.02)
        assert balls.visible[number] == bool(len(made.labels.balls))
    assert not (tmp_path / "made" / "data.yaml").exists()


def test_a_sheet_shows_every_rally(tmp_path):
    write_rallies(RallyOptions(**SMALL), tmp_path / "made")
    sheet = cv2.imread(str(tmp_path / "made" / SHEET))
    assert sheet.shape[1] == 4 * 324 + 4
    assert sheet.shape[0] == 2 * (18 + 192 + 4) + 4
    assert sheet.std() > 20


def test_a_folder_in_use_is_left_alone_and_an_interrupted_one_is_not_there(tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="used is not empty: what two runs write would be mixed"):
        write_rallies(RallyOptions(**SMALL), tmp_path / "used")
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["mine.txt"]

    def interrupt(done, _):
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rallies(RallyOptions(**SMALL), tmp_path / "made", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["used"]
