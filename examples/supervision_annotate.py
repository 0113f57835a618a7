"""Draw and count with supervision.

Every result comes out as `supervision.Detections`; a line in the middle of the picture counts who crosses it.

    python supervision_annotate.py [VIDEO] [OUTPUT.mp4]
"""

import sys

import supervision as sv

from numa_deploy import YOLO
from numa_deploy.yolo.bundled import sample_clip


def main() -> None:
    """Track, draw boxes with ids, count crossings."""
    source = sys.argv[1] if len(sys.argv) > 1 else str(sample_clip())
    target = sys.argv[2] if len(sys.argv) > 2 else "annotated.mp4"
    info = sv.VideoInfo.from_video_path(source)
    middle = sv.LineZone(sv.Point(info.width // 2, 0), sv.Point(info.width // 2, info.height))
    boxes, labels = sv.BoxAnnotator(color_lookup=sv.ColorLookup.TRACK), sv.LabelAnnotator()
    with sv.VideoSink(target, info) as sink:
        for result in YOLO().track(source, stream=True):
            found = result.to_supervision()
            middle.trigger(found)
            picture = boxes.annotate(result.frame().copy(), found)
            words = [f"{name} {track}" for name, track in zip(found["class_name"], found.tracker_id, strict=True)]
            sink.write_frame(labels.annotate(picture, found, words))
    print(f"{middle.in_count} crossed one way, {middle.out_count} the other; {target}")


if __name__ == "__main__":
    main()
