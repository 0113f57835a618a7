"""From the numbers that tracks have at birth to those that users see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from numa_runtime.explain.moment import Rows
from numa_runtime.explain.scene import Scene, Tracks


class ShownIds:
    """Numbers tracks in the order in which they are first shown; those that never are get -1, -2, ...

    Where trackers number at birth (`ids="born"`, classic) every number stays what it is.

    Args:
        at_birth: whether they do.
    """

    def __init__(self, at_birth: bool) -> None:
        self._at_birth = at_birth
        self._shown: dict[int, int] = {}
        self._unseen: dict[int, int] = {}

    def rows(self, rows: Rows) -> Rows:
        """Return rows of the next frame, (n, 8) or (n, 9), with the numbers that users saw in them."""
        if self._at_birth:
            return rows
        numbered = rows.copy()
        for row, born in enumerate(rows[:, -4].astype(np.int64).tolist()):
            numbered[row, -4] = self._shown.setdefault(born, len(self._shown) + 1)
        return numbered

    def scene(self, scene: Scene) -> Scene:
        """Return a scene with the final numbers: to be called when all rows have been."""
        if self._at_birth:
            return scene
        rows = scene.rows.copy()
        rows[:, -4] = self._final(scene.rows[:, -4].astype(np.int64))
        return replace(
            scene,
            before=self._tracks(scene.before),
            after=self._tracks(scene.after),
            ended=self._tracks(scene.ended),
            rows=rows,
        )

    def _tracks(self, tracks: Tracks) -> Tracks:
        return replace(tracks, ids=self._final(tracks.ids))

    def _final(self, born: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.array([self._number(one) for one in born.tolist()], np.int64)

    def _number(self, born: int) -> int:
        shown = self._shown.get(born)
        return self._unseen.setdefault(born, -1 - len(self._unseen)) if shown is None else shown
