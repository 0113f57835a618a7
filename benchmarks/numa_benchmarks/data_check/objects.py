"""How many objects there are, how large they are, and how many of their keypoints are labelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MANY = 10
"""Classes and sizes that are printed; `--json` has all."""


@dataclass(slots=True)
class ObjectFigures:
    """Objects of all pictures of a split.

    Attributes:
        names: of the classes.
        sizes: pictures by (height, width).
        per_picture: pictures by how many objects are in them.
        classes: objects by class.
        heights: of the boxes, pixels.
        keypoints: by keypoint, how often it is labelled.
        posed: objects with keypoints.
    """

    names: tuple[str, ...]
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    per_picture: Counter[int] = field(default_factory=Counter)
    classes: Counter[int] = field(default_factory=Counter)
    heights: list[float] = field(default_factory=list)
    keypoints: Counter[int] = field(default_factory=Counter)
    posed: int = 0

    def add(self, boxes: NDArray[np.float32], classes: NDArray[np.int64], keypoints: NDArray[np.float32]) -> None:
        """Count the objects of a picture: (n, 4), (n,), (n, K, 3)."""
        self.per_picture[len(boxes)] += 1
        self.classes.update(classes.tolist())
        self.heights += (boxes[:, 3] - boxes[:, 1]).tolist()
        seen = keypoints[..., 2] > 0
        self.posed += int(seen.any(axis=1).sum()) if seen.size else 0
        for number in range(keypoints.shape[1]):
            self.keypoints[number] += int(seen[:, number].sum())

    def lines(self) -> list[str]:
        """Return the figures as people read them."""
        sizes = ", ".join(f"{w}x{h}" + (f" ({n:,})" if n > 1 else "") for (h, w), n in self.sizes.most_common(_MANY))
        lines = [f"sizes: {sizes}" + (f" and {len(self.sizes) - _MANY} more" if len(self.sizes) > _MANY else "")]
        if self.per_picture:
            lines.append(
                "objects in a picture: "
                + ", ".join(f"{n} in {c:,}" for n, c in sorted(self.per_picture.items())[:_MANY])
            )
        if self.heights:
            low, middle, high = np.percentile(self.heights, [0, 50, 100])
            lines.append(f"box heights, px: least {low:.0f}  median {middle:.0f}  greatest {high:.0f}")
        if len(self.names) > 1:
            shown = self.classes.most_common(_MANY)
            counts = ", ".join(f"{self.names[number]} {count:,}" for number, count in shown)
            empty = sum(not self.classes[number] for number in range(len(self.names)))
            lines.append(
                f"classes: {counts or 'none'}" + (f"; {empty} of {len(self.names)} without any" if empty else "")
            )
        if self.posed:
            shares = " ".join(f"{self.keypoints[k] / self.posed:.0%}" for k in range(max(self.keypoints) + 1))
            lines.append(f"keypoints labelled, of {self.posed:,} objects: {shares}")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        heights = np.percentile(self.heights, [0, 50, 100]).round(1).tolist() if self.heights else None
        return {
            "sizes": [{"height": h, "width": w, "count": n} for (h, w), n in self.sizes.most_common()],
            "objects": sum(self.classes.values()),
            "objects_per_picture": {str(n): c for n, c in sorted(self.per_picture.items())},
            "classes": {name: self.classes[number] for number, name in enumerate(self.names)},
            "box_heights": heights,
            "keypoint_shares": [self.keypoints[k] / self.posed for k in sorted(self.keypoints)] if self.posed else [],
        }
