"""Pictures of a result: written whole or not at all, cut out, shown in a window."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import NumaError, SinkError
from numa_runtime.files import atomic_path
from numa_runtime.results.records import Detections

log = logging.getLogger("numa_runtime")
_UNSAFE = re.compile(r"[^\w ().-]+")
_LONGEST = 60


def write_picture(target: Path, image: NDArray[np.uint8]) -> Path:
    """Write a BGR picture in the format of its name (JPEG without one).

    Raises:
        SinkError: a format that OpenCV cannot write, or a folder that cannot be written.
    """
    import cv2

    suffix = target.suffix or ".jpg"
    try:
        _, data = cv2.imencode(suffix, image)
    except cv2.error as error:
        raise SinkError(f"{target}: OpenCV cannot write {suffix} pictures", hint="name it .jpg or .png") from error
    with atomic_path(target) as part:
        part.write_bytes(data.tobytes())
    return target


def picture_name(name: str, frame_index: int) -> str:
    """Return where `save()` writes without being told: results_bus.jpg, or results_match_12.jpg for a video's frame."""
    import cv2

    stem = _safe(Path(name).stem, "frame")
    if Path(name).suffix and cv2.haveImageWriter(name):
        return f"results_{stem}{Path(name).suffix}"
    return f"results_{stem}_{frame_index + 1}.jpg"


def save_crops(
    frame: NDArray[np.uint8], found: Detections, names: Mapping[int, str], folder: Path, file_name: str
) -> list[Path]:
    """Write what lies in each box to FOLDER/CLASS/FILE_NAME, numbered where that exists; return the paths.

    A box is cut at the frame's edges; one that lies outside of the frame has no picture, and that is said.

    Raises:
        SinkError: as `write_picture` says.
    """
    name, written = Path(file_name), []
    for at, cut in _cuts(frame, found):
        kind = int(found.cls[at])
        home = folder / _safe(names.get(kind, ""), f"class{kind}")
        written.append(write_picture(_free(home, _safe(name.stem, "im"), name.suffix or ".jpg"), cut))
    if len(written) < len(found):
        log.warning("%d of %d boxes lie outside of the frame: they have no crop", len(found) - len(written), len(found))
    return written


def _cuts(frame: NDArray[np.uint8], found: Detections) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    height, width = frame.shape[:2]
    for at, corners in enumerate(found.xyxy.astype(np.float64)):
        if not np.isfinite(corners).all():
            continue
        x1, y1 = np.clip(np.floor(corners[:2]), 0, (width, height)).astype(int).tolist()
        x2, y2 = np.clip(np.ceil(corners[2:]), 0, (width, height)).astype(int).tolist()
        if x1 < x2 and y1 < y2:
            yield at, frame[y1:y2, x1:x2]


def _safe(text: str, fallback: str) -> str:
    """Return a text from a file as the name of a file or folder."""
    return _UNSAFE.sub("_", text).strip(" .")[:_LONGEST] or fallback


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path that does not exist: STEM, STEM-2, ...; thousands of them are not all looked at."""

    def path(number: int) -> Path:
        return folder / f"{stem}{f'-{number}' if number > 1 else ''}{suffix}"

    taken, free = 0, 1
    while path(free).exists():
        taken, free = free, 2 * free
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if path(middle).exists() else (taken, middle)
    return path(free)


def check_display(what: str, hint: str) -> None:
    """Raise where no window can be opened; OpenCV would end the whole process.

    Raises:
        SinkError: neither DISPLAY nor WAYLAND_DISPLAY is set.
    """
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise SinkError(f"{what} needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set", hint=hint)


def show_picture(title: str, image: NDArray[np.uint8], *, wait: bool) -> None:
    """Show a picture in a window, until a key is pressed if it is to wait.

    Raises:
        SinkError: there is no display, or OpenCV was built without windows.
    """
    import cv2

    check_display("show()", "save() writes the same picture")
    try:
        cv2.imshow(title, image)
        cv2.waitKey(0 if wait else 1)
        if wait:
            cv2.destroyWindow(title)
    except cv2.error as error:
        raise SinkError(
            "this OpenCV cannot open windows", hint="pip install opencv-python in place of opencv-python-headless"
        ) from error


def as_pil(image: NDArray[np.uint8]) -> Any:
    """Return a BGR picture as a PIL image.

    Raises:
        NumaError: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise NumaError("plot(pil=True) needs the package Pillow", hint="pip install pillow") from error
    return Image.fromarray(image[..., ::-1].copy())
