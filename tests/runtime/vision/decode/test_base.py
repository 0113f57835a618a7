"""The way back to source pixels, and what a missing output says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from vision_specs import spec

from numa_runtime.contract import Layout, LetterboxRule
from numa_runtime.errors import ContractError
from numa_runtime.results import BallRecords, Detections
from numa_runtime.vision.decode import Decoded, DecodeOptions, decoder_for, to_source
from numa_runtime.vision.letterbox import fit


@pytest.mark.parametrize("layout", [layout for layout in Layout if not layout.is_heat_maps])
def test_every_layout_has_a_decoder_and_says_what_it_misses(layout):
    decode = decoder_for(spec(layout, outputs=("boxes", "scores", "balls") if layout is Layout.MULTITASK else ("x",)))
    with pytest.raises(ContractError, match=r"the artifact gives no output '\w+'; it gives: other \[1, 2\]") as error:
        decode({"other": np.zeros((1, 2), np.float32)}, 0, DecodeOptions())
    assert "numa-deploy inspect" in error.value.hint


def test_heat_maps_are_not_decoded_here():
    with pytest.raises(ContractError, match="gives heat maps, which") as error:
        decoder_for(spec(Layout.HEAT_MAPS, outputs=("heat",)), where="net.onnx")
    assert error.value.hint == "numa-deploy adopt net.onnx --family tracknet"


def test_an_unknown_layout_is_refused():
    with pytest.raises(ContractError, match="no decoder for the layout 'ssd'; known: candidates, final"):
        decoder_for(replace(spec(), layout="ssd"))


def test_wrong_rank_is_named():
    outputs = {"boxes": np.zeros((5, 4), np.float32), "scores": np.zeros((1, 5, 3), np.float32)}
    with pytest.raises(
        ContractError, match=r"output 'boxes' must have 3 axes; the artifact gives: boxes \[5, 4\], sco"
    ):
        decoder_for(spec())(outputs, 0, DecodeOptions())


def test_everything_goes_back_to_source_pixels():
    transform = fit((720, 1280), (640, 640), LetterboxRule())
    keypoints = np.array([[[320, 320, 0.9]]], np.float32)
    balls = np.array([[[100, 240, 110, 250, 0.8, 0]], [[200, 340, 0, 0, 0.7, 0]]], np.float32)
    found = Decoded(Detections.of([[-5, 140, 320, 660]], [0.5], [2], keypoints), BallRecords.of(balls[1]), window=balls)
    back = to_source(found, transform)
    assert back.detections.xyxy.tolist() == [[0, 0, 640, 720]]
    assert back.detections.keypoints.tolist() == [[[640, 360, pytest.approx(0.9)]]]
    assert back.balls.xy.tolist() == [[400, 400]]
    assert back.balls.next_xy.tolist() == [[0, -280]], "a forecast may lie outside the picture"
    assert back.window[0, 0, :4].tolist() == [200, 200, 220, 220]
    assert back.window[0, 0, 4] == np.float32(0.8)
    assert found.detections.xyxy[0, 0] == -5, "the decoded arrays stay as they were"
    assert found.window[0, 0, 0] == 100


def test_nothing_goes_back_as_nothing():
    back = to_source(Decoded(Detections.empty(17)), fit((720, 1280), (640, 640), LetterboxRule()))
    assert len(back.detections) == len(back.balls) == len(back.window) == 0
    assert back.detections.keypoints.shape == (0, 17, 3)
    assert back.detections.xyxy.dtype == np.float32


def test_a_frame_that_the_clip_does_not_have_holds_no_balls():
    window = np.array([[[1, 2, 3, 4, 0.9, 0]]], np.float32)
    found = Decoded(Detections.empty(), window=window)
    assert found.balls_at(-1, 0.5).xy.tolist() == [[1, 2]]
    assert len(found.balls_at(-2, 0.5)) == len(found.balls_at(1, 0.5)) == 0
    assert len(Decoded(Detections.empty()).balls_at(-1, 0.5)) == 0
