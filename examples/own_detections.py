"""Boxes from your own detector under lasting ids.

python own_detections.py [VIDEO]
"""

import sys

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy import YOLO, Tracker
from numa_deploy.yolo.bundled import sample_clip

model = YOLO()  # stands for your detector


def detect(frame: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return detections (n, 6): x1, y1, x2, y2, score, class. Put your own detector here.

    Weak detections belong to it, down to 0.1: they start no track, and keep one that is nearly hidden.
    """
    boxes = model.predict(frame, conf=0.1)[0].boxes
    return np.column_stack([boxes.xyxy, boxes.conf, boxes.cls]).astype(np.float64)


def main() -> None:
    """Track the video and print who is where."""
    video = cv2.VideoCapture(sys.argv[1] if len(sys.argv) > 1 else str(sample_clip()))
    rate = video.get(cv2.CAP_PROP_FPS) or 30.0
    tracker, number = Tracker("bytetrack", track_buffer_s=1.0), 0
    while True:
        there, frame = video.read()
        if not there:
            break
        detections = detect(frame)  # also where it is empty, (0, 6): time passes
        for *box, track, score, _, row in tracker.update(detections, timestamp=number / rate):
            print(f"frame {number}: id {track:.0f} at {np.round(box)}, your detection {row:.0f} (score {score:.2f})")
        number += 1
    print(f"{number} frames; {tracker.born} tracks were begun, {tracker.dropped} detections dropped")


if __name__ == "__main__":
    main()
