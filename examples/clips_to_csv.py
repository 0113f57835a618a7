"""A folder of clips into one table.

python clips_to_csv.py [FOLDER] [OUTPUT.csv]
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from numa_deploy import YOLO, NumaError, Results
from numa_deploy.yolo.bundled import sample_clip

VIDEOS = {".mp4", ".mov", ".mkv", ".avi", ".webm"}
COLUMNS = ("clip", "frame", "seconds", "id", "class", "score", "x1", "y1", "x2", "y2")


def rows_of(result: Results, clip: str) -> Iterator[tuple]:
    """Yield one row for every track of a frame."""
    boxes = result.boxes
    for box, score, label, track in zip(boxes.xyxy, boxes.conf, boxes.cls, boxes.id, strict=True):
        place = [round(float(side), 1) for side in box]
        name = result.names[int(label)]
        yield clip, result.frame_index, round(result.timestamp, 3), int(track), name, round(float(score), 3), *place


def main() -> None:
    """Track every clip with one model; a clip that cannot be read is named and skipped."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else sample_clip().parent
    target = Path(sys.argv[2] if len(sys.argv) > 2 else "tracks.csv")
    clips = sorted(path for path in folder.iterdir() if path.suffix.lower() in VIDEOS)
    model = YOLO()
    with target.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for clip in clips:
            try:
                for result in model.track(clip, stream=True):  # ids start from 1 in every clip
                    table.writerows(rows_of(result, clip.name))
            except NumaError as error:
                print(f"{clip.name}: {error.what}", file=sys.stderr)
    print(f"{len(clips)} clip(s), {target}")


if __name__ == "__main__":
    main()
