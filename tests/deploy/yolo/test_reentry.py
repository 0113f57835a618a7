"""Somebody leaves the picture and comes back: tracked from the files a user has, with and without a gallery."""

from dataclasses import replace

import numpy as np
import pytest
from clips import write_clip
from reentry_scene import frames
from reid_files import reid

from numa_deploy import YOLO
from numa_runtime.errors import SourceError, TrackerError, UsageError


@pytest.fixture(scope="module")
def scene():
    return frames()


@pytest.fixture
def looks(tmp_path):
    return reid(tmp_path / "osnet.onnx")


def ids(results):
    return [result.boxes.id.tolist() for result in results]


@pytest.fixture(scope="module")
def model():
    return YOLO(threads=1)


def test_who_comes_back_has_its_id(model, scene, looks):
    plain = model.track(scene, classes=[0])
    assert ids(plain)[-1] == [3]
    assert "came_back" not in model.summary.to_dict()
    results = model.track(scene, classes=[0], reid=looks, gallery=60)
    assert ids(results) == [[1] if at == [3] else at for at in ids(plain)]  # nothing else has changed
    assert not any(len(result.ended.boxes) for result in results)
    (back,) = model.summary.to_dict()["comebacks"]
    assert (back["id"], back["tracker_id"]) == (1, 3)
    assert back["away_s"] == pytest.approx(1.7, abs=0.3)
    assert f"1 came back: id 1 after {back['away_s']:.1f} s" in model.summary.lines(True)
    assert results[-1].speed["reid"] > 0


def test_who_is_away_for_too_long_or_looks_otherwise_is_new(model, scene, looks):
    short = model.track(scene, classes=[0], reid=looks, gallery=1.1)
    assert ids(short)[-1] == [3]
    assert [result.ended.boxes.tolist() for result in short if len(result.ended.boxes)] == [[1]]
    assert "nobody who left came back" in model.summary.lines(True)
    strict = model.track(scene, classes=[0], reid=looks, gallery=60, gallery_similarity=0.999)
    assert ids(strict)[-1] == [3]


def test_an_explanation_tells_each_of_its_lives(model, scene, looks):
    run = model.start(_options(scene, explain=[1], reid=looks, gallery=60, classes=[0]))
    list(run)
    assert [life.track_id for life in run.follower.lives_of(1)] == [1, 3]
    assert [life.track_id for life in run.follower.lives_of(2)] == [2]


def _options(source, **words):
    from numa_runtime.pipeline.options import TrackRunOptions

    return TrackRunOptions.of({"source": source, "save": False, **words})


def test_a_recording_holds_the_looks(model, scene, looks, tmp_path):
    clip = write_clip(tmp_path / "turn.mp4", len(scene), picture=lambda index: scene[index])
    run = list(model.track(clip, classes=[0], reid=looks, gallery=60, record=tmp_path / "turn.numa", stream=True))
    assert run[-1].boxes.id.tolist() == [1]
    replayed = model.track(replay=tmp_path / "turn.numa", gallery=60)
    assert ids(replayed) == ids(run)
    with pytest.raises(UsageError, match="--reid looks at frames, and a recording has none"):
        model.track(replay=tmp_path / "turn.numa", reid=looks)
    list(model.track(clip, classes=[0], record=tmp_path / "plain.numa", stream=True))
    with pytest.raises(UsageError, match=r"gallery needs features, and plain\.numa has none"):
        model.track(replay=tmp_path / "plain.numa", gallery=60)


def test_botsort_compares_the_vectors_of_the_file(model, scene, looks):
    results = model.track(scene[:6], classes=[0], reid=looks, tracker="botsort", with_reid=True, gmc_method="none")
    assert ids(results) == [[1]] * 6
    assert results[0].detections.features.shape == (1, 24)


def test_without_features_the_command_is_named(model, scene):
    with pytest.raises(UsageError) as error:
        model.track(scene[:1], gallery=60)
    assert error.value.what == "gallery compares appearance, and yolox-nano.onnx gives no features"
    assert "numa-deploy export --model best.pt --format onnx --features" in error.value.hint
    assert "reid=osnet.onnx" in error.value.hint


def test_what_makes_no_sense_is_refused(model, scene, looks, tmp_path):
    with pytest.raises(UsageError, match="--reid says what boxes look like, and nothing compares that"):
        model.track(scene[:1], reid=looks)
    with pytest.raises(TrackerError, match='with compat="classic" ended ids come back by themselves'):
        model.track(scene[:1], reid=looks, gallery=60, compat="classic")
    with pytest.raises(UsageError, match="gallery is -1; it must lie between 0 and 1e"):
        model.track(scene[:1], gallery=-1)
    (tmp_path / "det.txt").write_text("1,-1,10,10,40,80,0.9\n")
    with pytest.raises(UsageError, match="gallery needs features, and text has none"):
        model.track(write_clip(tmp_path / "a.mp4", 3), detections=tmp_path / "det.txt", gallery=60)


def test_given_detections_are_looked_at_too(model, scene, looks, tmp_path):
    clip = write_clip(tmp_path / "turn.mp4", 4, picture=lambda index: scene[index])
    (tmp_path / "det.txt").write_text("".join(f"{frame},-1,10,10,300,390,0.9\n" for frame in (1, 2, 3, 4)))
    results = model.track(clip, detections=tmp_path / "det.txt", gallery=60, reid=looks)
    assert ids(results) == [[1]] * 4
    assert np.linalg.norm(results[-1].detections.features[0]) == pytest.approx(1, abs=1e-5)


def test_frame_by_frame_it_goes_on_and_cannot_change_midway(model, scene, looks):
    words = {"classes": [0], "reid": looks, "gallery": 60, "persist": True}
    model.track(scene[0], **(words | {"persist": False}))
    last = [model.track(frame, **words)[0].boxes.id.tolist() for frame in scene][-1]
    assert last == [1]
    with pytest.raises(TrackerError, match="gallery=0 cannot begin or end while there are tracks"):
        model.track(scene[0], **(words | {"gallery": 0}))
    with pytest.raises(TrackerError, match="cannot take over from"):
        model.track(scene[0], **(words | {"reid": None}))


def test_results_without_a_frame_cannot_be_looked_at(model, scene, looks):
    reentry = model.start(_options(scene[:1], reid=looks, gallery=60)).follower.reentry
    seen = replace(model.predict(scene[:1])[0], orig_img=None)
    with pytest.raises(SourceError, match="--reid looks at frames"):
        reentry.look(seen)
