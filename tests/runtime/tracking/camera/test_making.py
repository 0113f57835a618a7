"""Every method finds a known camera motion on real images, and says when it cannot."""

from __future__ import annotations

import logging
import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_scene import corner_error, scene, shot, similarity
from numpy.testing import assert_array_equal
from support import shared_data

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.camera import CameraMotionMethod
from numa_runtime.tracking.camera.making import make_camera_motion

SIZE = (480, 720)
STILL = similarity(0, 1, 0, 0, SIZE)
LOOKING = [method for method in CameraMotionMethod if method is not CameraMotionMethod.NONE]
POINTS = [CameraMotionMethod.SPARSE_FLOW, CameraMotionMethod.ORB]
LIMIT_PX = {CameraMotionMethod.SPARSE_FLOW: 0.3, CameraMotionMethod.ORB: 0.7, CameraMotionMethod.ECC: 0.4}


def motion(method, before, after, boxes=(None, None), **options):
    camera = make_camera_motion(method, **options)
    camera.estimate(before, boxes[0])
    return camera.estimate(after, boxes[1]), camera


@pytest.mark.parametrize("method", LOOKING)
@pytest.mark.parametrize(
    "true",
    [(0, 1, 3.3, -2.1), (0, 1, -24.0, 13.0), (1.5, 1, 2.5, 4.0), (-2, 1, 9.25, -6.5)],
    ids=["short step", "long step", "turn", "turn and step"],
)
def test_turns_and_steps_are_found(method, true):
    true = similarity(*true, SIZE)
    found, camera = motion(method, shot(STILL, SIZE), shot(true, SIZE))
    assert found.shape == (2, 3)
    assert found.dtype == np.float64
    assert corner_error(found, true, SIZE) < LIMIT_PX[method]
    assert camera.failures == 0


@pytest.mark.parametrize("method", POINTS)
@pytest.mark.parametrize("zoom", [0.96, 1.04])
def test_zoom_is_found_where_the_method_has_it(method, zoom):
    true = similarity(0.5, zoom, 3, -2, SIZE)
    found, _ = motion(method, shot(STILL, SIZE), shot(true, SIZE))
    assert corner_error(found, true, SIZE) < LIMIT_PX[method]


def test_ecc_gives_a_turn_and_a_step_only():
    found, _ = motion("ecc", shot(STILL, SIZE), shot(similarity(1, 1.02, 3, 2, SIZE), SIZE))
    assert np.linalg.det(found[:, :2]) == pytest.approx(1, abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from(POINTS),
    st.floats(-3, 3),
    st.floats(0.95, 1.05),
    st.floats(-20, 20),
    st.floats(-20, 20),
)
def test_any_small_similarity_is_found(method, degrees, zoom, x, y):
    true = similarity(degrees, zoom, x, y, SIZE)
    found, _ = motion(method, shot(STILL, SIZE), shot(true, SIZE))
    assert corner_error(found, true, SIZE) < 1


@pytest.mark.parametrize("method", LOOKING)
@pytest.mark.parametrize("downscale", [1, 3])
def test_the_scale_is_taken_back(method, downscale):
    size = (481, 719)  # no multiple of 3
    true = similarity(1, 1, 6, -4, size)
    found, _ = motion(method, shot(similarity(0, 1, 0, 0, size), size), shot(true, size), downscale=downscale)
    assert corner_error(found, true, size) < downscale * 0.4


@pytest.mark.parametrize("method", LOOKING)
def test_grey_frames_do_as_well(method):
    true = similarity(1, 1, 5, 3, SIZE)
    frames = [cv2.cvtColor(shot(warp, SIZE), cv2.COLOR_BGR2GRAY) for warp in (STILL, true)]
    found, _ = motion(method, *frames)
    assert corner_error(found, true, SIZE) < LIMIT_PX[method]


def crowd(frame, step):
    """Paste an object with more texture than all else, covering most of the middle; return its box."""
    height, width = 330, 500
    x, y = 90 + step, 70
    frame = frame.copy()
    frame[y : y + height, x : x + width] = scene()[:height, :width][:, ::-1]
    return frame, np.array([[x, y, x + width, y + height]], np.float64)


