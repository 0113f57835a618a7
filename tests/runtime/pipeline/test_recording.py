import logging

import numpy as np
import pytest
from bright_session import frame_with
from clips import write_clip
from mot_sources import FRAMES, boxes_at, write_sequence
from recordings import record, run_of

from numa_runtime.errors import SourceError, UsageError
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start_known import start_known
from numa_runtime.recording import Recording


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "match.mp4", 40, picture=lambda index: frame_with(*boxes_at(index % 20)))


def replay(path, **words):
    return start_known(TrackRunOptions.of({"replay": path, **words}))


def rows(results):
    return [np.column_stack([r.boxes.xyxy, r.boxes.id, r.boxes.conf, r.boxes.cls]).tolist() for r in results]


@pytest.mark.parametrize("tracker", ["bytetrack", "sort", "ocsort", "botsort"])
def test_a_replay_gives_the_very_tracks_of_the_run(clip, tmp_path, tracker):
    live = record(clip, tmp_path / "m.numa", tracker=tracker)
    again = list(replay(tmp_path / "m.numa", tracker=tracker))
    assert rows(again) == rows(live)
    assert [r.timestamp for r in again] == [r.timestamp for r in live]
    assert [r.frame_index for r in again] == [r.frame_index for r in live]


def test_recording_changes_nothing(clip, tmp_path):
    assert rows(record(clip, tmp_path / "m.numa", tracker="botsort")) == rows(run_of(clip, tracker="botsort"))


def test_another_tracker_sees_what_the_camera_did(clip, tmp_path):
    live = list(run_of(clip, tracker="botsort"))
    record(clip, tmp_path / "m.numa", tracker="bytetrack")
    assert rows(replay(tmp_path / "m.numa", tracker="botsort")) == rows(live)


def test_what_a_replay_writes(clip, tmp_path):
    record(clip, tmp_path / "m.numa")
    run = replay(tmp_path / "m.numa", save=True, save_mot=True, project=tmp_path / "runs")
    results = list(run)
    assert [path.name for path in run.summary.files] == ["match.txt"]  # the name of the video; no video is drawn
    picture = results[3].frame()  # the small picture, as large as the frame was
    assert picture.shape == (96, 128, 3)
    assert picture[35, 16].mean() > 200 > 100 > picture[5, 5].mean()
    assert results[0].names == {0: "left", 1: "right"}


def test_every_id_can_be_explained_with_pictures(clip, tmp_path):
    record(clip, tmp_path / "m.numa")
    clip.unlink()
    run = replay(tmp_path / "m.numa", explain=True)
    list(run)
    (told,) = run.follower.lives_of(1)
    told.save(tmp_path / "explain-1")
    assert any(path.suffix in (".png", ".jpg") for path in (tmp_path / "explain-1").iterdir())


def test_several_videos_go_into_a_folder(tmp_path):
    for name in ("A", "B"):
        write_sequence(tmp_path / "train" / name)
    with pytest.raises(UsageError, match=r"one\.numa is one file, and there are several videos"):
        run_of(tmp_path / "train", record=tmp_path / "one.numa")
    live = record(tmp_path / "train", tmp_path / "recs")
    assert sorted(path.name for path in (tmp_path / "recs").iterdir()) == ["A.numa", "B.numa"]
    assert rows(replay(tmp_path / "recs")) == rows(live)
    assert len(list(replay(str(tmp_path / "recs" / "B*.numa")))) == FRAMES


def test_a_cut_file_is_read_up_to_the_cut(clip, tmp_path, caplog):
    live = record(clip, tmp_path / "m.numa")
    data = (tmp_path / "m.numa").read_bytes()
    got = set()
    for size in range(1200, data.rindex(b"end.json"), 4001):
        (tmp_path / "cut.numa").write_bytes(data[:size])
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            found = list(replay(tmp_path / "cut.numa"))
        assert rows(found) == rows(live)[: len(found)]
        assert "cut.numa is cut: it is read up to the cut" in caplog.text
        got.add(len(found))
    assert got == {0, 32}


