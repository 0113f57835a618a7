"""Augmentation of clips: one draw for all frames of a clip, so that motion stays motion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.augment_options import Augmentation
from numa_deploy.training.data.affine import (
    Matrix,
    draw_matrix,
    is_still,
    move_boxes,
    move_keypoints,
    move_points,
    warp,
)  # fmt: skip
from numa_deploy.training.data.clips import Clip
from numa_deploy.training.data.light import blur_and_noise, change_light, cover


def augment_clip(clip: Clip, options: Augmentation, flip: NDArray[np.int64] | None, rng: np.random.Generator) -> Clip:
    """Return a changed copy of a clip.

    Args:
        clip: what to change.
        options: how much.
        flip: each keypoint's partner in a mirror; None: keypoints that cannot be mirrored, so nothing is.
        rng: where chance comes from.
    """
    height, width = size = clip.frames.shape[-2:]
    mirrored = bool(rng.random() < options.fliplr) and flip is not None
    upside_down = options.flipud > 0 and bool(rng.random() < options.flipud) and flip is not None
    matrix = draw_matrix(size, size, options, rng, mirrored=mirrored, upside_down=upside_down)
    frames = _warped(clip.frames, matrix)
    if options.hsv_v:
        frames = change_light(frames, options.hsv_v, rng)
    frames = blur_and_noise(frames, options, rng)
    if rng.random() < options.erase:
        cover(frames, rng)
    moved = _moved(clip, matrix, (height, width))
    # Either flip alone makes a mirror image, in which left is right; both together only turn the picture.
    if mirrored != upside_down and flip is not None and moved.keypoints.shape[1] == len(flip):
        moved.keypoints = moved.keypoints[:, flip]
    moved.frames = frames
    return moved


def _warped(frames: NDArray[np.uint8], matrix: Matrix) -> NDArray[np.uint8]:
    height, width = frames.shape[-2:]
    if is_still(matrix):
        return frames.copy()
    out = np.empty_like(frames)
    for source, target in zip(frames.reshape(-1, height, width), out.reshape(-1, height, width), strict=True):
        warp(source, matrix, (height, width), target)
    return out


def _moved(clip: Clip, matrix: Matrix, size: tuple[int, int]) -> Clip:
    """Return a clip's labels where an affine map takes them, cut at the picture's edges."""
    height, width = size
    balls, following = [], []
    for now, then in zip(clip.balls, clip.following, strict=True):
        here, there = move_points(now, matrix), move_points(then, matrix)
        inside = np.logical_and(here >= 0, here < (width, height)).all(axis=1)
        out = ~np.logical_and(there >= 0, there < (width, height)).all(axis=1)  # NaN compares false
        there[out] = np.nan
        balls.append(here[inside])
        following.append(there[inside])
    cut, kept = move_boxes(clip.boxes, matrix, size)
    points = move_keypoints(clip.keypoints, matrix, size)
    return Clip(clip.frames, balls, following, clip.ball_known, cut[kept], points[kept], clip.players_known, clip.name)