@pytest.mark.parametrize("method", POINTS)
def test_what_moves_by_itself_is_left_out(method):
    true = similarity(0, 1, 4, -3, SIZE)
    (before, first), (after, second) = crowd(shot(STILL, SIZE), 0), crowd(shot(true, SIZE), -14)
    masked, _ = motion(method, before, after, (first, second))
    unmasked, _ = motion(method, before, after)
    assert corner_error(masked, true, SIZE) < 1
    assert corner_error(unmasked, true, SIZE) > 3  # it takes the object's motion for the camera's
    assert corner_error(masked, unmasked, SIZE) > 3


@pytest.mark.parametrize("method", LOOKING)
def test_a_small_object_does_no_harm_even_unmasked(method):
    true = similarity(0, 1, 4, -3, SIZE)
    before, after = shot(STILL, SIZE), shot(true, SIZE)
    before[200:300, 100:160] = after[200:300, 130:190] = scene()[:100, :60]
    found, _ = motion(method, before, after)
    assert corner_error(found, true, SIZE) < 1


@pytest.mark.parametrize("method", LOOKING)
def test_same_frames_same_bits(method):
    before, after = shot(STILL, SIZE), shot(similarity(1, 1.01, 5, 3, SIZE), SIZE)
    first, _ = motion(method, before, after)
    second, _ = motion(method, before, after)
    assert_array_equal(first, second)


@pytest.mark.parametrize("method", LOOKING)
def test_the_callers_frame_may_be_reused(method):
    true = similarity(0, 1, 6, 2, SIZE)
    camera = make_camera_motion(method, downscale=1)
    frame = cv2.cvtColor(shot(STILL, SIZE), cv2.COLOR_BGR2GRAY)
    camera.estimate(frame)
    frame[:] = cv2.cvtColor(shot(true, SIZE), cv2.COLOR_BGR2GRAY)
    assert corner_error(camera.estimate(frame), true, SIZE) < 0.7


@pytest.mark.parametrize("method", LOOKING)
def test_motion_is_from_frame_to_frame(method):
    steps = [similarity(0, 1, 5.0 * i, 2.0 * i, SIZE) for i in range(3)]
    camera = make_camera_motion(method)
    found = [camera.estimate(shot(step, SIZE)) for step in steps]
    assert_array_equal(found[0], np.eye(2, 3))
    for warp in found[1:]:
        assert corner_error(warp, similarity(0, 1, 5, 2, SIZE), SIZE) < 0.7


@pytest.mark.parametrize("method", LOOKING)
def test_failures_are_the_identity_counted_and_said_once(method, caplog):
    camera = make_camera_motion(method)
    flat = np.full((*SIZE, 3), 90, np.uint8)
    noise = np.random.default_rng(0).integers(0, 255, (*SIZE, 3)).astype(np.uint8)
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        assert_array_equal(camera.estimate(flat), np.eye(2, 3))
        assert camera.failures == 0  # a first frame has nothing to fail against
        for frame in (flat, noise, shot(STILL, SIZE)):
            assert_array_equal(camera.estimate(frame), np.eye(2, 3))
    assert camera.failures == 3
    (record,) = caplog.records
    assert record.getMessage().startswith(f"camera motion ({method}) not found for a frame: ")
    assert "the camera is assumed to stand still" in record.getMessage()


@pytest.mark.parametrize("method", LOOKING)
def test_another_size_starts_over(method, caplog):
    camera = make_camera_motion(method)
    camera.estimate(shot(STILL, SIZE))
    small = (240, 360)
    assert_array_equal(camera.estimate(shot(similarity(0, 1, 0, 0, small), small)), np.eye(2, 3))
    assert camera.failures == 1
    assert "it has 360x240 pixels after 720x480" in caplog.text
    true = similarity(0, 1, 3, 1, small)
    assert corner_error(camera.estimate(shot(true, small)), true, small) < 0.7


@pytest.mark.parametrize("method", LOOKING)
def test_reset_forgets(method):
    camera = make_camera_motion(method)
    camera.estimate(shot(STILL, SIZE))
    camera.estimate(np.zeros(SIZE, np.uint8))
    assert camera.failures == 1
    camera.reset()
    assert camera.failures == 0
    assert_array_equal(camera.estimate(shot(similarity(0, 1, 9, 0, SIZE), SIZE)), np.eye(2, 3))
    assert camera.failures == 0


