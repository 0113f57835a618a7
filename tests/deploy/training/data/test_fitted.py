"""Fitted rallies: frames and labels as prediction sees them, kept from one training to the next."""

from dataclasses import replace

import numpy as np
import pytest
from rally_files import write_rallies

from numa_benchmarks.labels.rallies import open_rallies
from numa_deploy.training.data.fitted import fit_rally
from numa_runtime.contract import Color, InputSpec
from numa_runtime.vision.letterbox import fit, letterbox

SPEC = InputSpec(None, None, frames=10, channels=1, color=Color.GRAY)
SQUARE = (64, 64)


@pytest.fixture(scope="module")
def rally(tmp_path_factory):
    return open_rallies(write_rallies(tmp_path_factory.mktemp("rallies"), train=1, frames=3), "train").rallies[0]


def test_frames_are_letterboxed_as_prediction_does(rally):
    fitted = fit_rally(rally, SPEC, SQUARE)
    expected = np.empty((1, *SQUARE), np.uint8)
    letterbox(rally.pictures.read(1), expected, SPEC.color, SPEC.letterbox)
    assert fitted.frames.shape == (3, 1, *SQUARE)
    assert np.array_equal(fitted.frames[1], expected)
    assert len(fitted) == 3


def test_labels_go_where_the_pixels_go(rally):
    fitted, transform = fit_rally(rally, SPEC, SQUARE), fit(rally.pictures.shape, SQUARE, SPEC.letterbox)
    ratio = np.array(transform.ratios)
    shift = np.array([transform.left, transform.top])
    source, ours = rally.labels[0], fitted.labels[0]
    assert shift[1] > 0  # a wide picture in a square has borders
    assert np.allclose(ours.balls, source.balls * ratio + shift, atol=1e-4)
    assert np.allclose(ours.boxes, source.boxes * [*ratio, *ratio] + [*shift, *shift], atol=1e-4)
    seen = source.keypoints[..., 2] > 0
    assert np.allclose(ours.keypoints[seen][:, :2], source.keypoints[seen][:, :2] * ratio + shift, atol=1e-4)
    assert (ours.keypoints[~seen] == 0).all()


def test_the_cache_is_used_again(rally, tmp_path, monkeypatch):
    first = fit_rally(rally, SPEC, SQUARE, tmp_path)
    assert isinstance(first.frames, np.memmap)
    assert np.array_equal(first.frames, fit_rally(rally, SPEC, SQUARE).frames)
    monkeypatch.setattr("numa_deploy.training.data.fitted.letterbox", None)  # it would have to be called
    again = fit_rally(rally, SPEC, SQUARE, tmp_path)
    assert np.array_equal(first.frames, again.frames)
    assert len(list(tmp_path.iterdir())) == 1


def test_another_size_colour_or_label_file_is_another_cache(rally, tmp_path):
    fit_rally(rally, SPEC, SQUARE, tmp_path)
    fit_rally(rally, SPEC, (32, 64), tmp_path)
    fit_rally(rally, replace(SPEC, channels=3, color=Color.BGR), SQUARE, tmp_path)
    rally.path.touch()
    fit_rally(rally, SPEC, SQUARE, tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
