"""Count who was there, and cut the best picture of each.

python count_and_crop.py [VIDEO] [FOLDER]
"""

import sys
from collections import Counter
from pathlib import Path

import cv2

from numa_deploy import YOLO

SHORTEST = 10  # frames an id must have been seen in to be counted


def main() -> None:
    """Track, keep the best picture of every id, count the ids by class."""
    source = sys.argv[1] if len(sys.argv) > 1 else None  # None: the bundled clip
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "crops")
    folder.mkdir(parents=True, exist_ok=True)
    seen: Counter[int] = Counter()
    best: dict[int, tuple] = {}
    model = YOLO()  # the bundled detector; YOLO("best.onnx") for yours
    for result in model.track(source, stream=True):
        frame = result.frame()
        boxes = result.boxes
        for box, score, label, track in zip(boxes.xyxy, boxes.conf, boxes.cls, boxes.id.tolist(), strict=True):
            name = result.names[int(label)]
            seen[track] += 1
            if score > best.get(track, (0.0,))[0]:
                x1, y1, x2, y2 = (max(0, round(float(side))) for side in box)
                best[track] = float(score), name, frame[y1:y2, x1:x2].copy()
    counts: Counter[str] = Counter()
    for track, (_, name, crop) in sorted(best.items()):
        if seen[track] >= SHORTEST and crop.size:
            counts[name] += 1
            cv2.imwrite(str(folder / f"{track:04d}-{name.replace(' ', '-')}.jpg"), crop)
    print(", ".join(f"{name} {count}" for name, count in counts.most_common()) or "nothing")
    print(f"{sum(counts.values())} pictures in {folder}/")


if __name__ == "__main__":
    main()