def test_a_damaged_block_ends_it(clip, tmp_path, caplog):
    record(clip, tmp_path / "m.numa")
    data = bytearray((tmp_path / "m.numa").read_bytes())
    second = Recording(tmp_path / "m.numa")._chunks[1]
    data[second.start + 40 : second.start + 400] = bytes(360)
    (tmp_path / "m.numa").write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert len(list(replay(tmp_path / "m.numa"))) == 32
    assert f"is damaged at byte {second.start} and read up to there" in caplog.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda data: data.replace(b'"version": [\n  1,', b'"version": [\n  7,'),
            r"recording of version 7\.1, and this",
        ),
        (lambda data: data.replace(b"numa-recording", b"othr-recording"), "is no recording"),
        (lambda data: data[:700], "cut within its first bytes"),
        (lambda data: b"nothing of the kind", "is no recording"),
        (lambda data: b"", "is no recording"),
    ],
    ids=["version", "format", "start", "text", "empty"],
)
def test_what_is_no_recording_of_ours(clip, tmp_path, change, sentence):
    record(clip, tmp_path / "m.numa")
    (tmp_path / "m.numa").write_bytes(change((tmp_path / "m.numa").read_bytes()))
    with pytest.raises(SourceError, match=sentence):
        replay(tmp_path / "m.numa")


def test_a_newer_minor_version_is_read_and_said(clip, tmp_path, caplog):
    record(clip, tmp_path / "m.numa")
    data = (tmp_path / "m.numa").read_bytes().replace(b"  1,\n  1\n", b"  1,\n  9\n")
    (tmp_path / "m.numa").write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert len(list(replay(tmp_path / "m.numa"))) == 40
    assert "is of version 1.9: what is new in it is passed over" in caplog.text


def test_recordings_of_models_with_other_classes(clip, tmp_path):
    for name, word in (("a", b"left"), ("b", b"none")):
        record(clip, tmp_path / f"{name}.numa")
        file = tmp_path / f"{name}.numa"
        file.write_bytes(file.read_bytes().replace(b'"left"', b'"' + word + b'"'))
    with pytest.raises(UsageError, match=r"a\.numa and b\.numa are of models with different classes: left, right, and"):
        replay(tmp_path)
    assert {cls for r in replay(tmp_path / "a.numa", classes="right") for cls in r.boxes.cls.tolist()} == {1}
    with pytest.raises(UsageError, match="the model has no class 'person'"):
        replay(tmp_path / "a.numa", classes="person")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"source": "x.mp4"}, "--replay is a source of its own"),
        ({"record": "y.numa"}, "a recording is not recorded again"),
        ({"imgsz": 320}, "--imgsz is a network's"),
        ({"tracker": "botsort", "with_reid": True}, r"with_reid needs features, and m\.numa has none"),
    ],
)
def test_what_does_not_go_together(clip, tmp_path, words, sentence):
    record(clip, tmp_path / "m.numa")
    with pytest.raises(UsageError, match=sentence):
        replay(tmp_path / "m.numa", **words)


def test_names_that_are_no_recordings(clip, tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError, match=r"notes\.txt is a file that is no recording"):
        run_of(clip, record=tmp_path / "notes.txt")
    with pytest.raises(SourceError, match="does not exist"):
        replay(tmp_path / "x.numa")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="empty holds no recording"):
        replay(tmp_path / "empty")


def test_a_run_that_is_broken_off_leaves_no_file(clip, tmp_path):
    run = iter(run_of(clip, record=tmp_path / "m.numa"))
    next(run)
    run.close()
    assert [path.name for path in tmp_path.iterdir()] == ["match.mp4"]


def test_given_detections_without_frames_have_no_camera(tmp_path, caplog):
    folder = write_sequence(tmp_path / "A", images=False)
    words = {"source": folder, "detections": "det/det.txt", "record": tmp_path / "a.numa"}
    assert len(list(start_known(TrackRunOptions.of(words)))) == FRAMES
    with caplog.at_level(logging.WARNING):
        found = list(replay(tmp_path / "a.numa", tracker="botsort"))
    assert "a.numa has no camera motion" in caplog.text
    assert found[-1].boxes.id.tolist() == [1, 2]
    with pytest.raises(SourceError, match="was not kept"):
        found[0].frame()
