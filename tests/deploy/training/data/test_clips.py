"""Clips: which frames, whose balls now and next, forwards and backwards."""

import numpy as np
import pytest
from memory_growth import growth

from numa_benchmarks.labels.rally_records import FrameLabels
from numa_deploy.training.augment_options import CLIPS
from numa_deploy.training.data.clip_loader import ClipSamples
from numa_deploy.training.data.clips import take_clip
from numa_deploy.training.data.fitted import FittedRally
from numa_runtime.contract import LetterboxRule
from numa_runtime.vision.letterbox import fit

SIZE = (8, 8)
BOX = [[0, 0, 4, 4]]


def rally(*balls, known=None):
    """One frame per argument, a list of balls; frame k is filled with k."""
    frames = np.stack([np.full((1, *SIZE), k, np.uint8) for k in range(len(balls))])
    labels = [FrameLabels.of(found, BOX, np.full((1, 2, 3), k)) for k, found in enumerate(balls)]
    for place in known or ():
        labels[place] = FrameLabels.unknown(2)
    return FittedRally("r", frames, tuple(labels), fit(SIZE, SIZE, LetterboxRule()))


WALK = [[(k, 2 * k)] for k in range(6)]


def numbers(clip):
    return clip.frames[:, 0, 0, 0].tolist()


def test_frames_end_with_the_newest():
    clip = take_clip(rally(*WALK), 4, 3)
    assert numbers(clip) == [2, 3, 4]
    assert [now.tolist() for now in clip.balls] == [[[2, 4]], [[3, 6]], [[4, 8]]]
    assert [then.tolist() for then in clip.following] == [[[3, 6]], [[4, 8]], [[5, 10]]]
    assert clip.keypoints.tolist() == np.full((1, 2, 3), 4).tolist()
    assert clip.name == "r frame 4"


def test_the_first_frame_stands_in_for_those_before_it():
    clip = take_clip(rally(*WALK), 1, 4)
    assert numbers(clip) == [0, 0, 0, 1]
    # A repeated frame is followed by itself: its ball stays.
    assert [then.tolist() for then in clip.following] == [[[0, 0]], [[0, 0]], [[1, 2]], [[2, 4]]]


def test_next_of_the_last_frame_needs_a_frame_that_exists():
    assert np.isnan(take_clip(rally(*WALK), 5, 2).following[-1]).all()
    assert np.isnan(take_clip(rally(*WALK, known=[4]), 3, 2).following[-1]).all()
    assert take_clip(rally(*WALK), 4, 2).following[-1].tolist() == [[5, 10]]


def test_backwards_the_next_is_the_frame_before():
    clip = take_clip(rally(*WALK), 2, 3, backwards=True)
    assert numbers(clip) == [4, 3, 2]
    assert [now.tolist() for now in clip.balls] == [[[4, 8]], [[3, 6]], [[2, 4]]]
    assert [then.tolist() for then in clip.following] == [[[3, 6]], [[2, 4]], [[1, 2]]]
    assert clip.boxes.tolist() == BOX
    assert clip.keypoints.tolist() == np.full((1, 2, 3), 2).tolist()


def test_backwards_the_last_frame_stands_in_for_those_after_it():
    clip = take_clip(rally(*WALK), 4, 4, backwards=True)
    assert numbers(clip) == [5, 5, 5, 4]
    assert np.isnan(take_clip(rally(*WALK), 0, 2, backwards=True).following[-1]).all()


def test_of_several_balls_each_goes_to_the_nearest():
    clip = take_clip(rally([(0, 0), (200, 0)], [(203, 0), (2, 0)], [(3, 0)]), 2, 3)
    assert clip.following[0].tolist() == [[2, 0], [203, 0]]
    assert clip.following[1][1].tolist() == [3, 0]
    assert np.isnan(clip.following[1][0]).all()  # 200 px away: another ball


def test_what_nobody_labelled_is_not_known():
    clip = take_clip(rally(*WALK, known=[3]), 3, 3)
    assert clip.ball_known.tolist() == [True, True, False]
    assert np.isnan(clip.following[1]).all()
    assert not clip.players_known
    assert take_clip(rally(*WALK, known=[3]), 4, 3).players_known


def test_a_frame_without_a_ball_is_known_to_have_none():
    clip = take_clip(rally([(1, 1)], [], [(3, 3)]), 2, 3)
    assert clip.ball_known.all()
    assert [len(now) for now in clip.balls] == [1, 0, 1]
    assert np.isnan(clip.following[0]).all()


@pytest.mark.parametrize("backwards", [False, True])
def test_labels_of_the_rally_stay_as_they_are(backwards):
    source = rally(*WALK)
    clip = take_clip(source, 3, 3, backwards=backwards)
    clip.frames[:] = 99
    assert source.frames[3].max() == 3


def test_memory_does_not_grow_with_the_clips_that_were_seen():
    many = [[(k % 8, k % 5)] for k in range(40)]
    samples = ClipSamples([rally(*many)], 10, CLIPS, np.array([1, 0]), seed=3)
    grown = growth(samples, 40, 400)
    assert grown < 20_000, f"{grown} bytes in 360 clips of 10 frames of {SIZE}"