@pytest.mark.parametrize("method", LOOKING)
@pytest.mark.parametrize("shape", [(20, 30), (1, 1), (0, 0), (0, 5, 3)])
def test_tiny_frames_are_failures(method, shape):
    camera = make_camera_motion(method)
    for _ in range(2):
        assert_array_equal(camera.estimate(np.zeros(shape, np.uint8)), np.eye(2, 3))
    assert camera.failures == 2


@pytest.mark.parametrize("method", LOOKING)
def test_odd_boxes_are_fine(method):
    true = similarity(0, 1, 3, -2, SIZE)
    boxes = np.array([[np.nan, 0, 5, 5], [-90, -90, 40, 40], [700, 400, 9e9, np.inf], [50, 50, 40, 40], [0, 0, 0, 0]])
    found, camera = motion(method, shot(STILL, SIZE), shot(true, SIZE), (boxes, boxes.astype(np.float32)))
    assert corner_error(found, true, SIZE) < LIMIT_PX[method]
    everything = np.array([[0, 0, 720, 480]])
    assert_array_equal(camera.estimate(shot(STILL, SIZE), everything), np.eye(2, 3))
    assert camera.failures == 1


@pytest.mark.parametrize("method", LOOKING)
def test_one_opencv_thread_and_the_callers_number_after_it(method):
    camera = make_camera_motion(method)
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(2)
        camera.estimate(shot(STILL, SIZE))
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)


def test_none_is_the_identity_and_looks_at_nothing():
    camera = make_camera_motion("none")
    camera.estimate(shot(STILL, SIZE))
    assert_array_equal(camera.estimate(shot(similarity(0, 1, 9, 9, SIZE), SIZE)), np.eye(2, 3))
    camera.reset()
    assert camera.failures == 0


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        (np.zeros((480, 720, 3), np.float32), "a frame of float32 (480, 720, 3) cannot be compared with the last one"),
        (np.zeros((480, 720, 4), np.uint8), "a frame of uint8 (480, 720, 4) cannot be compared with the last one"),
        (None, "a frame of NoneType cannot be compared with the last one"),
    ],
)
def test_wrong_frames(frame, what):
    with pytest.raises(TrackerError) as error:
        make_camera_motion("orb").estimate(frame)
    assert error.value.what == what
    assert error.value.hint == "give uint8 (h, w, 3) BGR or (h, w) grey"


@pytest.mark.parametrize("boxes", [np.zeros((3, 5)), np.zeros(4), [["a", "b", "c", "d"]]])
def test_wrong_boxes(boxes):
    with pytest.raises(TrackerError, match="cannot be masked out of a frame") as error:
        make_camera_motion("orb").estimate(np.zeros((64, 64), np.uint8), boxes)
    assert error.value.hint == "give (n, 4) x1, y1, x2, y2"


@pytest.mark.parametrize("downscale", [0, -1, 1.5, True, "2"])
def test_wrong_downscale(downscale):
    with pytest.raises(TrackerError, match="is not a whole number of 1 or more"):
        make_camera_motion("ecc", downscale=downscale)


def test_importing_it_loads_no_opencv():
    code = "import sys, numa_runtime.tracking.camera; print(sorted({'cv2', 'numba', 'torch'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.slow
@pytest.mark.parametrize("method", LOOKING)
def test_real_footage_lies_still_after_the_warp(method):
    """MOT17-04's camera stands: what is found there must be next to nothing."""
    folder = shared_data("frames", "MOT17-mini", "MOT17-04-FRCNN", "img1")
    frames = [cv2.imread(str(path)) for path in sorted(folder.glob("*.jpg"))]
    assert len(frames) >= 2
    camera = make_camera_motion(method)
    camera.estimate(frames[0])
    size = frames[0].shape[:2]
    errors = [corner_error(camera.estimate(frame), np.eye(2, 3), size) for frame in frames[1:]]
    assert max(errors) < 2
    assert camera.failures == 0
