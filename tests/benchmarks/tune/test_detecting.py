"""Detected once: the second time the detections come from the folder they were kept in."""

import logging

import cv2
import numpy as np
import pytest
from mot_files import write_mot

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.tune.detecting import detect_sequences
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictionOptions
from numa_runtime.tracking import load_params
from numa_runtime.tracking.params import BotSortParams

FRAMES = 6
BOXES = load_params("bytetrack")


def draw(number):
    """Return a grey frame with a red and a blue rectangle that move apart."""
    image = np.full((192, 256, 3), 90, np.uint8)
    image[40:100, 20 + 3 * number : 60 + 3 * number] = (0, 0, 255)
    image[90:160, 180 - 2 * number : 210 - 2 * number] = (255, 0, 0)
    return image


def truth():
    frame = np.repeat(np.arange(FRAMES), 2)
    red = np.arange(2 * FRAMES) % 2 == 0
    left = np.where(red, 20 + 3 * frame, 180 - 2 * frame)
    ltwh = np.stack([left, np.where(red, 40, 90), np.where(red, 40, 30), np.where(red, 60, 70)], axis=1)
    return MotTable.of(frame + 1, np.where(red, 1, 2), ltwh)


@pytest.fixture
def labelled(tmp_path):
    """Two sequences with their frames as images beside the truth."""
    for name in ("a", "b"):
        folder = tmp_path / "gt" / name
        write_mot(folder / "gt" / "gt.txt", truth())
        (folder / "img1").mkdir()
        for number in range(FRAMES):
            cv2.imwrite(str(folder / "img1" / f"{number + 1:06d}.png"), draw(number))
    (tmp_path / "gt" / "a" / "seqinfo.ini").write_text("[Sequence]\nframeRate=25\nseqLength=6\n")
    return tmp_path / "gt"


@pytest.fixture
def model(colour_session, tmp_path):
    def make(**options):
        session = colour_session()
        session.path = str(tmp_path / "colours.onnx")
        (tmp_path / "colours.onnx").write_bytes(b"a network")
        return Model(session, PredictionOptions(conf=0.01, **options))

    return make


def film(path):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 20.0, (256, 192))
    for number in range(FRAMES):
        writer.write(draw(number))
    writer.release()
    return path


def test_images_beside_the_truth(labelled, model, tmp_path, caplog):
    first = model()
    a, b = detect_sequences(labelled, None, first, BOXES, cache=tmp_path / "kept")
    assert first.session.calls == 2 * FRAMES
    assert [len(rows) for rows in a.detections] == [2] * FRAMES
    assert a.detections[2][np.argsort(a.detections[2][:, 0]), :4].tolist() == [[26, 40, 66, 100], [176, 90, 206, 160]]
    assert a.times[1] == pytest.approx(1 / 25)
    assert b.times is None
    again = model()
    with caplog.at_level(logging.INFO, "numa_runtime"):
        kept, _ = detect_sequences(labelled, None, again, BOXES, cache=tmp_path / "kept")
    assert again.session.calls == 0
    assert "img1: detections from" in caplog.text
    assert all(np.array_equal(one, two) for one, two in zip(a.detections, kept.detections, strict=True))


def test_other_options_or_another_network_detect_again(labelled, model, tmp_path):
    detect_sequences(labelled / "a", None, model(), BOXES, cache=tmp_path / "kept")
    others = model(max_det=1)
    (one,) = detect_sequences(labelled / "a", None, others, BOXES, cache=tmp_path / "kept")
    assert others.session.calls == FRAMES
    assert len(one.detections[0]) == 1
    trained = model()
    (tmp_path / "colours.onnx").write_bytes(b"another network")
    detect_sequences(labelled / "a", None, trained, BOXES, cache=tmp_path / "kept")
    assert trained.session.calls == FRAMES


