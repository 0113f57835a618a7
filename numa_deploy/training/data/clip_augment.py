"""Augmentation of clips: one draw for all frames of a clip, so that motion stays motion."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy.training.augment_options import AugmentOptions
from numa_deploy.training.data.clips import Clip, Floats

Matrix = NDArray[np.float32]

_SMALLEST_SIDE = 2.0
_LEAST_AREA = 0.1
"""A box of which the picture shows less than this share is no label any more."""


def augment_clip(clip: Clip, options: AugmentOptions, flip: NDArray[np.int64] | None, rng: np.random.Generator) -> Clip:
    """Return a changed copy of a clip.

    Args:
        clip: what to change.
        options: how much.
        flip: each keypoint's partner in a mirror; None: keypoints that cannot be mirrored, so nothing is.
        rng: where chance comes from.
    """
    height, width = clip.frames.shape[-2:]
    mirrored = bool(rng.random() < options.fliplr) and flip is not None
    matrix = _matrix((height, width), options, rng, mirrored=mirrored)
    frames = _warped(clip.frames, matrix)
    frames = _lit(frames, options, rng)
    if rng.random() < options.erase:
        _cover(frames, rng)
    moved = _moved(clip, matrix, (height, width))
    if mirrored and flip is not None and moved.keypoints.shape[1] == len(flip):
        moved.keypoints = moved.keypoints[:, flip]
    moved.frames = frames
    return moved


def _matrix(size: tuple[int, int], options: AugmentOptions, rng: np.random.Generator, *, mirrored: bool) -> Matrix:
    """Return the affine map (2, 3) of pixels: about the middle turned, scaled, mirrored, then shifted."""
    height, width = size
    angle = np.radians(rng.uniform(-options.degrees, options.degrees))
    scale = rng.uniform(1 - options.scale, 1 + options.scale)
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    middle = np.array([width, height]) / 2
    shift = rng.uniform(-options.translate, options.translate, 2) * (width, height)
    return np.concatenate([turn, (middle + shift - turn @ middle)[:, None]], 1).astype(np.float32)


def _warped(frames: NDArray[np.uint8], matrix: Matrix) -> NDArray[np.uint8]:
    height, width = frames.shape[-2:]
    if np.allclose(matrix, [[1, 0, 0], [0, 1, 0]]):
        return frames.copy()
    # Labels count pixel i as i to i + 1, OpenCV's pixel i lies at i: half a pixel apart.
    pixels = matrix.copy()
    pixels[:, 2] += 0.5 * pixels[:, :2].sum(axis=1) - 0.5
    out = np.empty_like(frames)
    for source, target in zip(frames.reshape(-1, height, width), out.reshape(-1, height, width), strict=True):
        cv2.warpAffine(
            source, pixels, (width, height), dst=target, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
            borderValue=(114,),
        )  # fmt: skip
    return out


def _lit(frames: NDArray[np.uint8], options: AugmentOptions, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Change brightness, contrast and gamma alike in all frames, blur them, and add noise to each."""
    if options.hsv_v:
        low, high = 1 - options.hsv_v, 1 + options.hsv_v
        contrast, gamma = rng.uniform(low, high), rng.uniform(low, high)
        shift = 255 * rng.uniform(-0.2, 0.2) * options.hsv_v
        levels = (np.arange(256) / 255.0) ** gamma * 255
        table = np.clip((levels - 114) * contrast + 114 + shift, 0, 255).astype(np.uint8)
        frames = np.asarray(cv2.LUT(frames.reshape(-1, frames.shape[-1]), table), np.uint8).reshape(frames.shape)
    if rng.random() < options.blur:
        sigma = rng.uniform(0.4, 1.2)
        flat = frames.reshape(-1, *frames.shape[-2:])
        frames = np.stack([np.asarray(cv2.GaussianBlur(one, (0, 0), sigma)) for one in flat]).reshape(frames.shape)
    level = rng.uniform(0, options.noise)
    if level > 0.5:
        tile = rng.normal(0, level, (frames.shape[-2] + 32, frames.shape[-1] + 32)).astype(np.int8)
        for one in frames.reshape(-1, *frames.shape[-2:]):
            y, x = rng.integers(0, 32, 2)
            part = tile[y : y + one.shape[0], x : x + one.shape[1]]
            np.clip(one + part.astype(np.int16), 0, 255, out=one, casting="unsafe")
    return frames


def _cover(frames: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Cover a patch in all frames with one grey, as a post or a banner would; labels stay."""
    height, width = frames.shape[-2:]
    h, w = int(rng.uniform(0.03, 0.15) * height), int(rng.uniform(0.02, 0.1) * width)
    y, x = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
    frames[..., y : y + h, x : x + w] = rng.integers(0, 256)


def _moved(clip: Clip, matrix: Matrix, size: tuple[int, int]) -> Clip:
    """Return a clip's labels where an affine map takes them, cut at the picture's edges."""
    height, width = size
    balls, following = [], []
    for now, then in zip(clip.balls, clip.following, strict=True):
        here, there = _mapped(now, matrix), _mapped(then, matrix)
        inside = np.logical_and(here >= 0, here < (width, height)).all(axis=1)
        out = ~np.logical_and(there >= 0, there < (width, height)).all(axis=1)  # NaN compares false
        there[out] = np.nan
        balls.append(here[inside])
        following.append(there[inside])
    corners = clip.boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    placed = _mapped(corners.reshape(-1, 2), matrix).reshape(-1, 4, 2)
    whole = np.concatenate([placed.min(1), placed.max(1)], 1)
    cut = np.clip(whole, 0, [width, height, width, height]).astype(np.float32)
    sides, before = cut[:, 2:] - cut[:, :2], whole[:, 2:] - whole[:, :2]
    kept = (sides > _SMALLEST_SIDE).all(1) & (sides.prod(1) > _LEAST_AREA * before.prod(1))
    points = clip.keypoints.copy()
    points[..., :2] = _mapped(points[..., :2].reshape(-1, 2), matrix).reshape(points[..., :2].shape)
    seen = (points[..., 2] > 0) & np.logical_and(points[..., :2] >= 0, points[..., :2] < (width, height)).all(axis=2)
    points *= seen[..., None]
    return Clip(clip.frames, balls, following, clip.ball_known, cut[kept], points[kept], clip.players_known, clip.name)


def _mapped(points: Floats, matrix: Matrix) -> Floats:
    out: Floats = (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    return out
