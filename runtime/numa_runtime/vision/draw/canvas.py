"""One frame's picture: boxes and skeletons first, balls over them, labels last so that nothing crosses them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import Detections, Frame, Results
from numa_runtime.vision.draw.apart import places_apart
from numa_runtime.vision.draw.ball import draw_ball_ids, draw_ball_trails, draw_balls, draw_box_trails
from numa_runtime.vision.draw.colors import Colors
from numa_runtime.vision.draw.court_map import draw_court_map
from numa_runtime.vision.draw.label import Corners, draw_label, label_size
from numa_runtime.vision.draw.palette import Color
from numa_runtime.vision.draw.skeleton import draw_keypoints
from numa_runtime.vision.draw.trails import Trails
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import LEAST_LINE, Style, Weights

cv2 = import_cv2()

_LOW_PART = 0.15
"""Thinner skeletons for people whose box is lower than this part of the frame."""


def draw_on(result: Results, frame: Frame, style: Style, trails: Trails | None) -> Frame:
    """Return a BGR copy of `frame`, uint8 (h, w, 3) or grey (h, w), with everything `style` asks for."""
    image = cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR) if frame.ndim == 2 else np.array(frame, order="C")
    weights = Weights.of(style, image.shape[0], image.shape[1])
    found = result.detections
    dealt = Colors() if trails is None else trails.colors
    colors = dealt.of(_numbers(found, style.color_by).tolist())
    corners = _corners(found, image.shape)
    if trails is not None:
        draw_box_trails(image, trails, dict(zip(found.id.tolist(), colors, strict=True)), weights.line)
    if style.show_boxes:
        _boxes(image, found, corners, colors, weights)
    if style.show_keypoints and found.keypoints.size:
        _skeletons(image, found, corners, colors, style, weights.line)
    if style.show_balls:
        if trails is not None:
            draw_ball_trails(image, trails, weights.line)
        draw_balls(image, result.ball_records, weights.line)
    if style.show_boxes and (style.show_labels or style.show_conf):
        _labels(image, result, corners, colors, style, weights)
    if style.show_balls and style.show_labels:
        draw_ball_ids(image, result.ball_records, weights)
    if result.court is not None:
        draw_court_map(image, result.court, dict(zip(found.id.tolist(), colors, strict=True)), weights)
    return image


def _boxes(
    image: NDArray[Any], found: Detections, corners: list[Corners | None], colors: list[Color], weights: Weights
) -> None:
    """Draw the boxes, thinner those of tracks that only a low detection kept."""
    rescued = [False] * len(found) if found.rescued is None else found.rescued.tolist()
    for corner, color, weak in zip(corners, colors, rescued, strict=True):
        if corner:
            cv2.rectangle(image, corner[:2], corner[2:], color, max(1, weights.line // 2) if weak else weights.line)


def _labels(
    image: NDArray[Any],
    result: Results,
    corners: list[Corners | None],
    colors: list[Color],
    style: Style,
    weights: Weights,
) -> None:
    """Draw the labels apart from each other, the first ones last: what still overlaps is the last ones'."""
    drawn = [(corner, label_text(result, at, style), colors[at]) for at, corner in enumerate(corners) if corner]
    sizes = [label_size(text, weights) for _, text, _ in drawn]
    places = places_apart([corner for corner, _, _ in drawn], sizes, image.shape, weights.line)
    for where, (_, text, color) in zip(reversed(places), reversed(drawn), strict=True):
        draw_label(image, where, text, color, weights)


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
        draw_keypoints(image, points, style, max(min(line, LEAST_LINE), line - 1) if small else line, color)
