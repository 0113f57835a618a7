"""One frame's picture: boxes and skeletons first, balls over them, labels last so that nothing crosses them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import Detections, Frame, Results
from numa_runtime.vision.draw.ball import draw_ball_ids, draw_balls, draw_trails
from numa_runtime.vision.draw.label import draw_label
from numa_runtime.vision.draw.palette import Color, color_of
from numa_runtime.vision.draw.skeleton import draw_keypoints
from numa_runtime.vision.draw.trails import Trails
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import Style, Weights

cv2 = import_cv2()

Corners = tuple[int, int, int, int]

_LOW_PART = 0.15
"""Thinner skeletons for people whose box is lower than this part of the frame."""


def draw_on(result: Results, frame: Frame, style: Style, trails: Trails | None) -> Frame:
    """Return a BGR copy of `frame`, uint8 (h, w, 3) or grey (h, w), with everything `style` asks for."""
    image = cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR) if frame.ndim == 2 else np.array(frame, order="C")
    weights = Weights.of(style, image.shape[0], image.shape[1])
    found = result.detections
    colors = [color_of(number) for number in _numbers(found, style.color_by).tolist()]
    corners = _corners(found, image.shape)
    if style.show_boxes:
        for corner, color in zip(corners, colors, strict=True):
            if corner:
                cv2.rectangle(image, corner[:2], corner[2:], color, weights.line)
    if style.show_keypoints and found.keypoints.size:
        _skeletons(image, found, corners, colors, style, weights.line)
    if trails is not None and style.show_balls:
        draw_trails(image, trails, weights.line)
    if style.show_balls:
        draw_balls(image, result.ball_records, weights.line)
    if style.show_boxes and (style.show_labels or style.show_conf):
        for at in range(len(found) - 1, -1, -1):
            corner = corners[at]
            if corner:
                draw_label(image, corner, label_text(result, at, style), colors[at], weights)
    if style.show_balls and style.show_labels:
        draw_ball_ids(image, result.ball_records, weights)
    return image


def label_text(result: Results, at: int, style: Style) -> str:
    """Return "#12 person 0.87": id where tracked, name, score, as `style` wants them."""
    found, words = result.detections, []
    if style.show_labels:
        track, kind = int(found.id[at]), int(found.cls[at])
        words += [f"#{track}"] if track >= 0 else []
        words.append(result.names.get(kind, str(kind)))
    if style.show_conf:
        words.append(f"{found.conf[at]:.2f}")
    return " ".join(words)


def _numbers(found: Detections, color_by: str | None) -> NDArray[np.int64]:
    """Return the number whose colour each object has."""
    if color_by == "class":
        return found.cls
    return np.where(found.id >= 0, found.id, found.cls if color_by is None else np.arange(len(found)))


def _corners(found: Detections, shape: tuple[int, ...]) -> list[Corners | None]:
    """Return whole-pixel corners inside the picture; None for boxes that are not finite."""
    finite = np.isfinite(found.xyxy.sum(axis=1, dtype=np.float64))
    last = np.array([shape[1] - 1, shape[0] - 1] * 2, np.float32)
    whole = np.clip(np.rint(np.nan_to_num(found.xyxy)), 0, last).astype(np.int64)
    return [(a, b, c, d) if ok else None for (a, b, c, d), ok in zip(whole.tolist(), finite.tolist(), strict=True)]


def _skeletons(
    image: NDArray[Any], found: Detections, corners: list[Corners | None], colors: list[Color], style: Style, line: int
) -> None:
    low = _LOW_PART * image.shape[0]
    for corner, points, color in zip(corners, found.keypoints, colors, strict=True):
        small = corner is not None and corner[3] - corner[1] < low
        draw_keypoints(image, points, style, max(1, line - 1) if small else line, color)
