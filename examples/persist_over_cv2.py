"""Read frames with OpenCV and keep the ids from call to call.

python persist_over_cv2.py [VIDEO or CAMERA NUMBER]
"""

import sys

import cv2

from numa_deploy import YOLO
from numa_deploy.yolo.bundled import sample_clip

SHOW = False  # True: a window; q ends the program


def main() -> None:
    """Track frame by frame, and tell when somebody comes and when somebody is gone for good."""
    source = sys.argv[1] if len(sys.argv) > 1 else str(sample_clip())
    video = cv2.VideoCapture(int(source) if source.isdecimal() else source)
    model, here, number = YOLO(), set(), 0
    while True:
        there, frame = video.read()
        if not there:
            break
        result = model.track(frame, persist=True)[0]  # without persist every call would start from id 1
        for track, label in zip(result.boxes.id.tolist(), result.boxes.cls.tolist(), strict=True):
            if track not in here:
                here.add(track)
                print(f"frame {number}: {result.names[label]} {track} came")
        for track in result.ended.boxes.tolist():
            here.discard(track)
            print(f"frame {number}: {track} is gone")
        if SHOW:
            cv2.imshow("numa-deploy", result.plot())
            if cv2.waitKey(1) == ord("q"):
                break
        number += 1
    print(f"{number} frames, {len(here)} still here")


if __name__ == "__main__":
    main()