def test_a_damaged_file_is_made_again(labelled, model, tmp_path, caplog):
    detect_sequences(labelled / "a", None, model(), BOXES, cache=tmp_path / "kept")
    (file,) = (tmp_path / "kept").glob("img1-*.npz")
    file.write_bytes(b"half")
    again = model()
    detect_sequences(labelled / "a", None, again, BOXES, cache=tmp_path / "kept")
    assert again.session.calls == FRAMES
    assert "is damaged: the clip is detected again" in caplog.text


def test_nowhere_to_keep_them_is_said(labelled, model, tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    (one,) = detect_sequences(labelled / "a", None, model(), BOXES, cache=tmp_path / "file" / "kept")
    assert one.frames == FRAMES
    assert "the detections are not kept" in caplog.text


def test_a_clip_for_a_sequence(labelled, model, tmp_path):
    counts = []
    (one,) = detect_sequences(
        labelled / "b",
        film(tmp_path / "holiday.mp4"),
        model(),
        BOXES,
        cache=tmp_path / "kept",
        progress=lambda done, total: counts.append((done, total)),
    )
    assert one.name == "b"
    assert one.times == pytest.approx(np.arange(FRAMES) / 20)
    assert counts[-1] == (FRAMES, FRAMES)


def test_clips_go_by_name(labelled, model, tmp_path):
    (tmp_path / "clips").mkdir()
    film(tmp_path / "clips" / "b.mp4")
    film(tmp_path / "clips" / "a.mp4")
    found = detect_sequences(labelled, tmp_path / "clips", model(), BOXES, cache=tmp_path / "kept")
    assert [each.name for each in found] == ["a", "b"]
    (tmp_path / "clips" / "a.mp4").rename(tmp_path / "clips" / "aa.mp4")
    with pytest.raises(DataError, match="a has no clip") as caught:
        detect_sequences(labelled, tmp_path / "clips", model(), BOXES, cache=tmp_path / "kept")
    assert "there is aa.mp4, b.mp4" in caught.value.hint


def test_labels_that_go_on_after_the_clip(labelled, model, tmp_path):
    longer = MotTable.of([9], [1], [[1, 1, 5, 5]])
    write_mot(labelled / "a" / "gt" / "gt.txt", longer)
    with pytest.raises(DataError, match="a: the ground truth goes to frame 9, the detections end at 6"):
        detect_sequences(labelled / "a", None, model(), BOXES, cache=tmp_path / "kept")


def test_no_images_and_no_clip(labelled, model, tmp_path):
    (labelled / "b" / "img1").rename(labelled / "b" / "frames")
    with pytest.raises(DataError, match="b has no images") as caught:
        detect_sequences(labelled, None, model(), BOXES, cache=tmp_path / "kept")
    assert "--source clip.mp4" in caught.value.hint
    with pytest.raises(DataError, match="holds no video"):
        detect_sequences(labelled, labelled / "b" / "frames", model(), BOXES, cache=tmp_path / "kept")


def test_the_cameras_motion_is_seen_for_trackers_that_want_it(labelled, model, tmp_path):
    """The world is turned to texture and shifted by 4 px a frame; what is seen once is kept."""
    texture = np.random.default_rng(0).integers(0, 120, (300, 400, 3), np.uint8)
    texture = cv2.GaussianBlur(texture, (0, 0), 3) * 2
    for number in range(FRAMES):
        view = np.ascontiguousarray(texture[20:212, 20 + 4 * number : 276 + 4 * number])
        view[40:100, 60:100] = (0, 0, 255)
        cv2.imwrite(str(labelled / "a" / "img1" / f"{number + 1:06d}.png"), view)
    moving = BotSortParams()
    for calls in (FRAMES, 0):
        fresh = model()
        (one,) = detect_sequences(labelled / "a", None, fresh, moving, cache=tmp_path / "kept")
        assert fresh.session.calls == calls
        assert one.warps.shape == (FRAMES, 2, 3)
        assert one.warps[3, 0, 2] == pytest.approx(-4, abs=0.3)
    (still,) = detect_sequences(labelled / "a", None, model(), BOXES, cache=tmp_path / "kept")
    assert still.warps is None
    half = one.part("half", 3, 6)
    assert np.array_equal(half.warps, one.warps[3:])
